"""Keeps the pictures that clips begin and end with, each under the hash of its bytes."""

from __future__ import annotations

import os
from pathlib import Path

from kling_desktop.sandbox.rules.pictures import Picture


class Pictures:
    """One folder; the same picture twice is one file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, name: str) -> Path:
        return self._folder / name

    def keep(self, *pictures: Picture | None) -> None:
        """Writes those that are not there yet, whole or not at all."""
        for picture in pictures:
            if picture is None or self.path(picture.name).exists():
                continue
            self._folder.mkdir(parents=True, exist_ok=True)
            fresh = self.path(f"{picture.name}.{os.getpid()}.new")
            fresh.write_bytes(picture.data)
            fresh.replace(self.path(picture.name))
