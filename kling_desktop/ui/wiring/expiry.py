"""Connects the expiry chip to the library: how many takes die this week, counted anew on changes and every hour."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer

from kling_desktop.domain.kling_time import KLING_TIME
from kling_desktop.studio.feed import ClipChanged, Fact, TaskChanged, TaskForgotten
from kling_desktop.studio.studio import Studio
from kling_desktop.ui.navigator import Navigator
from kling_desktop.ui.window import Window

_HOUR_MS = 3_600_000
_PAUSE_MS = 250
"""Changes that come so close together are counted once."""


class ExpiryWiring(QObject):
    """Everything about days left."""

    def __init__(self, window: Window, studio: Studio, navigator: Navigator) -> None:
        super().__init__(window)
        self._window = window
        self._studio = studio
        self._navigator = navigator
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._count)
        self._hourly = QTimer(self, interval=_HOUR_MS)
        self._hourly.timeout.connect(self._look_again)
        self._hourly.start()
        window.bar.expiry_asked.connect(self._show)
        self._count()

    def on_facts(self, facts: Sequence[Fact]) -> None:
        """Count again soon after something has changed."""
        if any(isinstance(fact, TaskChanged | TaskForgotten | ClipChanged) for fact in facts) and (
            not self._pause.isActive()
        ):
            self._pause.start()

    def _count(self) -> None:
        now = KLING_TIME.now()
        count, first = self._studio.ledger.dying(now)
        self._window.bar.show_expiry(count, (first - now).days if first else 0)

    def _look_again(self) -> None:
        self._count()
        if self._window.tasks.filter.asks_for_dying:
            self._window.tasks.filter.tell()

    def _show(self) -> None:
        self._navigator.show_dying()
