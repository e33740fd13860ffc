"""The data folder: made when it is missing, readable by its owner only."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from kling_desktop.errors import DataFolderUnusable

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


def _close_to_others(folder: Path, logs: Path) -> None:
    """An older version left them open to all."""
    for place in (folder, logs):
        with contextlib.suppress(OSError):
            place.chmod(0o700)
    for pattern in _PRIVATE_FILES:
        for file in folder.glob(pattern):
            with contextlib.suppress(OSError):
                file.chmod(0o600)
