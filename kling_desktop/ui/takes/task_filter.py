"""What stands above the task list: words to look for, which states, verdicts and stars to show, in which order."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QToolButton, QVBoxLayout, QWidget

from kling_desktop.domain.analysis import Verdict
from kling_desktop.domain.kling_time import KLING_TIME
from kling_desktop.domain.tasks import MOST_STARS, Filter, Order, Pick, Status
from kling_desktop.ui import theme
from kling_desktop.ui.clearable import make_searchable
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.painted.shapes import shape_of, shape_word
from kling_desktop.ui.theme.fonts import scaled
from kling_desktop.ui.theme.layouts import nest

TYPING_PAUSE_MS = 120
"""The filter waits this long for the next letter."""
_ONWARD = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down)


class TaskFilter(QWidget):
    """Turns what is typed and picked into a Filter, and says in which order the rows stand."""

    changed = Signal(object)
    """The Filter that is wanted now."""
    sorted = Signal(object)
    """The Order that is wanted now."""
    left = Signal()
    """The creator goes on to the rows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box = QLineEdit(self)
        self.states, self.verdicts, self.stars, self.order = (QToolButton(self) for _ in range(4))
        self._picks = QActionGroup(self)
        self._judged, self._starred, self._seams = (_at_most_one(self) for _ in range(3))
        self._orders = QActionGroup(self)
        self._pause = QTimer(self, singleShot=True, interval=TYPING_PAUSE_MS)
        self._lay_out()
        self._connect()

    @property
    def filter(self) -> Filter:
        """What the line says, heard or not."""
        states: frozenset[Status] = self._picks.checkedAction().data()
        # By the minute, so that the same wish a second later is the same filter.
        now = KLING_TIME.now().replace(second=0, microsecond=0)
        judged, starred, seam = (group.checkedAction() for group in (self._judged, self._starred, self._seams))
        picks: frozenset[Pick] = judged.data() if judged else frozenset()
        stars: int = starred.data() if starred else 0
        verdicts: frozenset[Verdict] = seam.data() if seam else frozenset()
        dying = now if self._dying.isChecked() else None
        return Filter(self.box.text().strip(), states, dying, picks, stars, verdicts)

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
        self._name_chips()
        self.changed.emit(self.filter)

    def begin(self) -> None:
        """Put the cursor into the box."""
        self.box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.box.selectAll()

    def show_key(self, key: str) -> None:
        """Name the key that leads to the box, as this computer's menus write it; empty if none does."""
        does, wanted = tr("Filter by words of the prompt, by an ID or by profile"), tr("Words or ID")
        self.box.setToolTip(f"{does} ({key})" if key else does)
        self.box.setPlaceholderText(f"{wanted} · {key}" if key else wanted)

    def sort(self, order: Order) -> None:
        """Check an order without telling."""
        for action in self._orders.actions():
            action.setChecked(action.data() == order)

    def kept(self) -> tuple[int, ...]:
        """What is chosen beside the words, for `restore`."""
        return tuple(_number(group) for group in self._groups())

    def restore(self, kept: tuple[int, ...]) -> None:
        """Choose as another filter was chosen, and tell."""
        for group, number in zip(self._groups(), kept, strict=True):
            if number >= 0:
                group.actions()[number].setChecked(True)
        self.tell()
        self.sorted.emit(Order(self._orders.checkedAction().data()))

    def _groups(self) -> tuple[QActionGroup, ...]:
        return self._picks, self._judged, self._starred, self._seams, self._orders

    def _lay_out(self) -> None:
        self._chip_lines = (QHBoxLayout(), QHBoxLayout())
        self._dress_box()
        self._dress_chips()
        lines = QVBoxLayout(self)
        lines.setContentsMargins(scaled(12), 0, scaled(12), 0)
        lines.setSpacing(theme.GAP)
        lines.addWidget(self.box)
        for line in self._chip_lines:
            line.setSpacing(scaled(4))
            line.addStretch(1)
            nest(lines, line)
        self._chip_lines[0].addWidget(self.order)
        self._lay_out_chips()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out_chips()

    def _lay_out_chips(self) -> None:
        """What is chosen is read to its end: chips that the first line has no room for stand on a second."""
        gap = self._chip_lines[0].spacing()
        room = self.width() - 2 * scaled(12) - self.order.sizeHint().width()
        chips = (self.states, self.verdicts, self.stars)
        ends = [sum(chip.sizeHint().width() + gap for chip in chips[: count + 1]) for count in range(len(chips))]
        first = max(1, sum(end <= room for end in ends))
        if first == self._chip_lines[0].count() - 2:  # beside the stretch and the order
            return
        for place, chip in enumerate(chips):
            self._chip_lines[place >= first].insertWidget(place - (first if place >= first else 0), chip)

    def _dress_box(self) -> None:
        self.show_key("")
        self.box.setAccessibleName(tr("Filter"))
        make_searchable(self.box)

    def _dress_chips(self) -> None:
        states = self._menu(self.states, tr("Which states to show"))
        _fill(states, self._picks, _choices())
        self._picks.actions()[0].setChecked(True)
        states.addSeparator()
        self._dying = _entry(states, self._picks, tr("Expires this week"), frozenset())
        states.addSeparator()
        _fill(states, self._judged, _judgements())
        _fill(self._menu(self.verdicts, tr("Which seams to show")), self._seams, _verdicts())
        _fill(self._menu(self.stars, tr("How many stars at least")), self._starred, _stars())
        _fill(self._menu(self.order, tr("Order")), self._orders, _orders())
        self._orders.actions()[0].setChecked(True)
        self.order.setIcon(theme.icon("sort"))
        self.order.setAutoRaise(True)
        self._name_chips()

    def _menu(self, chip: QToolButton, tip: str) -> QMenu:
        menu = QMenu(self)
        chip.setMenu(menu)
        chip.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        chip.setToolTip(tip)
        chip.setAccessibleName(tip)
        if chip is not self.order:
            chip.setProperty("chip", True)
            chip.setIcon(theme.icon("chevron-down"))
            chip.setIconSize(QSize(scaled(12), scaled(12)))
            chip.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            chip.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # its sign stands behind the words
            menu.setLayoutDirection(self.layoutDirection())  # else its check marks would stand behind theirs
        return menu

    def _name_chips(self) -> None:
        state = self._picks.checkedAction()
        states = [] if state is None or state is self._picks.actions()[0] else [state.text()]
        judged = self._judged.checkedAction()
        for chip, name, chosen in (
            (self.states, tr("State"), [*states, *([judged.text()] if judged else [])]),
            (self.verdicts, tr("Verdict"), _texts(self._seams)),
            (self.stars, tr("Stars"), _texts(self._starred)),
        ):
            words = " · ".join(chosen)
            chip.setText(words or name)
            chip.setAccessibleDescription(words or tr("All"))
        self._lay_out_chips()

    def _forget_judgements(self) -> None:
        for group in (self._judged, self._starred, self._seams):
            if action := group.checkedAction():
                action.setChecked(False)

    def _connect(self) -> None:
        self.box.textChanged.connect(lambda: self._pause.start())
        self._pause.timeout.connect(self.tell)
        for group in (self._picks, self._judged, self._starred, self._seams):
            group.triggered.connect(self.tell)
        self._orders.triggered.connect(lambda action: self.sorted.emit(Order(action.data())))
        self.box.installEventFilter(self)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Enter and Down go on to the rows, Esc steps back: no shortcuts, or Esc of an open seam would be another."""
        acts = {**dict.fromkeys(_ONWARD, self._go_on), Qt.Key.Key_Escape: self._step_back}
        if not isinstance(event, QKeyEvent) or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        act = acts.get(Qt.Key(event.key()))
        if act is None or event.type() not in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            return False
        event.accept()
        if event.type() == QEvent.Type.KeyPress:
            act()
        return True

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


def _fill(menu: QMenu, group: QActionGroup, choices: Iterable[tuple[str, object]]) -> None:
    for words, wanted in choices:
        _entry(menu, group, words, wanted)


def _entry(menu: QMenu, group: QActionGroup, words: str, wanted: object) -> QAction:
    entry = menu.addAction(words)
    entry.setCheckable(True)
    entry.setData(wanted)
    group.addAction(entry)
    return entry


def _number(group: QActionGroup) -> int:
    """Which entry is checked, from 0; -1 for none."""
    checked = group.checkedAction()
    return group.actions().index(checked) if checked else -1


def _texts(group: QActionGroup) -> list[str]:
    action = group.checkedAction()
    return [action.text()] if action else []


def _orders() -> tuple[tuple[str, Order], ...]:
    return (
        (tr("By film"), Order.FILM),
        (tr("Newest first"), Order.NEWEST),
        (tr("Most stars first"), Order.STARS),
        (tr("Worst seam first"), Order.VERDICT),
        (tr("What expires next first"), Order.EXPIRY),
    )


def _verdicts() -> tuple[tuple[str, frozenset[Verdict]], ...]:
    return tuple((shape_word(shape_of(None, verdict)), frozenset({verdict})) for verdict in Verdict)


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
