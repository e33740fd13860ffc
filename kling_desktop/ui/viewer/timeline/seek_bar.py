"""The bar under the film: shows where it is, of what it is made, and takes it elsewhere by click, drag or key."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractSlider, QSlider, QToolTip, QWidget

from kling_desktop.ui.formatting import length
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.viewer.timeline.filmstrip import Filmstrip
from kling_desktop.ui.viewer.timeline.seam_marks import SeamMark
from kling_desktop.ui.viewer.timeline.seek_paint import EDGE, SLIM, TALL, Look, paint

_PAGE_MS = 5000
_LETTERS = 120
"""Of a prompt, in a tooltip."""


class SeekBar(QSlider):
    """A slider in milliseconds; a slider to screen readers too. It grows when it has thumbnails to show."""

    sought = Signal(float)
    """The user wants to be there: seconds."""
    scrub_began = Signal()
    scrub_ended = Signal()
    grown = Signal()
    """It wants another height now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.strip = Filmstrip(self)
        self._seams: tuple[SeamMark, ...] = ()
        self._range: tuple[float | None, float | None] = (None, None)
        self._is_slim = self._is_tall = self._has_grown = False
        self.setAccessibleName(tr("Position"))
        self.setProperty("seeks", True)
        self.setMouseTracking(True)
        self.setRange(0, 0)
        self.setPageStep(_PAGE_MS)
        self.actionTriggered.connect(self._take_key)
        self.strip.changed.connect(self._grow)

    # what it shows ---------------------------------------------------------------------------------------

    def set_length(self, seconds: float) -> None:
        self.setMaximum(round(seconds * 1000))
        self.setEnabled(seconds > 0)

    def set_position(self, seconds: float) -> None:
        """Follow the film, unless the user holds the handle."""
        if not self.isSliderDown():
            self.setValue(round(seconds * 1000))

    def show_strip(self, file: Path | None, count: int) -> None:
        """Show the thumbnails of this file, `count` in one row; None: a bare bar."""
        self.strip.show(file, count)

    def show_seams(self, seams: tuple[SeamMark, ...]) -> None:
        """Show where the hops join."""
        self._seams = seams
        self.update()

    def show_range(self, start: float | None, end: float | None) -> None:
        """Show what is marked, in seconds; None where it is not."""
        self._range = (start, end)
        self.update()

    def shrink(self) -> None:
        """There is no film any more: be a slim bar again."""
        self._has_grown = False
        self.show_strip(None, 0)
        self._grow()

    def set_slim(self, slim: bool) -> None:
        """Whether there is no room for thumbnails."""
        if slim != self._is_slim:
            self._is_slim = slim
            self._grow()

    def said_at(self, seconds: float) -> str:
        """What the tooltip says there: the time, and of an extended clip the hop with its prompt."""
        at = sum(seam.seconds <= seconds + 0.001 for seam in self._seams)
        if not self._seams:
            return length(seconds)
        prompt = self._seams[at - 1].prompt if at else ""
        hop = tr("hop {n}: {prompt}", n=at, prompt=_cut(prompt)) if prompt else tr("hop {n}", n=at)
        return f"{length(seconds)} · {hop if at else tr('first clip')}"

    def _grow(self) -> None:
        # A bar that has grown stays so while the next film's thumbnails are awaited: the film above must not jump.
        self._has_grown = self._has_grown or self.strip.there
        tall = self._has_grown and not self._is_slim
        if tall != self._is_tall:
            self._is_tall = tall
            self.updateGeometry()
            self.grown.emit()
        self.update()

    def _take_key(self, action: int) -> None:
        if action != QAbstractSlider.SliderAction.SliderMove.value:
            self.sought.emit(self.sliderPosition() / 1000)

    # the mouse -------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.maximum():
            self.setSliderDown(True)
            self.scrub_began.emit()
            self._go_to(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._go_to(event.position())
        if self.maximum():
            where = event.position().toPoint()
            tip = self.said_at(self._milliseconds(event.position()) / 1000)
            QToolTip.showText(self.mapToGlobal(QPoint(where.x() - 16, -self.height() - 22)), tip, self)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.isSliderDown():
            self.setSliderDown(False)
            self.scrub_ended.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # a wheel over the bar while scrolling past must not move the film

    def leaveEvent(self, event: QEvent) -> None:
        QToolTip.hideText()

    def _go_to(self, point: QPointF) -> None:
        self.setValue(self._milliseconds(point))
        self.sought.emit(self.value() / 1000)

    def _milliseconds(self, point: QPointF) -> int:
        share = (point.x() - EDGE) / max(1, self.width() - 2 * EDGE)
        return round(max(0.0, min(1.0, share)) * self.maximum())

    # painting --------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(240, TALL if self._is_tall else SLIM)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, TALL if self._is_tall else SLIM)

    def paintEvent(self, event: QPaintEvent) -> None:
        seconds = self.maximum() / 1000
        look = Look(
            share=self.value() / self.maximum() if seconds else None,
            strip=self.strip if self._is_tall else None,
            seams=tuple(seam.seconds / seconds for seam in self._seams) if seconds else (),
            start=_share(self._range[0], seconds),
            end=_share(self._range[1], seconds),
            lit=self.underMouse() or self.isSliderDown(),
            focused=self.hasFocus(),
        )
        painter = QPainter(self)
        paint(painter, self.size(), look)
        painter.end()


def _share(seconds: float | None, whole: float) -> float | None:
    return None if seconds is None or not whole else max(0.0, min(1.0, seconds / whole))


def _cut(prompt: str) -> str:
    line = " ".join(prompt.split())
    return line if len(line) <= _LETTERS else f"{line[: _LETTERS - 1].rstrip()}…"
