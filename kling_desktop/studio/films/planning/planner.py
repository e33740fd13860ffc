"""The length planner: how long the film is and will be, what is missing to a length, and what that costs and takes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from kling_desktop.domain.analysis import HopLook, Tolerance
from kling_desktop.domain.clips import LONGEST_SECONDS, dies_at
from kling_desktop.domain.kling_time import KLING_TIME
from kling_desktop.domain.plans import HopState, Plan, PlannedHop
from kling_desktop.domain.takes import Making, Path, TakeState, Way
from kling_desktop.domain.tasks import Extension, Generation
from kling_desktop.domain.units import PRICE_PER_UNIT
from kling_desktop.studio.films.planning.plans import continued
from kling_desktop.studio.tasks.checks import CLIP_TOO_LONG, why_not_extended

USUAL_ADDED_SECONDS = 4.6
"""What an extension adds when this film has none yet (seed page: 4 to 5 s)."""

_ENOUGH_HOPS = 3
"""Hops from which a trend of drift is honest; the base is not one of them."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What some hops would cost and take."""

    hops: int
    units: Decimal | None
    """An estimate; None when nobody knows."""
    money: Decimal | None
    """In the currency of the price per unit."""
    seconds: float | None
    """How long it takes at this account's own typical times and slots; None when it has too few finished tasks."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """The film as it is and as it is planned; everything to come is an estimate."""

    made_seconds: float
    """Length of the picked path."""
    planned_seconds: float
    """What the hops to come add, those under way among them."""
    limit_seconds: float | None
    """Kling's bound of three minutes where the plan extends; None where it continues: then of what is wanted."""
    to_come: Cost
    """The hops that are planned."""
    to_wanted: Cost
    """Hops beyond them to the wanted length."""
    drifts_at: int | None
    """The hop at which the drift measured so far is likely to leave the tolerance; None: not in what is planned, or too
    little was measured.
    """
    first_dies_at: datetime | None
    """When the first clip of the path is deleted at Kling."""
    first_dying: str
    """The take that is meant; empty when nothing tells."""

    @property
    def total_seconds(self) -> float:
        return self.made_seconds + self.planned_seconds


class Planner:
    """Reads figures at once and computes; writes nothing."""

    def __init__(
        self,
        estimate: Callable[[Extension], Decimal | None],
        typical_seconds: Callable[[str], tuple[float, float] | None],
        slots: Callable[[str], int | None],
        drift: Callable[[str], Sequence[HopLook]] = lambda clip_id: (),
        tolerance: Callable[[], Tolerance] = Tolerance,
        price_per_unit: Callable[[], Decimal] = lambda: PRICE_PER_UNIT,
    ) -> None:
        """Both times and slots are of a profile, by its name; drift is of a clip, by its id, hop 0 first."""
        self._estimate = estimate
        self._typical_seconds = typical_seconds
        self._slots = slots
        self._drift = drift
        self._tolerance = tolerance
        self._price_per_unit = price_per_unit

    def forecast(
        self, path: Path, plan: Plan | None, wanted_seconds: float | None = None, making: Making | None = None
    ) -> Forecast:
        """Of a film and its plan; without a wanted length, to Kling's bound where the plan extends. What is made from
        the path's tip by hand is `making`.
        """
        unsent = tuple(hop for hop in plan.to_come if hop.state is HopState.PLANNED) if plan else ()
        hops = (*(_under_way(path, plan) or _by_hand(plan, making)), *unsent)
        model = hops[-1] if hops else _like_the_last(path, plan)
        if plan is not None:
            model = replace(model, takes=plan.takes)  # as hops are that will be added, whatever the last one asks for
        limit = float(LONGEST_SECONDS) if model.way is not Way.CONTINUE else None
        adds = usual_lengths(path)
        planned = sum(adds(hop.way, hop.generation) for hop in hops)
        missing = self._missing(
            path,
            model,
            adds(model.way, model.generation),
            planned,
            wanted_seconds if wanted_seconds is not None else limit,
        )
        dying = _first_dying(path)
        return Forecast(
            made_seconds=path.seconds,
            planned_seconds=planned,
            limit_seconds=limit,
            to_come=self._cost(path, plan, unsent),  # what is under way is paid for, or held in the budget
            to_wanted=self._cost(path, plan, [model] * missing),
            drifts_at=self._drifts_at(path, len(hops) + missing),
            first_dies_at=dying[0] if dying else None,
            first_dying=dying[1].take.id if dying else "",
        )

    def _missing(self, path: Path, model: PlannedHop, each: float, planned: float, wanted: float | None) -> int:
        """How many hops like the last one still fit below the wanted length, or are needed to reach it.

        Kling's own bound is not to be passed: there the last hop that would is left out.
        """
        if wanted is None:
            return 0
        left = wanted - path.seconds - planned
        if left <= 0.01 or each <= 0:
            return 0
        extends = model.way is not Way.CONTINUE and wanted >= LONGEST_SECONDS
        return math.floor(left / each + 0.001) if extends else math.ceil(left / each - 0.001)

    def _cost(self, path: Path, plan: Plan | None, hops: Sequence[PlannedHop]) -> Cost:
        units: Decimal | None = Decimal(0)
        prices: dict[Generation | None, Decimal | None] = {}
        for hop in hops:
            alike = _made_with(hop)  # most hops ask for the same in other words, which cost nothing
            if alike not in prices:
                prices[alike] = self._estimate(_asked(path, hop))
            price = prices[alike]
            units = None if units is None or price is None else units + price * hop.takes
        money = None if units is None else units * self._price_per_unit()
        return Cost(len(hops), units, money, self._time(plan, hops))

    def _time(self, plan: Plan | None, hops: Sequence[PlannedHop]) -> float | None:
        """Hops come one after the other; the takes of one at the same time, as many as the account has slots."""
        name = plan.profile.name if plan else ""
        usual = self._typical_seconds(name) if name else None
        if usual is None:
            return None
        slots = self._slots(name)
        rounds = sum(1 if slots is None else math.ceil(hop.takes / max(1, slots)) for hop in hops)
        return rounds * usual[0]

    def _drifts_at(self, path: Path, to_come: int) -> int | None:
        """By the mean drift a hop so far, of what is measured on the path's tip; a guess that says so."""
        tip = path.tip
        looks = list(self._drift(tip.take.clip_id)) if tip is not None else []
        tolerance = self._tolerance()
        if (left := tolerance.left_at(tuple(looks))) is not None:
            return left.hop
        if len(looks) <= _ENOUGH_HOPS:
            return None
        last = looks[-1]
        steps = []
        for off in tolerance.off(last):
            a_hop = abs(off) / last.hop
            steps.append((1 - abs(off)) / a_hop if a_hop > 0 else math.inf)
        first = min(steps)
        at = last.hop + math.floor(first) + 1 if math.isfinite(first) else None
        return at if at is not None and at <= last.hop + to_come else None


