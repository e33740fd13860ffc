"""What helps a task in trouble: for each kind of error and each status, the one thing that is worth a button."""

from __future__ import annotations

from enum import Enum, auto

from kling_desktop.domain.tasks import Status, Task, Trouble
from kling_desktop.errors import DuplicateId, KlingDesktopError, Remedy, TaskFailed, kind_of


class Treatment(Enum):
    """One thing to do about a task."""

    NONE = auto()
    """Nothing helps, or nothing is needed."""
    EDIT = auto()
    """Put the task's words into the form, to be changed and sent as a new task."""
    PICK_CLIP = auto()
    """Put the words into the form, and let another clip be picked for them."""
    ENTER_KEYS = auto()
    OPEN_CONSOLE = auto()
    ASK_AGAIN = auto()
    """The same as a new task with a new id, linked to this one."""
    SEND_AGAIN = auto()
    """The same task with the same id: Kling refuses it if it has it already."""
    LOOK_UP = auto()
    """Ask Kling about this task now."""
    IDENTIFY = auto()
    """Another task of the account has this task's id: find out which clip that one made."""
    SEND_NOW = auto()
    """Do not wait any longer with what waits here."""
    FETCH = auto()
    """Try again to bring the finished take home."""
    CHOOSE_FOLDER = auto()
    """Keep takes elsewhere, and try again there."""


def trouble_of(task: Task) -> Trouble | None:
    """What is in the way of a task; a failed one of an older version, which kept no reason, failed at Kling."""
    if task.trouble is None and task.status is Status.FAILED:
        return TaskFailed(task.message, request_id=task.request_id).trouble
    return task.trouble


def treatment_of(task: Task) -> Treatment:
    """What helps this task now."""
    trouble = trouble_of(task)
    return _TREATMENTS[task.status](kind_of(trouble)) if trouble else Treatment.NONE


def _waiting(error: type[KlingDesktopError]) -> Treatment:
    """It waits here, unsent."""
    settled = {
        Remedy.CHECK_KEYS: Treatment.ENTER_KEYS,
        Remedy.CHECK_CLOCK: Treatment.ENTER_KEYS,
        Remedy.OPEN_CONSOLE: Treatment.OPEN_CONSOLE,
        Remedy.FREE_SPACE: Treatment.CHOOSE_FOLDER,
    }
    return settled.get(error.remedy, Treatment.SEND_NOW)


def _unsure(error: type[KlingDesktopError]) -> Treatment:
    """Kling may have it."""
    return Treatment.SEND_AGAIN if error.remedy is Remedy.SEND_AGAIN else Treatment.LOOK_UP


def _at_kling(error: type[KlingDesktopError]) -> Treatment:
    keys = (Remedy.CHECK_KEYS, Remedy.CHECK_CLOCK)
    return Treatment.ENTER_KEYS if error.remedy in keys else Treatment.LOOK_UP


def _coming_home(error: type[KlingDesktopError]) -> Treatment:
    """Made and paid for; its file is not here."""
    settled = {
        Remedy.NONE: Treatment.NONE,
        Remedy.FREE_SPACE: Treatment.CHOOSE_FOLDER,
        Remedy.CHECK_KEYS: Treatment.ENTER_KEYS,
        Remedy.CHECK_CLOCK: Treatment.ENTER_KEYS,
        Remedy.OPEN_CONSOLE: Treatment.OPEN_CONSOLE,
    }
    return settled.get(error.remedy, Treatment.FETCH)


def _ended(error: type[KlingDesktopError]) -> Treatment:
    """Nothing came of it."""
    if issubclass(error, DuplicateId) or not error.retry_safe:
        return Treatment.IDENTIFY
    settled = {
        Remedy.EDIT_PROMPT: Treatment.EDIT,
        Remedy.PICK_CLIP: Treatment.PICK_CLIP,
        Remedy.CHECK_KEYS: Treatment.ENTER_KEYS,
        Remedy.CHECK_CLOCK: Treatment.ENTER_KEYS,
        Remedy.OPEN_CONSOLE: Treatment.OPEN_CONSOLE,
    }
    return settled.get(error.remedy, Treatment.ASK_AGAIN)


_TREATMENTS = {
    Status.QUEUED: _waiting,
    Status.SENDING: _unsure,
    Status.UNCERTAIN: _unsure,
    Status.SUBMITTED: _at_kling,
    Status.PROCESSING: _at_kling,
    Status.SUCCEEDED: _coming_home,
    Status.FAILED: _ended,
}
