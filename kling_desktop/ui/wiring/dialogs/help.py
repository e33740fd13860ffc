"""Connects the pages of the Help menu."""

from __future__ import annotations

import asyncio
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import PySide6
from PySide6.QtCore import QObject

from kling_desktop.studio.studio import Studio
from kling_desktop.ui.theme.resources import resource
from kling_desktop.ui.window import Window

if TYPE_CHECKING:
    from kling_desktop.ui.help import help_pages
    from kling_desktop.ui.help.help_dialog import HelpDialog


class HelpWiring(QObject):
    """Each page is made when it is wanted."""

    def __init__(self, window: Window, studio: Studio) -> None:
        super().__init__(window)
        self._window = window
        self._studio = studio
        self._about: HelpDialog | None = None
        bar = window.menu_bar
        bar.start_asked.connect(self._open_start)
        bar.refusal_asked.connect(self._open_refusal)
        bar.about_asked.connect(self._open_about)

    def _open_start(self) -> None:
        from kling_desktop.ui.help import help_pages

        self._open(help_pages.getting_started(self._window.keys))

    def _open_refusal(self) -> None:
        from kling_desktop.ui.help import help_pages

        self._open(help_pages.why_refused())

    def _open(self, page: help_pages.Page) -> HelpDialog:
        from kling_desktop.ui.help.help_dialog import HelpDialog  # most starts never show it

        dialog = HelpDialog(page, self._window)
        dialog.open()
        return dialog

    def _open_about(self) -> None:
        from kling_desktop.ui.help import help_pages

        page = partial(help_pages.about, Path(PySide6.__file__).parent, _licence_texts())
        self._about = self._open(page())
        self._about.destroyed.connect(self._lose)
        self._studio.background.run(self._tell_ingredients(page))

    def _lose(self) -> None:
        self._about = None

    async def _tell_ingredients(self, page: partial[help_pages.Page]) -> None:
        from kling_desktop.studio.program.made_of import read_ingredients  # brings the whole of email with it

        made_of = await asyncio.to_thread(read_ingredients, resource("licences.json"))
        if self._about is not None:
            self._about.fill(page(tuple((one.name, one.version, one.licence) for one in made_of)))


def _licence_texts() -> Path | None:
    """The folder beside a frozen program, or in the bundle of macOS; a program that pip has installed has none."""
    beside = Path(sys.executable).parent
    folders = (beside / "licences", beside.parent / "Resources" / "licences")
    return next((folder for folder in folders if folder.is_dir()), None)
