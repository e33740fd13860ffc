"""What continued takes, their siblings and what is tried again cost: said before, charged so, never past a cap."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QToolButton

from kling_desktop.domain.tasks import Pick, Status, Task
from kling_desktop.domain.units import CapScope
from kling_desktop.errors import OverBudget, OverFilmBudget
from kling_desktop.ui.budget.budget_dialog import BudgetDialog
from kling_desktop.ui.compare.compare import Comparison
from kling_desktop.ui.film.film_view import CardKind
from kling_desktop.ui.rail.rail import QUEUE
from tests.harness.media.films import film
from tests.harness.words.reading import said
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator
from tests.journeys.extending.dropping import drops
from tests.journeys.films.lane import cards, click_card, is_kept, listed_tasks, made, paste, said_by_head

SHIFT = Qt.KeyboardModifier.ShiftModifier


async def _drops(creator: Creator, folder: Path) -> None:
    drops(creator.window, film(folder / "Pond.mp4", range(30), size=(320, 180)))
    await creator.sees(lambda: creator.form.extension().video_id.startswith("file:"), "the video in the form")


async def _caps(creator: Creator, scope: CapScope, units: float) -> None:
    creator.window.bar.budget_asked.emit()
    dialog = await creator.sees(lambda: creator.window.findChild(BudgetDialog), "the budget")
    await creator.sees(dialog.isActiveWindow, "the budget to be shown")
    if not dialog.caps.switches[scope].isChecked():
        creator.clicks(dialog.caps.switches[scope])
    dialog.caps.fields[scope].setValue(units)
    dialog.close()
    creator.window.activateWindow()
    await creator.sees(creator.window.isActiveWindow, "the window again")


def _kept(creator: Creator) -> int:
    return sum(is_kept(task) for task in listed_tasks(creator))


def _rejected(creator: Creator) -> int:
    return sum(task.pick is Pick.REJECTED for task in listed_tasks(creator))


def _said_today(creator: Creator) -> str:
    return creator.window.bar.budget.accessibleName()


def _charged(creator: Creator) -> float:
    return float(creator.ask("audit")["totals"]["units_charged"])


def _held_back(creator: Creator, error: type[OverBudget]) -> bool:
    task = creator.newest()
    trouble = task.trouble if task is not None and task.status is Status.QUEUED else None
    return trouble is not None and trouble.error == error.__name__


def _queue(creator: Creator) -> list[str]:
    rows = creator.window.queue_list.rows
    return [str(rows.index(row).data()) for row in range(rows.rowCount())]


@pytest.mark.timeout(120)
async def test_siblings_of_a_continued_take_keep_to_the_budget_of_their_film(start: Start, tmp_path: Path) -> None:
    async with start() as creator:
        await _drops(creator, tmp_path)
        foot = creator.form.foot
        foot.show_count(3)
        creator.writes("A duck lands")
        assert "≈ 9 units" in foot.text(), "kling-v3, std, 5 s: 0.6 a second, by Kling's own table"
        assert "3 takes × 3" in foot.text()
        creator.clicks(creator.form.button)
        await creator.sees(lambda: _kept(creator) == 3, "three takes")
        await creator.sees(lambda: "9 units" in _said_today(creator), "them on the chip")
        assert _charged(creator) == 9

        await _caps(creator, CapScope.FILM, 12)
        click_card(creator, 1)
        creator.presses(creator.window.film.cards, Qt.Key.Key_E, SHIFT)
        prompt = creator.form.fields.prompt.edit
        await creator.sees(lambda: prompt.toPlainText() == "A duck lands", "the words of that take")
        creator.writes("A duck lands softly")
        foot.show_count(2)
        assert "≈ 6 units" in foot.text()
        creator.clicks(creator.form.button)
        await creator.sees(lambda: _kept(creator) == 4, "the one that fits")
        await creator.sees(lambda: _held_back(creator, OverFilmBudget), "the other to wait")
        assert _charged(creator) == 12
        await creator.sees(lambda: "12 units" in _said_today(creator), "the sum on the chip")
        card = cards(creator, CardKind.MADE)[-1]
        assert (card.takes, card.waiting, card.over_budget) == (5, 1, 1)
        creator.writes("A duck lands very softly")
        assert "0 of 12 units are left for the film: all 2 takes will wait" in foot.text(), foot.text()
        assert "tomorrow" not in foot.text(), "a new day does not help it"
        creator.window.show_rail(QUEUE)
        await creator.sees(
            lambda: "Waiting for a film's or plan's budget 1" in _queue(creator), "its head in the queue"
        )
        assert not [line for line in _queue(creator) if "tomorrow" in line]

        await _caps(creator, CapScope.FILM, 15)
        await creator.sees(lambda: _kept(creator) == 5, "it to go once it fits")
        assert _charged(creator) == 15
        await creator.sees(
            lambda: "0 of 15 units are left for the film: all 2 takes will wait" in foot.text(), "that it is used up"
        )

        click_card(creator, 1)
        creator.presses(creator.window.film.cards, Qt.Key.Key_C)
        comparison = await creator.sees(lambda: creator.window.findChild(Comparison), "four of the five side by side")
        await creator.sees(comparison.isVisible, "the comparison to be shown")
        assert len(comparison.tasks) == 4
        creator.presses(comparison.stage, Qt.Key.Key_X)
        creator.presses(comparison.stage, Qt.Key.Key_Escape)
        await creator.sees(lambda: _rejected(creator) == 1, "one to be rejected")
        creator.window.bar.budget_asked.emit()
        dialog = await creator.sees(lambda: creator.window.findChild(BudgetDialog), "the budget")
        await creator.sees(lambda: "15 units charged, ≈ $2.10. 3 of them charged but rejected." in said(dialog), "sums")
        dialog.grouping.setCurrentIndex(3)
        group = dialog.groups.topLevelItem(0)
        assert group is not None
        assert [group.text(column) for column in range(2)] == ["Continue", "15"]


@pytest.mark.timeout(160)
async def test_what_is_tried_again_costs_what_was_named(start: Start, tmp_path: Path) -> None:
    async with start() as creator:
        await _drops(creator, tmp_path)
        await creator.sees(lambda: len(made(creator)) == 1, "its film")
        await paste(creator, "A duck lands\nRain begins")
        head = creator.window.film.head
        creator.clicks(head.takes.findChildren(QToolButton)[1])
        creator.clicks(head.gates.findChildren(QAbstractButton)[0])
        await creator.sees(lambda: {card.takes for card in cards(creator, CardKind.PLANNED)} == {2}, "two takes each")
        assert [card.units for card in cards(creator, CardKind.PLANNED)] == [6, 6]
        creator.clicks(head.run)
        for tried in (1, 2):
            await creator.sees(lambda: _kept(creator) == 2 * tried and head.again.isVisible(), "the gate", 60)  # noqa: B023 - awaited in this turn
            assert head.again.text() == "Try hop 1 again · 6 units"
            assert "1 hop waits, uncharged" in said_by_head(creator)
            assert _charged(creator) == 6 * tried
            await creator.sees(lambda: f"{6 * tried} units" in _said_today(creator), "the sum on the chip")  # noqa: B023 - as above
            creator.clicks(head.again if tried == 1 else head.accept)
        await creator.sees(lambda: _kept(creator) == 6, "hop 2", 60)
        assert _charged(creator) == 18
        await creator.sees(lambda: "18 units" in _said_today(creator), "the sum on the chip")
        tried_again = cards(creator, CardKind.MADE)[1]
        assert (tried_again.take, tried_again.takes) == (4, 4), "the newest of four, as nobody picked another"
        click_card(creator, 2)
        await creator.sees(lambda: creator.viewer.duration_seconds > 10, "the whole film on the stage")
        whole = creator.viewer.duration_seconds
        made_seconds = sum(card.seconds for card in cards(creator, CardKind.MADE))
        assert made_seconds == pytest.approx(whole, abs=3 / 24)


@pytest.mark.timeout(160)
async def test_four_takes_and_a_plan_of_continued_takes_keep_to_the_day(start: Start, tmp_path: Path) -> None:
    async with start() as creator:
        await _drops(creator, tmp_path)
        await creator.sees(lambda: len(made(creator)) == 1, "its film")
        await _caps(creator, CapScope.DAY, 10)
        foot, head = creator.form.foot, creator.window.film.head
        foot.show_count(4)
        creator.writes("A duck lands")
        assert "10 of 10 units are left today: 3 of 4 takes go, 1 will wait" in foot.text(), "twelve are asked for"
        creator.clicks(foot.takes.findChildren(QToolButton)[2])
        assert foot.text().endswith("10 of 10 units are left today"), "nine fit"
        creator.clicks(foot.takes.findChildren(QToolButton)[3])
        creator.clicks(creator.form.button)
        await creator.sees(lambda: _kept(creator) == 3, "the three that fit", 60)
        await creator.sees(lambda: any(_over_today(task) for task in listed_tasks(creator)), "the fourth to wait")
        assert (_charged(creator), _said_today(creator)) == (9, "9 of 10, takes wait")

        await paste(creator, "Rain begins")
        creator.clicks(head.takes.findChildren(QToolButton)[3])
        creator.clicks(head.gates.findChildren(QAbstractButton)[2])
        await creator.sees(lambda: {card.takes for card in cards(creator, CardKind.PLANNED)} == {4}, "four takes")
        creator.clicks(head.run)
        await creator.sees(lambda: sum(map(_over_today, listed_tasks(creator))) == 5, "its takes to wait too")
        assert _charged(creator) == 9
        await _caps(creator, CapScope.DAY, 17)
        await creator.sees(lambda: _kept(creator) == 5, "two more, the one by hand among them", 60)
        assert sum(task.extension.prompt == "A duck lands" and is_kept(task) for task in listed_tasks(creator)) == 4
        await _caps(creator, CapScope.DAY, 5)
        assert "15 of 5" in _said_today(creator), _said_today(creator)
        assert _charged(creator) == 15
        await _caps(creator, CapScope.DAY, 100)
        await creator.sees(lambda: _kept(creator) == 8, "all of them", 60)
        await creator.sees(lambda: made(creator)[1:] == ["A duck lands", "Rain begins"], "both hops")
        assert (_charged(creator), _said_today(creator)) == (24, "24 of 100 units today")


def _over_today(task: Task) -> bool:
    trouble = task.trouble if task.status is Status.QUEUED else None
    return trouble is not None and trouble.error == OverBudget.__name__
