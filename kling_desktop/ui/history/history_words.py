"""What is said about a find of the account's history: what it is, and until when Kling has it or why it is gone."""

from __future__ import annotations

from datetime import datetime

from kling_desktop.domain.clips import Kind
from kling_desktop.domain.tasks import Status, Task
from kling_desktop.errors import FileUnnamed, kind_of
from kling_desktop.studio.history import is_lost
from kling_desktop.ui import formatting
from kling_desktop.ui.film.film_words import units_words
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.library import clip_words
from kling_desktop.ui.takes import task_words

_NAME_LIMIT = 24
"""Letters of an id that somebody chose; longer ones are made by programs."""


def what(task: Task) -> str:
    """How it came to be, and the id by which its maker may know it: "Text to video · dawn-lake"."""
    words = {
        Kind.EXTENSION: tr("Extended clip"),
        Kind.TEXT: tr("Text to video"),
        Kind.IMAGE: tr("Image to video"),
    }
    name = task.id.removeprefix("kling-")
    return f"{words[task.kind]} · {task_words.shortened(name) if len(name) > _NAME_LIMIT or name.isdigit() else name}"


def length(task: Task) -> str:
    """ "0:10.2", or nothing."""
    clip = task.clip
    return formatting.length(clip.seconds) if clip and clip.seconds is not None else ""


def made(task: Task, now: datetime) -> str:
    """How long ago Kling took it on."""
    return formatting.ago(task.asked_at, now)


def fate(task: Task, now: datetime) -> str:
    """Until when Kling has it; that it is being made; why it failed; or why nothing can be brought back."""
    if task.status is Status.FAILED:
        return tr(kind_of(task.trouble).title) if task.trouble else formatting.status_words(task.status)
    if task.status is not Status.SUCCEEDED:
        return tr("still being made")
    if is_lost(task, now):
        return _loss(task)
    if task.clip is None or not (task.clip.file or task.clip.url):
        return tr(FileUnnamed.title)
    left = clip_words.expiry(task.clip, now)
    return " · ".join(part for part in (tr("a file on your disk") if task.clip.file else "", left) if part)


def _loss(task: Task) -> str:
    if task.clip is None or not task.clip.url:
        return tr("gone: Kling names no file any more")
    return tr("gone: Kling keeps a video for 30 days")


def units(task: Task) -> str:
    """What was charged, as Kling says it."""
    return formatting.units(task.units) if task.units is not None else ""


def sentence(task: Task, now: datetime) -> str:
    """The row as one line for screen readers."""
    cost = units_words(float(task.units)) if task.units is not None else ""
    parts = (what(task), length(task), made(task, now), fate(task, now), cost)
    return ". ".join(part for part in parts if part)
