"""Every error in every state of a task has a treatment that can be done then, and never one that could cost twice."""

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
from kling_desktop.studio.tasks.recovery import RecoveryAction, recovery_action_of, trouble_of

T = RecoveryAction
TASK = Task("own", Extension("7" * 18), SANDBOX, Status.QUEUED, datetime(2026, 3, 1, tzinfo=UTC))
ALWAYS = {T.ENTER_KEYS, T.OPEN_CONSOLE}
POSSIBLE = {
    Status.QUEUED: ALWAYS | {T.SEND_NOW, T.SEND_ANYWAY, T.CHOOSE_FOLDER},
    Status.SENDING: {T.LOOK_UP, T.SEND_AGAIN},
    Status.UNCERTAIN: {T.LOOK_UP, T.SEND_AGAIN},
    Status.SUBMITTED: {T.LOOK_UP, T.ENTER_KEYS},
    Status.PROCESSING: {T.LOOK_UP, T.ENTER_KEYS},
    Status.SUCCEEDED: ALWAYS | {T.NONE, T.FETCH, T.CHOOSE_FOLDER},
    Status.FAILED: ALWAYS | {T.EDIT, T.PICK_CLIP, T.ASK_AGAIN, T.IDENTIFY},
}


def troubled(error: type[KlingDesktopError], status: Status) -> Task:
    return replace(TASK, status=status, trouble=error().trouble)


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("error", EVERY_ERROR)
def test_each_error_in_each_state_offers_what_can_be_done(error: type[KlingDesktopError], status: Status) -> None:
    assert recovery_action_of(troubled(error, status)) in POSSIBLE[status]


@pytest.mark.parametrize("error", [error for error in EVERY_ERROR if not error.retry_safe])
@pytest.mark.parametrize("status", Status)
def test_what_could_cost_twice_is_never_asked_anew(error: type[KlingDesktopError], status: Status) -> None:
    assert recovery_action_of(troubled(error, status)) is not T.ASK_AGAIN


@pytest.mark.parametrize("remedy", [remedy for remedy in Remedy if remedy not in (Remedy.NONE, Remedy.WAIT)])
def test_each_remedy_is_one_that_some_error_offers(remedy: Remedy) -> None:
    assert any(error.remedy is remedy for error in EVERY_ERROR)


@pytest.mark.parametrize(
    ("error", "status", "treatment"),
    [
        (RiskControl, Status.FAILED, T.EDIT),
        (ContentRefused, Status.FAILED, T.EDIT),
        (VideoUnknown, Status.FAILED, T.PICK_CLIP),
        (DuplicateId, Status.FAILED, T.IDENTIFY),
        (TimedOut, Status.UNCERTAIN, T.LOOK_UP),
        (Untraced, Status.UNCERTAIN, T.SEND_AGAIN),
        (Vanished, Status.PROCESSING, T.LOOK_UP),
        (KeysMissing, Status.QUEUED, T.ENTER_KEYS),
        (SlotsFull, Status.QUEUED, T.SEND_NOW),
        (Unreachable, Status.QUEUED, T.SEND_NOW),
        (Truncated, Status.SUCCEEDED, T.FETCH),
        (DiskFull, Status.SUCCEEDED, T.CHOOSE_FOLDER),
        (LinkExpired, Status.SUCCEEDED, T.NONE),
    ],
)
def test_what_helps_is_offered(error: type[KlingDesktopError], status: Status, treatment: RecoveryAction) -> None:
    assert recovery_action_of(troubled(error, status)) is treatment


@pytest.mark.parametrize("status", Status)
def test_a_task_that_is_well_needs_nothing(status: Status) -> None:
    well = replace(TASK, status=status)
    assert (trouble_of(well) is None) == (status is not Status.FAILED)
    assert (recovery_action_of(well) is T.NONE) == (status is not Status.FAILED)


def test_a_failed_task_without_a_kept_reason_failed_at_kling() -> None:
    old = replace(TASK, status=Status.FAILED, message="internal error", request_id="r-1")
    assert trouble_of(old) == Trouble("TaskFailed", None, "internal error", "r-1")
    assert recovery_action_of(old) is T.ASK_AGAIN
