"""Reads posters from disk off the GUI thread, scaled to what is shown, and keeps the latest of them."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path

from PySide6.QtCore import QObject, QSize, Qt, QThreadPool, Signal
from PySide6.QtGui import QImage, QImageReader, QPixmap


class StillShelf(QObject):
    """Hands out posters of one size. `ask` answers at once with what is there; `arrived` tells when to ask again."""

    arrived = Signal(object)
    """Path of a poster that can be had now. Files that hold no picture never arrive."""

    def __init__(self, size: QSize, parent: QObject, kept: int = 300) -> None:
        """`size` is in device pixels; `kept` is how many posters stay in memory."""
        super().__init__(parent)
        self._size = size
        self._kept = kept
        self._stills: OrderedDict[Path, QPixmap] = OrderedDict()
        self._asked: set[Path] = set()
        # Held by every reading too, and never a child: a reading that ends after us must find it alive.
        self._messenger = _Messenger()
        self._messenger.read.connect(self._put, Qt.ConnectionType.QueuedConnection)

    def ask(self, poster: Path) -> QPixmap | None:
        """The poster, fitted into the size; None while it is being read, or when it cannot be."""
        if poster in self._stills:
            self._stills.move_to_end(poster)
            return self._stills[poster]
        if poster not in self._asked:
            self._asked.add(poster)
            messenger, size = self._messenger, self._size
            QThreadPool.globalInstance().start(lambda: messenger.read.emit(poster, _read(poster, size)))
        return None

    def _put(self, poster: Path, image: QImage) -> None:
        if image.isNull():
            return  # stays asked: reading it again and again would not mend it
        self._asked.discard(poster)
        self._stills[poster] = QPixmap.fromImage(image)
        while len(self._stills) > self._kept:
            self._stills.popitem(last=False)
        self.arrived.emit(poster)


class _Messenger(QObject):
    read = Signal(object, QImage)


def _read(poster: Path, size: QSize) -> QImage:
    reader = QImageReader(str(poster))
    full = reader.size()
    if full.isValid():
        reader.setScaledSize(full.scaled(size, Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()
