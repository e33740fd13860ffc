"""Connects the dialog about newer versions to who asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from kling_desktop.errors import UpdateUnknown
from kling_desktop.studio.program.updates import Updates
from kling_desktop.studio.studio import Studio
from kling_desktop.ui.i18n import spoken, tr
from kling_desktop.ui.window import Window

if TYPE_CHECKING:
    from kling_desktop.ui.help.updates_dialog import UpdatesDialog


class UpdatesWiring(QObject):
    """Help > Check for updates…"""

    def __init__(self, window: Window, studio: Studio, updates: Updates) -> None:
        super().__init__(window)
        self._window = window
        self._studio = studio
        self._updates = updates
        self.dialog: UpdatesDialog | None = None
        window.menu_bar.updates_asked.connect(self.open)

    def open(self) -> None:
        """Show the dialog; nobody is asked yet."""
        if self.dialog is None:
            from kling_desktop.ui.help.updates_dialog import UpdatesDialog  # rarely wanted

            self.dialog = UpdatesDialog(self._updates.address if self._updates.can_ask else "", self._window)
            self.dialog.asked.connect(lambda: self._studio.background.run(self._ask()))
            self.dialog.page_asked.connect(lambda page: QDesktopServices.openUrl(QUrl(page)))
            self.dialog.destroyed.connect(self._lose)
        self.dialog.open()

    def _lose(self) -> None:
        self.dialog = None

    async def _ask(self) -> None:
        try:
            release = await self._updates.ask()
        except UpdateUnknown as error:
            if self.dialog is not None:
                self.dialog.show_trouble(f"{tr(error.title)}. {tr(error.advice)}")
            return
        if self.dialog is None:
            return
        if release is None:
            self.dialog.show_newest()
            return
        changes = release.changes.get(spoken(), release.changes.get("en", ""))
        self.dialog.show_release(release.version, release.date, changes, release.page)
