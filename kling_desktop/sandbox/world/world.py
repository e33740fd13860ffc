"""What the pretended Kling does with its tasks: takes them, lets them pass through time, charges, remembers."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from kling_desktop.sandbox.ids import Mint
from kling_desktop.sandbox.records import EXTEND, FAILED, PROCESSING, SUBMITTED, SUCCEED, Abandoned, Film, Job
from kling_desktop.sandbox.rules.codes import Refusal, discontinued
from kling_desktop.sandbox.rules.models import EXTENDABLE, RETIRED
from kling_desktop.sandbox.rules.order import RETENTION_MS, Order
from kling_desktop.sandbox.settings import Settings
from kling_desktop.sandbox.world.addresses import Addresses
from kling_desktop.sandbox.world.job_factory import Wish, job_of
from kling_desktop.sandbox.world.journal import Journal, Record
from kling_desktop.sandbox.world.pictures import Pictures
from kling_desktop.sandbox.world.seed_clips import seed_clips
from kling_desktop.sandbox.world.task_index import TaskIndex

RenderFilm = Callable[[Film], "Future[Path]"]
"""Starts (or finds) the rendering of a film."""


class World:
    """All state behind one lock; safe in threads. Statuses follow the wall clock, so a restart goes on."""

    def __init__(self, state_dir: Path, pictures: Pictures, render: RenderFilm, size: str = "small") -> None:
        self.lock = threading.RLock()
        self._render_film = render
        self._closed = False
        self._journal = Journal(state_dir / "sandbox.jsonl")
        self._mint = Mint()
        self.pictures = pictures
        self.task_index = TaskIndex()
        self.refused_duplicates: Counter[str] = Counter()
        self.changed: list[Job] = []
        """Snapshots of tasks whose status changed and whose callback is not sent yet, in order."""
        self.settings = self._restored(size)
        self.addresses = Addresses(self.settings.media_secret)
        for job in list(self.task_index.unfinished.values()):
            self._render(job)

    # --- time ----------------------------------------------------------------------------------------------------

    def now_ms(self) -> int:
        """Unix ms by the server's clock."""
        return time.time_ns() // 1_000_000 + self.settings.shift_ms

    def shift(self, seconds: float) -> None:
        """Sets how far the server's clock is ahead of this machine's; running tasks keep their remaining time."""
        with self.lock:
            moved = round(seconds * 1000) - self.settings.shift_ms
            for job in self.task_index.unfinished.values():
                job.processing_ms += moved
                job.ends_ms = None if job.ends_ms is None else job.ends_ms + moved
                self._note(job)
            self.switch(shift_ms=round(seconds * 1000))

    def settle(self) -> None:
        """Lets every task reach the status that its times give it by now."""
        with self.lock:
            now = self.now_ms()
            for job in list(self.task_index.unfinished.values()):
                self._advance(job, now)

    def due_seconds(self) -> float | None:
        """Seconds until the next status can change, at least 0; None when nothing can."""
        with self.lock:
            times = [_next_ms(job) for job in self.task_index.unfinished.values()]
        waits = [(at - self.now_ms()) / 1000 for at in times if at is not None]
        return max(0.0, min(waits)) if waits else None

    def expired(self, job: Job) -> bool:
        """Whether a finished video is past its 30 days."""
        return self.now_ms() >= job.updated_ms + RETENTION_MS

    # --- what the API asks ---------------------------------------------------------------------------------------

    def submit(self, account: str, order: Order, wish: Wish | None = None) -> Job:
        """Makes a task, or says why not.

        Raises:
            Refusal: 1201 (duplicate id, source, length), 1203 (retired), 1303 (slots), 1102 (units).
        """
        with self.lock:
            self.settle()
            self._check_new(account, order)
            parent = self._source(account, order.video_id) if order.kind == EXTEND else None
            job = job_of(order, parent, self.settings, self._seed(order, parent), self.now_ms(), self._mint, wish or {})
            job.account = account
            self._check_room(job)
            self.pictures.keep(order.picture, order.tail)
            self._note(job)  # first: what no disk has room for was not made
            self.task_index.add(job)
            self.changed.append(replace(job))
            self._render(job)
            return job

    def find(self, account: str, kind: str, identity: str) -> Job:
        """By task id or external id. That an unknown one is 1203 is inferred; its text is invented.

        Raises:
            Refusal: 1203.
        """
        with self.lock:
            self.settle()
            job = self.task_index.find(account, kind, identity, self.now_ms())
        if job is None:
            raise Refusal(1203, f"Task not found by id: {identity}")
        return job

    def page(self, account: str, kind: str, number: int, size: int) -> list[Job]:
        """Newest first, which no page promises but clients assume."""
        with self.lock:
            self.settle()
            return self.task_index.of(account, kind, self.now_ms())[(number - 1) * size : number * size]

    def media(self, token: str) -> tuple[Job, Film] | None:
        """The finished video, plain or watermarked, that a media address names."""
        with self.lock:
            self.settle()
            job, marked = self.task_index.media(token) or (None, False)
        if job is None or job.status != SUCCEED or (marked and not job.watermark):
            return None
        return job, replace(job.film, marked=marked)

    def units_charged(self, until_ms: int | None = None) -> float:
        """Units taken from our account by tasks made here (the library was free), up to a time."""
        own = self.settings.own.name
        with self.lock:
            made = [job for job in self.task_index.made() if job.account == own]
        return sum(job.charged for job in made if until_ms is None or job.updated_ms <= until_ms)

    def remaining_units(self) -> float:
        """Units left, by now."""
        return self.settings.granted_units - self.units_charged()

    # --- what the control routes ask -----------------------------------------------------------------------------

    def switch(self, **values: Any) -> None:
        """Changes settings; they stay over a restart."""
        with self.lock:
            for name, value in values.items():
                setattr(self.settings, name, value)
            self._journal.append(self._settings_record())

    def finish(self, identity: str, status: str = SUCCEED, message: str = "") -> Job | None:
        """Ends a running task as soon as its file is ready (ids: task, external or video); None if unknown."""
        with self.lock:
            job = self.task_index.anyhow(identity)
            if job is not None and not job.ended:
                now = self.now_ms()
                job.processing_ms = min(job.processing_ms, now)
                job.ends_ms, job.outcome, job.message = now, status, message
                self._note(job)
                self.settle()
            return job

    def made(self) -> list[Job]:
        """Tasks that were created by request, oldest first: not the library's."""
        with self.lock:
            self.settle()
            return list(self.task_index.made())

    def reset(self) -> None:
        """Forgets all tasks and switches; keys stay, the library is made as on the first day."""
        with self.lock:
            keep = self.settings
            self.task_index, self.changed = TaskIndex(), []
            self.refused_duplicates.clear()
            self.settings = Settings(keep.own, keep.other, keep.media_secret, keep.size, keep.speed)
            self._add_seed_clips()
            self._journal.rewrite(self._records())

    def close(self) -> None:
        """No more changes: the folder may belong to another sandbox from now on."""
        with self.lock:
            self._closed = True
            self._journal.close()

    # --- checks that depend on other tasks -----------------------------------------------------------------------

    def _check_new(self, account: str, order: Order) -> None:
        if self.task_index.named(account, order.external_id) and not self.settings.lenient_ids:
            self.refused_duplicates[order.external_id] += 1
            self._journal.append(self._duplicates_record(order.external_id))
            raise Refusal(1201, f"External_task_id {order.external_id} already exists")
        if order.model in RETIRED and not self.settings.old_models:
            raise discontinued(order.model)

    def _source(self, account: str, video_id: str) -> Job:
        job = self.task_index.video(video_id)
        if job is None or job.account != account or job.status != SUCCEED or self.expired(job):
            raise Refusal(1201, f"From video not found by id: {video_id}")
        if job.model not in EXTENDABLE:
            raise Refusal(1201, "model is not supported")
        if self.settings.retired:
            raise discontinued(job.model)
        return job

    def _check_room(self, job: Job) -> None:
        running = self.task_index.running(job.account)
        if job.units + sum(other.units for other in running) > self.remaining_units():
            raise Refusal(1102)
        if len(running) >= self.settings.slots:
            raise Refusal(1303)

    # --- the life of a task --------------------------------------------------------------------------------------

    def _seed(self, order: Order, parent: Job | None) -> int:
        asked = (order.kind, order.prompt, order.negative_prompt, order.cfg_scale, _pictured(order), order.aspect)
        return self.task_index.new_seed(*asked, parent.film.key if parent else "")

    def _render(self, job: Job) -> None:
        if job.outcome == SUCCEED and job.ready_ms is None:
            self._render_film(job.film).add_done_callback(lambda done: self._rendered(job.id, done))

    def _rendered(self, job_id: str, done: Future[Path]) -> None:
        if done.cancelled() or isinstance(done.exception(), Abandoned):
            return
        with self.lock:
            job = self.task_index.jobs.get(job_id)
            if job is None or self._closed:
                return
            job.ready_ms = self.now_ms()
            if error := done.exception():
                job.outcome, job.message = FAILED, f"The sandbox could not render: {error}"
            with suppress(OSError):  # no room: the next start renders it once more
                self._note(job)

    def _advance(self, job: Job, now: int) -> None:
        if job.status == SUBMITTED and now >= job.processing_ms:
            self._become(job, PROCESSING, job.processing_ms)
        ready = job.ready_ms if job.outcome == SUCCEED else job.ends_ms
        if job.status == PROCESSING and job.ends_ms is not None and ready is not None and now >= job.ends_ms:
            self._become(job, job.outcome, max(job.ends_ms, ready))
            del self.task_index.unfinished[job.id]

    def _become(self, job: Job, status: str, at_ms: int) -> None:
        job.status = status
        job.updated_ms = max(at_ms, job.created_ms)
        self.changed.append(replace(job))
        with suppress(OSError):  # no room: the next start goes the same way again
            self._note(job)

    # --- what survives a restart ---------------------------------------------------------------------------------

    def _restored(self, size: str) -> Settings:
        settings: Settings | None = None
        for record in self._journal.read():
            if record["what"] == "task":
                self.task_index.add(Job.read(record))
            elif record["what"] == "settings":
                settings = Settings.read(record)
            elif record["what"] == "duplicates":
                self.refused_duplicates[record["id"]] = record["count"]
        self.settings = settings or Settings.fresh(size)
        if settings is None:
            self._add_seed_clips()
        self._journal.rewrite(self._records())
        return self.settings

    def _add_seed_clips(self) -> None:
        settings = self.settings
        for job in seed_clips(settings.size, settings.own.name, settings.other.name, self.now_ms(), self._mint):
            self.task_index.add(job)

    def _note(self, job: Job) -> None:
        self._journal.append(job.record())

    def _records(self) -> Iterator[Record]:
        yield self._settings_record()
        yield from (self._duplicates_record(external_id) for external_id in self.refused_duplicates)
        yield from (job.record() for job in self.task_index.jobs.values())

    def _settings_record(self) -> Record:
        return {**self.settings.record(), "id": "settings"}

    def _duplicates_record(self, external_id: str) -> Record:
        return {"what": "duplicates", "id": external_id, "count": self.refused_duplicates[external_id]}


def _pictured(order: Order) -> str:
    return order.picture.name if order.picture else ""


def _next_ms(job: Job) -> int | None:
    """When the next status is due; None when it waits for something else than time."""
    if job.status == SUBMITTED:
        return job.processing_ms
    waits_for_file = job.outcome == SUCCEED and job.ready_ms is None
    return None if waits_for_file else job.ends_ms
