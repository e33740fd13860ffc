"""Brings one file home: fetched, verified, stored once. Blocking, for worker threads."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from kling_desktop.domain.clips import Progress
from kling_desktop.errors import (
    DownloadFailed,
    DownloadInterrupted,
    DriveAbsent,
    FileTrouble,
    FilmTooShort,
    Truncated,
)
from kling_desktop.kling.limiter import Limiter
from kling_desktop.studio.files.folder import ensure_folder, is_folder_gone

log = logging.getLogger(__name__)


def bring_home(
    url: str,
    target: Path,
    moved: Callable[[Progress], None],
    stopped: Callable[[], bool],
    limiter: Limiter,
    least_seconds: float = 0.0,
) -> Path:
    """Fetch `url` to `target`, or beside it when the name is taken; returns the name it got.

    On the way it is called `target` + '.part', so that the next start finds what has come so far. Only what was read
    to its last packet gets the final name. Raises DownloadFailed and its kinds, among them FilmTooShort for one that is
    whole and lasts less than `least_seconds`; DriveAbsent when the folder is away, or went on the way; FileTrouble.
    """
    try:
        return _brought(url, target, moved, stopped, limiter, least_seconds)
    except (DownloadFailed, FileTrouble) as error:
        if is_folder_gone(target.parent):  # whatever it looked like: nothing is wrong with the film or its address
            _discard_beside(target)
            raise DriveAbsent(str(target.parent)) from error
        raise


def _brought(
    url: str,
    target: Path,
    moved: Callable[[Progress], None],
    stopped: Callable[[], bool],
    limiter: Limiter,
    least_seconds: float,
) -> Path:
    from kling_desktop.kling import download, partial  # these libraries would slow the start
    from kling_desktop.media import probe

    part = _part_of(target)
    with partial.file_troubles():
        ensure_folder(target.parent)
        if _is_there(target):
            download.discard(part)
            return target
    try:
        for progress in download.fetch(url, part, stopped=stopped, limiter=limiter):
            moved(progress)
    except Truncated as error:
        if not _is_complete(part):  # the connection ended early: what came is good, and gone on with
            raise DownloadInterrupted(error.message) from error
    try:
        lasts = probe.verify(part).seconds
        if lasts < least_seconds:
            raise FilmTooShort(f"{lasts:.1f} s came, at least {least_seconds:.1f} s were to come")
    except DownloadFailed:
        download.discard(part)  # as long as announced, yet not whole: the next try must not go on from it
        raise
    if is_folder_gone(target.parent):  # the file went on where the drive had been
        raise DriveAbsent(str(target.parent))
    with partial.file_troubles():
        if _is_linked(part, target):
            download.discard(part)
            return target
    return download.keep(part, target)


def _discard_beside(target: Path) -> None:
    """What was begun in the empty folder that is left of a drive: it would hide there when the drive comes back."""
    from kling_desktop.kling import download

    with suppress(FileTrouble):
        download.discard(_part_of(target))


def _part_of(target: Path) -> Path:
    return target.with_name(f"{target.name}.part")


def _is_there(target: Path) -> bool:
    """Whether an earlier start has brought this very file home, and died before it could note that."""
    from kling_desktop.media import probe

    if not target.exists():
        return False
    if target.stat().st_size == 0:
        target.unlink()  # only its name was taken, on a disk without links
        return False
    try:
        probe.verify(target)
    except DownloadFailed as error:
        log.info("%s is there, but not whole: %s", target.name, error)
        return False
    return True


def _is_complete(part: Path) -> bool:
    """Whether all packets came, whatever length the server had announced."""
    from kling_desktop.media import probe

    try:
        probe.verify(part)
    except DownloadFailed:
        return False
    return True


def _is_linked(part: Path, target: Path) -> bool:
    """Give a file of the same content that is kept already a second name, where the disk can: stored once."""
    twin = _twin_of(part)
    if twin is None:
        return False
    try:
        os.link(twin, target)
    except OSError as error:
        log.info("%s cannot share its content: %s", target.name, error)
        return False
    return True


def _twin_of(part: Path) -> Path | None:
    """A kept file with the same content. Sizes are compared first: hardly ever is there anything to read."""
    size = part.stat().st_size
    with os.scandir(part.parent) as entries:
        alike = [
            Path(entry.path)
            for entry in entries
            if entry.name.endswith(".mp4") and entry.is_file(follow_symlinks=False) and entry.stat().st_size == size
        ]
    digest = _digest(part) if alike else b""
    return next((file for file in alike if _digest(file) == digest), None)


def _digest(file: Path) -> bytes:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").digest()
