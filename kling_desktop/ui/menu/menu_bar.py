"""The menu bar: everything the program can do, by its name and its key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from kling_desktop.ui.i18n import LANGUAGES, tr
from kling_desktop.ui.key_map import KeyMap
from kling_desktop.ui.viewer.key_gate import KeyGate
from kling_desktop.ui.viewer.viewer_keys import actions


class MenuBar(QMenuBar):
    """Lists the panels' own actions beside those of the program as a whole."""

    theme_chosen = Signal(str)
    """"system", "light" or "dark"."""
    language_chosen = Signal(str)
    """A code of `i18n.LANGUAGES`, or empty for the system's."""
    keys_asked = Signal()
    open_asked = Signal()
    """A video of this computer is to be brought in."""
    picker_asked = Signal()
    library_asked = Signal()
    """All films, and the clips of the account, are to be shown."""
    history_asked = Signal()
    film_asked = Signal()
    """A film is to be begun, from words or from a picture."""
    film_menu_shown = Signal(QMenu)
    """The film's menu, emptied, is to be filled with what can be done with the film that is open."""
    film_menu_used = Signal()
    """Something in it was chosen."""
    prompt_asked = Signal()
    folder_asked = Signal()
    export_asked = Signal()
    archive_asked = Signal()
    """The film that is open is to be archived."""
    archive_open_asked = Signal()
    budget_asked = Signal()
    settings_asked = Signal()
    close_asked = Signal()
    undo_asked = Signal()
    redo_asked = Signal()
    filter_asked = Signal()
    """The field is wanted that filters what is in sight."""
    search_asked = Signal()
    pause_asked = Signal(bool)
    """Whether the queue is to be held."""
    clear_asked = Signal()
    retry_all_asked = Signal()
    start_asked = Signal()
    """Getting started is to be shown."""
    refusal_asked = Signal()
    """Why takes are refused is to be shown."""
    report_asked = Signal()
    updates_asked = Signal()
    about_asked = Signal()

    def __init__(self, keys: KeyMap, parent: QWidget) -> None:
        super().__init__(parent)
        self._file = self.addMenu(tr("&File"))
        self._edit = self.addMenu(tr("&Edit"))
        self._film = self.addMenu(tr("F&ilm"))
        self._take = self.addMenu(tr("&Take"))
        self._playback = self.addMenu(tr("&Playback"))
        self._view = self.addMenu(tr("&View"))
        self._help = self.addMenu(tr("&Help"))
        self._choices: list[QActionGroup] = []
        self.commands = actions(parent, KeyGate(self), self._acts(), keys)
        """The menu bar's own actions by the names of their commands."""
        self.pause = self.commands["pause_queue"]
        """Of the active account; checked while its queue is held."""
        self.show_undo("", "")
        self._film.aboutToShow.connect(self._fill_film)
        self._film.triggered.connect(self.film_menu_used)

    def fill(
        self,
        takes: Iterable[QAction],
        playback: Iterable[QAction],
        panels: Iterable[QAction],
        help_actions: Iterable[QAction],
        chosen_theme: str,
        chosen_language: str,
    ) -> None:
        """Take in the panels' actions; once, when they exist."""
        own = self.commands
        self._list(self._file, "new_film", "new_extension", "open_video", "pick_clip")
        self._file.addSeparator()
        self._list(self._file, "library", "find_takes", "takes_folder")
        self._file.addSeparator()
        self._list(self._file, "export", "archive_film", "open_archive")
        self._file.addSeparator()
        self._list(self._file, "connect", "budget", "settings")
        self._file.addSeparator()
        self._list(self._file, "quit")
        own["settings"].setMenuRole(QAction.MenuRole.PreferencesRole)
        own["quit"].setMenuRole(QAction.MenuRole.QuitRole)
        own["about"].setMenuRole(QAction.MenuRole.AboutRole)
        self._list(self._edit, "undo", "redo")
        self._edit.addSeparator()
        self._list(self._edit, "filter", "search")
        self._take.addActions(list(takes))
        self._take.addSeparator()
        self._list(self._take, "pause_queue", "clear_queue", "retry_all")
        self._playback.addActions(list(playback))
        self._view.addActions(list(panels))
        self._view.addSeparator()
        themes = {"system": tr("As the system"), "light": tr("Light"), "dark": tr("Dark")}
        self._choice(tr("Appearance"), themes, chosen_theme, self.theme_chosen.emit)
        languages = {"": tr("As the system"), **LANGUAGES}
        self._choice(tr("Language"), languages, chosen_language, self.language_chosen.emit)
        self._help.addActions(list(help_actions))
        self._list(self._help, "getting_started", "why_refused")
        self._help.addSeparator()
        self._list(self._help, "report", "updates", "about")

    def renew(self) -> None:
        """Have the menus say what can be done now, for whoever reads them without opening one."""
        for menu in _menus(self):
            menu.aboutToShow.emit()

    def _fill_film(self) -> None:
        empty(self._film)
        self.film_menu_shown.emit(self._film)

    def show_chosen(self, theme: str, language: str) -> None:
        """Check what was chosen elsewhere."""
        for group, chosen in zip(self._choices, (theme, language), strict=True):
            for action in group.actions():
                action.setChecked(action.data() == chosen)

    def show_undo(self, undo: str, redo: str) -> None:
        """Name what would be taken back and made again; empty where there is nothing."""
        for name, words, bare in (("undo", undo, tr("Undo")), ("redo", redo, tr("Redo"))):
            self.commands[name].setText(f"{bare}: {words}" if words else bare)
            self.commands[name].setEnabled(bool(words))

    def _acts(self) -> dict[str, Callable[[], None]]:
        return {
            "new_film": self.film_asked.emit,
            "new_extension": self.prompt_asked.emit,
            "open_video": self.open_asked.emit,
            "pick_clip": self.picker_asked.emit,
            "library": self.library_asked.emit,
            "find_takes": self.history_asked.emit,
            "takes_folder": self.folder_asked.emit,
            "export": self.export_asked.emit,
            "archive_film": self.archive_asked.emit,
            "open_archive": self.archive_open_asked.emit,
            "connect": self.keys_asked.emit,
            "budget": self.budget_asked.emit,
            "settings": self.settings_asked.emit,
            "quit": self.close_asked.emit,
            "undo": self.undo_asked.emit,
            "redo": self.redo_asked.emit,
            "filter": self.filter_asked.emit,
            "search": self.search_asked.emit,
            "pause_queue": lambda: self.pause_asked.emit(self.pause.isChecked()),
            "clear_queue": self.clear_asked.emit,
            "retry_all": self.retry_all_asked.emit,
            "getting_started": self.start_asked.emit,
            "why_refused": self.refusal_asked.emit,
            "report": self.report_asked.emit,
            "updates": self.updates_asked.emit,
            "about": self.about_asked.emit,
        }

    def _list(self, menu: QMenu, *names: str) -> None:
        menu.addActions([self.commands[name] for name in names])

    def _choice(self, title: str, words: dict[str, str], chosen: str, choose: Callable[[str], object]) -> None:
        menu = self._view.addMenu(title)
        group = QActionGroup(menu)
        self._choices.append(group)
        for value, shown in words.items():
            action = menu.addAction(shown)
            action.setCheckable(True)
            action.setData(value)
            action.setChecked(value == chosen)
            action.setActionGroup(group)
            action.triggered.connect(lambda _=False, value=value: choose(value))


def _menus(owner: QMenuBar | QMenu) -> Iterator[QMenu]:
    """Those of an owner, and below each what it holds once that is asked for."""
    for action in owner.actions():
        menu = action.menu()
        if isinstance(menu, QMenu):
            yield menu
            yield from _menus(menu)


def empty(menu: QMenu) -> None:
    """Take everything out of a menu. Qt's `clear` leaves the menus below it behind for good."""
    below = [inner for action in menu.actions() if isinstance(inner := action.menu(), QMenu)]
    menu.clear()
    for inner in below:
        inner.deleteLater()
