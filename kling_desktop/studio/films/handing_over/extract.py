"""What the library knows of a film, as it travels in an archive: written there, and read again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kling_desktop.domain.accounts import Profile
from kling_desktop.domain.clips import Clip, video_id_of
from kling_desktop.domain.takes import ColourMap, Film, Label, Part, TakeMark, TakeState
from kling_desktop.domain.tasks import Status, Task
from kling_desktop.export.papers.record import exact
from kling_desktop.store.rows import clip_of, clip_values, task_of, task_values

if TYPE_CHECKING:
    pass

VERSION = 1

NO_ACCOUNT = Profile("")
"""Of a task that this library did not ask for."""


def extract(
    film: Film, states: Sequence[TakeState], before: Sequence[TakeState], parts: Callable[[str], tuple[Part, ...]]
) -> dict[str, Any]:
    """The finished takes of a film with all that the creator noted: no account, no address, no path of this computer.

    `before` are takes of the film that it was split off from, to which it is joined; `parts` gives how a take was
    joined. Goes into JSON.
    """
    finished = sorted((state for state in states if state.is_finished), key=lambda state: state.take.path)
    return {
        "version": VERSION,
        "film": {"name": film.name, "note": film.note, "label": film.label.value},
        "before": [_take_record(state, parts(state.take.id)) for state in before],
        "takes": [_take_record(state, parts(state.take.id)) for state in finished],
    }


class Taken:
    """A take as an archive tells it."""

    __slots__ = ("clip", "id", "made_at", "mark", "parts", "picked", "task")

    def __init__(self, record: Mapping[str, Any], files: Mapping[str, Path]) -> None:
        """Raises ValueError, TypeError, KeyError, ArithmeticError for what is no such record."""
        clip = clip_of(record["clip"])
        file = files.get(clip.id) or files.get(video_id_of(clip.id))
        self.clip = replace(clip, url="", watermark_url="", file=file, watermark_file=None)
        self.task = None if record["task"] is None else _task_read(record["task"], self.clip)
        self.id = self.task.id if self.task else f"clip:{self.clip.id}"
        self.made_at = datetime.fromisoformat(record["made_at"])
        mark = record["mark"]
        self.mark = TakeMark(str(mark["note"]), Label(mark["label"]), int(mark["stars"]))
        self.picked = bool(record["picked"])
        self.parts = tuple(_part_read(each) for each in record["parts"])


def _take_record(state: TakeState, parts: tuple[Part, ...]) -> dict[str, Any]:
    clip = state.clip or Clip(state.take.clip_id)
    bare = replace(clip, url="", watermark_url="", file=None, watermark_file=None)
    return {
        "made_at": state.take.made_at.isoformat(),
        "clip": clip_values(bare),
        "task": None if state.task is None else _task_record(state.task),
        "mark": {"note": state.mark.note, "label": state.mark.label.value, "stars": state.mark.stars},
        "picked": state.is_picked,
        "parts": [_part_record(part) for part in parts],
    }


def _task_record(task: Task) -> dict[str, Any]:
    generation = task.extension.generation
    if generation is not None:
        generation = replace(generation, first_frame=None, end_frame=None)
    extension = replace(task.extension, callback_url="", generation=generation)
    bare = replace(task, extension=extension, profile=NO_ACCOUNT, clip=None, units=None, sent_at=None, trouble=None)
    return {name: value for name, value in task_values(bare).items() if name != "search"}


def _task_read(record: Mapping[str, Any], clip: Clip) -> Task:
    task = task_of({**record, "clip_id": None})
    generation = task.extension.generation
    if generation is not None:
        generation = replace(generation, first_frame=None, end_frame=None)
    extension = replace(task.extension, callback_url="", generation=generation)
    return replace(
        task, extension=extension, profile=NO_ACCOUNT, status=Status.SUCCEEDED, clip=clip, units=None, sent_at=None
    )


def _part_record(part: Part) -> dict[str, Any]:
    colour = part.colour
    return {
        "clip": part.clip_id,
        "start": str(part.start),
        "end": None if part.end is None else str(part.end),
        "colour": None if colour is None else {"luma": colour.luma, "chroma": colour.chroma},
    }


def _part_read(record: Mapping[str, Any]) -> Part:
    end, colour = record["end"], record["colour"]
    return Part(
        str(record["clip"]),
        exact(record["start"]),
        None if end is None else exact(end),
        None if colour is None else _colour_read(colour),
    )


def _colour_read(record: Mapping[str, Any]) -> ColourMap:
    a, b, c = (float(each) for each in record["luma"])
    bb, br, b0, rb, rr, r0 = (float(each) for each in record["chroma"])
    return ColourMap((a, b, c), (bb, br, b0, rb, rr, r0))
