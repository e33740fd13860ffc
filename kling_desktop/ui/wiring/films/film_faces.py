"""How takes and plans look: what the studio knows of them, as rows of the tree and cards of the lane."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import takewhile
from pathlib import Path
from types import MappingProxyType

from kling_desktop.domain.accounts import Profile
from kling_desktop.domain.analysis import Seam, Verdict
from kling_desktop.domain.clips import Clip
from kling_desktop.domain.kling_time import KLING_TIME
from kling_desktop.domain.plans import HopState, Plan, PlannedHop, PlanState, Stop, StopReason
from kling_desktop.domain.takes import Making, TakeState, Way
from kling_desktop.domain.takes import Path as FilmPath
from kling_desktop.domain.tasks import Generation, Status, Task
from kling_desktop.errors import kind_named, kind_of
from kling_desktop.studio.films.planning.planner import Cost, Forecast, usual_lengths
from kling_desktop.studio.films.planning.plans import continued
from kling_desktop.studio.tasks.recovery import trouble_of
from kling_desktop.ui import formatting
from kling_desktop.ui.accounts.account_menu import shown_name
from kling_desktop.ui.film import film_view
from kling_desktop.ui.film.film_view import Card, CardKind, Estimate, FilmView
from kling_desktop.ui.i18n import tr, tr_count
from kling_desktop.ui.library import clip_words
from kling_desktop.ui.painted.shapes import Shape, shape_of, shape_word
from kling_desktop.ui.rail.tree_row import RowKind, TreeRow
from kling_desktop.ui.seams import seam_words

_STATES = {
    PlanState.READY: film_view.PlanState.IDLE,
    PlanState.DONE: film_view.PlanState.IDLE,
    PlanState.RUNNING: film_view.PlanState.RUNNING,
    PlanState.PAUSED: film_view.PlanState.PAUSED,
    PlanState.STOPPED: film_view.PlanState.STOPPED,
}


_SAID_BY_KLING = (StopReason.FAILED, StopReason.WORDS_REFUSED, StopReason.REFUSED_TWICE)
"""Reasons whose detail is in Kling's own words: of a refusal they say which of ours they were about."""


@dataclass(frozen=True, slots=True)
class Faces:
    """What is at hand for drawing a take; each call answers at once."""

    first: Callable[[Clip], Path | None]
    """Still of a clip's new stretch."""
    last: Callable[[Clip], Path | None]
    """Still of its last frame."""
    seam: Callable[[Clip], Seam | None]
    """The seam at which its newest stretch begins, if it was found."""
    clip: Callable[[str], Clip | None]

    def row(self, state: TakeState, seconds: float | None) -> TreeRow:
        """A take as the tree shows it, which adds so many seconds to its film; place and lines are set there."""
        seam = self.seam(state.clip) if state.clip else None
        return TreeRow(
            state.take.id,
            RowKind.OTHER,
            state.take.hop,
            state.words or (clip_words.name(state.clip) if state.clip and not state.take.parent_id else ""),
            self._shape(state, seam),
            self._words(state, seam),
            still=self.still(state),
            seconds=seconds,
            stars=state.stars,
            picked=state.is_picked,
            rejected=state.is_rejected,
            take=state.number,
            takes=state.siblings,
            is_doubtful=seam is not None and seam.doubtful,
            since=_since(state.task),
        )

    def still(self, state: TakeState) -> Path | None:
        """Of its new stretch; of one in the making the last frame that it goes on from."""
        if state.clip is not None:
            return self.first(state.clip)
        parent = self.clip(state.task.extension.video_id) if state.task else None
        return (self.last(parent) or self.first(parent)) if parent else None

    def card(self, state: TakeState, seconds: float) -> Card:
        """A take of the path, which adds so many seconds to it."""
        clip = state.clip
        seam = self.seam(clip) if clip else None
        return Card(
            state.take.id,
            CardKind.MADE,
            state.take.hop,
            state.words or (clip_words.name(clip) if clip and not state.take.parent_id else ""),
            seconds=seconds,
            first=self.first(clip) if clip else None,
            last=self.last(clip) if clip else None,
            take=state.number,
            takes=state.siblings,
            seam=shape_of(None, seam.told) if seam and seam.told else None,
            seam_words=seam_words.judged(seam) if seam and seam.told else "",
            stars=state.stars,
            is_doubtful=seam is not None and seam.doubtful,
        )

    def _shape(self, state: TakeState, seam: Seam | None) -> Shape:
        if state.task is not None and state.task.status is not Status.SUCCEEDED:
            return shape_of(state.task.status)
        if state.clip is not None and state.clip.file is None and state.task is not None:
            return Shape.RENDERING
        return shape_of(None, seam.told if seam else None)

    def _words(self, state: TakeState, seam: Seam | None) -> str:
        task = state.task
        if task is None:
            return clip_words.made_by(state.clip) if state.take.way is Way.ROOT and state.clip else ""
        if task.status is Status.FAILED:
            trouble = trouble_of(task)
            charged = task.units is not None and task.units > 0
            said = tr(kind_of(trouble).title) if trouble else tr("Failed")
            return f"{said} · {tr('charged') if charged else tr('not charged')}"
        if task.status is not Status.SUCCEEDED:
            return formatting.status_words(task.status)
        if seam is not None and seam.told is not None:
            return seam_words.judged(seam)
        return tr("on disk") if state.clip and state.clip.file else tr("being fetched")


