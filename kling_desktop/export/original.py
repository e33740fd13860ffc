"""Hands out the very file that Kling made, byte for byte."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

from kling_desktop.domain.clips import Progress
from kling_desktop.errors import ExportFull, unreadable, unwritable
from kling_desktop.export.placing import hidden_name, mark_of

_PIECE = 1 << 20
"""Bytes between two words about how far it is."""


def copy(source: Path, target: Path) -> Generator[Progress]:
    """Copy `source` to `target`, replacing it in one step when all has been written, or leaving it as it was.

    For a worker thread. Ended early (`close`), it leaves no trace. Raises what `pieces` does; ExportFull, FileTooLarge
    or FileTrouble with the system's words.
    """
    try:
        yield from copy_within(source, target)
    except OSError as error:
        raise unwritable(target.name, error.errno, error.strerror or str(error), ExportFull) from error


def copy_within(source: Path, target: Path) -> Generator[Progress]:
    """As `copy`, within a larger export, which has a name of its own for what goes wrong: raises OSError of writing."""
    part = target.with_name(hidden_name(mark_of(target)))  # two copies to one name must not meet in one file
    try:
        yield from _written(source, part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def pieces(source: Path) -> Generator[bytes]:
    """All bytes of a file that is to be handed out. Raises FileGone, FileTrouble: what is wrong with it must not be
    taken for a fault of the file that is written.
    """
    try:
        with source.open("rb") as read:
            while piece := read.read(_PIECE):
                yield piece
    except OSError as error:
        raise unreadable(source, error) from error


def size_of(source: Path) -> int:
    """In bytes. Raises FileGone, FileTrouble."""
    try:
        return source.stat().st_size
    except OSError as error:
        raise unreadable(source, error) from error


def _written(source: Path, part: Path) -> Generator[Progress]:
    total, copied = size_of(source), 0
    with part.open("wb") as write:
        for piece in pieces(source):
            write.write(piece)
            copied += len(piece)
            yield Progress(copied, total)
        write.flush()
        os.fsync(write.fileno())
