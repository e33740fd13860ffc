"""The pages of help can be read, and name the licences of all that is shipped."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from kling_desktop.ui.help.help_dialog import HelpDialog
from kling_desktop.ui.help.help_pages import Page, about, getting_started, why_refused


@pytest.mark.parametrize("page", [about, getting_started, why_refused])
def test_a_page_says_all_its_paragraphs(qtbot: QtBot, page: Callable[[], Page]) -> None:
    dialog = HelpDialog(page())
    with qtbot.waitExposed(dialog):
        dialog.open()
    shown = dialog.text.toPlainText()
    assert all(heading in shown and words in shown for heading, words in page().paragraphs)
    dialog.close()


def test_about_names_every_licence() -> None:
    said = " ".join(f"{heading} {words}" for heading, words in about().paragraphs)
    for name in ("MIT", "Qt", "LGPL", "x264", "x265", "GPL", "Inter", "Open Font License"):
        assert name in said
