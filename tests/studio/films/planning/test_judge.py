"""No take passes a gate whose drift was not asked for, or was answered with nothing."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Coroutine
from dataclasses import replace
from typing import Any

import pytest

from kling_desktop.domain.analysis import HopLook, Measure, Meter, Seam, Verdict
from kling_desktop.domain.clips import Clip
from kling_desktop.domain.seam_limits import SeamLimits
from kling_desktop.domain.takes import TakeState, Way
from kling_desktop.errors import FileTrouble
from kling_desktop.studio.feed import DriftMeasured, SeamLimitsMoved, SeamsFound
from kling_desktop.studio.films.planning.judge import MOST_CLIPS, Judge, Judgement
from tests.harness.tasks import done
from tests.ui.wiring.films.states import state_of

_SEAM = Seam(1, 120, 5.0, 1.0)
_BAD = Meter(Measure.COLOUR, 9.0, 3.0, Verdict.BAD)
_STATE = state_of(done(1))
_TROUBLE = FileTrouble("no file yet").trouble


def _looks(*colours: float) -> tuple[HopLook, ...]:
    return tuple(HopLook(hop, hop * 5.0, colour, 0.0, 0.0) for hop, colour in enumerate(colours))


def _clip_id() -> str:
    assert _STATE.clip is not None
    return _STATE.clip.id


def _parent_id() -> str:
    assert _STATE.task is not None
    return _STATE.task.extension.video_id


class Room:
    """A judge whose looks are only noted: what they find is told by hand."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.known: dict[str, tuple[HopLook, ...]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.judge = Judge(
            self._noted("seams"),
            self._noted("drift"),
            self._run,
            pause=0.0,
            known_drift=lambda id: self.known.get(id, ()),
        )

    def _noted(self, what: str) -> Any:
        async def look(clip: Clip) -> None:
            self.asked.append(what)
            await asyncio.Event().wait()

        return look

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.add(asyncio.get_running_loop().create_task(work))

    def close(self) -> None:
        for task in self._tasks:
            task.cancel()

    def found(self, state: TakeState = _STATE) -> Judgement | None:
        return self.judge.judgement(state, drift=True)

    async def wanted(self) -> list[str]:
        await asyncio.sleep(0)
        return self.asked

    def tell_drift(self, *colours: float) -> None:
        self.judge.hear([DriftMeasured(_clip_id(), _looks(*colours))])


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    room = Room()
    room.judge.hear([SeamsFound(_clip_id(), (_SEAM,), None)])
    yield room
    room.close()


@pytest.mark.parametrize("way", [Way.EXTEND, Way.CONTINUE])
async def test_drift_is_asked_for_whatever_way_a_take_was_made(room: Room, way: Way) -> None:
    state = replace(_STATE, take=replace(_STATE.take, way=way))
    assert room.found(state) is None
    assert await room.wanted() == ["drift"]
    room.tell_drift(0.0, 20.0)
    found = room.found(state)
    assert found is not None
    assert found.drifts


async def test_what_another_could_not_measure_is_asked_for_again(room: Room) -> None:
    room.judge.hear([DriftMeasured(_clip_id(), (), _TROUBLE), DriftMeasured(_clip_id(), _looks(0.0))])
    assert room.found() is None
    assert await room.wanted() == ["drift"]


async def test_seams_that_another_could_not_find_are_asked_for_again() -> None:
    room = Room()
    room.judge.hear([SeamsFound(_clip_id(), (), _TROUBLE)])
    assert room.found() is None
    assert await room.wanted() == ["seams"]
    room.close()


