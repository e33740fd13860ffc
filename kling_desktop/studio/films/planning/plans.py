"""Plans as the creator writes them: hops added, changed, moved, pasted, loaded, saved; each can be taken back."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kling_desktop.domain.accounts import Profile
from kling_desktop.domain.clips import Clip
from kling_desktop.domain.models import USUAL_MODEL, USUAL_SECONDS
from kling_desktop.domain.plans import MOST_HOPS, MOST_TAKES, HopState, Plan, PlannedHop, PlanState, StopReason
from kling_desktop.domain.takes import Film, Gate, Way
from kling_desktop.domain.tasks import Generation
from kling_desktop.errors import FileTrouble, TextForeign, TextTooLong
from kling_desktop.studio.feed import Feed, PlanChanged, PlanDeleted
from kling_desktop.studio.films.planning import plan_text
from kling_desktop.studio.films.planning.plan_text import PlanText
from kling_desktop.studio.films.undo import Change, Undo
from kling_desktop.studio.tasks.checks import why_not_extended

if TYPE_CHECKING:
    from kling_desktop.store.films.plans import PlanRecords

_USUAL = Generation(USUAL_MODEL, seconds=USUAL_SECONDS)


class PlanFull(ValueError):
    """A plan holds no more than MOST_HOPS."""


class HopSent(ValueError):
    """A hop that is under way or done stays as it was sent."""


class Plans:
    """Plain calls that return at once; what comes of them is told as PlanChanged. Hops that were sent never change."""

    def __init__(
        self,
        records: PlanRecords,
        feed: Feed,
        undo: Undo,
        now: Callable[[], datetime],
        usual: Callable[[str], PlannedHop] = lambda film_id: PlannedHop(""),
    ) -> None:
        """`usual` gives the way and the options of a film's first planned hop."""
        self._records = records
        self._feed = feed
        self._undo = undo
        self._now = now
        self._usual = usual

    # --- what the screen reads ---

    def plan(self, plan_id: str) -> Plan | None:
        return self._records.plan(plan_id)

    def current(self, film_id: str) -> Plan | None:
        """The plan that goes on from the film's path; None before the first hop is planned."""
        return self._records.current(film_id)

    def earlier(self, limit: int = 50) -> list[Plan]:
        """Plans of all films, newest first: their words can be used again."""
        return self._records.newest(limit)

    def holding(self) -> list[Plan]:
        """Plans of all films that were run and are not done, oldest first: their next hops wait, uncharged."""
        return self._records.holding()

    # --- plans ---

    def to_write(self, film_id: str, profile: Profile) -> Plan:
        """The plan that hops are added to: the film's own while anything of it is to come. One that has ended spends
        no more for the account that it was sent with, when another is chosen since.
        """
        plan = self.current(film_id)
        if plan is None:
            return self.new(film_id, profile)
        has_ended = not plan.to_come and plan.state is not PlanState.RUNNING
        if has_ended and plan.profile != profile:
            return self.new(film_id, profile, gate=plan.gate, takes=plan.takes)
        return plan

    def new(self, film_id: str, profile: Profile, *, gate: Gate = Gate.CLEAN, takes: int = 1) -> Plan:
        """An empty plan, which takes the place of the film's former one; that one stays among the earlier ones."""
        plan = Plan(uuid.uuid4().hex, film_id, profile, self._now(), gate=gate, takes=_bounded(takes))
        return self._write(plan)

    def reuse(self, plan_id: str, film_id: str, profile: Profile) -> Plan:
        """The hops of another plan as a new one of this film, none of them sent; behind those that its plan still has.

        Raises PlanFull when one plan cannot hold them all.
        """
        old, current = self._records.known(plan_id), self.current(film_id)
        hops = tuple(fresh(hop) for hop in old.hops)
        if current is not None and current.to_come:  # it may be running: nothing may go on behind the creator's back
            self._edit(Change.PASTE_HOPS, current, [*_unsent(current), *hops])
            return self._records.known(current.id)
        return self._write(
            Plan(uuid.uuid4().hex, film_id, profile, self._now(), old.name, gate=old.gate, takes=old.takes, hops=hops)
        )

    def delete(self, plan_id: str) -> None:
        """Take a plan out; a running one is not sent any further. What it has made stays."""
        plan = self._records.known(plan_id)

        def again() -> None:
            self._records.delete(plan_id)
            self._feed.publish(PlanDeleted(plan_id, plan.film_id))

        held = replace(plan, state=PlanState.PAUSED) if plan.state is PlanState.RUNNING else plan
        self._undo.make(Change.DELETE_PLAN, again, lambda: self._publish(held))

    def rename(self, plan_id: str, name: str) -> None:
        self._settings(Change.RENAME_PLAN, plan_id, name=name.strip())

    def set_gate(self, plan_id: str, gate: Gate) -> None:
        """Of all hops that have none of their own."""
        self._settings(Change.GATE, plan_id, gate=gate)

    def send_with(self, plan_id: str, profile: Profile) -> None:
        """What is sent of a plan from now on is sent with this account. Raises ValueError while it runs."""
        if self._records.known(plan_id).state is PlanState.RUNNING:
            raise ValueError(f"plan {plan_id} runs")
        self._settings(Change.PLAN_ACCOUNT, plan_id, profile=profile)

    def set_takes(self, plan_id: str, takes: int) -> None:
        """For hops that were not sent, and those that are written from now on: 1 to MOST_TAKES."""
        plan = self._records.known(plan_id)
        hops = [replace(hop, takes=_bounded(takes)) for hop in _unsent(plan)]
        self._edit(Change.TAKES, plan, hops, takes=_bounded(takes))

    # --- hops ---

    def add_hop(self, plan_id: str, hop: PlannedHop | None = None, at: int | None = None) -> PlannedHop:
        """Put a hop behind the others, or before unsent hop `at`, counted from 0. Raises PlanFull."""
        plan = self._records.known(plan_id)
        added = fresh(hop) if hop else self._blank(plan)
        unsent = _unsent(plan)
        unsent.insert(len(unsent) if at is None else max(0, at), added)
        self._edit(Change.ADD_HOP, plan, unsent)
        return added

    def change_hop(self, plan_id: str, hop: PlannedHop) -> None:
        """Write words and options of an unsent hop. Of a hop at which the plan stands still the next try has them.

        Raises HopSent.
        """
        plan = self._records.known(plan_id)
        before = next((each for each in plan.hops if each.id == hop.id), None)
        if before is None or not _may_change(plan, before):
            raise HopSent(hop.id)
        hop = replace(
            hop, takes=_bounded(hop.takes), state=before.state, parent_id=before.parent_id, task_ids=before.task_ids,
            newest=before.newest, take_id=before.take_id,
        )  # fmt: skip
        if before.state is HopState.PLANNED:
            self._edit(Change.EDIT_HOP, plan, [hop if each.id == hop.id else each for each in _unsent(plan)])
        else:
            stop = plan.stop
            if hop.prompt != before.prompt and stop.reason is StopReason.REFUSED_TWICE:
                stop = replace(stop, reason=StopReason.WORDS_REFUSED)  # other words may be tried
            hops = tuple(hop if each.id == hop.id else each for each in plan.hops)
            self._publish(replace(plan, hops=hops, stop=stop))

    def move_hop(self, plan_id: str, hop_id: str, to: int) -> None:
        """Make an unsent hop unsent hop `to`, counted from 0."""
        plan = self._records.known(plan_id)
        unsent = _unsent(plan)
        moved = next((hop for hop in unsent if hop.id == hop_id), None)
        if moved is not None:
            unsent.remove(moved)
            unsent.insert(max(0, to), moved)
            self._edit(Change.MOVE_HOP, plan, unsent)

    def duplicate_hop(self, plan_id: str, hop_id: str) -> PlannedHop | None:
        """The same again behind it; of one that was sent, before the others; None of one that is gone.

        Raises PlanFull.
        """
        plan = self._records.known(plan_id)
        source = next((hop for hop in plan.hops if hop.id == hop_id), None)
        if source is None:
            return None
        unsent = _unsent(plan)
        at = next((at + 1 for at, hop in enumerate(unsent) if hop.id == hop_id), 0)
        return self.add_hop(plan_id, source, at)

    def remove_hops(self, plan_id: str, hop_ids: Sequence[str]) -> None:
        """Take unsent hops out."""
        plan = self._records.known(plan_id)
        left = [hop for hop in _unsent(plan) if hop.id not in set(hop_ids)]
        if left != _unsent(plan):
            self._edit(Change.REMOVE_HOP, plan, left)

    def extend_by(self, plan_id: str, hops: int) -> None:
        """Add so many hops without words: what the planner says is missing to a length. Never more than MOST_HOPS."""
        plan = self._records.known(plan_id)
        room = max(0, MOST_HOPS - len(plan.hops))
        self._edit(Change.ADD_HOPS, plan, [*_unsent(plan), *(self._blank(plan) for _ in range(min(hops, room)))])

    # --- text ---

    def paste(self, plan_id: str, text: str) -> PlanText:
        """Add the hops of a text (see `plan_text.parse`). With faults nothing is added, and they say which lines."""
        plan = self._records.known(plan_id)
        parsed = plan_text.parse(text, len(plan.hops))
        if parsed.prompts and not parsed.faults:
            blank = self._blank(plan)
            added = [replace(fresh(blank), prompt=prompt) for prompt in parsed.prompts]
            self._edit(Change.PASTE_HOPS, plan, [*_unsent(plan), *added])
        return parsed

    def load(self, plan_id: str, file: Path) -> PlanText:
        """The same with a plain text file. Raises TextForeign for what is none, TextTooLong, FileTrouble."""
        try:
            if file.stat().st_size > plan_text.MOST_BYTES:
                raise TextTooLong(f"{file.name}: larger than {plan_text.MOST_BYTES} bytes")
            return self.paste(plan_id, plan_text.decoded(file.read_bytes()))
        except OSError as error:
            raise FileTrouble(f"{file.name}: {error}") from error
        except UnicodeDecodeError as error:
            raise TextForeign(f"{file.name}: {error}") from error

    def save(self, plan_id: str, file: Path) -> None:
        """Write the words of all hops as a plain text file. Raises FileTrouble."""
        from kling_desktop.store.files import write_atomically

        text = plan_text.written(tuple(hop.prompt for hop in self._records.known(plan_id).hops))
        write_atomically(file, text.encode("utf-8", "replace"))

    # --- inside ---

    def _blank(self, plan: Plan) -> PlannedHop:
        """With way and options of the hop before it."""
        before = plan.hops[-1] if plan.hops else self._usual(plan.film_id)
        return replace(fresh(before), prompt="", takes=plan.takes, gate=None)

    def _settings(self, step: Change, plan_id: str, **fields: object) -> None:
        plan = self._records.known(plan_id)
        self._edit(step, plan, _unsent(plan), **fields)

    def _edit(self, step: Change, plan: Plan, unsent: Sequence[PlannedHop], **fields: object) -> None:
        """Other unsent hops, other settings. Taken back later, it leaves alone what was sent in the meantime."""
        if len(plan.hops) - len(_unsent(plan)) + len(unsent) > MOST_HOPS:
            raise PlanFull(plan.id)
        former, before = _unsent(plan), {name: getattr(plan, name) for name in fields}
        plan_id = plan.id  # what is remembered of a step would keep the plan, with all that was sent of it
        self._undo.make(
            step,
            lambda: self._put(plan_id, unsent, fields),
            lambda: self._put(plan_id, former, before),
        )

    def _put(self, plan_id: str, unsent: Sequence[PlannedHop], fields: dict[str, object]) -> None:
        plan = self._records.plan(plan_id)
        if plan is None:
            return
        sent = [hop for hop in plan.hops if hop.state is not HopState.PLANNED]
        ids = {hop.id for hop in sent}
        hops = (*sent, *(hop for hop in unsent if hop.id not in ids))
        state = plan.state
        if state is PlanState.DONE and any(hop.state is not HopState.DONE for hop in hops):
            state = PlanState.READY
        self._publish(replace(plan, hops=hops, state=state, **fields))  # type: ignore[arg-type]  # fields of a Plan

    def _write(self, plan: Plan) -> Plan:
        self._publish(plan)
        return plan

    def _publish(self, plan: Plan) -> None:
        self._records.put(plan)
        self._feed.publish(PlanChanged(plan))


