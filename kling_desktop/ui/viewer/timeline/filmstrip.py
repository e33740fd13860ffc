"""The thumbnails of a film in a row: read off the window's thread, painted from a pixmap that is kept."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPixmap

from kling_desktop.ui.stills.side_thread import SideThread

_ROUNDING = 4


class Filmstrip(QObject):
    """One JPEG that holds `count` thumbnails of the same size side by side, spread evenly over the film."""

    changed = Signal()
    """There are thumbnails, or none, or others."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sheet = QImage()
        self._count = 0
        self._wanted: Path | None = None
        self._ribbon: tuple[QSize, float, QPixmap] | None = None
        self._thread = SideThread("filmstrips")

    def show(self, file: Path | None, count: int) -> None:
        """Have the thumbnails of a file read; until then, and for None or a file that cannot be read, there are
        none."""
        if file == self._wanted and count == self._count:
            return
        self._wanted, self._count = file, max(0, count)
        self._take(QImage())
        if file is not None and count > 0:
            self._thread.do(partial(_read, file), self._receive)

    @property
    def there(self) -> bool:
        return not self._sheet.isNull()

    @property
    def count(self) -> int:
        return self._count

    def tile(self, share: float) -> QImage:
        """The thumbnail at a share of the film's length, 0 to 1; null when there is none."""
        if not self.there:
            return QImage()
        width = self._sheet.width() // self._count
        return self._sheet.copy(self._at(share) * width, 0, width, self._sheet.height())

    def ribbon(self, size: QSize, ratio: float) -> QPixmap:
        """All of it in `size` (of the screen's pixels, `ratio` of the device's to one); as many thumbnails as fit."""
        kept = self._ribbon
        if kept is None or kept[:2] != (size, ratio):
            kept = (size, ratio, self._laid_out(size, ratio))
            self._ribbon = kept
        return kept[2]

    def _laid_out(self, size: QSize, ratio: float) -> QPixmap:
        pixmap = QPixmap(size * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        width = self._sheet.width() / self._count
        cells = max(1, round(size.width() / (size.height() * width / self._sheet.height())))
        across = size.width() / cells
        painter = QPainter(pixmap)
        painter.setRenderHints(QPainter.RenderHint.SmoothPixmapTransform | QPainter.RenderHint.Antialiasing)
        rounded = QPainterPath()
        rounded.addRoundedRect(QRectF(0, 0, size.width(), size.height()), _ROUNDING, _ROUNDING)
        painter.setClipPath(rounded)
        for cell in range(cells):
            source = QRectF(self._at((cell + 0.5) / cells) * width, 0, width, self._sheet.height())
            painter.drawImage(QRectF(cell * across, 0, across + 0.5, size.height()), self._sheet, source)
        painter.end()
        return pixmap

    def _at(self, share: float) -> int:
        return max(0, min(int(share * self._count), self._count - 1))

    def _receive(self, read: tuple[Path, QImage]) -> None:
        file, sheet = read
        if file == self._wanted and sheet.width() >= self._count:
            self._take(sheet)

    def _take(self, sheet: QImage) -> None:
        self._sheet, self._ribbon = sheet, None
        self.changed.emit()


def _read(file: Path) -> tuple[Path, QImage]:
    """Runs in the thread; a null image for what cannot be read."""
    return file, QImage(str(file)).convertToFormat(QImage.Format.Format_RGB32)
