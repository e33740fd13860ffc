"""The cutting room keeps its proportions, and its title says what is under way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from kling_desktop.store.library import Library
from kling_desktop.ui.window import Window
from tests.harness.tasks import LibraryRows


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[Window]:
    library = Library.open(tmp_path / "library.sqlite3")
    made = Window(LibraryRows(library))
    with qtbot.waitExposed(made):
        made.show()
    yield made
    made.hide()
    made.put_away()
    library.close()


def _areas(window: Window) -> tuple[int, int, int]:
    """Pixels of viewer, form and takes."""
    sizes = [part.size() for part in (window.viewer, window.form_dock, window.takes_dock)]
    viewer, form, takes = (size.width() * size.height() for size in sizes)
    return viewer, form, takes


@pytest.mark.parametrize("size", [(900, 600), (1024, 700), (1360, 860)])
def test_the_viewer_stays_the_largest_thing_when_the_window_gets_small(
    window: Window, qtbot: QtBot, size: tuple[int, int]
) -> None:
    window.resize(1500, 900)
    qtbot.waitUntil(lambda: window.viewer.width() > 1000)
    window.resize(*size)
    qtbot.waitUntil(lambda: window.size().toTuple() == size)
    qtbot.waitUntil(lambda: max(_areas(window)) == _areas(window)[0])


def test_what_the_creator_made_small_stays_small(window: Window, qtbot: QtBot) -> None:
    window.resizeDocks([window.takes_dock], [180], Qt.Orientation.Vertical)
    qtbot.waitUntil(lambda: window.takes_dock.height() <= 200)
    height = window.takes_dock.height()
    window.resize(window.width(), window.height() - 40)
    qtbot.waitUntil(lambda: window.takes_dock.height() == height)


def test_the_title_counts_what_runs_and_what_waits(window: Window) -> None:
    window.show_work(2, 0)
    assert window.windowTitle() == "2 running — Kling Desktop"
    window.show_work(3, 10)
    assert window.windowTitle() == "3 running, 10 waiting — Kling Desktop"
    window.show_work(0, 0)
    assert window.windowTitle() == "Kling Desktop"


def test_docks_are_as_they_were_left(window: Window, qtbot: QtBot) -> None:
    left = window.takes_dock.height()
    text = window.layout_text()
    window.resizeDocks([window.takes_dock], [left + 60], Qt.Orientation.Vertical)
    window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, window.form_dock)
    qtbot.waitUntil(lambda: window.takes_dock.height() != left)
    window.restore_layout(text)
    assert window.dockWidgetArea(window.form_dock) == Qt.DockWidgetArea.RightDockWidgetArea
    qtbot.waitUntil(lambda: window.takes_dock.height() == left)


@pytest.mark.parametrize("text", ["", "nonsense", "AAAA BBBB"])
def test_a_layout_that_is_not_understood_changes_nothing(window: Window, text: str) -> None:
    size, area = window.size(), window.dockWidgetArea(window.form_dock)
    window.restore_layout(text)
    assert (window.size(), window.dockWidgetArea(window.form_dock)) == (size, area)
