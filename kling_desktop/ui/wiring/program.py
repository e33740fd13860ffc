"""Connects the menu bar to what concerns the program as a whole: appearance, language, folders, leaving."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication

from kling_desktop.errors import FileTrouble
from kling_desktop.studio.files.folder import ensure_folder
from kling_desktop.studio.preferences import Preferences
from kling_desktop.ui import theme
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.navigator import Navigator
from kling_desktop.ui.window import Window
from kling_desktop.ui.wiring.clips import ClipWiring
from kling_desktop.ui.wiring.dialogs.accounts import AccountWiring


class ProgramWiring(QObject):
    """Everything that is about no take, clip or account."""

    def __init__(
        self,
        window: Window,
        preferences: Preferences,
        navigator: Navigator,
        accounts: AccountWiring,
        clips: ClipWiring,
        speak: Callable[[str], None],
    ) -> None:
        """`speak` has the whole window in another language."""
        super().__init__(window)
        self._window = window
        self._preferences = preferences
        bar = window.menu_bar
        bar.theme_chosen.connect(self._wear)
        bar.language_chosen.connect(lambda code: preferences.change(language=code))
        bar.language_chosen.connect(speak)
        bar.keys_asked.connect(lambda: accounts.open_keys(None))
        bar.picker_asked.connect(clips.open_picker)
        bar.library_asked.connect(lambda: navigator.show_library())
        bar.film_asked.connect(lambda: navigator.new_film())
        bar.prompt_asked.connect(navigator.write)
        bar.folder_asked.connect(self._open_takes)
        bar.close_asked.connect(window.close)
        on_stage = window.seams.take_head.menu
        on_stage.setTitle(tr("On the stage"))
        bar.fill(
            takes=(*window.tasks.actions_by_name.values(), window.cull.menu(window), on_stage.menuAction()),
            playback=(*window.viewer.menu(), *window.seams.menu()),
            panels=window.shell_keys.menu(),
            help_actions=(window.viewer.commands["cheat_sheet"],),
            chosen_theme=preferences.now.theme,
            chosen_language=preferences.now.language,
        )

    def _wear(self, chosen: str) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.apply(app, chosen)
        self._preferences.change(theme=chosen)

    def _open_takes(self) -> None:
        folder = self._preferences.takes_folder
        try:
            ensure_folder(folder)
        except (OSError, FileTrouble) as error:
            kind = type(error) if isinstance(error, FileTrouble) else FileTrouble
            self._window.notices.toast(tr(kind.title))
            return
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
