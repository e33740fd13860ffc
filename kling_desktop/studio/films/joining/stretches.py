"""The parts of a film with the files that they are parts of."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kling_desktop.domain.clips import Clip
from kling_desktop.domain.takes import Part
from kling_desktop.errors import FileGone
from kling_desktop.studio.naming import cleaned


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part with the file that it is a part of."""

    part: Part
    file: Path


def stretches_of(parts: Sequence[Part], find: Callable[[str], Clip | None]) -> list[Stretch]:
    """Raises FileGone when a file is not at hand."""
    found: list[Stretch] = []
    for part in parts:
        clip = find(part.clip_id)
        if clip is None or clip.file is None:
            raise FileGone(f"the file of clip {part.clip_id} is not here")
        found.append(Stretch(part, clip.file))
    if not found:
        raise FileGone("a clip of this film is missing")
    return found


def key_of(parts: Sequence[Part]) -> str:
    """The same for the same parts, whatever else has changed."""
    told = "|".join(f"{cleaned(part.clip_id)} {part.start} {part.end} {part.colour}" for part in parts)
    return hashlib.sha256(told.encode()).hexdigest()[:32]
