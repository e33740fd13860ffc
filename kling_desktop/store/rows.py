"""How tasks, clips and drafts are written as rows of the library, and read back as the same values."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal, DecimalException
from pathlib import Path
from typing import Any, Protocol

from kling_desktop.domain.accounts import Profile, Region
from kling_desktop.domain.clips import Clip, Kind
from kling_desktop.domain.tasks import Draft, Extension, Pick, Status, Task, Trouble
from kling_desktop.store.generations import generation_of, generation_text

Value = str | int | float | None
Values = dict[str, Value]
"""Column -> value, as SQLite takes it."""

UNREADABLE = (ValueError, KeyError, TypeError, OverflowError, AttributeError, DecimalException)
"""What reading a row raises that makes no sense."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Row(Protocol):
    """One answer of the database, asked by column."""

    def __getitem__(self, column: str, /) -> Any: ...


def task_values(task: Task) -> Values:
    """The columns of table `task`. The profile goes in by value: a task keeps what it was sent with."""
    return {
        "id": task.id,
        "status": task.status.value,
        "kind": task.kind.value,
        "asked_at": micros(task.asked_at),
        "clip_id": task.clip.id if task.clip else None,
        "watched": int(task.watched),
        "kling_id": task.kling_id,
        "raw_status": task.raw_status,
        "sent_at": micros(task.sent_at),
        "accepted_at": micros(task.accepted_at),
        "updated_at": micros(task.updated_at),
        "ended_at": micros(task.ended_at),
        "profile_name": task.profile.name,
        "profile_region": task.profile.region.value,
        "profile_url": task.profile.base_url,
        "units": _text(task.units),
        "request_id": task.request_id,
        "retry_of": task.retry_of,
        "rank": task.rank,
        "message": task.message,
        "pick": task.pick.value,
        "stars": task.stars,
        "search": searchable(task),
        **_extension_values(task.extension),
        **_trouble_values(task.trouble),
    }


def task_of(row: Row) -> Task:
    """The task in a row of `task` joined with its clip, whose columns are called `clip_...`."""
    extension = _extension_of(row)
    return Task(
        id=row["id"],
        extension=extension,
        profile=Profile(row["profile_name"], Region(row["profile_region"]), row["profile_url"]),
        status=Status(row["status"]),
        asked_at=_EPOCH + timedelta(microseconds=row["asked_at"]),
        kind=Kind(row["kind"]),
        kling_id=row["kling_id"],
        raw_status=row["raw_status"],
        sent_at=_time(row["sent_at"]),
        accepted_at=_time(row["accepted_at"]),
        updated_at=_time(row["updated_at"]),
        ended_at=_time(row["ended_at"]),
        units=_decimal(row["units"]),
        message=row["message"],
        request_id=row["request_id"],
        trouble=_trouble_of(row),
        clip=_clip_of_task(row, extension) if row["clip_id"] else None,
        retry_of=row["retry_of"],
        watched=bool(row["watched"]),
        rank=_number(row["rank"]),
        pick=Pick(row["pick"]),
        stars=whole(row["stars"]),
    )


def _clip_of_task(row: Row, extension: Extension) -> Clip:
    """Of a new clip the model is known: Kling's answers do not carry it, what was asked for does."""
    clip = clip_of(row, "clip_")
    return replace(clip, model=extension.generation.model) if extension.generation else clip


def clip_values(clip: Clip) -> Values:
    """The columns of table `clip`."""
    return {
        "id": clip.id,
        "kind": clip.kind.value,
        "kling_id": clip.kling_id,
        "parent_id": clip.parent_id,
        "seconds": _text(clip.seconds),
        "parent_seconds": _text(clip.parent_seconds),
        "url": clip.url,
        "watermark_url": clip.watermark_url,
        "made_at": micros(clip.made_at),
        "expires_at": micros(clip.expires_at),
        "file": _text(clip.file),
        "watermark_file": _text(clip.watermark_file),
    }


def clip_of(row: Row, prefix: str = "") -> Clip:
    """The clip in a row of `clip`, or in one whose columns carry a prefix."""
    return Clip(
        id=row[prefix + "id"],
        kind=Kind(row[prefix + "kind"]),
        kling_id=row[prefix + "kling_id"],
        parent_id=row[prefix + "parent_id"],
        seconds=_decimal(row[prefix + "seconds"]),
        parent_seconds=_decimal(row[prefix + "parent_seconds"]),
        url=row[prefix + "url"],
        watermark_url=row[prefix + "watermark_url"],
        made_at=_time(row[prefix + "made_at"]),
        expires_at=_time(row[prefix + "expires_at"]),
        file=_path(row[prefix + "file"]),
        watermark_file=_path(row[prefix + "watermark_file"]),
    )


