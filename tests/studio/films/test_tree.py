"""The tree is read in pages in the order of the screen, with its lines; the path is what is picked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from kling_desktop.domain.analysis import Measure, Seam, Verdict
from kling_desktop.domain.clips import Clip
from kling_desktop.domain.seam_limits import SeamLimits, metered
from kling_desktop.domain.takes import Label, Part, TreeRow
from kling_desktop.domain.tasks import Draft, Extension, Generation, Pick, Status, Task
from kling_desktop.store.films.films import FilmRecords
from kling_desktop.store.films.listing import Listing
from kling_desktop.store.library import Library, put_task
from kling_desktop.studio.feed import Fact, Feed, FilmChanged, SeamLimitsMoved, TakePicked
from kling_desktop.studio.films.films import Films
from kling_desktop.studio.films.picks import Picks
from kling_desktop.studio.films.tree import Tree
from kling_desktop.studio.films.undo import Undo
from kling_desktop.studio.tasks.ledger import Ledger
from tests.store.films.taking import continued, take


@dataclass
class Room:
    """A library with the services of films over it."""

    library: Library
    records: FilmRecords
    films: Films
    tree: Tree
    picks: Picks
    undo: Undo
    facts: list[Fact]

    def grow(self, *tasks: Task) -> None:
        for task in tasks:
            self.library.put(task)

    @property
    def film_id(self) -> str:
        return self.records.films(0, 1)[0].id

    def names(self, limit: int = 100) -> list[str]:
        return [row.state.take.id for row in self.tree.rows(self.film_id, 0, limit)]

    def path(self) -> list[str]:
        return [state.take.id for state in self.tree.path(self.film_id).takes]


@pytest.fixture
async def room(tmp_path: Path) -> Iterator[Room]:  # type: ignore[misc]  # an async generator; pytest-asyncio takes it so
    library = Library.open(tmp_path / "library.sqlite3")
    feed, undo, records = Feed(), Undo(), FilmRecords(library.database)
    tree = Tree(records)
    facts: list[Fact] = []
    feed.subscribe(tree.hear)
    feed.subscribe(facts.extend)
    ledger = Ledger(library, feed)

    def forget(task_id: str) -> Task:
        task = ledger.current(task_id)
        ledger.forget(task_id)
        return task

    films = Films(records, feed, undo, lambda: datetime.now(UTC))
    picks = Picks(records, feed, undo, ledger.note, forget, ledger.note)
    yield Room(library, records, films, tree, picks, undo, facts)
    library.close()


LANTERN_LAKE = (
    take(0), take(1, "c0"), take(2, "c0"), take(3, "c1"), take(4, "c1"), take(5, "c3"), take(6, "c5"), take(7, "c5"),
    take(8, "c7"),
)  # fmt: skip
"""0 - 1 - 3 - 5 - 6 is picked; 2 and 4 stand beside it, 7 beside 6, 8 hangs below 7."""


def lantern_lake(room: Room) -> None:
    room.grow(*LANTERN_LAKE)
    for picked in ("t1", "t3", "t6"):
        task = room.library.get(picked)
        assert task is not None
        room.library.put(replace(task, pick=Pick.PICKED))


def test_the_path_goes_down_and_what_stands_beside_follows_each_of_its_takes(room: Room) -> None:
    lantern_lake(room)
    assert room.names() == ["t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8"]
    rows = room.tree.rows(room.film_id, 0, 100)
    assert [row.lane for row in rows] == [0, 0, 1, 0, 1, 0, 0, 1, 1]
    assert [row.on_path for row in rows] == [True, True, False, True, False, True, True, False, False]
    assert [row.is_grey for row in rows] == [False] * 8 + [True]
    assert room.path() == ["t0", "t1", "t3", "t5", "t6"]


def test_the_verdict_of_a_row_follows_the_limits(room: Room) -> None:
    """Whichever clip they were moved at."""
    lantern_lake(room)
    limits = [SeamLimits()]
    rough = Seam(1, 24, 1.0, 0.9, meters=(metered(Measure.COLOUR, 0.9),))
    tree = Tree(room.records, lambda state: limits[-1].judged(rough))
    (row,) = tree.rows(room.film_id, 1, 1)
    assert row.verdict is Verdict.SLIGHT
    limits.append(limits[-1].as_fine(rough))
    tree.hear([SeamLimitsMoved(limits[-1])])
    (row,) = tree.rows(room.film_id, 1, 1)
    assert row.verdict is Verdict.CLEAN


def test_the_lines_pass_where_rows_below_need_them(room: Room) -> None:
    lantern_lake(room)
    lines = {row.state.take.id: (row.through, row.parent_lane) for row in room.tree.rows(room.film_id, 0, 100)}
    assert lines == {
        "t0": ((0,), None),
        "t1": ((0, 1), 0),  # t2, beside it, hangs on t0 too
        "t2": ((0,), 0),
        "t3": ((0, 1), 0),
        "t4": ((0,), 0),
        "t5": ((0,), 0),
        "t6": ((1,), 0),
        "t7": ((1,), 0),
        "t8": ((), 1),
    }


def test_any_page_is_the_same_rows(room: Room) -> None:
    lantern_lake(room)
    whole = room.tree.rows(room.film_id, 0, 100)
    assert room.tree.count(room.film_id) == len(whole) == 9
    for size in (1, 2, 4):
        paged: list[TreeRow] = []
        while page := room.tree.rows(room.film_id, len(paged), size):
            paged += page
        assert paged == whole
    assert [room.tree.place(row.state.take.id) for row in whole] == list(range(9))
    assert room.tree.place("nobody") is None


def test_what_is_asked_for_from_the_tip_waits_in_the_column_of_the_path(room: Room) -> None:
    room.grow(take(0), take(1, "c0", Status.PROCESSING), take(2, "c0", Status.FAILED), take(3, "c0", Status.QUEUED))
    rows = room.tree.rows(room.film_id, 0, 10)
    assert [(row.state.take.id, row.lane, row.is_grey) for row in rows] == [
        ("t0", 0, False), ("t1", 0, False), ("t2", 1, False), ("t3", 0, False),
    ]  # fmt: skip


def test_branches_beside_the_path_take_columns_of_their_own_and_the_youngest_goes_straight_down(room: Room) -> None:
    room.grow(take(0), take(1, "c0"), take(2, "c1"), take(3, "c1"), take(4, "c3"), take(9, "c0"))
    rows = room.tree.rows(room.film_id, 0, 10)
    assert [(row.state.take.id, row.lane, row.through) for row in rows] == [
        ("t0", 0, (0,)),
        ("t9", 0, (1,)),
        ("t1", 1, (1,)),
        ("t2", 2, (1,)),
        ("t3", 1, (1,)),
        ("t4", 1, ()),
    ]


async def test_picking_moves_the_path_and_can_be_taken_back(room: Room) -> None:
    lantern_lake(room)
    before = room.names()
    room.picks.pick("t2")
    assert room.path() == ["t0", "t2"]
    assert [task_pick(room, id) for id in ("t1", "t2")] == [Pick.UNDECIDED, Pick.PICKED]
    room.tree.hear([FilmChanged(room.film_id)])
    assert [row.state.take.id for row in room.tree.rows(room.film_id, 0, 100) if row.is_grey] == [
        "t3", "t5", "t6", "t7", "t8", "t4",
    ]  # fmt: skip
    room.undo.undo()
    room.tree.hear([FilmChanged(room.film_id)])
    assert room.path() == ["t0", "t1", "t3", "t5", "t6"]
    assert room.names() == before
    room.undo.redo()
    assert room.path() == ["t0", "t2"]


async def test_two_windows_picks_are_taken_back_in_their_order(room: Room) -> None:
    room.grow(take(0), take(1, "c0"), take(2, "c0"), take(3, "c0"))
    for picked in ("t1", "t2", "t3"):
        room.picks.pick(picked)
    paths = []
    for _ in range(3):
        paths.append(room.path()[1])
        assert room.undo.undo() == "Pick take"
    assert paths == ["t3", "t2", "t1"]
    assert room.records.pick("t0") == ""
    assert room.undo.undo() is None


async def test_pick_by_number_and_leave_the_place_to_the_newest(room: Room) -> None:
    room.grow(take(0), take(1, "c0"), take(2, "c0"))
    assert room.picks.pick_number("t2", 3) is None
    picked = room.picks.pick_number("t2", 1)
    assert picked is not None
    assert (picked.take.id, picked.is_picked) == ("t1", True)
    room.picks.unpick("t1")
    assert room.path() == ["t0", "t2"]


async def test_the_path_avoids_rejected_takes_until_that_is_taken_back(room: Room) -> None:
    room.grow(take(0), take(1, "c0"), take(2, "c0"), take(3, "c0"))
    room.picks.pick("t2")
    room.picks.reject(["t2", "t3"])
    assert room.path() == ["t0", "t1"]
    room.undo.undo()
    assert room.path() == ["t0", "t2"]
    assert [task_pick(room, id) for id in ("t2", "t3")] == [Pick.PICKED, Pick.UNDECIDED]


async def test_forgetting_can_be_taken_back_place_and_pick_and_all(room: Room) -> None:
    lantern_lake(room)
    before = room.tree.rows(room.film_id, 0, 100)
    room.picks.forget(["t7", "t8", "t6"])
    await asyncio.sleep(0)
    assert room.names() == ["t0", "t1", "t2", "t3", "t4", "t5", "t7"], "on t7 another one hung when it was forgotten"
    assert room.undo.undo() == "Remove takes from the list"
    await asyncio.sleep(0)
    assert room.tree.rows(room.film_id, 0, 100) == before


async def test_a_root_without_a_task_can_be_picked_starred_noted_and_labelled(room: Room) -> None:
    clip = Clip("c100", file=Path("dusk.mp4"))
    room.library.put_clip(clip)
    root = room.films.take_root(clip)
    room.picks.star(root.id, 9)
    room.picks.note(root.id, "from the boat")
    room.picks.label(root.id, Label.RED)
    state = room.tree.take(root.id)
    assert state is not None
    assert (state.stars, state.mark.note, state.mark.label) == (5, "from the boat", Label.RED)
    for _ in range(3):
        room.undo.undo()
    state = room.tree.take(root.id)
    assert state is not None
    assert (state.stars, state.mark.note, state.mark.label) == (0, "", Label.NONE)
    assert room.films.film(root.film_id).name == "dusk"  # type: ignore[union-attr]  # it is there


async def test_changes_of_a_film_can_be_taken_back(room: Room) -> None:
    room.grow(take(0), take(1, "c0"), take(10))
    one = room.films.film_of_task("t0")
    other = room.films.film_of_task("t10")
    room.films.rename(one, "  Lantern Lake ")
    room.films.rename(one, " ")
    assert room.films.film(one).name == "Lantern Lake"  # type: ignore[union-attr]  # it is there
    room.films.merge(one, other)
    assert room.films.count() == 1
    branch = room.films.split("t1", "Branch")
    assert room.films.film_of_task("t1") == branch.id
    room.films.archive(branch.id)
    assert room.films.count(archived=True) == 1
    assert [room.undo.undo() for _ in range(4)] == ["Archive film", "Split off", "Merge films", "Rename film"]
    assert room.films.film_of_task("t1") == one
    assert room.films.film_of_task("t10") == other
    assert sorted(film.name for film in room.films.page(0, 10)) == ["words 0", "words 10"]
    assert [room.undo.redo() for _ in range(4)] == ["Rename film", "Merge films", "Split off", "Archive film"]
    assert room.films.film_of_task("t1") == branch.id


@pytest.mark.parametrize("is_joined", [True, False])
async def test_a_continued_take_that_is_split_off_is_the_whole_film_still(room: Room, is_joined: bool) -> None:
    room.grow(take(0), continued(1, "c0"), continued(2, "c1"), continued(3, "c2"))
    if is_joined:
        room.tree.note_parts("t2", (Part("c0"), Part("c1", Fraction(1, 24)), Part("c2", Fraction(1, 24))))
    before = {take_id: room.tree.parts(take_id) for take_id in ("t2", "t3")}
    branch = room.films.split("t2", "Branch")
    assert {take_id: room.tree.parts(take_id) for take_id in ("t2", "t3")} == before
    path = room.tree.path_to("t3")
    assert (path.film_id, [state.take.id for state in path.takes]) == (branch.id, ["t0", "t1", "t2", "t3"])
    room.picks.star("t2", 4)
    assert room.films.film_of_task("t2") == branch.id, "whatever is noted of it"
    own = room.tree.path(branch.id)
    assert [state.take.id for state in own.takes] == ["t2", "t3"], "its own takes alone"
    assert own.seconds == path.seconds, "and as long as what plays"
    assert sum(own.stretches) == pytest.approx(path.seconds)
    assert own.stretches[1] == pytest.approx(path.stretches[3])
    assert room.tree.added(own.takes) == dict(zip(("t2", "t3"), own.stretches, strict=True))


async def test_what_a_take_adds_is_told_of_all_takes_of_a_film_as_of_those_on_its_path(room: Room) -> None:
    room.grow(take(0), continued(1, "c0"), continued(2, "c0"), take(3, "c0"))
    room.tree.note_parts("t1", (Part("c0"), Part("c1", Fraction(1, 2))))
    room.tree.note_parts("t2", (Part("c0"), Part("c2", Fraction(1, 4))))
    states = room.tree.states(["t0", "t1", "t2", "t3"])
    before = room.tree.added(states)
    assert before["t3"] == pytest.approx(0.0), "the whole clip is as long as its parent's"
    for picked in ("t1", "t2", "t3"):
        room.picks.pick(picked)
        path = room.tree.path(room.film_id)
        along = {state.take.id: seconds for state, seconds in zip(path.takes, path.stretches, strict=True)}
        assert picked in along
        assert room.tree.added(states) == pytest.approx(before | along)
        assert before == pytest.approx(before | along), "whatever is picked"
    whole = [state.clip.seconds for state in states if state.clip is not None and state.clip.seconds]
    assert before["t1"] == pytest.approx(float(whole[1]) - 1 / 2)
    assert before["t2"] == pytest.approx(float(whole[2]) - 1 / 4)
    assert room.tree.added([]) == {}


async def test_an_only_root_cannot_be_split_off_and_a_film_not_merged_with_itself(room: Room) -> None:
    room.grow(take(0))
    with pytest.raises(ValueError, match="film of its own"):
        room.films.split("t0")
    with pytest.raises(ValueError, match="merged"):
        room.films.merge(room.film_id, room.film_id)


async def test_a_new_film_takes_a_root(room: Room) -> None:
    film = room.films.new("Night")
    room.grow(take(0))
    room.films.move_root("t0", film.id)
    assert [each.name for each in room.films.page(0, 10)] == ["Night"]
    assert room.names() == ["t0"]


async def test_the_feed_tells_whose_pick_it_was(room: Room) -> None:
    room.grow(take(0), take(1, "c0"), take(2, "c0"))
    room.picks.pick("t1", by_plan=True)
    await asyncio.sleep(0)
    assert TakePicked(room.film_id, "t1", by_plan=True) in room.facts
    assert room.undo.undo_label is None, "what a plan picked is no step of the creator's"


def test_the_skeleton_has_the_rows_in_their_order(room: Room) -> None:
    lantern_lake(room)
    room.grow(take(20, "c6", Status.PROCESSING), take(21, "c7", Status.PROCESSING), take(22, "c6", Status.FAILED))
    nodes = room.tree.skeleton(room.film_id)
    rows = room.tree.rows(room.film_id, 0, 100)
    assert [node.take_id for node in nodes] == [row.state.take.id for row in rows]
    assert [node.on_path for node in nodes] == [row.on_path for row in rows]
    assert [node.take_id for node in nodes if node.is_making] == ["t20"]


def test_what_is_in_the_making_is_counted_without_being_read(room: Room) -> None:
    lantern_lake(room)
    assert room.tree.making("t6") is None
    waiting = replace(take(23, "c6", Status.QUEUED), sent_at=None, accepted_at=None)
    room.grow(
        take(20, "c6", Status.PROCESSING), take(21, "c6", Status.SUBMITTED), take(22, "c6", Status.FAILED), waiting
    )
    making = room.tree.making("t6")
    assert making is not None
    assert (making.first.take.id, making.takes, making.rendering) == ("t20", 3, 2)
    assert making.first.task is not None
    assert making.began_at == making.first.task.accepted_at
    assert room.tree.making_beside(room.tree.path(room.film_id).takes) == {}, "what goes on from the tip is beside none"
    assert room.tree.count_children("t6") == 4
    assert [(each.number, each.siblings) for each in room.tree.children("t6")] == [(n, 4) for n in range(1, 5)]


def test_what_is_in_the_making_beside_the_path_is_told_at_every_hop(room: Room) -> None:
    room.grow(take(0), take(1, "c0"), take(2, "c1"), take(3, "c2"))
    room.grow(take(10, "c0", Status.PROCESSING), take(11, "c1", Status.SUBMITTED), take(12, "c1", Status.PROCESSING))
    beside = room.tree.making_beside(room.tree.path(room.film_id).takes)
    assert {id: (each.first.take.id, each.takes) for id, each in beside.items()} == {"t1": ("t10", 1), "t2": ("t11", 2)}


def test_parts_follow_from_the_way_and_from_where_the_parent_was_cut(room: Room) -> None:
    generation = Generation("kling-v3", parent_end=Fraction(4))
    continued = take(2, "c1", extension=Extension("c1", "on", generation=generation))
    room.grow(take(0), take(1, "c0"), continued, take(3, "c2"))
    assert room.tree.parts("t1") == (Part("c1"),)
    assert room.tree.parts("t2") == (Part("c1", Fraction(0), Fraction(4)), Part("c2"))
    assert room.tree.parts("t3") == (
        Part("c1", Fraction(0), Fraction(4)),
        Part("c3"),
    )  # it holds c2, not what led to it
    joined = (Part("c1", end=Fraction(4)), Part("c2", Fraction(1, 24)))
    room.tree.note_parts("t2", joined)
    assert room.tree.parts("t2") == joined
    room.grow(take(4, "c3", Status.PROCESSING))
    assert room.tree.parts("t4") == ()


def test_what_a_take_is_joined_to_costs_no_more_in_a_long_film(room: Room) -> None:
    """Each of its takes is asked, when an archive of it was opened: hop times hop questions held the window."""
    generation = Generation("kling-v3", parent_end=Fraction(4))
    wishes = [Extension(f"c{number - 1}", "on", generation=generation) for number in range(1, 30)]
    room.grow(take(0), *(take(number, f"c{number - 1}", extension=wishes[number - 1]) for number in range(1, 30)))
    asked = list[str]()
    room.library.database.connection.set_trace_callback(asked.append)
    whole = room.tree.parts("t29")
    room.library.database.connection.set_trace_callback(None)
    assert len(whole) == 30
    assert sum("RECURSIVE climb" in statement for statement in asked) == 1
    room.tree.note_parts("t28", whole[:-1])
    assert room.tree.parts("t29") == whole
    room.tree.note_parts("t29", whole)
    asked.clear()
    room.library.database.connection.set_trace_callback(asked.append)
    assert room.tree.parts("t29") == whole
    room.library.database.connection.set_trace_callback(None)
    assert len(asked) == 1
    assert room.tree.joined_among(["t27", "t28", "t29"]) == {"t28", "t29"}


def task_pick(room: Room, task_id: str) -> Pick:
    task = room.library.get(task_id)
    assert task is not None
    return task.pick


async def test_a_newer_take_that_nobody_picked_is_told_of_when_others_hang_on_the_one_before(room: Room) -> None:
    def displaced(name: str) -> str:
        state = room.tree.take(name)
        assert state is not None
        former = room.tree.displaced_by(state.take)
        return former.take.id if former else ""

    room.grow(take(1, "c0"), take(2, "c1"))
    assert displaced("t2") == "", "nothing stood there before"
    room.grow(take(3, "c1"))
    assert displaced("t3") == "", "nothing hangs below the one before"
    room.grow(take(4, "c3"), take(5, "c1", status=Status.PROCESSING))
    assert displaced("t5") == "", "it is still being made"
    room.grow(take(5, "c1"))
    assert displaced("t5") == "t3"
    room.picks.reject(["t3"])
    assert displaced("t5") == "", "what is rejected was not in the film"
    room.picks.restore(["t3"])
    room.picks.pick("t3")
    assert displaced("t5") == "", "the picked one stays in the film"


@pytest.mark.parametrize("into_branch", [False, True])
async def test_bringing_a_branch_and_its_origin_together_is_taken_back(room: Room, into_branch: bool) -> None:
    room.grow(take(0), continued(1, "c0"), continued(2, "c1"), continued(3, "c2"), continued(4, "c1"))
    origin = room.film_id
    branch = room.films.split("t2", "Branch").id

    def told() -> object:
        shown = [[state.take.id for state in room.tree.path(film).takes] for film in (origin, branch)]
        roots = [[state.take.id for state in room.records.siblings(film)] for film in (origin, branch)]
        return shown, roots, [room.records.pick(slot) for slot in (origin, branch, "t0", "t1", "t2")]

    before = told()
    one, other = (branch, origin) if into_branch else (origin, branch)
    room.films.merge(one, other)
    after = told()
    assert room.films.film(other) is None
    assert room.films.film_of_task("t3") == room.films.film_of_task("t0") == one
    assert [state.take.id for state in room.records.siblings(one)] == ["t0"], "one root"
    shown = [state.take.id for state in room.tree.path(one).takes]
    assert shown == (["t0", "t1", "t2", "t3"] if into_branch else ["t0", "t1", "t4"])
    room.undo.undo()
    assert told() == before
    room.undo.redo()
    assert told() == after


def told_anew(room: Room, film_id: str) -> tuple[dict[str, float], dict[str, float]]:
    """What takes add as the tree tells that remembers, and as one tells that was just made."""
    states = room.tree.states([node.take_id for node in room.tree.skeleton(film_id)])
    return room.tree.added(states), Tree(room.records).added(states)


async def test_what_takes_add_is_true_after_any_write_by_whoever_and_however_it_is_told(room: Room) -> None:
    room.grow(take(0), continued(1, "c0"), continued(2, "c0"), take(3, "c1"), take(4, "c1"), take(5, "c3"))
    film_id, seen = room.film_id, list[dict[str, float]]()

    def longer(task_id: str) -> Task:
        task = room.library.get(task_id)
        assert task is not None
        assert task.clip is not None
        assert task.clip.seconds is not None
        return replace(task, clip=replace(task.clip, seconds=task.clip.seconds + Decimal("0.5")))

    def put_durably(task: Task) -> None:
        with room.library.database.durably() as connection:
            put_task(connection, task)

    writes: tuple[Callable[[], object], ...] = (
        lambda: None,
        lambda: room.library.put(longer("t3")),
        lambda: put_durably(longer("t3")),
        lambda: room.library.put_clip(replace(longer("t1").clip or Clip("c1"), parent_seconds=Decimal(1))),
        lambda: room.picks.pick("t1"),
        lambda: room.tree.note_parts("t1", (Part("c0"), Part("c1", Fraction(1, 4)))),
        lambda: room.picks.reject(["t5"]),
        lambda: room.picks.pick("t2"),
        lambda: room.tree.note_parts("t2", (Part("c0"), Part("c2", Fraction(1, 8)))),
        lambda: room.picks.forget(["t4"]),
        lambda: room.undo.undo(),
        lambda: room.films.split("t1", "Branch"),
        lambda: room.undo.undo(),
    )
    for number, write in enumerate(writes):
        write()
        told, anew = told_anew(room, film_id)
        assert told == anew, f"after write {number}"
        assert room.tree.path(film_id) == Tree(room.records).path(film_id), f"after write {number}"
        await asyncio.sleep(0)  # the tree hears of it
        assert room.tree.skeleton(film_id) == Tree(room.records).skeleton(film_id), f"after write {number}"
        seen.append(told)
    assert seen[1] != seen[0] != seen[2] != seen[1], "lengths had changed"


def test_pages_of_a_tree_read_its_path_once(room: Room) -> None:
    lantern_lake(room)
    pages = [room.tree.states(ids) for ids in (["t0", "t1", "t2"], ["t3", "t4", "t5"], ["t6", "t7", "t8"])]
    asked = list[str]()
    room.library.database.connection.set_trace_callback(asked.append)
    for page in pages:
        room.tree.added(page)
        room.tree.path(room.film_id)
    first = len(asked)
    for page in pages:
        room.tree.added(page)
    room.library.database.connection.set_trace_callback(None)
    assert sum("RECURSIVE walk" in statement for statement in asked) == 1
    assert len(asked) - first <= 2 * len(pages), "the version, and what joins left out"


def test_a_path_is_not_read_again_for_what_it_does_not_tell(room: Room) -> None:
    """Of a film that is looked into, a finding is written for each of its takes, and the film drawn after it."""
    lantern_lake(room)
    path, skeleton = room.tree.path(room.film_id), room.tree.skeleton(room.film_id)
    room.library.put_finding("c1", "tail", "stamp", "{}")
    now = datetime.now(UTC)
    assert Listing(room.library.database, lambda: now).note_verdict("c1", Verdict.BAD)
    room.library.save_draft(Draft(Extension("c1", "words"), now))
    assert room.tree.path(room.film_id) is path
    assert room.tree.skeleton(room.film_id) is skeleton
    room.grow(take(90, "c0"))
    assert room.tree.path(room.film_id) is not path
