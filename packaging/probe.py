"""Run inside `.venv`: tells whether Qt, its multimedia part, its window system plugin and PyAV really load.

Prints one line for each thing that is missing; exit code 0 when nothing is.
"""

from __future__ import annotations

import ctypes
import importlib
import importlib.util
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

_MODULES = ("PySide6.QtWidgets", "PySide6.QtMultimedia", "PySide6.QtSvg", "av")


def missing() -> Iterator[str]:
    """Names of missing libraries, or the loader's own words."""
    for module in _MODULES:
        try:
            importlib.import_module(module)
        except ImportError as trouble:
            yield _library(str(trouble))
    for plugin in _plugins():
        try:
            ctypes.CDLL(str(plugin))
        except OSError as trouble:
            yield _library(str(trouble))


def _plugins() -> list[Path]:
    """On Linux the plugin that talks to X, which loads libraries that nothing else does."""
    spec = importlib.util.find_spec("PySide6")
    if not sys.platform.startswith("linux") or spec is None or spec.origin is None:
        return []
    return [Path(spec.origin).parent / "Qt" / "plugins" / "platforms" / "libqxcb.so"]


def _library(words: str) -> str:
    found = re.match(r"(\S+\.so[.\d]*): cannot open shared object file", words)
    return found.group(1) if found else words


def _plays() -> bool:
    """Whether a player can be made; the screen is drawn in memory."""
    os.environ |= {"QT_QPA_PLATFORM": "offscreen", "QT_LOGGING_RULES": "qt.multimedia*=false"}
    from PySide6.QtMultimedia import QMediaPlayer
    from PySide6.QtWidgets import QApplication

    application = QApplication([])
    available = QMediaPlayer(application).isAvailable()
    application.shutdown()
    return available


if __name__ == "__main__":
    lacking = list(dict.fromkeys(missing()))
    if not lacking and not _plays():
        lacking = ["a multimedia backend for Qt"]
    print("\n".join(lacking))
    sys.exit(bool(lacking))
