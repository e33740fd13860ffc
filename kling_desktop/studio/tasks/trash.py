"""Takes the files of rejected takes off the disk: into a trash of our own first, from where they can come back."""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from kling_desktop.domain.clips import Clip
from kling_desktop.domain.tasks import Filter, Pick, Task
from kling_desktop.errors import DriveAbsent
from kling_desktop.studio.feed import Feed, Noticed, Swept, SweptFile
from kling_desktop.studio.files.dragged import forget_unread
from kling_desktop.studio.files.folder import ensure_folder, is_out_of_reach
from kling_desktop.studio.tasks.ledger import Ledger

if TYPE_CHECKING:
    from kling_desktop.store.library import Library

log = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=7)
"""How long the trash keeps what was swept into it."""

DRAGGED_KEPT_FOR = timedelta(days=30)
"""How long a film that was dragged into another program stays after it was last read."""

_AT_ONCE = 10_000
"""Rejected takes that one sweep looks at."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A rejected take, and what its files take of the disk."""

    task: Task
    files: int
    size_bytes: int


class Sweeper:
    """Lives on the loop's thread; files are moved in worker threads."""

    def __init__(
        self,
        library: Library,
        ledger: Ledger,
        feed: Feed,
        trash: Path,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        dragged: Path | None = None,
        needed: Callable[[], Collection[str]] = frozenset,
        surely: Callable[[], datetime] | None = None,
    ) -> None:
        """`dragged` is the folder of films that were dragged into other programs; `needed` tells the clips of rejected
        takes that the films of others consist of; `surely` what the time is for certain, by which the trash is emptied
        (else `now`).
        """
        self._library = library
        self._ledger = ledger
        self._feed = feed
        self._trash = trash
        self._now = now
        self._surely = surely
        self._dragged = dragged
        self._needed = needed

    def rejected(self) -> list[Task]:
        """The rejected takes that have a file which no other take's film is joined to."""
        return [task for task, is_needed in self._filed() if not is_needed]

    def count_needed(self) -> int:
        """How many rejected takes keep their file, because the films of others consist of it."""
        return sum(is_needed for _, is_needed in self._filed())

    def _filed(self) -> list[tuple[Task, bool]]:
        """The rejected takes that have a file, and whether it is needed."""
        tasks = self._library.page(Filter(picks=frozenset({Pick.REJECTED})), 0, _AT_ONCE)
        filed = [(task, task.clip) for task in tasks if task.clip is not None and task.clip.file is not None]
        needed = self._needed() if filed else ()
        return [(task, clip.id in needed) for task, clip in filed]

    async def weighed(self) -> list[Weighed]:
        """What a sweep would move: each rejected take with its files that are there, and their size."""
        tasks = self.rejected()
        return await asyncio.to_thread(lambda: [found for task in tasks if (found := _weigh(task)).files])

    async def sweep(self, only: Collection[str] | None = None) -> None:
        """Move the files of all rejected takes, or of those of these ids, into the trash; `Swept` tells which, and
        which could not be."""
        folder = self._trash / self._now().strftime("%Y%m%dT%H%M%S%fZ")
        swept: list[SweptFile] = []
        failed = 0
        for task in self.rejected():
            if only is not None and task.id not in only:
                continue
            for file in _files(task.clip):
                try:  # one file that is held open must not keep the others
                    swept.append(SweptFile(task.id, file, await asyncio.to_thread(_move, file, folder)))
                except OSError as error:
                    log.info("the file of %s stays: %s", task.id, error.strerror)
                    failed += 1
            self._let_go(task.id)
        self._feed.publish(Swept(tuple(swept), failed))

    async def bring_back(self, swept: Sequence[SweptFile]) -> None:
        """Undo a sweep; what another file has taken the name of meanwhile gets a name beside it."""
        for one in swept:
            try:
                file = await asyncio.to_thread(_moved_back, one)
            except DriveAbsent as error:  # what is in the trash stays there
                self._feed.publish(Noticed(error.trouble))
                continue
            except OSError as error:
                log.warning("%s cannot come back: %s", one.file.name, error.strerror)
                continue
            self._take_up(one, file)

    async def empty(self) -> None:
        """Delete what has lain in the trash for longer than `KEPT_FOR`, and dragged films that nobody reads; nothing
        while only this computer's clock says so, which may have been set.
        """
        now = min(self._now(), self._surely()) if self._surely else self._now()
        await asyncio.to_thread(_empty, self._trash, now - KEPT_FOR)
        if self._dragged is not None:
            await asyncio.to_thread(forget_unread, self._dragged, now - DRAGGED_KEPT_FOR)

    def _let_go(self, task_id: str) -> None:
        """The library forgets the files that are gone, and the program does not fetch them again."""
        task = self._library.get(task_id)
        if task is None or task.clip is None:
            return
        self._library.forget_files(task.clip.id, [file for file in _files(task.clip) if _is_gone(file)])
        self._ledger.note(replace(task, watched=False, clip=self._library.clip(task.clip.id)))

    def _take_up(self, one: SweptFile, file: Path) -> None:
        task = self._library.get(one.task_id)
        if task is None or task.clip is None:
            return
        mark = "watermark" in one.file.stem and task.clip.file is not None
        clip = replace(task.clip, watermark_file=file) if mark else replace(task.clip, file=file)
        self._ledger.note(replace(task, watched=True, clip=clip))


def _files(clip: Clip | None) -> list[Path]:
    """The take first, its watermarked copy after."""
    return [file for file in (clip.file, clip.watermark_file) if file is not None] if clip else []


def _weigh(task: Task) -> Weighed:
    sizes = []
    for file in _files(task.clip):
        with suppress(OSError):  # it is gone: nothing to sweep
            sizes.append(file.stat().st_size)
    return Weighed(task, len(sizes), sum(sizes))


def _is_gone(file: Path) -> bool:
    """Not so for what lies on a drive that is away: the library keeps its path."""
    return not file.exists() and not is_out_of_reach(file)


def _moved_back(one: SweptFile) -> Path:
    """Raises OSError; DriveAbsent where a folder would have to be made beside the drive."""
    ensure_folder(one.file.parent)
    return _move(one.trashed, one.file.parent)


def _move(file: Path, folder: Path) -> Path:
    """Raises OSError. Over the border of two disks it is a copy, and the original goes when the copy is whole."""
    folder.mkdir(parents=True, exist_ok=True)
    target, number = folder / file.name, 0
    while target.exists():
        number += 1
        target = folder / f"{file.stem} -{number}{file.suffix}"
    return Path(shutil.move(file, target))


def _empty(trash: Path, before: datetime) -> None:
    for folder in trash.glob("*Z"):
        try:
            swept_at = datetime.strptime(folder.name, "%Y%m%dT%H%M%S%fZ").replace(tzinfo=UTC)
        except ValueError:
            continue  # not ours
        if swept_at < before:
            shutil.rmtree(folder, ignore_errors=True)
