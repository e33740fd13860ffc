"""What stands beneath the frames of a seam: its five meters, and as a second face how far the film has drifted."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QStackedWidget, QWidget

from kling_desktop.domain.analysis import HopLook
from kling_desktop.ui import theme
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.painted.segments import Segments
from kling_desktop.ui.seams.drift_chart import DriftChart
from kling_desktop.ui.seams.meter_bars import MeterBars
from kling_desktop.ui.theme.fonts import scaled

METERS, DRIFT = range(2)
"""Faces."""

_ROOM_BESIDE = 660
"""Width in pixels below which the choice of the face stands over the meters."""


class SeamFoot(QWidget):
    """As high as the face that is shown needs; without a chain of hops there is no drift to turn to."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.meters = MeterBars(self)
        self.drift = DriftChart(self)
        self.faces = Segments((tr("This seam"), tr("Drift")), name=tr("What is shown"), small=True, parent=self)
        self._stack = QStackedWidget(self)
        for face in (self.meters, self.drift):
            self._stack.addWidget(face)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 6, 12, 6)
        self._row.setSpacing(theme.GAP)
        self._row.addWidget(self._stack, 1)
        self._row.addWidget(self.faces, 0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.faces.chosen.connect(self.turn_to)
        self.show_drift(())

    def turn_to(self, face: int) -> None:
        """Show `METERS` or `DRIFT`."""
        self.faces.choose(face)
        self._stack.setCurrentIndex(face)
        self.updateGeometry()
        parent = self.parentWidget()
        if parent is not None and self.isVisible():
            self.hide()  # its place is given anew where it is shown
            self.show()

    def show_drift(self, hops: tuple[HopLook, ...]) -> None:
        """Hop 0 first; fewer than three are no chain."""
        self.drift.show_hops(hops)
        is_chain = len(hops) > 2
        self.faces.set_off(DRIFT, "" if is_chain else tr("A film of one hop has not drifted."))
        if not is_chain and self._stack.currentIndex() == DRIFT:
            self.turn_to(METERS)

    def sizeHint(self) -> QSize:
        face = self._stack.currentWidget()
        inside = face.sizeHint().height() if face is not None else 0
        choice = self.faces.sizeHint().height()
        stacked = self._row.direction() != QBoxLayout.Direction.LeftToRight
        return QSize(scaled(560), (inside + choice + theme.GAP if stacked else max(inside, choice)) + 12)

    def minimumSizeHint(self) -> QSize:
        return QSize(scaled(300), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = event.size().width() >= scaled(_ROOM_BESIDE)
        wanted = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.BottomToTop
        if self._row.direction() != wanted:
            self._row.setDirection(wanted)
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.colours().window))
        painter.end()
