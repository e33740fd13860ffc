"""Exports: what is being handed out, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from kling_desktop.domain.tasks import Trouble


class ExportState(StrEnum):
    """How an export stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"
    """The creator gave it up; it can be started again."""

    @property
    def ended(self) -> bool:
        return self not in (ExportState.WAITING, ExportState.RUNNING)


@dataclass(frozen=True, slots=True)
class ExportJob:
    """One export in the queue."""

    id: str
    film: str
    """Name of the film."""
    format_key: str
    target: Path
    """Where it is to stand; the finished file may have got a number."""
    state: ExportState = ExportState.WAITING
    done: int = 0
    """Frames that are written (of copies and archives: bytes)."""
    total: int = 0
    """0 until it is known."""
    seconds_left: float | None = None
    """Guessed from how fast it went so far; None while nothing can be said."""
    file: Path | None = None
    """The finished file or folder."""
    notes: tuple[str, ...] = ()
    """What the creator should know about the finished file, in plain English."""
    trouble: Trouble | None = None
    """Why it failed."""
