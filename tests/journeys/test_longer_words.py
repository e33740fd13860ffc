"""In a language that is 40 % longer no text of the window is cut or left in English, small or large, on any page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from kling_desktop.ui import i18n
from kling_desktop.ui.rail.rail import ALL_TAKES, QUEUE, TREE
from tests.harness.longer_words import Longer, is_cut, is_english, is_inner, is_of_qt, text_of
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
    return cut | english


def _is_left(widget: QWidget) -> bool:
    """A word of letters that is no token of a clip, key or unit."""
    text = text_of(widget)
    return is_english(text) and any(len(word) > 3 and word.isalpha() and word.islower() for word in text.split())


async def _fits(creator: Creator) -> None:
    """Once the layouts have settled."""
    try:
        await creator.sees(lambda: not _wrong(creator.window), "every word to fit", 8)
    except AssertionError:
        assert _wrong(creator.window) == set()


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
