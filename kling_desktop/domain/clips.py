"""Clips: finished videos, how long Kling keeps them, and what their ids tell."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

LONGEST_SECONDS = 180
"""Kling's bound on the length of an extended video (seed page: 3 minutes)."""

FILE_CLIP = "file:"
"""How the ids of imported files begin, followed by the SHA-256 of the file; Kling's never begin so."""

RETENTION = timedelta(days=30)
"""How long Kling keeps a video, and lets it be extended, after generation (seed page)."""

DYING = timedelta(days=7)
"""A clip that Kling deletes within this time is said to be dying."""


class Kind(StrEnum):
    """Which of Kling's endpoints made a task. All three make clips that can be extended (seed page)."""

    EXTENSION = "video-extend"
    TEXT = "text2video"
    IMAGE = "image2video"


@dataclass(frozen=True, slots=True)
class Clip:
    """One finished video: Kling's id and address, and our file once it is kept."""

    id: str
    """Kling's video id (not a task id)."""
    kind: Kind = Kind.EXTENSION
    kling_id: str = ""
    """Kling's id of the task that made it."""
    parent_id: str = ""
    """Video id that it extends; empty for a base clip."""
    seconds: Decimal | None = None
    """Total length as Kling states it; the text had any precision, so compare with a tolerance."""
    parent_seconds: Decimal | None = None
    """Length of the parent as Kling states it: where the seam is to be looked for."""
    url: str = ""
    """Signed address; dies with `expires_at`. Holds a signature: never log it, never send a token to it."""
    watermark_url: str = ""
    made_at: datetime | None = None
    expires_at: datetime | None = None
    """When Kling deletes it: 30 days after it was made."""
    file: Path | None = None
    """Our verified copy, or None until it is kept."""
    watermark_file: Path | None = None
    model: str = ""
    """Model name when known (own tasks, sandbox, billing rows); Kling's answers do not carry it."""


_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
"""Signs without a shape that Unicode counts among letters and marks: joiners, fillers, selectors, empty Braille."""
_AROUND = "\"'`“”„‘’‚«»‹›「」『』《》〈〉()[]{}<>【】,;:。、"
"""What an id stands in or before in a text that it was copied from."""
_LONGEST_PASTE = 4096


def id_in(pasted: str) -> str:
    """The id in what was pasted: without unseen signs (marks of direction, soft hyphens, variation selectors) and
    without spaces, quotes and commas around it; letters and digits of any width and script as plain ones. Spaces
    within it stay: that is two ids. Of a paste of thousands of signs only the beginning is looked at.
    """
    seen = plainly_written(pasted.lstrip()[:_LONGEST_PASTE])
    while (bare := seen.strip().strip(_AROUND)) != seen:
        seen = bare
    return seen


def plainly_written(pasted: str) -> str:
    """The text without signs that nobody sees; letters and digits of any width and script as plain ones."""
    plain = unicodedata.normalize("NFKC", pasted)
    seen = "".join(_digit(sign) for sign in plain if sign.isspace() or not _is_unseen(sign))
    return unicodedata.normalize("NFKC", seen)  # what an unseen sign had kept apart


def _digit(sign: str) -> str:
    return str(unicodedata.decimal(sign)) if sign.isdecimal() else sign


def _is_unseen(sign: str) -> bool:
    is_selector = "\ufe00" <= sign <= "\ufe0f" or "\U000e0100" <= sign <= "\U000e01ef"
    return is_selector or sign in _BLANK or unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Cn")


def video_id_of(clip_id: str) -> str:
    """Kling's video id of a clip of ours: of two takes that Kling gave one video id, the later carries a '#' and the id
    of its task behind it here.
    """
    return clip_id.partition("#")[0]


def told_apart(clip_id: str, task: str) -> str:
    """The id here of a clip whose video id another take has already; `task` is Kling's id of its task."""
    return f"{clip_id}#{task}"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a transfer has come."""

    received_bytes: int
    total_bytes: int | None
    """None when the server does not say."""


_SNOWFLAKE_EPOCH_MS = 1_568_028_518_783

_FIRST_SNOWFLAKE = 10**17


def minted_at(kling_id: str) -> datetime | None:
    """When an 18- or 19-digit id of Kling's was minted, or None for ids of another make.

    Inferred from two observed pairs, so a hint for the user and never a reason to refuse. A clip's id is
    minted when its task is submitted, some minutes before the clip is made.
    """
    if not kling_id.isascii() or not kling_id.isdigit() or not _FIRST_SNOWFLAKE <= int(kling_id) < 2**63:
        return None
    return datetime.fromtimestamp(((int(kling_id) >> 22) + _SNOWFLAKE_EPOCH_MS) / 1000, UTC)


def dies_at(clip: Clip) -> datetime | None:
    """When Kling deletes a clip, which then can be neither fetched nor extended; None when nothing tells.

    As its address says, else 30 days after it was made, else 30 days after its id was minted: that last one is a
    guess, and what says it should say so (`expires_at` and `made_at` are then both None).
    """
    if clip.expires_at:
        return clip.expires_at
    made_at = clip.made_at or minted_at(clip.id)
    return made_at + RETENTION if made_at else None


def is_gone(clip: Clip, now: datetime) -> bool:
    """Whether Kling has deleted it, by Kling's own dates; never by a guess."""
    ends = dies_at(clip) if clip.expires_at or clip.made_at else None
    return ends is not None and ends <= now
