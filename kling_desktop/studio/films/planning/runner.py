"""Runs plans: sends the next hop when the one before is good enough, and stands still with a reason when it is not.

Every step follows from what the library says and from what facts tell, never from time. A hop's tasks are written
down with the hop, in one change, before the first of them leaves: whenever the program dies, the plan goes on where it
stood, and buys nothing twice.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from kling_desktop.domain.plans import PLAN_RANK, HopState, Plan, PlannedHop, PlanState, Stop, StopReason
from kling_desktop.domain.takes import Gate, TakeState, Way
from kling_desktop.domain.tasks import Extension, Generation, Status, Task
from kling_desktop.errors import KlingDesktopError
from kling_desktop.studio.feed import Fact, Feed, FilmChanged, Noticed, PlanChanged, TaskChanged, TaskForgotten
from kling_desktop.studio.films.picks import Picks
from kling_desktop.studio.films.planning import stop_reasons
from kling_desktop.studio.films.planning.held_tasks import HeldTasks
from kling_desktop.studio.films.planning.hop_seeds import HopSeeds
from kling_desktop.studio.films.planning.judge import Judge, Judgement
from kling_desktop.studio.films.planning.plan_path import PlanPath, last_made
from kling_desktop.studio.films.planning.plans import continued, fresh
from kling_desktop.studio.films.planning.sent_before import sent_before
from kling_desktop.studio.films.planning.turns import Turns
from kling_desktop.studio.films.tree import Tree

if TYPE_CHECKING:
    from kling_desktop.store.films.plans import PlanRecords

log = logging.getLogger(__name__)


class Runner:
    """Plain calls that return at once; what comes of them is told as PlanChanged. Lives on the loop's thread.

    Hand it every batch of facts by `hear`, and call `resume` once at the start, after the tasks have their lives again.
    """

    def __init__(
        self,
        records: PlanRecords,
        tree: Tree,
        picks: Picks,
        judge: Judge,
        feed: Feed,
        begin: Callable[[Task], object],
        now: Callable[[], datetime],
        held: HeldTasks,
        seeds: HopSeeds | None = None,
    ) -> None:
        """`begin` gives a task that is written down its life (`Studio.restore`). Without `seeds` nothing is continued
        but what has its picture.
        """
        self._records = records
        self._tree = tree
        self._path = PlanPath(tree, picks)
        self._judge = judge
        self._feed = feed
        self._begin = begin
        self._now = now
        self._seeds = seeds
        self._held = held
        self._awaited: dict[str, str] = {}
        self._beside: dict[str, str] = {}
        """Clips that the plan did not ask for and that the path goes through instead, with the plan that waits for what
        is found in them."""
        self._written = self._waits_for_words = ""
        """The hop that is being written, and the plan that came as far as that."""
        self._turns = Turns()
        judge.listen(self._hear_of)
        picks.listen(self._mind_pick)

    # --- the verbs ---

    def resume(self) -> int:
        """Go on with every plan that ran when the program ended; how many there are."""
        first = self._records.first_rank()
        self._turns.start(first - PLAN_RANK if first is not None else 0.0)
        self.hold_paused()
        running = self._records.running()
        for plan in running:
            self._step(plan.id)
        return len(running)

    def hold_paused(self) -> None:
        """Hold what waits here of paused plans: the program may have died between the pause and that. To be called
        before tasks have their lives again, which would send it. Films that are brought together pause plans as well.
        """
        self._held.hold_paused(self._records.paused())

    def run(self, plan_id: str) -> None:
        """Begin, or go on after a pause. A plan that was stopped is judged anew, and what could not be looked at then
        is looked at once more: it may stop again at once.
        """
        plan = self._records.known(plan_id)
        if plan.state is not PlanState.RUNNING:
            if plan.state is PlanState.STOPPED and plan.stop.is_of_nothing:
                plan = _without_wait(plan)
            self._judge.look_again(self._clips_of(plan))
            self._path.keep_shown(plan)
            self._note(replace(plan, state=PlanState.RUNNING, stop=Stop()))
            self._held.release(plan)
            self._step(plan_id)

    def pause(self, plan_id: str) -> None:
        """Send nothing more: what waits in the queue is held there, what is at Kling goes on."""
        plan = self._records.known(plan_id)
        if plan.state is PlanState.RUNNING:
            self._note(replace(plan, state=PlanState.PAUSED))
            self._held.hold(plan)

    def stop_after_this(self, plan_id: str, *, wanted: bool = True) -> None:
        """Stand still when the hop under way is done."""
        self._note(replace(self._records.known(plan_id), stop_after_this=wanted))

    def hold_back(self, hop_id: str) -> None:
        """Do not send this hop while the creator writes it: half of its words would be paid for. Empty: none is written
        any more, and the plan that came as far as that goes on.
        """
        waits, self._written, self._waits_for_words = self._waits_for_words, hop_id, ""
        self._step(waits)

    def accept(self, plan_id: str) -> None:
        """Go on from the take that the path goes through, whatever was said against it. It costs nothing by itself."""
        plan = self._records.known(plan_id)
        hop = plan.current
        if plan.state is not PlanState.STOPPED or not plan.stop.can_accept:
            return
        if hop is not None and hop.state is HopState.SENT and hop.id == plan.stop.hop_id:
            chosen = self._tree.chosen(hop.parent_id) or plan.stop.take_id
            plan = _with(plan, replace(hop, state=HopState.DONE, take_id=chosen))
        self._note(replace(_without_wait(plan), state=PlanState.RUNNING, stop=Stop()))
        self._step(plan_id)

    def try_again(self, plan_id: str) -> None:
        """Ask for the hop once more from the same parent, as siblings of what came: as many takes as it is planned
        with. That spends; its price is to be named before. What is picked there gives way to a better one that comes.
        """
        plan = self._records.known(plan_id)
        hop = plan.current
        if plan.state is not PlanState.STOPPED or hop is None or hop.state is not HopState.SENT:
            return
        if self.must_continue(plan):  # since its price was named: the way that is left has another one
            self._note(plan)
            return
        hop = replace(hop, take_id=self._tree.picked(hop.parent_id))
        self._ask_again(_with(replace(plan, state=PlanState.RUNNING, stop=Stop()), hop), hop)

    def _ask_again(self, plan: Plan, hop: PlannedHop) -> None:
        parent = self._tree.take(hop.parent_id)
        if parent is None:
            self._stop(plan, StopReason.PARENT_MISSING, hop)
            return
        if parent.take.id not in {state.take.id for state in self._tree.path(plan.film_id).takes}:
            self._ask_elsewhere(plan, hop)
            return
        self._note(plan)
        self._guarded(plan.id, lambda: self._ask(self._records.known(plan.id), hop, parent))

    def _ask_elsewhere(self, plan: Plan, hop: PlannedHop) -> None:
        """The creator has picked another take before this hop since: it is asked for behind that. What came of it stays
        where it is, beside the film; more of it would be bought for another film.
        """
        done = replace(hop, state=HopState.DONE, take_id=self._tree.chosen(hop.parent_id))
        at = plan.hops.index(hop)
        plan = replace(plan, hops=(*plan.hops[:at], done, fresh(hop), *plan.hops[at + 1 :]))
        self._path.keep_shown(plan)
        self._note(plan)
        self._step(plan.id)

    def continue_instead(self, plan_id: str) -> None:
        """Make the hop, and what is planned behind it, from last frames: what Kling cannot extend can be continued.

        A hop behind a new clip of today's models could not be extended either. Its price is to be named before.
        """
        plan = self._records.known(plan_id)
        if plan.state is not PlanState.STOPPED or not (plan.stop.can_continue or self.must_continue(plan)):
            return
        hops = tuple(hop if hop.state is HopState.DONE else continued(hop) for hop in plan.hops)
        plan = replace(plan, hops=hops, state=PlanState.RUNNING, stop=Stop())
        hop = plan.current
        if hop is not None and hop.state is HopState.SENT:  # Kling refused it: only its answer told that it cannot be
            self._ask_again(plan, hop)
            return
        self._note(plan)
        self._step(plan_id)

    def must_continue(self, plan: Plan) -> bool:
        """Whether another try of the hop under way could only be made from a last frame: Kling has deleted, or does not
        extend, what it goes on from.
        """
        hop = plan.current
        if hop is None or hop.state is not HopState.SENT:
            return False
        reason, _ = stop_reasons.obstacle(hop, self._tree.take(hop.parent_id), can_seed=self._seeds is not None)
        return self._seeds is not None and Stop(reason).can_continue

    def what_again_asks(self, plan: Plan) -> Extension | None:
        """What one take of `try_again`, or of the next hop, would ask for: to name its price. None: nothing."""
        hop = plan.current
        if hop is None:
            return None
        is_sent = hop.state is HopState.SENT
        parent = self._tree.take(hop.parent_id) if is_sent else self._tree.path(plan.film_id).tip
        return _extension(hop, parent, hop.generation) if parent else None

    # --- stepped by facts ---

    def hear(self, facts: Sequence[Fact]) -> None:
        """Step the plans that these facts are about."""
        stepped: dict[str, None] = {}
        if any(isinstance(fact, FilmChanged) for fact in facts):
            self.hold_paused()
        for fact in facts:
            task_id = _task_of(fact)
            if task_id in self._awaited:
                if isinstance(fact, TaskChanged) and fact.task.status is Status.SENDING:
                    self._turns.served(fact.task.rank - PLAN_RANK)
                stepped[self._awaited[task_id]] = None
        told = self._judge.hear(facts)
        for plan_id in (*stepped, *(id for clip_id in told if (id := self._plan_of(clip_id)) not in stepped)):
            self._step(plan_id)

    def _mind_pick(self, film_id: str, take_id: str) -> None:
        """The creator picks, while another try is made, the very take in whose place it was asked for: that holds."""
        plan = self._records.current(film_id)
        hop = plan.current if plan is not None and plan.state is PlanState.RUNNING else None
        if plan is not None and hop is not None and hop.state is HopState.SENT and hop.take_id == take_id:
            self._guarded(plan.id, lambda: self._note(_with(plan, replace(hop, take_id=""))))

    def _hear_of(self, clip_id: str) -> None:
        self._step(self._plan_of(clip_id))

    def _plan_of(self, clip_id: str) -> str:
        """Id of the plan that waits for what is found in a clip; empty for none."""
        if clip_id in self._beside:
            return self._beside[clip_id]
        state = self._tree.take_of_clip(clip_id) if self._awaited else None
        return self._awaited.get(state.take.task_id, "") if state is not None else ""

    def _step(self, plan_id: str) -> None:
        if not plan_id:
            return
        self._guarded(plan_id, lambda: self._go_on(plan_id))

    def _guarded(self, plan_id: str, step: Callable[[], None]) -> None:
        """The library cannot be written: said once here; the next fact tries again."""
        try:
            step()
        except KlingDesktopError as error:
            log.warning("plan %s cannot go on: %s", plan_id, error)
            self._feed.publish(Noticed(error.trouble))

    def _go_on(self, plan_id: str) -> None:
        waits = self._records.plan(plan_id)
        if waits is not None and waits.stop.reason is StopReason.UNDECIDED and not self._is_undecided(waits):
            self._note(replace(waits, state=PlanState.RUNNING, stop=Stop()))  # the creator has decided
        while (plan := self._records.plan(plan_id)) is not None and plan.state is PlanState.RUNNING:
            hop = plan.current
            if hop is None:
                self._note(replace(plan, state=PlanState.DONE, stop_after_this=False))
                return
            if hop.state is HopState.PLANNED and hop.id == self._written:
                self._waits_for_words = plan_id
                return
            goes_on = self._send(plan, hop) if hop.state is HopState.PLANNED else self._look_at(plan, hop)
            if not goes_on:
                return

    # --- sending ---

    def _send(self, plan: Plan, hop: PlannedHop) -> bool:
        current = self._records.current(plan.film_id)
        if current is not None and current.id != plan.id:  # films were brought together: one plan goes on from a path
            self.pause(plan.id)
            return False
        made = last_made(plan)
        if made:
            self._path.keep(plan, made)
        tip = self._tree.path(plan.film_id).tip
        if tip is not None and (before := sent_before(self._tree, hop, tip)) is not None:
            return self._wait_for(plan, hop, before)
        obstacle, detail = stop_reasons.obstacle(hop, tip, can_seed=self._seeds is not None)
        if tip is None or obstacle is not StopReason.NONE:
            self._stop(plan, obstacle, hop, tip.take.id if tip else "", detail)
        else:
            self._ask(plan, hop, tip)
        return False

    def _wait_for(self, plan: Plan, hop: PlannedHop, before: PlannedHop) -> bool:
        """Whether what was sent by hand before a hop is there and passes the gate, as one of the plan's own must."""
        waits = _with(plan, replace(hop, parent_id=before.parent_id))
        if waits != plan:
            self._note(waits)
        if not self._look_at(waits, before):
            return False
        self._note(_without_wait(self._records.known(plan.id)))
        return True

    def _ask(self, plan: Plan, hop: PlannedHop, parent: TakeState) -> None:
        """Write down the tasks of a hop and give them their lives; a CONTINUE hop waits for its picture first."""
        if self._refusals(plan, hop) >= stop_reasons.MOST_REFUSALS:
            self._stop(plan, StopReason.REFUSED_TWICE, hop)
            return
        if hop.way is Way.CONTINUE and not hop.prompt.strip():
            self._stop(plan, StopReason.NO_WORDS, hop)
            return
        generation = hop.generation
        if hop.way is Way.CONTINUE and self._seeds is not None and not stop_reasons.has_picture(hop):
            generation = self._seeds.take(hop, parent.take.id)
            if generation is None:
                self._seeds.want(hop, parent, lambda error: self._seeded(plan.id, hop, parent, error))
                return
        extension = _extension(hop, parent, generation)
        turns = self._turns.take(plan.film_id, hop.takes)
        tasks = [
            Task(
                uuid.uuid4().hex,
                extension,
                plan.profile,
                Status.QUEUED,
                self._now(),
                rank=PLAN_RANK + turn,
                kind=extension.kind,
            )
            for turn in turns
        ]
        plan = self._records.begin(plan, replace(hop, parent_id=parent.take.id), tasks)
        for task in tasks:
            self._awaited[task.id] = plan.id
            self._begin(task)
        self._feed.publish(PlanChanged(plan))

    def _seeded(self, plan_id: str, hop: PlannedHop, parent: TakeState, error: KlingDesktopError | None) -> None:
        """The picture is there: ask, if the plan still stands where it stood when the picture was wanted."""
        plan = self._records.plan(plan_id)
        if plan is None or plan.state is not PlanState.RUNNING:
            return
        if error is not None:
            self._stop(plan, StopReason.NO_PICTURE, hop, parent.take.id, stop_reasons.told(error))
            return
        now = plan.current
        if now is not None and now.id == hop.id and now.state is HopState.PLANNED:
            self._step(plan_id)  # from where the path ends now: it may have been picked otherwise meanwhile
        elif now is not None and now.id == hop.id:
            self._guarded(plan_id, lambda: self._ask(plan, now, parent))

    # --- judging ---

    def _look_at(self, plan: Plan, hop: PlannedHop) -> bool:
        """Whether the plan goes on from a hop that was sent; while something is still to come it just waits."""
        self._awaited |= dict.fromkeys(hop.task_ids, plan.id)
        states = [state for id in hop.task_ids if (state := self._tree.take_of_task(id))]
        newest = set(hop.task_ids[len(hop.task_ids) - hop.newest :])
        tasks = [state.task for state in states if state.task and state.task.id in newest]
        if open_ones := [task for task in tasks if not task.status.ended]:
            if all(stop_reasons.is_undecided(task) for task in open_ones):
                self._stop(plan, StopReason.UNDECIDED, hop)
            return False
        usable = [state for state in states if state.is_finished and not state.is_rejected]
        if any(stop_reasons.is_coming(state) for state in usable):
            return False
        if not usable:
            stop = stop_reasons.failure(hop, tasks, self._refusals(plan, hop))
            self._note(replace(plan, state=PlanState.STOPPED, stop=stop))
            return False
        return self._choose(plan, hop, usable)

    def _is_undecided(self, plan: Plan) -> bool:
        hop = plan.current
        states = [self._tree.take_of_task(id) for id in hop.task_ids] if hop else []
        if hop is not None and hop.state is HopState.PLANNED and hop.parent_id:
            states += self._tree.children(hop.parent_id)
        tasks = [state.task for state in states if state is not None and state.task is not None]
        return any(stop_reasons.is_undecided(task) for task in tasks)

    def _choose(self, plan: Plan, hop: PlannedHop, usable: Sequence[TakeState]) -> bool:
        gate = plan.gate_of(hop)
        is_last = plan.hops[-1].id == hop.id
        if gate is Gate.ASK and not is_last:
            self._stop(plan, StopReason.ASKED, hop, self._path.choose(hop, usable, {}, gate))
            return False
        judged = self._judged(gate, usable)
        if judged is None:
            return False
        chosen = self._path.choose(hop, usable, judged, gate)
        if gate is Gate.CLEAN and chosen not in judged and not self._judge_beside(plan, chosen, judged):
            return False
        reason, detail = stop_reasons.against(judged.get(chosen)) if gate is Gate.CLEAN else (StopReason.NONE, "")
        if reason is not StopReason.NONE:
            self._stop(_with(plan, replace(hop, take_id=chosen)), reason, hop, chosen, detail)
            return False
        self._path.keep(plan, chosen)
        done = _with(plan, replace(hop, state=HopState.DONE, take_id=chosen))
        for task_id in hop.task_ids:
            self._awaited.pop(task_id, None)
        self._beside = {clip_id: plan_id for clip_id, plan_id in self._beside.items() if plan_id != plan.id}
        if plan.stop_after_this and not is_last:
            self._stop(replace(done, stop_after_this=False), StopReason.AFTER_THIS, hop, chosen)
            return False
        self._note(done)
        return True

    def _judged(self, gate: Gate, usable: Sequence[TakeState]) -> dict[str, Judgement] | None:
        """What is known of each take; None while it is still being looked at. A gate that lets all through asks only
        where there is a choice.
        """
        if gate is Gate.ASK or (gate is Gate.RUN and len(usable) == 1):
            return {}
        found = {state.take.id: self._judge.judgement(state, drift=gate is Gate.CLEAN) for state in usable}
        return {id: judgement for id, judgement in found.items() if judgement} if all(found.values()) else None

    def _judge_beside(self, plan: Plan, take_id: str, judged: dict[str, Judgement]) -> bool:
        """Whether it is known of a take what the gate asks, which another hand made beside those of the plan: the film
        goes through it, and so it must pass the gate as they must.
        """
        state = self._tree.take(take_id)
        if state is None or state.clip is None:
            return False
        self._beside[state.clip.id] = plan.id
        if state.take.task_id:
            self._awaited[state.take.task_id] = plan.id
        found = None if stop_reasons.is_coming(state) else self._judge.judgement(state, drift=True)
        if found is not None:
            judged[take_id] = found
        return found is not None

    # --- inside ---

    def _clips_of(self, plan: Plan) -> set[str]:
        """Ids of what came of the hop under way, and of what the path goes through instead."""
        hop = plan.current
        states = [self._tree.take_of_task(id) for id in hop.task_ids] if hop else []
        beside = self._tree.take(self._tree.chosen(hop.parent_id)) if hop and hop.parent_id else None
        return {state.take.clip_id for state in (*states, beside) if state is not None}

    def _refusals(self, plan: Plan, hop: PlannedHop) -> int:
        """How often these words were refused in the film."""
        return self._records.refusals(plan.film_id, hop.prompt, hop.negative_prompt)

    def _stop(self, plan: Plan, reason: StopReason, hop: PlannedHop, take_id: str = "", detail: str = "") -> None:
        self._note(replace(plan, state=PlanState.STOPPED, stop=Stop(reason, hop.id, take_id, detail)))

    def _note(self, plan: Plan) -> None:
        self._records.put(plan)
        self._feed.publish(PlanChanged(plan))


def _extension(hop: PlannedHop, parent: TakeState, generation: Generation | None) -> Extension:
    return Extension(
        video_id=parent.take.clip_id,
        prompt=hop.prompt,
        negative_prompt=hop.negative_prompt,
        guidance=hop.guidance,
        watermark=hop.watermark,
        generation=generation if hop.way is Way.CONTINUE else None,
    )


def _without_wait(plan: Plan) -> Plan:
    """The same with an unsent hop that no longer waits for what was sent by hand before it."""
    hop = plan.current
    is_waiting = hop is not None and hop.state is HopState.PLANNED and hop.parent_id
    return _with(plan, replace(hop, parent_id="")) if hop is not None and is_waiting else plan


def _with(plan: Plan, hop: PlannedHop) -> Plan:
    return replace(plan, hops=tuple(hop if each.id == hop.id else each for each in plan.hops))


def _task_of(fact: Fact) -> str:
    if isinstance(fact, TaskChanged):
        return fact.task.id
    return fact.task_id if isinstance(fact, TaskForgotten) else ""
