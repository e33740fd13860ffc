"""Lets the time go on that cards in the making tell: no fact comes while Kling renders."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer

from kling_desktop.ui.film.film_view import Card

_BEAT_MS = 1000


class LaneClock(QObject):
    """Beats once a second while a card that was handed over tells how long it has been going; rests otherwise."""

    def __init__(
        self,
        show: Callable[[tuple[Card, ...]], object],
        parent: QObject | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """`show` draws the same cards once more; `now` is in seconds, from any beginning."""
        super().__init__(parent)
        self._show = show
        self._now = now
        self._cards: tuple[Card, ...] = ()
        self._since = 0.0
        self._timer = QTimer(self, interval=_BEAT_MS)
        self._timer.timeout.connect(self.beat)

    @property
    def goes(self) -> bool:
        return self._timer.isActive()

    def follow(self, cards: tuple[Card, ...]) -> None:
        """Go on from these cards, as they are told now."""
        self._cards, self._since = cards, self._now()
        if any(card.elapsed is not None for card in cards):
            self._timer.start()
        else:
            self._timer.stop()

    def beat(self) -> None:
        """Draw the cards with the time that has gone by since they were handed over."""
        gone = self._now() - self._since
        self._show(
            tuple(
                replace(card, elapsed=card.elapsed + gone) if card.elapsed is not None else card for card in self._cards
            )
        )