def draft_values(draft: Draft) -> Values:
    """The columns of table `draft`, which has one row."""
    return {"only": 1, "saved_at": micros(draft.saved_at), **_extension_values(draft.extension)}


def draft_of(row: Row) -> Draft:
    """The draft in a row of `draft`."""
    return Draft(_extension_of(row), _EPOCH + timedelta(microseconds=row["saved_at"]))


def searchable(task: Task) -> str:
    """What the filter box looks in: the prompt, every id that may be pasted, the profile."""
    clip_id = task.clip.id if task.clip else ""
    wish = task.extension
    parts = (wish.prompt, task.id, task.kling_id, clip_id, wish.video_id, wish.own_id, task.request_id)
    return folded("\n".join((*parts, task.profile.name)))


def folded(text: str) -> str:
    """Text in the form in which two spellings that differ in case or width only are the same, in any script."""
    return unicodedata.normalize("NFKC", text).casefold()


def sound(value: Value) -> Value:
    """The value with '?' for halves of surrogate pairs, which a broken answer may hold and SQLite cannot."""
    if isinstance(value, str) and not value.isascii():
        return value.encode("utf-8", "replace").decode("utf-8")
    return value


def micros(moment: datetime | None) -> int | None:
    """Whole microseconds since 1970 UTC. A time without a zone is refused with TypeError."""
    return None if moment is None else (moment - _EPOCH) // _MICROSECOND


def moment(value: int) -> datetime:
    """The time of so many microseconds since 1970 UTC."""
    return _EPOCH + timedelta(microseconds=value)


def micro_units(units: Decimal | str) -> int:
    """Whole millionths of a unit, which add up exactly."""
    return int((Decimal(units) * 1_000_000).to_integral_value())


def units_of(millionths: object) -> Decimal:
    """Units of a sum in millionths; nothing added up to 0."""
    return Decimal(int(str(millionths or 0))) / 1_000_000


def whole(value: object) -> int:
    """A column that holds a whole number. Raises TypeError for anything else: SQLite lets any column hold anything."""
    if type(value) is not int:
        raise TypeError(f"{type(value).__name__} in the place of a whole number")
    return value


def _number(value: object) -> float:
    if type(value) not in (float, int):
        raise TypeError(f"{type(value).__name__} in the place of a number")
    return float(str(value))


def text(value: object) -> str:
    """A column that holds a text. Raises TypeError for anything else."""
    if not isinstance(value, str):
        raise TypeError(f"{type(value).__name__} in the place of a text")
    return value


def _time(value: int | None) -> datetime | None:
    return None if value is None else _EPOCH + timedelta(microseconds=value)


def _text(value: Decimal | Path | None) -> str | None:
    return None if value is None else str(value)


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _path(value: str | None) -> Path | None:
    return None if value is None else Path(value)


def _extension_values(extension: Extension) -> Values:
    return {
        "video_id": extension.video_id,
        "prompt": extension.prompt,
        "negative_prompt": extension.negative_prompt,
        "guidance": extension.guidance,
        "watermark": None if extension.watermark is None else int(extension.watermark),
        "callback_url": extension.callback_url,
        "own_id": extension.own_id,
        "generation": generation_text(extension.generation),
    }


def _extension_of(row: Row) -> Extension:
    return Extension(
        video_id=row["video_id"],
        prompt=row["prompt"],
        negative_prompt=row["negative_prompt"],
        guidance=row["guidance"],
        watermark=None if row["watermark"] is None else bool(row["watermark"]),
        callback_url=row["callback_url"],
        own_id=row["own_id"],
        generation=generation_of(row["generation"]),
    )


def _trouble_values(trouble: Trouble | None) -> Values:
    return {
        "trouble_error": trouble.error if trouble else None,
        "trouble_code": trouble.code if trouble else None,
        "trouble_message": trouble.message if trouble else None,
        "trouble_request_id": trouble.request_id if trouble else None,
        "trouble_http": trouble.http if trouble else None,
    }


def _trouble_of(row: Row) -> Trouble | None:
    if row["trouble_error"] is None:
        return None
    return Trouble(
        row["trouble_error"],
        row["trouble_code"],
        row["trouble_message"],
        row["trouble_request_id"],
        row["trouble_http"],
    )
