"""The settings: every choice is at work at once, and comes back at the next start."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QFileDialog, QWidget

from kling_desktop.domain.units import CapScope
from kling_desktop.export.presets import Preset
from kling_desktop.studio.films.handing_over.own_presets import OwnPresets
from kling_desktop.ui.settings.settings_dialog import SettingsDialog
from kling_desktop.ui.shell.system_calm import SystemCalm
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator

CTRL = Qt.KeyboardModifier.ControlModifier


async def _opened(creator: Creator, at: QWidget | None = None) -> SettingsDialog:
    creator.presses(at or creator.tasks.table, Qt.Key.Key_Comma, CTRL)
    dialog = await creator.sees(lambda: creator.window.findChild(SettingsDialog), "the settings")
    await creator.sees(dialog.isActiveWindow, "the settings to be shown")
    return dialog


def _turn_to(dialog: SettingsDialog, page: QWidget) -> None:
    """Click the topics one after the other until the page is there."""
    for number in range(dialog.topics.count()):
        place = dialog.topics.visualItemRect(dialog.topics.item(number)).center()
        QTest.mouseClick(dialog.topics.viewport(), Qt.MouseButton.LeftButton, pos=place)
        if page.isVisible():
            return
    raise AssertionError(page)


async def test_appearance_and_language_are_at_work_at_once_and_at_the_next_start(start: Start) -> None:
    async with start() as creator:
        dialog = await _opened(creator)
        dark = QApplication.palette().base().color().lightness()
        dialog.general.theme.setFocus()
        creator.presses(dialog.general.theme, Qt.Key.Key_End)
        creator.presses(dialog.general.theme, Qt.Key.Key_Up)
        await creator.sees(lambda: QApplication.palette().base().color().lightness() > dark, "the window to be light")
        creator.presses(dialog.general.language, Qt.Key.Key_End)
        dialog = await creator.sees(lambda: _settings_in(creator, "设置"), "the settings in Chinese")
        creator.presses(dialog, Qt.Key.Key_Escape)
        await creator.sees(lambda: not dialog.isVisible(), "the settings to close")
    async with start() as creator:
        dialog = await _opened(creator)
        assert dialog.windowTitle() == "设置"
        assert (dialog.general.theme.currentData(), dialog.general.language.currentData()) == ("light", "zh_CN")
        creator.presses(dialog.general.theme, Qt.Key.Key_Home)
        creator.presses(dialog.general.language, Qt.Key.Key_Home)
        await creator.sees(lambda: _settings_in(creator, "Settings"), "the settings in the system's language")


def _settings_in(creator: Creator, title: str) -> SettingsDialog | None:
    dialog = creator.window.findChild(SettingsDialog)
    return dialog if dialog is not None and dialog.windowTitle() == title else None


async def test_takes_go_to_the_chosen_folder(start: Start, tmp_path: Path) -> None:
    films = tmp_path / "films"
    films.mkdir()
    async with start() as creator:
        dialog = await _opened(creator)
        _turn_to(dialog, dialog.takes)
        await creator.sees(lambda: "free on this disk" in dialog.takes.room.text(), "the free space")
        creator.clicks(dialog.takes.choose)
        chooser = await creator.sees(lambda: dialog.findChild(QFileDialog), "the folder chooser")
        chooser.setDirectory(str(films.parent))
        chooser.selectFile(str(films))
        buttons = chooser.findChild(QDialogButtonBox)
        assert isinstance(buttons, QDialogButtonBox)
        creator.clicks(buttons.buttons()[0])
        await creator.sees(lambda: dialog.takes.folder.text() == str(films), "the folder in its place")
        creator.presses(dialog, Qt.Key.Key_Escape)
        creator.window.activateWindow()
        await creator.sees(creator.window.isActiveWindow, "the window again")
        creator.asks(creator.clip_id("dawn-lake"), "A paper boat")
        take = await creator.sees_take()
        assert take.clip is not None
        assert take.clip.file is not None
        assert take.clip.file.parent == films


async def test_downloads_heed_speed_and_number(start: Start) -> None:
    async with start() as creator:
        dialog = await _opened(creator)
        _turn_to(dialog, dialog.takes)
        creator.presses(dialog.takes.limit, Qt.Key.Key_Up)
        creator.presses(dialog.takes.parallel, Qt.Key.Key_Up)
        now = creator.program.preferences.now
        assert (now.speed_limit_kb, now.parallel_downloads) == (100, 3)
        creator.presses(dialog.takes.limit, Qt.Key.Key_Down)
        assert dialog.takes.limit.text() == "no limit"


async def test_the_text_size_is_at_work_at_once_and_at_the_next_start(start: Start) -> None:
    async with start() as creator:
        dialog = await _opened(creator)
        before = QApplication.font().pixelSize()
        creator.presses(dialog.general.text_size, Qt.Key.Key_Up)
        assert QApplication.font().pixelSize() == round(before * 1.1)
    async with start() as creator:
        assert QApplication.font().pixelSize() == round(before * 1.1)
        dialog = await _opened(creator)
        assert dialog.general.text_size.value() == 110
        creator.presses(dialog.general.text_size, Qt.Key.Key_Down)
        assert QApplication.font().pixelSize() == before


async def test_with_letters_twice_as_large_the_words_are_in_sight_and_nothing_typed_is_lost(start: Start) -> None:
    async with start() as creator:
        window = creator.window
        window.resize(1440, 900)
        window.form.fields.prompt.show_text("A kite climbs over the lake")
        dialog = await _opened(creator)
        dialog.general.text_size.setValue(200)
        before = window.shell
        dialog.close()
        await creator.sees(lambda: window.shell is not before, "panels measured for these letters")
        edit = window.form.fields.prompt.edit
        assert window.form.fields.prompt.text() == "A kite climbs over the lake"
        await creator.sees(lambda: edit.visibleRegion().boundingRect().size() == edit.size(), "all of the prompt")
        assert window.form.foot.button.isVisible()
        window.activateWindow()  # a bare virtual screen has no window manager to do it
        await creator.sees(window.isActiveWindow, "the window to be active")
        dialog = await _opened(creator, edit)
        dialog.general.text_size.setValue(100)
        before = window.shell
        dialog.close()
        await creator.sees(lambda: window.shell is not before, "panels as they were")
        await creator.sees(lambda: window.form.fields.clip_row.isVisible(), "the form as it was")


async def test_less_movement_is_at_work_at_once_in_another_language_and_at_the_next_start(start: Start) -> None:
    async with start() as creator:
        window = creator.window
        assert window.tree.tree.turning.moves
        dialog = await _opened(creator)
        creator.presses(dialog.general.calm, Qt.Key.Key_Space)
        assert not window.tree.tree.turning.moves
        before = window.shell
        window.menu_bar.language_chosen.emit("zh_CN")
        await creator.sees(lambda: window.shell is not before, "panels in the other language")
        assert not window.tree.tree.turning.moves
        window.menu_bar.language_chosen.emit("en")
    async with start() as creator:
        assert not creator.window.film.cards.turning.moves
        dialog = await _opened(creator)
        assert dialog.labels()["calm"].is_changed
        creator.clicks(dialog.labels()["calm"].dot)
        await creator.sees(lambda: creator.window.film.cards.turning.moves, "it to turn again")


async def test_nothing_turns_while_the_system_asks_for_calm(start: Start) -> None:
    async with start() as creator:
        calm = creator.window.findChild(SystemCalm)
        assert isinstance(calm, SystemCalm)
        for wanted in (True, False):
            calm.wanted = wanted
            calm.changed.emit(wanted)
            assert creator.window.tree.tree.turning.moves is not wanted
            assert creator.window.film.cards.turning.moves is not wanted


async def test_what_differs_has_a_dot_that_takes_it_back(start: Start) -> None:
    async with start() as creator:
        dialog = await _opened(creator)
        _turn_to(dialog, dialog.takes)
        label = dialog.labels()["parallel_downloads"]
        assert not label.is_changed
        dialog.takes.parallel.setValue(5)
        await creator.sees(lambda: label.is_changed, "the dot")
        creator.presses(label.dot, Qt.Key.Key_Space)
        await creator.sees(lambda: not label.is_changed, "the dot to go")
        assert (dialog.takes.parallel.value(), creator.program.preferences.now.parallel_downloads) == (2, 2)


async def test_a_page_goes_back_to_the_usual_and_no_other_does(start: Start) -> None:
    async with start() as creator:
        dialog = await _opened(creator)
        dialog.playback.volume.setValue(70)
        _turn_to(dialog, dialog.takes)
        assert not dialog.reset_page.isVisible()
        dialog.takes.parallel.setValue(5)
        dialog.takes.limit.setValue(300)
        await creator.sees(dialog.reset_page.isVisible, "the way back")
        creator.presses(dialog.reset_page, Qt.Key.Key_Space)
        await creator.sees(lambda: not dialog.reset_page.isVisible(), "nothing to differ")
        now, usual = creator.program.preferences.now, creator.program.preferences.usual
        assert (now.parallel_downloads, now.speed_limit_kb) == (usual.parallel_downloads, usual.speed_limit_kb)
        assert (now.volume, dialog.topics.hasFocus()) == (0.7, True)
        _turn_to(dialog, dialog.general)
        dialog.general.text_size.setValue(110)
        creator.presses(dialog.general.language, Qt.Key.Key_End)
        dialog = await creator.sees(lambda: _settings_in(creator, "设置"), "the settings in Chinese")
        creator.clicks(dialog.reset_page)
        dialog = await creator.sees(lambda: _settings_in(creator, "Settings"), "the settings in the system's language")
        assert dialog.general.text_size.value() == usual.text_size


async def test_the_budget_is_set_among_the_settings(start: Start) -> None:
    async with start() as creator:
        dialog = await _opened(creator)
        _turn_to(dialog, dialog.budget)
        creator.clicks(dialog.budget.caps.switches[CapScope.DAY])
        dialog.budget.caps.fields[CapScope.DAY].setValue(12)
        await creator.sees(lambda: "of 12" in creator.window.bar.budget.said(), "the cap in the bar")


async def test_every_setting_has_its_usual_value_a_click_away(start: Start) -> None:
    """Changed by hand, each has a dot; pressed, it is as at a first start, and so is the program."""
    async with start() as creator:
        dialog = await _opened(creator)
        dialog.playback.volume.setValue(70)
        dialog.playback.loop.click()
        dialog.playback.advances.click()
        dialog.notices.boxes["sound"].click()
        dialog.export.names.edit.setText("{title}_{counter}{ext}")
        dialog.callbacks.port.setValue(9000)
        dialog.takes.imports.setCurrentIndex(1)
        dialog.takes.imports.activated.emit(1)
        now, usual = creator.program.preferences.now, creator.program.preferences.usual
        changed = ("volume", "loop", "advances", "quiet:sound", "export_names", "callback_port", "links_imports")
        assert {name for name, label in dialog.labels().items() if label.is_changed} >= set(changed)
        assert (creator.viewer.volume, creator.viewer.looping, now.links_imports) == (0.7, True, True)
        for name in changed:
            dialog.labels()[name].dot.click()
            assert not dialog.labels()[name].is_changed, name
        now = creator.program.preferences.now
        assert (now.volume, now.loop, now.advances, now.quiet, now.export_names) == (
            usual.volume, usual.loop, usual.advances, usual.quiet, usual.export_names
        )  # fmt: skip
        assert (now.callback_port, now.links_imports) == (usual.callback_port, usual.links_imports)
        assert creator.viewer.volume == usual.volume


async def test_own_presets_are_renamed_and_deleted(start: Start) -> None:
    async with start() as creator:
        presets = OwnPresets(creator.program.preferences)
        presets.keep(Preset("For mother", "gif"))
        dialog = await _opened(creator)
        dialog.export.presets.item(0).setText("For father")
        assert [preset.title for preset in presets.kept()] == ["For father"]
        dialog.export.presets.setCurrentRow(0)
        dialog.export.delete.click()
        assert not presets.kept()
