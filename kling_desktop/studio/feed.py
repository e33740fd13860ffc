"""The facts, and the Feed that carries them up: whoever listens hears what happened, in batches."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kling_desktop.domain import Clip, Pack, Profile, Progress, Task, Trouble


@dataclass(frozen=True, slots=True)
class TaskChanged:
    """A task is new or stands otherwise than before; it is already in the library."""

    task: Task


@dataclass(frozen=True, slots=True)
class TaskForgotten:
    """A task was taken out of the library; its files stay where they are."""

    task_id: str


@dataclass(frozen=True, slots=True)
class ClipChanged:
    """A clip is new, or has a file or address that it had not."""

    clip: Clip


@dataclass(frozen=True, slots=True)
class TransferMoved:
    """Bytes of a take arrived. `progress` is None when the transfer ended, well or not."""

    task_id: str
    progress: Progress | None


@dataclass(frozen=True, slots=True)
class PosterMade:
    """A still of a clip was made and lies in a file."""

    clip_id: str
    file: Path


@dataclass(frozen=True, slots=True)
class ProfileTroubled:
    """A profile's queue stopped (`trouble`), or goes again (None)."""

    profile: Profile
    trouble: Trouble | None


@dataclass(frozen=True, slots=True)
class AccountRead:
    """The packs of an account were read."""

    profile: Profile
    packs: tuple[Pack, ...]


@dataclass(frozen=True, slots=True)
class Noticed:
    """Something the creator should read that belongs to no task."""

    trouble: Trouble


Fact = TaskChanged | TaskForgotten | ClipChanged | TransferMoved | PosterMade | ProfileTroubled | AccountRead | Noticed
Listener = Callable[[Sequence[Fact]], None]


class Feed:
    """Carries facts to listeners, all of one turn of the loop in one batch.

    Belongs to the loop's thread; a worker thread reaches it by `loop.call_soon_threadsafe(feed.publish, fact)`.
    """

    def __init__(self) -> None:
        self._listeners: list[Listener] = []
        self._waiting: list[Fact] = []

    def publish(self, fact: Fact) -> None:
        """Hand a fact to every listener, soon."""
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self._deliver)
        self._waiting.append(fact)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Hear every batch from now on; the returned call ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _deliver(self) -> None:
        batch, self._waiting = self._waiting, []
        for listener in tuple(self._listeners):
            listener(batch)
