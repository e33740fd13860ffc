"""Pictures of every screen that is opened over or beside the film: pages, views, dialogs; in any theme and language."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QListWidget, QWidget

from kling_desktop.ui.export.export_dialog import ExportDialog
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.rail.rail import ALL_TAKES, QUEUE, TREE
from kling_desktop.ui.search.palette import Palette
from kling_desktop.ui.settings.settings_dialog import SettingsDialog
from kling_desktop.ui.tour.hands import Hands, StepFailed, until

Step = Callable[[], Awaitable[None]]


class Screens:
    """Begins with a film whose newest take has seams, and leaves the window as it was found."""

    def __init__(self, hands: Hands) -> None:
        self._hands = hands
        self._window = hands.window
        self._ending = ""

    async def take(self, ending: str) -> None:
        """Pictures whose names end so: "", "-light", "-zh". Raises StepFailed."""
        self._ending = ending
        for step in (self._rail, self._seam, self._library, self._search, self._dialogs, self._choices):
            await step()

    async def _rail(self) -> None:
        for page, name in ((ALL_TAKES, "all-takes"), (QUEUE, "queue"), (TREE, "tree")):
            self._window.show_rail(page)
            await self._keep(name)

    async def _seam(self) -> None:
        seams = self._window.seams
        await until(lambda: seams.seams, "the seams of the film")
        if not seams.is_open:
            seams.commands["seam_view"].trigger()
        await until(lambda: seams.stage.stills, "the two frames")
        await self._keep("seam")
        if len(seams.seams) > 1:
            drift = seams.foot.faces.button(1)
            await until(drift.isEnabled, "the drift of the film")
            drift.click()
            await self._keep("drift")
            seams.foot.faces.button(0).click()
        seams.commands["seam_view"].trigger()

    async def _library(self) -> None:
        menu = self._window.film_menu
        menu.aboutToShow.emit()
        next(action for action in menu.actions() if action.text() == tr("Library")).trigger()
        page = await until(lambda: self._window.findChild(QWidget, "library"), "the library's page")
        await until(page.isVisible, "it to be seen")
        await self._keep("library-page")
        field = page.findChild(QLineEdit)
        if not isinstance(field, QLineEdit):
            raise StepFailed("a line to filter the library by")
        self._hands.press(field, Qt.Key.Key_Escape)
        await until(lambda: not page.isVisible(), "the film again")

    async def _search(self) -> None:
        self._window.menu_bar.search_asked.emit()
        palette = await until(lambda: self._window.findChild(Palette), "the command field")
        await until(palette.isVisible, "it to be seen")
        palette.field.setText("ex")
        await self._keep_dialog("command-field", palette)

    async def _dialogs(self) -> None:
        bar = self._window.menu_bar
        for name, asked in (
            ("pick-a-clip", self._window.form.clip_wanted.emit),
            ("connect", bar.keys_asked.emit),
            ("budget", bar.budget_asked.emit),
            ("find-my-takes", bar.history_asked.emit),
            ("getting-started", bar.start_asked.emit),
            ("about", bar.about_asked.emit),
            ("all-keys", self._window.viewer.commands["cheat_sheet"].trigger),
        ):
            asked()
            await self._keep_dialog(name, await until(_open_dialog, f"the dialog {name}"))

    async def _choices(self) -> None:
        self._window.menu_bar.export_asked.emit()
        export = await until(_open_dialog, "the dialog of exports")
        if not isinstance(export, ExportDialog):
            raise StepFailed("the exports to be the dialog that is open")
        await until(export.export_button.isEnabled, "the names of the files")
        await self._keep_dialog("export", export)
        self._window.menu_bar.settings_asked.emit()
        dialog = await until(_open_dialog, "the settings")
        if not isinstance(dialog, SettingsDialog):
            raise StepFailed("the settings to be the dialog that is open")
        topics: QListWidget = dialog.topics
        for number in range(topics.count()):
            topics.setCurrentRow(number)
            await self._hands.rest(dialog)
            self._hands.picture(f"settings-{number + 1}{self._ending}", dialog)
        topics.setCurrentRow(0)
        await self._close(dialog)

    async def _keep(self, name: str) -> None:
        await self._hands.rest()
        self._hands.picture(name + self._ending)

    async def _keep_dialog(self, name: str, dialog: QDialog) -> None:
        await self._hands.rest(dialog)
        self._hands.picture(name + self._ending, dialog)
        await self._close(dialog)

    async def _close(self, dialog: QDialog) -> None:
        dialog.close()
        await until(lambda: dialog not in QApplication.topLevelWidgets() or not dialog.isVisible(), "it to be gone")


def _open_dialog() -> QDialog | None:
    found = (each for each in QApplication.topLevelWidgets() if isinstance(each, QDialog) and each.isVisible())
    return next(found, None)
