"""What is said about one clip wherever one is chosen: how it was made, how long it is, how long Kling keeps it."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from kling_desktop.domain.clips import FILE_CLIP, RETENTION, Clip, Kind, minted_at
from kling_desktop.ui import formatting
from kling_desktop.ui.i18n import tr, tr_count

_DAY = timedelta(days=1)


def name(clip: Clip) -> str:
    """What a clip without words is called: a file by its name."""
    if is_file(clip):
        return clip.file.stem if clip.file else tr("Your video")
    return tr("Kling's clip")


def is_file(clip: Clip) -> bool:
    """Whether it was brought in: Kling has never had it."""
    return clip.id.startswith(FILE_CLIP)


def made_by(clip: Clip) -> str:
    """How the clip came to be, in one or two words."""
    if is_file(clip):
        return tr("Your video")
    words = {
        Kind.EXTENSION: tr("Extended clip"),
        Kind.TEXT: tr("Text to video"),
        Kind.IMAGE: tr("Image to video"),
    }
    return words[clip.kind]


def length(clip: Clip) -> str:
    """ "0:10.2", or that it is not known."""
    return tr("length unknown") if clip.seconds is None else formatting.length(clip.seconds)


def expiry(clip: Clip, now: datetime, *, is_sure: bool = True) -> str:
    """How long Kling still keeps it: "expires in 12 days", "expired"; a guess says so, from its id, or while the time
    is not known for sure; "" if unknown.
    """
    ends = _ends(clip)
    if ends is not None and (is_sure or ends > now):
        return _expires(math.ceil((ends - now) / _DAY))
    if ends is not None:
        return _probably_expires(0)
    minted = minted_at(clip.id)
    if minted is None or minted > now:
        return ""
    return _probably_expires(math.ceil((minted + RETENTION - now) / _DAY))


def is_expired(clip: Clip, now: datetime) -> bool:
    """Whether Kling has deleted it, by Kling's own dates; never by a guess."""
    ends = _ends(clip)
    return ends is not None and ends <= now


def facts(clip: Clip, now: datetime, *, is_sure: bool = True) -> tuple[str, ...]:
    """What a card or a row says of a clip, most important first; nothing empty."""
    said = (length(clip), made_by(clip), expiry(clip, now, is_sure=is_sure), tr("kept on disk") if clip.file else "")
    return tuple(part for part in said if part)


def _ends(clip: Clip) -> datetime | None:
    if clip.expires_at:
        return clip.expires_at
    return clip.made_at + RETENTION if clip.made_at else None


def _expires(days: int) -> str:
    if days <= 0:
        return tr("expired")
    return tr_count(days, "expires within a day", "expires in {n} days")


def _probably_expires(days: int) -> str:
    if days <= 0:
        return tr("probably expired")
    return tr_count(days, "probably expires within a day", "probably expires in {n} days")
