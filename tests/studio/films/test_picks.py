"""Picks and the takes' own marks say the same, whatever was picked, rejected, merged, split off and taken back."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from kling_desktop.domain.tasks import Pick, Task
from kling_desktop.store.films.films import FilmRecords
from kling_desktop.store.library import Library
from kling_desktop.studio.feed import BranchLeft, Fact, Feed, TaskChanged
from kling_desktop.studio.films.films import Films
from kling_desktop.studio.films.picks import Picks
from kling_desktop.studio.films.tree import Tree
from kling_desktop.studio.films.undo import Undo
from kling_desktop.studio.tasks.ledger import Ledger
from tests.harness.tasks import NOON
from tests.store.films.taking import continued, grown, take

_STATE = (
    "SELECT id, name FROM film",
    "SELECT id, film_id, parent_id, path, hop, way, task_id, clip_id FROM take",
    "SELECT slot, take_id FROM pick",
    "SELECT id, pick FROM task",
)
_DISAGREEING = """
    SELECT take.id, task.pick, pick.take_id FROM take JOIN task ON task.id = take.task_id
    LEFT JOIN pick ON pick.slot = take.slot WHERE (task.pick = 'picked') <> (pick.take_id IS take.id)"""
_ELSEWHERE = "SELECT pick.slot, take.id FROM pick JOIN take ON take.id = pick.take_id WHERE take.slot <> pick.slot"


@dataclass
class Desk:
    """Two films and a continued branch of one of them, split off; with all that may be done to takes."""

    library: Library
    records: FilmRecords
    films: Films
    picks: Picks
    tree: Tree
    undo: Undo = field(default_factory=Undo)
    told: dict[str, Pick] = field(default_factory=dict)
    """By task the pick that was told last: what the list of all takes shows."""
    left: list[str] = field(default_factory=list)
    """Takes that were told to have gone from their film with what hangs below them."""

    def state(self) -> list[list[str]]:
        return [sorted(repr(tuple(row)) for row in self.library.database.rows(statement)) for statement in _STATE]

    def names(self, table: str) -> list[str]:
        return [str(row["id"]) for row in self.library.database.rows(f"SELECT id FROM {table} ORDER BY id")]  # noqa: S608 - a literal of ours

    async def check(self) -> None:
        """What holds at any moment."""
        await asyncio.sleep(0)  # what happened is told in the next turn of the loop
        for statement in (_DISAGREEING, _ELSEWHERE):
            assert [tuple(row) for row in self.library.database.rows(statement)] == []
        for film_id in self.names("film"):
            takes = [state.take for state in self.tree.path(film_id).takes]
            assert [each.parent_id for each in takes[1:]] == [each.id for each in takes[:-1]]
            assert not takes or takes[0].parent_id == ""
        now = {str(row["id"]): Pick(row["pick"]) for row in self.library.database.rows("SELECT id, pick FROM task")}
        assert {id: self.told.get(id, Pick.UNDECIDED) for id in now} == now


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    library = Library.open(tmp_path / "library.sqlite3")
    feed, undo, records = Feed(), Undo(), FilmRecords(library.database)
    ledger = Ledger(library, feed)

    def forget(task_id: str) -> Task:
        task = ledger.current(task_id)
        ledger.forget(task_id)
        return task

    grown(library, take(1), *(take(n, f"c{parent}") for n, parent in ((2, 1), (3, 1), (4, 2), (5, 2), (6, 4))))
    grown(library, take(11), *(continued(n, f"c{parent}") for n, parent in ((12, 11), (13, 12), (14, 12), (15, 14))))
    picks = Picks(records, feed, undo, ledger.note, forget, ledger.note)
    desk = Desk(library, records, Films(records, feed, undo, lambda: NOON), picks, Tree(records), undo)

    def hear(facts: list[Fact]) -> None:
        desk.tree.hear(facts)
        desk.told |= {fact.task.id: fact.task.pick for fact in facts if isinstance(fact, TaskChanged)}
        desk.left += [fact.take_id for fact in facts if isinstance(fact, BranchLeft)]

    feed.subscribe(hear)  # type: ignore[arg-type]  # a list is a sequence
    yield desk
    library.close()


def _act(desk: Desk, chance: random.Random) -> Callable[[], object]:
    take_id = chance.choice(desk.names("take"))
    acts: list[Callable[[], object]] = [
        partial(desk.picks.pick, take_id),
        partial(desk.picks.pick, take_id),
        partial(desk.picks.unpick, take_id),
        partial(desk.picks.reject, [take_id]),
        partial(desk.picks.reject, chance.sample(desk.names("take"), 2)),
        partial(desk.picks.restore, [take_id]),
        partial(desk.picks.forget, [take_id]),
    ]
    if len(desk.names("film")) > 1:
        acts += [partial(desk.films.merge, *chance.sample(desk.names("film"), 2))] * 2
    state = desk.tree.take(take_id)
    if state is not None and (state.take.parent_id or state.siblings > 1):
        acts += [partial(desk.films.split, take_id)] * 3
    return chance.choice(acts)


@pytest.mark.parametrize("seed", range(20))
async def test_picks_and_marks_agree_and_everything_goes_back_and_forth(desk: Desk, seed: int) -> None:
    chance, first = random.Random(seed), desk.state()  # noqa: S311 - chance, not secrecy
    for _ in range(25):
        chance.choices((_act(desk, chance), desk.undo.undo, desk.undo.redo), (8, 2, 1))[0]()
        await desk.check()
    last, steps = desk.state(), 0
    while desk.undo.undo():
        await desk.check()
        steps += 1
    assert desk.state() == first
    for _ in range(steps):
        desk.undo.redo()
        await desk.check()
    assert desk.state() == last


def mark(desk: Desk, take_id: str) -> Pick:
    state = desk.tree.take(take_id)
    assert state is not None
    assert state.task is not None
    return state.task.pick


async def test_a_merge_marks_what_the_film_goes_on_to_show_and_that_is_taken_back(desk: Desk) -> None:
    origin = desk.tree.take("t11").take.film_id  # type: ignore[union-attr]  # it is there
    branch = desk.films.split("t14").id
    desk.picks.pick("t13")
    desk.films.merge(branch, origin)
    assert (mark(desk, "t13"), mark(desk, "t14")) == (Pick.UNDECIDED, Pick.PICKED)
    await desk.check()
    desk.picks.unpick("t14")
    desk.undo.undo()
    desk.undo.undo()
    assert (mark(desk, "t13"), mark(desk, "t14")) == (Pick.PICKED, Pick.UNDECIDED)
    await desk.check()


async def test_a_film_that_is_merged_goes_on_through_a_take_that_was_rejected_above_what_it_shows(desk: Desk) -> None:
    origin = desk.tree.take("t11").take.film_id  # type: ignore[union-attr]  # it is there
    branch = desk.films.split("t14").id
    desk.picks.reject(["t12"])
    desk.films.merge(branch, origin)
    assert [state.take.id for state in desk.tree.path(branch).takes] == ["t11", "t12", "t14", "t15"]
    desk.undo.undo()
    assert mark(desk, "t12") is Pick.REJECTED


async def test_a_take_that_comes_back_out_of_its_turn_leaves_the_place_to_what_was_picked_since(desk: Desk) -> None:
    desk.picks.pick("t3")
    step = desk.picks.forget(["t3"])
    desk.picks.pick("t2")
    desk.undo.take_back(step)
    assert (mark(desk, "t3"), mark(desk, "t2")) == (Pick.UNDECIDED, Pick.PICKED)
    await desk.check()


async def test_the_only_take_of_a_branch_comes_back_into_the_film_that_it_was(desk: Desk) -> None:
    branch = desk.films.split("t13").id
    desk.picks.forget(["t13"])
    desk.undo.undo()
    assert [state.take.id for state in desk.tree.path(branch).takes] == ["t13"]


async def test_a_film_that_loses_hops_with_a_rejected_take_says_so(desk: Desk) -> None:
    desk.picks.reject(["t2"])  # takes hang below it, and the film goes through another one
    desk.picks.reject(["t3"])  # the film goes through it, and ends there
    await desk.check()
    assert desk.left == []
    desk.picks.restore(["t2"])
    desk.picks.reject(["t5", "t2"])
    desk.undo.undo()
    await desk.check()
    assert desk.left == ["t2"]
