"""In a language that is 40 % longer no text of the window is cut or left in English, small or large, on any page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QWidget

from kling_desktop.ui import i18n
from kling_desktop.ui.rail.rail import ALL_TAKES, QUEUE, TREE
from kling_desktop.ui.settings.settings_dialog import SettingsDialog
from tests.harness.words.longer_words import Longer, is_cut, is_english, is_inner, is_of_qt, text_of
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator

WORDS = "[A paper boat crosses the dawn]"
"""As if the creator wrote in that language too."""


def _wrong(window: QWidget) -> set[str]:
    said = [*window.findChildren(QLabel), *window.findChildren(QPushButton)]
    seen = [
        one
        for one in said
        if not one.visibleRegion().isEmpty() and text_of(one) and not is_inner(one) and not is_of_qt(one)
    ]
    cut = {f"cut: {type(one.parentWidget()).__name__}: {text_of(one)}" for one in seen if is_cut(one)}
    english = {f"english: {type(one.parentWidget()).__name__}: {text_of(one)}" for one in seen if _is_left(one)}
    hanging = {f"hangs out: {type(one.parentWidget()).__name__}: {text_of(one)}" for one in seen if _hangs_out(one)}
    return cut | english | hanging


def _hangs_out(widget: QWidget) -> bool:
    """Whether a part of it, to the side, is outside of the panel that holds it."""
    return widget.visibleRegion().boundingRect().width() < widget.width()


def _is_left(widget: QWidget) -> bool:
    """A word of letters that is no token of a clip, key or unit."""
    text = text_of(widget)
    return is_english(text) and any(len(word) > 3 and word.isalpha() and word.islower() for word in text.split())


async def _fits(creator: Creator) -> None:
    await _all_fits(creator, creator.window)


async def _all_fits(creator: Creator, root: QWidget) -> None:
    """Once the layouts have settled."""
    try:
        await creator.sees(lambda: not _wrong(root), "every word to fit", 8)
    except AssertionError:
        assert _wrong(root) == set()


async def _stands_at(creator: Creator, size: QSize) -> None:
    creator.window.resize(size)
    await creator.sees(lambda: creator.window.size() == size, "the size")


@pytest.fixture
def longer() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(i18n, "_read", lambda language: Longer())
        yield
    i18n.use("en")


@pytest.mark.usefixtures("longer")
@pytest.mark.parametrize("size", [QSize(900, 600), QSize(1440, 900)], ids=["small", "large"])
async def test_no_text_of_the_window_is_cut_or_left(start: Start, size: QSize) -> None:
    async with start() as creator:
        window = creator.window
        await _stands_at(creator, size)
        await _fits(creator)
        creator.asks(creator.clip_id("dawn-lake"), WORDS)
        await creator.sees_take()
        for page in (TREE, ALL_TAKES, QUEUE):
            window.show_rail(page)
            await _fits(creator)
        creator.form.fields.prompt.show_text(WORDS)
        creator.form.foot.show_count(3)
        await _fits(creator)


_DIALOGS = (
    "settings_asked",
    "keys_asked",
    "picker_asked",
    "budget_asked",
    "start_asked",
    "search_asked",
    "history_asked",
)


def _opened(window: QWidget) -> QDialog | None:
    """Of this window alone: a test before may have left another's open."""
    return next((each for each in window.findChildren(QDialog) if each.isVisible()), None)


@pytest.mark.usefixtures("longer")
@pytest.mark.parametrize("asked", _DIALOGS)
async def test_no_text_of_a_dialog_is_cut_or_left(start: Start, asked: str) -> None:
    async with start() as creator:
        getattr(creator.window.menu_bar, asked).emit()
        dialog = await creator.sees(lambda: _opened(creator.window), asked)
        topics = dialog.topics if isinstance(dialog, SettingsDialog) else None
        for page in range(topics.count() if topics else 1):
            if topics is not None:
                topics.setCurrentRow(page)
            await _all_fits(creator, dialog)
        dialog.close()
