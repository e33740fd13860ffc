"""Runs the actor many times under seeded faults and kills, and has each run judged."""

from __future__ import annotations

import multiprocessing
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing.context import ForkServerContext
from pathlib import Path
from time import perf_counter
from typing import Any

from kling_desktop.sandbox.audit.audit import shelf
from kling_desktop.sandbox.server import Sandbox
from tests.faults import actor
from tests.faults.actor import Part
from tests.faults.judge import Judge, Verdict, unsound
from tests.faults.patience import LONGEST_SECONDS
from tests.faults.planned import Hops

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
_LENIENT: tuple[dict[str, Any], ...] = (
    *({"on": "create", "do": "proxy_after", "http": http, "body": body} for http, body in (
        (400, "empty"), (401, "html"), (403, "html"), (404, "html"), (407, "html"), (429, "json"), (499, "json"),
    )),
    {"on": "create", "do": "proxy_before"},
)  # fmt: skip
"""What stands between answers, after the task was made and before it: only Kling can refuse."""
_MONEY: tuple[dict[str, Any], ...] = tuple(
    {"on": "create", "do": do} for do in ("gateway_after", "internal_after", "drop_after", "empty_body", "broken_json")
)
"""The task is made and the answer is lost: here a product pays twice."""
_HALF_A_FILM: dict[str, Any] = {"on": "media", "do": "media_truncated", "after": 0}
"""As long as announced and yet not whole: only who reads a file to its end sees it."""
_OFTEN = 0.5
"""How likely a run has one of these two, beside what is drawn from all."""
_STRICT_CHAOS = (
    "slots", "too_fast", "internal_before", "internal_after", "gateway_before", "gateway_after", "html_502",
    "drop_before", "drop_after", "code_in_200", "empty_body", "broken_json", "maintenance", "no_optional_keys",
    "extra_keys", "unknown_status", "time_backwards", "media_no_length", "media_no_range", "media_truncated",
    "media_html", "media_drop",
)  # fmt: skip
_LATE_SECONDS = (0.0, 0.0, 0.0, 0.2, 0.6)
_PROMPTS = (
    "A heron lands on the near bank, folds its wings and looks into the water for a long while; nothing else moves",
    "Fog rolls in from the far hills until the lake is gone, and only the sound of oars would tell where the boat is",
    "The lamps go on along the shore, one after the other, 一盏一盏亮起来, and each finds its own image in the water",
    "It begins to rain, at first in single drops whose rings meet, then so densely that the lake turns grey and rough",
)
"""Long ones: a prompt that is cut on its way is another prompt."""
_TURN = "The boat turns and shows its other side, on which a name is painted that nobody has read for many years"
_NIGHT = "Night falls, the far hills first, then the water, and at last the hand that has held the oar the whole day"
_DAWN = "Morning comes up behind the reeds, 天亮了, and the whole lake is the colour of a peach that was cut in half"
_FILMS: tuple[Hops, ...] = (
    ((_TURN, "extend"), (_NIGHT, "continue")),
    ((_TURN, "continue"), (_NIGHT, "continue")),
    ((_TURN, "extend"), (_NIGHT, "extend"), (_DAWN, "continue")),
    ((_TURN, "continue"),),
)
"""What Kling has made anew it does not extend here: a continued hop is followed by continued ones."""
_PLANNED = 0.5
"""How likely a run has a plan."""
_DRAFTS = ("half a thought", "A second thought, and more", "下一幕", "the last words")


