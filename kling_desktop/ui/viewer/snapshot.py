"""Writes a frame to a picture file, off the window's thread and never over another file."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage


def picture_name(film: str, frame: int) -> str:
    """Name of the picture of a frame, counted from 1, of a film; without an ending."""
    return f"{film}_f{frame:05}"


class _Carrier(QObject):
    """Tells the window what the thread did. The thread holds on to it, so it outlives a closing window."""

    written = Signal(object, bool)


class Snapshots(QObject):
    """Saves as PNG, which loses nothing."""

    saved = Signal(object)
    """Path of a picture that is on the disk."""
    failed = Signal(object)
    """Path of a picture that could not be written."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = ThreadPoolExecutor(1, "snapshots")
        self._carrier = _Carrier()
        self._carrier.written.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def save(self, image: QImage, folder: Path, name: str) -> None:
        """Write an image as `folder/name.png`, or `name -1.png` and so on; `saved` or `failed` tells how it went."""
        self._thread.submit(_write, image, folder, name, self._carrier)

    def _tell(self, target: Path, is_saved: bool) -> None:
        (self.saved if is_saved else self.failed).emit(target)


def _write(image: QImage, folder: Path, name: str, carrier: _Carrier) -> None:
    """Runs in the thread."""
    target = folder / f"{name}.png"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        target = _claim(folder, name)
    except OSError:
        carrier.written.emit(target, False)
        return
    is_saved = image.save(str(target))
    if not is_saved:
        target.unlink(missing_ok=True)
    carrier.written.emit(target, is_saved)


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
