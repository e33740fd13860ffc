"""Says, when the window is closed over work, what becomes of it; and lets what waits be held."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QLabel, QMessageBox, QPushButton

from kling_desktop.domain.tasks import Filter, Status, Task
from kling_desktop.errors import OverBudget, kind_of
from kling_desktop.studio.preferences import Preferences
from kling_desktop.studio.studio import Studio
from kling_desktop.ui.i18n import tr, tr_count
from kling_desktop.ui.window import Window

_NAMED = 5
"""Waiting takes that are named; the rest are counted."""
_LETTERS = 60
_AT_KLING = frozenset({Status.SENDING, Status.UNCERTAIN, Status.SUBMITTED, Status.PROCESSING})


class LeavingWiring(QObject):
    """That work goes on is said once ever; what would be sent at the next start is named each time."""

    def __init__(self, window: Window, studio: Studio, preferences: Preferences) -> None:
        super().__init__(window)
        self._window = window
        self._studio = studio
        self._preferences = preferences
        window.may_leave = self._may_leave

    def _may_leave(self) -> bool:
        running, waiting = self._studio.ledger.count(Filter(states=_AT_KLING)), self._to_be_sent()
        if waiting:
            self._ask(running, waiting)
            return False
        if running and not self._preferences.now.told_leaving:
            self._preferences.change(told_leaving=True)
            self._tell(running)
            return False
        return True

    def _to_be_sent(self) -> list[Task]:
        """What waits here and would leave by itself at the next start."""
        lines = self._studio.lines
        found = [task for id in lines.waiting() if (task := self._studio.ledger.find(id))]
        return [task for task in found if task.profile.name not in lines.paused and not _waits_for_money(task)]

    def _tell(self, running: int) -> None:
        box = self._box(going_on_words(running))
        self._add(box, tr("Close the program"), QMessageBox.ButtonRole.AcceptRole)
        box.open()

    def _ask(self, running: int, waiting: Sequence[Task]) -> None:
        box = self._box(sending_words(len(waiting)))
        named = [f"“{_short(task)}”" for task in waiting[:_NAMED]]
        if len(waiting) > _NAMED:
            named.append(tr("and {n} more", n=len(waiting) - _NAMED))
        box.setInformativeText("\n".join([*named, going_on_words(running)] if running else named))
        for label in box.findChildren(QLabel):
            label.setTextFormat(Qt.TextFormat.PlainText)  # they are the creator's words, whatever signs are in them
        close = self._add(box, tr("Close the program"), QMessageBox.ButtonRole.AcceptRole)
        hold = box.addButton(tr("Hold them and close"), QMessageBox.ButtonRole.ActionRole)
        hold.clicked.connect(lambda: self._hold(waiting))
        box.setDefaultButton(close)
        box.open()

    def _box(self, words: str) -> QMessageBox:
        box = QMessageBox(
            QMessageBox.Icon.NoIcon,
            tr("Kling Desktop"),
            words,
            QMessageBox.StandardButton.Cancel,
            self._window,
        )
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return box

    def _add(self, box: QMessageBox, words: str, role: QMessageBox.ButtonRole) -> QPushButton:
        button = box.addButton(words, role)
        button.clicked.connect(self._window.leave)
        return button

    def _hold(self, waiting: Sequence[Task]) -> None:
        for name in dict.fromkeys(task.profile.name for task in waiting):
            self._studio.lines.pause(name, True)
        self._preferences.change(paused=self._studio.lines.paused)
        self._window.leave()


def going_on_words(running: int) -> str:
    """What becomes of tasks that Kling has."""
    return tr_count(
        running,
        "{n} take goes on at Kling and is followed again at the next start.",
        "{n} takes go on at Kling and are followed again at the next start.",
    )


def sending_words(waiting: int) -> str:
    """What becomes of tasks that wait here."""
    return tr_count(
        waiting,
        "{n} take waits here and is sent at the next start.",
        "{n} takes wait here and are sent at the next start.",
    )


def _short(task: Task) -> str:
    words = task.extension.prompt or tr("Without words")
    return words if len(words) <= _LETTERS else f"{words[: _LETTERS - 1]}…"


def _waits_for_money(task: Task) -> bool:
    return task.trouble is not None and issubclass(kind_of(task.trouble), OverBudget)