def usual_hop(film: Film | None, end: Clip | None, last_way: Way | None, now: datetime) -> PlannedHop:
    """How a first planned hop goes on from the clip at a film's end: as the creator chose for the film, else as it was
    gone on with last; where Kling does not extend what is there, from its last frame.
    """
    is_closed = end is not None and why_not_extended(end, now) is not None
    way = Way.CONTINUE if is_closed else (film.way if film else None) or last_way
    return continued(PlannedHop("")) if way is Way.CONTINUE else PlannedHop("")


def continued(hop: PlannedHop) -> PlannedHop:
    """The same hop as a new clip from the last frame; one that is so already stays as it is."""
    if hop.way is Way.CONTINUE:
        return hop
    return replace(hop, way=Way.CONTINUE, guidance=None, generation=hop.generation or _USUAL)


def _unsent(plan: Plan) -> list[PlannedHop]:
    return [hop for hop in plan.hops if hop.state is HopState.PLANNED]


def _may_change(plan: Plan, hop: PlannedHop) -> bool:
    return hop.state is HopState.PLANNED or (hop.state is HopState.SENT and plan.state is PlanState.STOPPED)


def fresh(hop: PlannedHop) -> PlannedHop:
    """The same hop as another one that was never sent."""
    return replace(
        hop, id=uuid.uuid4().hex, state=HopState.PLANNED, parent_id="", task_ids=(), newest=0, take_id="",
        way=hop.way if hop.way is not Way.ROOT else Way.EXTEND, takes=_bounded(hop.takes),
    )  # fmt: skip


def _bounded(takes: int) -> int:
    return max(1, min(takes, MOST_TAKES))
