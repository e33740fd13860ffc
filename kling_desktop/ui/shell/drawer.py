"""A panel that opens over the stage and goes when the creator turns to something else."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget


class Drawer(QObject):
    """Shows a widget over another; Escape and a press beside it close it, and the focus goes back."""

    closed = Signal()

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self._shown: QWidget | None = None
        self._came_from: QWidget | None = None

    @property
    def opened(self) -> bool:
        """Whether something is shown."""
        return self._shown is not None

    def open(self, widget: QWidget, box: QRect) -> None:
        """Show a widget in this place of the one below."""
        self._came_from = QApplication.focusWidget()
        self._shown = widget
        widget.setParent(self._over)
        widget.setGeometry(box)
        widget.show()
        widget.raise_()
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self)

    def move(self, box: QRect) -> None:
        """The one below has got another size."""
        if self._shown is not None:
            self._shown.setGeometry(box)

    def close(self) -> None:
        """Hide what is shown; nothing shown is no error."""
        widget, self._shown = self._shown, None
        if widget is None:
            return
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)
        focused = QApplication.focusWidget()
        had_focus = focused is not None and (widget is focused or widget.isAncestorOf(focused))
        widget.hide()
        if had_focus and self._came_from is not None and self._came_from.isVisible():
            self._came_from.setFocus(Qt.FocusReason.OtherFocusReason)
        self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._shown is None:
            return False
        if event.type() == QEvent.Type.MouseButtonPress and isinstance(event, QMouseEvent):
            self._close_if_beside(watched, event)
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self._is_beside(watched):
            if event.key() != Qt.Key.Key_Escape:
                return False
            self.close()
            return True
        return False

    def _is_beside(self, watched: QObject) -> bool:
        """Whether it is in the same window: no menu or dialog over it."""
        return isinstance(watched, QWidget) and watched.window() is self._over.window()

    def _close_if_beside(self, watched: QObject, event: QMouseEvent) -> None:
        if self._shown is None or not self._is_beside(watched):
            return
        place = self._shown.mapFromGlobal(event.globalPosition().toPoint())
        if not self._shown.rect().contains(place):
            self.close()
