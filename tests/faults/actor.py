"""One start of the real studio in a child process: types, asks, follows, keeps, and dies where it is told to."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import random
import sys
import urllib.request
from dataclasses import dataclass
from pathlib import Path

# What the studio loads when it needs it: loaded here, once, so that each start is a quick fork.
import kling_desktop.kling.client
import kling_desktop.kling.download
import kling_desktop.media.film.colour_match
import kling_desktop.media.film.seed_frame
import kling_desktop.media.probe
import kling_desktop.media.stills  # noqa: F401 - as above
from kling_desktop.domain.accounts import SANDBOX
from kling_desktop.domain.tasks import Extension, Filter, Status, Task
from kling_desktop.errors import Untraced
from kling_desktop.studio.pace import Pace
from kling_desktop.studio.studio import Studio
from tests.faults.acts import Acts
from tests.faults.breaks import install
from tests.faults.order import watch_names, watch_order
from tests.faults.patience import LOOK_SECONDS, Patience
from tests.faults.planned import Hops, is_at_rest, plan_film
from tests.faults.steps import die_at_step
from tests.harness.engine import Engine, running

SETTLED, STUCK = 0, 3
"""Exit codes."""

_PACE = Pace(scale=0.02)
_FIDGETY_SECONDS = 1.0
"""Who begins anew all the time never gets to an end."""


@dataclass(frozen=True)
class Part:
    """What a start is to do."""

    url: str
    access_key: str
    secret_key: str
    folder: Path
    video_id: str
    prompts: tuple[str, ...]
    """One task each; what the library does not have yet is asked for."""
    hops: Hops
    """Of a plan; none: no plan."""
    takes: int
    """Of each planned hop."""
    draft: str
    """What is typed into the form in this start."""
    sends_again: bool
    """Whether the creator decides to send again what Kling does not seem to have."""
    fidgets: int
    """Seed of a creator who stops, watches, forgets and takes that back all the time; 0: a calm one."""
    dies_at_step: int
    """Which write or byte on the wire is the last; 0: none."""
    seconds: float
    """After so long without any change unsettled tasks are stuck."""
    broken: str = ""
    """Which break of the product is tried; empty: the product as it is."""


def play(part: Part) -> None:
    """The child's main."""
    errors = os.open(part.folder / "stderr.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(errors, 2)
    logging.basicConfig(stream=os.fdopen(2, "w", buffering=1, closefd=False), level=logging.WARNING, force=True)
    watch_order(part.folder)
    watch_names(part.folder)
    if part.broken:
        install(part.broken, part.folder)
    if part.dies_at_step:
        die_at_step(part.dies_at_step)
    sys.exit(asyncio.run(_live(part)))


async def _live(part: Part) -> int:
    async with running(part, part.folder, _PACE, continues=True) as engine:
        acts = Acts(part.folder)
        engine.studio.resume()
        engine.films.runner.resume()
        _type(engine.studio, part, acts)
        _ask(engine.studio, part, acts)
        plan_film(engine, part.video_id, part.hops, part.takes)
        return await _settle(engine, part, acts)


def _type(studio: Studio, part: Part, acts: Acts) -> None:
    acts.note("types", text=part.draft)
    studio.drafts.save(Extension(part.video_id, part.draft))
    acts.note("typed", text=part.draft)


def _ask(studio: Studio, part: Part, acts: Acts) -> None:
    asked = {task.extension.prompt for task in studio.ledger.page(Filter(), 0, 100)}
    for number, prompt in enumerate(part.prompts):
        if prompt not in asked:
            task = studio.submit(extension_of(part.video_id, prompt, number), SANDBOX)
            acts.note("asked", task=task.id)


def extension_of(video_id: str, prompt: str, number: int) -> Extension:
    """What the creator asks for with the prompt of that number."""
    return Extension(video_id, prompt, f"not: {prompt}" if number == 2 else "", watermark=number % 2 == 1 or None)


async def _settle(engine: Engine, part: Part, acts: Acts) -> int:
    """The creator at the screen: decides what he is asked for, until there is nothing left to wait for."""
    studio = engine.studio
    fidget = random.Random(part.fidgets) if part.fidgets else None  # noqa: S311 - repeatable by its seed
    clock = asyncio.get_running_loop().time
    calm_from, patience = clock() + _FIDGETY_SECONDS, Patience(part.seconds)
    while True:
        tasks = studio.ledger.page(Filter(), 0, 100)
        is_settled = all(_is_settled(task, part) for task in tasks) and is_at_rest(engine, acts)
        if is_settled and not await _is_made(part, tasks):
            return SETTLED
        if patience.is_over([tasks, engine.films.plans.earlier()]):
            sys.stderr.write(f"{[(plan.state, plan.stop) for plan in engine.films.plans.earlier()]}\n")
            for task in tasks:
                sys.stderr.write("" if _is_settled(task, part) else f"stuck: {task.id} {task.status} {task.trouble}\n")
            return STUCK
        for task in tasks:
            _decide(studio, task, part, acts)
        if fidget and fidget.random() < 0.3 and clock() < calm_from:
            _fidget(studio, fidget.choice(tasks), fidget, acts)
        await asyncio.sleep(LOOK_SECONDS)


def _is_settled(task: Task, part: Part) -> bool:
    if task.status is Status.UNCERTAIN:
        return _is_untraced(task) and not part.sends_again
    return task.status is Status.FAILED or (
        task.clip is not None and task.clip.file is not None and not task.lacks_copy
    )


def _is_untraced(task: Task) -> bool:
    return task.trouble is not None and task.trouble.error == Untraced.__name__


async def _is_made(part: Part, tasks: list[Task]) -> bool:
    """Whether Kling has a task after all that the program has not traced yet: it is found sooner or later."""
    untraced = {task.id for task in tasks if task.status is Status.UNCERTAIN}
    return bool(untraced) and bool(untraced & await asyncio.to_thread(_made_ids, part.url))


def _made_ids(url: str) -> set[str]:
    with urllib.request.urlopen(f"{url}/_sandbox/audit", timeout=5) as answer:  # noqa: S310 - our own address
        return {make["external_id"] for make in json.load(answer)["makes"] if make["visible"]}


def _decide(studio: Studio, task: Task, part: Part, acts: Acts) -> None:
    if not task.watched and not _is_settled(task, part):
        studio.watch(task.id)  # an earlier start died when its creator had stopped watching, and not yet begun again
    if _is_untraced(task) and part.sends_again:
        acts.note("again", task=task.id)
        studio.send_again(task.id)
    if task.status is Status.SUCCEEDED and task.trouble and task.clip and task.clip.file is None:
        studio.watch(task.id)
    if task.status is Status.QUEUED and studio.lines.queue(task.profile).trouble:
        studio.lines.reopen(task.profile.name)


def _fidget(studio: Studio, task: Task, fidget: random.Random, acts: Acts) -> None:
    match fidget.randrange(4):
        case 0:
            studio.stop_watching(task.id)
            studio.watch(task.id)
        case 1:
            acts.note("withdraws", task=task.id)
            for withdrawn in studio.withdraw([task.id]):  # only what was never sent: the rest may be paid for
                studio.restore(withdrawn)
            acts.note("restored", task=task.id)
        case 2:
            studio.look_up(task.id)
        case 3:
            studio.wake()
