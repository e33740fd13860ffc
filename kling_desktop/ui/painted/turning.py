"""The beat to which rendering shapes turn, while one is in sight."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from kling_desktop.ui.painted.shapes import TURN_MS, TURNS


class Turning(QObject):
    """Beats while a shape that turns is painted again and again; rests when none was painted since the last beat."""

    turned = Signal(int)
    """The next step, 0 to `TURNS` - 1."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.moves = True
        """Whether shapes may turn; off where the creator asks for calm."""
        self._step = 0
        self._was_painted = False
        self._timer = QTimer(self, interval=TURN_MS)
        self._timer.timeout.connect(self._turn)
        widget.installEventFilter(self)

    def go_on(self) -> None:
        """A shape that turns has just been painted."""
        self._was_painted = True
        if self.moves and not self._timer.isActive():
            self._timer.start()

    def _turn(self) -> None:
        if not (self.moves and self._was_painted):
            self._timer.stop()
            return
        self._was_painted = False
        self._step = (self._step + 1) % TURNS
        self.turned.emit(self._step)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Hide:
            self._timer.stop()
        return False
