"""Another language at once: the window speaks it, and nothing that was typed, chosen or opened is lost."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from shiboken6 import isValid

import texts
from kling_desktop.domain.tasks import Order
from kling_desktop.ui.compare.compare import Comparison
from kling_desktop.ui.compare.compare_stage import Mode
from kling_desktop.ui.rail.rail import ALL_TAKES, TREE
from kling_desktop.ui.seams.seam_stage import Look
from kling_desktop.ui.settings.settings_dialog import SettingsDialog
from tests.harness.words.seen_texts import texts_of
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator

WORDS = "A paper boat crosses the dawn"
_SHARED = re.compile(r"[㐀-鿿]")
_OWN_NAMES = ("English", "简体中文")
"""Each language is called by its own name in every language."""


def _english() -> list[re.Pattern[str]]:
    """The sentences that Chinese has other words for, their braces open; what is mostly braces would fit anything."""
    fixed = [text for text, said in texts.translations("zh_CN").items() if _SHARED.search(said)]
    long = [text for text in fixed if len(re.sub(r"\{[^}]*\}|[^A-Za-z]", "", text)) >= 3]
    return [re.compile(".+?".join(map(re.escape, re.split(r"\{[^}]*\}", text)))) for text in long]


def _foreign(root: QWidget, language: str) -> list[str]:
    seen = [(where, text.replace("&", "")) for where, text in texts_of(root) if text not in _OWN_NAMES]
    if language == "en":
        return [f"{where}: {text}" for where, text in seen if _SHARED.search(text)]
    english = _english()
    lines = ((where, line) for where, text in seen for line in text.split("\n") if line != WORDS)
    return [f"{where}: {line}" for where, line in lines if any(one.fullmatch(line.strip()) for one in english)]


def _dialogs(creator: Creator) -> dict[str, QAction]:
    """Everything in the menus that opens a dialog."""
    named = creator.window.menu_bar.commands
    return {
        name: named[name] for name in ("settings", "connect", "budget", "getting_started", "why_refused", "pick_clip")
    }


async def _says(creator: Creator, language: str) -> None:
    """The window and each of its dialogs say nothing in the other language."""
    window = creator.window
    assert _foreign(window, language) == []
    for name, action in _dialogs(creator).items():
        action.trigger()
        dialog = await creator.sees(lambda: _open_dialog(window), name)
        assert _foreign(dialog, language) == [], name
        dialog.close()
        await creator.sees(lambda: _open_dialog(window) is None, f"{name} to close")


def _open_dialog(window: QWidget) -> QDialog | None:
    return next((one for one in window.findChildren(QDialog) if one.isVisible()), None)


async def test_the_window_speaks_chinese_and_english_again_and_loses_nothing(start: Start) -> None:
    async with start() as creator:
        assert len(_foreign(creator.window, "zh_CN")) > 100, "a window in the wrong language is noticed"
        creator.asks(creator.clip_id("dawn-lake"), WORDS)
        take = await creator.sees_take()
        window, form = creator.window, creator.form
        window.show_rail(TREE)
        form.fields.prompt.show_text("Half a sent")
        form.foot.show_count(3)
        form.fields.negative.show_text("no rain")
        drafted = form.extension()
        await creator.sees(lambda: creator.viewer.duration_seconds > 0, "the take in the viewer")
        creator.viewer.seek(2.0)
        await creator.sees(lambda: abs(creator.viewer.position_seconds - 2.0) < 0.2, "the place")
        for language in ("zh_CN", "en"):
            await creator.speaks(language)
            await creator.sees(lambda: creator.viewer.duration_seconds > 0, "the take again")
            assert creator.window is window
            assert creator.form.extension() == drafted
            assert creator.form.foot.count == 3
            assert window.rail.page == TREE
            chosen = creator.tasks.selected()
            assert chosen is not None
            assert chosen.id == take.id
            await creator.sees(lambda: abs(creator.viewer.position_seconds - 2.0) < 0.2, "the place again")
            await _says(creator, language)
        creator.window.show_rail(ALL_TAKES)
        creator.asks(creator.clip_id("dawn-lake"), "The panels that came work as the first ones did")
        await creator.sees_take()


async def test_the_settings_stay_open_at_their_page(start: Start) -> None:
    async with start() as creator:
        creator.window.menu_bar.settings_asked.emit()
        dialog = await creator.sees(lambda: creator.window.findChild(SettingsDialog), "the settings")
        dialog.turn_to(dialog.takes)
        place = dialog.geometry()
        await creator.speaks("zh_CN")
        dialog = await creator.sees(lambda: creator.window.findChild(SettingsDialog), "the settings again")
        assert dialog.windowTitle() == "设置"
        assert dialog.takes.isVisible()
        assert dialog.geometry() == place
        await creator.speaks("en")


async def test_a_task_goes_on_while_the_language_changes(start: Start) -> None:
    async with start() as creator:
        creator.asks(creator.clip_id("dawn-lake"), WORDS)
        await creator.speaks("zh_CN")
        await creator.sees_take()
        assert creator.window.windowTitle() == "Kling Desktop"
        await creator.speaks("en")


async def _two_takes(creator: Creator) -> None:
    for words in (WORDS, "It sinks"):
        creator.asks(creator.clip_id("dawn-lake"), words)
        await creator.sees(lambda words=words: (task := creator.newest()) and task.extension.prompt == words, words)  # type: ignore[misc]  # a lambda's default
        await creator.sees_take()


async def test_an_open_seam_the_marked_range_and_what_is_filtered_stay(start: Start) -> None:
    async with start() as creator:
        await _two_takes(creator)
        creator.clicks_row(0)
        await creator.sees(lambda: creator.window.seams.seams, "its seam")
        creator.viewer.marks.mark_start(1.0)
        creator.viewer.marks.mark_end(3.0)
        creator.tasks.filter.restore((0, -1, -1, -1, 1))
        wanted = creator.tasks.filter.filter
        creator.window.seams.open(0)
        creator.window.seams.choose_look(Look.PAIR)
        for language in ("zh_CN", "en"):
            await creator.speaks(language)
            await creator.sees(lambda: creator.window.seams.is_open and creator.window.seams.stage.stills, "the seam")
            assert creator.window.seams.stage.look is Look.PAIR
            assert (creator.viewer.marks.start, creator.viewer.marks.end) == (1.0, 3.0)
            assert creator.tasks.filter.kept() == (0, -1, -1, -1, 1)
            assert creator.tasks.model.order is Order.NEWEST
            now = creator.tasks.filter.filter
            assert (now.states, now.stars_from, now.verdicts) == (wanted.states, wanted.stars_from, wanted.verdicts)


async def test_takes_stay_side_by_side(start: Start) -> None:
    async with start() as creator:
        await _two_takes(creator)
        creator.clicks_row(0)
        creator.presses(creator.tasks.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
        creator.presses(creator.tasks.table, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
        comparison = await creator.sees(lambda: creator.window.findChild(Comparison), "the comparison")
        comparison.commands[Mode.WIPE].trigger()
        compared = [task.id for task in comparison.tasks]
        for language in ("zh_CN", "en"):
            await creator.speaks(language)
            comparison = await creator.sees(lambda: _compared(creator), "both films again")
            assert [task.id for task in comparison.tasks] == compared
            assert comparison.stage.mode == Mode.WIPE


def _compared(creator: Creator) -> Comparison | None:
    comparison = creator.window.findChild(Comparison)
    is_there = isinstance(comparison, Comparison) and comparison.isVisible() and all(comparison.panes.shots)
    return comparison if is_there else None


async def test_no_panel_of_a_former_language_stays(start: Start) -> None:
    """What went is gone, and does not wait hidden for the end: six changes leave as many widgets as three."""
    async with start() as creator:
        creator.asks(creator.clip_id("dawn-lake"), WORDS)
        await creator.sees_take()
        counts = []
        for number in range(6):
            await creator.speaks(("zh_CN", "en")[number % 2])
            await creator.sees(lambda: creator.window.isVisible() and creator.viewer.duration_seconds > 0, "the take")
            counts.append(sum(isValid(each) for each in QApplication.allWidgets()))
        assert max(counts[3:]) - counts[2] < 40, counts
