"""The pages of help can be read, and name the licences of all that is shipped."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from kling_desktop.ui.help.help_dialog import HelpDialog
from kling_desktop.ui.help.help_pages import Page, about, getting_started, why_refused
from kling_desktop.ui.key_map import KeyMap
from kling_desktop.ui.menu.menu_keys import menu_commands
from kling_desktop.ui.takes import culling

ABOUT = partial(about, Path("libraries of Qt"), Path("texts"), (("libx264", "", "GPL-2.0-or-later"),))


START = partial(getting_started, KeyMap(()))


@pytest.mark.parametrize("page", [ABOUT, START, why_refused])
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


def test_getting_started_names_the_keys_that_are_set_now(qapp: object) -> None:
    keys = KeyMap((*menu_commands(), *culling.commands()))
    assert "P picks, X rejects, 1 to 5 give stars. Ctrl+Z takes it back." in str(getting_started(keys))
    keys.assign("pick", ("Y",))
    assert "Y picks, X rejects" in str(getting_started(keys))
    keys.assign("reject", ())
    assert "in the menu Take" in str(getting_started(keys))
