"""What is read for an export has to stay as it is meanwhile: else half of one film and half of another would leave."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from kling_desktop.errors import ExportDiffers, NotAVideo, SourceChanged, Truncated, unreadable


@contextmanager
def unchanged(sources: Iterable[Path]) -> Iterator[None]:
    """Raises SourceChanged at the end, or in the place of what a change let go wrong, when another program has written
    one of the files meanwhile; FileGone, FileTrouble.
    """
    before = {file: _state(file) for file in sources}
    try:
        yield
    except (ExportDiffers, NotAVideo, Truncated) as error:
        _compare(before, error)
        raise
    _compare(before)


def _compare(before: dict[Path, tuple[int, int]], cause: Exception | None = None) -> None:
    for file, state in before.items():
        if _state(file) != state:
            raise SourceChanged(file.name) from cause


def _state(file: Path) -> tuple[int, int]:
    """Its size and when it was last written."""
    try:
        found = file.stat()
    except OSError as error:
        raise unreadable(file, error) from error
    return found.st_size, found.st_mtime_ns
