"""The lane of a film as the studio's own nouns make it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from kling_desktop.domain.accounts import SANDBOX
from kling_desktop.domain.plans import HopState, Plan, PlannedHop, PlanState, Stop, StopReason
from kling_desktop.domain.takes import Making, TakeState, Way
from kling_desktop.domain.takes import Path as FilmPath
from kling_desktop.domain.tasks import Generation
from kling_desktop.studio.films.planning.planner import Cost, Forecast, Planner
from kling_desktop.ui.film import film_view
from kling_desktop.ui.film.film_view import CardKind
from kling_desktop.ui.film.film_words import spoken
from kling_desktop.ui.wiring.films.film_faces import Faces, view_of, with_current
from tests.harness.tasks import asked, done
from tests.ui.wiring.films.states import state_of

_FACES = Faces(lambda clip: None, lambda clip: None, lambda clip: None, lambda clip_id: None)
_NOTHING = Cost(0, None, None, None)
_FORECAST = Forecast(0.0, 0.0, 180.0, _NOTHING, _NOTHING, None, None, "")


def _path() -> tuple[TakeState, ...]:
    return tuple(state_of(done(n, f"hop {n}"), hop=n) for n in (1, 2, 3))


def test_what_waits_for_the_budget_is_told_on_its_card() -> None:
    making = Making(state_of(asked(8), hop=1), 4, 1, None, over_budget=2)
    card = view_of(_FACES, FilmPath("film", ()), making, None, _FORECAST, "", lambda hop: None).cards[0]
    assert "1 rendering, 2 over budget" in spoken(card)


def test_what_is_being_made_beside_a_take_is_told_at_its_hop_wherever_that_is() -> None:
    path = _path()
    began = datetime.now(UTC) - timedelta(seconds=61.2)
    beside = {path[0].take.id: Making(state_of(asked(8), hop=1), 1, 1, began)}
    cards = view_of(
        _FACES, FilmPath("film", path), None, None, _FORECAST, "", lambda hop: None, beside, usual=240.0
    ).cards
    assert [(card.kind, card.rendering, card.waiting) for card in cards] == [
        (CardKind.MADE, 1, 0), (CardKind.MADE, 0, 0), (CardKind.MADE, 0, 0)
    ]  # fmt: skip
    assert "take 1 of 2, 1 being made, 1:01 of ~4 min" in spoken(cards[0])
    assert "being made" not in spoken(cards[2])


def test_what_waits_has_no_time_yet() -> None:
    path = _path()
    waiting = replace(asked(8), sent_at=None, accepted_at=None)
    beside = {path[1].take.id: Making(state_of(waiting), 2, 0, None)}
    card = view_of(_FACES, FilmPath("film", path), None, None, _FORECAST, "", lambda hop: None, beside).cards[1]
    assert (card.rendering, card.waiting, card.elapsed) == (0, 2, None)


def test_the_hop_in_the_making_behind_the_tip_says_what_is_usual() -> None:
    making = Making(state_of(asked(8), hop=4), 1, 1, datetime.now(UTC))
    cards = view_of(_FACES, FilmPath("film", _path()), making, None, _FORECAST, "", lambda hop: None, usual=240.0).cards
    assert (cards[-1].kind, cards[-1].takes, cards[-1].usual) == (CardKind.RUNNING, 1, 240.0)


def test_what_is_in_the_making_counts_as_to_come() -> None:
    """As long as was asked for; an extension as those of this film were, or as Kling says."""
    path = FilmPath("film", _path())
    extended = Making(state_of(asked(8), hop=4), 1, 1, datetime.now(UTC))
    asked_for = replace(asked(8), extension=replace(asked(8).extension, generation=Generation("kling-v3", seconds=10)))
    for making, seconds in ((extended, 4.6), (Making(state_of(asked_for, hop=4), 2, 1, None), 10.0)):
        view = view_of(_FACES, path, making, None, _FORECAST, "", lambda hop: None)
        assert view.coming == seconds
    grown = FilmPath("film", tuple(_grown(state, "5.2") for state in _path()))
    assert view_of(_FACES, grown, extended, None, _FORECAST, "", lambda hop: None).coming == 5.2


def _grown(state: TakeState, seconds: str) -> TakeState:
    """Its clip as Kling states it after an extension by so many seconds."""
    assert state.clip is not None
    clip = replace(state.clip, seconds=Decimal(5) + Decimal(seconds), parent_seconds=Decimal(5))
    return replace(state, clip=clip)


def _stopped(stop: Stop) -> film_view.Stop:
    hops = (PlannedHop("h3", "hop 3", state=HopState.SENT, task_ids=("t3",), newest=1), PlannedHop("h4", "hop 4"))
    path = _path()
    at = replace(stop, hop_id="h3", take_id=path[-1].take.id)
    plan = Plan("p", "film", SANDBOX, datetime.now(UTC), state=PlanState.STOPPED, stop=at, hops=hops)
    said = view_of(_FACES, FilmPath("film", path), None, plan, _FORECAST, "", lambda hop: None).stop
    assert said is not None
    return said


def test_a_bad_seam_behind_which_the_film_drifts_says_both() -> None:
    said = _stopped(Stop(StopReason.BAD_SEAM, detail="colour drift"))
    assert said.reason.endswith(": colour shifts at its seam")
    assert said.detail == "it drifts too far from the beginning as well · 1 hop waits, uncharged"
    assert _stopped(Stop(StopReason.BAD_SEAM, detail="cut")).detail == "1 hop waits, uncharged"
    assert (
        _stopped(Stop(StopReason.FAILED, detail="no drift")).detail == "Kling says: no drift · 1 hop waits, uncharged"
    )


def test_a_hop_at_which_a_plan_stopped_has_its_number_whichever_of_its_takes_is_picked() -> None:
    path = _path()
    hop = PlannedHop("h", "hop", state=HopState.SENT, parent_id=path[1].take.id, task_ids=("t8", "t9"), newest=2)
    for take_id in (path[2].take.id, "the other one", ""):
        stop = Stop(StopReason.ASKED, hop_id="h", take_id=take_id)
        plan = Plan("p", "film", SANDBOX, datetime.now(UTC), state=PlanState.STOPPED, stop=stop, hops=(hop,))
        view = view_of(_FACES, FilmPath("film", path), None, plan, _FORECAST, "", lambda hop: None)
        assert view.stop is not None
        assert view.stop.reason == "Hop 2 is there: go on?"


@pytest.mark.parametrize(
    ("reason", "is_making", "said"),
    [
        (StopReason.ASKED, False, "Hop 2 is there: go on?"),
        (StopReason.FAILED, False, "Stopped: hop 3 failed"),
        (StopReason.UNDECIDED, True, "Stopped: it is not known whether Kling took hop 3"),
    ],
)
def test_a_plan_that_stopped_for_what_was_sent_by_hand_before_its_next_hop_names_the_hop_of_that(
    reason: StopReason, is_making: bool, said: str
) -> None:
    making = Making(state_of(asked(8), hop=3), 1, 1, None) if is_making else None
    plan = Plan(
        "p", "film", SANDBOX, datetime.now(UTC), state=PlanState.STOPPED, stop=Stop(reason), hops=(PlannedHop("h"),)
    )
    stop = view_of(_FACES, FilmPath("film", _path()), making, plan, _FORECAST, "", lambda hop: Decimal(2)).stop
    assert stop is not None
    assert (stop.reason, stop.again) == (said, "")


def test_only_what_could_not_be_read_can_be_looked_at_again() -> None:
    assert _stopped(Stop(StopReason.BROKEN)).unseen
    assert not _stopped(Stop(StopReason.BAD_SEAM, detail="colour")).unseen


def test_the_clip_that_expires_first_is_named_by_its_hop() -> None:
    path = FilmPath("film", _path())
    forecast = replace(
        _FORECAST, first_dies_at=datetime.now(UTC) + timedelta(days=5), first_dying=path.takes[2].take.id
    )
    shown = view_of(_FACES, path, None, None, forecast, "", lambda hop: None)
    assert shown.first_dies_hop == 2


@pytest.mark.parametrize(
    ("take_id", "above", "card", "is_beside"),
    [
        ("own-000002", (), 1, False),
        ("own-000008", (1, 8), 1, True),
        ("own-000009", (1, 8, 9), 1, True),
        ("own-000009", (1, 2, 3, 9), 2, True),
        ("own-000009", (9,), 0, True),
    ],
    ids=["the film's own", "a sibling", "below a sibling", "behind the last", "another root"],
)
def test_a_take_beside_the_film_has_the_card_where_it_leaves_it(
    take_id: str, above: tuple[int, ...], card: int, is_beside: bool
) -> None:
    view = view_of(_FACES, FilmPath("film", _path()), None, None, _FORECAST, "", lambda hop: None)
    lineage = [state_of(done(n, f"hop {n}"), hop=n) for n in above]
    shown = with_current(view, take_id, lambda _: lineage)
    assert (shown.current, shown.is_beside) == (view.cards[card].id, is_beside)


def test_lane_and_planner_agree_on_what_is_to_come() -> None:
    """By hand or by plan, extended or continued, and of hops that keep options which they do not use."""
    planner = Planner(lambda extension: None, lambda name: None, lambda name: None)
    longer = Generation("kling-v3", seconds=15)
    hops = (
        PlannedHop("a", way=Way.EXTEND, generation=longer),
        PlannedHop("b", way=Way.CONTINUE, generation=longer),
        PlannedHop("c"),
    )
    by_hand = replace(asked(8), extension=replace(asked(8).extension, generation=Generation("kling-v3", seconds=7)))
    path = FilmPath("film", _path())
    plan = Plan("p", "film", SANDBOX, datetime.now(UTC), hops=hops)
    for making in (None, Making(state_of(asked(8)), 1, 1, None), Making(state_of(by_hand), 3, 1, None)):
        forecast = planner.forecast(path, plan, making=making)
        view = view_of(_FACES, path, making, plan, forecast, "", lambda hop: None)
        assert view.coming == pytest.approx(forecast.planned_seconds)
