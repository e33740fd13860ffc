"""A plan in the window: pasted, run, stopped by a bad seam, answered by a click, killed on the way, ended."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from kling_desktop.sandbox.server import Sandbox
from kling_desktop.ui.film.film_view import CardKind
from kling_desktop.ui.shell.toasts import Toast
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator
from tests.journeys.films.lane import (
    SIX,
    THREE,
    TWO,
    accept_drift_until,
    cards,
    click_card,
    is_kept,
    listed_tasks,
    made,
    paste,
    pick_first_clip,
    plan_six_by_two,
    start_and_kill,
)


@pytest.mark.timeout(180)
async def test_six_pasted_hops_stop_at_the_bad_seam_and_end_after_a_click(start: Start) -> None:
    async with start() as creator:
        await plan_six_by_two(creator)
        head = creator.window.film.head
        creator.tell("faults", on="create", do="seam", plant="colour", after=4, times=2)
        creator.clicks(head.run)
        await creator.sees(head.accept.isVisible, "the plan to stop", 90)
        said = head.words.accessibleName() or head.words.toolTip()
        assert "3" in said, said
        assert "colour" in said, said
        assert creator.ask("audit")["totals"]["created"] == 6
        creator.clicks(head.accept)
        await _goes_on_to(creator, SIX.splitlines())
        await creator.sees(
            lambda: sum(is_kept(task) for task in listed_tasks(creator)) == 12, "both takes of each hop", 60
        )
        books = creator.ask("audit")
        assert books["totals"]["created"] == 12
        assert all(entry["created"] == 1 for entry in books["tasks"].values())
        spent = sum((task.units or Decimal(0)) for task in listed_tasks(creator))
        assert spent == Decimal(str(books["totals"]["units_charged"]))


@pytest.mark.timeout(180)
async def test_a_hop_with_a_bad_seam_is_tried_again_by_a_click_that_names_its_price(start: Start) -> None:
    async with start() as creator:
        await pick_first_clip(creator)
        await _write_two_in_the_form(creator)
        head = creator.window.film.head
        creator.tell("faults", on="create", do="seam", plant="colour", times=1)
        creator.clicks(head.run)
        await creator.sees(head.again.isVisible, "the plan to stop", 90)
        assert "unit" in head.again.text(), head.again.text()
        assert creator.ask("audit")["totals"]["created"] == 1
        creator.clicks(head.again)
        await creator.sees(lambda: made(creator)[1:] == TWO.splitlines(), "both in the film", 90)
        books = creator.ask("audit")
        assert books["totals"]["created"] == 3
        assert all(entry["created"] == 1 for entry in books["tasks"].values())


@pytest.mark.timeout(180)
async def test_a_cleaner_take_of_another_try_takes_the_place_of_the_pick_and_that_is_taken_back(start: Start) -> None:
    async with start() as creator:
        await pick_first_clip(creator)
        await paste(creator, TWO)
        head, lane = creator.window.film.head, creator.window.film.cards
        creator.tell("faults", on="create", do="seam", plant="colour", times=1)
        creator.clicks(head.run)
        await creator.sees(head.again.isVisible, "the plan to stop", 90)
        click_card(creator, 1)
        lane.setFocus()
        creator.presses(lane, Qt.Key.Key_1)
        await creator.sees(lambda: "Pick take" in creator.window.menu_bar.commands["undo"].text(), "the pick")
        creator.clicks(head.again)
        await creator.sees(lambda: _said_of_pick(creator), "that the plan has picked the new one", 90)
        await creator.sees(lambda: made(creator)[1:] == TWO.splitlines(), "both in the film", 90)
        assert creator.ask("audit")["totals"]["created"] == 3
        toast = creator.window.notices.bar(_said_of_pick(creator))
        assert isinstance(toast, Toast)
        assert toast.action is not None
        creator.clicks(toast.action)
        await creator.sees(lambda: [card.take for card in cards(creator, CardKind.MADE)][1:] == [1], "the old pick")


def _said_of_pick(creator: Creator) -> str:
    told = "the plan has picked take 2 of hop 1 in place of take 1"
    return next((text for text in creator.window.notices.texts() if told in text), "")


async def _write_two_in_the_form(creator: Creator) -> None:
    """What became a planned hop is not sent by the form as well, by habit."""
    for hops, words in enumerate(TWO.splitlines(), 1):
        creator.writes(words)
        creator.form.foot.plan.trigger()
        await creator.sees(partial(_are_planned, creator, hops), "the planned hop")
        creator.form.submit()
        assert (creator.form.button.text(), creator.form.button.isEnabled()) == ("Planned", False)


def _are_planned(creator: Creator, hops: int) -> bool:
    return len(cards(creator, CardKind.PLANNED)) == hops


@pytest.mark.timeout(180)
async def test_a_plan_that_is_killed_goes_on_and_sends_nothing_again(
    start: Start, sandbox: Sandbox, data_dir: Path
) -> None:
    async with start() as creator:
        await pick_first_clip(creator)
        await paste(creator, THREE)
        sandbox.fault(on="create", do="stuck", times=1, after=1)
        creator.clicks(creator.window.film.head.run)
        await creator.sees(lambda: len(made(creator)) == 2, "the first hop", 60)
        # Not earlier: what is on its way when the window closes may never arrive, and is then asked about.
        await creator.sees(lambda: any(task.status.at_kling for task in listed_tasks(creator)), "the second at Kling")
    for _ in range(2):
        await asyncio.to_thread(start_and_kill, data_dir, sandbox)
    async with start() as creator:
        stuck = next(task for task in listed_tasks(creator) if task.status.at_kling)
        creator.tell("finish", id=stuck.kling_id)
        await creator.sees(lambda: made(creator)[1:] == THREE.splitlines(), "all three in the film", 120)
        books = creator.ask("audit")
        assert books["totals"]["created"] == 3
        assert all(entry["created"] == 1 for entry in books["tasks"].values())


async def _goes_on_to(creator: Creator, words: list[str]) -> None:
    await accept_drift_until(creator, lambda: made(creator)[1:] == words, "all the hops in the film")


async def test_hops_that_fill_the_film_say_that_they_have_no_words_before_they_are_run(start: Start) -> None:
    async with start() as creator:
        creator.asks(creator.clip_id("dawn-lake"), "It begins to rain")
        await creator.sees_take()
        head, rest = creator.window.film.head, creator.window.film.ruler.rest
        await creator.sees(rest.isVisible, "what is missing")
        creator.clicks(rest)
        planned = await creator.sees(lambda: len(cards(creator, CardKind.PLANNED)), "the hops to the limit")
        said = f"{planned} hops are sent without words"
        await creator.sees(lambda: head.words.words.endswith(said), "that they have no words")
        assert head.run.toolTip() == said
        assert creator.window.focusWidget() is creator.window.film.cards
        assert creator.ask("audit")["totals"]["created"] == 1
