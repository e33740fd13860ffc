"""The window is painted before the program is loaded, and its panels then stand where they were announced."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLockFile
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from kling_desktop.running.first_paint import look_file, painted
from kling_desktop.store.library import Library
from kling_desktop.ui import theme
from kling_desktop.ui.shell.first_look import GROUND, FirstLook, from_text
from kling_desktop.ui.theme.tokens import DARK
from kling_desktop.ui.window import Window
from tests.harness.tasks import LibraryRows

PATIENT_MS = 30_000


@pytest.fixture
def rows(tmp_path: Path) -> Iterator[LibraryRows]:
    library = Library.open(tmp_path / "library.sqlite3")
    yield LibraryRows(library)
    library.close()


@pytest.fixture
def left(qtbot: QtBot, rows: LibraryRows, tmp_path: Path) -> Iterator[Window]:
    """A window that was closed, its look kept."""
    window = Window(rows)
    window.resize(1000, 700)
    with qtbot.waitExposed(window):
        window.show()
    window.leave()
    look_file(tmp_path).write_text(window.look_text(), encoding="utf-8")
    yield window
    window.put_away()


def test_it_loads_nothing_of_ours_but_the_window(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from kling_desktop.running.first_paint import painted; "
        "assert painted(Path(sys.argv[1]), 30_000).centralWidget().was_painted; "
        "print(*sorted(name for name in sys.modules if name.startswith('kling_desktop.')))"
    )
    child = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    assert child.stdout.split() == [
        "kling_desktop.running",
        "kling_desktop.running.first_paint",
        "kling_desktop.running.places",
        "kling_desktop.running.windows_shell",
        "kling_desktop.ui",
        "kling_desktop.ui.shell",
        "kling_desktop.ui.shell.first_look",
        "kling_desktop.ui.window",
    ], child.stderr


def test_the_panels_come_where_their_grounds_were(
    qtbot: QtBot, left: Window, rows: LibraryRows, tmp_path: Path
) -> None:
    window = painted(tmp_path, PATIENT_MS)
    assert window is not None
    look = window.centralWidget()
    assert isinstance(look, FirstLook)
    assert look.was_painted
    announced = window.grab().toImage()
    assert window.size() == left.size()
    window.furnish(rows)
    window.restore_layout(left.layout_text())
    assert window.centralWidget() is look, "not before everything is wired"
    window.reveal()
    qtbot.waitUntil(window.viewer.isVisible)
    kept = from_text(look_file(tmp_path).read_text(encoding="utf-8"))[1]
    assert from_text(window.look_text())[1] == kept
    stage = next(place for place, colour in kept if colour == theme.tokens().stage)
    assert announced.pixelColor(stage.center()) == QColor(theme.tokens().stage)
    window.leave()
    window.put_away()


def test_the_panels_of_a_painted_window_are_written_in_the_letters_chosen(tmp_path: Path) -> None:
    """A whole start, in the order of the program: the window is there before its letters are chosen."""
    script = """
import sys
from pathlib import Path
from kling_desktop.running.first_paint import application, painted
window = painted(Path(sys.argv[1]), 30_000)
from kling_desktop.store.library import Library
from kling_desktop.ui import theme
from tests.harness.tasks import LibraryRows
from PySide6.QtWidgets import QLabel
app = application()
theme.hold_sheet(app)
theme.apply(app, "dark")
theme.apply_text_size(app, 120)
library = Library.open(Path(sys.argv[1]) / "library.sqlite3")
window.furnish(LibraryRows(library))
theme.wear_sheet(app)
window.reveal()
app.processEvents()
letters = [one.fontInfo() for one in window.findChildren(QLabel)]
print({one.family() for one in letters}, min(one.pixelSize() for one in letters))
library.close()
window.put_away()
"""
    child = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    assert child.stdout == f"{ {'Inter'} } {round(1.2 * theme.fonts.ROW)}\n", child.stderr


def test_a_folder_that_another_program_has_gets_no_second_window(qtbot: QtBot, tmp_path: Path) -> None:
    held = QLockFile(str(tmp_path / "running.lock"))
    assert held.tryLock(0)
    assert painted(tmp_path, PATIENT_MS) is None
    held.unlock()


def test_a_window_that_is_closed_before_its_panels_are_there_stays_closed(
    qtbot: QtBot, rows: LibraryRows, tmp_path: Path
) -> None:
    window = painted(tmp_path, PATIENT_MS)
    assert window is not None
    window.close()
    window.furnish(rows)
    window.reveal()
    assert not window.isVisible()
    assert window.closed.is_set()
    window.put_away()


def test_the_ground_of_a_first_start_is_that_of_the_dark_room() -> None:
    assert DARK.window == GROUND


def test_what_is_imported_after_qt_is_not_read_as_text() -> None:
    """A module is imported in a process of its own, with every reading of sources overheard."""
    script = """
import inspect
read = []
inspect.getsource = lambda module: read.append(module.__name__) or ""
from kling_desktop.running import first_paint
read.clear()
import kling_desktop.ui.theme
assert not read, read
"""
    subprocess.run([sys.executable, "-c", script], check=True)
