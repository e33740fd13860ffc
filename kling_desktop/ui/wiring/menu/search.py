"""Connects the command field: where its finds come from, and how often each was used."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from shiboken6 import isValid

from kling_desktop.domain.kling_time import KLING_TIME
from kling_desktop.domain.tasks import Filter, Task
from kling_desktop.studio.films.films import Films
from kling_desktop.studio.lister import Lister
from kling_desktop.studio.preferences import Preferences
from kling_desktop.ui import formatting
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.library.film_names import told_apart
from kling_desktop.ui.rail.rail import ALL_TAKES, TREE
from kling_desktop.ui.search.entries import Entry, Kind
from kling_desktop.ui.search.menu_entries import menu_entries
from kling_desktop.ui.settings.settings_names import setting_names
from kling_desktop.ui.window import Window
from kling_desktop.ui.wiring.dialogs.settings import SettingsWiring
from kling_desktop.ui.wiring.films.film import FilmWiring

if TYPE_CHECKING:
    from kling_desktop.ui.search.palette import Palette

_LISTED = 12
"""Takes and films that are looked up for what was typed."""


class SearchWiring(QObject):
    """The field is made when it is first wanted."""

    def __init__(
        self,
        window: Window,
        lister: Lister,
        films: Films,
        film: FilmWiring,
        settings: SettingsWiring,
        preferences: Preferences,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._lister = lister
        self._films = films
        self._film = film
        self._settings = settings
        self._preferences = preferences
        self.palette: Palette | None = None
        self._asked = ""
        """The words for which takes are looked up, until they are listed."""
        self._came: list[Task] | None = None
        """Those takes."""
        window.bar.search_asked.connect(self.open)
        window.menu_bar.search_asked.connect(self.open)
        window.keys.changed.connect(self._show_key)
        self._show_key()

    def open(self) -> None:
        """Show the field, empty."""
        if self.palette is None:
            from kling_desktop.ui.search.palette import Palette  # most starts never show it

            sources = (self._commands, self._found_films, self._takes, self._setting_entries)
            uses, awaits = lambda: dict(self._preferences.now.uses), lambda: bool(self._asked)
            self.palette = Palette(sources, uses, self._window, awaits)
            self.palette.used.connect(self._note)
        self._window.menu_bar.renew()
        self.palette.ask()

    def _show_key(self) -> None:
        """The bar names the key that opens the field, and the list the one to its filter, whichever they are now."""
        self._window.bar.search.show_key(self._window.keys.shown("search"))
        self._window.tasks.filter.show_key(self._window.keys.shown("filter"))

    def _note(self, entry_id: str) -> None:
        uses = dict(self._preferences.now.uses)
        uses[entry_id] = uses.get(entry_id, 0) + 1
        self._preferences.change(uses=tuple(uses.items()))

    def _commands(self, _: str) -> list[Entry]:
        return menu_entries(self._window.menu_bar)

    def _takes(self, typed: str) -> list[Entry]:
        return [
            Entry(
                Kind.TAKE,
                task.id,
                task.extension.prompt or tr("Without words"),
                partial(self._show_take, task.id),
                beside=formatting.status_words(task.status),
                icon="play",
                is_found=True,
            )
            for task in self._looked_up(typed.strip())
        ]

    def _looked_up(self, words: str) -> list[Task]:
        """The takes with these words. From a long list they come later: then the field lists everything anew."""
        if words != self._asked:
            self._asked, self._came = words, None
            if words:
                self._lister.ask_first(Filter(words), _LISTED, partial(self._take_in, words))
        came, self._asked = self._came, (words if self._came is None else "")
        self._came = None
        return came or []

    def _take_in(self, words: str, tasks: list[Task]) -> None:
        if words == self._asked:
            self._came = tasks
            if self.palette is not None and isValid(self.palette):
                self.palette.list_anew()

    def _found_films(self, typed: str) -> list[Entry]:
        films = self._films.page(0, _LISTED, typed.strip())
        return [
            Entry(Kind.FILM, film.id, words, partial(self._open_film, film.id), icon="film", is_found=True)
            for film, words in zip(films, told_apart(films, KLING_TIME.now()), strict=True)
        ]

    def _setting_entries(self, _: str) -> list[Entry]:
        return [
            Entry(Kind.SETTING, name, words, partial(self._settings.find, words), icon="settings")
            for name, words in setting_names().items()
        ]

    def _show_take(self, task_id: str) -> None:
        self._window.show_rail(ALL_TAKES)
        self._window.tasks.select(task_id)

    def _open_film(self, film_id: str) -> None:
        self._film.open(film_id)
        self._window.show_rail(TREE)
