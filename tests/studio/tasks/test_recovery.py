"""Every error in every state of a task has a remedy that can be done then, and never one that could cost twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kling_desktop.domain.accounts import SANDBOX
from kling_desktop.domain.tasks import Extension, Status, Task, Trouble
from kling_desktop.errors import (
    EVERY_ERROR,
    ContentRefused,
    DiskFull,
    DuplicateId,
    KeysMissing,
    KlingDesktopError,
    LinkExpired,
    Remedy,
    RiskControl,
    SlotsFull,
    TimedOut,
    Truncated,
    Unreachable,
    Untraced,
    Vanished,
    VideoUnknown,
)
from kling_desktop.studio.tasks.recovery import remedy_of, trouble_of

TASK = Task("own", Extension("7" * 18), SANDBOX, Status.QUEUED, datetime(2026, 3, 1, tzinfo=UTC))
ALWAYS = {Remedy.CHECK_KEYS, Remedy.CHECK_CLOCK, Remedy.OPEN_CONSOLE}
POSSIBLE = {
    Status.QUEUED: ALWAYS | {Remedy.SEND_NOW, Remedy.SEND_ANYWAY, Remedy.FREE_SPACE},
    Status.SENDING: {Remedy.LOOK_UP, Remedy.SEND_AGAIN},
    Status.UNCERTAIN: {Remedy.LOOK_UP, Remedy.SEND_AGAIN},
    Status.SUBMITTED: {Remedy.LOOK_UP, Remedy.CHECK_KEYS, Remedy.CHECK_CLOCK},
    Status.PROCESSING: {Remedy.LOOK_UP, Remedy.CHECK_KEYS, Remedy.CHECK_CLOCK},
    Status.SUCCEEDED: ALWAYS | {Remedy.NONE, Remedy.FETCH, Remedy.FREE_SPACE},
    Status.FAILED: ALWAYS | {Remedy.EDIT_PROMPT, Remedy.PICK_CLIP, Remedy.USE_MODEL, Remedy.TRY_AGAIN, Remedy.IDENTIFY},
}


def troubled(error: type[KlingDesktopError], status: Status) -> Task:
    return replace(TASK, status=status, trouble=error().trouble)


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("error", EVERY_ERROR)
def test_each_error_in_each_state_offers_what_can_be_done(error: type[KlingDesktopError], status: Status) -> None:
    assert remedy_of(troubled(error, status)) in POSSIBLE[status]


@pytest.mark.parametrize("error", [error for error in EVERY_ERROR if not error.retry_safe])
@pytest.mark.parametrize("status", Status)
def test_what_could_cost_twice_is_never_asked_anew(error: type[KlingDesktopError], status: Status) -> None:
    assert remedy_of(troubled(error, status)) is not Remedy.TRY_AGAIN


@pytest.mark.parametrize("remedy", [remedy for remedy in Remedy if remedy is not Remedy.WAIT])
def test_each_remedy_is_one_that_some_task_is_offered(remedy: Remedy) -> None:
    assert any(remedy_of(troubled(error, status)) is remedy for error in EVERY_ERROR for status in Status)


@pytest.mark.parametrize(
    ("error", "status", "remedy"),
    [
        (RiskControl, Status.FAILED, Remedy.EDIT_PROMPT),
        (ContentRefused, Status.FAILED, Remedy.EDIT_PROMPT),
        (VideoUnknown, Status.FAILED, Remedy.PICK_CLIP),
        (DuplicateId, Status.FAILED, Remedy.IDENTIFY),
        (TimedOut, Status.UNCERTAIN, Remedy.LOOK_UP),
        (Untraced, Status.UNCERTAIN, Remedy.SEND_AGAIN),
        (Vanished, Status.PROCESSING, Remedy.LOOK_UP),
        (KeysMissing, Status.QUEUED, Remedy.CHECK_KEYS),
        (SlotsFull, Status.QUEUED, Remedy.SEND_NOW),
        (Unreachable, Status.QUEUED, Remedy.SEND_NOW),
        (Truncated, Status.SUCCEEDED, Remedy.FETCH),
        (DiskFull, Status.SUCCEEDED, Remedy.FREE_SPACE),
        (LinkExpired, Status.SUCCEEDED, Remedy.NONE),
    ],
)
def test_what_helps_is_offered(error: type[KlingDesktopError], status: Status, remedy: Remedy) -> None:
    assert remedy_of(troubled(error, status)) is remedy


@pytest.mark.parametrize("status", Status)
def test_a_task_that_is_well_needs_nothing(status: Status) -> None:
    well = replace(TASK, status=status)
    assert (trouble_of(well) is None) == (status is not Status.FAILED)
    assert (remedy_of(well) is Remedy.NONE) == (status is not Status.FAILED)


def test_a_failed_task_without_a_kept_reason_failed_at_kling() -> None:
    old = replace(TASK, status=Status.FAILED, message="internal error", request_id="r-1")
    assert trouble_of(old) == Trouble("TaskFailed", None, "internal error", "r-1")
    assert remedy_of(old) is Remedy.TRY_AGAIN