class Campaign:
    """Use in a `with` block: it keeps a process from which the actors are forked."""

    def __init__(self, cache: Path, folder: Path, *, lenient: bool = True, broken: str = "") -> None:
        """`cache` is the sandbox's, shared by all runs; `folder` takes what a run leaves, and keeps it if it fails.

        `lenient`: Kling may take a repeated id, show new tasks late, and be hidden behind a proxy's refusals.
        `broken` names a break of the product (see `breaks`).
        """
        self._cache = cache
        self._folder = folder
        self._lenient = lenient
        self._broken = broken
        self._forks: ForkServerContext = multiprocessing.get_context("forkserver")
        self._forks.set_forkserver_preload([actor.__name__])

    def run(self, seed: int) -> Verdict:
        """One story: a few tasks, some faults, some deaths, and a last start that must bring all to its end."""
        folder = self._folder / f"run-{seed}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        draw = random.Random(seed)  # noqa: S311 - repeatable by its seed, which is the point
        with Sandbox(folder / "sandbox", speed="instant", size="small", cache_dir=self._cache) as sandbox:
            part = self._part(sandbox, folder, draw)
            if (plans := random.Random(-seed)).random() < _PLANNED:  # noqa: S311 - as above
                part = replace(part, hops=plans.choice(_FILMS), takes=plans.choice((1, 1, 2)))
            so_far, code = self._play(sandbox, part, draw)
            verdict = Judge(sandbox, folder, part.prompts, seed, part.hops, part.takes).judged(
                settled=code == actor.SETTLED
            )
        verdict.add(so_far)
        if verdict.is_clean:
            shutil.rmtree(folder)
        return verdict

    def play_undisturbed(self, sandbox: Sandbox, folder: Path) -> tuple[str, ...]:
        """Two tasks, no faults, no deaths; the prompts that were asked for."""
        calm = calm_part(sandbox, folder)
        code = self._start(replace(calm, broken=self._broken), None)
        assert code == actor.SETTLED, (folder / "stderr.txt").read_text()
        return calm.prompts

    def _play(self, sandbox: Sandbox, part: Part, draw: random.Random) -> tuple[Verdict, int]:
        """Everything but the judging; what was wrong on the way, and the exit code of the last start."""
        self._disturb(sandbox, draw)
        so_far = Verdict()
        for number in range(draw.choice((0, 1, 1, 2, 2, 3))):
            by_step = draw.random() < 0.6
            step = draw.randint(1, _MOST_STEPS) if by_step else 0
            started = replace(part, dies_at_step=step, draft=_DRAFTS[number])
            code = self._start(started, None if by_step else draw.uniform(0.01, 0.7))
            so_far.kills += code not in (actor.SETTLED, actor.STUCK)
            cut_short = [f"after death {number + 1}: {one}" for one in unsound(part.folder)]
            so_far.broken += len(cut_short)
            so_far.notes += cut_short
        if draw.random() < 0.5:
            sandbox.script.clear()
        return so_far, self._start(part, None)

    def _disturb(self, sandbox: Sandbox, draw: random.Random) -> None:
        """Scripted faults, faults at random, and how forgetful Kling is in this run."""
        scripted = _SCRIPTED + (_LENIENT if self._lenient else ())
        faults = draw.sample(scripted, draw.randint(0, 4))
        faults += [draw.choice(_MONEY)] if draw.random() < _OFTEN else []
        faults += [_HALF_A_FILM] if draw.random() < _OFTEN else []
        for fault in faults:
            sandbox.fault(**{"after": draw.choice((0, 0, 1, 2)), **fault})
        names = () if self._lenient else _STRICT_CHAOS
        sandbox.script.chaos(draw.randrange(10**6), draw.choice((0.0, 0.1, 0.3)), names)
        ids, late = draw.random() < 0.7, draw.choice(_LATE_SECONDS)
        if self._lenient:
            sandbox.world.switch(lenient_ids=ids, late_seconds=late)

    def _start(self, part: Part, seconds: float | None) -> int:
        """Start the actor; kill it after so many seconds, if any. Its exit code; negative for a signal."""
        child = self._forks.Process(target=actor.play, args=(part,))
        child.start()
        child.join(seconds if seconds is not None else LONGEST_SECONDS)
        if child.exitcode is None:
            child.kill()
            child.join()
        code = child.exitcode
        child.close()
        return code if code is not None else actor.STUCK

    def _part(self, sandbox: Sandbox, folder: Path, draw: random.Random) -> Part:
        return replace(
            calm_part(sandbox, folder),
            prompts=_PROMPTS[: draw.randint(1, len(_PROMPTS))],
            sends_again=draw.random() < 0.6,
            fidgets=draw.randrange(1, 10**6) if draw.random() < 0.3 else 0,
            broken=self._broken,
        )


def calm_part(sandbox: Sandbox, folder: Path) -> Part:
    """Two tasks of a calm creator."""
    clip = next(entry for entry in shelf(sandbox.world) if entry["external_task_id"] == "dawn-lake")
    return Part(
        url=sandbox.url,
        access_key=sandbox.access_key,
        secret_key=sandbox.secret_key,
        folder=folder,
        video_id=str(clip["video_id"]),
        prompts=_PROMPTS[:2],
        hops=(),
        takes=1,
        draft=_DRAFTS[-1],
        sends_again=False,
        fidgets=0,
        dies_at_step=0,
        seconds=_SECONDS_TO_SETTLE,
    )


@contextmanager
def media_cache(chosen: Path | None) -> Iterator[Path]:
    """The chosen folder, or one of this campaign's own."""
    if chosen:
        yield chosen
        return
    with tempfile.TemporaryDirectory(prefix="kling-faults-media-") as folder:
        yield Path(folder)


def campaign(
    runs: int, seed: int, folder: Path, cache: Path | None = None, *, lenient: bool = True, broken: str = ""
) -> Verdict:
    """Many runs in a row, seeds counted from `seed`; prints what went wrong, and now and then how far it is.

    With a break it ends at the first run that is not clean: the judge has seen it.
    """
    whole, began = Verdict(), perf_counter()
    with media_cache(cache) as media:
        stage = Campaign(media, folder, lenient=lenient, broken=broken)
        for number in range(runs):
            verdict = stage.run(seed + number)
            whole.add(verdict)
            for note in verdict.notes:
                sys.stdout.write(f"{note}\n")
            if broken and not verdict.is_clean:
                break
            if (number + 1) % 50 == 0:
                sys.stdout.write(f"{whole} ({perf_counter() - began:.0f} s)\n")
                sys.stdout.flush()
    return whole
