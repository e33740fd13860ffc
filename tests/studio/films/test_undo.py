"""One stack of changes: taken back in their order, made again until something new is made."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from kling_desktop.domain.takes import Film, Label
from kling_desktop.domain.tasks import Task
from kling_desktop.errors import StoreBusy
from kling_desktop.store.films.films import FilmRecords
from kling_desktop.store.films.plans import PlanRecords
from kling_desktop.store.library import Library
from kling_desktop.studio.background import Background
from kling_desktop.studio.feed import Fact, Feed, Noticed
from kling_desktop.studio.films.films import Films
from kling_desktop.studio.films.picks import Picks
from kling_desktop.studio.films.planning.plans import Plans
from kling_desktop.studio.films.tree import Tree
from kling_desktop.studio.films.undo import MOST_STEPS, Change, Undo
from tests.harness.tasks import NOON, PROFILE, done
from tests.harness.waiting import until
from tests.store.films.taking import grown, take

_CHANGES = list(Change)


def add(undo: Undo, made: list[int], number: int) -> None:
    undo.make(_CHANGES[number % 5], lambda: made.append(number), lambda: made.remove(number))


def test_changes_go_back_and_forth_in_their_order() -> None:
    told: list[Change | None] = []
    undo = Undo(lambda: told.append(undo.undo_label))
    made: list[int] = []
    for number in (1, 2, 3):
        add(undo, made, number)
    _, one, two, three, four = _CHANGES[:5]
    assert (undo.undo(), undo.undo(), made) == (three, two, [1])
    assert (undo.redo(), made, undo.redo_label) == (two, [1, 2], three)
    add(undo, made, 4)
    assert (undo.redo_label, undo.redo(), made) == (None, None, [1, 2, 4])
    assert told == [one, two, three, two, one, two, four]


def test_old_changes_stay_as_they_are() -> None:
    undo, made = Undo(), list[int]()
    for number in range(MOST_STEPS + 5):
        add(undo, made, number)
    while undo.undo():
        pass
    assert made == [0, 1, 2, 3, 4]


def test_a_change_that_cannot_be_taken_back_does_not_hold_up_those_before() -> None:
    undo, made = Undo(), list[int]()
    add(undo, made, 1)
    undo.remember(Change.GATE, lambda: None, lambda: made.remove(99))
    with pytest.raises(ValueError, match="not in list"):
        undo.undo()
    assert (undo.redo_label, undo.undo(), made) == (None, _CHANGES[1], [])


def test_several_changes_are_one_step_and_a_single_one_keeps_its_name() -> None:
    undo, made = Undo(), list[int]()
    with undo.as_one(Change.JUDGE_SEVERAL):
        add(undo, made, 1)
        add(undo, made, 2)
    assert (undo.undo_label, undo.undo(), made) == (Change.JUDGE_SEVERAL, Change.JUDGE_SEVERAL, [])
    assert (undo.redo(), made) == (Change.JUDGE_SEVERAL, [1, 2])
    with undo.as_one(Change.JUDGE_SEVERAL):
        add(undo, made, 3)
    with undo.as_one(Change.JUDGE_SEVERAL):
        pass
    assert undo.undo_label is _CHANGES[3]


def test_one_change_is_taken_back_whatever_came_after_it_and_once_only() -> None:
    undo, made = Undo(), list[int]()
    first = undo.make(Change.FORGET, lambda: made.append(1), lambda: made.remove(1))
    add(undo, made, 2)
    assert undo.take_back(first)
    assert (made, undo.undo_label, undo.redo_label) == ([2], _CHANGES[2], Change.FORGET)
    assert not undo.take_back(first)
    assert made == [2]


def _pair(tmp_path: Path) -> tuple[FilmRecords, Library, Film]:
    library = Library.open(tmp_path / "library.sqlite3")
    library.put(done(number=1))
    records = FilmRecords(library.database)
    return records, library, records.films(0, 1)[0]


async def test_changes_wait_for_another_program_and_are_made_in_their_order(tmp_path: Path) -> None:
    records, library, film = _pair(tmp_path)
    feed, facts = Feed(), list[Fact]()
    feed.subscribe(facts.extend)
    background = Background(feed)
    undo = Undo(feed=feed, run=background.run)
    films = Films(records, feed, undo, lambda: datetime.now(UTC))
    with closing(sqlite3.connect(tmp_path / "library.sqlite3", isolation_level=None)) as other, closing(library):
        other.execute("BEGIN IMMEDIATE")
        for name in ("First", "Second"):
            films.rename(film.id, name)
        assert undo.undo_label is None
        other.execute("ROLLBACK")
        await until(lambda: (found := records.film(film.id)) and found.name == "Second")
        assert not [fact for fact in facts if isinstance(fact, Noticed)]
        undo.undo()
        await background.close()


async def test_a_library_that_is_held_too_long_refuses_a_change_aloud(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kling_desktop.studio.films.undo._PATIENCE_SECONDS", 0.0)
    records, library, film = _pair(tmp_path)
    feed, facts = Feed(), list[Fact]()
    feed.subscribe(facts.extend)
    background = Background(feed)
    undo = Undo(feed=feed, run=background.run)
    films = Films(records, feed, undo, lambda: datetime.now(UTC))
    with closing(sqlite3.connect(tmp_path / "library.sqlite3", isolation_level=None)) as other, closing(library):
        other.execute("BEGIN IMMEDIATE")
        films.rename(film.id, "First")
        told = await until(lambda: [fact for fact in facts if isinstance(fact, Noticed)])
        assert told[0].trouble.error == "StoreBusy"
        other.execute("ROLLBACK")
        films.rename(film.id, "Second")
        assert undo.undo_label is Change.RENAME_FILM
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusy):
            undo.undo()
        other.execute("ROLLBACK")
        assert undo.undo() is Change.RENAME_FILM, "a change that could not be taken back just now can be later"
        await background.close()


# --- of two films, their takes and plans ---

_STATE = (
    "SELECT id, name, note, label, archived FROM film",
    "SELECT id, film_id, parent_id, path FROM take",
    "SELECT slot, take_id FROM pick",
    "SELECT take_id, label FROM mark WHERE label <> ''",
    "SELECT id, film_id, name, gate, takes FROM plan",
    "SELECT id, plan_id, place, prompt, takes FROM hop",
    "SELECT id, pick, stars FROM task",
)


@dataclass
class Desk:
    """Two films of seven takes each, and a plan of four hops behind each of them."""

    library: Library
    undo: Undo
    films: Films
    picks: Picks
    plans: Plans
    tree: Tree

    def state(self) -> list[list[tuple[object, ...]]]:
        return [sorted(tuple(row) for row in self.library.database.rows(statement)) for statement in _STATE]

    def names(self, table: str) -> list[str]:
        return [str(row["id"]) for row in self.library.database.rows(f"SELECT id FROM {table} ORDER BY rowid")]  # noqa: S608 - a literal of ours


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    library = Library.open(tmp_path / "library.sqlite3")
    feed, undo, records = Feed(), Undo(), FilmRecords(library.database)

    def note(task: Task) -> Task:
        library.put(task)
        return task

    for base in (1, 8):
        parents = ("", *[f"c{base}"] * 3, *[f"c{base + 1}"] * 2, f"c{base + 5}")
        grown(library, *(take(base + number, parent) for number, parent in enumerate(parents)))
    picks = Picks(records, feed, undo, note, lambda task_id: take(0), lambda task: None)
    plans = Plans(PlanRecords(library.database), feed, undo, lambda: NOON)
    tree = Tree(records)
    feed.subscribe(tree.hear)
    desk = Desk(library, undo, Films(records, feed, undo, lambda: NOON), picks, plans, tree)
    for film_id in desk.names("film"):
        plans.paste(plans.new(film_id, PROFILE).id, "one\ntwo\nthree\nfour")
    while undo.undo():
        pass
    yield desk
    library.close()


def _act(desk: Desk, chance: random.Random) -> Callable[[], object]:
    takes, plan_id = desk.names("take"), chance.choice(desk.names("plan"))
    take_id, film_id = chance.choice(takes), chance.choice(desk.names("film"))
    plan = desk.plans.plan(plan_id)
    acts: list[Callable[[], object]] = [
        partial(desk.picks.pick, take_id),
        partial(desk.picks.unpick, take_id),
        partial(desk.picks.reject, [take_id]),
        partial(desk.picks.reject, chance.sample(takes, 3)),
        partial(desk.picks.restore, [take_id]),
        partial(desk.picks.star, take_id, chance.randint(0, 5)),
        partial(desk.picks.label, take_id, chance.choice(list(Label))),
        partial(desk.films.rename, film_id, str(chance.random())),
        partial(desk.plans.add_hop, plan_id),
        partial(desk.plans.set_takes, plan_id, chance.randint(1, 4)),
        partial(desk.plans.paste, plan_id, "five\nsix"),
    ]
    if desk.tree.siblings(take_id)[1:]:
        acts.append(partial(desk.films.split, take_id))
    if plan is not None and plan.hops:
        hop = chance.choice(plan.hops)
        acts += [
            partial(desk.plans.change_hop, plan_id, replace(hop, prompt=str(chance.random()))),
            partial(desk.plans.move_hop, plan_id, hop.id, chance.randrange(5)),
            partial(desk.plans.remove_hops, plan_id, [hop.id]),
        ]
    return chance.choice(acts)


@pytest.mark.parametrize("seed", range(20))
async def test_everything_goes_back_and_forth_in_its_order(desk: Desk, seed: int) -> None:
    chance, first = random.Random(seed), desk.state()  # noqa: S311 - chance, not secrecy
    for _ in range(30):
        chance.choices((_act(desk, chance), desk.undo.undo, desk.undo.redo), (8, 1, 1))[0]()
    last, steps = desk.state(), 0
    while desk.undo.undo():
        steps += 1
    assert desk.state() == first
    for _ in range(steps):
        desk.undo.redo()
    assert desk.state() == last


async def test_a_rejected_take_that_was_picked_by_a_slip_is_rejected_again(desk: Desk) -> None:
    desk.picks.reject(["t4"])
    desk.picks.pick("t4")
    desk.undo.undo()
    state = desk.tree.take("t4")
    assert state is not None
    assert state.is_rejected
    assert desk.tree.chosen("t1") == "t3", "the newest of the others"


async def test_a_branch_that_was_split_off_goes_back_to_its_place_and_the_film_shows_what_it_showed(desk: Desk) -> None:
    film_id = desk.names("film")[0]
    shown = [state.take.id for state in desk.tree.path(film_id).takes]
    desk.films.split("t2")
    desk.undo.undo()
    assert [state.take.id for state in desk.tree.siblings("t2")] == ["t2", "t3", "t4"]
    assert [state.take.id for state in desk.tree.path(film_id).takes] == shown