def usual_lengths(path: Path) -> Callable[[Way, Generation | None], float]:
    """What a hop to come is likely to add: as long as is asked for, or as extensions of this film did."""
    from statistics import median

    known = [take.added_seconds for take in path.takes if take.take.way is Way.EXTEND]
    extended = median([seconds for seconds in known if seconds] or [USUAL_ADDED_SECONDS])

    def seconds(way: Way, generation: Generation | None) -> float:
        return float(generation.seconds) if generation is not None and way is not Way.EXTEND else extended

    return seconds


def _asked(path: Path, hop: PlannedHop) -> Extension:
    """What a hop would ask for, as far as its price goes: the first clip stands for all that are still to be made."""
    tip = path.tip
    return Extension(tip.take.clip_id if tip else "", hop.prompt, generation=_made_with(hop))


def _made_with(hop: PlannedHop) -> Generation | None:
    return hop.generation if hop.way is Way.CONTINUE else None


def _under_way(path: Path, plan: Plan | None) -> list[PlannedHop]:
    """The hop that was sent and of which nothing is in the film yet."""
    made = {take.take.task_id for take in path.takes}
    return [
        hop for hop in (plan.to_come if plan else ()) if hop.state is HopState.SENT and not made & set(hop.task_ids)
    ]


def _by_hand(plan: Plan | None, making: Making | None) -> list[PlannedHop]:
    """What is made without a plan, as a hop: a clip of today's models is gone on from by another one."""
    if making is None or making.first.task is None:
        return []
    generation = making.first.task.extension.generation
    way = Way.EXTEND if generation is None else Way.CONTINUE
    return [PlannedHop("", way=way, takes=plan.takes if plan else 1, generation=generation)]


def _like_the_last(path: Path, plan: Plan | None) -> PlannedHop:
    """A hop as the creator would ask for next: what was continued, or cannot be extended, is continued."""
    hop, tip = PlannedHop("", takes=plan.takes if plan else 1), path.tip
    if tip is None or tip.clip is None:
        return hop
    closed = why_not_extended(tip.clip, KLING_TIME.surely())
    is_full = closed is not None and closed.sentence == CLIP_TOO_LONG
    return continued(hop) if tip.take.way is Way.CONTINUE or (closed and not is_full) else hop


def _first_dying(path: Path) -> tuple[datetime, TakeState] | None:
    dying = [(when, take) for take in path.takes if take.clip is not None and (when := dies_at(take.clip)) is not None]
    return min(dying, key=lambda each: each[0]) if dying else None
