"""Ctrl+K finds takes, films, commands and settings, and goes there."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from kling_desktop.ui.library.library_page import LibraryPage
from kling_desktop.ui.rail.rail import TREE
from kling_desktop.ui.search.entries import Kind
from kling_desktop.ui.search.palette import Palette
from kling_desktop.ui.settings.settings_dialog import SettingsDialog
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator

CTRL = Qt.KeyboardModifier.ControlModifier


async def _opened(creator: Creator) -> Palette:
    creator.presses(creator.window, Qt.Key.Key_K, CTRL)
    palette = await creator.sees(lambda: creator.window.findChild(Palette), "the field")
    await creator.sees(palette.isVisible, "the field to be shown")
    return palette


async def test_everything_is_found_by_its_name(start: Start) -> None:
    async with start() as creator:
        creator.asks(creator.clip_id("dawn-lake"), "A heron lands")
        await creator.sees_take()
        creator.window.show_rail(0)
        palette = await _opened(creator)
        QTest.keyClicks(palette.field, "heron")
        assert "A heron lands" in [entry.words for entry in palette.entries()]
        palette.list.setCurrentRow([entry.kind for entry in palette.entries()].index(Kind.TAKE))
        creator.presses(palette.field, Qt.Key.Key_Return)
        await creator.sees(creator.tasks.isVisible, "the list of takes")
        selected = creator.tasks.selected()
        assert selected is not None
        assert selected.extension.prompt == "A heron lands"

        creator.window.activateWindow()
        palette = await _opened(creator)
        QTest.keyClicks(palette.field, "text size")
        creator.presses(palette.field, Qt.Key.Key_Return)
        dialog = await creator.sees(lambda: creator.window.findChild(SettingsDialog), "the settings")
        assert dialog.search.text() == "Text size"
        await creator.sees(dialog.general.text_size.hasFocus, "the keyboard where it is changed")
        dialog.close()
    assert dict(creator.program.preferences.now.uses)["setting:text_size"] == 1


async def test_the_library_is_found_and_has_a_key(start: Start) -> None:
    async with start() as creator:
        palette = await _opened(creator)
        QTest.keyClicks(palette.field, "library")
        await creator.sees(lambda: "Library" in [entry.words for entry in palette.entries()], "the library")
        palette.list.setCurrentRow([entry.words for entry in palette.entries()].index("Library"))
        creator.presses(palette.field, Qt.Key.Key_Return)
        page = await creator.sees(lambda: creator.window.findChild(LibraryPage), "the library")
        await creator.sees(page.isVisible, "its page")
        creator.presses(page.film_view, Qt.Key.Key_Escape)
        await creator.sees(lambda: not page.isVisible(), "the film again")
        creator.window.activateWindow()
        creator.presses(creator.window.viewer, Qt.Key.Key_L, CTRL, Qt.KeyboardModifier.ShiftModifier)
        await creator.sees(page.isVisible, "the page by its key")


async def test_the_bar_names_the_key_that_opens_it(start: Start) -> None:
    async with start() as creator:
        assert "(Ctrl+K)" in creator.window.bar.search.toolTip()
        creator.window.keys.assign("search", ("Ctrl+Space",))
        assert "(Ctrl+Space)" in creator.window.bar.search.toolTip()
        creator.presses(creator.window, Qt.Key.Key_Space, CTRL)
        await creator.sees(lambda: creator.window.findChild(Palette), "the field")


async def test_ctrl_f_leads_to_the_filter_of_what_is_in_sight(start: Start) -> None:
    async with start() as creator:
        window, box = creator.window, creator.tasks.filter.box
        window.show_rail(TREE)
        creator.presses(window.viewer, Qt.Key.Key_F, CTRL)
        await creator.sees(box.hasFocus, "the cursor in the filter of all takes")
        assert "Ctrl+F" in box.placeholderText()

        window.resize(900, 600)
        await creator.sees(lambda: window.shell.arrangement.rail_strip, "the rail as a strip")
        window.viewer.setFocus()
        creator.presses(window.viewer, Qt.Key.Key_F, CTRL)
        await creator.sees(lambda: box.hasFocus() and box.isVisible(), "the list over the stage")

        window.film_menu.aboutToShow.emit()
        next(action for action in window.film_menu.actions() if action.text() == "Library").trigger()
        page = await creator.sees(lambda: window.findChild(LibraryPage), "the library")
        creator.presses(page.film_view, Qt.Key.Key_F, CTRL)
        await creator.sees(page.search.hasFocus, "the cursor in the filter of clips")

        window.keys.assign("filter", ("Ctrl+Shift+F",))
        assert "Ctrl+Shift+F" in box.placeholderText()
