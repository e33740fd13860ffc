"""A joined film under a name for people, when it leaves by a drag: its own name is a checksum."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

from kling_desktop.domain.clips import Clip
from kling_desktop.domain.takes import Part, TakeState
from kling_desktop.export.names import DEFAULT, TemplateRefused, filled, free
from kling_desktop.studio.films.handing_over.handover import naming

_log = logging.getLogger(__name__)


def seconds_of(parts: Sequence[Part], clip: Callable[[str], Clip | None]) -> Fraction | None:
    """How long a film is, as Kling states its clips; None where that is not known."""
    whole = Fraction(0)
    for part in parts:
        known = clip(part.clip_id)
        end = part.end if part.end is not None or known is None or known.seconds is None else Fraction(known.seconds)
        if end is None:
            return None
        whole += end - part.start
    return whole


def named_file(
    file: Path, folder: Path, state: TakeState, film: str, seconds: Fraction | None, template: str = DEFAULT
) -> Path:
    """The same file in that folder, named as exports are, by a hard link: it takes no room, and an editor that uses it
    there keeps it, though the file itself is a cache. Where the disk has no links, the file as it is.

    `film` is the film's name, `seconds` its length. Two small steps on the disk, no more.
    """
    values = naming(state, film) | {"counter": 1, "format": "film"}
    values["len"] = "" if seconds is None else f"{float(seconds):.0f}"
    try:
        try:
            name = filled(template, values, file.suffix).name
        except TemplateRefused:  # nothing of what it asks for is known of this take
            name = filled(DEFAULT, values, file.suffix).name
        link = free(folder / name, lambda path: path.exists() and not path.samefile(file))
        if not link.exists():
            folder.mkdir(parents=True, exist_ok=True)
            os.link(file, link)
    except OSError as error:
        _log.info("a dragged film keeps its own name: %s", error.strerror)
        return file
    return link
