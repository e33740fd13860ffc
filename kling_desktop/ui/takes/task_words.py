"""What a row of the task list says about a task, piece by piece and as one sentence."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from html import escape

from kling_desktop.domain.analysis import Verdict
from kling_desktop.domain.clips import DYING, Clip, Progress, dies_at
from kling_desktop.domain.kling_time import KLING_TIME
from kling_desktop.domain.tasks import Pick, Status, Task
from kling_desktop.errors import kind_of
from kling_desktop.ui import formatting
from kling_desktop.ui.i18n import tr, tr_count
from kling_desktop.ui.painted.shapes import Shape, shape_of

Typical = tuple[float, float]
"""Seconds in which half, and nine in ten, of the profile's tasks were done."""

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_TALKED_IN_SECONDS = 100
"""Typical times up to this many seconds are told in seconds, longer ones in minutes."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the studio knows of a take beside its task."""

    hop: int | None = None
    """How deep it lies in its film; None when it is in none."""
    verdict: Verdict | None = None
    """Of the seam at which it begins; None while that was not measured."""
    words: str = ""
    """The same in words: "a little softer"."""
    is_doubtful: bool = False
    """Nothing but the stated length tells where that seam is."""


@dataclass(frozen=True, slots=True)
class RowText:
    """The three lines of a row. Parts stand in the order of their weight: a narrow row drops the last ones."""

    name: str
    state: str
    beside: tuple[str, ...]
    """Behind the state, on its line."""
    below: tuple[str, ...]
    """The last line."""
    warns: bool
    """Whether the last line begins with what is in the way."""


def row_text(task: Task, progress: Progress | None, typical: Typical | None, now: datetime, place: int = 0) -> RowText:
    """All that a row says. `place` is the task's in the queue, from 1; 0 when it does not wait there."""
    in_the_way = _in_the_way(task)
    below = (in_the_way, *_below(task, typical, now))
    return RowText(
        name(task), state(task, progress), _said(_beside(task, progress, now, place)), _said(below), bool(in_the_way)
    )


def sentence(
    task: Task,
    progress: Progress | None,
    typical: Typical | None,
    now: datetime,
    place: int = 0,
    told: Told | None = None,
) -> str:
    """The row as one line, for screen readers and for whoever copies it: "Done. A puppy appears. 10.2 s. 2 units."."""
    row = row_text(task, progress, typical, now, place)
    hop = tr("hop {n}", n=told.hop) if told and told.hop is not None else ""
    seam = tr("seam: {words}", words=told.words) if told and told.words else ""
    said = _said((row.state, row.name, hop, seam, *row.beside, *row.below))
    return ". ".join(part.rstrip(".。 ") for part in said)


def painted_lines(
    task: Task, progress: Progress | None, typical: Typical | None, now: datetime, place: int, told: Told
) -> tuple[Shape, tuple[str, ...], tuple[str, ...], bool]:
    """The lower two lines of a row as they are painted: shape, its words, what stands below; whether that warns."""
    text = row_text(task, progress, typical, now, place)
    if task.status is Status.SUCCEEDED and is_here(task) and progress is None:
        words = told.words or (tr("not measured") if told.hop else tr("new clip"))
        leaves = _keeping(task.clip, now)[1] if task.clip else ""
        below = (_called(task), formatting.ago(task.asked_at, now), _cost(task), leaves or tr("on disk"))
        return shape_of(task.status, told.verdict), (words,), _said(below), bool(leaves or task.is_called_failed)
    shape = shape_of(shown_status(task), held=bool(task.trouble))
    if task.status is Status.FAILED:
        return shape, (text.below[0] if text.warns else text.state,), _failed_below(task, now), False
    running = [part for part in text.beside if part]
    if task.status is Status.QUEUED and not text.below:
        return shape, (text.state,), tuple(running), False
    return shape, (text.state, *running), text.below, text.warns


def _failed_below(task: Task, now: datetime) -> tuple[str, ...]:
    charged = _cost(task) if task.units else tr("not charged") if task.units is not None else _cost(task)
    return _said((charged, formatting.ago(task.asked_at, now)))


def tip(task: Task, progress: Progress | None, typical: Typical | None, now: datetime, place: int = 0) -> str:
    """The whole prompt, and what went wrong with its advice, as rich text (which Qt wraps)."""
    row = row_text(task, progress, typical, now, place)
    lines = [
        task.extension.prompt or row.name,
        " · ".join((row.state, *row.beside)),
        " · ".join(row.below),
        formatting.advice_of(task) if task.trouble else "",
        tr("Kling says: {words}", words=task.message) if task.message else "",
    ]
    return "".join(f"<p>{escape(line)}</p>" for line in lines if line)


def name(task: Task) -> str:
    """The prompt on one line; without one, which clip it is about."""
    prompt = " ".join(task.extension.prompt.split())
    return prompt or tr("Clip {id}", id=shortened(task.clip.id if task.clip else task.extension.video_id))


def shortened(video_id: str) -> str:
    """An id as far as one tells it apart by: its beginning and its end."""
    return f"{video_id[:4]}…{video_id[-4:]}" if len(video_id) > 10 else video_id


def state(task: Task, progress: Progress | None) -> str:
    """How it stands, in a few words."""
    if progress is not None:
        return tr("Downloading {progress}", progress=formatting.so_far(progress))
    if not task.watched and not task.status.ended:
        return tr("No longer watched")
    if task.raw_status and not (task.status.ended and is_here(task)):  # whether it is made the film will show
        return tr("Kling says “{word}”", word=task.raw_status)
    if task.status == Status.SUCCEEDED and not is_here(task):
        return tr("Made, on its way here") if task.watched else tr("Made, not on this disk")
    return formatting.status_words(task.status)


