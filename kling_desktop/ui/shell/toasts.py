"""Short news over the stage's foot: one line, perhaps one thing to do about it; never an error."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QEnterEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from kling_desktop.ui.i18n import tr
from kling_desktop.ui.theme import fonts
from kling_desktop.ui.theme.icons import icon
from kling_desktop.ui.theme.tokens import tokens

SECONDS = 5.0
"""How long a toast stays; the pointer or the focus on it holds it."""

_HEIGHT, _GAP, _AT_ONCE, _ICON = 36, 12, 3, 16
Action = Callable[[], object]


class Toasts(QObject):
    """Stacks toasts over the foot of a widget, the newest lowest."""

    def __init__(self, stage: QWidget) -> None:
        super().__init__(stage)
        self._stage = stage
        self._toasts: list[Toast] = []
        stage.installEventFilter(self)

    def toast(
        self, text: str, action_text: str = "", on_action: Action | None = None, seconds: float = SECONDS
    ) -> Toast:
        """Show a line for a while, such as "Rejected" with Undo."""
        toast = Toast(text, action_text, on_action, self._stage)
        toast.ended.append(lambda: self._end(toast))
        self._toasts.append(toast)
        while len(self._toasts) > _AT_ONCE:
            self._end(self._toasts[0])
        toast.stay(seconds)
        self._place()
        toast.show()
        return toast

    def find(self, text: str) -> Toast | None:
        """The toast that says `text`."""
        return next((toast for toast in self._toasts if toast.text() == text), None)

    def hang_over(self, stage: QWidget) -> None:
        """Stand over the foot of another widget from now on, with all that is said."""
        self._stage.removeEventFilter(self)
        self._stage = stage
        stage.installEventFilter(self)
        for toast in self._toasts:
            toast.setParent(stage)
            toast.show()
        self._place()

    def texts(self) -> list[str]:
        """What is said now, from top to bottom."""
        return [toast.text() for toast in self._toasts]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self._toasts:
            self._place()
        return False

    def _end(self, toast: Toast) -> None:
        if toast in self._toasts:
            self._toasts.remove(toast)
            toast.hide()
            toast.deleteLater()
            self._place()

    def _place(self) -> None:
        foot = self._stage.height() - _GAP - int(self._stage.property("foot_taken") or 0)
        for toast in reversed(self._toasts):
            size = toast.sizeHint().boundedTo(QSize(max(1, self._stage.width() - 2 * _GAP), self._stage.height()))
            toast.setGeometry(
                QRect((self._stage.width() - size.width()) // 2, foot - size.height(), size.width(), size.height())
            )
            toast.raise_()
            foot -= size.height() + _GAP // 2


class Toast(QWidget):
    """One line of news."""

    def __init__(self, text: str, action_text: str, on_action: Action | None, parent: QWidget) -> None:
        super().__init__(parent)
        self.ended: list[Action] = []
        """Called when it has stayed long enough, or its button was pressed."""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._count)
        self._words = QLabel(text, self)
        self._words.setFont(fonts.font(fonts.WORDS))
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._words.setMinimumWidth(1)
        self.action: QPushButton | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(12 + fonts.scaled(_ICON) + 8, 4, 8, 4)
        row.setSpacing(8)
        row.addWidget(self._words, 1)
        if action_text and on_action is not None:
            self.action = QPushButton(action_text, self)
            self.action.setProperty("flat", True)
            self.action.setAutoDefault(False)
            self.action.clicked.connect(lambda: self._act(on_action))
            row.addWidget(self.action)
        self.close_button = QToolButton(self)
        self.close_button.setIcon(icon("close"))
        self.close_button.setToolTip(tr("Close"))
        self.close_button.setAccessibleName(tr("Close this notice"))
        self.close_button.clicked.connect(self._end)
        row.addWidget(self.close_button)
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)  # a click on it is none on the film
        self.setAccessibleName(text)

    def text(self) -> str:
        """What it says."""
        return self._words.text()

    def stay(self, seconds: float) -> None:
        """End after so many seconds, counted anew whenever pointer or focus has left."""
        self._timer.start(round(seconds * 1000))

    def sizeHint(self) -> QSize:
        words = self._words.fontMetrics().horizontalAdvance(self._words.text()) + 2
        action = self.action.sizeHint().width() + 8 if self.action else 8
        close = self.close_button.sizeHint().width() + 8
        return QSize(12 + fonts.scaled(_ICON) + 8 + words + action + close + 8, fonts.scaled(_HEIGHT))

    def enterEvent(self, event: QEnterEvent) -> None:
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.stay(SECONDS)
        super().leaveEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        worn, painter = tokens(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(worn.raised))
        painter.setPen(QPen(QColor(worn.edge), 1))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        side = fonts.scaled(_ICON)
        icon("check", QColor(worn.accent)).paint(painter, QRect(12, (self.height() - side) // 2, side, side))
        painter.end()

    def _act(self, action: Action) -> None:
        action()
        self._end()

    def _count(self) -> None:
        focused = QApplication.focusWidget()
        if focused is not None and self.isAncestorOf(focused):
            self.stay(SECONDS)
        else:
            self._end()

    def _end(self) -> None:
        for end in self.ended:
            end()