def view_of(
    faces: Faces, path: FilmPath, making: Making | None, plan: Plan | None, forecast: Forecast, current: str,
    units_of: Callable[[PlannedHop], Decimal | None], beside: Mapping[str, Making] = MappingProxyType({}),
    usual: float | None = None, made: Sequence[Card] | None = None,
) -> FilmView:  # fmt: skip
    """The lane of a film. Of takes in the making, `making` go on from its last one, `beside` stand beside that one of
    the path whose id names them. Such a take usually takes `usual` seconds. `made` are the cards of the path's takes,
    where somebody has them.
    """
    if made is None:
        made = [faces.card(state, seconds) for state, seconds in zip(path.takes, path.stretches, strict=True)]
    cards = [_with_making(card, beside.get(state.take.id), usual) for state, card in zip(path.takes, made, strict=True)]
    hop, adds = len(cards), usual_lengths(path)
    unsent = [each for each in plan.hops if each.state is HopState.PLANNED] if plan else []
    if making:
        cards.append(_running(faces, making, hop, adds, usual))
        hop += 1
    first_hop = _first_hop(plan, hop, path, is_making=bool(making)) if plan else 0
    stop = _stop(plan, units_of, first_hop, _seam_words(faces, path, plan.stop.take_id)) if plan else None
    for planned in [*to_be_changed(plan), *unsent]:
        seconds = adds(planned.way, planned.generation)
        cards.append(_planned(planned, hop, seconds, units_of(planned), held=_is_held(plan)))
        hop += 1
    return FilmView(
        cards=tuple(cards),
        current=current,
        limit=forecast.limit_seconds,
        takes_per_hop=plan.takes if plan else 1,
        gate=plan.gate if plan else FilmView().gate,
        plan=_STATES[plan.state] if plan else film_view.PlanState.IDLE,
        stop=stop,
        estimate=_estimate(forecast.to_come),
        rest=_estimate(forecast.to_wanted),
        drift_hop=forecast.drifts_at,
        first_dies_in_days=_days(forecast.first_dies_at),
        first_dies_hop=next((n for n, each in enumerate(path.takes) if each.take.id == forecast.first_dying), 0),
    )


def with_current(view: FilmView, take_id: str, lineage: Callable[[str], Sequence[TakeState]]) -> FilmView:
    """The same with the card of the take that the stage shows; of a take beside the film's with the card in whose place
    it stands, or from which its branch leaves the film. `lineage` gives a take's way from its root.
    """
    ids = [card.id for card in view.cards if card.kind in (CardKind.MADE, CardKind.RUNNING)]
    if not ids or not take_id or take_id in ids:
        return replace(view, current=take_id)
    above = [state.take.id for state in lineage(take_id)]
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(ids, above, strict=False)))
    return replace(view, current=ids[min(shared, len(ids) - 1)], is_beside=True)


def with_payer(view: FilmView, plan: Plan | None, chosen: Profile) -> FilmView:
    """The same with whose units the plan spends, where that is not the chosen account."""
    if plan is None or plan.profile == chosen or not plan.to_come:
        return view
    can_change = plan.state is not PlanState.RUNNING
    return replace(view, payer=shown_name(plan.profile), chosen_account=shown_name(chosen) if can_change else "")


