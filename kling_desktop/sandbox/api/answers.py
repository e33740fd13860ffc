"""Writes tasks down as Kling does: the envelope, the task object, the packs; mixed shapes included."""

from __future__ import annotations

import uuid
from fractions import Fraction
from typing import Any

from kling_desktop.sandbox.ids import seed_of
from kling_desktop.sandbox.records import EXTEND, FAILED, SUCCEED, Job
from kling_desktop.sandbox.rules.codes import Refusal
from kling_desktop.sandbox.world.world import World

Body = dict[str, Any]

_DAY_MS = 24 * 3600 * 1000


def envelope(data: Any) -> Body:
    return {"code": 0, "message": "SUCCEED", "request_id": str(uuid.uuid4()), "data": data}


def refusal(error: Refusal) -> Body:
    """Errors have no data."""
    return {"code": error.code, "message": error.message, "request_id": str(uuid.uuid4())}


def created(job: Job) -> Body:
    """The answer to a create. task_info is seen filled, empty and absent, and an empty task_result beside it: one way
    or another, seeded by the id.
    """
    body: Body = {"task_id": job.id, "task_status": "submitted"}
    shape = seed_of("created", job.id) % 4
    if shape == 0:
        body["task_info"] = {}
    elif shape == 3:
        body |= {"task_info": {}, "task_result": {"images": [], "videos": None}}
    elif shape == 1:
        body["task_info"] = {"external_task_id": job.external_id} if job.external_id else {}
    return {**body, "created_at": job.created_ms, "updated_at": job.created_ms}


def task(world: World, base: str, job: Job, *, bare: bool = False) -> Body:
    """One task as queried; `bare` gives media addresses without a file extension."""
    body: Body = {"task_id": job.id, "task_status": job.status, "task_status_msg": ""}
    if job.status == SUCCEED:
        _finish(body, world, base, job, bare)
    elif job.status == FAILED:
        body |= {"task_status_msg": job.message, "task_info": _info(world, base, job, bare), "task_result": {}}
        body["final_unit_deduction"] = "0"
    else:
        body["task_info"] = {"external_task_id": job.external_id} if job.external_id else {}
        if seed_of("early", job.id) % 2:
            body["task_result"] = {}
    body |= {"created_at": job.created_ms, "updated_at": job.updated_ms}
    return _odd(body, job)


def callback(world: World, base: str, job: Job) -> Body:
    """The same facts as a callback says them: not wrapped, with an images array."""
    body = task(world, base, job)
    body.setdefault("task_result", {})
    if body["task_result"]:
        body["task_result"] = {"images": [], **body["task_result"]}
    return body


def seconds_text(length: Fraction, video_id: str) -> str:
    """A duration with as many digits as Kling fancies: "5.1", "5.042", "5.04", "5"."""
    digits = (3, 1, 2, 3)[seed_of("digits", video_id) % 4]
    return f"{float(length):.{digits}f}".rstrip("0").rstrip(".")


def units_text(units: float) -> str:
    return f"{units:g}"


def costs(world: World, start_ms: int, end_ms: int, name: str) -> Body:
    """The data of /account/costs, with its second status. No pack in the window: no array at all."""
    packs = [pack for pack in _packs(world) if pack["effective_time"] <= end_ms and pack["invalid_time"] >= start_ms]
    packs = [pack for pack in packs if name in ("", pack["resource_pack_name"])]
    data: Body = {"code": 0, "msg": "success"}
    return data | ({"resource_pack_subscribe_infos": packs} if packs else {})


def _finish(body: Body, world: World, base: str, job: Job, bare: bool) -> None:
    video = {"id": job.video_id, "url": world.addresses.url(base, job, bare=bare)}
    if job.watermark:
        video["watermark_url"] = world.addresses.url(base, job, marked=True, bare=bare)
    video["duration"] = seconds_text(job.film.seconds, job.video_id)
    body["task_info"] = _info(world, base, job, bare)
    body["task_result"] = {"videos": [video]}
    if job.watermark is not None:
        body["watermark_info"] = {"enabled": job.watermark}
    body["final_unit_deduction"] = units_text(job.units)


def _info(world: World, base: str, job: Job, bare: bool) -> Body:
    info: Body = {}
    parent = world.task_index.video(job.parent_id)
    if job.kind == EXTEND and parent is not None:
        length = seconds_text(parent.film.seconds, parent.video_id)
        url = world.addresses.url(base, parent, bare=bare)
        info["parent_video"] = {"id": parent.video_id, "url": url, "duration": length}
    if job.external_id:
        info["external_task_id"] = job.external_id
    return info


def _odd(body: Body, job: Job) -> Body:
    """Faults that stay with a task."""
    if "unknown_status" in job.quirks:
        body["task_status"] = "queueing"
    if "time_backwards" in job.quirks:
        body["updated_at"] = job.created_ms - 60_000
    if "extra_keys" in job.quirks:
        body = with_extra_keys(body)
    return without_optional_keys(body) if "no_optional_keys" in job.quirks else body


def with_extra_keys(data: Any) -> Any:
    """The same data with keys that no page mentions, at every level."""
    if isinstance(data, list):
        return [with_extra_keys(item) for item in data]
    if not isinstance(data, dict):
        return data
    more = {key: with_extra_keys(value) for key, value in data.items()}
    return {
        "x_unheard_of": {"deep": [1, None, "?"]},
        **more,
        "final_balance_deduction": {"quota": "0", "list_price": ""},
    }


def without_optional_keys(data: Any) -> Any:
    """Only what a client cannot do without: both ids, status, and the id and address of a finished video."""
    if isinstance(data, list):
        return [without_optional_keys(item) for item in data]
    if not isinstance(data, dict) or "task_id" not in data:
        return data
    least = {key: data[key] for key in ("task_id", "task_status") if key in data}
    external_id = (data.get("task_info") or {}).get("external_task_id")
    if external_id:
        least["task_info"] = {"external_task_id": external_id}
    videos = (data.get("task_result") or {}).get("videos")
    if videos:
        least["task_result"] = {"videos": [{key: video[key] for key in ("id", "url")} for video in videos]}
    return least


def _packs(world: World) -> list[Body]:
    settings, now = world.settings, world.now_ms()
    late = now - round(settings.balance_lag_hours * 3600 * 1000)
    remaining = settings.granted_units - world.units_charged(late)
    bought = now - 20 * _DAY_MS
    name = f"Trial-Video-{units_text(settings.granted_units)}Units-{settings.slots}Con-6Months"
    status = "online" if world.remaining_units() > 0 else "runOut"
    current = _pack(name, "pack-sandbox-2", settings.granted_units, remaining, bought, 180, status)
    old = _pack("Trial-Video-100Units-5Con-1Months", "pack-sandbox-1", 100.0, 4.8, now - 75 * _DAY_MS, 30, "expired")
    return [current, old]


def _pack(name: str, pack_id: str, total: float, left: float, bought_ms: int, days: int, status: str) -> Body:
    return {
        "resource_pack_name": name,
        "resource_pack_id": pack_id,
        "resource_pack_type": "decreasing_total",
        "total_quantity": total,
        "remaining_quantity": left,
        "purchase_time": bought_ms,
        "effective_time": bought_ms,
        "invalid_time": bought_ms + days * _DAY_MS,
        "status": status,
    }
