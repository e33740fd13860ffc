"""Find my takes: reads what the account has and the library lacks, and takes in what the creator adopts."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kling_desktop.domain.accounts import Profile
from kling_desktop.domain.clips import RETENTION, Clip, Kind, dies_at, is_gone, minted_at, told_apart
from kling_desktop.domain.tasks import PAGE_SIZE_LIMIT, Extension, Standing, Status, Task, Trouble
from kling_desktop.errors import (
    BadRequest,
    DownloadFailed,
    FileTrouble,
    KlingDesktopError,
    LinkExpired,
    QuestionRefused,
    Unanswered,
    Unreachable,
)
from kling_desktop.studio.account.accounts import Accounts
from kling_desktop.studio.feed import HistoryAdopted, HistoryEnded, HistoryRead
from kling_desktop.studio.naming import id_name
from kling_desktop.studio.pace import Pace
from kling_desktop.studio.studio import Studio
from kling_desktop.studio.tasks.standing import apply_standing, siblings_of

if TYPE_CHECKING:
    from kling_desktop.kling.client import Kling
    from kling_desktop.store.library import Library

log = logging.getLogger(__name__)

_LAST_PAGE = 1000
"""The largest page number that Kling's lists know (seed page)."""
_TRIES = 4
"""How often one page is asked for before the reading ends; asking costs nothing."""
_AT_A_STRETCH = 20
"""Tasks that are handled before the window has its turn: a few milliseconds."""
_LONGEST_ID = 128
_SLACK_SECONDS = 1.0
"""By which a file's length may differ from Kling's words, which are rounded to anything."""
_DOUBLE = re.compile(r" -\d+$")
"""What a file name ends in when its name was taken."""
_LATEST = datetime.max.replace(tzinfo=UTC)


