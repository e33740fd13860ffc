"""Keeps what was found in a clip's file in the library, as JSON, for as long as the file is the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kling_desktop.domain.analysis import Event, HopLook, Measure, Meter, Seam, Strip, Tail, TailWarning, Verdict
from kling_desktop.domain.clips import Clip

if TYPE_CHECKING:
    from kling_desktop.store.library import Library

VERSION = 12
"""Raised when the same file would be found to be otherwise, so that everything is looked for anew."""

SEAMS, DRIFT, TAIL, STRIP = "seams", "drift", "tail", "strip"


def stamp_of(clip: Clip, *also: object) -> str:
    """Says which file was looked at, and what else the finding depends on. Looks at the disk: for worker threads."""
    return hashlib.sha256(repr((VERSION, *state_of(clip), *also)).encode()).hexdigest()[:24]


def state_of(clip: Clip) -> tuple[object, ...]:
    """Size and age of its file. Looks at the disk: for worker threads."""
    if clip.file is None:
        return ("address",)  # what lies behind Kling's address never changes
    try:
        seen = clip.file.stat()
    except OSError:
        return ("missing",)
    return (seen.st_size, seen.st_mtime_ns)


def known_stamp(stamp: str) -> str:
    """The stamp of what was measured in a film that was joined here: it tells by itself which version measured it, as
    the film may be deleted at any time.
    """
    return f"{_known()}{stamp}"


def is_known_outdated(stamp: str) -> bool:
    """Whether it is not the stamp of something that this version measured in a joined film."""
    return not stamp.startswith(_known())


def _known() -> str:
    return f"known {VERSION} "


class Findings:
    """Belongs to the loop's thread, as the library does. What cannot be read any more is as if never found."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def keep(self, clip_id: str, kind: str, stamp: str, found: object) -> None:
        """Keep nouns of `analyzer`, or tuples of them."""
        self._library.put_finding(clip_id, kind, stamp, json.dumps(_plain(found)))

    def stamp(self, clip_id: str, kind: str) -> str:
        """The stamp of what is kept; empty when nothing is."""
        kept = self._library.finding(clip_id, kind)
        return kept[0] if kept else ""

    def seams(self, clip_id: str) -> tuple[Seam, ...]:
        """As found last; empty when they were not looked for."""
        return tuple(seam for seam in (_seam(row) for row in self._read(clip_id, SEAMS) or ()))

    def newest_seam(self, clip_id: str) -> Seam | None:
        """The last of `seams`, without the others being read: a list asks for this one of each of its takes, and the
        last one of a film of a hundred joined takes has a hundred.
        """
        found = self._library.last_found(clip_id, SEAMS)
        return _seam(json.loads(found)) if found else None

    def drift(self, clip_id: str) -> tuple[HopLook, ...]:
        return tuple(HopLook(**row) for row in self._read(clip_id, DRIFT) or ())

    def tail(self, clip_id: str) -> Tail | None:
        row = self._read(clip_id, TAIL)
        return Tail(Path(row["still"]), tuple(TailWarning(word) for word in row["warnings"])) if row else None

    def strip(self, clip_id: str) -> Strip | None:
        row = self._read(clip_id, STRIP)
        return Strip(Path(row["file"]), row["count"]) if row else None

    def _read(self, clip_id: str, kind: str) -> Any:
        kept = self._library.finding(clip_id, kind)
        return json.loads(kept[1]) if kept else None


def _plain(found: object) -> object:
    """What JSON can write."""
    if isinstance(found, tuple):
        return [_plain(each) for each in found]
    if isinstance(found, (Seam, HopLook, Tail, Strip)):
        return {name: str(value) if isinstance(value, Path) else value for name, value in asdict(found).items()}
    return found


def _seam(row: Mapping[str, Any]) -> Seam:
    meters = tuple(
        Meter(Measure(meter["measure"]), meter["value"], meter["bar"], Verdict(meter["verdict"]))
        for meter in row["meters"]
    )
    event = Event(row["event"]) if row.get("event") else None
    return Seam(**{**row, "meters": meters, "event": event})
