"""The folder of takes: made only where its drive is, and looked through for takes that lie there already."""

from __future__ import annotations

import logging
from decimal import Decimal
from pathlib import Path

from kling_desktop.domain.places.drives import DRIVES
from kling_desktop.errors import DownloadFailed, DriveAbsent, FileTrouble
from kling_desktop.export.papers.record import KEY
from kling_desktop.studio.naming import id_name

log = logging.getLogger(__name__)

_SLACK_SECONDS = 0.5
"""By which a file may be longer or shorter than Kling states it; Kling rounds."""

_MOUNTS = ("/media", "/run/media", "/mnt", "/Volumes")
"""Below these a folder that is missing is a drive that is not connected."""


def ensure_folder(folder: Path) -> None:
    """Make the folder, unless the drive or share that it belongs on is not there.

    A folder beside an absent drive would take the takes in and hide them when the drive comes back. Raises DriveAbsent,
    and OSError when the folder cannot be made.
    """
    if is_folder_gone(folder):
        raise DriveAbsent(str(folder))
    folder.mkdir(parents=True, exist_ok=True)
    DRIVES.see(folder)


def is_folder_gone(folder: Path) -> bool:
    """Whether a folder is missing that must not be made: its drive or share is away."""
    if DRIVES.is_away(folder):
        return True
    if folder.is_dir():
        DRIVES.see(folder)
        return False
    is_at_home = folder.is_relative_to(Path.home()) and Path.home().is_dir()
    return not is_at_home and (not folder.parent.is_dir() or _is_mount(folder.absolute()))


def make_folder(folder: Path) -> None:
    """Make a folder of our own. Raises FileTrouble where something else bears its name or nothing may be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileTrouble(f"{folder}: {error.strerror}") from error


def is_out_of_reach(file: Path) -> bool:
    """Whether a file is missing together with its folder, or its drive: not deleted, but on one that is not there."""
    if file.exists():
        DRIVES.see(file.parent)
        return False
    return not file.parent.is_dir() or DRIVES.is_away(file)


def lying_here(folder: Path, clip_id: str, mark: str = "", seconds: Decimal | None = None) -> Path | None:
    """A whole film in this folder that is called like this clip's, whatever words or day its name begins with, and as
    long as Kling states it in `seconds`, where it does.

    Blocks for reading it. None when there is none, or no folder.
    """
    from kling_desktop.media import probe  # loads the media library: not before there is a film to read

    id = id_name(clip_id)
    if not id or not folder.is_dir():
        return None
    ending = f"_{id}_{mark}.mp4" if mark else f"_{id}.mp4"
    # Not by a pattern: Python keeps each that it has met, and lets go of one that is used over and over instead.
    for file in sorted(file for file in folder.iterdir() if file.name.endswith(ending)):
        try:
            length = probe.verify(file).seconds
        except (DownloadFailed, FileTrouble) as error:
            log.info("%s is not taken for the take: %s", file.name, error)
        else:
            if _is_export(file):
                log.info("%s is not taken for the take: it is an export of it", file.name)
                continue
            if seconds is None or abs(length - float(seconds)) <= _SLACK_SECONDS:
                return file
            log.info("%s has another length than the take: %.1f s", file.name, length)
    return None


def _is_export(file: Path) -> bool:
    """Whether a whole film was written by this program: named by the clip too, as long, and coded anew."""
    from kling_desktop.media.writing.read_back import tags_of  # loads the media library

    return KEY in tags_of(file)


def _is_mount(folder: Path) -> bool:
    """Whether a drive would appear under this name or under one above it, and none has: /mnt/x, /Volumes/x, /media/x
    and /media/somebody/x, with all below them. What is left of a mount point is an empty folder.
    """
    above = [place for place in (folder, *folder.parents) if _is_below_mounts(place)]
    return bool(above) and not any(place.is_mount() for place in above)


def _is_below_mounts(place: Path) -> bool:
    return any(mount != str(place) and place.is_relative_to(mount) for mount in _MOUNTS)
