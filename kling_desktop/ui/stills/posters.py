"""Stills from disk as pixmaps of the right size: decoded beside the GUI thread, the last ones kept."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage, QImageReader, QPixmap

from kling_desktop.ui.stills.side_thread import SideThread

KEPT = 400
"""Pixmaps in memory at most: the stills of a long scroll back, at 100 x 56 pixels about 9 MB."""

KEPT_MB = 48.0
"""What they may take together: more than the cards of a library that fills a screen of 4K."""

_LEAST = 4
"""So many are kept however large they are: what is in sight would be asked for again and again."""

WANTED = 32
"""Stills waiting to be decoded; while the list flies by, the oldest wishes are dropped unseen."""


@dataclass(frozen=True, slots=True)
class _Wish:
    file: Path
    width: int
    height: int


class Posters(QObject):
    """Hands out what it has, and says when more has come."""

    loaded = Signal(object)
    """Path of a still that can be painted now, or that turned out not to be readable."""

    def __init__(self, parent: QObject | None = None, kept_mb: float = KEPT_MB) -> None:
        """Whoever shows large stills, a few at a time, keeps no more than `kept_mb` MB of them."""
        super().__init__(parent)
        self._most_bytes, self._bytes = kept_mb * 1e6, 0
        self._kept: OrderedDict[_Wish, QPixmap | None] = OrderedDict()
        self._wanted: OrderedDict[_Wish, None] = OrderedDict()
        self._busy: _Wish | None = None
        # One thread: two would take turns at the same disk and slow the window on a small machine.
        self._thread = SideThread("posters")

    def pixmap(self, file: Path, size: QSize) -> QPixmap | None:
        """The still, as large as fits into `size` (device pixels); None while it is not there, or never will be."""
        wish = _Wish(file, size.width(), size.height())
        if wish in self._kept:
            self._kept.move_to_end(wish)
            return self._kept[wish]
        self._want(wish)
        return None

    def _want(self, wish: _Wish) -> None:
        if wish == self._busy:
            return
        self._wanted[wish] = None
        self._wanted.move_to_end(wish)
        if len(self._wanted) > WANTED:
            self._wanted.popitem(last=False)
        self._start_next()

    def _start_next(self) -> None:
        if self._busy is None and self._wanted:
            # Newest first: what was asked for last is what is in sight now.
            wish, _ = self._wanted.popitem()
            self._busy = wish
            self._thread.do(partial(_decode, wish), self._take_in)

    def _take_in(self, decoded: tuple[_Wish, QImage]) -> None:
        wish, image = decoded
        self._kept[wish] = kept = None if image.isNull() else QPixmap.fromImage(image)
        self._bytes += _bytes_of(kept)
        while len(self._kept) > KEPT or (self._bytes > self._most_bytes and len(self._kept) > _LEAST):
            self._bytes -= _bytes_of(self._kept.popitem(last=False)[1])
        self._busy = None
        self._start_next()
        self.loaded.emit(wish.file)


def _bytes_of(pixmap: QPixmap | None) -> int:
    return pixmap.width() * pixmap.height() * 4 if pixmap is not None else 0


def _decode(wish: _Wish) -> tuple[_Wish, QImage]:
    """Runs in the thread; a null image when the file is missing or broken."""
    reader = QImageReader(str(wish.file))
    whole = reader.size()
    if whole.isValid():
        reader.setScaledSize(whole.scaled(wish.width, wish.height, Qt.AspectRatioMode.KeepAspectRatio))
    return wish, reader.read()
