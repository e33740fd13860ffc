"""The data folder: made when it is missing, readable by its owner only; another one that was chosen is remembered."""

from __future__ import annotations

import contextlib
import logging
import os
from pathlib import Path

from kling_desktop.errors import DataFolderUnusable, FileTrouble
from kling_desktop.store.files import write_atomically

log = logging.getLogger(__name__)

_PRIVATE_FILES = ("*.sqlite3*", "*.json", "*.mark", "logs/*")


def made_private(folder: Path) -> Path:
    """The folder as an absolute path, made with its parents; it, its logs and its library are the owner's alone.

    A file system that knows no owners (FAT, some shares) keeps what it has. Raises DataFolderUnusable when there is
    a file or a dangling link in its place, or when it cannot be made.
    """
    folder = folder.expanduser().absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        logs = folder / "logs"
        logs.mkdir(exist_ok=True, mode=0o700)
    except (OSError, ValueError, RuntimeError) as error:
        raise DataFolderUnusable(f"{folder}: {getattr(error, 'strerror', None) or type(error).__name__}") from error
    if os.name != "nt":
        _close_to_others(folder, logs)
    return folder


def chosen_folder(note: Path) -> Path | None:
    """The folder that the creator chose instead of the usual one, as `note` says; None without such a note.

    It is never made anew: where its drive is not there, a library beside it would look as if all were lost. Raises
    DataFolderUnusable then.
    """
    try:
        text = note.read_text("utf-8").strip()
    except (OSError, ValueError):
        return None
    if not text:
        return None
    if not Path(text).is_dir():
        raise DataFolderUnusable(f"{text}: the folder, or the drive that it is on, is not there")
    return Path(text)


def remember_folder(note: Path, folder: Path) -> None:
    """Start in this folder from now on. A note that cannot be written costs the same question at the next start."""
    try:
        write_atomically(note, str(folder.absolute()).encode())
    except (FileTrouble, ValueError) as error:  # ValueError: a name that is no text
        log.error("the chosen data folder cannot be noted: %s", error)


def _close_to_others(folder: Path, logs: Path) -> None:
    """An older version left them open to all."""
    for place in (folder, logs):
        with contextlib.suppress(OSError):
            place.chmod(0o700)
    for pattern in _PRIVATE_FILES:
        for file in folder.glob(pattern):
            with contextlib.suppress(OSError):
                file.chmod(0o600)
