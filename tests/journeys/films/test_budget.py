"""The budget in the window: a cap holds takes back, one is sent anyway, and the ledger says what was spent."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog, QLineEdit, QPushButton

from kling_desktop.domain.tasks import Task
from kling_desktop.domain.units import CapScope
from kling_desktop.errors import OverBudget, Remedy
from kling_desktop.studio.tasks.recovery import remedy_of
from kling_desktop.ui.budget.budget_dialog import BudgetDialog
from tests.harness.words.reading import said
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator


async def _opened(creator: Creator) -> BudgetDialog:
    creator.window.bar.budget_asked.emit()
    dialog = await creator.sees(lambda: creator.window.findChild(BudgetDialog), "the budget")
    await creator.sees(dialog.isActiveWindow, "the budget to be shown")
    return dialog


async def _spend_all(creator: Creator) -> None:
    """One take, from which its price is known, and no more today."""
    creator.asks(creator.clip_id("dawn-lake"), "It begins to rain")
    await creator.sees_take()
    dialog = await _opened(creator)
    creator.clicks(dialog.caps.switches[CapScope.DAY])
    dialog.caps.fields[CapScope.DAY].setValue(0)
    dialog.close()
    creator.window.activateWindow()
    await creator.sees(creator.window.isActiveWindow, "the window again")


def _held_back(creator: Creator) -> Task | None:
    task = creator.newest()
    return task if task is not None and task.trouble is not None else None


async def test_a_cap_holds_back_and_one_is_sent_anyway(start: Start, tmp_path: Path) -> None:
    async with start() as creator:
        await _spend_all(creator)
        creator.asks(creator.clip_id("dawn-lake"), "Snow falls")
        task = await creator.sees(lambda: _held_back(creator), "it to be held back")
        assert task.trouble is not None
        assert task.trouble.error == OverBudget.__name__
        assert remedy_of(task) is Remedy.SEND_ANYWAY
        assert creator.ask("audit")["totals"]["created"] == 1

        dialog = await _opened(creator)
        await creator.sees(dialog.anyway.isVisible, "what waits")
        creator.clicks(dialog.anyway)
        await creator.sees_take()
        await creator.sees(lambda: "units charged" in said(dialog) and dialog.entries.rowCount() > 1, "the sums")
        assert "0 units charged" not in said(dialog)
        assert not dialog.anyway.isVisible()
        dialog.grouping.setCurrentIndex(3)
        row = dialog.groups.topLevelItem(0)
        assert row is not None
        assert row.text(0) == "Extend"

        creator.clicks(dialog.export)
        chooser = await creator.sees(lambda: dialog.findChild(QFileDialog), "the save dialog")
        name, buttons = chooser.findChild(QLineEdit), chooser.findChild(QDialogButtonBox)
        assert isinstance(name, QLineEdit)
        assert isinstance(buttons, QDialogButtonBox)
        name.setText(str(tmp_path / "spent.csv"))
        save = buttons.button(QDialogButtonBox.StandardButton.Save)
        assert isinstance(save, QPushButton)
        creator.clicks(save)
        await creator.sees((tmp_path / "spent.csv").exists, "the file")
        assert b"charge" in (tmp_path / "spent.csv").read_bytes()


async def test_the_doctor_and_the_list_offer_to_send_it_once(start: Start) -> None:
    async with start() as creator:
        await _spend_all(creator)
        creator.asks(creator.clip_id("dawn-lake"), "Snow falls")
        await creator.sees(lambda: _held_back(creator), "it to be held back")
        await creator.sees(creator.window.doctor.isVisible, "the doctor")
        assert creator.window.doctor.button.text() == "Send once anyway · ≈ 1–3.5 units"
        assert creator.tasks.actions_by_name["send_anyway"].isEnabled()
        creator.presses(creator.window.doctor.button, Qt.Key.Key_Space)
        await creator.sees_take()


async def test_what_a_unit_costs_is_the_creators_to_say(start: Start) -> None:
    async with start() as creator:
        creator.asks(creator.clip_id("dawn-lake"), "It begins to rain")
        await creator.sees_take()
        rest = creator.window.film.ruler.rest
        await creator.sees(lambda: re.search(r"≈ (\d+) units, \$\S+", rest.text()), "what is missing, in money")
        dialog = await _opened(creator)
        await creator.sees(lambda: "2 units charged, ≈ $0.28." in said(dialog), "Kling's list price")
        dialog.price.selectAll()
        QTest.keyClicks(dialog.price, "0,1")
        creator.presses(dialog.price, Qt.Key.Key_Return)
        assert "2 units charged, ≈ $0.20." in said(dialog)
        found = re.search(r"≈ (\d+) units, \$([0-9.]+)", rest.text())
        assert found is not None
        assert Decimal(found[2]) * 10 == Decimal(found[1])
    async with start() as creator:
        assert "$0.10" in (await _opened(creator)).price.text()
