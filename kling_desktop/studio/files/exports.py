"""The queue of exports: one after the other in a worker thread, paused, stopped, and going on after a restart."""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from threading import Event

from kling_desktop.domain.exports import ExportJob, ExportState
from kling_desktop.domain.places.drives import DRIVES
from kling_desktop.domain.tasks import Trouble
from kling_desktop.errors import ExportAway, KlingDesktopError
from kling_desktop.export.exporting import finished_already
from kling_desktop.export.placing import keep_fresh, new_mark, remove_leftovers
from kling_desktop.export.process.child import export
from kling_desktop.export.request import Exported, Request
from kling_desktop.media.frames import Abandoned
from kling_desktop.studio.feed import ExportChanged, ExportForgotten, ExportsPaused, Feed
from kling_desktop.studio.files.export_journal import Noted, read_journal, safely_written

__all__ = ["Exports", "Request"]

_TELL_SECONDS = 0.1
"""Between two words about the same export."""

_PAUSE_LOOK_SECONDS = 0.1
"""How often a paused export looks whether it is to stop."""

_FRESH_SECONDS = 3600
"""How often a paused export touches what it has written, so that nobody takes it for what was left behind."""

_log = logging.getLogger(__name__)


class Exports:
    """Exports in turn. Belongs to the loop's thread; the facts are ExportChanged, ExportForgotten, ExportsPaused."""

    def __init__(self, feed: Feed, journal: Path) -> None:
        self._feed = feed
        self._journal = journal
        self._jobs: dict[str, ExportJob] = {}
        self._requests: dict[str, Request] = {}
        self._began: dict[str, float] = {}
        self._stops: dict[str, Event] = {}
        self._goes = Event()
        self._goes.set()
        self._wanted = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def jobs(self) -> tuple[ExportJob, ...]:
        """All of this session, in the order in which they are done."""
        return tuple(self._jobs.values())

    @property
    def paused(self) -> bool:
        return not self._goes.is_set()

    def resume(self) -> int:
        """Take up what an earlier session did not finish; how many there are. Once, before `run`."""
        notes = read_journal(self._journal)
        for note in notes:
            if note.began is not None:
                self._began[note.id] = note.began
            self._enter(note.id, note.request)
        return len(notes)

    def add(self, requests: Sequence[Request]) -> tuple[str, ...]:
        """Put exports at the end of the queue; they are on the disk before this returns. Gives their ids."""
        ids = tuple(uuid.uuid4().hex for _ in requests)
        for job_id, request in zip(ids, requests, strict=True):
            self._enter(job_id, request)
        self._note()
        return ids

    def pause(self, paused: bool) -> None:
        """Hold the queue, the running export too, or let it go on."""
        if paused:
            self._goes.clear()
        else:
            self._goes.set()
            self._wanted.set()
        self._feed.publish(ExportsPaused(paused))

    def stop(self, job_id: str) -> None:
        """Give an export up: within half a second, and what has been written of it goes."""
        job = self._jobs.get(job_id)
        if job is None or job.state.ended:
            return
        if stop := self._stops.get(job_id):
            stop.set()
        else:
            self._put(replace(job, state=ExportState.STOPPED))
            self._note()

    def again(self, job_id: str) -> None:
        """Start one again that failed or was stopped, at the end of the queue."""
        job = self._jobs.get(job_id)
        if job is not None and job.state in (ExportState.FAILED, ExportState.STOPPED):
            del self._jobs[job_id]
            self._enter(job_id, self._requests[job_id])
            self._note()

    def move(self, job_id: str, before: str | None) -> None:
        """Put a waiting export before another, or at the end (None)."""
        if job_id not in self._jobs or before == job_id:
            return
        moved = self._jobs.pop(job_id)
        order = list(self._jobs)
        order.insert(order.index(before) if before in order else len(order), job_id)
        self._jobs = {each: moved if each == job_id else self._jobs[each] for each in order}
        self._note()
        self._feed.publish(ExportChanged(moved))

    def forget(self, job_id: str) -> None:
        """Take an ended export off the list. Its file stays."""
        if job_id in self._jobs and self._jobs[job_id].state.ended:
            del self._jobs[job_id], self._requests[job_id]
            self._began.pop(job_id, None)
            self._note()
            self._feed.publish(ExportForgotten(job_id))

    async def run(self) -> None:
        """Do what is in the queue, for ever. Cancelled, it stops the running export, which stays in the journal."""
        self._loop = asyncio.get_running_loop()
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            while (job := self._next()) is not None:
                await self._do(job)

    def _next(self) -> ExportJob | None:
        if self.paused:
            return None
        return next((job for job in self._jobs.values() if job.state is ExportState.WAITING), None)

    async def _do(self, job: ExportJob) -> None:
        stop = self._stops[job.id] = Event()
        since = self._began.get(job.id)
        self._began[job.id] = time.time()
        self._put(replace(job, state=ExportState.RUNNING))
        self._note()
        work = asyncio.ensure_future(asyncio.to_thread(self._work, job, stop, since))
        try:
            ended = await asyncio.shield(work)
        except asyncio.CancelledError:
            stop.set()
            self._goes.set()
            await asyncio.wait([work])
            raise
        finally:
            del self._stops[job.id]
        self._began.pop(job.id, None)
        self._put(ended)
        self._note()

    def _work(self, job: ExportJob, stop: Event, since: float | None) -> ExportJob:
        """Runs in a worker thread: the one guard of an export. Returns how it ended."""
        request = self._requests[job.id]
        telling = _Telling(job, self._goes, stop, self._tell, partial(keep_fresh, request.target.parent, request.mark))
        folder = request.target.parent
        try:
            if DRIVES.is_away(folder):
                raise ExportAway(str(folder))
            DRIVES.see(folder)
            done = self._recovered(request, since)
            done = done or export(request, progress=telling.moved, stopped=telling.stopped)
        except Abandoned:
            return replace(job, state=ExportState.STOPPED)
        except KlingDesktopError as error:
            away = ExportAway(str(folder)) if DRIVES.is_away(folder) else error  # whatever it looked like
            return replace(job, state=ExportState.FAILED, trouble=away.trouble)
        except Exception as error:  # noqa: BLE001 - one broken export must not end the queue; the log has it
            _log.exception("an export failed")
            return replace(job, state=ExportState.FAILED, trouble=Trouble(type(error).__name__))
        total = telling.job.total
        return replace(job, state=ExportState.DONE, file=done.file, notes=done.notes, done=total, total=total)

    def _recovered(self, request: Request, since: float | None) -> Exported | None:
        """What an earlier session had finished but not noted. Sweeps up what it had not finished."""
        if since is None or not request.target.parent.is_dir():
            return None
        try:
            remove_leftovers(request.target.parent, request.mark)
            file = finished_already(request, since)
        except OSError:  # then it is written once more
            return None
        return Exported(file, 0, Fraction(0)) if file else None

    def _tell(self, job: ExportJob) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._put_running, job)

    def _put_running(self, job: ExportJob) -> None:
        """A word from the thread, unless the export has ended in the meantime."""
        known = self._jobs.get(job.id)
        if known is not None and known.state is ExportState.RUNNING and job.id in self._stops:
            self._put(job)

    def _enter(self, job_id: str, request: Request) -> None:
        self._requests[job_id] = request if request.mark else replace(request, mark=new_mark())
        self._put(ExportJob(job_id, request.film.name, request.format_key, request.target))
        self._wanted.set()

    def _put(self, job: ExportJob) -> None:
        self._jobs[job.id] = job
        self._feed.publish(ExportChanged(job))

    def _note(self) -> None:
        """Write down all that is not finished."""
        kept = (job for job in self._jobs.values() if job.state in (ExportState.WAITING, ExportState.RUNNING))
        safely_written(self._journal, [Noted(job.id, self._requests[job.id], self._began.get(job.id)) for job in kept])


