"""The planner says how long the film will be, what is missing to a length, and what that costs and takes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from kling_desktop.domain.analysis import HopLook
from kling_desktop.domain.clips import Clip
from kling_desktop.domain.plans import HopState, Plan, PlannedHop
from kling_desktop.domain.takes import Making, Path, Take, TakeMark, TakeState, Way
from kling_desktop.domain.tasks import Extension, Generation, Status, Task
from kling_desktop.studio.films.planning.planner import Planner, usual_lengths
from tests.harness.tasks import NOON, PROFILE


def state(hop: int, seconds: str, parent_seconds: str | None = None, made_at: datetime | None = None) -> TakeState:
    clip = Clip(f"c{hop}", seconds=Decimal(seconds), made_at=made_at)
    if parent_seconds is not None:
        clip = replace(clip, parent_seconds=Decimal(parent_seconds))
    way = Way.EXTEND if hop else Way.ROOT
    take = Take(f"t{hop}", "film", f"t{hop - 1}" if hop else "", way, hop, NOON, "", clip_id=clip.id)
    return TakeState(take, None, clip, TakeMark(), 1, 1, is_picked=False)


LANTERN_LAKE = Path("film", (state(0, "5.0"), state(1, "9.6", "5.0"), state(2, "14.2", "9.6")))


def plan(*hops: PlannedHop, takes: int = 1) -> Plan:
    return Plan("p", "film", PROFILE, NOON, takes=takes, hops=hops)


def planner(
    price: Decimal | None = Decimal(2),
    usual: tuple[float, float] | None = (240.0, 300.0),
    slots: int | None = 2,
    drift: tuple[HopLook, ...] = (),
) -> Planner:
    return Planner(lambda extension: price, lambda name: usual, lambda name: slots, lambda clip_id: drift)


def test_what_is_planned_adds_as_much_as_this_films_hops_did() -> None:
    done = PlannedHop("d", state=HopState.DONE)
    forecast = planner().forecast(LANTERN_LAKE, plan(done, PlannedHop("a"), PlannedHop("b", takes=3)))
    assert forecast.made_seconds == 14.2
    assert forecast.planned_seconds == pytest.approx(9.2)
    assert forecast.total_seconds == pytest.approx(23.4)
    assert forecast.limit_seconds == 180
    to_come = (forecast.to_come.hops, forecast.to_come.units, forecast.to_come.money)
    assert to_come == (2, Decimal(8), Decimal("1.12"))
    assert forecast.to_come.seconds == 240 * (1 + 2), "three takes over two slots go in two rounds"


def test_hops_to_klings_bound_never_pass_it_and_hops_to_a_wish_reach_it() -> None:
    forecast = planner().forecast(LANTERN_LAKE, plan())
    assert forecast.to_wanted.hops == 36  # 14.2 + 36 * 4.6 = 179.8
    assert forecast.to_wanted.units == 72
    assert forecast.to_wanted.seconds == 36 * 240
    assert planner().forecast(LANTERN_LAKE, plan(), 30).to_wanted.hops == 4
    assert planner().forecast(LANTERN_LAKE, plan(), 10).to_wanted.hops == 0


def test_a_film_that_is_continued_has_no_bound_but_the_creators_wish() -> None:
    hop = PlannedHop("a", way=Way.CONTINUE, generation=Generation("kling-v3", seconds=10), takes=2)
    forecast = planner().forecast(LANTERN_LAKE, plan(hop, takes=2), 300)
    assert forecast.limit_seconds is None
    assert forecast.planned_seconds == 10
    assert (forecast.to_wanted.hops, forecast.to_wanted.units) == (28, Decimal(112))
    assert planner().forecast(LANTERN_LAKE, plan(hop)).to_wanted.hops == 0


def test_a_film_that_can_only_be_continued_has_no_bound_before_anything_is_planned() -> None:
    mine = replace(state(0, "5.0"), clip=Clip("file:77", seconds=Decimal("5.0")))
    forecast = planner().forecast(Path("film", (mine,)), None)
    assert (forecast.limit_seconds, forecast.to_wanted.hops) == (None, 0)


def test_what_is_under_way_is_still_to_come_and_no_longer_to_be_bought() -> None:
    sent = PlannedHop("a", state=HopState.SENT, task_ids=("x", "y"), takes=2)
    forecast = planner().forecast(LANTERN_LAKE, plan(sent, PlannedHop("b")))
    assert forecast.planned_seconds == pytest.approx(9.2)
    assert (forecast.to_come.hops, forecast.to_come.units) == (1, Decimal(2))
    tip = LANTERN_LAKE.takes[-1]
    one_is_there = replace(tip, take=replace(tip.take, task_id="x"))
    forecast = planner().forecast(Path("film", (*LANTERN_LAKE.takes[:-1], one_is_there)), plan(sent, PlannedHop("b")))
    assert forecast.planned_seconds == pytest.approx(4.6), "its length is in the film already"


def test_what_nobody_knows_is_not_guessed() -> None:
    forecast = planner(price=None, usual=None).forecast(LANTERN_LAKE, plan(PlannedHop("a")))
    cost = forecast.to_come
    assert (cost.hops, cost.units, cost.money, cost.seconds) == (1, None, None, None)
    empty = planner().forecast(Path("film", ()), None)
    assert (empty.made_seconds, empty.first_dies_at, empty.drifts_at, empty.to_wanted.hops) == (0, None, None, 39)


def test_what_is_missing_costs_what_the_hops_cost_that_a_click_adds() -> None:
    """A hop that came from the form may ask for more takes than those that are written from now on."""
    four = PlannedHop("a", takes=4)
    forecast = planner().forecast(LANTERN_LAKE, plan(four, takes=1))
    assert forecast.to_come.units == 8
    assert forecast.to_wanted.units == 2 * forecast.to_wanted.hops


def test_the_price_is_asked_for_what_will_be_asked() -> None:
    asked: list[Extension] = []

    def estimate(extension: Extension) -> Decimal:
        asked.append(extension)
        return Decimal(1)

    planner = Planner(estimate, lambda name: None, lambda name: None)
    planner.forecast(LANTERN_LAKE, plan(PlannedHop("a", "fog")), 0)
    assert asked == [Extension("c2", "fog")]
    asked.clear()
    dear = Generation("kling-v3", seconds=15)
    hops = (PlannedHop("a", "fog"), PlannedHop("b", "rain"), PlannedHop("c", "snow", Way.CONTINUE, generation=dear))
    assert planner.forecast(LANTERN_LAKE, plan(*hops), 0).to_come.units == 3
    assert asked == [Extension("c2", "fog"), Extension("c2", "snow", generation=dear)], "words cost nothing"


def looks(*colours: float) -> tuple[HopLook, ...]:
    return tuple(HopLook(hop, hop * 4.6, colour, 0, 0) for hop, colour in enumerate(colours))


@pytest.mark.parametrize(
    ("drift", "hop"),
    [
        (looks(0, 1, 2, 3), 6),  # one a hop, five are allowed
        (looks(0, 1, 7), 2),
        (looks(0, 1, 2), None),  # too little to tell
        (looks(0, 0, 0, 0), None),
        (looks(0, 0.1, 0.1, 0.1), None),  # beyond three minutes
    ],
)
def test_the_hop_where_drift_is_likely_to_leave_the_tolerance(drift: tuple[HopLook, ...], hop: int | None) -> None:
    assert planner(drift=drift).forecast(LANTERN_LAKE, plan()).drifts_at == hop


def test_the_first_clip_of_the_path_to_die_is_named() -> None:
    day = datetime(2026, 3, 1, tzinfo=UTC)
    path = Path("film", (state(0, "5.0", made_at=day + timedelta(days=2)), state(1, "9.6", "5.0", made_at=day)))
    forecast = planner().forecast(path, None)
    assert (forecast.first_dies_at, forecast.first_dying) == (day + timedelta(days=30), "t1")


def in_the_making(extension: Extension, way: Way) -> Making:
    first = state(3, "0")
    task = Task("form", extension, PROFILE, Status.PROCESSING, NOON)
    take = replace(first.take, way=way, task_id=task.id, clip_id="")
    return Making(replace(first, take=take, task=task, clip=None), 1, 1, NOON)


def test_what_was_sent_by_hand_is_to_come_too_and_not_bought_once_more() -> None:
    making = in_the_making(Extension("c2", "fog"), Way.EXTEND)
    forecast = planner().forecast(LANTERN_LAKE, plan(PlannedHop("b")), making=making)
    assert forecast.planned_seconds == pytest.approx(9.2)
    assert (forecast.to_come.hops, forecast.to_wanted.hops) == (1, 34), "of 36, one is made and one planned"
    assert planner().forecast(LANTERN_LAKE, None, making=making).to_wanted.hops == 35
    sent = PlannedHop("a", state=HopState.SENT, task_ids=("form",))
    forecast = planner().forecast(LANTERN_LAKE, plan(sent), making=making)
    assert forecast.planned_seconds == pytest.approx(4.6), "the plan's own take is not counted twice"


def test_behind_a_new_clip_that_is_in_the_making_nothing_is_extended() -> None:
    asked = Extension("c2", "fog", generation=Generation("kling-v3", seconds=10))
    forecast = planner().forecast(LANTERN_LAKE, None, 40, in_the_making(asked, Way.CONTINUE))
    assert (forecast.planned_seconds, forecast.limit_seconds) == (10, None)
    assert forecast.to_wanted.hops == 2, "14.2 + 10 + 2 * 10 reach 40"


def test_options_that_a_hop_does_not_use_say_nothing_about_its_length() -> None:
    """As a hop that was to be continued, and is extended now."""
    hop = PlannedHop("a", way=Way.EXTEND, generation=Generation("kling-v3", seconds=15))
    assert planner().forecast(LANTERN_LAKE, plan(hop)).planned_seconds == pytest.approx(4.6)
    assert usual_lengths(LANTERN_LAKE)(hop.way, hop.generation) == pytest.approx(4.6)
