"""Where the data of the program lies when no other place is asked for.

The first paint waits for what is imported here.
"""

from __future__ import annotations

from pathlib import Path

import platformdirs

APP = "Kling Desktop"


def data_folder(asked: Path | None) -> Path:
    """The folder that is asked for, or else the one chosen once before, or else the one of this system for data.

    Raises DataFolderUnusable when the one chosen before is not there.
    """
    if asked is None and folder_note().exists():
        from kling_desktop.running.data_folder import chosen_folder  # only who has chosen one waits for it

        asked = chosen_folder(folder_note())
    return asked or Path(platformdirs.user_data_dir(APP, appauthor=False))


def folder_note() -> Path:
    """Says which folder was chosen. Beside no library: it says where that is."""
    return Path(platformdirs.user_config_dir(APP, appauthor=False)) / "data-folder.txt"