def is_here(task: Task) -> bool:
    """Whether the take is on the disk, as far as the library knows: only then it is done."""
    return task.clip is not None and task.clip.file is not None


def shown_status(task: Task) -> Status:
    """The status whose colour and sign a row wears: the green of done only when the take is on the disk."""
    return Status.PROCESSING if task.status == Status.SUCCEEDED and not is_here(task) else Status(task.status)


def _beside(task: Task, progress: Progress | None, now: datetime, place: int) -> tuple[str, ...]:
    if progress is not None:
        return ()
    if place and task.status == Status.QUEUED:
        return (place_words(place), formatting.elapsed(elapsed(task, now)))
    if task.status.ended:
        return (*_judgement(task), formatting.ago(task.asked_at, now), _took(task))
    return (formatting.elapsed(elapsed(task, now)),) if task.watched else (formatting.ago(task.asked_at, now),)


def _judgement(task: Task) -> tuple[str, str]:
    """What the creator thinks of the take."""
    said = {Pick.PICKED: tr("Picked"), Pick.REJECTED: tr("Rejected"), Pick.UNDECIDED: ""}
    return said[task.pick], "★" * task.stars


def place_words(place: int) -> str:
    """Where a task stands in the queue: "next in the queue", "2nd in the queue"."""
    if place == 1:
        return tr("next in the queue")
    last = 0 if place % 100 in (11, 12, 13) else place % 10
    if last == 1:
        return tr("{n}st in the queue", n=place)
    if last == 2:
        return tr("{n}nd in the queue", n=place)
    return tr("{n}rd in the queue", n=place) if last == 3 else tr("{n}th in the queue", n=place)


def elapsed(task: Task, now: datetime) -> float:
    """Seconds since it was sent, by our clock; since it was asked while it waits. Never negative."""
    began = task.asked_at if task.status == Status.QUEUED else task.sent_at or task.accepted_at or task.asked_at
    return max(0.0, (now - began).total_seconds())


def _took(task: Task) -> str:
    """How long Kling worked on it. Both times are Kling's, so its clock and ours need not agree."""
    if task.status != Status.SUCCEEDED or not task.accepted_at or not task.updated_at:
        return ""
    seconds = (task.updated_at - task.accepted_at).total_seconds()
    return tr("took {time}", time=formatting.lasting(seconds)) if seconds > 0 else ""


def _below(task: Task, typical: Typical | None, now: datetime) -> tuple[str, ...]:
    if task.status == Status.FAILED:
        return (_cost(task),)
    if task.status == Status.SUCCEEDED:
        clip = task.clip
        length = _length(clip.seconds) if clip and clip.seconds is not None else ""
        return (_called(task), length, _cost(task), *(_keeping(clip, now) if clip else ()))
    return (_usual(task, typical, now),)


def _called(task: Task) -> str:
    """Kling's word for a take that it calls failed."""
    return tr("Kling says “{word}”", word=task.raw_status) if task.is_called_failed and is_here(task) else ""


def _in_the_way(task: Task) -> str:
    """Why it failed or what it waits for; "" when all is well."""
    if task.trouble:
        return tr(kind_of(task.trouble).title)
    return task.message if task.status == Status.FAILED else ""


def _length(seconds: Decimal) -> str:
    if seconds >= _MINUTE:
        return formatting.length(seconds)
    return tr("{n} s", n=formatting.plain_seconds(seconds))


def _cost(task: Task) -> str:
    """What Kling says it charged. An estimate never stands here."""
    if task.units is not None:
        return tr("1 unit") if task.units == 1 else tr("{n} units", n=formatting.units(task.units))
    if task.status == Status.FAILED and task.trouble:
        return tr(kind_of(task.trouble).charge)
    return ""


def _keeping(clip: Clip, now: datetime) -> tuple[str, str]:
    """Whether we have it, and how long Kling still does: of a kept take that is said in its last week only."""
    ends = dies_at(clip)
    now = KLING_TIME.now() if KLING_TIME.is_told else now
    is_guess = not (clip.expires_at or clip.made_at) or (not KLING_TIME.is_told and ends is not None and ends <= now)
    left = _left(ends, now, is_guess=is_guess) if ends else ""
    if clip.file is None:
        return "", left
    return tr("kept on disk"), left if ends and now < ends <= now + DYING else ""


def _left(ends: datetime, now: datetime, *, is_guess: bool) -> str:
    seconds = (ends - now).total_seconds()
    if is_guess and seconds <= 0:
        return tr("probably expired")
    if is_guess:
        days = math.ceil(seconds / _DAY)
        return tr_count(days, "probably expires within a day", "probably expires in {n} days")
    if seconds <= 0:
        return tr("expired")
    if seconds < _HOUR:
        return tr("expires within the hour")
    if seconds < _DAY:
        return tr_count(int(seconds // _HOUR), "expires in {n} hour", "expires in {n} hours")
    return tr_count(int(seconds // _DAY), "expires in {n} day", "expires in {n} days")


def _usual(task: Task, typical: Typical | None, now: datetime) -> str:
    if typical is None or not task.watched or not task.status.at_kling:
        return ""
    least, most = typical
    if elapsed(task, now) > most:
        return tr("longer than most of yours")
    if most <= _TALKED_IN_SECONDS:
        return tr("usually {range} s", range=_range(round(least), round(most)))
    return tr("usually {range} min", range=_range(max(1, round(least / _MINUTE)), round(most / _MINUTE)))


def _range(least: int, most: int) -> str:
    return f"{least}–{most}" if least < most else f"{most}"


def _said(parts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(part for part in parts if part)
