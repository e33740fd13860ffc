"""The audit: what was really made and charged, and where the true seams are. The judge of crash tests."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import Any

from kling_desktop.sandbox.api.request_log import RequestLog
from kling_desktop.sandbox.records import SEED_CLIP, Film, Job, Opening
from kling_desktop.sandbox.world.world import World


def audit(world: World, request_log: RequestLog) -> dict[str, Any]:
    """What was made here, oldest first (`makes`); the same by external id with how often it was made; and totals."""
    made = world.made()
    named = [job for job in made if job.external_id]
    times = Counter(job.external_id for job in named)
    return {
        "tasks": {job.external_id: _entry(world, job) | {"created": times[job.external_id]} for job in named},
        "makes": [_entry(world, job) for job in made],
        "without_external_id": [_entry(world, job) for job in made if not job.external_id],
        "totals": {
            "created": len(made),
            "units_charged": sum(job.charged for job in made),
            "remaining_units": world.remaining_units(),
            "refused_duplicates": sum(world.refused_duplicates.values()),
            "statuses": dict(Counter(job.status for job in made)),
            "violations": len(request_log.violations),
        },
    }


def seams(world: World) -> dict[str, Any]:
    """Per video id: where each extension begins, exactly, and what was planted there."""
    return {job.video_id: film_report(job.film) for job in world.task_index.jobs.values() if job.film.joins}


def openings(world: World) -> dict[str, Any]:
    """Per video id of a clip that was made from a picture: the picture, and what was truly done to it."""
    jobs = world.task_index.jobs.values()
    return {job.video_id: opening_report(job.film, job.film.opening) for job in jobs if job.film.opening}


def opening_report(film: Film, opening: Opening) -> dict[str, Any]:
    """`light` is the true colour map (records.Light says how it is applied); `stall`, frames that repeat the first."""
    return asdict(opening) | {
        "width": film.width,
        "height": film.height,
        "fps": film.fps,
        "frames": film.frames,
        "tagged": film.tagged,
        "sound": film.sound,
    }


def film_report(film: Film) -> dict[str, Any]:
    joins = [
        {
            "frame": frame,
            "seconds": frame / film.fps,
            "plant": segment.plant,
            "amount": segment.amount,
            "prompt": segment.prompt,
        }
        for frame, segment in zip(film.joins, film.segments[1:], strict=True)
    ]
    return {"fps": film.fps, "frames": film.frames, "seconds": float(film.seconds), "seams": joins}


def shelf(world: World) -> list[dict[str, Any]]:
    """Every task with what the API does not tell: model, mode, size, owner. Oldest first."""
    world.settle()
    jobs = sorted(world.task_index.jobs.values(), key=lambda job: job.created_ms)
    return [_described(world, job) for job in jobs]


def _entry(world: World, job: Job) -> dict[str, Any]:
    return {
        "external_id": job.external_id,
        "refused_duplicates": world.refused_duplicates[job.external_id],
        "task_id": job.id,
        "video_id": job.video_id,
        "kind": job.kind,
        "status": job.status,
        "units": job.charged,
        "prompt": job.prompt,
        "negative_prompt": job.negative_prompt,
        "watermark": bool(job.watermark),
        "visible": "vanish" not in job.quirks,
        "parent_id": job.parent_id,
        "model": job.model,
        "mode": job.mode,
        "picture": job.film.opening.picture if job.film.opening else "",
    }


def _described(world: World, job: Job) -> dict[str, Any]:
    return {
        "task_id": job.id,
        "video_id": job.video_id,
        "external_task_id": job.external_id,
        "kind": job.kind,
        "own": job.account == world.settings.own.name,
        "status": job.status,
        "expired": job.ended and world.expired(job),
        "model": job.model,
        "mode": job.mode,
        "aspect": job.aspect,
        "width": job.film.width,
        "height": job.film.height,
        "fps": job.film.fps,
        "frames": job.film.frames,
        "prompt": job.prompt,
        "library": SEED_CLIP in job.quirks,
    }
