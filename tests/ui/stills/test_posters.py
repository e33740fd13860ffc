"""Stills come from disk beside the GUI thread, the newest wish first."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from kling_desktop.ui.stills.posters import KEPT, WANTED, Posters

SIZE = QSize(100, 56)


def still(path: Path, width: int = 480, height: int = 270) -> Path:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("#336699"))
    assert image.save(str(path))
    return path


@pytest.fixture
def posters(qtbot: QtBot) -> Posters:
    return Posters()


def load(posters: Posters, qtbot: QtBot, file: Path, size: QSize = SIZE) -> None:
    with qtbot.waitSignal(posters.loaded):
        assert posters.pixmap(file, size) is None


def test_a_still_comes_later_and_stays(posters: Posters, qtbot: QtBot, tmp_path: Path) -> None:
    file = still(tmp_path / "a.jpg")
    load(posters, qtbot, file)
    file.unlink()
    pixmap = posters.pixmap(file, SIZE)
    assert pixmap
    assert pixmap.height() == 56
    assert pixmap.width() in (99, 100)
    assert pixmap.toImage().pixelColor(50, 28).blue() > 140


def test_an_upright_still_keeps_its_shape(posters: Posters, qtbot: QtBot, tmp_path: Path) -> None:
    file = still(tmp_path / "a.jpg", 270, 480)
    load(posters, qtbot, file)
    pixmap = posters.pixmap(file, SIZE)
    assert pixmap
    assert pixmap.height() == 56
    assert pixmap.width() in (31, 32)


def test_every_size_is_read_by_itself(posters: Posters, qtbot: QtBot, tmp_path: Path) -> None:
    file = still(tmp_path / "a.jpg")
    load(posters, qtbot, file)
    load(posters, qtbot, file, QSize(50, 28))
    small = posters.pixmap(file, QSize(50, 28))
    assert small
    assert small.width() in (49, 50)


@pytest.mark.parametrize("content", [None, b"", b"<html>not a picture</html>"])
def test_what_is_no_picture_is_asked_for_once(
    posters: Posters, qtbot: QtBot, tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "broken.jpg"
    if content is not None:
        file.write_bytes(content)
    load(posters, qtbot, file)
    assert posters.pixmap(file, SIZE) is None
    assert posters._busy is None


def test_wishes_of_a_list_that_flew_by_are_dropped_and_the_newest_come(
    posters: Posters, qtbot: QtBot, tmp_path: Path
) -> None:
    files = [still(tmp_path / f"{n}.jpg", 48, 27) for n in range(3 * WANTED)]
    for file in files:
        posters.pixmap(file, SIZE)
    assert len(posters._wanted) == WANTED
    loaded: list[Path] = []
    posters.loaded.connect(loaded.append)
    qtbot.waitUntil(lambda: len(loaded) == WANTED + 1)
    assert loaded == [files[0], *reversed(files[-WANTED:])]  # the first was in the making already


def test_memory_is_bounded(posters: Posters, qtbot: QtBot, tmp_path: Path) -> None:
    file = still(tmp_path / "a.jpg", 48, 27)
    for width in range(10, 20):
        load(posters, qtbot, file, QSize(width, 10))
    assert len(posters._kept) == 10
    for width in range(KEPT):
        wish = next(iter(posters._kept)).__class__(file, width, 1)
        posters._take_in((wish, QImage(1, 1, QImage.Format.Format_RGB32)))
    assert len(posters._kept) == KEPT


def test_a_few_large_ones_take_no_more_than_was_allowed(qtbot: QtBot, tmp_path: Path) -> None:
    """Each last frame of HD is 3.7 MB, and 400 of them were kept."""
    posters, file = Posters(kept_mb=1.0), still(tmp_path / "a.png", 1280, 720)
    sizes = [QSize(width, 300) for width in range(360, 370)]
    for size in sizes:
        load(posters, qtbot, file, size)
    kept = [size for size in sizes if posters.pixmap(file, size) is not None]
    assert kept == sizes[-len(kept) :], "the last ones"
    assert len(kept) == 4, "a quarter of a MB each"


def test_what_is_in_sight_stays_however_large_it_is(qtbot: QtBot, tmp_path: Path) -> None:
    posters, file = Posters(kept_mb=0.001), still(tmp_path / "a.png")
    sizes = [QSize(width, width) for width in (200, 210, 220, 230)]
    for size in sizes:
        load(posters, qtbot, file, size)
    assert all(posters.pixmap(file, size) for size in sizes)
