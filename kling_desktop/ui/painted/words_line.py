"""A line of words in several colours and weights, elided as a whole where room ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from kling_desktop.ui import formatting
from kling_desktop.ui.painted.lettering import lettering, width_of, write
from kling_desktop.ui.painted.shapes import Shape, paint_shape
from kling_desktop.ui.theme.fonts import ROW, scaled
from kling_desktop.ui.theme.tokens import tokens


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one look."""

    words: str
    role: str = "quiet"
    """Name of a token."""
    size: int = ROW
    bold: bool = False
    before: int = 0
    """Pixels of room before it."""


class WordsLine(QLabel):
    """Painted, so that its colours are those of the theme worn; a screen reader hears the whole."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs: tuple[Run, ...] = ()
        self._shape: Shape | None = None
        self.is_dashed = False
        """Whether the shape is that of a seam which is only about there."""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def say(self, runs: Sequence[Run], shape: Shape | None = None, *, dashed: bool = False) -> None:
        """Say these words, a shape before them. The same words once more leave all as it was."""
        if (tuple(runs), shape, dashed) == (self._runs, self._shape, self.is_dashed):
            return
        self._runs, self._shape, self.is_dashed = tuple(runs), shape, dashed
        whole = "".join(run.words if not run.before else f" {run.words}" for run in self._runs)
        self.setAccessibleName(whole.strip())
        self.setToolTip(formatting.tip(whole.strip()))
        self.updateGeometry()
        self.update()

    @property
    def words(self) -> str:
        """What is said, without looks."""
        return self.accessibleName()

    def sizeHint(self) -> QSize:
        width = sum(run.before + width_of(run.words, lettering(run.size, bold=run.bold)) for run in self._runs)
        return QSize(width + (scaled(18) if self._shape else 0) + 2, scaled(20))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, scaled(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        left = 0
        if self._shape is not None:
            side = scaled(12)
            box = QRectF(0, (self.height() - side) / 2, side, side)
            paint_shape(painter, box, self._shape, dashed=self.is_dashed)
            left = scaled(18)
        for run in self._runs:
            left += run.before
            room = QRect(left, 0, self.width() - left, self.height())
            if room.width() <= 0:
                return
            ink = QColor(getattr(tokens(), run.role))
            left += write(painter, room, run.words, lettering(run.size, bold=run.bold), ink)
