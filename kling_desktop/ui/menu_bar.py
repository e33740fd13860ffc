"""The menu bar: everything the program can do, by its name and its key."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QMessageBox, QWidget

from kling_desktop import __version__
from kling_desktop.ui.i18n import LANGUAGES, tr


class MenuBar(QMenuBar):
    """Lists the panels' own actions beside those of the program as a whole."""

    theme_chosen = Signal(str)
    """"system", "light" or "dark"."""
    language_chosen = Signal(str)
    """A code of `words.LANGUAGES`, or empty for the system's."""
    keys_asked = Signal()
    open_asked = Signal()
    """A video of this computer is to be brought in."""
    picker_asked = Signal()
    history_asked = Signal()
    prompt_asked = Signal()
    folder_asked = Signal()
    report_asked = Signal()
    settings_asked = Signal()
    pause_asked = Signal(bool)
    """Whether the queue is to be held."""
    clear_asked = Signal()
    retry_all_asked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._file = self.addMenu(tr("&File"))
        self._take = self.addMenu(tr("&Take"))
        self._playback = self.addMenu(tr("&Playback"))
        self._view = self.addMenu(tr("&View"))
        self._help = self.addMenu(tr("&Help"))
        self._choices: list[QActionGroup] = []
        self.pause = QAction(tr("Pause the queue"), self)
        """Of the active account; checked while its queue is held."""

    def fill(
        self,
        takes: Iterable[QAction],
        playback: Iterable[QAction],
        panels: Iterable[QAction],
        close: Callable[[], object],
        chosen_theme: str,
        chosen_language: str,
    ) -> None:
        """Take in the panels' actions; once, when they exist."""
        _add(self._file, tr("New extension"), self.prompt_asked.emit, QKeySequence.StandardKey.New)
        _add(self._file, tr("Open a video…"), self.open_asked.emit, QKeySequence.StandardKey.Open)
        _add(self._file, tr("Pick a clip…"), self.picker_asked.emit, QKeySequence("Ctrl+Shift+O"))
        _add(self._file, tr("Find my takes…"), self.history_asked.emit)
        _add(self._file, tr("Open the folder of takes"), self.folder_asked.emit)
        self._file.addSeparator()
        _add(self._file, tr("Connect Kling…"), self.keys_asked.emit)
        settings = _add(self._file, tr("Settings…"), self.settings_asked.emit, QKeySequence("Ctrl+,"))
        settings.setMenuRole(QAction.MenuRole.PreferencesRole)
        self._file.addSeparator()
        leave = _add(self._file, tr("Quit"), close, QKeySequence("Ctrl+Q"))
        leave.setMenuRole(QAction.MenuRole.QuitRole)
        self._take.addActions(list(takes))
        self._add_queue()
        self._playback.addActions(list(playback))
        self._view.addActions(list(panels))
        self._view.addSeparator()
        themes = {"system": tr("As the system"), "light": tr("Light"), "dark": tr("Dark")}
        self._choice(tr("Appearance"), themes, chosen_theme, self.theme_chosen.emit)
        languages = {"": tr("As the system"), **LANGUAGES}
        self._choice(tr("Language"), languages, chosen_language, self.language_chosen.emit)
        _add(self._help, tr("Save report…"), self.report_asked.emit)
        about = _add(self._help, tr("About Kling Desktop"), self._tell_about)
        about.setMenuRole(QAction.MenuRole.AboutRole)

    def show_chosen(self, theme: str, language: str) -> None:
        """Check what was chosen elsewhere."""
        for group, chosen in zip(self._choices, (theme, language), strict=True):
            for action in group.actions():
                action.setChecked(action.data() == chosen)

    def _add_queue(self) -> None:
        self._take.addSeparator()
        self.pause.setCheckable(True)
        self.pause.setShortcut(QKeySequence("Ctrl+Shift+P"))
        self.pause.triggered.connect(self.pause_asked)
        self._take.addAction(self.pause)
        _add(self._take, tr("Clear the queue"), self.clear_asked.emit, QKeySequence("Ctrl+Shift+X"))
        _add(self._take, tr("Retry all failed…"), self.retry_all_asked.emit, QKeySequence("Ctrl+Shift+R"))

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

    def _tell_about(self) -> None:
        box = QMessageBox(self.window())
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle(tr("About Kling Desktop"))
        box.setText(f"<b>Kling Desktop {__version__}</b>")
        box.setInformativeText(
            tr("Extends AI videos with Kling. Not made by, or affiliated with, Kling or Kuaishou.")
            + "\n\n"
            + tr("The source is under the MIT licence. A bundle with the media library (x264, x265) is under the GPL.")
        )
        box.open()


def _add(
    menu: QMenu, words: str, do: Callable[[], object], key: QKeySequence.StandardKey | QKeySequence | None = None
) -> QAction:
    action = menu.addAction(words)
    action.triggered.connect(lambda: do())
    if key is not None:
        action.setShortcuts(key) if isinstance(key, QKeySequence.StandardKey) else action.setShortcut(key)
    return action
