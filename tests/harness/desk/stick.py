"""A stick that is plugged in and pulled out: what is left of it is the empty folder in which it was mounted."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kling_desktop.domain.places.drives import DRIVES


class Stick:
    """Plugged in at first. The system is asked about mounts by `os.path.ismount` alone, and here believes this one."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self._away = folder, folder.with_name(f"{folder.name} in a pocket")
        self._is_in = True
        folder.mkdir(parents=True)
        is_mount = os.path.ismount
        monkeypatch.setattr(
            os.path, "ismount", lambda place: is_mount(place) or (self._is_in and Path(place) == folder)
        )
        monkeypatch.setattr(DRIVES, "_seen_now", {})

    def pull(self) -> None:
        """It is not there any more."""
        self.folder.rename(self._away)
        self.folder.mkdir()
        self._is_in = False

    def plug(self) -> None:
        """It is back; what was put into the empty folder meanwhile would be hidden behind it."""
        self.folder.rmdir()
        self._away.rename(self.folder)
        self._is_in = True
