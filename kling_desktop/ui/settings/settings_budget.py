"""Settings, Budget: what may be spent at most with the account that is chosen."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from kling_desktop.ui import theme
from kling_desktop.ui.budget.cap_entry import CapEntry
from kling_desktop.ui.finding_lines import Sentence
from kling_desktop.ui.i18n import tr


class BudgetPage(QWidget):
    """Tells each cap at once, as the budget's own page does."""

    ledger_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.caps = CapEntry(parent=self, dots=True)
        self._account = Sentence(parent=self)
        self._account.dress(quiet=True)
        self.ledger = QPushButton(tr("Show what was spent…"), self)
        self.ledger.setAutoDefault(False)
        self.ledger.clicked.connect(lambda: self.ledger_asked.emit())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.GAP, 2 * theme.GAP, theme.GAP)
        column.setSpacing(theme.GAP)
        column.addWidget(self._account)
        column.addWidget(self.caps)
        column.addWidget(self.ledger, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)

    def show_account(self, name: str) -> None:
        """Say whose budget it is."""
        self._account.setText(tr("These limits are for the account {name}; each account has its own.", name=name))
