"""Takes for films, and the film that one is in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from kling_desktop.domain.clips import Clip
from kling_desktop.domain.tasks import Extension, Generation, Status, Task
from kling_desktop.store.films.films import FilmRecords
from kling_desktop.store.library import Library
from tests.harness.tasks import NOON, PROFILE


def take(number: int, parent: str = "", status: Status = Status.SUCCEEDED, **fields: object) -> Task:
    """Task `t<number>`, asked so many minutes after noon, whose clip is `c<number>` and extends `parent`."""
    asked_at = NOON + timedelta(minutes=number)
    clip = Clip(f"c{number}", parent_id=parent, seconds=Decimal(5)) if status is Status.SUCCEEDED else None
    extension = Extension(parent, f"words {number}")
    return replace(Task(f"t{number}", extension, PROFILE, status, asked_at, clip=clip), **fields)  # type: ignore[arg-type]  # fields of any name


def continued(number: int, parent: str, status: Status = Status.SUCCEEDED, **fields: object) -> Task:
    """As `take`, but a new clip from the parent's last frame: at Kling it has no parent."""
    made = take(number, parent, status, **fields)
    clip = replace(made.clip, parent_id="") if made.clip else None
    return replace(made, clip=clip, extension=replace(made.extension, generation=Generation("kling-v3")))


def grown(library: Library, *tasks: Task) -> None:
    """Write tasks down, one after the other: each plants its take."""
    for task in tasks:
        library.put(task)


def film_of(films: FilmRecords, take_id: str) -> str:
    state = films.state(take_id)
    assert state is not None
    return state.take.film_id
