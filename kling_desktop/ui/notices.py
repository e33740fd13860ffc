"""What the creator should read at the top of the window: banners that stay, toasts that go by themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QColor, QEnterEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from kling_desktop.ui import theme
from kling_desktop.ui.finding_lines import Sentence, Sign
from kling_desktop.ui.i18n import tr

Level = Literal["info", "warning", "error"]
Action = Callable[[], object]

_SIGNS = {"info": ("info", "accent"), "warning": ("warning", "warn"), "error": ("warning", "bad")}
"""Icon and colour of each level."""

_TOASTS_AT_ONCE = 3
SANDBOX_KEY = "sandbox"


class Notices(QWidget):
    """A stack of slim bars; takes no room when there is nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._banners: dict[str, Bar] = {}
        self._toasts: list[Bar] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(1)

    def show_banner(
        self,
        key: str,
        text: str,
        action_text: str = "",
        on_action: Action | None = None,
        level: Level = "info",
        closable: bool = True,
    ) -> None:
        """Show a bar that stays until it is closed or hidden; one with the same key is replaced in place."""
        bar = Bar(text, action_text, on_action, level, closable, self)
        bar.close_button.clicked.connect(lambda: self.hide_banner(key))
        old = self._banners.get(key)
        place = self._column.indexOf(old) if old else len(self._banners)
        self._banners[key] = bar
        self._column.insertWidget(place, bar)
        if old is None or old.text() != text:
            _announce(self, text, level)
        if old:
            _drop(self._column, old)

    def update_banner(self, key: str, text: str) -> bool:
        """Let a bar that is shown say something else, with its button as it is, and without reading it out again.

        False when there is no such bar.
        """
        bar = self._banners.get(key)
        if bar:
            bar.say(text)
        return bar is not None

    def hide_banner(self, key: str) -> None:
        """Take a bar away; one that is not there is no error."""
        bar = self._banners.pop(key, None)
        if bar:
            _drop(self._column, bar)

    def toast(self, text: str, action_text: str = "", on_action: Action | None = None, seconds: float = 8) -> None:
        """Show a bar for a while, such as "Forgotten" with Undo; it waits while it is looked at or focused."""
        bar = Bar(text, action_text, on_action, "info", True, self)
        bar.close_button.clicked.connect(lambda: self._end(bar))
        if bar.action:
            bar.action.clicked.connect(lambda: self._end(bar))
        bar.stay(seconds, lambda: self._end(bar))
        self._toasts.append(bar)
        self._column.addWidget(bar)
        while len(self._toasts) > _TOASTS_AT_ONCE:
            self._end(self._toasts[0])
        _announce(self, text, "info")

    def texts(self) -> list[str]:
        """What is said now, from top to bottom."""
        return [bar.text() for bar in (*self._banners.values(), *self._toasts)]

    def bar(self, text: str) -> Bar | None:
        """The bar that says `text`."""
        return next((bar for bar in (*self._banners.values(), *self._toasts) if bar.text() == text), None)

    def _end(self, bar: Bar) -> None:
        if bar in self._toasts:
            self._toasts.remove(bar)
            _drop(self._column, bar)


class Bar(QWidget):
    """One line of news with at most one thing to do about it."""

    def __init__(
        self, text: str, action_text: str, on_action: Action | None, level: Level, closable: bool, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._level = level
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._seconds = 0.0
        icon, colour = _SIGNS[level]
        sign = Sign(self)
        sign.show_sign(icon, colour)
        self._words = Sentence(text, self)
        self.action: QPushButton | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * theme.GAP, theme.GAP // 2, theme.GAP, theme.GAP // 2)
        row.setSpacing(theme.GAP)
        row.addWidget(sign)
        row.addWidget(self._words, 1)
        if action_text and on_action:
            self.action = QPushButton(action_text, self)
            self.action.setAutoDefault(False)
            self.action.clicked.connect(lambda: on_action())
            row.addWidget(self.action)
        self.close_button = QToolButton(self)
        self.close_button.setIcon(theme.icon("close"))
        self.close_button.setToolTip(tr("Close"))
        self.close_button.setAccessibleName(tr("Close this notice"))
        self.close_button.setVisible(closable)
        row.addWidget(self.close_button)
        self.setAccessibleName(text)

    def text(self) -> str:
        return self._words.text()

    def say(self, text: str) -> None:
        """Say something else."""
        self._words.setText(text)
        self.setAccessibleName(text)

    def stay(self, seconds: float, then: Action) -> None:
        """Count down, and call `then`; the count starts anew after the pointer or the focus has left."""
        self._seconds = seconds
        self._timer.timeout.connect(lambda: self._count_down() if self._is_looked_at() else then())
        self._count_down()

    def enterEvent(self, event: QEnterEvent) -> None:
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        if self._seconds:
            self._count_down()
        super().leaveEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        worn = theme.colours()
        tint = QColor(getattr(worn, _SIGNS[self._level][1]))
        tint.setAlpha(36)
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(worn.base))
        painter.fillRect(self.rect(), tint)
        painter.end()

    def _count_down(self) -> None:
        self._timer.start(round(self._seconds * 1000))

    def _is_looked_at(self) -> bool:
        focused = QApplication.focusWidget()
        return focused is not None and self.isAncestorOf(focused)


def _drop(column: QVBoxLayout, bar: Bar) -> None:
    column.removeWidget(bar)
    bar.hide()
    bar.deleteLater()


def _announce(widget: QWidget, text: str, level: Level) -> None:
    """Let a screen reader say it without moving the focus."""
    if not QAccessible.isActive():
        return
    event = QAccessibleAnnouncementEvent(widget, text)
    if level == "error":
        event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
    QAccessible.updateAccessibility(event)
