"""How kept files are called: readable, unique enough, legal on every system."""

from __future__ import annotations

import hashlib
import re
import sys
import unicodedata
from datetime import datetime

from kling_desktop.domain.clips import Clip

_PART_LIMIT = 40
"""Characters that any one part of a name may have."""
_BYTE_LIMIT = 200
"""Bytes of a whole name: most file systems allow 255, and ' -12' and '.part' come on top."""
_ILLEGAL = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}


def cleaned(text: str) -> str:
    """Text as one legal part of a file name: at most 40 characters, no separators, no reserved name.

    Words are joined by '-'; empty when nothing of the text can stand in a name.
    """
    flat = "".join(" " if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") else c for c in text)
    legal = _ILLEGAL.sub(" ", unicodedata.normalize("NFC", flat))
    joined = "-".join(legal.split())[:_PART_LIMIT].strip(" .-_")
    return f"{joined}_" if joined.split(".")[0].lower() in _RESERVED else joined


def encodable(text: str, encoding: str = "") -> str:
    """Text without what a file system's encoding cannot write (Latin-1, GBK); `encoding` empty: this system's own."""
    known = encoding or sys.getfilesystemencoding()
    return "".join(sign for sign in text if _can_write(sign, known))


def _can_write(sign: str, encoding: str) -> bool:
    try:
        sign.encode(encoding)
    except UnicodeError:
        return False
    return True


def id_name(clip_id: str, encoding: str = "") -> str:
    """A clip's id as one part of a file name. What cannot be written of it is told apart by a digest of all of it."""
    kept = encodable(clip_id, encoding)
    name = cleaned(kept)
    if kept == clip_id:
        return name
    digest = hashlib.sha256(clip_id.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return "-".join(filter(None, (name, digest)))


def take_name(prompt: str, clip: Clip, asked_at: datetime, *, mark: str = "", encoding: str = "") -> str:
    """Name of a kept take, such as '2026-11-22_a-puppy-appears_10s_743211632612511839.mp4'.

    The day is the creator's own, by this computer's time zone. `mark` tells a companion apart (the watermarked copy),
    which is named alike. The clip's id makes the name unique; of prompt and id only what is legal in a name, and what
    the file system's `encoding` can write, is kept.
    """
    length = f"{clip.seconds:.0f}s" if clip.seconds is not None else ""
    day = asked_at.astimezone().strftime("%Y-%m-%d")
    parts = [day, cleaned(encodable(prompt, encoding)), cleaned(length), id_name(clip.id, encoding)]
    parts.append(cleaned(mark))
    name = "_".join(part for part in parts if part)
    while len(name.encode()) > _BYTE_LIMIT and parts[1]:
        parts[1] = parts[1][:-1]
        name = "_".join(part for part in parts if part)
    return f"{name}.mp4"


def seen_name(clip: Clip) -> str:
    """A clip's id as one part of a file name, for what is made of that which plays: of a film that the clip was joined
    to also which film. Joined otherwise, it has other pictures at the same place.
    """
    own = id_name(clip.id)
    joined = clip.file.stem if clip.file is not None and own not in clip.file.stem else ""
    return f"{own}-{hashlib.sha256(joined.encode('utf-8', 'replace')).hexdigest()[:8]}" if joined else own
