"""Where the program's own files are: icons and translations, in a checkout as well as installed."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[2]


def resource(relative: str) -> Path:
    """Path of a file of `resources/`, in a checkout as well as installed."""
    installed = _PACKAGE / "resources"
    return (installed if installed.is_dir() else _PACKAGE.parent / "resources") / relative