class History:
    """Its verbs return at once; HistoryRead, HistoryAdopted and HistoryEnded tell what comes of them.

    It reads lists and writes the library: nothing is ever created at Kling. A stop, or the program's end, loses
    nothing: what was adopted is in the library, and the next reading finds the rest.
    """

    def __init__(
        self,
        library: Library,
        accounts: Accounts,
        studio: Studio,
        takes: Callable[[], Path],
        pace: Pace | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        asked: Callable[[], Mapping[str, Extension]] = dict,
    ) -> None:
        """`takes` is the folder of kept takes, as it is chosen at that moment. `asked` tells what continued takes were
        asked for, by our ids: it is called in a worker thread.
        """
        self._library = library
        self._accounts = accounts
        self._studio = studio
        self._takes = takes
        self._pace = pace or Pace()
        self._now = now
        self._read_asked = asked
        self._asked: Mapping[str, Extension] = {}
        self._at_work: asyncio.Task[None] | None = None
        self._trouble: Trouble | None = None
        self._siblings: dict[str, list[Task]] = {}
        """Takes that came with a find's own and are adopted with it, by Kling's task id."""

    def read(self, profile: Profile) -> None:
        """Page through everything the account has; HistoryRead tells each page's finds."""
        self._start(lambda: self._read(profile))

    def adopt(self, tasks: Iterable[Task]) -> None:
        """Take these finds into the library, soonest to die first; they live on like any other task."""
        wanted = soonest_first(tasks, self._now())
        self._start(lambda: self._adopt(wanted))

    def stop(self) -> None:
        """End the reading or adopting under way."""
        if self._at_work:
            self._at_work.cancel()

    def _start(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self.stop()
        self._at_work = self._studio.background.run(self._done(work))
        self._at_work.add_done_callback(self._tell_end)

    async def _done(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._trouble = None
        try:
            await work()
        except KlingDesktopError as error:
            log.info("history: %s", error)
            self._trouble = error.trouble

    def _tell_end(self, ended: asyncio.Task[None]) -> None:
        """However it ended, even if it never began; the end of an older run does not end a newer one."""
        if ended is self._at_work:
            is_complete = not ended.cancelled() and ended.exception() is None and self._trouble is None
            self._studio.feed.publish(HistoryEnded(is_complete, self._trouble))

    # --- reading ---

    async def _read(self, profile: Profile) -> None:
        """Raises the first refusal of a list after the other lists were read; any other error at once."""
        self._siblings.clear()
        on_disk = await asyncio.to_thread(files_by_ending, self._takes())
        self._asked = await asyncio.to_thread(self._read_asked)
        kling = await self._accounts.kling_soon(profile)
        read, refused = 0, None
        for kind in Kind:
            try:
                async with aclosing(self._pages(kling, kind)) as pages:  # Qt's loop ends no half-read generator
                    async for page in pages:
                        read += len(page)
                        found = await self._lacking(page, profile, on_disk)
                        self._studio.feed.publish(HistoryRead(profile, read, tuple(found)))
            except (BadRequest, QuestionRefused) as error:
                refused = refused or error
        if refused:
            raise refused

    async def _pages(self, kling: Kling, kind: Kind) -> AsyncGenerator[list[Standing]]:
        """What is new on each page, to the end: an empty page, or one that repeats what was read.

        A short page is no end: nobody promises that pages are full.
        """
        seen: set[str] = set()
        for number in range(1, _LAST_PAGE + 1):
            page = {s.kling_id: s for s in await self._page(kling, kind, number) if s.kling_id not in seen}
            if not page:
                return
            seen.update(page)
            yield list(page.values())

    async def _page(self, kling: Kling, kind: Kind, number: int) -> list[Standing]:
        for failures in range(1, _TRIES):
            try:
                return await kling.page(kind, number, PAGE_SIZE_LIMIT)
            except QuestionRefused:
                raise
            except (Unanswered, Unreachable) as error:
                await asyncio.sleep(self._pace.after_failures(failures, error.retry_after))
        return await kling.page(kind, number, PAGE_SIZE_LIMIT)

    async def _lacking(self, page: Sequence[Standing], profile: Profile, on_disk: dict[str, Path]) -> list[Task]:
        known = self._library.known(standing.kling_id for standing in page)
        found = []
        for number, standing in enumerate(page):
            if number % _AT_A_STRETCH == 0:
                await asyncio.sleep(0)
            if self._is_being_sent(standing, profile):
                continue
            first = None if standing.kling_id in known else self._task_of(standing, profile)
            siblings = self._lacking_siblings(first or self._holder(standing.clip, standing.kling_id), standing)
            self._siblings[standing.kling_id] = [_with_file(task, on_disk) for task in siblings]
            if takes := [first] if first else siblings:
                found.append(_with_file(takes[0], on_disk))
        return found

    def _lacking_siblings(self, first: Task | None, standing: Standing) -> list[Task]:
        """The takes beside the first one that nobody here has; a task that runs on takes them in by itself."""
        if first is None or first.status is not Status.SUCCEEDED:
            return []
        return [task for task in siblings_of(first, standing.more) if not self._is_here(task)]

    def _is_here(self, task: Task) -> bool:
        return self._library.get(task.id) is not None or self._holder(task.clip, task.kling_id) is not None

    def _holder(self, clip: Clip | None, kling_id: str) -> Task | None:
        """The take of this task of Kling's that has the clip, under Kling's id or the one told apart by us."""
        ids = (clip.id, told_apart(clip.id, kling_id)) if clip else ()
        holders = (self._library.by_clip(id) for id in ids)
        return next((task for task in holders if task is not None and task.kling_id == kling_id), None)

    def _is_being_sent(self, standing: Standing, profile: Profile) -> bool:
        """Whether it is a task of the library that has yet to hear which id Kling gave it."""
        ours = self._library.get(standing.external_id) if standing.external_id else None
        return ours is not None and ours.profile == profile and not (ours.kling_id or ours.status.ended)

    def _task_of(self, standing: Standing, profile: Profile) -> Task:
        """The task as it would be adopted: what the creator had asked for, Kling does not tell. Of a continuation that
        was sent from here it is known by our id.
        """
        now = self._now()
        clip = standing.clip
        parent = standing.parent.id if standing.parent else clip.parent_id if clip else ""
        bare = Task(
            id=self._free_id(standing.external_id, standing.kling_id),
            extension=self._asked.get(standing.external_id) or Extension(parent),
            profile=profile,
            status=Status.SUBMITTED,
            asked_at=standing.created_at or minted_at(standing.kling_id) or now,
            kind=standing.kind,
        )
        return apply_standing(bare, standing, now)

    def _free_id(self, external_id: str, kling_id: str) -> str:
        """The id that it was sent with, if it is one that the library can give to it."""
        usable = 0 < len(external_id) <= _LONGEST_ID and self._library.get(external_id) is None
        return external_id if usable else f"kling-{kling_id}"

    # --- adopting ---

    async def _adopt(self, tasks: Sequence[Task]) -> None:
        for number, task in enumerate(tasks, 1):
            if not self._library.known([task.kling_id]):
                named = replace(task, id=self._free_id(task.id, task.kling_id))
                self._studio.adopt(await self._as_it_lives_on(named))
            for sibling in self._siblings.pop(task.kling_id, ()):
                if not self._is_here(sibling):
                    self._studio.adopt(await self._as_it_lives_on(sibling))
            self._studio.feed.publish(HistoryAdopted(task.kling_id, len(tasks) - number))
            if number % _AT_A_STRETCH == 0:
                await asyncio.sleep(0)

    async def _as_it_lives_on(self, task: Task) -> Task:
        clip = await asyncio.to_thread(_with_proven_files, task.clip) if task.clip and task.clip.file else task.clip
        task = replace(task, clip=clip)
        if is_lost(task, self._now()):
            return replace(task, watched=False, trouble=LinkExpired("gone before it was found").trouble)
        return task


def is_lost(task: Task, now: datetime) -> bool:
    """Whether a finished take is neither at Kling nor on our disk any more. A list that names no file of a young one
    proves nothing: it is asked for.
    """
    if task.status is not Status.SUCCEEDED:
        return False
    clip = task.clip
    if clip is None or not (clip.file or clip.url):
        return (task.ended_at or task.asked_at) + RETENTION <= now
    return clip.file is None and is_gone(clip, now)


def soonest_first(tasks: Iterable[Task], now: datetime) -> list[Task]:
    """In the order in which they have to be saved: what dies soonest; what is not done; what failed; what is lost."""
    return sorted(tasks, key=lambda task: urgency(task, now))


Urgency = tuple[int, datetime, datetime, str]


def urgency(task: Task, now: datetime) -> Urgency:
    """Sorts a task among those that have to be saved: see `soonest_first`. Of those that go in the same second, and
    Kling tells no more, the older comes first: so they grew.
    """
    ends = dies_at(task.clip) if task.clip else None
    if task.status is not Status.SUCCEEDED:
        return (2 if task.status is Status.FAILED else 1), task.asked_at, task.asked_at, task.id
    return (3 if is_lost(task, now) else 0), ends or _LATEST, task.asked_at, task.id


def files_by_ending(folder: Path) -> dict[str, Path]:
    """The films of a folder by every ending of their names that may be a clip's id (see `naming.take_name`).

    Blocks for a look into the folder; one that cannot be read has no films.
    """
    found: dict[str, Path] = {}
    try:
        films = sorted(path for path in folder.iterdir() if path.suffix == ".mp4")
    except OSError as error:
        log.info("no look into the folder of takes: %s", error.strerror)
        return found
    for film in films:
        parts = _DOUBLE.sub("", film.stem).split("_")
        for begin in range(1, len(parts)):
            found.setdefault("_".join(parts[begin:]), film)
    return found


def _with_file(task: Task, on_disk: dict[str, Path]) -> Task:
    """The task with the files that are called like its clip's; whether they are whole is looked at when adopting."""
    if task.clip is None or not (name := id_name(task.clip.id)):
        return task
    file, marked = on_disk.get(name), on_disk.get(f"{name}_watermark")
    return replace(task, clip=replace(task.clip, file=file, watermark_file=marked))


def _with_proven_files(clip: Clip) -> Clip:
    """The clip with those of its files that are whole and as long as Kling says. Reads them: for a worker thread."""
    return replace(
        clip,
        file=clip.file if _is_whole(clip.file, clip.seconds) else None,
        watermark_file=clip.watermark_file if _is_whole(clip.watermark_file, clip.seconds) else None,
    )


def _is_whole(file: Path | None, seconds: Decimal | None) -> bool:
    if file is None:
        return False
    from kling_desktop.media import probe  # loads the media library: not before there is a film to read

    try:
        reel = probe.verify(file)
    except (DownloadFailed, FileTrouble) as error:
        log.info("%s is not taken for a take: %s", file.name, error)
        return False
    return seconds is None or abs(reel.seconds - float(seconds)) <= _SLACK_SECONDS
