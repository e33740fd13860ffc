"""What can be done with a task from the list: the words, the keys, and when each makes sense."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kling_desktop.domain.tasks import Status, Task
from kling_desktop.errors import OverBudget, kind_of
from kling_desktop.studio.tasks.recovery import trouble_of
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.key_map import Command, Place


@dataclass(frozen=True, slots=True)
class TaskCommand:
    """One line of the context menu."""

    name: str
    words: str
    icon: str
    makes_sense: Callable[[Task], bool]
    keys: tuple[str, ...] = ()
    """Works while the list has the focus; none of them is a letter that the player uses."""
    begins_group: bool = False
    for_many: bool = False
    """Whether it takes all selected tasks, not the current one alone."""
    at_least: int = 1
    at_most: int = 0
    """Bounds on how many tasks it takes; 0: any number."""
    rare: bool = False
    """Whether it is left out of the menu of a task that it makes no sense for."""

    def takes(self, count: int) -> bool:
        """Whether it can be done with so many tasks at once."""
        return self.at_least <= count and (not self.at_most or count <= self.at_most)


def task_commands() -> tuple[TaskCommand, ...]:
    """All commands, in the order of the menu, in the language that is spoken now."""
    return (
        TaskCommand("play", tr("Play"), "play", _playable, ("Return", "Enter")),
        TaskCommand("extend", tr("Extend this"), "extend", _has_clip, ("Ctrl+E",)),
        TaskCommand("save", tr("Save as…"), "save", _kept, ("Ctrl+S",)),
        TaskCommand("folder", tr("Open folder"), "folder", _kept, ("Ctrl+Shift+O",)),
        TaskCommand(
            "compare",
            tr("Compare side by side"),
            "compare",
            _playable,
            ("Ctrl+D",),
            for_many=True,
            at_least=2,
            at_most=4,
        ),
        TaskCommand("copy_video", tr("Copy video ID"), "copy", _has_clip, ("Ctrl+C",), begins_group=True),
        TaskCommand("copy_task", tr("Copy task ID"), "copy", lambda task: bool(task.kling_id)),
        TaskCommand("copy_request", tr("Copy request ID"), "copy", lambda task: bool(request_id(task))),
        TaskCommand("explain", tr("What happened?"), "info", _troubled, begins_group=True, rare=True),
        TaskCommand(
            "retry",
            tr("Retry"),
            "retry",
            lambda task: task.status == Status.FAILED and bool(task.extension.video_id or task.extension.generation),
            ("Ctrl+R",),
            rare=True,
        ),
        *_queue_commands(),
        TaskCommand("look_up", tr("Look it up now"), "search", _uncertain, rare=True),
        TaskCommand("send_again", tr("Send again"), "send", _uncertain, rare=True),
        TaskCommand(
            "stop_watching", tr("Stop watching (Kling keeps rendering)"), "close", _watched_at_kling, rare=True
        ),
        TaskCommand(
            "forget", tr("Remove from the list"), "trash", _forgettable, ("Del",), begins_group=True, for_many=True
        ),
    )


def _queue_commands() -> tuple[TaskCommand, ...]:
    """What can be done with tasks that wait here."""
    return (
        TaskCommand(
            "edit", tr("Edit (takes it out of the queue)"), "edit", _unsent, ("Ctrl+Shift+E",), True, rare=True
        ),
        TaskCommand("send_anyway", tr("Send once anyway"), "send", _over_budget, for_many=True, rare=True),
        TaskCommand("send_first", tr("Send first"), "to-top", _waiting, ("Ctrl+Shift+Up",), for_many=True, rare=True),
        TaskCommand("send_earlier", tr("Send earlier"), "up", _waiting, ("Ctrl+Up",), for_many=True, rare=True),
        TaskCommand("send_later", tr("Send later"), "down", _waiting, ("Ctrl+Down",), for_many=True, rare=True),
        TaskCommand(
            "send_last", tr("Send last"), "to-bottom", _waiting, ("Ctrl+Shift+Down",), for_many=True, rare=True
        ),
    )


QUEUE_COMMANDS = frozenset({"edit", "send_anyway", "send_first", "send_earlier", "send_later", "send_last"})


def list_commands() -> tuple[Command, ...]:
    """The commands that have, or may be given, keys while the list has the focus."""
    return tuple(Command(d.name, d.words, d.keys, d.icon, group=tr("Takes"), place=Place.LIST) for d in task_commands())


def request_id(task: Task) -> str:
    """The request that Kling's support would ask for: of the trouble, else of the answer that accepted it."""
    return (task.trouble.request_id if task.trouble else "") or task.request_id


def _has_clip(task: Task) -> bool:
    return task.clip is not None


def _playable(task: Task) -> bool:
    return task.clip is not None and bool(task.clip.file or task.clip.url)


def _kept(task: Task) -> bool:
    return task.clip is not None and task.clip.file is not None


def _uncertain(task: Task) -> bool:
    return task.status == Status.UNCERTAIN


def _waiting(task: Task) -> bool:
    return task.status == Status.QUEUED


def _over_budget(task: Task) -> bool:
    """It waits here for money."""
    return task.status == Status.QUEUED and task.trouble is not None and issubclass(kind_of(task.trouble), OverBudget)


def _unsent(task: Task) -> bool:
    """Nothing of it has left, so that it may become another."""
    return task.status == Status.QUEUED and task.sent_at is None


def _troubled(task: Task) -> bool:
    return trouble_of(task) is not None


def _watched_at_kling(task: Task) -> bool:
    return task.watched and task.status.at_kling


def _forgettable(task: Task) -> bool:
    """Not while its outcome is open: that would lose a take that may be paid for."""
    return task.status.ended or not task.watched or task.status == Status.QUEUED
