"""The budget's page: caps tell themselves at once, sums and entries are in words, what waits can be sent once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from kling_desktop.domain.units import Cap, CapScope, LedgerEntry, Movement, Span, UnitSums
from kling_desktop.ui.budget.budget_dialog import BudgetDialog
from kling_desktop.ui.budget.cap_entry import CapEntry
from kling_desktop.ui.budget.ledger_model import LedgerModel
from tests.harness.tasks import PROFILE, held_back
from tests.harness.words.reading import said

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Entries:
    """Two hundred and fifty charges, newest first."""

    def __init__(self) -> None:
        self.pages_read = 0

    def count(self, span: Span) -> int:
        return 250

    def page(self, span: Span, offset: int, limit: int) -> list[LedgerEntry]:
        self.pages_read += 1
        return [self._entry(number) for number in range(offset, min(offset + limit, 250))]

    @staticmethod
    def _entry(number: int) -> LedgerEntry:
        return LedgerEntry(
            250 - number, NOON - timedelta(minutes=number), NOON.date(), Movement.CHARGE, Decimal("1.5"),
            f"kd-{number}", "film-1", "", PROFILE.name, "", "extend", "failed",
        )  # fmt: skip


@pytest.fixture
def dialog(qtbot: QtBot) -> BudgetDialog:
    made = BudgetDialog(LedgerModel(Entries(), lambda film_id: "Lantern Lake" if film_id else "No film"))
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_a_cap_is_told_at_once_and_dropped_by_its_switch(qtbot: QtBot) -> None:
    entry = CapEntry()
    qtbot.addWidget(entry)
    said: list[object] = []
    entry.cap_set.connect(lambda *cap: said.append(cap))
    entry.cap_dropped.connect(said.append)
    entry.show_caps([Cap("Kling", CapScope.FILM, Decimal(80)), Cap("Kling", CapScope.DAY, Decimal(9), "of one")])
    assert said == []
    assert (entry.units(CapScope.FILM), entry.units(CapScope.DAY)) == (Decimal(80), None)
    entry.switches[CapScope.DAY].click()
    entry.fields[CapScope.DAY].setValue(12.5)
    entry.switches[CapScope.FILM].click()
    assert said == [(CapScope.DAY, Decimal(50)), (CapScope.DAY, Decimal("12.5")), CapScope.FILM]
    assert not entry.fields[CapScope.FILM].isEnabled()


def test_entries_are_read_page_by_page(dialog: BudgetDialog, qtmodeltester: ModelTester) -> None:
    dialog.entries.show(Span())
    said = [dialog.entries.index(0, column).data() for column in range(6)]
    assert said[1:] == ["Lantern Lake", "Charged · Failed", "1.5", "The clip's own", "Extend"]
    assert dialog.entries.index(249, 3).data() == "1.5"
    qtmodeltester.check(dialog.entries)  # type: ignore[no-untyped-call]  # pytest-qt says no types


def test_headings_stand_over_what_they_head(dialog: BudgetDialog) -> None:
    dialog.entries.show(Span())
    align = Qt.ItemDataRole.TextAlignmentRole
    for column in range(dialog.entries.columnCount()):
        heading = dialog.entries.headerData(column, Qt.Orientation.Horizontal, align)
        assert heading == dialog.entries.index(0, column).data(align)
    dialog.show_groups([("Lantern Lake", Decimal(4))])
    row = dialog.groups.topLevelItem(0)
    assert row is not None
    for column in (1, 2):
        assert dialog.groups.headerItem().textAlignment(column) == row.textAlignment(column)


def test_what_was_charged_in_vain_is_said(dialog: BudgetDialog) -> None:
    dialog.show_sums(UnitSums(Decimal(10), Decimal(2), Decimal(4), Decimal(1)))
    charged = "10 units charged, ≈ $1.40. 2 units are held for takes under way. "
    assert charged + "4 of them charged but rejected. 1 of them failed though charged." in said(dialog)


def test_period_and_grouping_are_asked_for(dialog: BudgetDialog, qtbot: QtBot) -> None:
    with qtbot.waitSignal(dialog.wanted):
        dialog.period.setCurrentIndex(1)
    assert dialog.span("Kling", date(2026, 3, 7)) == Span("Kling", first_day=date(2026, 3, 1))
    dialog.period.setCurrentIndex(3)
    assert dialog.span("Kling", date(2026, 3, 7)) == Span("Kling")
    with qtbot.waitSignal(dialog.wanted):
        dialog.grouping.setCurrentIndex(1)
    assert dialog.column == "film_id"
    dialog.show_groups([("Lantern Lake", Decimal(12))])
    row = dialog.groups.topLevelItem(0)
    assert row is not None
    assert [row.text(column) for column in range(3)] == ["Lantern Lake", "12", "≈ $1.68"]


def test_what_waits_is_sent_once_anyway(dialog: BudgetDialog, qtbot: QtBot) -> None:
    assert not dialog.anyway.isVisible()
    dialog.show_waiting([held_back(1, "Snow falls"), held_back(2, "It thaws")])
    dialog.waiting.setCurrentRow(1)
    dialog.show_waiting([held_back(2, "It thaws")])
    with qtbot.waitSignal(dialog.anyway_asked) as asked:
        QTest.mouseClick(dialog.anyway, Qt.MouseButton.LeftButton)
    assert asked.args == [held_back(2).id]
