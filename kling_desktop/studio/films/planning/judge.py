"""Whether a take may go on: its seam, its drift, whether it can be read at all; asked for, and heard as facts."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kling_desktop.domain.analysis import Event, HopLook, Seam, Tolerance, Verdict
from kling_desktop.domain.clips import Clip
from kling_desktop.domain.seam_limits import SeamLimits
from kling_desktop.domain.takes import TakeState, Way
from kling_desktop.studio.feed import DriftMeasured, Fact, SeamLimitsMoved, SeamsFound

Look = Callable[[Clip], Awaitable[None]]

MOST_CLIPS = 500
"""Clips of which it is remembered what was found: many more than one hop has takes, which are compared."""
_RANKS = {Verdict.CLEAN: 0, None: 1, Verdict.SLIGHT: 2, Verdict.BAD: 3}


def gate_tolerance() -> Tolerance:
    """How far a hop may drift before a plan stops. Wider than what the chart warns of: a new thing in the picture moves
    contrast and sharpness too, and a gate that stops for nothing is one that nobody uses.
    """
    return Tolerance(colour=8.0, contrast=30.0, softer=40.0, sharper=150.0)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was found about a take."""

    verdict: Verdict | None = None
    """Of its seam; None when it could not be measured, or there is none."""
    badness: float = 0.0
    """Sum of the bars of its seam's meters: 0 is perfect."""
    is_broken: bool = False
    """Its file cannot be read."""
    drifts: bool = False
    """It is further from the base than the creator wants, and nobody was told so of the take before it."""
    detail: str = ""
    """Which meter is worst, by its `Measure`; or that there is a cut, by its `Event`."""

    @property
    def order(self) -> tuple[bool, int, bool, float]:
        """Sorts the best take first."""
        return self.is_broken, _RANKS[self.verdict], self.drifts, self.badness


