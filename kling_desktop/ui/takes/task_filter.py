"""The line above the task list: words to look for, and which states to show."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QActionGroup, QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QMenu, QToolButton, QVBoxLayout, QWidget

from kling_desktop.domain.tasks import MOST_STARS, Filter, Pick, Status
from kling_desktop.ui import theme
from kling_desktop.ui.clearable import make_searchable
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.theme.fonts import scaled

TYPING_PAUSE_MS = 120
"""The filter waits this long for the next letter."""


class TaskFilter(QWidget):
    """Turns what is typed and picked into a Filter."""

    changed = Signal(object)
    """The Filter that is wanted now."""
    left = Signal()
    """The creator goes on to the rows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box = QLineEdit(self)
        self.states = QToolButton(self)
        self._picks = QActionGroup(self)
        self._judged = _at_most_one(self)
        self._starred = _at_most_one(self)
        self._pause = QTimer(self, singleShot=True, interval=TYPING_PAUSE_MS)
        self._lay_out()
        self._connect()

    @property
    def filter(self) -> Filter:
        """What the line says, heard or not."""
        states: frozenset[Status] = self._picks.checkedAction().data()
        # By the minute, so that the same wish a second later is the same filter.
        now = datetime.now(UTC).replace(second=0, microsecond=0)
        judged, starred = self._judged.checkedAction(), self._starred.checkedAction()
        picks: frozenset[Pick] = judged.data() if judged else frozenset()
        stars: int = starred.data() if starred else 0
        return Filter(self.box.text().strip(), states, now if self._dying.isChecked() else None, picks, stars)

    def clear(self) -> None:
        """Ask for every task, at once."""
        self.box.clear()
        self._forget_judgements()
        self._picks.actions()[0].setChecked(True)
        self.tell()

    def pick_dying(self) -> None:
        """Ask for the takes that Kling deletes within a week, whatever they are called and however they were judged."""
        self.box.clear()
        self._forget_judgements()
        self._dying.setChecked(True)
        self.tell()

    @property
    def asks_for_dying(self) -> bool:
        """Whether it shows those takes now: which ones they are changes with time."""
        return self._dying.isChecked()

    def tell(self) -> None:
        """Say now what is wanted."""
        self._pause.stop()
        self._name_states()
        self.changed.emit(self.filter)

    def begin(self) -> None:
        """Put the cursor into the box."""
        self.box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.box.selectAll()

    def _lay_out(self) -> None:
        self._dress_box()
        self._dress_states()
        lines = QVBoxLayout(self)  # two lines: side by side they are cut in a rail of 270 pixels
        lines.setContentsMargins(scaled(12), 0, scaled(12), 0)
        lines.setSpacing(theme.GAP)
        lines.addWidget(self.box)
        lines.addWidget(self.states, 0, Qt.AlignmentFlag.AlignLeft)

    def _dress_box(self) -> None:
        self.box.setPlaceholderText(tr("Words or ID · Ctrl+F"))
        self.box.setToolTip(tr("Filter by words of the prompt, by an ID or by profile (Ctrl+F)"))
        self.box.setAccessibleName(tr("Filter"))
        make_searchable(self.box)

    def _dress_states(self) -> None:
        menu = QMenu(self)
        for words, states in _choices():
            pick = menu.addAction(words)
            pick.setCheckable(True)
            pick.setData(states)
            self._picks.addAction(pick)
        self._picks.actions()[0].setChecked(True)
        menu.addSeparator()
        self._dying = menu.addAction(tr("Expires this week"))
        self._dying.setCheckable(True)
        self._dying.setData(frozenset())
        self._picks.addAction(self._dying)
        for group, choices in ((self._judged, _judgements()), (self._starred, _stars())):
            menu.addSeparator()
            for words, wanted in choices:
                pick = menu.addAction(words)
                pick.setCheckable(True)
                pick.setData(wanted)
                group.addAction(pick)
        self.states.setMenu(menu)
        self.states.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.states.setToolTip(tr("Which states and judgements to show; one of each can be combined"))
        self._name_states()

    def _name_states(self) -> None:
        checked = [group.checkedAction() for group in (self._picks, self._judged, self._starred)]
        parts = [action.text() for action in checked if action]
        words = " · ".join(parts[1:] if len(parts) > 1 and checked[0] is self._picks.actions()[0] else parts)
        self.states.setText(f"{words} ▾")
        self.states.setAccessibleName(tr("States to show: {states}", states=words))

    def _forget_judgements(self) -> None:
        for action in (self._judged.checkedAction(), self._starred.checkedAction()):
            if action:
                action.setChecked(False)

    def _connect(self) -> None:
        self.box.textChanged.connect(lambda: self._pause.start())
        self._pause.timeout.connect(self.tell)
        for group in (self._picks, self._judged, self._starred):
            group.triggered.connect(self.tell)
        for key in ("Return", "Enter", "Down"):
            self._bind(key, self._go_on)
        self._bind("Esc", self._step_back)

    def _bind(self, key: str, slot: Callable[[], None]) -> None:
        shortcut = QShortcut(QKeySequence(key), self.box)
        # Not among the constructor's arguments: PySide6 6.11 drops it there and the whole window loses the key.
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(slot)

    def _step_back(self) -> None:
        if self.box.text():
            self.box.clear()
        else:
            self.left.emit()

    def _go_on(self) -> None:
        self.tell()
        self.left.emit()


def _at_most_one(parent: QWidget) -> QActionGroup:
    """A group of which one is checked, or none: choosing the checked one again takes it back."""
    group = QActionGroup(parent)
    group.setExclusionPolicy(QActionGroup.ExclusionPolicy.ExclusiveOptional)
    return group


def _judgements() -> tuple[tuple[str, frozenset[Pick]], ...]:
    return (tr("Picked"), frozenset({Pick.PICKED})), (tr("Rejected"), frozenset({Pick.REJECTED}))


def _stars() -> list[tuple[str, int]]:
    return [("★" * n if n == MOST_STARS else f"≥ {'★' * n}", n) for n in range(MOST_STARS, 0, -1)]


def _choices() -> tuple[tuple[str, frozenset[Status]], ...]:
    return (
        (tr("All"), frozenset()),
        (tr("Running"), frozenset(status for status in Status if not status.ended)),
        (tr("Done"), frozenset({Status.SUCCEEDED})),
        (tr("Failed"), frozenset({Status.FAILED})),
    )
