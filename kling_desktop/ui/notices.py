"""News over the stage: banners at its top that stay, toasts at its foot that go by themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from kling_desktop.ui import theme
from kling_desktop.ui.finding_lines import Sentence, Sign
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.shell.toasts import SECONDS, Toast, Toasts

Level = Literal["info", "warning", "error"]
Action = Callable[[], object]

_SIGNS = {"info": ("info", "accent"), "warning": ("warning", "warn"), "error": ("warning", "bad")}
"""Icon and colour of each level."""

SANDBOX_KEY = "sandbox"


class Notices(QWidget):
    """A stack of slim bars over the top of a stage, which never pushes what lies there; toasts over its foot."""

    def __init__(self, stage: QWidget) -> None:
        super().__init__(stage)
        self._stage = stage
        self._banners: dict[str, Bar] = {}
        self._toasts = Toasts(stage)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(1)
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)  # a click on a banner is none on the film
        stage.installEventFilter(self)
        self.hide()

    def hang_over(self, stage: QWidget) -> None:
        """Lie over another stage from now on: what is said must be seen."""
        self._stage.removeEventFilter(self)
        self._stage = stage
        self.setParent(stage)
        stage.installEventFilter(self)
        self._toasts.hang_over(stage)
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._stage and event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._place()
        return done

    def _place(self) -> None:
        """As wide as the stage, as high as what is said needs, over everything else that lies there."""
        self.setVisible(bool(self._banners))
        if self._banners:
            width = self._stage.width()
            height = self._column.heightForWidth(width) if self._column.hasHeightForWidth() else -1
            self.setGeometry(0, 0, width, height if height > 0 else self._column.sizeHint().height())
            self.raise_()

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
        self._place()

    def update_banner(self, key: str, text: str) -> bool:
        """Let a bar that is shown say something else, with its button as it is, and without reading it out again.

        False when there is no such bar.
        """
        bar = self._banners.get(key)
        if bar:
            bar.say(text)
            self._place()
        return bar is not None

    def hide_banner(self, key: str) -> None:
        """Take a bar away; one that is not there is no error."""
        bar = self._banners.pop(key, None)
        if bar:
            _drop(self._column, bar)
            self._place()

    def toast(
        self, text: str, action_text: str = "", on_action: Action | None = None, seconds: float = SECONDS
    ) -> None:
        """Show a line for a while, such as "Forgotten" with Undo; it waits while it is looked at or focused."""
        self._toasts.toast(text, action_text, on_action, seconds)
        _announce(self, text, "info")

    def texts(self) -> list[str]:
        """What is said now: banners from top to bottom, then toasts."""
        return [*(bar.text() for bar in self._banners.values()), *self._toasts.texts()]

    def bar(self, text: str) -> Bar | Toast | None:
        """The banner or toast that says `text`."""
        banner = next((bar for bar in self._banners.values() if bar.text() == text), None)
        return banner or self._toasts.find(text)


class Bar(QWidget):
    """One line of news with at most one thing to do about it."""

    def __init__(
        self, text: str, action_text: str, on_action: Action | None, level: Level, closable: bool, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._level = level
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

    def paintEvent(self, event: QPaintEvent) -> None:
        worn = theme.colours()
        tint = QColor(getattr(worn, _SIGNS[self._level][1]))
        tint.setAlpha(36)
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(worn.base))
        painter.fillRect(self.rect(), tint)
        painter.end()


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
