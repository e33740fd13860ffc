"""Writes a frame to a picture file, off the window's thread and never over another file."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal
from PySide6.QtGui import QImage


def picture_name(film: str, frame: int) -> str:
    """Name of the picture of a frame, counted from 1, of a film; without an ending."""
    return f"{film}_f{frame:05}"


class Snapshots(QObject):
    """Saves as PNG, which loses nothing."""

    saved = Signal(object)
    """Path of a picture that is on the disk."""
    failed = Signal(object)
    """Path of a picture that could not be written."""

    def save(self, image: QImage, folder: Path, name: str) -> None:
        """Write an image as `folder/name.png`, or `name -1.png` and so on; `saved` or `failed` tells how it went."""
        QThreadPool.globalInstance().start(_Writing(image, folder, name, self))


class _Writing(QRunnable):
    def __init__(self, image: QImage, folder: Path, name: str, told: Snapshots) -> None:
        super().__init__()
        self._image, self._folder, self._name, self._told = image, folder, name, told

    def run(self) -> None:
        target = self._folder / f"{self._name}.png"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            target = _claim(self._folder, self._name)
        except OSError:
            self._told.failed.emit(target)
            return
        if self._image.save(str(target)):
            self._told.saved.emit(target)
        else:
            target.unlink(missing_ok=True)
            self._told.failed.emit(target)


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
