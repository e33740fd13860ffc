"""The window: puts the panels into the shell, remembers how they were left, and closes them in order."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QCloseEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QFrame, QMainWindow, QMenu, QVBoxLayout, QWidget

from kling_desktop.ui import theme
from kling_desktop.ui.accounts.account_menu import AccountMenu
from kling_desktop.ui.bar.top_bar import TopBar
from kling_desktop.ui.export.export_queue import ExportQueue
from kling_desktop.ui.extend.extend_form import ExtendForm
from kling_desktop.ui.film.cards.card_keys import card_commands
from kling_desktop.ui.film.film_lane import FilmLane
from kling_desktop.ui.film.lane_head import LaneHead
from kling_desktop.ui.help.doctor import Doctor
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.key_map import KeyMap
from kling_desktop.ui.menu.menu_bar import MenuBar
from kling_desktop.ui.menu.menu_keys import menu_commands
from kling_desktop.ui.notices import Notices
from kling_desktop.ui.rail.rail import ALL_TAKES, QUEUE, TREE, Rail
from kling_desktop.ui.rail.tree_keys import tree_commands
from kling_desktop.ui.rail.tree_panel import TreePanel
from kling_desktop.ui.seams.seam_keys import seam_commands
from kling_desktop.ui.seams.seam_view import SeamView
from kling_desktop.ui.shell.folding import Arrangement
from kling_desktop.ui.shell.rail_strip import RailPage
from kling_desktop.ui.shell.shell import Panels, Shell
from kling_desktop.ui.shell.shell_keys import ShellKeys, shell_commands
from kling_desktop.ui.stills.posters import Posters
from kling_desktop.ui.takes import culling
from kling_desktop.ui.takes.queue_bar import QueueBar
from kling_desktop.ui.takes.task_commands import list_commands
from kling_desktop.ui.takes.task_list import TaskList
from kling_desktop.ui.takes.task_model import TaskModel, TaskRows
from kling_desktop.ui.viewer import viewer_keys
from kling_desktop.ui.viewer.viewer import Viewer

_WIDTH, _HEIGHT = 1440, 900


class Window(QMainWindow):
    """Rail, stage and form side by side under the bar, the film below them; each folds, and stays as it was left."""

    def __init__(self, rows: TaskRows) -> None:
        super().__init__()
        self.closed = asyncio.Event()
        """Set when the creator has closed the window; the program then ends in order."""
        self.may_leave: Callable[[], bool] = lambda: True
        """Asked when the creator closes the window; who says no calls `leave` when he has been heard."""
        self.keys = KeyMap(
            (
                *viewer_keys.commands(),
                *seam_commands(),
                *list_commands(),
                *culling.commands(),
                *shell_commands(),
                *tree_commands(),
                *card_commands(),
                *menu_commands(),
            ),
            self,
        )
        """Which keys do what, in all panels."""
        self.posters = Posters(self)
        """One store of stills for rail, lane and list."""
        self.viewer = Viewer(self, keys=self.keys)
        self.seams = SeamView(self.viewer, self.keys, self)
        self.notices = Notices(self.viewer.picture)
        self.doctor = Doctor(self)
        self.viewer.cover(self.doctor)
        self.form = ExtendForm(self)
        self.queue = QueueBar(self)
        self.exports = ExportQueue(self)
        self.tasks = TaskList(TaskModel(rows), self.posters, keys=self.keys)
        self.tree = TreePanel(self.posters, keys=self.keys)
        self.film = FilmLane(self.posters, keys=self.keys)
        self.film_bar = LaneHead()
        self.cull = culling.Cull(self.tasks, self.keys, self)
        self.film_menu = QMenu(self)
        self.account = AccountMenu(self)
        self.bar = TopBar(self.film_menu, self.account, self)
        self.rail = Rail(self.tree, self.tasks, self._queue_page())
        self.shell = Shell(self._panels(), self._rail_pages(), self)
        self.shell_keys = ShellKeys(self.shell, self.keys)
        self.menu_bar = MenuBar(self.keys, self)
        self.setMenuBar(self.menu_bar)
        self.setWindowTitle("Kling Desktop")
        self.setCentralWidget(self.shell)
        self._connect()
        self._spread()

    # --- where things are ----------------------------------------------------------------------------------------

    def show_form(self) -> None:
        """Unfold the panel with the form."""
        if not self.shell.arrangement.panel:
            self.shell.toggle_panel()

    def show_rail(self, page: int) -> None:
        """Turn the rail to `TREE`, `ALL_TAKES` or `QUEUE`."""
        self.rail.turn_to(page)

    # --- as it was left ------------------------------------------------------------------------------------------

    def layout_text(self) -> str:
        """Size, place and folds, as text for the settings."""
        parts = (self.saveGeometry().data(), self.shell.state_text().encode())
        return " ".join(base64.b64encode(part).decode("ascii") for part in parts)

    def restore_layout(self, text: str) -> None:
        """Be as the window was left. A text that is not understood changes nothing."""
        geometry, _, folds = text.partition(" ")
        if geometry and folds:
            self.restoreGeometry(QByteArray.fromBase64(QByteArray(geometry.encode())))
            self.shell.restore_state(_decoded(folds))

    def show_work(self, running: int, waiting: int) -> None:
        """Say in the title, and so in the taskbar, how many tasks are under way."""
        counts = (
            tr("{n} rendering", n=running) if running else "",
            tr("{n} waiting", n=waiting) if waiting else "",
        )
        work = " · ".join(count for count in counts if count)
        self.setWindowTitle(f"{work} — Kling Desktop" if work else "Kling Desktop")

    def showEvent(self, event: QShowEvent) -> None:
        """The keyboard begins where there is something to do: at the takes, or where the first words are written."""
        super().showEvent(event)
        if not self._was_shown:
            self._was_shown = True
            first = self.tree.tree if self.tree.tree.isVisible() else self.form.fields.prompt
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    _was_shown = False

    def closeEvent(self, event: QCloseEvent) -> None:
        """Loses nothing: running tasks are followed again at the next start. `may_leave` may want to say so first."""
        event.ignore()  # the loop must live until everything is closed
        if _session_ends() or self.may_leave():
            self.leave()

    def leave(self) -> None:
        """Close without a word: the program then ends in order."""
        self.form.flush()
        self.hide()
        self.closed.set()

    def put_away(self) -> None:
        """Let go of the player and of Qt's own things, while the loop still runs."""
        self.viewer.close()
        self.deleteLater()

    # --- how it is built -----------------------------------------------------------------------------------------

    def _panels(self) -> Panels:
        return Panels(
            bar=self.bar,
            rail=self.rail,
            centre=self._centre(),
            panel=self._panel(),
            film=self.film,
            film_bar=self.film_bar,
        )

    @staticmethod
    def _rail_pages() -> tuple[RailPage, ...]:
        return RailPage("tree", tr("Tree")), RailPage("list", tr("All takes")), RailPage("queue", tr("Queue"))

    def _centre(self) -> QWidget:
        centre = QWidget(self)
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.seams, 1)
        return centre

    def _panel(self) -> QWidget:
        panel = QFrame(self)
        panel.setProperty("ground", "panel")
        column = QVBoxLayout(panel)
        column.setContentsMargins(theme.GAP, theme.GAP, theme.GAP, 0)
        column.addWidget(self.form)
        return panel

    def _queue_page(self) -> QWidget:
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(theme.GAP, 0, theme.GAP, theme.GAP)
        column.addWidget(self.queue)
        column.addWidget(self.exports)
        column.addStretch(1)
        return page

    def _connect(self) -> None:
        self.shell.arranged.connect(self._fold_insides)
        self.shell.rail_page_asked.connect(self.rail.turn_to)
        self.film.head.folded.connect(lambda _: self.shell.toggle_film())
        self.film_bar.folded.connect(lambda _: self.shell.toggle_film())
        self.bar.queue_asked.connect(lambda: self.show_rail(QUEUE))
        self.rail.turn_to(ALL_TAKES)

    def _fold_insides(self, now: Arrangement) -> None:
        self.bar.set_short(not now.chip_words)
        self.form.fields.clip_row.give_room(now.large_source)
        self.film_bar.show_folded(now.film_bar)

    def _spread(self) -> None:
        """The first size: as large as a good screen allows."""
        available = self.screen().availableGeometry().size()
        self.resize(min(_WIDTH, available.width()), min(_HEIGHT, available.height()))


def _session_ends() -> bool:
    """Whether the system logs the creator out: no question may hold it up."""
    app = QApplication.instance()
    return isinstance(app, QApplication) and app.isSavingSession()


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text).decode()
    except ValueError:
        return ""


__all__ = ["ALL_TAKES", "QUEUE", "TREE", "Window"]
