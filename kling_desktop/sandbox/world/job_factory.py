"""Turns an order in good order into a task: its film, its times, its price."""

from __future__ import annotations

import random
from typing import Any

from kling_desktop.sandbox.ids import VIDEO_LAG_MS, Mint
from kling_desktop.sandbox.records import FAILED, Film, Job, Segment
from kling_desktop.sandbox.rules.codes import RISK_MESSAGE, Refusal
from kling_desktop.sandbox.rules.order import LONGEST_SECONDS, Order
from kling_desktop.sandbox.rules.prices import extension_units, generation_units
from kling_desktop.sandbox.settings import PHASES, Settings
from kling_desktop.sandbox.world.renditions import new_film

Wish = dict[str, Any]
"""What scripted faults want of a new task: stuck, risk (true), plant (name), amount (number), quirks (names),
rendition (see faults.RENDITION)."""


def job_of(order: Order, parent: Job | None, settings: Settings, seed: int, now_ms: int, mint: Mint, wish: Wish) -> Job:
    """A task that nobody knows yet; `parent` when it is an extension. The account is the caller's to set.

    Raises:
        Refusal: 1201, the film would be longer than three minutes.
    """
    film = (
        _extended(order, parent, seed, wish)
        if parent
        else new_film(order, settings.size, seed, wish.get("rendition", {}))
    )
    like = parent or order
    job = Job(
        id=mint.at(now_ms),
        kind=order.kind,
        account="",
        video_id=mint.at(now_ms + VIDEO_LAG_MS),
        film=film,
        created_ms=now_ms,
        processing_ms=now_ms,
        ends_ms=now_ms,
        external_id=order.external_id,
        parent_id=order.video_id,
        model=like.model,
        mode=like.mode,
        aspect=like.aspect,
        prompt=order.prompt,
        negative_prompt=order.negative_prompt,
        watermark=order.watermark,
        callback_url=order.callback_url,
        units=_units(order, parent),
        updated_ms=now_ms,
        visible_ms=now_ms + round(settings.late_seconds * 1000),
        quirks=list(wish.get("quirks", [])),
    )
    if order.risky or wish.get("risk"):
        job.outcome, job.message = FAILED, RISK_MESSAGE
    _schedule(job, settings.speed, stuck=bool(wish.get("stuck")))
    return job


def _units(order: Order, parent: Job | None) -> float:
    if parent:
        return extension_units(parent.model, parent.mode)
    return generation_units(order.model, order.mode, order.seconds, sound=order.sound, voices=order.voices)


def _schedule(job: Job, speed: str, *, stuck: bool) -> None:
    first, whole = PHASES[speed]
    draw = random.Random(int(job.id))  # noqa: S311 - times of a pretended task, not a secret
    job.processing_ms = job.created_ms + round(draw.uniform(*first) * 1000)
    job.ends_ms = None if stuck else job.created_ms + round(draw.uniform(*whole) * 1000)


def _extended(order: Order, parent: Job, seed: int, wish: Wish) -> Film:
    added = 4.0 + 1.4 * (seed % 1000) / 999  # the page says 4 to 5 s, published files show up to 5.4
    plant, amount = str(wish.get("plant", "")), float(wish.get("amount", 0.0))
    segment = Segment(round(added * parent.film.fps), seed, order.prompt, plant, amount)
    film = parent.film.extended(segment)
    if film.seconds > LONGEST_SECONDS:
        # Whether Kling checks the source or the total is not documented: this checks the total. The text is invented.
        raise Refusal(1201, "The total video duration can't exceed 3 minutes")
    return film
