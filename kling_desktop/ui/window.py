"""The cutting room: lays out the panels, remembers how they were left, and closes them in order."""

from __future__ import annotations

import asyncio
import base64

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QVBoxLayout, QWidget

from kling_desktop.ui import theme
from kling_desktop.ui.accounts.account_button import AccountButton
from kling_desktop.ui.extend.extend_form import ExtendForm
from kling_desktop.ui.help.doctor import Doctor
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.key_map import KeyMap
from kling_desktop.ui.menu_bar import MenuBar
from kling_desktop.ui.notices import Notices
from kling_desktop.ui.seams.seam_keys import seam_commands
from kling_desktop.ui.seams.seam_view import SeamView
from kling_desktop.ui.takes import culling
from kling_desktop.ui.takes.expiry_badge import ExpiryBadge
from kling_desktop.ui.takes.queue_bar import QueueBar
from kling_desktop.ui.takes.task_commands import list_commands
from kling_desktop.ui.takes.task_list import TaskList
from kling_desktop.ui.takes.task_model import TaskModel, TaskRows
from kling_desktop.ui.viewer import viewer_keys
from kling_desktop.ui.viewer.viewer import Viewer

_LAYOUT_VERSION = 1
"""Counts up when docks are added or renamed: an older layout is then not restored."""
_SIDES = (Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea)
_SIDE_SHARE, _FOOT_SHARE = 0.33, 0.36
"""How much of a window's width or height a dock may keep when it gets smaller: the viewer stays the largest thing."""


class Window(QMainWindow):
    """Viewer in the middle, takes below it, the form beside both; all can be moved, and stay as they were left."""

    def __init__(self, rows: TaskRows) -> None:
        super().__init__()
        self.closed = asyncio.Event()
        """Set when the creator has closed the window; the program then ends in order."""
        self.notices = Notices(self)
        self.keys = KeyMap((*viewer_keys.commands(), *seam_commands(), *list_commands(), *culling.commands()), self)
        """Which keys do what, in all panels."""
        self.viewer = Viewer(self, keys=self.keys)
        self.seams = SeamView(self.viewer, self.keys, self)
        self.doctor = Doctor(self)
        self.form = ExtendForm(self)
        self.queue = QueueBar(self)
        self.tasks = TaskList(TaskModel(rows), keys=self.keys)
        self.cull = culling.Cull(self.tasks, self.keys, self)
        self.account = AccountButton(self)
        self.expiry = ExpiryBadge(self)
        self.menu_bar = MenuBar(self)
        self.setMenuBar(self.menu_bar)
        self.setWindowTitle("Kling Desktop")
        self.setDockNestingEnabled(True)
        self.setCentralWidget(self._centre())
        self.takes_dock = self._dock("takes", tr("Takes"), self._takes(), Qt.DockWidgetArea.BottomDockWidgetArea)
        self.form_dock = self._dock("extend", tr("Extend"), self.form, Qt.DockWidgetArea.RightDockWidgetArea)
        self.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
        self.statusBar().addPermanentWidget(self.expiry)
        self.statusBar().addPermanentWidget(self.account)
        self.statusBar().setSizeGripEnabled(False)
        self._spread()

    def layout_text(self) -> str:
        """Size, place and docks, as text for the settings."""
        parts = (self.saveGeometry(), self.saveState(_LAYOUT_VERSION))
        return " ".join(base64.b64encode(part.data()).decode("ascii") for part in parts)

    def restore_layout(self, text: str) -> None:
        """Be as the window was left. A text that is not understood changes nothing."""
        geometry, _, docks = text.partition(" ")
        if geometry and docks:
            self.restoreGeometry(QByteArray.fromBase64(QByteArray(geometry.encode())))
            self.restoreState(QByteArray.fromBase64(QByteArray(docks.encode())), _LAYOUT_VERSION)

    def show_work(self, running: int, waiting: int) -> None:
        """Say in the title, and so in the taskbar, how many tasks are under way."""
        counts = (
            tr("{n} running", n=running) if running else "",
            tr("{n} waiting", n=waiting) if waiting else "",
        )
        work = tr(", ").join(count for count in counts if count)
        self.setWindowTitle(f"{work} — Kling Desktop" if work else "Kling Desktop")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt lets a smaller window take from the viewer alone; here the docks give their share."""
        super().resizeEvent(event)
        was, now = event.oldSize(), event.size()
        for dock in (self.takes_dock, self.form_dock):
            if dock.isFloating() or dock.isHidden():
                continue
            if self.dockWidgetArea(dock) in _SIDES:
                if now.width() < was.width() and dock.width() > _SIDE_SHARE * now.width():
                    self.resizeDocks([dock], [round(_SIDE_SHARE * now.width())], Qt.Orientation.Horizontal)
            elif now.height() < was.height() and dock.height() > _FOOT_SHARE * now.height():
                self.resizeDocks([dock], [round(_FOOT_SHARE * now.height())], Qt.Orientation.Vertical)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Asks nothing and loses nothing: running tasks are followed again at the next start."""
        event.ignore()  # the loop must live until everything is closed
        self.form.flush()
        self.hide()
        self.closed.set()

    def put_away(self) -> None:
        """Let go of the player and of Qt's own things, while the loop still runs."""
        self.viewer.close()
        self.deleteLater()

    def _centre(self) -> QWidget:
        centre = QWidget(self)
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.notices)
        column.addWidget(self.seams, 1)
        column.addWidget(self.doctor)
        return centre

    def _takes(self) -> QWidget:
        panel = QWidget(self)
        column = QVBoxLayout(panel)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tasks, 1)
        column.addWidget(self.queue)
        return panel

    def _dock(self, name: str, title: str, panel: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title, self)
        dock.setObjectName(name)
        dock.setWidget(_with_margins(panel))
        self.addDockWidget(area, dock)
        return dock

    def _spread(self) -> None:
        """The first layout: as large as a good screen allows, the viewer largest."""
        available = self.screen().availableGeometry().size()
        self.resize(min(1360, available.width() - 8 * theme.GAP), min(860, available.height() - 8 * theme.GAP))
        self.resizeDocks([self.form_dock], [self.width() // 4], Qt.Orientation.Horizontal)
        self.resizeDocks([self.takes_dock], [self.height() * 3 // 10], Qt.Orientation.Vertical)


def _with_margins(panel: QWidget) -> QWidget:
    """The panel, a little off the window's rim."""
    frame = QWidget()
    column = QVBoxLayout(frame)
    column.setContentsMargins(theme.GAP, 0, theme.GAP, 0)
    column.addWidget(panel)
    return frame
