"""Stills reach the disk whole, and never over another file."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kling_desktop.ui.viewer.snapshot import Snapshots, picture_name


@pytest.fixture
def image() -> QImage:
    made = QImage(64, 36, QImage.Format.Format_RGB32)
    made.fill(QColor("#c03020"))
    return made


def test_it_is_named_after_film_and_frame() -> None:
    assert picture_name("boat_h02", 7) == "boat_h02_f00007"


def test_two_of_one_name_both_stay(image: QImage, tmp_path: Path, qtbot: QtBot) -> None:
    snapshots, folder = Snapshots(), tmp_path / "new" / "stills"
    for name in ("boat_f00007.png", "boat_f00007 -1.png"):
        with qtbot.waitSignal(snapshots.saved) as caught:
            snapshots.save(image, folder, "boat_f00007")
        assert caught.args == [folder / name]
    again = QImage(str(folder / "boat_f00007 -1.png"))
    assert again.size() == image.size()
    assert again.pixelColor(5, 5) == QColor("#c03020")


def test_a_folder_that_cannot_be_is_told(image: QImage, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "stills").write_text("a file")
    snapshots = Snapshots()
    with qtbot.waitSignal(snapshots.failed) as caught:
        snapshots.save(image, tmp_path / "stills", "boat")
    assert caught.args == [tmp_path / "stills" / "boat.png"]


def test_a_picture_that_is_none_leaves_nothing_behind(tmp_path: Path, qtbot: QtBot) -> None:
    snapshots = Snapshots()
    with qtbot.waitSignal(snapshots.failed):
        snapshots.save(QImage(), tmp_path, "boat")
    assert list(tmp_path.iterdir()) == []


def test_a_window_that_closes_meanwhile_loses_no_picture(image: QImage, tmp_path: Path, qtbot: QtBot) -> None:
    for number in range(20):
        snapshots = Snapshots()
        snapshots.save(image, tmp_path, f"boat_{number}")
        snapshots.deleteLater()
        QApplication.sendPostedEvents(snapshots, QEvent.Type.DeferredDelete)
    qtbot.waitUntil(lambda: len(list(tmp_path.glob("*.png"))) == 20)
    qtbot.waitUntil(lambda: all(file.stat().st_size for file in tmp_path.glob("*.png")))
