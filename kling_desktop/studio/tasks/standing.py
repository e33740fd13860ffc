"""Turns what Kling says of a task into the task as it stands from now on."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from kling_desktop.domain.clips import Clip
from kling_desktop.domain.tasks import Extension, Pick, Standing, Status, Task
from kling_desktop.errors import FailedYetCharged, KlingDesktopError

log = logging.getLogger(__name__)


def _failure(task: Task, standing: Standing) -> KlingDesktopError:
    """Why Kling failed it, by Kling's words."""
    from kling_desktop.kling.envelope import failure_of  # the world of HTTP: not needed before a task fails

    message = standing.message or task.message
    kind = FailedYetCharged if standing.units or task.units else failure_of(message)
    return kind(message, request_id=standing.request_id or task.request_id)


def apply_standing(task: Task, standing: Standing, now: datetime) -> Task:
    """The task as Kling tells it. What Kling leaves out this time stays as it was known.

    An answer that names another of Kling's ids than this task is known by is about another task: it changes nothing,
    unless Kling was asked by our id because the other had proved to be wrong. Our own id, told back as Kling's, is none
    of Kling's.
    """
    is_other = task.kling_id not in ("", task.id) and standing.kling_id not in ("", task.kling_id)
    if is_other and not standing.found_by_ours:
        log.warning("an answer about %s names Kling's task %s instead of its own", task.id, standing.kling_id)
        return task
    if standing.raw_status and standing.status is None and standing.raw_status != task.raw_status:
        log.warning("task %s has a status that this version does not know: %s", task.id, standing.raw_status)
    if _runs_backwards(task, standing) and standing.updated_at != task.updated_at:
        log.warning("the times of task %s run backwards: now %s", task.id, standing.updated_at)
    status = standing.status or (task.status if task.status.at_kling else Status.SUBMITTED)
    return replace(
        task,
        extension=_with_source(task.extension, standing),
        status=status,
        raw_status=standing.raw_status,
        kling_id=standing.kling_id or task.kling_id,
        message=standing.message or task.message,
        accepted_at=standing.created_at or task.accepted_at,
        updated_at=standing.updated_at or task.updated_at,
        ended_at=_ended_at(task, standing, now) if status.ended else None,
        units=standing.units if standing.units is not None else task.units,
        request_id=standing.request_id or task.request_id,
        clip=_by_model(standing.clip, task.extension) or task.clip,
        trouble=_failure(task, standing).trouble if status is Status.FAILED else None,
    )


def without_film(task: Task) -> Task:
    """A take that Kling calls failed, whose film cannot be had: failed it is, and for Kling's reason."""
    failed = replace(task, status=Status.FAILED, raw_status="", clip=None)
    return replace(failed, trouble=_failure(failed, Standing(task.kling_id, task.kind, Status.FAILED)).trouble)


def _by_model(clip: Clip | None, extension: Extension) -> Clip | None:
    """Kling does not say which model made a clip; of a new one that was asked for here it is known."""
    if clip is None or clip.model or extension.generation is None:
        return clip
    return replace(clip, model=extension.generation.model)


def siblings_of(task: Task, more: Sequence[Clip]) -> list[Task]:
    """A take of its own for each further video that came with the task's; what all cost stands at the first."""
    bare = replace(task, units=Decimal(0), retry_of="", pick=Pick.UNDECIDED, stars=0)
    return [replace(bare, id=f"{task.id}-{number}", clip=clip) for number, clip in enumerate(more, 2)]


def _with_source(extension: Extension, standing: Standing) -> Extension:
    """An adopted task hears only at its end which clip it extends."""
    if extension.video_id or standing.parent is None:
        return extension
    return replace(extension, video_id=standing.parent.id)


def _runs_backwards(task: Task, standing: Standing) -> bool:
    before = max(filter(None, (task.updated_at, standing.created_at, task.accepted_at)), default=None)
    return before is not None and standing.updated_at is not None and standing.updated_at < before


def _ended_at(task: Task, standing: Standing, now: datetime) -> datetime:
    """By Kling's clock where it tells, yet never before Kling took the task."""
    accepted_at = standing.created_at or task.accepted_at
    ended_at = standing.updated_at or now
    return max(ended_at, accepted_at) if accepted_at and standing.updated_at else ended_at
