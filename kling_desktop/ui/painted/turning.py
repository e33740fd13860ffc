"""The beat to which rendering shapes turn, while somebody can see them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from kling_desktop.ui.painted.shapes import TURN_MS, TURNS


class Turning(QObject):
    """Beats while its widget is shown."""

    turned = Signal(int)
    """The next step, 0 to `TURNS` - 1."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.moves = True
        """Whether shapes may turn; off where the system asks for calm."""
        self._step = 0
        self._timer = QTimer(self, interval=TURN_MS)
        self._timer.timeout.connect(self._turn)
        widget.installEventFilter(self)

    def _turn(self) -> None:
        if self.moves:
            self._step = (self._step + 1) % TURNS
            self.turned.emit(self._step)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show:
            self._timer.start()
        elif event.type() == QEvent.Type.Hide:
            self._timer.stop()
        return False
