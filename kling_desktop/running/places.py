"""Where the data of the program lies when no other place is asked for."""

from __future__ import annotations

from pathlib import Path

import platformdirs

APP = "Kling Desktop"


def data_folder(chosen: Path | None) -> Path:
    """The chosen folder, or else the one that this system has for the data of programs."""
    return chosen or Path(platformdirs.user_data_dir(APP, appauthor=False))
