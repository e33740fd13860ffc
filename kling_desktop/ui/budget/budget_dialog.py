"""The budget's page: what may be spent, what waits for it, and the ledger with its sums."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QTableView,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from kling_desktop.domain.tasks import Task
from kling_desktop.domain.units import PRICE_PER_UNIT, Cap, Span, UnitSums
from kling_desktop.ui import formatting, theme
from kling_desktop.ui.budget import ledger_words
from kling_desktop.ui.budget.cap_entry import CapEntry, price_words
from kling_desktop.ui.budget.ledger_model import LedgerModel
from kling_desktop.ui.budget.units_field import PriceField
from kling_desktop.ui.finding_lines import Sentence
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.theme.layouts import nest
from kling_desktop.ui.theme.room import roomy

_ID = int(Qt.ItemDataRole.UserRole)
_WAITING_ROWS = 3
_NUMBERS = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class BudgetDialog(QDialog):
    """Show it with `show()`. It decides nothing: each wish leaves as a signal."""

    wanted = Signal()
    """Period or grouping are others now: sums and entries are to be shown anew."""
    anyway_asked = Signal(str)
    """Id of a waiting task that is to be sent once whatever the caps say."""
    export_asked = Signal(str)
    """Path of the file that the entries are to be written to."""
    unit_priced = Signal(object)
    """What a unit costs the creator from now on: Decimal US dollars."""

    def __init__(self, entries: LedgerModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Budget"))
        self.entries = entries
        self.caps = CapEntry(parent=self)
        self.price = PriceField(self)
        self._unit_price = PRICE_PER_UNIT
        self.waiting = QListWidget(self)
        self.anyway = QPushButton(tr("Send once anyway"), self)
        self.period = QComboBox(self)
        self.grouping = QComboBox(self)
        self.groups = QTreeWidget(self)
        self.table = QTableView(self)
        self.export = QPushButton(theme.icon("save"), tr("Export as CSV…"), self)
        self.close_button = QPushButton(tr("Close"), self)
        self._sums = Sentence(parent=self)
        self._waits = QLabel(tr("Waits for the budget"), self)
        self._shape()
        self._lay_out()
        self._connect()
        self.show_waiting(())

    # --- faces ---------------------------------------------------------------------------------------------------

    def span(self, profile_name: str, today: date) -> Span:
        """The stretch of the ledger that is chosen."""
        days = self.period.currentData()
        return Span(profile_name, first_day=None if days is None else today - timedelta(days=days - 1))

    def show_caps(self, caps: Sequence[Cap], unit_price: Decimal) -> None:
        """What may be spent, and what a unit costs; sums are told at that price from now on."""
        self._unit_price = unit_price
        self.caps.show_caps(caps, unit_price)
        with QSignalBlocker(self.price):
            self.price.setValue(float(unit_price))

    def show_sums(self, sums: UnitSums) -> None:
        self._sums.setText(" ".join(ledger_words.sum_sentences(sums, self._unit_price)))

    def show_groups(self, groups: Sequence[tuple[str, Decimal]]) -> None:
        """Charged units by what is chosen, in words."""
        self.groups.setHeaderLabels([ledger_words.column_words(self.column), tr("Units"), tr("Price")])
        self.groups.clear()
        for words, units in groups:
            row = QTreeWidgetItem(self.groups, [words, formatting.units(units), price_words(units, self._unit_price)])
            for column in (1, 2):
                row.setTextAlignment(column, _NUMBERS)

    def show_waiting(self, tasks: Sequence[Task]) -> None:
        """Tasks that do not fit; the row that was chosen stays so."""
        chosen = self.waiting.currentItem().data(_ID) if self.waiting.currentItem() else ""
        self.waiting.clear()
        for task in tasks:
            item = QListWidgetItem(task.extension.prompt or tr("Without words"), self.waiting)
            item.setData(_ID, task.id)
            if task.id == chosen:
                self.waiting.setCurrentItem(item)
        if tasks and self.waiting.currentItem() is None:
            self.waiting.setCurrentRow(0)
        for widget in (self._waits, self.waiting, self.anyway):
            widget.setVisible(bool(tasks))

    @property
    def column(self) -> str:
        """What is summed up by: one of `ledger_words.COLUMNS`."""
        return str(self.grouping.currentData())

    def sizeHint(self) -> QSize:
        return roomy(self, 820, 700)

    # --- how it is built -----------------------------------------------------------------------------------------

    def _shape(self) -> None:
        for words, days in ((tr("Today"), 1), (tr("7 days"), 7), (tr("30 days"), 30), (tr("All time"), None)):
            self.period.addItem(words, days)
        self.period.setCurrentIndex(2)
        self.period.setAccessibleName(tr("Period"))
        for column in ledger_words.COLUMNS:
            self.grouping.addItem(ledger_words.column_words(column), column)
        self.grouping.setAccessibleName(tr("Sums by"))
        for table in (self.groups, self.table):
            table.setProperty("columns", True)
        self.groups.setRootIsDecorated(False)
        self.groups.setAccessibleName(tr("Sums"))
        self.groups.setMinimumHeight(96)
        self.groups.setColumnCount(3)
        for number in (1, 2):
            self.groups.headerItem().setTextAlignment(number, _NUMBERS)
        self.groups.header().setStretchLastSection(False)
        self.groups.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.table.setModel(self.entries)
        self.table.setAccessibleName(tr("Entries"))
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.setWordWrap(False)
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setHighlightSections(False)  # whole rows are chosen
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.price.setAccessibleName(tr("A unit costs"))
        self.price.setToolTip(
            tr("By Kling's list $0.14; write what your packs cost you. Prices beside sums follow it.")
        )
        self.waiting.setAccessibleName(tr("Waits for the budget"))
        self.waiting.setMaximumHeight(_WAITING_ROWS * 28 + 4)
        for button in (self.anyway, self.export, self.close_button):
            button.setAutoDefault(False)

    def _lay_out(self) -> None:
        waiting = QHBoxLayout()
        waiting.addWidget(self.waiting, 1)
        waiting.addWidget(self.anyway, 0, Qt.AlignmentFlag.AlignTop)
        choice = QHBoxLayout()
        choice.addWidget(self._heading(tr("Spent")))
        choice.addWidget(self.period)
        choice.addStretch(1)
        choice.addWidget(QLabel(tr("Sums by"), self))
        choice.addWidget(self.grouping)
        foot = QHBoxLayout()
        foot.addWidget(self.export)
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(4 * (2 * theme.GAP,)))
        column.setSpacing(theme.GAP)
        column.addWidget(self.caps)
        self.caps.add_below(tr("A unit costs"), self.price)
        self._waits.setProperty("heading", True)
        column.addWidget(self._waits)
        nest(column, waiting)
        column.addSpacing(theme.GAP)
        nest(column, choice)
        column.addWidget(self._sums)
        column.addWidget(self.groups, 1)
        column.addWidget(self._heading(tr("Entries")))
        column.addWidget(self.table, 2)
        nest(column, foot)

    def _heading(self, words: str) -> QLabel:
        heading = QLabel(words, self)
        heading.setProperty("heading", True)
        return heading

    def _connect(self) -> None:
        self.period.currentIndexChanged.connect(lambda _: self.wanted.emit())
        self.grouping.currentIndexChanged.connect(lambda _: self.wanted.emit())
        self.anyway.clicked.connect(self._ask_anyway)
        self.price.valueChanged.connect(lambda price: self.unit_priced.emit(Decimal(str(round(price, 4)))))
        self.export.clicked.connect(self._choose_file)
        self.close_button.clicked.connect(self.reject)

    def _ask_anyway(self) -> None:
        item = self.waiting.currentItem()
        if item is not None:
            self.anyway_asked.emit(item.data(_ID))

    def _choose_file(self) -> None:
        dialog = QFileDialog(self, tr("Export as CSV"), "", tr("Table (*.csv)"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.fileSelected.connect(self.export_asked)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
