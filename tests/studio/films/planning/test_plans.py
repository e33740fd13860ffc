"""Plans are written, pasted, loaded, saved and used again; each edit can be taken back, what was sent stays."""

from __future__ import annotations

import asyncio
import gc
import random
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from kling_desktop.domain.clips import Clip
from kling_desktop.domain.plans import MOST_HOPS, MOST_TAKES, HopState, Plan, PlannedHop, PlanState, Stop, StopReason
from kling_desktop.domain.takes import Film, Gate, Way
from kling_desktop.domain.tasks import Extension, Generation, Status, Task
from kling_desktop.errors import FileTrouble, TextForeign, TextTooLong
from kling_desktop.store.films.plans import PlanRecords
from kling_desktop.store.library import Library
from kling_desktop.studio.feed import Fact, Feed, PlanChanged, PlanDeleted
from kling_desktop.studio.films.planning.plans import HopSent, PlanFull, Plans, usual_hop
from kling_desktop.studio.films.undo import Change, Undo
from tests.harness.tasks import NOON, PROFILE


@dataclass
class Desk:
    """Plans over a real library."""

    library: Library
    records: PlanRecords
    plans: Plans
    undo: Undo
    facts: list[Fact]
    plan_id: str = ""

    def words(self) -> list[str]:
        return [hop.prompt for hop in self.now.hops]

    @property
    def now(self) -> Plan:
        found = self.plans.plan(self.plan_id)
        assert found is not None
        return found

    def sent(self, number: int) -> None:
        """Hop `number` was sent in the meantime."""
        hop = self.now.hops[number]
        task = Task(f"task of {hop.id}", Extension("c0", hop.prompt), PROFILE, Status.QUEUED, NOON)
        self.records.begin(self.now, replace(hop, parent_id="t0"), [task])


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    library = Library.open(tmp_path / "library.sqlite3")
    feed, undo, facts = Feed(), Undo(), list[Fact]()
    feed.subscribe(facts.extend)
    records = PlanRecords(library.database)
    desk = Desk(library, records, Plans(records, feed, undo, lambda: datetime.now(UTC)), undo, facts)
    desk.plan_id = desk.plans.new("film", PROFILE, takes=2).id
    yield desk
    library.close()


async def test_who_holds_hops_was_run_and_is_the_newest_of_its_film(desk: Desk) -> None:
    def stands(plan_id: str, state: PlanState) -> None:
        desk.records.put(replace(desk.records.known(plan_id), state=state))

    def holding() -> list[str]:
        return [plan.id for plan in desk.plans.holding()]

    desk.plans.add_hop(desk.plan_id, PlannedHop("", "on"))
    assert holding() == []
    for state in (PlanState.RUNNING, PlanState.PAUSED, PlanState.STOPPED):
        stands(desk.plan_id, state)
        assert holding() == [desk.plan_id]
    later, empty = desk.plans.new("film", PROFILE).id, desk.plans.new("another", PROFILE).id
    stands(empty, PlanState.RUNNING)
    assert holding() == []
    stands(desk.plan_id, PlanState.RUNNING)
    assert holding() == [desk.plan_id]
    desk.plans.add_hop(later, PlannedHop("", "on"))
    stands(later, PlanState.PAUSED)
    assert holding() == [desk.plan_id, later]


async def test_a_plan_comes_back_as_it_was_written(desk: Desk) -> None:
    generation = Generation("kling-v3", "pro", 10, first_frame=Path("seed.png"))
    hop = PlannedHop("", "on", Way.CONTINUE, 3, Gate.ASK, "no text", 0.7, True, generation)
    desk.plans.add_hop(desk.plan_id, hop)
    (kept,) = desk.now.hops
    assert replace(kept, id="") == hop
    assert desk.now == desk.plans.current("film")
    assert desk.now.gate_of(kept) is Gate.ASK


async def test_new_hops_have_way_and_options_of_the_one_before_and_no_words(desk: Desk) -> None:
    desk.plans.add_hop(
        desk.plan_id, PlannedHop("", "on", Way.CONTINUE, generation=Generation("kling-v3"), guidance=0.2)
    )
    added = desk.plans.add_hop(desk.plan_id)
    assert (added.way, added.generation, added.guidance) == (Way.CONTINUE, Generation("kling-v3"), 0.2)
    assert (added.prompt, added.takes) == ("", 2)


