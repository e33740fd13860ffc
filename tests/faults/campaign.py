"""Runs the actor many times under seeded faults and kills, and judges by the sandbox's audit."""

from __future__ import annotations

import multiprocessing
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from multiprocessing.context import ForkServerContext
from pathlib import Path
from time import perf_counter
from typing import Any

from kling_desktop.domain.tasks import Filter, Status, Task
from kling_desktop.errors import KlingDesktopError
from kling_desktop.media import probe
from kling_desktop.sandbox.audit.audit import audit, shelf
from kling_desktop.sandbox.server import Sandbox
from kling_desktop.store.library import Library
from tests.faults import actor
from tests.faults.actor import Part

_SCRIPTED: tuple[dict[str, Any], ...] = (
    *({"on": "create", "do": do} for do in (
        "gateway_after", "gateway_before", "internal_after", "drop_after", "drop_before", "html_502", "empty_body",
        "broken_json", "slots", "too_fast", "empty", "content", "maintenance", "extra_keys", "no_optional_keys", "risk",
    )),
    {"on": "create", "do": "slow", "seconds": 0.3},
    {"on": "create", "do": "refuse", "code": 1303, "http": 429, "retry_after": 0},
    *({"on": "query", "do": do} for do in ("unknown_status", "time_backwards", "vanish", "broken_json", "drop_before")),
    {"on": "query", "do": "refuse", "code": 1203, "http": 404, "times": 3},
    {"on": "list", "do": "html_502"},
    *({"on": "media", "do": do} for do in (
        "media_truncated", "media_html", "media_drop", "media_expired", "media_no_length", "media_no_range",
    )),
    {"on": "media", "do": "media_drop", "bytes": 2000, "times": 3},
    {"on": "media", "do": "media_slow", "bytes_per_second": 400_000},
)  # fmt: skip
_MOST_STEPS = 500
_SECONDS_TO_SETTLE = 20.0
_PROMPTS = ("A heron lands", "Fog rolls in", "The lamps go on", "It begins to rain")


@dataclass
class Verdict:
    """What the audit says after a run, or after many; all but the first two should be zero."""

    runs: int = 0
    kills: int = 0
    duplicates: int = 0
    """Ids that were created more than once."""
    losses: int = 0
    """Takes that Kling made and the library has not got, or tasks that never settled."""
    broken: int = 0
    """Files shown as whole that are not."""
    tracebacks: int = 0
    notes: list[str] = field(default_factory=list)

    def add(self, other: Verdict) -> None:
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))

    @property
    def is_clean(self) -> bool:
        return not (self.duplicates or self.losses or self.broken or self.tracebacks)

    def __str__(self) -> str:
        return (
            f"{self.runs} runs with {self.kills} kills: {self.duplicates} duplicates, {self.losses} losses, "
            f"{self.broken} broken files, {self.tracebacks} tracebacks"
        )


class Campaign:
    """Use in a `with` block: it keeps a process from which the actors are forked."""

    def __init__(self, cache: Path, folder: Path) -> None:
        """`cache` is the sandbox's, shared by all runs; `folder` takes what a run leaves, and keeps it if it fails."""
        self._cache = cache
        self._folder = folder
        self._forks: ForkServerContext = multiprocessing.get_context("forkserver")
        self._forks.set_forkserver_preload([actor.__name__])

    def run(self, seed: int) -> Verdict:
        """One story: a few tasks, some faults, some deaths, and a last start that must bring all to its end."""
        folder = self._folder / f"run-{seed}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        draw = random.Random(seed)  # noqa: S311 - repeatable by its seed, which is the point
        with Sandbox(folder / "sandbox", speed="instant", size="small", cache_dir=self._cache) as sandbox:
            kills, code = self._play(sandbox, folder, draw)
            verdict = judged(sandbox, folder, seed, settled=code == actor.SETTLED)
        verdict.kills = kills
        if verdict.is_clean:
            shutil.rmtree(folder)
        return verdict

    def play_undisturbed(self, sandbox: Sandbox, folder: Path) -> int:
        """Two tasks, no faults, no deaths; the exit code."""
        calm = replace(_part(sandbox, folder, random.Random(0)), prompts=_PROMPTS[:2], fidgets=0)  # noqa: S311 - as above
        return self._start(calm, None)

    def _play(self, sandbox: Sandbox, folder: Path, draw: random.Random) -> tuple[int, int]:
        for fault in draw.sample(_SCRIPTED, draw.randint(0, 4)):
            sandbox.fault(**{"after": draw.choice((0, 0, 1, 2)), **fault})
        sandbox.script.chaos(draw.randrange(10**6), draw.choice((0.0, 0.1, 0.3)))
        part = _part(sandbox, folder, draw)
        kills = 0
        for _ in range(draw.choice((0, 1, 1, 2, 2, 3))):
            by_step = draw.random() < 0.6
            step = draw.randint(1, _MOST_STEPS) if by_step else 0
            code = self._start(replace(part, dies_at_step=step), None if by_step else draw.uniform(0.01, 0.7))
            kills += code not in (actor.SETTLED, actor.STUCK)
        if draw.random() < 0.7:
            sandbox.script.clear()
        return kills, self._start(part, None)

    def _start(self, part: Part, seconds: float | None) -> int:
        """Start the actor; kill it after so many seconds, if any. Its exit code; negative for a signal."""
        child = self._forks.Process(target=actor.play, args=(part,))
        child.start()
        child.join(seconds if seconds is not None else part.seconds + 10)
        if child.exitcode is None:
            child.kill()
            child.join()
        code = child.exitcode
        child.close()
        return code if code is not None else actor.STUCK


