"""Tells of takes, failures and stopped plans by the system's notifications while the window is not in front."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from kling_desktop.domain.plans import PlanState
from kling_desktop.domain.tasks import Status, Task
from kling_desktop.errors import kind_of
from kling_desktop.studio.feed import Fact, PlanChanged, QueueChanged, TaskChanged
from kling_desktop.studio.preferences import Preferences
from kling_desktop.ui import theme
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.window import Window

Show = Callable[[str, str, Path | None], None]
"""Shows a title, words and a still, if there is one."""

_LETTERS = 80


class NotifyingWiring(QObject):
    """Only what began to be followed in this session is news; each thing is told once."""

    def __init__(
        self,
        window: Window,
        preferences: Preferences,
        still: Callable[[str], Path | None],
        show: Show | None = None,
    ) -> None:
        """`still` gives the picture of a clip by its id; `show` stands in for the system's notifications."""
        super().__init__(window)
        self._window = window
        self._preferences = preferences
        self._still = still
        self._show = show or self._show_by_tray
        self._under_way: set[str] = set()
        self._running_plans: set[str] = set()
        self._busy = False
        self._tray: QSystemTrayIcon | None = None

    def on_facts(self, facts: Sequence[Fact]) -> None:
        """Tell what is news."""
        for fact in facts:
            match fact:
                case TaskChanged(task):
                    self._follow(task)
                case PlanChanged(plan):
                    if plan.state is PlanState.STOPPED and plan.id in self._running_plans:
                        self._tell("plan", tr("The plan has stopped"), tr("It waits for you to go on."), None)
                    running = plan.state is PlanState.RUNNING
                    (self._running_plans.add if running else self._running_plans.discard)(plan.id)
                case QueueChanged(waiting=waiting, running=running):
                    is_busy = bool(waiting or running)
                    if self._busy and not is_busy:
                        self._tell("queue", tr("The queue is empty"), tr("Nothing renders and nothing waits."), None)
                    self._busy = is_busy
                case _:
                    pass

    def _follow(self, task: Task) -> None:
        is_home = task.clip is not None and task.clip.file is not None
        if not task.status.ended:
            self._under_way.add(task.id)
        elif task.id in self._under_way and (task.status is Status.FAILED or is_home):
            self._under_way.discard(task.id)
            words = task.extension.prompt[:_LETTERS]
            if task.status is Status.FAILED:
                title = tr(kind_of(task.trouble).title) if task.trouble else tr("Failed")
                self._tell("failed", title, words, None)
            elif task.clip is not None:
                self._tell("take", tr("A take is here"), words, self._still(task.clip.id))

    def _tell(self, kind: str, title: str, words: str, still: Path | None) -> None:
        if self._window.isActiveWindow() or kind in self._preferences.now.quiet:
            return
        self._show(title, words, still)
        QApplication.alert(self._window)
        if "sound" not in self._preferences.now.quiet:
            QApplication.beep()

    def _show_by_tray(self, title: str, words: str, still: Path | None) -> None:
        """Where the system has such a place; else the taskbar alone says it."""
        if not QSystemTrayIcon.isSystemTrayAvailable():
            return
        if self._tray is None:
            self._tray = QSystemTrayIcon(theme.program_icon(), self)
            self._tray.messageClicked.connect(self._come_forward)
            self._tray.activated.connect(lambda _: self._come_forward())
            self._tray.show()
        self._tray.setToolTip(self._window.windowTitle())
        self._tray.showMessage(title, words, QIcon(str(still)) if still else theme.program_icon())

    def _come_forward(self) -> None:
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()
