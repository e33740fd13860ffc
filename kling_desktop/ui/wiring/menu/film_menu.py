"""Connects the film's menu in the menu bar: what can be done with the film that is open, its plan first."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu

from kling_desktop.ui.i18n import tr
from kling_desktop.ui.navigator import Navigator
from kling_desktop.ui.window import Window
from kling_desktop.ui.wiring.films.film import FilmWiring
from kling_desktop.ui.wiring.films.plan import PlanWiring


class FilmMenuWiring(QObject):
    """The menu is filled each time it is looked at, so that it offers what can be done then."""

    def __init__(self, window: Window, film: FilmWiring, plan: PlanWiring, navigator: Navigator) -> None:
        super().__init__(window)
        self._film = film
        self._plan = plan
        self._navigator = navigator
        window.menu_bar.film_menu_shown.connect(self._fill)
        # Also from the library: what is done to the film is to be seen.
        window.menu_bar.film_menu_used.connect(navigator.show_stage)

    def _fill(self, menu: QMenu) -> None:
        if not self._film.film_id:
            menu.addAction(tr("No film is open")).setEnabled(False)
            return
        self._plan.fill_menu(menu)
        menu.addSeparator()
        self._navigator.fill_film_menu(menu, self._film.film_id)
