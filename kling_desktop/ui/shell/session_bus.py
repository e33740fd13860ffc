"""The bus on which programs of a Linux desktop talk to each other."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def has_session_bus() -> bool:
    """Whether there is one: where there is none, asking for it would start one."""
    folder = os.environ.get("XDG_RUNTIME_DIR")
    is_there = bool(os.environ.get("DBUS_SESSION_BUS_ADDRESS")) or bool(folder and (Path(folder) / "bus").exists())
    return sys.platform.startswith("linux") and is_there
