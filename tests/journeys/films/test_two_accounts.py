"""A plan belongs to its account: another one, chosen meanwhile, neither sends nor pays for it, and that is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from kling_desktop.domain.accounts import SANDBOX
from kling_desktop.domain.units import CapScope
from kling_desktop.sandbox.server import Sandbox
from kling_desktop.ui.budget.budget_dialog import BudgetDialog
from kling_desktop.ui.film.film_view import CardKind
from kling_desktop.ui.film.film_words import spoken
from kling_desktop.ui.rail.rail import QUEUE
from tests.harness.media.films import film
from tests.journeys.account.two_accounts import connect_other_account
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator
from tests.journeys.extending.dropping import drops
from tests.journeys.films.lane import cards, made, paste, pick_first_clip, said_by_head

WORDS = "The boat turns"


def _said_of_running(creator: Creator) -> str:
    return " ".join(spoken(card) for card in cards(creator, CardKind.RUNNING))


def _parked(creator: Creator) -> list[str]:
    rows = creator.window.queue_list.rows
    return [task.extension.prompt for row in range(rows.rowCount()) if (task := rows.task(row)) and task.trouble]


@pytest.mark.timeout(60)
async def test_the_plan_of_one_account_goes_on_with_it_while_another_is_chosen(start: Start, sandbox: Sandbox) -> None:
    async with start() as creator:
        window, first = creator.window, creator.program.preferences.profile
        await pick_first_clip(creator)
        await paste(creator, WORDS)
        window.bar.budget_asked.emit()
        dialog = await creator.sees(lambda: window.findChild(BudgetDialog), "the budget")
        creator.clicks(dialog.caps.switches[CapScope.DAY])
        dialog.caps.fields[CapScope.DAY].setValue(0)
        assert "sent with" not in said_by_head(creator)
        creator.clicks(window.film.head.run)
        await creator.sees(dialog.anyway.isVisible, "the hop to wait for the budget")
        await creator.sees(lambda: "1 over budget" in _said_of_running(creator), "its card to say so")

        second = await connect_other_account(creator, sandbox)
        assert second != first
        await creator.sees(lambda: "sent with This session" in said_by_head(creator), "with which account it goes on")
        assert not dialog.caps.switches[CapScope.DAY].isChecked(), "the caps of the account that is chosen"
        assert not dialog.anyway.isVisible()
        window.show_rail(QUEUE)
        await creator.sees(lambda: _parked(creator) == [WORDS], "what waits for the other account's budget")

        creator.clicks(dialog.caps.switches[CapScope.DAY])
        dialog.caps.fields[CapScope.DAY].setValue(99)
        assert creator.ask("audit")["totals"]["created"] == 0, "a cap of the one lets nothing of the other go"
        window.account.chosen.emit(first)
        await creator.sees(dialog.anyway.isVisible, "the first account's page again")
        assert dialog.caps.fields[CapScope.DAY].value() == 0
        window.account.chosen.emit(second)
        task = next(task for row in range(9) if (task := window.queue_list.rows.task(row)))
        creator.tasks.queue_asked.emit("send_anyway", [task])
        await creator.sees(lambda: made(creator)[1:] == [WORDS], "it in the film")
        assert [job["own"] for job in creator.ask("shelf") if job["external_task_id"] == task.id] == [True]
        await creator.sees(lambda: "sent with" not in said_by_head(creator), "nothing to come to be paid by anybody")


async def test_a_continuation_is_sent_with_the_account_that_was_chosen_when_it_was_asked_for(
    start: Start, tmp_path: Path
) -> None:
    async with start() as creator:
        first = creator.program.preferences.profile
        drops(creator.window, film(tmp_path / "Pond.mp4", range(30), size=(320, 320)))
        await creator.sees(lambda: creator.form.extension().video_id.startswith("file:"), "the video in the form")
        creator.writes("A duck lands")
        creator.presses(creator.form.fields.prompt.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        assert creator.newest() is None, "its picture is still being taken"
        creator.window.account.chosen.emit(SANDBOX)
        task = await creator.sees(creator.newest, "the take")
        assert (creator.program.preferences.profile, task.profile) == (SANDBOX, first)
