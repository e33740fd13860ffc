"""A program that cannot start says so in one sentence, offers a way out, and ends with 1, whatever the disk does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from kling_desktop.errors import AlreadyRunning, DataFolderUnusable, KlingDesktopError, StoreForeign, StoreNewer
from kling_desktop.ui.startup_error import startup_box

_START = """
import sys
{limit}
from kling_desktop.__main__ import main
sys.exit(main(["--sandbox", "--data-dir", sys.argv[1]]))
"""
_FULL = """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, ({bytes}, {bytes}))
"""


def start(place: str, limit: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _START.format(limit=limit), place],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONDONTWRITEBYTECODE": "1"},
    )


def assert_said(told: subprocess.CompletedProcess[str], sentence: str) -> None:
    assert told.returncode == 1, told.stderr
    assert "Traceback" not in told.stderr
    assert sentence in told.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="a limit on file sizes stands for the full disk; /proc is Linux's")
def test_a_folder_that_cannot_be_made_is_one_sentence() -> None:
    assert_said(start("/proc/x"), "cannot start in its data folder")


def test_a_file_in_the_folders_place_is_one_sentence(tmp_path: Path) -> None:
    place = tmp_path / "data"
    place.write_text("no folder")
    assert_said(start(str(place)), "cannot start in its data folder")


@pytest.mark.skipif(sys.platform != "linux", reason="a limit on file sizes stands for the full disk")
@pytest.mark.parametrize("room", [0, 30_000], ids=["no room at all", "no room for the library"])
def test_a_full_disk_at_the_start_ends_with_one_sentence(tmp_path: Path, room: int) -> None:
    assert_said(start(str(tmp_path), _FULL.format(bytes=room)), "Kling Desktop: ")


@pytest.mark.parametrize("kind", [DataFolderUnusable, StoreForeign])
def test_an_unusable_folder_offers_another_one(qtbot: QtBot, kind: type[KlingDesktopError]) -> None:
    box = startup_box(kind("/media/x: No space left on device"))
    qtbot.addWidget(box)
    assert [button.text() for button in box.buttons() if box.buttonRole(button) is QMessageBox.ButtonRole.AcceptRole]
    assert box.detailedText() == "/media/x: No space left on device"
    assert box.escapeButton() is not None


@pytest.mark.parametrize("error", [AlreadyRunning("x"), StoreNewer("9")])
def test_what_another_folder_does_not_mend_offers_only_to_quit(qtbot: QtBot, error: StoreNewer) -> None:
    box = startup_box(error)
    qtbot.addWidget(box)
    assert not [b for b in box.buttons() if box.buttonRole(b) is QMessageBox.ButtonRole.AcceptRole]