def to_be_changed(plan: Plan | None) -> list[PlannedHop]:
    """The hop of which nothing came, so that its words can be changed before it is tried again."""
    if plan is None or plan.state is not PlanState.STOPPED or not plan.stop.is_of_nothing:
        return []
    hop = plan.current
    return [hop] if hop is not None and hop.state is HopState.SENT else []


def _since(task: Task | None) -> datetime | None:
    """When Kling began with a take that is rendering; None for any other."""
    return task.accepted_at or task.sent_at if task is not None and task.status is Status.PROCESSING else None


def _is_held(plan: Plan | None) -> bool:
    return plan is not None and plan.state in (PlanState.STOPPED, PlanState.PAUSED)


def _running(
    faces: Faces, making: Making, hop: int, adds: Callable[[Way, Generation | None], float], usual: float | None
) -> Card:
    first = making.first
    seconds = adds(first.take.way, first.task.extension.generation if first.task else None)
    still = faces.still(first)
    card = Card(first.take.id, CardKind.RUNNING, hop, first.words, seconds=seconds, first=still, takes=making.takes)
    return _with_making(card, making, usual)


def _with_making(card: Card, making: Making | None, usual: float | None) -> Card:
    if making is None:
        return card
    began_at = making.began_at
    return replace(
        card,
        rendering=making.rendering,
        waiting=making.takes - making.rendering,
        over_budget=making.over_budget,
        elapsed=(datetime.now(UTC) - began_at).total_seconds() if began_at else None,
        usual=usual,
    )


def _planned(planned: PlannedHop, hop: int, seconds: float, units: Decimal | None, *, held: bool) -> Card:
    cost = float(units * planned.takes) if units is not None else None
    return Card(
        planned.id, CardKind.PLANNED, hop, planned.prompt, seconds=seconds, takes=planned.takes, units=cost, held=held
    )


def _estimate(cost: Cost) -> Estimate | None:
    if not cost.hops or cost.units is None:
        return None
    money = None if cost.money is None else float(cost.money)
    return Estimate(cost.hops, float(cost.units), cost.seconds, money)


def _days(when: datetime | None) -> int | None:
    """As it is said wherever a clip stands: the last day counts as one."""
    return max(0, math.ceil((when - KLING_TIME.now()) / timedelta(days=1))) if when else None


def _first_hop(plan: Plan, next_hop: int, path: FilmPath, *, is_making: bool) -> int:
    """Which hop of the film a plan began with, where its next one would be `next_hop`."""
    sent = [hop for hop in plan.hops if hop.state is not HopState.PLANNED]
    above = [state.take.id for state in path.takes]
    is_under_way = bool(sent) and sent[-1].state is HopState.SENT
    if is_under_way and sent[-1].parent_id in above:  # whichever of its takes the film goes through, if through any
        return above.index(sent[-1].parent_id) + 2 - len(sent)
    return next_hop + (is_under_way and not is_making) - len(sent)


def _seam_words(faces: Faces, path: FilmPath, take_id: str) -> str:
    """What the card of a take says of its seam; empty where that is not rough."""
    clip = next((state.clip for state in path.takes if state.take.id == take_id), None)
    seam = faces.seam(clip) if clip is not None else None
    return seam_words.judged(seam) if seam is not None and seam.verdict is not Verdict.CLEAN else ""


def _stop(
    plan: Plan, units_of: Callable[[PlannedHop], Decimal | None], first_hop: int, seen: str
) -> film_view.Stop | None:
    """`seen` is what the card says of the seam at which it may have stopped."""
    if plan.state is not PlanState.STOPPED:
        return None
    stop = plan.stop
    stopped = next((hop for hop in plan.hops if hop.id == stop.hop_id), None)
    number = _number(plan, stopped, first_hop)
    waiting = sum(hop.state is HopState.PLANNED for hop in plan.hops)
    detail = tr_count(waiting, "{n} hop waits, uncharged", "{n} hops wait, uncharged") if waiting else ""
    again = _again(stopped, number, stop, units_of) if stopped is not None else ""
    shape = Shape.BAD if stop.reason is StopReason.BAD_SEAM else Shape.HELD
    measure, _, also = stop.detail.partition(" ")
    reason = reason_words(stop.reason, number, measure, seen)
    if stop.reason is StopReason.BAD_SEAM and also == StopReason.DRIFT:
        detail = " · ".join(filter(None, (tr("it drifts too far from the beginning as well"), detail)))
    if stop.reason is StopReason.NO_PICTURE:
        detail = " · ".join(filter(None, (tr(kind_named(measure).title), detail)))
    if stop.reason in _SAID_BY_KLING and stop.detail:
        detail = " · ".join(filter(None, (tr("Kling says: {words}", words=stop.detail), detail)))
    is_unseen = stop.reason is StopReason.BROKEN
    asked_for = stop.reason in (StopReason.ASKED, StopReason.AFTER_THIS)
    return film_view.Stop(reason, detail, again, stop.can_accept, is_unseen, shape, asked_for)


