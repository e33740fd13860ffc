"""The film's menu in the menu bar, by keyboard and from the command field: its plan, its name, its branches."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog, QMenu

from kling_desktop.ui.film.cards.hop_editor import HopEditor
from kling_desktop.ui.film.film_view import CardKind
from kling_desktop.ui.rail.rail import TREE
from kling_desktop.ui.search.palette import Palette
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator
from tests.journeys.films.lane import TWO, cards, in_front, made, paste, pick_first_clip

ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


async def _opened(creator: Creator) -> QMenu:
    await in_front(creator)
    creator.presses(creator.window, Qt.Key.Key_I, ALT)
    menu = await creator.sees(QApplication.activePopupWidget, "the menu")
    assert isinstance(menu, QMenu)
    return menu


def _walk_to(menu: QMenu, words: str) -> None:
    """By the arrow, as there is no letter for it."""
    for _ in menu.actions():
        QTest.keyClick(menu, Qt.Key.Key_Down)
        action = menu.activeAction()
        if action is not None and action.text().partition("\t")[0] == words:
            return
    raise AssertionError(f"{words} is not in {[action.text() for action in menu.actions()]}")


async def _chooses(creator: Creator, words: str) -> None:
    menu = await _opened(creator)
    _walk_to(menu, words)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    await creator.sees(lambda: QApplication.activePopupWidget() is None, "the menu to be gone")


async def test_a_plan_is_written_and_run_from_the_menu(start: Start) -> None:
    async with start() as creator:
        await pick_first_clip(creator)
        await _chooses(creator, "Add a hop")
        edit = await creator.sees(lambda: creator.window.film.cards.findChild(HopEditor), "the place to write")
        QTest.keyClicks(edit, "The boat turns")
        QTest.keyClick(edit, Qt.Key.Key_Return)
        following = QApplication.focusWidget()
        assert isinstance(following, HopEditor), "at once: whoever types on types words"
        QTest.keyClicks(following, "Birds cross")
        QTest.keyClick(following, Qt.Key.Key_Return)
        third = QApplication.focusWidget()
        assert isinstance(third, HopEditor)
        QTest.keyClick(third, Qt.Key.Key_Return)
        written = ["The boat turns", "Birds cross"]
        await creator.sees(lambda: [c.words for c in cards(creator, CardKind.PLANNED)] == written, "both, and no third")
        await _chooses(creator, "Run plan")
        await creator.sees(lambda: made(creator)[1:] == written, "the takes", 60)


async def test_hops_are_added_with_the_lane_folded_and_the_libraryin_front(start: Start) -> None:
    async with start() as creator:
        await pick_first_clip(creator)
        creator.window.shell.toggle_film()
        await creator.sees(lambda: not creator.window.film.isVisible(), "the lane to be folded")
        await _chooses(creator, "Add a hop")
        await creator.sees(creator.window.film.isVisible, "the lane")
        await creator.sees(lambda: len(cards(creator, CardKind.PLANNED)) == 1, "the hop")


async def test_the_command_field_knows_the_plan_and_the_film(start: Start) -> None:
    async with start() as creator:
        await pick_first_clip(creator)
        await paste(creator, TWO)
        await in_front(creator)
        creator.presses(creator.window, Qt.Key.Key_K, CTRL)
        palette = await creator.sees(lambda: creator.window.findChild(Palette), "the field")
        await creator.sees(palette.isVisible, "the field to be shown")
        QTest.keyClicks(palette.field, "rename")
        assert "Rename…" in [entry.words for entry in palette.entries()]
        palette.field.clear()
        QTest.keyClicks(palette.field, "paste a list")
        [entry] = [entry for entry in palette.entries() if entry.words == "Paste a list of hops"]
        assert entry.key == "Ctrl+V"
        palette.field.clear()
        QTest.keyClicks(palette.field, "another take")
        assert ("Another take of this hop", "Take › On the stage") in [(e.words, e.beside) for e in palette.entries()]
        palette.field.clear()
        QTest.keyClicks(palette.field, "run plan")
        assert palette.entries()[0].words == "Run plan"
        creator.presses(palette.field, Qt.Key.Key_Return)
        await creator.sees(lambda: len(made(creator)) > 1, "the first take", 60)


async def test_the_film_is_renamed_from_its_menu(start: Start) -> None:
    async with start() as creator:
        menu = await _opened(creator)
        assert [action.text() for action in menu.actions()] == ["No film is open"]
        QTest.keyClick(menu, Qt.Key.Key_Escape)
        QTest.keyClick(creator.window.menu_bar, Qt.Key.Key_Escape)
        await pick_first_clip(creator)
        await _chooses(creator, "Rename…")
        dialog = await creator.sees(lambda: creator.window.findChild(QInputDialog), "the question")
        dialog.setTextValue("Lantern Lake")
        dialog.accept()
        await creator.sees(lambda: "Lantern Lake" in creator.window.bar.film.accessibleName(), "the name")


def _films(creator: Creator) -> list[str]:
    """As the menu of the bar lists them."""
    creator.window.film_menu.aboutToShow.emit()
    return [action.text() for action in creator.window.film_menu.actions() if action.isCheckable()]


async def test_a_branch_of_the_film_becomes_a_film_of_its_own(start: Start) -> None:
    async with start() as creator:
        creator.asks(creator.clip_id("dawn-lake"), "A heron lands")
        await creator.sees_take()
        creator.window.show_rail(TREE)
        tree = creator.window.tree.tree
        await creator.sees(lambda: tree.rows.rowCount() == 2, "the tree")
        row = tree.rows.row(1)
        assert row is not None
        assert row.made_for is None
        tree.choose(row.take_id)
        menu = tree.menu()
        assert menu is not None
        menu.popup(tree.mapToGlobal(tree.rect().center()))
        _walk_to(menu, "Make it a film of its own")
        QTest.keyClick(menu, Qt.Key.Key_Return)
        await creator.sees(lambda: tree.rows.rowCount() == 1, "it to leave the film")
        assert len(_films(creator)) == 2
        await creator.sees(
            lambda: "heron" not in creator.window.seams.take_head.line.words, "what is left on the stage"
        )
        creator.window.menu_bar.commands["undo"].trigger()
        await creator.sees(lambda: tree.rows.rowCount() == 2, "it undone")
        creator.window.menu_bar.commands["redo"].trigger()
        await creator.sees(lambda: tree.rows.rowCount() == 1, "it done again")
