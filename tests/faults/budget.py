"""The budget campaign: random schedules of sends, refusals, deductions and kills, judged by the sandbox's books.

A run has tasks sent by hand and, mostly, a plan, under a cap of the day. Whatever happens, the sandbox must never have
charged more than the cap, no unit may stay reserved at the end, no hop of a plan may have been bought twice, and what
our ledger says was charged must be what the sandbox has charged.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import multiprocessing
import os
import random
import shutil
import sys
import tempfile
from contextlib import closing
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from multiprocessing.context import ForkServerContext
from pathlib import Path
from time import perf_counter

from kling_desktop.domain.accounts import SANDBOX
from kling_desktop.domain.clips import Clip
from kling_desktop.domain.plans import Plan, PlanState
from kling_desktop.domain.takes import Gate
from kling_desktop.domain.tasks import Filter, Status, Task
from kling_desktop.domain.units import CapScope, Movement, Span
from kling_desktop.errors import OverBudget, Untraced, kind_of
from kling_desktop.sandbox.audit.audit import audit, shelf
from kling_desktop.sandbox.server import Sandbox
from kling_desktop.store.films.films import FilmRecords
from kling_desktop.store.films.plans import PlanRecords
from kling_desktop.store.films.units import UnitRecords
from kling_desktop.store.library import Library
from kling_desktop.studio.pace import Pace
from tests.faults.campaign import _SCRIPTED, media_cache
from tests.faults.patience import LONGEST_SECONDS, LOOK_SECONDS, Patience
from tests.faults.steps import die_at_step
from tests.harness.engine import Engine, running

SETTLED, STUCK = 0, 3
"""Exit codes of an actor."""

_PACE = Pace(scale=0.02)
_SECONDS_TO_SETTLE = 60.0
_MOST_STEPS = 700
_PROMPTS = ("A heron lands", "Fog rolls in", "a forbidden thing", "a risky fall", "The lamps go on", "It rains")
_PLAN = ("The boat turns", "Birds cross the lake", "Night falls")


@dataclass(frozen=True)
class Spender:
    """What a start of the program is to do."""

    url: str
    access_key: str
    secret_key: str
    folder: Path
    video_id: str
    prompts: tuple[str, ...]
    """One task each, sent by hand; what the library does not have yet is asked for."""
    hops: tuple[str, ...]
    """Planned hops; none: no plan."""
    takes: int
    cap: Decimal
    price: Decimal
    """What each task is thought to cost: at least what it costs."""
    dies_at_step: int
    seconds: float
    """After so long without any change it is stuck."""


@dataclass
class Verdict:
    """What the books say after a run, or after many; all but the first two should be zero."""

    runs: int = 0
    kills: int = 0
    overspent: int = 0
    """Runs in which more was charged or held than the cap allows."""
    stuck: int = 0
    """Runs that left units reserved, or tasks that never settled."""
    differing: int = 0
    """Runs whose ledger is not what the sandbox has charged."""
    bought_twice: int = 0
    """Ids created more than once, and hops with more tasks than they have takes."""
    notes: list[str] = field(default_factory=list)

    def add(self, other: Verdict) -> None:
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))

    @property
    def is_clean(self) -> bool:
        return not (self.overspent or self.stuck or self.differing or self.bought_twice)

    def __str__(self) -> str:
        return (
            f"{self.runs} runs with {self.kills} kills: {self.overspent} over the cap, {self.stuck} stuck, "
            f"{self.differing} ledgers unlike the books, {self.bought_twice} bought twice"
        )


# --- the actor ---


def play(spender: Spender) -> None:
    """The child's main."""
    errors = os.open(spender.folder / "stderr.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(errors, 2)
    logging.basicConfig(stream=os.fdopen(2, "w", buffering=1, closefd=False), level=logging.WARNING, force=True)
    if spender.dies_at_step:
        die_at_step(spender.dies_at_step)
    sys.exit(asyncio.run(_live(spender)))


async def _live(spender: Spender) -> int:
    async with running(spender, spender.folder, _PACE, spender.price) as engine:
        engine.budget.set_cap(SANDBOX.name, CapScope.DAY, spender.cap)
        engine.studio.resume()
        engine.films.runner.resume()
        _plan(engine, spender)
        asked = {task.extension.prompt for task in engine.studio.ledger.page(Filter(), 0, 100)}
        for prompt in spender.prompts:
            if prompt not in asked:
                engine.submit(prompt, video_id=spender.video_id)
        return await _settle(engine, spender)


def _plan(engine: Engine, spender: Spender) -> None:
    """Every write of this may be the last one; the next start goes on from there."""
    if not spender.hops:
        return
    clip = Clip(spender.video_id)
    engine.library.put_clip(clip)
    root = engine.films.films.take_root(clip)
    plans = engine.films.plans
    plan = plans.current(root.film_id) or plans.new(root.film_id, SANDBOX, gate=Gate.RUN, takes=spender.takes)
    if not plan.hops:
        plans.paste(plan.id, "\n".join(spender.hops))
    if plan.state is PlanState.READY:
        engine.films.runner.run(plan.id)


async def _settle(engine: Engine, spender: Spender) -> int:
    patience = Patience(spender.seconds)
    while True:
        tasks = engine.studio.ledger.page(Filter(), 0, 100)
        plans = engine.films.plans.earlier()
        if all(_is_settled(task) for task in tasks) and all(_is_at_rest(plan, tasks) for plan in plans):
            return SETTLED
        if patience.is_over([tasks, plans]):
            for task in tasks:
                sys.stderr.write("" if _is_settled(task) else f"stuck: {task.id} {task.status} {task.trouble}\n")
            sys.stderr.write(f"{[(plan.state, plan.stop) for plan in plans]}\n")
            return STUCK
        for task in tasks:
            _decide(engine, task)
        await asyncio.sleep(LOOK_SECONDS)


def _is_settled(task: Task) -> bool:
    return task.status is Status.FAILED or _is_parked(task) or (task.clip is not None and task.clip.file is not None)


def _is_parked(task: Task) -> bool:
    is_over = task.trouble is not None and issubclass(kind_of(task.trouble), OverBudget)
    return task.status is Status.QUEUED and is_over


def _is_at_rest(plan: Plan, tasks: list[Task]) -> bool:
    """It ran to its end, stopped, or waits for money."""
    hop = plan.current
    parked = {task.id for task in tasks if _is_parked(task)}
    return plan.state in (PlanState.DONE, PlanState.STOPPED) or (hop is not None and bool(parked & set(hop.task_ids)))


def _decide(engine: Engine, task: Task) -> None:
    """The creator at the screen."""
    studio = engine.studio
    if task.status is Status.UNCERTAIN and task.trouble is not None and task.trouble.error == Untraced.__name__:
        studio.send_again(task.id)
    if task.status is Status.SUCCEEDED and task.trouble and task.clip and task.clip.file is None:
        studio.watch(task.id)
    if task.status is Status.QUEUED and studio.lines.queue(task.profile).trouble:
        studio.lines.reopen(task.profile.name)


# --- the campaign ---


class Campaign:
    """Use one for many runs: it keeps a process from which the actors are forked."""

    def __init__(self, cache: Path, folder: Path) -> None:
        """`cache` is the sandbox's, shared by all runs; `folder` takes what a run leaves, and keeps it if it fails."""
        self._cache = cache
        self._folder = folder
        self._forks: ForkServerContext = multiprocessing.get_context("forkserver")
        self._forks.set_forkserver_preload([__name__])

    def run(self, seed: int) -> Verdict:
        """One story: some tasks, a plan, a cap, faults and deaths, and a last start that brings all to its end."""
        folder = self._folder / f"run-{seed}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        draw = random.Random(seed)  # noqa: S311 - repeatable by its seed, which is the point
        with Sandbox(folder / "sandbox", speed="instant", size="small", cache_dir=self._cache) as sandbox:
            spender = _spender(sandbox, folder, draw)
            kills, code = self._play(sandbox, spender, draw)
            verdict = judged(sandbox, spender, seed, settled=code == SETTLED)
        verdict.kills = kills
        if verdict.is_clean:
            shutil.rmtree(folder)
        return verdict

    def _play(self, sandbox: Sandbox, spender: Spender, draw: random.Random) -> tuple[int, int]:
        for fault in draw.sample(_SCRIPTED, draw.randint(0, 4)):
            sandbox.fault(**{"after": draw.choice((0, 0, 1, 2)), **fault})
        sandbox.script.chaos(draw.randrange(10**6), draw.choice((0.0, 0.1, 0.3)))
        kills = 0
        for _ in range(draw.choice((0, 1, 1, 2, 2, 3))):
            by_step = draw.random() < 0.6
            step = draw.randint(1, _MOST_STEPS) if by_step else 0
            code = self._start(replace(spender, dies_at_step=step), None if by_step else draw.uniform(0.01, 0.9))
            kills += code not in (SETTLED, STUCK)
        sandbox.script.clear()
        return kills, self._start(spender, None)

    def _start(self, spender: Spender, seconds: float | None) -> int:
        """Start the actor; kill it after so many seconds, if any. Its exit code; negative for a signal."""
        child = self._forks.Process(target=play, args=(spender,))
        child.start()
        child.join(seconds if seconds is not None else LONGEST_SECONDS)
        if child.exitcode is None:
            child.kill()
            child.join()
        code = child.exitcode
        child.close()
        return code if code is not None else STUCK


def _spender(sandbox: Sandbox, folder: Path, draw: random.Random) -> Spender:
    clip = next(entry for entry in shelf(sandbox.world) if entry["external_task_id"] == "dawn-lake")
    return Spender(
        url=sandbox.url,
        access_key=sandbox.access_key,
        secret_key=sandbox.secret_key,
        folder=folder,
        video_id=str(clip["video_id"]),
        prompts=tuple(draw.sample(_PROMPTS, draw.randint(0, 4))),
        hops=_PLAN[: draw.choice((0, 2, 3, 3))],
        takes=draw.choice((1, 2)),
        cap=Decimal(draw.choice(("0", "2", "3.9", "6", "8.5", "12", "100"))),
        price=Decimal(draw.choice(("2", "2", "3.5"))),
        dies_at_step=0,
        seconds=_SECONDS_TO_SETTLE,
    )


def judged(sandbox: Sandbox, spender: Spender, seed: int, *, settled: bool) -> Verdict:
    """What the sandbox's books say about the ledger and the plans in the folder."""
    verdict = Verdict(runs=1)
    made = audit(sandbox.world, sandbox.request_log)
    charged = Decimal(str(made["totals"]["units_charged"]))
    with closing(Library.open(spender.folder / "library.sqlite3")) as library:
        units = UnitRecords(library.database)
        unsaid = [
            task for task in library.page(Filter(), 0, 1000) if task.status is Status.SUCCEEDED and not task.units
        ]
        sums = units.sums(Span(SANDBOX.name))
        peak = _peak(units)
        twice = [id for id, entry in made["tasks"].items() if entry["created"] > 1]
        twice += [
            hop.id
            for film in FilmRecords(library.database).films(0, 100)
            for plan in PlanRecords(library.database).of_film(film.id)
            for hop in plan.hops
            if len(hop.task_ids) not in (0, hop.takes)
        ]
    verdict.overspent = int(charged > spender.cap or peak > spender.cap)
    verdict.stuck = int(not settled or sums.held != 0)
    # Where an answer lacked the figure, the ledger has the estimate.
    guessed = sum((spender.price - Decimal(str(made["tasks"][task.id]["units"])) for task in unsaid), Decimal(0))
    verdict.differing = int(sums.charged != charged + guessed)
    verdict.bought_twice = len(twice) + len(made["without_external_id"])
    if not verdict.is_clean:
        words = (spender.folder / "stderr.txt").read_text()[-1500:]
        verdict.notes.append(f"seed {seed}: {spender.cap=} {charged=} {peak=} {sums} {twice=} {settled=}\n{words}")
    return verdict


def _peak(units: UnitRecords) -> Decimal:
    """The most that ever counted against the cap, by the order of the ledger."""
    signs = {Movement.RELEASE: -1, Movement.ESTIMATE: 0}
    spent = peak = Decimal(0)
    for entry in units.all(Span(SANDBOX.name)):
        spent += entry.units * signs.get(entry.movement, 1)
        # A settlement is two entries, release and charge, of one transaction: never a moment of its own.
        peak = max(peak, spent) if entry.movement is Movement.RESERVATION else peak
    return peak


def campaign(runs: int, seed: int, folder: Path, cache: Path | None = None) -> Verdict:
    """Many runs in a row, seeds counted from `seed`; prints what went wrong, and now and then how far it is."""
    whole, began = Verdict(), perf_counter()
    with media_cache(cache) as media:
        stage = Campaign(media, folder)
        for number in range(runs):
            verdict = stage.run(seed + number)
            whole.add(verdict)
            for note in verdict.notes:
                sys.stdout.write(f"{note}\n")
            if (number + 1) % 50 == 0:
                sys.stdout.write(f"{whole} ({perf_counter() - began:.0f} s)\n")
                sys.stdout.flush()
    return whole


def main(arguments: list[str]) -> int:
    """`python -m tests.faults --budget --runs N --seed S`."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults --budget", description=__doc__)
    parser.add_argument("--runs", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where a run that fails leaves its files")
    parser.add_argument("--media-cache", type=Path, help="folder of clips that the sandbox has made before")
    options = parser.parse_args(arguments)
    folder = options.folder or Path(tempfile.mkdtemp(prefix="kling-budget-"))
    verdict = campaign(options.runs, options.seed, folder, options.media_cache)
    sys.stdout.write(f"{verdict}\n")
    return 0 if verdict.is_clean else 1