async def test_a_continued_take_passes_no_gate_because_its_clip_alone_holds_no_seam() -> None:
    """The lane looked at the new clip before it was joined, and the plan went on over a seam that nobody had seen."""
    room = Room()
    state = replace(_STATE, take=replace(_STATE.take, way=Way.CONTINUE))
    room.judge.hear([SeamsFound(_clip_id(), ())])
    assert room.found(state) is None
    assert await room.wanted() == ["seams"]
    room.judge.hear([SeamsFound(_clip_id(), ())])
    assert room.found(state) is None, "whoever tells it, and however often"
    room.judge.hear(
        [SeamsFound(_clip_id(), (replace(_SEAM, meters=(_BAD,)),)), DriftMeasured(_clip_id(), _looks(0, 0))]
    )
    found = room.found(state)
    assert found is not None
    assert found.verdict is Verdict.BAD
    room.close()


async def test_what_could_not_be_looked_at_is_looked_at_again_when_it_is_wanted(room: Room) -> None:
    assert room.found() is None
    room.judge.hear([DriftMeasured(_clip_id(), (), _TROUBLE)])
    room.judge.look_again(["another", _clip_id()])
    assert room.found() is None
    assert await room.wanted() == ["drift", "drift"], "its seams are known"
    room.tell_drift(0.0, 0.0)
    found = room.found()
    assert found is not None
    assert not found.is_broken


async def test_drift_that_cannot_be_measured_does_not_count_as_none(room: Room) -> None:
    assert room.found() is None
    room.judge.hear([DriftMeasured(_clip_id(), (), _TROUBLE)])
    found = room.found()
    assert found is not None
    assert found.is_broken


async def test_a_hop_at_the_limit_in_its_own_file_and_over_it_in_the_next_hides_nothing(room: Room) -> None:
    room.known[_parent_id()] = _looks(0.0, 7.9)
    room.tell_drift(0.0, 8.1, 12.0)
    found = room.found()
    assert found is not None
    assert found.drifts, "of the hop before it nobody was told that it drifts"


async def test_a_film_that_nobody_measured_before_is_told_of_once(room: Room) -> None:
    room.tell_drift(0.0, 12.0, 13.0)
    found = room.found()
    assert found is not None
    assert found.drifts


async def test_who_accepted_the_hop_before_is_not_asked_again(room: Room) -> None:
    room.known[_parent_id()] = _looks(0.0, 12.0)
    room.tell_drift(0.0, 12.0, 13.0)
    found = room.found()
    assert found is not None
    assert not found.drifts


def test_of_a_clip_of_many_hops_no_more_is_held_than_its_own_hop(room: Room) -> None:
    looks = _looks(*[0.515625] * 30)
    seams = tuple(replace(_SEAM, hop=hop, seconds=0.515625) for hop in range(1, 31))
    room.judge.hear([DriftMeasured(_clip_id(), looks), SeamsFound(_clip_id(), seams)])
    del looks, seams
    gc.collect()
    held = [each for each in gc.get_objects() if isinstance(each, HopLook) and each.colour == 0.515625]
    found = [each for each in gc.get_objects() if isinstance(each, Seam) and each.seconds == 0.515625]
    assert ([each.hop for each in held], [each.hop for each in found]) == ([29], [30])


async def test_of_many_clips_those_heard_of_first_are_asked_for_again(room: Room) -> None:
    room.tell_drift(0.0, 0.1)
    assert room.found() is not None
    room.judge.hear([SeamsFound(f"another {number}", (_SEAM,), None) for number in range(MOST_CLIPS)])
    assert room.found() is None
    assert await room.wanted() == ["seams"]
    room.judge.hear([SeamsFound(_clip_id(), (_SEAM,), None)])
    assert room.found() is not None


async def test_limits_moved_while_a_seam_is_looked_for_do_not_leave_the_look_going_on_for_ever() -> None:
    looks: list[asyncio.Task[None]] = []
    told = asyncio.Event()

    async def look(clip: Clip) -> None:
        await told.wait()

    judge = Judge(look, look, lambda work: looks.append(asyncio.get_running_loop().create_task(work)), pause=0.0)
    assert judge.judgement(_STATE, drift=False) is None
    judge.hear([SeamLimitsMoved(SeamLimits())])
    judge.hear([SeamsFound(_clip_id(), (_SEAM,), None)])
    told.set()
    async with asyncio.timeout(10):
        await asyncio.gather(*looks)