class _Telling:
    """Stands between the thread that exports and the loop: tells how far it is, holds it, lets it be stopped."""

    def __init__(
        self,
        job: ExportJob,
        goes: Event,
        stop: Event,
        tell: Callable[[ExportJob], None],
        keep_fresh: Callable[[], None],
    ) -> None:
        self.job = replace(job, state=ExportState.RUNNING)
        self._goes, self._stop, self._tell, self._keep_fresh = goes, stop, tell, keep_fresh
        self._due = 0.0
        self._began = time.monotonic()

    def moved(self, done: int, total: int) -> None:
        """Told by the export after each frame."""
        now = time.monotonic()
        left = (now - self._began) * (total - done) / done if done else None
        self.job = replace(self.job, done=done, total=total, seconds_left=left)
        if now >= self._due:
            self._due = now + _TELL_SECONDS
            self._tell(self.job)
        self._hold()

    def stopped(self) -> bool:
        return self._stop.is_set()

    def _hold(self) -> None:
        held = touched = time.monotonic()
        while not self._goes.wait(_PAUSE_LOOK_SECONDS):
            if self._stop.is_set():
                break
            if time.monotonic() - touched >= _FRESH_SECONDS:
                touched = time.monotonic()
                self._keep_fresh()
        self._began += time.monotonic() - held  # time on hold says nothing about speed
