"""What helps a task in trouble: for each kind of error and each status, the one thing that is worth a button."""

from __future__ import annotations

from enum import Enum, auto

from kling_desktop.domain.tasks import Status, Task, Trouble
from kling_desktop.errors import DuplicateId, KlingDesktopError, OverBudget, Remedy, TaskFailed, kind_of


class RecoveryAction(Enum):
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
    SEND_ANYWAY = auto()
    """Send this one whatever the budget says."""
    FETCH = auto()
    """Try again to bring the finished take home."""
    CHOOSE_FOLDER = auto()
    """Keep takes elsewhere, and try again there."""


def trouble_of(task: Task) -> Trouble | None:
    """What is in the way of a task; a failed one of an older version, which kept no reason, failed at Kling."""
    if task.trouble is None and task.status is Status.FAILED:
        return TaskFailed(task.message, request_id=task.request_id).trouble
    return task.trouble


def recovery_action_of(task: Task) -> RecoveryAction:
    """What helps this task now."""
    trouble = trouble_of(task)
    return _RECOVERY[task.status](kind_of(trouble)) if trouble else RecoveryAction.NONE


def _waiting(error: type[KlingDesktopError]) -> RecoveryAction:
    """It waits here, unsent."""
    if issubclass(error, OverBudget):
        return RecoveryAction.SEND_ANYWAY
    settled = {
        Remedy.CHECK_KEYS: RecoveryAction.ENTER_KEYS,
        Remedy.CHECK_CLOCK: RecoveryAction.ENTER_KEYS,
        Remedy.OPEN_CONSOLE: RecoveryAction.OPEN_CONSOLE,
        Remedy.FREE_SPACE: RecoveryAction.CHOOSE_FOLDER,
    }
    return settled.get(error.remedy, RecoveryAction.SEND_NOW)


def _unsure(error: type[KlingDesktopError]) -> RecoveryAction:
    """Kling may have it."""
    return RecoveryAction.SEND_AGAIN if error.remedy is Remedy.SEND_AGAIN else RecoveryAction.LOOK_UP


def _at_kling(error: type[KlingDesktopError]) -> RecoveryAction:
    keys = (Remedy.CHECK_KEYS, Remedy.CHECK_CLOCK)
    return RecoveryAction.ENTER_KEYS if error.remedy in keys else RecoveryAction.LOOK_UP


def _coming_home(error: type[KlingDesktopError]) -> RecoveryAction:
    """Made and paid for; its file is not here."""
    settled = {
        Remedy.NONE: RecoveryAction.NONE,
        Remedy.FREE_SPACE: RecoveryAction.CHOOSE_FOLDER,
        Remedy.CHECK_KEYS: RecoveryAction.ENTER_KEYS,
        Remedy.CHECK_CLOCK: RecoveryAction.ENTER_KEYS,
        Remedy.OPEN_CONSOLE: RecoveryAction.OPEN_CONSOLE,
    }
    return settled.get(error.remedy, RecoveryAction.FETCH)


def _ended(error: type[KlingDesktopError]) -> RecoveryAction:
    """Nothing came of it."""
    if issubclass(error, DuplicateId) or not error.retry_safe:
        return RecoveryAction.IDENTIFY
    settled = {
        Remedy.EDIT_PROMPT: RecoveryAction.EDIT,
        Remedy.PICK_CLIP: RecoveryAction.PICK_CLIP,
        Remedy.CHECK_KEYS: RecoveryAction.ENTER_KEYS,
        Remedy.CHECK_CLOCK: RecoveryAction.ENTER_KEYS,
        Remedy.OPEN_CONSOLE: RecoveryAction.OPEN_CONSOLE,
    }
    return settled.get(error.remedy, RecoveryAction.ASK_AGAIN)


_RECOVERY = {
    Status.QUEUED: _waiting,
    Status.SENDING: _unsure,
    Status.UNCERTAIN: _unsure,
    Status.SUBMITTED: _at_kling,
    Status.PROCESSING: _at_kling,
    Status.SUCCEEDED: _coming_home,
    Status.FAILED: _ended,
}
