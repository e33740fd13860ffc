"""What helps a task in trouble: for each kind of error and each status, the one thing that is worth a button."""

from __future__ import annotations

from kling_desktop.domain.tasks import Status, Task, Trouble
from kling_desktop.errors import DuplicateId, KlingDesktopError, OverBudget, Remedy, TaskFailed, kind_of


def trouble_of(task: Task) -> Trouble | None:
    """What is in the way of a task; a failed one of an older version, which kept no reason, failed at Kling."""
    if task.trouble is None and task.status is Status.FAILED:
        return TaskFailed(task.message, request_id=task.request_id).trouble
    return task.trouble


def remedy_of(task: Task) -> Remedy:
    """What helps this task now."""
    trouble = trouble_of(task)
    return _RECOVERY[task.status](kind_of(trouble)) if trouble else Remedy.NONE


_KEYS = {Remedy.CHECK_KEYS, Remedy.CHECK_CLOCK}
_ACCOUNT = _KEYS | {Remedy.OPEN_CONSOLE}
"""What helps whatever the task has come to: nothing goes on before."""
_OTHERWISE = {Remedy.EDIT_PROMPT, Remedy.PICK_CLIP, Remedy.USE_MODEL}
"""What has to be asked for otherwise."""


def _waiting(error: type[KlingDesktopError]) -> Remedy:
    """It waits here, unsent."""
    if issubclass(error, OverBudget):
        return Remedy.SEND_ANYWAY
    return error.remedy if error.remedy in _ACCOUNT | {Remedy.FREE_SPACE} else Remedy.SEND_NOW


def _unsure(error: type[KlingDesktopError]) -> Remedy:
    """Kling may have it."""
    return error.remedy if error.remedy is Remedy.SEND_AGAIN else Remedy.LOOK_UP


def _at_kling(error: type[KlingDesktopError]) -> Remedy:
    return error.remedy if error.remedy in _KEYS else Remedy.LOOK_UP


def _coming_home(error: type[KlingDesktopError]) -> Remedy:
    """Made and paid for; its file is not here."""
    return error.remedy if error.remedy in _ACCOUNT | {Remedy.FREE_SPACE, Remedy.NONE} else Remedy.FETCH


def _ended(error: type[KlingDesktopError]) -> Remedy:
    """Nothing came of it."""
    if issubclass(error, DuplicateId) or not error.retry_safe:
        return Remedy.IDENTIFY
    return error.remedy if error.remedy in _ACCOUNT | _OTHERWISE else Remedy.TRY_AGAIN


_RECOVERY = {
    Status.QUEUED: _waiting,
    Status.SENDING: _unsure,
    Status.UNCERTAIN: _unsure,
    Status.SUBMITTED: _at_kling,
    Status.PROCESSING: _at_kling,
    Status.SUCCEEDED: _coming_home,
    Status.FAILED: _ended,
}
