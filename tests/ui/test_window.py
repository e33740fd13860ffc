"""The window keeps its proportions, and its title says what is under way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from kling_desktop.store.library import Library
from kling_desktop.ui.rail.rail import QUEUE, TREE
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


def _areas(window: Window) -> tuple[int, int, int, int]:
    """Pixels of viewer, form, rail and film."""
    parts = (window.viewer, window.form, window.rail, window.film)
    viewer, form, rail, film = (part.width() * part.height() * part.isVisible() for part in parts)
    return viewer, form, rail, film


@pytest.mark.parametrize("size", [(900, 600), (1024, 700), (1360, 860)])
def test_the_viewer_stays_the_largest_thing_when_the_window_gets_small(
    window: Window, qtbot: QtBot, size: tuple[int, int]
) -> None:
    window.resize(1500, 900)
    qtbot.waitUntil(lambda: window.viewer.width() > 800)
    window.resize(*size)
    qtbot.waitUntil(lambda: window.size().toTuple() == size)
    qtbot.waitUntil(lambda: max(_areas(window)) == _areas(window)[0])


def test_the_title_counts_what_runs_and_what_waits(window: Window) -> None:
    window.show_work(2, 0)
    assert window.windowTitle() == "2 rendering — Kling Desktop"
    window.show_work(3, 10)
    assert window.windowTitle() == "3 rendering · 10 waiting — Kling Desktop"
    window.show_work(0, 0)
    assert window.windowTitle() == "Kling Desktop"


def test_the_folds_are_as_they_were_left(window: Window, qtbot: QtBot) -> None:
    window.resize(1440, 900)
    window.shell.toggle_panel()
    text = window.layout_text()
    window.shell.reset_layout()
    assert window.form.isVisible()
    window.restore_layout(text)
    qtbot.waitUntil(lambda: not window.form.isVisible())
    window.show_form()
    assert window.form.isVisible()


@pytest.mark.parametrize("text", ["", "nonsense", "AAAA BBBB"])
def test_a_layout_that_is_not_understood_changes_nothing(window: Window, text: str) -> None:
    size, before = window.size(), window.shell.state_text()
    window.restore_layout(text)
    assert (window.size(), window.shell.state_text()) == (size, before)


def test_it_can_be_as_small_as_the_design_says_and_no_smaller(window: Window) -> None:
    window.show()
    window.resize(300, 200)
    assert window.size().toTuple() == (900, 600)


@pytest.mark.parametrize("width", [900, 1440])
def test_the_chip_of_the_queue_opens_its_page_whether_the_rail_is_a_strip_or_not(window: Window, width: int) -> None:
    window.resize(width, 700)
    window.show_rail(TREE)
    window.bar.queue_asked.emit()
    assert window.queue_list.isVisible()
    assert window.rail.page == QUEUE