def _part(sandbox: Sandbox, folder: Path, draw: random.Random) -> Part:
    clip = next(entry for entry in shelf(sandbox.world) if entry["external_task_id"] == "dawn-lake")
    return Part(
        url=sandbox.url,
        access_key=sandbox.access_key,
        secret_key=sandbox.secret_key,
        folder=folder,
        video_id=str(clip["video_id"]),
        prompts=_PROMPTS[: draw.randint(1, len(_PROMPTS))],
        sends_again=draw.random() < 0.6,
        fidgets=draw.randrange(1, 10**6) if draw.random() < 0.3 else 0,
        dies_at_step=0,
        seconds=_SECONDS_TO_SETTLE,
    )


def judged(sandbox: Sandbox, folder: Path, seed: int, *, settled: bool) -> Verdict:
    """What the audit of the sandbox says about the library and the files in `folder`."""
    verdict = Verdict(runs=1)
    stderr = folder / "stderr.txt"
    words = stderr.read_text() if stderr.exists() else ""
    library = Library.open(folder / "library.sqlite3")
    tasks = {task.id: task for task in library.page(Filter(), 0, 1000)}
    library.close()
    made = audit(sandbox.world, sandbox.request_log)
    entries = made["tasks"]
    duplicates = [id for id, entry in entries.items() if entry["created"] > 1]
    lost = [id for id, entry in entries.items() if not _has(tasks.get(id), entry["status"])]
    broken = list(_broken(tasks, folder / "takes"))
    verdict.duplicates = len(duplicates) + len(made["without_external_id"])
    verdict.losses = len(lost) + (not settled)
    verdict.broken = len(broken)
    verdict.tracebacks = words.count("Traceback (most recent call last)")
    for what, found in (("duplicate", duplicates), ("lost", lost), ("broken", broken)):
        verdict.notes += [f"seed {seed}: {what} {one} {tasks.get(one, '')}" for one in found]
    if not settled or verdict.tracebacks:
        verdict.notes.append(f"seed {seed}: {words[-1500:]}")
    return verdict


def _has(task: Task | None, status: str) -> bool:
    """Whether the library knows what became of a task that Kling has made."""
    if task is None:
        return False
    if status == "failed":
        return task.status is Status.FAILED
    clip = task.clip
    return task.status is Status.SUCCEEDED and clip is not None and clip.file is not None and clip.file.exists()


def _broken(tasks: dict[str, Task], takes: Path) -> Iterator[str]:
    shown = {task.clip.file for task in tasks.values() if task.clip and task.clip.file}
    shown |= {task.clip.watermark_file for task in tasks.values() if task.clip and task.clip.watermark_file}
    for file in shown | set(takes.glob("*.mp4")):
        try:
            probe.verify(file)
        except KlingDesktopError as error:
            yield f"{file.name}: {error}"


@contextmanager
def media_cache(chosen: Path | None) -> Iterator[Path]:
    """The chosen folder, or one of this campaign's own."""
    if chosen:
        yield chosen
        return
    with tempfile.TemporaryDirectory(prefix="kling-faults-media-") as folder:
        yield Path(folder)


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
