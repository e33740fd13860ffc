"""One row per kind of task: its path, how it is written and how it is read. Kling's wire words end here."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final
from urllib.parse import parse_qs, quote, urlsplit

from kling_desktop.domain.accounts import Pack
from kling_desktop.domain.clips import RETENTION, Clip, Kind, told_apart
from kling_desktop.domain.tasks import PAGE_SIZE_LIMIT, Extension, Standing, Status
from kling_desktop.errors import BadRequest, NotFound, Unreadable
from kling_desktop.kling.envelope import Envelope, class_of, cleaned, decimal_of, text_of, whole_number
from kling_desktop.kling.generations import written_from_picture, written_from_words

log = logging.getLogger(__name__)

COSTS_PATH: Final = "/account/costs"
"""Account paths have no /v1 (dossier §2.3)."""

_STATUS: Final = {
    "submitted": Status.SUBMITTED,
    "processing": Status.PROCESSING,
    "succeed": Status.SUCCEEDED,
    "succeeded": Status.SUCCEEDED,  # the word of Kling's newer interface
    "failed": Status.FAILED,
}
_ENDED_BADLY: Final = frozenset(
    ("fail", "failure", "error", "cancelled", "canceled", "rejected", "aborted", "expired", "timeout", "timed_out")
)
"""End words that Kling's page does not name; each is said to the creator as it came."""
_FIRST_MS: Final = Decimal(946_684_800_000)  # 2000-01-01
_LAST_MS: Final = Decimal(4_102_444_800_000)  # 2100-01-01
_LONGEST_VIDEO_SECONDS: Final = Decimal(86_400)
_LONGEST_ADDRESS: Final = 8192
_LONGEST_ID: Final = 1024
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where one kind of task lives at Kling."""

    path: str
    """Create by POST and list by GET here; one task is at `path/id`."""
    write: Callable[[Extension, str], bytes]
    """Makes the body of a create from what is asked and our task id. May read files: for a thread."""

    def path_of(self, id: str) -> str:
        """The path of one task, by Kling's id or ours. Raises NotFound for an id that no path can carry."""
        if not is_askable(id):
            raise NotFound("no task can have this id")
        return f"{self.path}/{quote(id.encode('utf-8', 'replace'), safe='')}"


def is_askable(id: str) -> bool:
    """Whether a path can carry this id."""
    return id not in ("", ".", "..") and len(id) <= _LONGEST_ID


def written_extension(extension: Extension, task_id: str) -> bytes:
    """The JSON body of a create: only what the creator set, and always our id (seed page, Request Body).

    Raises BadRequest, before anything is sent, when guidance is not within [0, 1].
    """
    guidance = extension.guidance
    if guidance is not None and not 0 <= guidance <= 1:
        raise BadRequest("cfg_scale must be within [0, 1]")
    fields: dict[str, object] = {
        "video_id": extension.video_id,
        "prompt": extension.prompt or None,
        "negative_prompt": extension.negative_prompt or None,
        "cfg_scale": None if guidance is None else float(guidance),
        "watermark_info": None if extension.watermark is None else {"enabled": extension.watermark},
        "callback_url": extension.callback_url or None,
        "external_task_id": task_id,
    }
    body = {name: value for name, value in fields.items() if value is not None}
    # "replace": half a surrogate pair out of a broken paste must not stop the other words
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")


ENDPOINTS: Final[dict[Kind, Endpoint]] = {
    Kind.EXTENSION: Endpoint("/v1/videos/video-extend", written_extension),
    Kind.TEXT: Endpoint("/v1/videos/text2video", written_from_words),
    Kind.IMAGE: Endpoint("/v1/videos/image2video", written_from_picture),
}


def read_standing(kind: Kind, data: object, request_id: str = "") -> Standing:
    """What Kling says of a task. Only the task id must be there; what is odd is left out.

    Raises Unreadable without an id, or with one that cannot be asked for: then nobody can say which task this is.
    """
    fields = _object(data)
    kling_id = text_of(fields.get("task_id")).strip()
    if not is_askable(kling_id):
        raise Unreadable("the answer names no task", request_id=request_id)
    word = text_of(fields.get("task_status")).strip()
    info = _object(fields.get("task_info"))
    parent = _read_parent(info.get("parent_video"))
    clips = _read_clips(fields, kind, kling_id, parent)
    has_film = bool(clips and clips[0].url)
    status = _status_of(word.lower(), has_film)
    updated_at = _time(fields.get("updated_at"))
    return Standing(
        kling_id=kling_id,
        kind=kind,
        status=status,
        raw_status="" if status and not (has_film and _is_bad_end(word.lower())) else cleaned(word)[:64],
        external_id=(text_of(info.get("external_task_id")) or text_of(fields.get("external_task_id"))).strip(),
        message=cleaned(fields.get("task_status_msg")) or (cleaned(word)[:64] if word.lower() in _ENDED_BADLY else ""),
        created_at=_time(fields.get("created_at")),
        updated_at=updated_at,
        units=decimal_of(fields.get("final_unit_deduction")),
        clip=clips[0] if clips else None,
        more=tuple(clips[1:]),
        parent=parent,
        request_id=request_id,
    )


def _status_of(word: str, has_film: bool) -> Status | None:
    """What Kling's status word means. A film that came with it makes a take of a failure, and an end of a word that we
    do not know.
    """
    if _is_bad_end(word):
        return Status.SUCCEEDED if has_film else Status.FAILED
    return _STATUS.get(word) or (Status.SUCCEEDED if has_film else None)


def _is_bad_end(word: str) -> bool:
    return word in _ENDED_BADLY or _STATUS.get(word) is Status.FAILED


