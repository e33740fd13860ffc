"""Reads what a run has left, and compares it with what the creator did and with what Kling made and charged."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from kling_desktop.domain.plans import Plan, PlanState
from kling_desktop.domain.tasks import Filter, Status, Task
from kling_desktop.errors import KlingDesktopError
from kling_desktop.media import probe
from kling_desktop.sandbox.audit.audit import audit
from kling_desktop.sandbox.server import Sandbox
from kling_desktop.store.films.plans import PlanRecords
from kling_desktop.store.library import Library
from tests.faults.acts import Acts, History
from tests.faults.planned import Hops

_TRIES = 4
"""So many failures of a watermarked copy's download are allowed to cost the creator that copy."""

Entry = dict[str, Any]


@dataclass
class Verdict:
    """What a run, or many, came to; all but the first two should be zero."""

    runs: int = 0
    kills: int = 0
    duplicates: int = 0
    """Takes that were made beyond what the creator's acts asked for."""
    strays: int = 0
    """Takes that nobody asked for as they were made: a prompt cut, an id of nobody's."""
    losses: int = 0
    """Takes that were made and are not in the library, requests that are gone, tasks that never settled."""
    broken: int = 0
    """Files shown as whole that are not, or that are not the film that was made."""
    mischarged: int = 0
    """Takes whose noted units are not those that were charged."""
    drafts: int = 0
    """Words that were typed and are gone."""
    unwritten: int = 0
    """Paid requests that left before the library had them on the disk."""
    violations: int = 0
    """What the client must never do: credentials at a media address."""
    tracebacks: int = 0
    notes: list[str] = field(default_factory=list)

    def add(self, other: Verdict) -> None:
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))

    @property
    def faults(self) -> dict[str, int]:
        """How many of each kind."""
        return {each.name: getattr(self, each.name) for each in fields(self) if each.name not in _NO_FAULTS}

    @property
    def is_clean(self) -> bool:
        return not any(self.faults.values())

    def __str__(self) -> str:
        counted = ", ".join(f"{number} {name}" for name, number in self.faults.items())
        return f"{self.runs} runs with {self.kills} kills: {counted}"


_NO_FAULTS = ("runs", "kills", "notes")


