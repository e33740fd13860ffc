"""Connects the Edit menu to what can be taken back, and says what was."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from kling_desktop.studio.films.undo import Change, Undo
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.menu.undo_words import change_words
from kling_desktop.ui.window import Window


class UndoWiring(QObject):
    """One line of changes for the whole program."""

    def __init__(self, window: Window, undo: Undo) -> None:
        super().__init__(window)
        self._window = window
        self._undo = undo
        bar = window.menu_bar
        bar.undo_asked.connect(self._take_back)
        bar.redo_asked.connect(self._make_again)
        undo.tell(self._show)
        self._show()

    def _show(self) -> None:
        self._window.menu_bar.show_undo(change_words(self._undo.undo_label), change_words(self._undo.redo_label))

    def _take_back(self) -> None:
        if done := self._undo.undo():
            self._say(tr("Taken back: {change}.", change=change_words(done)), tr("Redo"), self._undo.redo)

    def _make_again(self) -> None:
        if done := self._undo.redo():
            self._say(tr("Made again: {change}.", change=change_words(done)), tr("Undo"), self._undo.undo)

    def _say(self, words: str, label: str, act: Callable[[], Change | None]) -> None:
        self._window.notices.toast(words, label, act)
