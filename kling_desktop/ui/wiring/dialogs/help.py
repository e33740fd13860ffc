"""Connects the pages of the Help menu."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from kling_desktop.ui.help import help_pages
from kling_desktop.ui.window import Window


class HelpWiring(QObject):
    """Each page is made when it is wanted."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        bar = window.menu_bar
        bar.start_asked.connect(lambda: self._open(help_pages.getting_started))
        bar.refusal_asked.connect(lambda: self._open(help_pages.why_refused))
        bar.about_asked.connect(lambda: self._open(help_pages.about))

    def _open(self, page: Callable[[], help_pages.Page]) -> None:
        from kling_desktop.ui.help.help_dialog import HelpDialog  # most starts never show it

        HelpDialog(page(), self._window).open()
