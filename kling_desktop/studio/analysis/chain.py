"""Walks from a clip back to its base, and says where each hop is to be looked for."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from kling_desktop.domain.clips import Clip

if TYPE_CHECKING:
    from kling_desktop.store.library import Library

LONGEST = 60
"""Hops that are followed: more than three minutes can hold. Also ends a chain that bites its own tail."""

USUAL_ADDED_SECONDS = 5.0
"""What an extension adds when nothing else is known (seed page: 4 to 5 s)."""


@dataclass(frozen=True, slots=True)
class Link:
    """One extension of a chain."""

    hop: int
    """1 is the first one whose parent is known to have no parent, or none that the library knows."""
    parent_id: str
    parent_seconds: float
    slack_seconds: float
    """Half of the last digit that the length was stated with, or a second for a guess."""
    parent_file: Path | None
    prompt: str


def chain_of(clip: Clip, library: Library) -> tuple[Link, ...]:
    """All extensions that made the clip, the first one first; empty for a base clip."""
    clips = [clip]
    while clips[-1].parent_id and len(clips) <= LONGEST:
        parent = library.clip(clips[-1].parent_id)
        if parent is None or any(parent.id == known.id for known in clips):
            break
        clips.append(parent)
    children = [child for child in reversed(clips) if child.parent_id]
    return tuple(_link(hop, child, library) for hop, child in enumerate(children, 1))


def _link(hop: int, child: Clip, library: Library) -> Link:
    parent, task = library.clip(child.parent_id), library.by_clip(child.id)
    seconds, slack = _hint(child, parent)
    return Link(
        hop=hop,
        parent_id=child.parent_id,
        parent_seconds=seconds,
        slack_seconds=slack,
        parent_file=parent.file if parent else None,
        prompt=task.extension.prompt if task else "",
    )


def _hint(child: Clip, parent: Clip | None) -> tuple[float, float]:
    """Length of the parent and how far off it may be, by the most exact of the texts that state it."""
    stated = [text for text in (child.parent_seconds, parent.seconds if parent else None) if text is not None]
    if stated:
        best = max(stated, key=_digits)
        return float(best), 0.5 * 10.0 ** -_digits(best)
    return max(0.0, float(child.seconds or 0) - USUAL_ADDED_SECONDS), 1.0


def _digits(text: Decimal) -> int:
    exponent = text.as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0
