"""Writes a frame to a picture file, off the window's thread and never over another file."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import count
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from kling_desktop.ui.stills.side_thread import SideThread


def picture_name(film: str, frame: int) -> str:
    """Name of the picture of a frame, counted from 1, of a film; without an ending."""
    return f"{film}_f{frame:05}"


class Snapshots(QObject):
    """Saves as PNG, which loses nothing."""

    saved = Signal(object)
    """Path of a picture that is on the disk."""
    failed = Signal(object)
    """Path of a picture that could not be written."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = SideThread("snapshots")

    def save(self, image: QImage, folder: Path, name: str) -> None:
        """Write an image as `folder/name.png`, or `name -1.png` and so on; `saved` or `failed` tells how it went."""
        self._thread.do(partial(_write, image, folder, name), self._tell)

    def _tell(self, written: tuple[Path, bool]) -> None:
        target, is_saved = written
        (self.saved if is_saved else self.failed).emit(target)


def _write(image: QImage, folder: Path, name: str) -> tuple[Path, bool]:
    """Runs in the thread."""
    target = folder / f"{name}.png"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        target = _claim(folder, name)
    except OSError:
        return target, False
    is_saved = image.save(str(target))
    if not is_saved:
        target.unlink(missing_ok=True)
    return target, is_saved


def _claim(folder: Path, name: str) -> Path:
    """An empty file of a name that was free. Raises OSError."""
    for candidate in _candidates(folder, name):
        try:
            candidate.touch(exist_ok=False)
        except FileExistsError:
            continue
        return candidate
    raise AssertionError  # the candidates do not end


def _candidates(folder: Path, name: str) -> Iterator[Path]:
    yield folder / f"{name}.png"
    for number in count(1):
        yield folder / f"{name} -{number}.png"
