"""What a creator is told to do about a take in trouble, as far as that is true of this one."""

from __future__ import annotations

from kling_desktop.domain.tasks import Status, Task
from kling_desktop.errors import Unreachable, kind_of
from kling_desktop.studio.tasks.recovery import trouble_of
from kling_desktop.ui.i18n import tr


def advice_of(task: Task) -> str:
    """What helps, in a sentence; empty for a take that is well."""
    trouble = trouble_of(task)
    if trouble is None:
        return ""
    error = kind_of(trouble)
    if waits_after_sending(task) and issubclass(error, Unreachable):
        return tr("Check the network connection. Kling may have it: it is looked up before it is sent again.")
    return tr(error.advice)


def waits_after_sending(task: Task) -> bool:
    """Whether it waits to be sent again while nobody knows whether Kling took it the first time."""
    return task.status is Status.QUEUED and task.sent_at is not None