class Judge:
    """Remembers what facts told of the clips that were heard of last; of others, as after a restart, it is asked for
    again, and answered from the library.
    """

    def __init__(
        self,
        find_seams: Look,
        measure_drift: Look,
        run_in_background: Callable[[Coroutine[Any, Any, None]], object],
        tolerance: Callable[[], Tolerance] = gate_tolerance,
        pause: float = 1.0,
        known_drift: Callable[[str], Sequence[HopLook]] = lambda clip_id: (),
    ) -> None:
        """Both looks answer with their fact, or with none when somebody called them off (`ClipAnalyzer.find_seams`,
        `measure_drift`): then, after a pause in seconds, it is looked once more. `known_drift` answers at once what
        was measured of a clip earlier, empty when it never was.
        """
        self._find_seams = find_seams
        self._measure_drift = measure_drift
        self._run_in_background = run_in_background
        self._tolerance = tolerance
        self._pause = pause
        self._known_drift = known_drift
        self._seams: dict[str, tuple[Seam, ...] | None] = {}
        """Of each clip the last one, where its own part begins: those before it are told of the clips before it."""
        self._drift: dict[str, tuple[HopLook, ...] | None] = {}
        """Of each clip the last look: a film of many hops has as many, and each of its clips would hold them all."""
        self._known: Callable[[str], object] = lambda clip_id: None
        self._asked: set[tuple[str, bool]] = set()

    def listen(self, known: Callable[[str], object]) -> None:
        """Tell of clips about which something is known that no fact tells: looking at them broke off."""
        self._known = known

    def _give_up(self, clip_id: str) -> None:
        """An error of ours, told by whoever runs the look: the take counts as one that cannot be read."""
        self._seams[clip_id] = None
        self._known(clip_id)

    def look_again(self, clip_ids: Collection[str]) -> None:
        """Ask once more for what could not be found out of these clips: their drive may be back, the disk emptier."""
        for clip_id in clip_ids:
            for of_seams, told in ((True, self._seams), (False, self._drift)):
                if clip_id in told and told[clip_id] is None:
                    del told[clip_id]
                    self._asked.discard((clip_id, of_seams))

    def hear(self, facts: Sequence[Fact]) -> set[str]:
        """Take in what facts tell; ids of the clips of which something new is known."""
        told: set[str] = set()
        for fact in facts:
            if isinstance(fact, (SeamsFound, DriftMeasured)) and self._is_no_answer(fact):
                continue
            if isinstance(fact, SeamsFound):
                self._seams[fact.clip_id] = None if fact.trouble else fact.seams[-1:]
                told.add(fact.clip_id)
            elif isinstance(fact, SeamLimitsMoved):
                # In its place: who still asks looks into this very store for what is told.
                self._seams.update({id: seams and _judged(seams, fact.limits) for id, seams in self._seams.items()})
                told |= set(self._seams)
            elif isinstance(fact, DriftMeasured):
                self._drift[fact.clip_id] = fact.hops[-1:] if _tells_drift(fact) else None
                told.add(fact.clip_id)
        self._let_go()
        return told

    def _let_go(self) -> None:
        """Of the clips that were heard of first, beyond so many: a window stays open for weeks."""
        for of_seams, told in ((True, self._seams), (False, self._drift)):
            for clip_id in list(told)[: max(0, len(told) - MOST_CLIPS)]:
                del told[clip_id]
                self._asked.discard((clip_id, of_seams))

    def _is_no_answer(self, fact: SeamsFound | DriftMeasured) -> bool:
        """Others look too, perhaps before the file is there: what they could not find out is asked for here again."""
        if isinstance(fact, SeamsFound):
            return fact.trouble is not None and (fact.clip_id, True) not in self._asked
        return not _tells_drift(fact) and (fact.clip_id, False) not in self._asked

    def judgement(self, state: TakeState, *, drift: bool) -> Judgement | None:
        """What is known of a take; None while something that is wanted is still to come, which is then asked for."""
        clip = state.clip
        if clip is None:
            return Judgement(is_broken=True)
        if state.take.way is Way.CONTINUE and self._seams.get(clip.id) == ():
            # Told of the clip alone, in which there is none. Where it meets the film before it is still to be measured.
            del self._seams[clip.id]
            self._asked.discard((clip.id, True))
        if clip.id not in self._seams:
            self._ask(clip, self._find_seams, self._seams)
            return None
        seams = self._seams[clip.id]
        if seams is None:
            return Judgement(is_broken=True)
        wants_drift = drift and state.take.way is not Way.ROOT and bool(seams)
        if wants_drift and clip.id not in self._drift:
            self._ask(clip, self._measure_drift, self._drift)
            return None
        looks = self._drift[clip.id] if wants_drift else ()
        if looks is None:
            return Judgement(is_broken=True)
        seam = seams[-1] if seams else None
        return Judgement(
            verdict=seam.told if seam else None,
            badness=sum(meter.bar for meter in seam.meters) if seam else 0.0,
            drifts=bool(looks) and self._leaves(looks, _parent_of(state)),
            detail=_detail(seam) if seam else "",
        )

    def _leaves(self, looks: tuple[HopLook, ...], parent_id: str) -> bool:
        """Only the hop that goes too far is told of: those after it inherit what was accepted.

        What was accepted is what was measured in the parent's own file. In the child's file the same hop may lie on the
        other side of the limit by a hair, and then neither of them would ever be told of.
        """
        tolerance = self._tolerance()
        if tolerance.allows(looks[-1]):
            return False
        before = self._drift.get(parent_id) or tuple(self._known_drift(parent_id))[1:]  # hop 0 alone is no chain
        return not before or tolerance.allows(before[-1])

    def _ask(self, clip: Clip, look: Look, told: Mapping[str, object]) -> None:
        async def until_told() -> None:
            while clip.id not in told:
                try:
                    await look(clip)
                except Exception:
                    self._give_up(clip.id)
                    raise
                await asyncio.sleep(0)  # the feed tells in the loop's next turn
                if clip.id not in told:
                    await asyncio.sleep(self._pause)

        key = (clip.id, look is self._find_seams)
        if key not in self._asked:
            self._asked.add(key)
            self._run_in_background(until_told())


def _tells_drift(fact: DriftMeasured) -> bool:
    """Of a clip that begins with a hop 0 alone nothing follows."""
    return fact.trouble is None and len(fact.hops) > 1


def _parent_of(state: TakeState) -> str:
    """Id of the clip that a take goes on from; empty when nothing tells."""
    if state.task is not None and state.task.extension.video_id:
        return state.task.extension.video_id
    return state.clip.parent_id if state.clip is not None else ""


def _judged(seams: tuple[Seam, ...], limits: SeamLimits) -> tuple[Seam, ...]:
    return tuple(limits.judged(seam) for seam in seams)


def _detail(seam: Seam) -> str:
    if seam.event is Event.CUT:
        return seam.event.value
    worst = max(seam.meters, key=lambda meter: meter.bar, default=None)
    return worst.measure.value if worst else ""