def read_page(kind: Kind, data: object, request_id: str = "") -> list[Standing]:
    """The tasks of one page, as Kling ordered them; an entry that names no task is left out and logged.

    Raises Unreadable when the data is not a list; left-out data is an empty page.
    """
    if data is None:
        return []
    if not isinstance(data, list):
        raise Unreadable("the answer is not a list of tasks", request_id=request_id)
    standings, left_out = [], 0
    for entry in data[:PAGE_SIZE_LIMIT]:  # no page has more; reading a million others would take minutes
        try:
            standings.append(read_standing(kind, entry, request_id))
        except Unreadable:
            left_out += 1
    if left_out:
        log.warning("%d list entries without a task id were left out (request %s)", left_out, request_id)
    return _newest_of_each(standings)


def _newest_of_each(standings: list[Standing]) -> list[Standing]:
    """Each task once, with its newest state: pages move while they are read, and caches repeat old ones."""
    newest: dict[str, Standing] = {}
    for standing in standings:
        if (other := newest.get(standing.kling_id)) is None or _age_of(standing) > _age_of(other):
            newest[standing.kling_id] = standing
    return list(newest.values())


def _age_of(standing: Standing) -> tuple[datetime, int]:
    """Sorts the states of one task; at one time the one that is farther along is the newer."""
    order = {None: 0, Status.SUBMITTED: 1, Status.PROCESSING: 2}
    return standing.updated_at or standing.created_at or _LONG_AGO, order.get(standing.status, 3)


def read_packs(envelope: Envelope) -> list[Pack]:
    """The account's packs; none when Kling leaves the list out, which it does for an empty one.

    This answer carries a second status inside: raises what its code stands for when it is not 0.
    """
    fields = _object(envelope.data)
    code = whole_number(fields.get("code", 0))
    if code != 0:
        message = cleaned(fields.get("msg") or fields.get("message"))
        raise class_of(code, message)(message, code=code, request_id=envelope.request_id, http=200)
    entries = fields.get("resource_pack_subscribe_infos")
    return [_read_pack(entry) for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []


def _read_pack(fields: dict[str, object]) -> Pack:
    return Pack(
        name=cleaned(fields.get("resource_pack_name")),
        total_units=decimal_of(fields.get("total_quantity")) or Decimal(0),
        remaining_units=decimal_of(fields.get("remaining_quantity")) or Decimal(0),
        status=cleaned(fields.get("status")),
        expires_at=_time(fields.get("invalid_time")),
    )


def _read_parent(value: object) -> Clip | None:
    fields = _object(value)
    id, url = text_of(fields.get("id")), _address(fields.get("url"))
    return Clip(id, url=url, seconds=_seconds(fields), expires_at=expiry_of(url)) if id else None


def _read_clips(fields: dict[str, object], kind: Kind, kling_id: str, parent: Clip | None) -> list[Clip]:
    """Every video that can be had, in Kling's order; when there is none with an address, the first that has an id."""
    videos = _object(fields.get("task_result")).get("videos")
    read = [
        _read_clip(fields, video, kind, kling_id, parent)
        for video in (videos if isinstance(videos, list) else [])
        if isinstance(video, dict)
    ]
    usable = [clip for clip in read if clip.url]
    named = usable or [clip for clip in read if clip.id][:1]
    ids = [clip.id or (f"{kling_id}-{number}" if number else kling_id) for number, clip in enumerate(named)]
    # a paid take whose id was left out, or is that of another, is still worth keeping
    own = [told_apart(id, f"{kling_id}-{number}") if id in ids[:number] else id for number, id in enumerate(ids)]
    return [replace(clip, id=id) for clip, id in zip(named, own, strict=True)]


def _read_clip(
    fields: dict[str, object], video: dict[str, object], kind: Kind, kling_id: str, parent: Clip | None
) -> Clip:
    url = _address(video.get("url"))
    made_at = _time(fields.get("updated_at")) or _time(fields.get("created_at"))
    return Clip(
        id=text_of(video.get("id")),
        kind=kind,
        kling_id=kling_id,
        parent_id=parent.id if parent else "",
        seconds=_seconds(video),
        parent_seconds=parent.seconds if parent else None,
        url=url,
        watermark_url=_address(video.get("watermark_url")),
        made_at=made_at,
        expires_at=expiry_of(url) or (made_at + RETENTION if made_at else None),
    )


def expiry_of(url: str) -> datetime | None:
    """When a signed address dies, as it says itself: `Expires` in decimal or `ksTime` in hexadecimal Unix seconds."""
    try:
        query = parse_qs(urlsplit(url).query)
    except ValueError:
        return None
    for name, base in (("Expires", 10), ("ksTime", 16)):
        for text in query.get(name, []):
            try:
                return _time(int(text[:16], base) * 1000)
            except ValueError:
                continue
    return None


def _object(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _seconds(fields: dict[str, object]) -> Decimal | None:
    """A length in seconds, which Kling writes with any precision; None for nothing, nonsense or 0."""
    return decimal_of(fields.get("duration"), _LONGEST_VIDEO_SECONDS) or None


def _time(milliseconds: object) -> datetime | None:
    """A Unix time in milliseconds as aware UTC; None when it is no time between 2000 and 2100."""
    number = decimal_of(milliseconds, _LAST_MS)
    return datetime.fromtimestamp(float(number) / 1000, UTC) if number is not None and number >= _FIRST_MS else None


def _address(value: object) -> str:
    """A web address fit to be fetched, else an empty text."""
    url = text_of(value).strip()
    return url if url.lower().startswith(("https://", "http://")) and len(url) <= _LONGEST_ADDRESS else ""
