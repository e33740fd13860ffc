"""The pages of help can be read, and name the licences of all that is shipped."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from kling_desktop.ui.help.help_dialog import HelpDialog
from kling_desktop.ui.help.help_pages import Page, about, getting_started, why_refused

ABOUT = partial(about, Path("libraries of Qt"), Path("texts"), (("libx264", "", "GPL-2.0-or-later"),))


@pytest.mark.parametrize("page", [ABOUT, getting_started, why_refused])
def test_a_page_says_all_its_paragraphs(qtbot: QtBot, page: Callable[[], Page]) -> None:
    dialog = HelpDialog(page())
    with qtbot.waitExposed(dialog):
        dialog.open()
    shown = dialog.text.toPlainText()
    assert all(heading in shown and words in shown for heading, words in page().paragraphs)
    assert all(cell in shown for row in page().rows for cell in row)
    dialog.close()


def test_about_names_every_licence() -> None:
    said = " ".join(f"{heading} {words}" for heading, words in ABOUT().paragraphs)
    for name in ("MIT", "Qt", "LGPL", "x264", "x265", "GPL", "Inter", "Open Font License", "libraries of Qt", "texts"):
        assert name in said