async def test_edits_are_made_in_place_and_taken_back_in_their_order(desk: Desk) -> None:
    desk.plans.paste(desk.plan_id, "one\ntwo\nthree")
    one, two, three = desk.now.hops
    desk.plans.move_hop(desk.plan_id, three.id, 0)
    assert desk.words() == ["three", "one", "two"]
    desk.plans.duplicate_hop(desk.plan_id, one.id)
    assert desk.words() == ["three", "one", "one", "two"]
    desk.plans.change_hop(desk.plan_id, replace(two, prompt="zwei", takes=99))
    assert (desk.words()[-1], desk.now.hops[-1].takes) == ("zwei", MOST_TAKES)
    desk.plans.remove_hops(desk.plan_id, [one.id, three.id])
    assert desk.words() == ["one", "zwei"]
    desk.plans.set_gate(desk.plan_id, Gate.RUN)
    desk.plans.set_takes(desk.plan_id, 0)
    assert (desk.now.gate, desk.now.takes, [hop.takes for hop in desk.now.hops]) == (Gate.RUN, 1, [1, 1])
    for _ in range(6):
        desk.undo.undo()
    assert desk.now.hops == (one, two, three)
    assert desk.now.gate is Gate.CLEAN
    for _ in range(4):
        desk.undo.redo()
    assert desk.words() == ["one", "zwei"]


@pytest.mark.parametrize("seed", range(12))
async def test_whatever_is_edited_and_by_whom_the_plan_is_read_as_it_was_written(desk: Desk, seed: int) -> None:
    """What was read once is not made anew from rows that stayed as they were: others write the same rows too."""
    chance, other = random.Random(seed), PlanRecords(desk.library.database)  # noqa: S311 - chance, not secrecy
    desk.plans.paste(desk.plan_id, "\n".join(str(number) for number in range(20)))
    for step in range(40):
        if not (hops := desk.now.hops):
            desk.undo.redo()
            continue
        hop, place = chance.choice(hops), chance.randrange(len(hops))
        act: Callable[[], object] = chance.choice(
            (
                partial(desk.plans.change_hop, desk.plan_id, replace(hop, prompt=f"{seed} {step}")),
                partial(desk.plans.move_hop, desk.plan_id, hop.id, place),
                partial(desk.plans.duplicate_hop, desk.plan_id, hop.id),
                partial(desk.plans.remove_hops, desk.plan_id, [hop.id]) if len(hops) > 2 else desk.undo.undo,
                partial(desk.plans.set_takes, desk.plan_id, chance.randint(1, 4)),
                partial(other.put, replace(desk.now, hops=(*hops[place:], *hops[:place]))),
                desk.undo.undo,
                desk.undo.redo,
            )
        )
        act()
        assert desk.now == PlanRecords(desk.library.database).known(desk.plan_id)


async def test_an_edit_of_a_long_plan_writes_what_it_changes(desk: Desk) -> None:
    desk.plans.paste(desk.plan_id, "\n".join(str(number) for number in range(400)))
    changes, hop = desk.library.database.version()[0], desk.now.hops[200]
    desk.plans.change_hop(desk.plan_id, replace(hop, prompt="other words"))
    assert desk.library.database.version()[0] - changes <= 3
    assert desk.now.hops[200].prompt == "other words"


async def test_taking_back_never_touches_what_was_sent_meanwhile(desk: Desk) -> None:
    desk.plans.paste(desk.plan_id, "one\ntwo")
    desk.plans.change_hop(desk.plan_id, replace(desk.now.hops[0], prompt="eins"))
    desk.sent(0)
    desk.undo.undo()
    assert desk.words() == ["eins", "two"]
    assert desk.now.hops[0].state is HopState.SENT
    desk.undo.undo()
    assert desk.words() == ["eins"]
    with pytest.raises(HopSent):
        desk.plans.change_hop(desk.plan_id, replace(desk.now.hops[0], prompt="uno"))


async def test_a_hop_and_its_tasks_are_one_change(desk: Desk) -> None:
    desk.plans.paste(desk.plan_id, "one")
    desk.sent(0)
    (hop,) = desk.now.hops
    assert hop.task_ids == (f"task of {hop.id}",)
    task = desk.library.get(hop.task_ids[0])
    assert task is not None
    assert desk.records.plan_of(task.id) == desk.plan_id
    with pytest.raises(Exception, match="UNIQUE"):
        desk.records.begin(desk.now, hop, [replace(task, id="another"), task])
    assert desk.library.get("another") is None


