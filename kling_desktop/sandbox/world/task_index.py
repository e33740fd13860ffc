"""All tasks there are, findable by each of their names: task id, external id, video id, media address."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from kling_desktop.sandbox.ids import seed_of
from kling_desktop.sandbox.records import SEED_CLIP, Job
from kling_desktop.sandbox.world.addresses import token_of


class TaskIndex:
    """Indexes only: it knows no time and no rules. The world's lock guards it."""

    def __init__(self) -> None:
        self.jobs: dict[str, Job] = {}
        """By task id, in the order in which they were added."""
        self.unfinished: dict[str, Job] = {}
        """Those that may still change."""
        self._external: dict[tuple[str, str], Job] = {}
        self._videos: dict[str, Job] = {}
        self._media: dict[str, tuple[Job, bool]] = {}
        self._seeds: set[int] = set()

    def add(self, job: Job) -> None:
        self.jobs[job.id] = job
        self._videos[job.video_id] = job
        self._seeds.update(segment.seed for segment in job.film.segments)
        if job.external_id:
            self._external[job.account, job.external_id] = job
        for marked in (False, True):
            self._media[token_of(job, marked=marked)] = job, marked
        if not job.ended:
            self.unfinished[job.id] = job

    def of(self, account: str, kind: str, now_ms: int) -> list[Job]:
        """The tasks that an account can see, newest first."""
        mine = [job for job in self.jobs.values() if job.account == account and job.kind == kind]
        mine = [job for job in mine if _shows(job, now_ms)]
        return sorted(mine, key=lambda job: (job.created_ms, int(job.id)), reverse=True)

    def find(self, account: str, kind: str, identity: str, now_ms: int) -> Job | None:
        """By task id or the account's external id, of which the newest task counts."""
        job = self.jobs.get(identity) or self._external.get((account, identity))
        return job if job and job.account == account and job.kind == kind and _shows(job, now_ms) else None

    def named(self, account: str, external_id: str) -> bool:
        """Whether the account has used this external id."""
        return bool(external_id) and (account, external_id) in self._external

    def video(self, video_id: str) -> Job | None:
        return self._videos.get(video_id)

    def media(self, token: str) -> tuple[Job, bool] | None:
        """The task and whether its watermarked copy is meant."""
        return self._media.get(token)

    def anyhow(self, identity: str) -> Job | None:
        """By task id, video id or anybody's external id."""
        external = (job for (_, name), job in self._external.items() if name == identity)
        return self.jobs.get(identity) or self._videos.get(identity) or next(external, None)

    def running(self, account: str) -> list[Job]:
        return [job for job in self.unfinished.values() if job.account == account]

    def made(self) -> Iterator[Job]:
        """Tasks that were created by request, oldest first: not the library's."""
        return (job for job in self.jobs.values() if SEED_CLIP not in job.quirks)

    def new_seed(self, *parts: object) -> int:
        """The same request again gives another take; the same takes in the same order in every sandbox."""
        return next(seed for take in count(1) if (seed := seed_of(*parts, take)) not in self._seeds)


def _shows(job: Job, now_ms: int) -> bool:
    return "vanish" not in job.quirks and now_ms >= job.visible_ms
