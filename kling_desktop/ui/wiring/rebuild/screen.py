"""The panels and all that connects them: made at the start, and anew for another language or text size."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

from PySide6.QtWidgets import QApplication

from kling_desktop.studio.feed import Feed, Listener
from kling_desktop.ui import i18n, theme
from kling_desktop.ui.carried import carried_from, carry_to
from kling_desktop.ui.navigator import Navigator
from kling_desktop.ui.takes.rows.task_rows import TaskRows
from kling_desktop.ui.window import Window
from kling_desktop.ui.wiring.compare import CompareWiring
from kling_desktop.ui.wiring.dialogs.export import ExportWiring
from kling_desktop.ui.wiring.dialogs.settings import SettingsWiring
from kling_desktop.ui.wiring.films.film import FilmWiring
from kling_desktop.ui.wiring.library.page import LibraryWiring
from kling_desktop.ui.wiring.rebuild.standing import Standing


@dataclass(frozen=True, slots=True)
class Wired:
    """The wirings whose state is carried over by themselves."""

    navigator: Navigator
    film: FilmWiring
    library: LibraryWiring
    exports: ExportWiring
    settings: SettingsWiring
    compare: CompareWiring


class Screen:
    """Texts are made once, with the widget that shows them, and measured then. So another language or text size needs
    other widgets: the window stays, the studio works on, and what was typed, chosen and opened is carried over.
    """

    def __init__(self, window: Window, rows: TaskRows, feed: Feed, wire: Callable[[Screen], Wired]) -> None:
        self._window = window
        self._rows = rows
        self._feed = feed
        self._wire = wire
        self._standing = Standing()
        self._end_standing = feed.subscribe(self._standing.hear)
        self._ends = ExitStack()
        self._listeners: list[Listener] = []

    def furnish(self) -> None:
        """Make the panels and connect them."""
        self._window.furnish(self._rows)
        self.wired = self._wire(self)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.wear_sheet(app)

    def listen(self, *listeners: Listener) -> None:
        """Tell these what happens, as long as these panels stand."""
        for listener in listeners:
            self._listeners.append(listener)
            self._ends.callback(self._feed.subscribe(listener))

    def at_end(self, act: Callable[[], object]) -> None:
        """Have this done before the panels go."""
        self._ends.callback(act)

    def speak(self, language: str) -> None:
        """Speak a language from the next turn of the loop on: what asks for it stands in a panel that will go."""
        asyncio.get_running_loop().call_soon(self._speak, language)

    def refit(self) -> None:
        """Make the panels for the text size chosen, from the next turn of the loop on: much of them is measured once,
        when they are made.
        """
        asyncio.get_running_loop().call_soon(self._rebuild)

    def close(self) -> None:
        """Tell nobody any more."""
        self._is_closed = True
        self._end_panels()
        self._end_standing()

    _is_closed = False

    def _speak(self, language: str) -> None:
        before = i18n.spoken()
        if not self._is_over() and i18n.use(language) != before:
            self._rebuild()

    def _is_over(self) -> bool:
        return self._is_closed or self._window.closed.is_set()

    def _rebuild(self) -> None:
        if self._is_over():
            return
        window, former = self._window, self.wired
        kept, film, library = carried_from(window), former.film.kept(), former.library.is_open
        page, compared = former.settings.place(), former.compare.kept()
        self._end_panels()
        window.clear()
        self.furnish()
        self.wired.exports.go_on_with(former.exports)
        self.wired.film.restore(film)
        for listener in self._listeners:
            self._standing.tell(listener)
        window.reveal()
        if library:
            self.wired.library.open()
        else:
            self.wired.library.leave()
        carry_to(window, kept)
        if compared is not None:
            self.wired.compare.restore(compared)
        if page is not None:
            self.wired.settings.return_to(page)

    def _end_panels(self) -> None:
        self._ends.close()
        self._listeners.clear()