def _number(plan: Plan, stopped: PlannedHop | None, first_hop: int) -> int:
    """Of the hop at which a plan stands still; without one, of what was sent by hand before the next one."""
    meant = stopped or plan.current
    number = first_hop + plan.hops.index(meant) if meant is not None else 0
    return number if stopped is not None or plan.stop.is_of_nothing else number - 1


def _again(hop: PlannedHop, number: int, stop: Stop, units_of: Callable[[PlannedHop], Decimal | None]) -> str:
    """The way on that spends, with its price; empty where there is none."""
    if stop.can_continue:
        return continue_words(hop, units_of)
    if not stop.can_try_again:
        return ""
    price = units_of(hop)
    if price is None:
        return tr("Try hop {n} again", n=number)
    return tr("Try hop {n} again · {price} units", n=number, price=formatting.units(price * hop.takes))


def continue_words(hop: PlannedHop, units_of: Callable[[PlannedHop], Decimal | None]) -> str:
    """The way on of a hop that Kling cannot extend, with its price."""
    price = units_of(continued(hop))
    if price is None:
        return tr("Continue it from its last frame")
    return tr("Continue it from its last frame · {price} units", price=formatting.units(price * hop.takes))


def reason_words(reason: StopReason, hop: int, detail: str, seen: str = "") -> str:
    """Why a plan stands still, in the lane's head. Of a bad seam in the words of its card, or by the measure that the
    plan has noted.
    """
    said = {
        StopReason.ASKED: tr("Hop {n} is there: go on?", n=hop),
        StopReason.AFTER_THIS: tr("Stopped after hop {n}, as you wished", n=hop),
        StopReason.BAD_SEAM: tr("Stopped after hop {n}: {what} at its seam", n=hop, what=seen or _measure(detail)),
        StopReason.DRIFT: tr("Stopped after hop {n}: the film has drifted too far from its beginning", n=hop),
        StopReason.BROKEN: tr("Stopped after hop {n}: its file cannot be read", n=hop),
        StopReason.FAILED: tr("Stopped: hop {n} failed", n=hop),
        StopReason.WORDS_REFUSED: tr("Stopped: Kling's content check refused the words of hop {n}", n=hop),
        StopReason.REFUSED_TWICE: tr("Stopped: these words of hop {n} were refused twice. Change them.", n=hop),
        StopReason.NO_WORDS: tr("Stopped: hop {n} has no words, and a new clip needs some. Write them.", n=hop),
        StopReason.UNDECIDED: tr("Stopped: it is not known whether Kling took hop {n}", n=hop),
        StopReason.PARENT_GONE: tr("Stopped: Kling has deleted the clip before hop {n}. It can be continued.", n=hop),
        StopReason.NOT_EXTENDED: tr("Stopped: Kling does not extend what hop {n} goes on from.", n=hop),
        StopReason.PARENT_MISSING: tr("Stopped: there is no finished take before hop {n}", n=hop),
        StopReason.NO_PICTURE: tr("Stopped: hop {n} cannot be made from the last frame before it", n=hop),
        StopReason.TOO_LONG: tr("Stopped: Kling extends to 3 minutes only. It can be continued.", n=hop),
        StopReason.REJECTED: tr("Stopped: every take of hop {n} was rejected or removed", n=hop),
    }
    return said.get(reason, "")


def _measure(detail: str) -> str:
    words = {
        "colour": tr("colour shifts"),
        "brightness": tr("brightness steps"),
        "sharpness": tr("sharpness steps"),
        "motion": tr("motion jumps"),
        "freeze": tr("the picture freezes"),
        "cut": tr("a cut"),
    }
    return words.get(detail, shape_word(Shape.BAD))
