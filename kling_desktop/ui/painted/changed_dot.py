"""A dot that says that a setting differs from the usual; pressed, it takes the setting back there."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolButton, QWidget

from kling_desktop.ui import theme
from kling_desktop.ui.i18n import tr

_SIDE, _DOT = 16, 6


class ChangedDot(QToolButton):
    """A blue dot that can be pressed; a ring is round it when it has the focus."""

    def __init__(self, words: str, parent: QWidget) -> None:
        super().__init__(parent)
        kept = self.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self.setSizePolicy(kept)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip(tr("Changed from the usual. Press to take it back."))
        self.setAccessibleName(tr("Take {setting} back to the usual", setting=words))

    def sizeHint(self) -> QSize:
        return QSize(_SIDE, _SIDE)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, accent = QPainter(self), QColor(theme.tokens().accent)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = QPointF(self.width() / 2, self.height() / 2)
        if self.hasFocus() or self.underMouse():
            painter.setPen(QPen(accent, 2 if self.hasFocus() else 1))
            painter.drawEllipse(middle, _SIDE / 2 - 2, _SIDE / 2 - 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(accent)
        painter.drawEllipse(middle, _DOT / 2, _DOT / 2)
        painter.end()
