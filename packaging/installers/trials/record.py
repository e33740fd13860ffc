"""What was tried, and what came out of it, as a page to read and to pass on with the installers."""

from __future__ import annotations

import platform
from datetime import UTC, datetime
from pathlib import Path


class Record:
    """Sentences by installer, in the order in which they turned out to be true."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._heads: dict[str, str] = {}
        self._sentences: dict[str, list[str]] = {}

    def begin(self, name: str, made: Path, size: int) -> None:
        """An installer is tried now: which file, of how many bytes."""
        self._heads[name] = f"{made.name}, {size / 1e6:.1f} MB"

    def note(self, name: str, sentence: str) -> None:
        """Something turned out."""
        self._sentences.setdefault(name, []).append(sentence)

    def write(self) -> None:
        """Replace the page, if anything was tried."""
        if not self._sentences:
            return
        when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
        lines = [f"# What was tried, {when}", "", f"On {_system()}, by `python3 packaging/dev.py package`.", ""]
        for name, sentences in self._sentences.items():
            lines += [f"## {name}: {self._heads[name]}" if name in self._heads else f"## {name}", ""]
            lines += [f"- {sentence}" for sentence in sentences] + [""]
        self._path.write_text("\n".join(lines), encoding="utf-8")


def _system() -> str:
    try:
        name = platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        name = platform.platform()
    return f"{name}, {platform.machine()}, Python {platform.python_version()}"