async def test_a_text_with_faults_adds_nothing(desk: Desk) -> None:
    parsed = desk.plans.paste(desk.plan_id, "one\n" + "x" * 2501)
    assert (parsed.faults[0].line, desk.now.hops, desk.undo.undo_label) == (2, (), None)


async def test_a_plan_is_full_at_its_bound(desk: Desk) -> None:
    desk.plans.extend_by(desk.plan_id, 10_000)
    assert len(desk.now.hops) == MOST_HOPS
    with pytest.raises(PlanFull):
        desk.plans.add_hop(desk.plan_id)
    with pytest.raises(PlanFull):
        desk.plans.duplicate_hop(desk.plan_id, desk.now.hops[7].id)
    desk.undo.undo()
    assert desk.now.hops == ()


async def test_files_are_loaded_and_saved(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "plan.txt"
    file.write_bytes("\ufeffFog\r\nrolls in\r\n\r\n湖\r\n".encode())
    desk.plans.load(desk.plan_id, file)
    assert desk.words() == ["Fog\nrolls in", "湖"]
    desk.plans.save(desk.plan_id, tmp_path / "out" / "plan.txt")
    desk.plans.load(desk.plan_id, tmp_path / "out" / "plan.txt")
    assert desk.words() == ["Fog\nrolls in", "湖"] * 2
    (tmp_path / "clip.mp4").write_bytes(b"\x00\xff\xfe\x80" * 100)
    (tmp_path / "large.txt").write_bytes(b"x" * 4_000_001)
    for name, error in (("clip.mp4", TextForeign), ("large.txt", TextTooLong), ("nothing.txt", FileTrouble)):
        with pytest.raises(error):
            desk.plans.load(desk.plan_id, tmp_path / name)


async def test_an_earlier_plan_is_used_again_unsent(desk: Desk) -> None:
    desk.plans.paste(desk.plan_id, "one\ntwo")
    desk.sent(0)
    again = desk.plans.reuse(desk.plan_id, "another film", PROFILE)
    assert [(hop.prompt, hop.state, hop.task_ids) for hop in again.hops] == [
        ("one", HopState.PLANNED, ()), ("two", HopState.PLANNED, ()),
    ]  # fmt: skip
    assert [plan.id for plan in desk.plans.earlier()] == [again.id, desk.plan_id]


async def test_earlier_hops_come_behind_those_that_are_still_to_be_made(desk: Desk) -> None:
    desk.plans.paste(desk.plan_id, "one\ntwo")
    other = desk.plans.new("another film", PROFILE)
    desk.plans.paste(other.id, "three")
    desk.records.put(replace(desk.now, state=PlanState.RUNNING))
    again = desk.plans.reuse(other.id, "film", PROFILE)
    assert again.id == desk.plan_id, "no second plan that runs behind the creator's back"
    assert (desk.words(), desk.now.state) == (["one", "two", "three"], PlanState.RUNNING)
    desk.undo.undo()
    assert desk.words() == ["one", "two"]


async def test_other_words_may_be_tried_after_two_refusals(desk: Desk) -> None:
    desk.plans.paste(desk.plan_id, "one\ntwo")
    desk.sent(0)
    hop = desk.now.hops[0]
    stop = Stop(StopReason.REFUSED_TWICE, hop.id)
    desk.records.put(replace(desk.now, state=PlanState.STOPPED, stop=stop))
    desk.plans.change_hop(desk.plan_id, replace(hop, takes=2))
    assert not desk.now.stop.can_try_again, "the words are the same"
    desk.plans.change_hop(desk.plan_id, replace(hop, prompt="one, carefully"))
    assert desk.now.stop.can_try_again


def test_the_first_hop_goes_on_as_the_film_does_and_as_its_end_allows() -> None:
    now = datetime.now(UTC)
    film = Film("f", "Pond", now, now)
    kling, mine = Clip("7", made_at=now), Clip("file:77")

    def way(film: Film | None, clip: Clip | None, last: Way | None = None) -> Way:
        return usual_hop(film, clip, last, now).way

    assert way(film, kling) is Way.EXTEND
    assert way(film, kling, Way.CONTINUE) is Way.CONTINUE
    assert way(replace(film, way=Way.EXTEND), kling, Way.CONTINUE) is Way.EXTEND
    assert way(replace(film, way=Way.EXTEND), mine) is Way.CONTINUE
    assert way(None, None) is Way.EXTEND
    assert usual_hop(film, mine, None, now).generation == Generation("kling-v3", seconds=5)


async def test_a_deleted_plan_comes_back_and_does_not_run_by_itself(desk: Desk) -> None:
    desk.plans.paste(desk.plan_id, "one")
    desk.records.put(replace(desk.now, state=PlanState.RUNNING))
    desk.plans.delete(desk.plan_id)
    assert desk.plans.plan(desk.plan_id) is None
    desk.undo.undo()
    assert (desk.words(), desk.now.state) == (["one"], PlanState.PAUSED)
    await asyncio.sleep(0)
    assert PlanDeleted(desk.plan_id, "film") in desk.facts
    assert desk.facts[-1] == PlanChanged(desk.now)


async def test_a_plan_that_was_done_is_ready_again_when_hops_are_added(desk: Desk) -> None:
    desk.records.put(replace(desk.now, state=PlanState.DONE))
    desk.plans.paste(desk.plan_id, "one more")
    assert desk.now.state is PlanState.READY


async def test_hops_are_added_to_a_plan_that_has_ended_only_for_the_account_that_it_was_sent_with(desk: Desk) -> None:
    other = replace(PROFILE, name="Second")
    film_id = desk.now.film_id
    desk.plans.paste(desk.plan_id, "Fog\nRain")
    desk.plans.set_takes(desk.plan_id, 2)
    assert desk.plans.to_write(film_id, other).id == desk.plan_id  # its hops are still to come
    desk.records.put(replace(desk.now, hops=tuple(replace(hop, state=HopState.DONE) for hop in desk.now.hops)))
    assert desk.plans.to_write(film_id, PROFILE).id == desk.plan_id
    new = desk.plans.to_write(film_id, other)
    assert (new.id != desk.plan_id, new.profile, new.takes, new.hops) == (True, other, 2, ())


async def test_a_plan_that_stands_still_is_sent_with_another_account_from_then_on(desk: Desk) -> None:
    other = replace(PROFILE, name="Second")
    desk.plans.send_with(desk.plan_id, other)
    assert desk.now.profile == other
    assert desk.undo.undo() is Change.PLAN_ACCOUNT
    assert desk.now.profile == PROFILE
    desk.records.put(replace(desk.now, state=PlanState.RUNNING))
    with pytest.raises(ValueError, match="runs"):
        desk.plans.send_with(desk.plan_id, other)


async def test_what_can_be_taken_back_of_a_long_plan_does_not_hold_what_was_sent(desk: Desk) -> None:
    """Each step would keep all hops of its time: a film's steps would hold as many as the square of its hops."""
    desk.plans.paste(desk.plan_id, "one\ntwo\nthree")
    for number in range(3):
        desk.sent(number)
    for number in range(10):
        desk.plans.set_takes(desk.plan_id, 1 + number % 2)
    await asyncio.sleep(0)  # the feed tells in the next turn
    desk.facts.clear()
    gc.collect()
    sent = [each for each in gc.get_objects() if isinstance(each, PlannedHop) and each.state is not HopState.PLANNED]
    assert len(sent) <= 3, "each once: as it was read last"


async def test_what_is_gone_or_sent_is_neither_doubled_nor_removed_nor_written(desk: Desk) -> None:
    """As by keys that are quicker than the drawing."""
    desk.plans.paste(desk.plan_id, "one\ntwo")
    first, second = desk.now.hops
    desk.plans.remove_hops(desk.plan_id, [second.id])
    desk.plans.remove_hops(desk.plan_id, [second.id])
    assert desk.plans.duplicate_hop(desk.plan_id, second.id) is None
    desk.sent(0)
    with pytest.raises(HopSent):
        desk.plans.change_hop(desk.plan_id, replace(first, prompt="other words"))
    assert desk.words() == ["one"]
    assert [desk.undo.undo(), desk.undo.undo()] == ["Remove hop", "Paste hops"], "no step that changed nothing"
