"""Keeps how things stand, so that panels that are made later can be told what was told before."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from kling_desktop.studio.feed import (
    CallbacksChanged,
    ExportChanged,
    ExportForgotten,
    ExportsPaused,
    Fact,
    Listener,
    ProfileTroubled,
    QueueChanged,
    TransferMoved,
)


class Standing:
    """Hears all facts, and keeps the newest of each thing that is only told when it changes."""

    def __init__(self) -> None:
        self._newest: dict[Hashable, Fact] = {}

    def hear(self, facts: Sequence[Fact]) -> None:
        """Note what is true now."""
        for fact in facts:
            if isinstance(fact, ExportForgotten):
                self._newest.pop((ExportChanged, fact.job_id), None)
            elif isinstance(fact, TransferMoved) and fact.progress is None:  # over: nothing stands any more
                self._newest.pop((TransferMoved, fact.task_id), None)
            elif (about := _about(fact)) is not None:
                self._newest.pop(about, None)  # what changed last is told last
                self._newest[about] = fact

    def tell(self, listener: Listener) -> None:
        """Everything that is true now, as one batch."""
        if self._newest:
            listener(list(self._newest.values()))


def _about(fact: Fact) -> Hashable | None:
    """What the fact speaks of; None where nothing is to be told again."""
    match fact:
        case QueueChanged(profile=profile) | ProfileTroubled(profile=profile):
            return type(fact), profile
        case ExportChanged(job):
            return type(fact), job.id
        case TransferMoved(task_id=task_id):
            return type(fact), task_id
        case CallbacksChanged() | ExportsPaused():
            return (type(fact),)
        case _:
            return None
