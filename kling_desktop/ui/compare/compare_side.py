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
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.theme import icon
from kling_desktop.ui.theme.fonts import WORDS, font, scaled
from kling_desktop.ui.theme.tokens import tokens

_WIDTH, _NARROW = 320, 264


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
        self.extend.clicked.connect(lambda: self.extended.emit(self.rejects.isChecked()))
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 12, 12)
        column.setSpacing(8)
        column.addWidget(title)
        column.addWidget(self.table)
        column.addSpacing(4)
        column.addWidget(self.words, 1)
        column.addWidget(self.again)
        column.addWidget(self.rejects)
        column.addWidget(self.extend)

    def show_takes(self, takes: Sequence[TakeNumbers], letters: Sequence[str], heard: int | None) -> None:
        """These takes, in the order in which they are seen; `heard` is the place of the one that is heard."""
        self.table.show_takes(takes, letters, heard)
        self.extend.setText(tr("Extend {letter}", letter=letters[heard]) if heard is not None else tr("Extend"))
        self.extend.setEnabled(heard is not None)
        self.again.setEnabled(heard is not None)
        self.again.setText(_again_words(takes[heard].task, letters[heard]) if heard is not None else tr("Try again"))
        others = [letter for place, letter in enumerate(letters) if place != heard]
        self.rejects.setText(tr("Reject {letters}", letters=tr(", ").join(others)) if others else "")
        self.rejects.setVisible(bool(others))

    def fit(self, window: int) -> None:
        """Be as wide as a window so wide can spare."""
        self.setFixedWidth(scaled(_WIDTH if window >= 1100 else _NARROW))


def _again_words(task: Task, letter: str) -> str:
    """With what this one was charged: the next one is likely to cost the same."""
    if task.units is None:
        return tr("Try {letter} again", letter=letter)
    price = formatting.units(task.units)
    return tr("Try {letter} again · ≈ {price} units", letter=letter, price=price)