@dataclass
class Judge:
    """Judges one run: its sandbox, its folder, and the prompts that the creator had in mind."""

    sandbox: Sandbox
    folder: Path
    prompts: tuple[str, ...]
    seed: int = 0
    hops: Hops = ()
    """What was planned,"""
    takes: int = 1
    """and how many of each."""
    _draft: str = field(default="", init=False)
    _plans: list[Plan] = field(default_factory=list, init=False)

    def judged(self, *, settled: bool) -> Verdict:
        """The verdict after the last start; `settled` is what that start said of itself."""
        found: dict[str, Sequence[object]] = {
            "duplicates": list(self._duplicates()),
            "strays": list(self._strays()),
            "losses": [*self._losses(), *self._unmade_films(), *([] if settled else ["not settled"])],
            "broken": [*self._history.unsound, *unsound(self.folder, self._shown()), *self._wrong_files()],
            "mischarged": list(self._mischarged()),
            "drafts": list(self._lost_drafts()),
            "unwritten": self._history.unwritten,
            "violations": self.sandbox.request_log.violations,
        }
        verdict = Verdict(runs=1)
        for name, list_of in found.items():
            setattr(verdict, name, len(list_of))
            verdict.notes += [f"seed {self.seed}: {name}: {one}" for one in list_of]
        self._read_errors(verdict, settled)
        return verdict

    # --- what is there -------------------------------------------------------------------------------------------

    @cached_property
    def _tasks(self) -> dict[str, Task]:
        file = self.folder / "library.sqlite3"
        if not file.exists():
            return {}
        library = Library.open(file)
        tasks = {task.id: task for task in library.page(Filter(), 0, 1000)}
        draft = library.draft()
        self._draft = draft.extension.prompt if draft else ""
        self._plans = PlanRecords(library.database).newest(50)
        library.close()
        return tasks

    @cached_property
    def _makes(self) -> list[Entry]:
        made: list[Entry] = audit(self.sandbox.world, self.sandbox.request_log)["makes"]
        return made

    @cached_property
    def _history(self) -> History:
        return Acts(self.folder).history()

    @cached_property
    def _gone_wrong(self) -> list[str]:
        return [fault["do"] for fault in self.sandbox.script.used]

    def _makes_of(self, task: Task) -> list[Entry]:
        return [make for make in self._makes if make["task_id"] == task.kling_id]

    # --- acts = makes = charges ----------------------------------------------------------------------------------

    def _duplicates(self) -> Iterator[str]:
        """By what was asked, not by its id: who gives a second id makes a second take all the same."""
        for prompt, takes in [*((prompt, 1) for prompt in self.prompts), *((hop, self.takes) for hop, _ in self.hops)]:
            makes = [make for make in self._makes if make["prompt"] == prompt]
            ours = {task.id for task in self._tasks.values() if task.extension.prompt == prompt}
            allowed = takes + sum(self._history.again[id] for id in ours)
            if len(makes) > allowed:
                yield f"{prompt[:20]!r} was made {len(makes)} times: {[make['external_id'] for make in makes]}"

    def _strays(self) -> Iterator[str]:
        for make in self._makes:
            task = self._tasks.get(make["external_id"])
            if task is None:
                yield f"made under an id of nobody's: {make['external_id']}"
                continue
            asked = task.extension
            made = asked.generation
            parent = "" if made else asked.video_id
            picture = _digest(made.first_frame).hex() if made and made.first_frame else ""
            wanted = (asked.prompt, asked.negative_prompt, parent, bool(asked.watermark), picture)
            got = (make["prompt"], make["negative_prompt"], make["parent_id"] or "", make["watermark"])
            if (*got, Path(make["picture"]).stem) != wanted:
                yield f"made otherwise than asked: {make['prompt'][:80]!r} {task.id}"

    def _losses(self) -> Iterator[str]:
        for id in {make["external_id"] for make in self._makes}:
            makes = [make for make in self._makes if make["external_id"] == id]
            if not any(_has(self._tasks.get(id), make) for make in makes):
                yield f"made and not known as such: {self._tasks.get(id, id)}"
        for id in self._history.asked - self._history.withdrawn - self._tasks.keys():
            yield f"asked and gone: {id}"
        known = {task.extension.prompt for task in self._tasks.values()}
        yield from (f"never asked: {prompt[:20]!r}" for prompt in self.prompts if prompt not in known)

    def _unmade_films(self) -> Iterator[str]:
        """A plan that has ended is a film: each hop with its takes, and the film up to each continued one whole."""
        for plan in self._plans:
            hops = plan.hops if plan.state is PlanState.DONE else [hop for hop in plan.hops if hop.task_ids]
            for hop in hops:
                if len(hop.task_ids) != hop.takes:
                    yield f"{hop.prompt[:20]!r} is planned with {hop.takes} takes and has {hop.task_ids}"
            if plan.state is PlanState.DONE and [hop.prompt for hop in plan.hops] != [words for words, _ in self.hops]:
                yield f"other hops than planned: {[hop.prompt[:20] for hop in plan.hops]}"
        for task in self._tasks.values():
            clip = task.clip
            if task.extension.generation is None or clip is None or clip.file is None:
                continue
            film = Path(self._history.films.get(task.id, ""))
            if not film.is_file() or probe.verify(film).seconds <= probe.verify(clip.file).seconds:
                yield f"the film up to {task.id} is not there"

    def _mischarged(self) -> Iterator[str]:
        may_be_silent = "no_optional_keys" in self._gone_wrong
        for task in self._tasks.values():
            for make in self._makes_of(task):
                ended = make["status"] in ("succeed", "failed") and task.status.ended
                if not ended or (task.units is None and may_be_silent):
                    continue
                if task.units is None or task.units != Decimal(str(make["units"])):
                    yield f"{task.id} notes {task.units}, Kling took {make['units']}"

    # --- files, words, errors ------------------------------------------------------------------------------------

    def _wrong_files(self) -> Iterator[str]:
        """Every file is the very film that was made for its task, and the watermarked copy is there when asked for."""
        for task in self._tasks.values():
            true = self.sandbox.files(makes[0]["video_id"]) if (makes := self._makes_of(task)) else None
            clip = task.clip
            if true is None or clip is None or clip.file is None:
                continue
            plain, marked = true
            if _digest(clip.file) != _digest(plain):
                yield f"{clip.file.name} is not the film of {task.id}"
            if clip.watermark_file is None:
                if task.extension.watermark and not self._may_lack_copy():
                    yield f"no watermarked copy of {task.id}"
            elif _digest(clip.watermark_file) != _digest(marked):
                yield f"{clip.watermark_file.name} is not the watermarked copy of {task.id}"

    def _shown(self) -> set[Path]:
        return {file for task in self._tasks.values() for file in _files(task)}

    def _may_lack_copy(self) -> bool:
        failures = sum(do.startswith("media_") for do in self._gone_wrong)
        return failures >= _TRIES or "no_optional_keys" in self._gone_wrong

    def _lost_drafts(self) -> Iterator[str]:
        may_stand = self._history.drafts
        if self._tasks and may_stand and self._draft not in may_stand:
            yield f"{self._draft!r} stands where {may_stand[-1]!r} was typed"

    def _read_errors(self, verdict: Verdict, settled: bool) -> None:
        stderr = self.folder / "stderr.txt"
        words = stderr.read_text() if stderr.exists() else ""
        verdict.tracebacks = words.count("Traceback (most recent call last)")
        if not settled or verdict.tracebacks:
            verdict.notes.append(f"seed {self.seed}: {words[-1500:]}")


def unsound(folder: Path, shown: Iterable[Path] = ()) -> Iterator[str]:
    """Files under a final name that are not whole; there must be none at any time. `shown`: what the library names."""
    for file in sorted({*shown, *(folder / "takes").glob("*.mp4")}):
        try:
            probe.verify(file)
        except KlingDesktopError as error:
            yield f"{file.name}: {error}"


def _has(task: Task | None, make: Entry) -> bool:
    """Whether the library knows what became of this take."""
    if task is None or task.kling_id != make["task_id"]:
        return False
    if make["status"] == "failed":
        return task.status is Status.FAILED
    clip = task.clip
    return task.status is Status.SUCCEEDED and clip is not None and clip.file is not None and clip.file.exists()


def _files(task: Task) -> Iterable[Path]:
    clip = task.clip
    return [file for file in (clip.file, clip.watermark_file) if file] if clip else []


def _digest(file: Path) -> bytes:
    if not file.exists():
        return b""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").digest()
