"""The foot of the extend form, always in sight: how many takes, what they may cost, what remains, and the button."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QToolButton, QVBoxLayout, QWidget

from kling_desktop.ui import theme
from kling_desktop.ui.budget.price import Price
from kling_desktop.ui.extend.link_button import link_button
from kling_desktop.ui.finding_lines import Sentence, Sign
from kling_desktop.ui.i18n import tr, tr_count
from kling_desktop.ui.key_map import written
from kling_desktop.ui.painted.segments import Segments
from kling_desktop.ui.theme.layouts import nest

MOST_TAKES = 4


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """What the budget has to say about a press."""

    words: str = ""
    warns: bool = False
    """Some of what is asked for would wait."""
    charged: Decimal | None = None
    """What Kling charged last for such a take, which is believed more than its table; None where that is not known."""


LineFor = Callable[[int], BudgetLine]
"""What it says about a press that asks for so many takes."""


class SubmitFoot(QWidget):
    """Asks to submit; knows nothing of what."""

    pressed = Signal()
    pressed_in_front = Signal()
    """It is to go before all that waits."""
    pressed_without_words = Signal()
    """The act of its own for an extension without a prompt."""
    planned = Signal()
    """What is written is to become a planned hop instead."""
    takes_chosen = Signal(int)
    go_on_asked = Signal()
    """The take that was sent from here has come, and is to be gone on from."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._price: Price | None = None
        self._verb = tr("Extend")
        self.takes = Segments(
            [f"×{number}" for number in range(1, MOST_TAKES + 1)],
            name=tr("Number of takes"),
            small=True,
            parent=self,
        )
        self._title = Sentence(tr("Number of takes"), self)
        self._title.dress(heading=True)
        self._estimate = Sentence(parent=self)
        self._estimate.dress(heading=True)
        self._sum = Sentence(parent=self)
        self._sum.dress(quiet=True)
        self._sum.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._sign = Sign(self)
        self._line = Sentence(parent=self)
        self._line.dress(quiet=True)
        self.go_on = link_button(tr("Go on from it"), tr("Extend the take that has come ({key})", key="E"))
        self.go_on.hide()
        self.button = QPushButton(theme.icon("extend", QColor(theme.tokens().onfill)), tr("Extend"), self)
        self.button.setProperty("primary", True)
        self.button.setProperty("large", True)
        self.more = QToolButton(self)
        self.more.setIcon(theme.icon("chevron-down"))
        self.more.setProperty("large", True)
        join(self.button, self.more, _keys())
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setAccessibleName(tr("More ways to send"))
        self.more.setToolTip(tr("More ways to send"))
        self.menu = QMenu(self)
        self._fill_menu()
        self._lay_out()
        self.button.clicked.connect(self.pressed)
        self.go_on.clicked.connect(self.go_on_asked)
        self.takes.chosen.connect(self._choose_takes)
        self.show_ready()

    @property
    def count(self) -> int:
        """How many takes one press asks for, 1 to 4."""
        return self.takes.choice + 1

    def show_count(self, takes: int) -> None:
        """Ask for so many from now on."""
        self.takes.choose(max(1, min(takes, MOST_TAKES)) - 1)
        self._say()

    def show_verb(self, verb: str) -> None:
        """What the button does: "Extend" or "Continue"."""
        self._verb = verb
        self._say()

    def show_price(self, price: Price | None, line_for: LineFor = lambda takes: BudgetLine()) -> None:
        """What one take is likely to cost, and what the budget has to say about a press."""
        self._price, self._line_for = price, line_for
        self._say()

    def show_ready(self) -> None:
        """The button sends."""
        self._state, self._reason = "ready", ""
        self._say()

    def show_sending(self) -> None:
        """A request is on its way."""
        self._state, self._reason = "sending", ""
        self._say()

    def show_off(self, reason: str, *, done: str = "", came: bool = False) -> None:
        """The button does nothing now, and this is why; it says what was `done`, and what was sent may have come."""
        self._state, self._reason, self._done, self._came = "off", reason, done, came
        self._say()

    def shorten(self, short: bool) -> None:
        """Leave out the title and how the sum comes about: where letters are very large they would stand a letter a
        line.
        """
        self._is_short = short
        self._title.setVisible(not short)
        self._say()

    _is_short = False

    def text(self) -> str:
        """All that is said beside the button."""
        return f"{self._estimate.text()} {self._sum.text()} {self._line.text()}".strip()

    _state, _reason, _done, _came = "ready", "", "", False
    _line_for: LineFor = staticmethod(lambda takes: BudgetLine())

    def _choose_takes(self, number: int) -> None:
        self._say()
        self.takes_chosen.emit(number + 1)

    def _say(self) -> None:
        takes = self.count
        budget = self._line_for(takes)
        price = self._price if budget.charged is None else Price(budget.charged, budget.charged)
        each = price.words() if price else ""
        self._estimate.setText(tr("≈ {n} units", n=price.times(takes).words()) if price else "")
        self._sum.setText(_how_it_comes_about(takes, each, was_charged=budget.charged is not None) if each else "")
        self._sum.setVisible(not self._is_short)
        self._estimate.setToolTip(self._sum.text() if self._is_short else "")
        self._line.setText(self._reason or budget.words)
        # Its room stays where there is some: nothing jumps under the pointer while words are written.
        self._line.setVisible(bool(self._line.text()) or not self._is_short)
        row = max(
            self._line.fontMetrics().lineSpacing(), self._sign.sizeHint().height(), self.go_on.sizeHint().height()
        )
        self._line.setMinimumHeight(0 if self._is_short else row)
        self._sign.show_sign(*(("info", "quiet") if self._reason else ("status-held", "warn")))
        self._sign.setVisible(bool(self._reason) or budget.warns)
        self.go_on.setVisible(self._state == "off" and self._came)
        self.button.setEnabled(self._state == "ready")
        light(self.more, lit=self._state == "ready")
        self.button.setText(self._button_words(takes))
        self.button.setAccessibleDescription(self.text())
        self.without_words.setText(
            tr("Extend without words · {price} units", price=each) if each else tr("Extend without words")
        )

    def _button_words(self, takes: int) -> str:
        if self._state == "sending":
            return tr("Sending…")
        if self._state == "off" and self._done:
            return self._done
        many = tr_count(takes, "{n} take", "{n} takes")
        return self._verb if takes == 1 else f"{self._verb} · {many}"

    def _fill_menu(self) -> None:
        # Keys stand here as words: the form has the shortcuts, and two of one key would cancel each other.
        self.menu.addAction(f"{tr('Send before all others')}\t{written('Ctrl+Shift+Return')}").triggered.connect(
            self.pressed_in_front
        )
        self.plan = self.menu.addAction(f"{tr('Plan it as the next hop')}\t{written('Ctrl+Alt+Return')}")
        self.plan.triggered.connect(self.planned)
        self.without_words = self.menu.addAction(tr("Extend without words"))
        self.without_words.triggered.connect(self.pressed_without_words)
        self.more.setMenu(self.menu)

    def _lay_out(self) -> None:
        self.button.setToolTip(tr("Send it to Kling ({keys})", keys=_keys()))
        top, middle, line, press = QHBoxLayout(), QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        for row in (top, middle, line):
            row.setSpacing(8)
        press.setSpacing(0)
        top.addWidget(self._title, 1)
        top.addWidget(self.takes)
        middle.addWidget(self._estimate, 1)
        middle.addWidget(self._sum, 2)
        line.addWidget(self._sign)
        line.addWidget(self._line, 1)
        line.addWidget(self.go_on)
        press.addWidget(self.button, 1)
        press.addWidget(self.more)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 16)
        column.setSpacing(8)
        for part in (top, middle, line, press):
            nest(column, part)


def _how_it_comes_about(takes: int, each: str, *, was_charged: bool) -> str:
    many = tr_count(takes, "{n} take", "{n} takes")
    if was_charged:
        return tr("{takes} × {price}, as charged last", takes=many, price=each)
    return tr("{takes} × {price}, estimate", takes=many, price=each)


def join(button: QPushButton, more: QToolButton, keys: str) -> None:
    """Two halves of one button: the large one says its key, the small one opens what else it can do."""
    button.setProperty("key_hint", keys)
    button.setProperty("joined", "right")
    more.setProperty("joined", "left")
    light(more, lit=True)


def light(more: QToolButton, *, lit: bool) -> None:
    """Have the small half in the colour of the large one, or quiet while that is off."""
    more.setProperty("lit", lit)
    more.setIcon(theme.icon("chevron-down", QColor(theme.tokens().onfill)) if lit else theme.icon("chevron-down"))
    more.update()


def _keys() -> str:
    return written("Ctrl+Return")
