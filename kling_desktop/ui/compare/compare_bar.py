"""The bar under the compared films: one transport for all, and the buttons for how they are compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QSize
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from kling_desktop.domain.analysis import Seam
from kling_desktop.ui.formatting import length
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.painted.shapes import Shape
from kling_desktop.ui.seams.strip_mark import strip_mark
from kling_desktop.ui.theme import GAP, ICON, icon
from kling_desktop.ui.theme.layouts import nest
from kling_desktop.ui.viewer.timeline.hop_strip import HopStrip, SeamMark
from kling_desktop.ui.viewer.transport import rate_words


class CompareBar(QWidget):
    """Shows how the players stand and passes on what the creator wants; knows no player."""

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self.strip = HopStrip(self)
        self.time = QLabel(self)
        self.frame = QLabel(self)
        self.frame.setProperty("quiet", True)
        self.rate = QLabel(self)
        self.rate.setProperty("quiet", True)
        self._lay_out()
        self.show_time(0.0, 0.0, 0, 0)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(GAP // 4)
        self._add(row, "frame_back", "toggle", "frame_forward", "to_seam")
        row.addSpacing(GAP)
        for label in (self.time, self.frame, self.rate):
            row.addWidget(label)
            row.addSpacing(GAP)
        row.addStretch()
        self._add(row, "next_take", "hear_next")
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP // 2, GAP // 2, GAP // 2, 0)
        column.setSpacing(GAP // 4)
        column.addWidget(self.strip)
        nest(column, row)

    def _add(self, row: QHBoxLayout, *names: str) -> None:
        for name in names:
            button = QToolButton(self)
            button.setDefaultAction(self._actions[name])
            button.setIconSize(QSize(ICON, ICON))
            button.setAccessibleName(self._actions[name].text())
            self._actions[name].changed.connect(lambda b=button, n=name: b.setVisible(self._actions[n].isVisible()))
            row.addWidget(button)

    def show_time(self, seconds: float, whole: float, frame: int, frames: int) -> None:
        """Where the films are; nothing while that is not known."""
        self.time.setText(f"{length(seconds)} / {length(whole)}" if whole else "–:– / –:–")
        self.frame.setText(tr("frame {n} of {all}", n=frame + 1, all=frames) if frames else "")
        if round(whole * 1000) != self.strip.maximum() or not whole:
            self.strip.set_length(whole)
        self.strip.stand_at(seconds)

    def show_seam(self, seconds: float, seam: Seam | None) -> None:
        """Where the takes part, and how the seam of the first of them is; at 0 there is none."""
        mark = strip_mark(1, seam) if seam is not None else SeamMark(seconds, Shape.UNMEASURED, 1)
        self.strip.show_marks([replace(mark, seconds=seconds)] if seconds else [], 1)

    def show_playing(self, playing: bool) -> None:
        self._actions["toggle"].setIcon(icon("pause" if playing else "play"))

    def show_rate(self, rate: float) -> None:
        """Said only when it is not the normal one."""
        self.rate.setText("" if rate == 1 else rate_words(rate))
