"""What stands beside the compared takes: their numbers, their words, and the way on with the one that is heard."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QCheckBox, QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from kling_desktop.domain.tasks import Task
from kling_desktop.ui import formatting
from kling_desktop.ui.compare.compare_table import CompareTable, TakeNumbers
from kling_desktop.ui.compare.compare_words import AskedPanel
from kling_desktop.ui.finding_lines import Sentence
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.theme import icon
from kling_desktop.ui.theme.fonts import WORDS, font, scaled
from kling_desktop.ui.theme.tokens import tokens

_WIDTH, _NARROW = 320, 264
_SIDES = 28
"""Pixels left and right of what stands in it."""


class CompareSide(QFrame):
    """Knows no player."""

    extended = Signal(bool)
    """The take that is heard is to be extended; whether the others are rejected with that."""

    again_asked = Signal()
    """Another take is wanted of the one that is heard."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("ground", "panel")
        title = QLabel(tr("Differences"), self)
        title.setFont(font(WORDS, bold=True))
        self.table = CompareTable(self)
        self.words = AskedPanel(self)
        self.rejects = QCheckBox(tr("Reject the others"), self)
        self.extend = QPushButton(icon("extend"), tr("Extend"), self)
        self.extend.setProperty("primary", True)
        self.extend.setIcon(icon("extend", QColor(tokens().onfill)))
        self.extend.setAutoDefault(False)
        self.extend.setProperty("large", True)
        self.extend.setProperty("key_hint", "Ctrl+E")
        self.extend.setMinimumHeight(scaled(36))
        self.again = QPushButton(icon("retry"), tr("Try again"), self)
        self.again.setAutoDefault(False)
        self.again.setToolTip(tr("Another take with the same words"))
        self.again.clicked.connect(self.again_asked)
        self._price = Sentence(parent=self)
        self._price.dress(quiet=True)
        self._priced: tuple[str, str] | None = None
        """Letter and price of what "Try again" would buy."""
        self.extend.clicked.connect(lambda: self.extended.emit(self.rejects.isChecked()))
        column = QVBoxLayout(self)
        column.setContentsMargins(_SIDES - 12, 12, 12, 12)
        column.setSpacing(8)
        column.addWidget(title)
        column.addWidget(self.table)
        column.addSpacing(4)
        column.addWidget(self.words, 1)
        column.addWidget(self._price)
        column.addWidget(self.again)
        column.addWidget(self.rejects)
        column.addWidget(self.extend)

    def show_takes(self, takes: Sequence[TakeNumbers], letters: Sequence[str], heard: int | None) -> None:
        """These takes, in the order in which they are seen; `heard` is the place of the one that is heard."""
        self.table.show_takes(takes, letters, heard)
        self.extend.setText(tr("Extend {letter}", letter=letters[heard]) if heard is not None else tr("Extend"))
        self.extend.setEnabled(heard is not None)
        self.again.setEnabled(heard is not None)
        self._offer_again((letters[heard], _price_of(takes[heard].task)) if heard is not None else None)
        others = [letter for place, letter in enumerate(letters) if place != heard]
        self.rejects.setText(tr("Reject {letters}", letters=tr(", ").join(others)) if others else "")
        self.rejects.setVisible(bool(others))

    def fit(self, window: int) -> None:
        """Be as wide as a window so wide can spare."""
        self.setFixedWidth(scaled(_WIDTH if window >= 1100 else _NARROW))
        self._offer_again(self._priced)

    def _offer_again(self, priced: tuple[str, str] | None) -> None:
        """The price stands in the button; where the words of a language leave it no room, right above it."""
        self._priced = priced
        letter, price = priced or ("", "")
        bare = tr("Try {letter} again", letter=letter) if letter else tr("Try again")
        self.again.setText(tr("Try {letter} again · ≈ {price} units", letter=letter, price=price) if price else bare)
        room = self.minimumWidth() - _SIDES
        is_wide = bool(price) and self.again.minimumSizeHint().width() > room
        if is_wide:
            self.again.setText(bare)
            self._price.setText(tr("≈ {price} units", price=price))
        self._price.setVisible(is_wide)


def _price_of(task: Task) -> str:
    """What this one was charged: the next one is likely to cost the same; empty where nobody knows."""
    return formatting.units(task.units) if task.units is not None else ""
