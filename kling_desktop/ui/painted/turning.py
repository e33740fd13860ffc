"""The beat to which rendering shapes turn, and the time beside them goes on, while one is in sight."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from kling_desktop.ui.painted.shapes import TURN_MS, TURNS

_CALM_MS = 1000
"""Where nothing turns, the time beside it still goes on."""


class Turning(QObject):
    """Beats while a shape that turns is painted again and again; rests when none was painted since the last beat."""

    turned = Signal(int)
    """The next step, 0 to `TURNS` - 1."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.moves = True
        """Whether shapes may turn; off where the creator asks for calm: then the same step comes once a second."""
        self._step = 0
        self._was_painted = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._turn)
        widget.installEventFilter(self)

    def go_on(self) -> None:
        """A shape that turns has just been painted."""
        self._was_painted = True
        if not self._timer.isActive():
            self._timer.start(TURN_MS if self.moves else _CALM_MS)

    def _turn(self) -> None:
        if not self._was_painted:
            self._timer.stop()
            return
        self._was_painted = False
        if self.moves:
            self._step = (self._step + 1) % TURNS
        self._timer.setInterval(TURN_MS if self.moves else _CALM_MS)
        self.turned.emit(self._step)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Hide:
            self._timer.stop()
        return False
