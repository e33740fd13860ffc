"""A planned hop on its way to another place in the plan, pulled by the mouse."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication


class PlanDrag:
    """From the press of the button to its release; a pull of a few pixels is still a click."""

    def __init__(self) -> None:
        self._pressed: tuple[str, QPoint] | None = None
        self.place: int | None = None
        """Gap between planned hops where the pulled one would come to lie, from 0; None while nothing is pulled."""

    @property
    def begun(self) -> bool:
        """Whether the button is down on a card."""
        return self._pressed is not None

    def press(self, card_id: str, at: QPoint) -> None:
        """The button went down on a card."""
        self._pressed, self.place = (card_id, at), None

    def pull(self, to: QPoint, planned: Sequence[str], middles: Sequence[int]) -> bool:
        """The mouse moved; `middles` says where each planned card has its middle. Returns whether a card is pulled."""
        if self._pressed is None or self._pressed[0] not in planned:
            return False
        least = QGuiApplication.styleHints().startDragDistance()
        if self.place is None and (to - self._pressed[1]).manhattanLength() < least:
            return False
        self.place = sum(middle < to.x() for middle in middles)
        return True

    def keep(self, planned: Sequence[str]) -> None:
        """The cards are others now: one that was pulled and is no longer planned, as it was sent, is let go."""
        if self._pressed is not None and self.place is not None:
            if self._pressed[0] in planned:
                self.place = min(self.place, len(planned))
            else:
                self._pressed = self.place = None

    def pulled_out(self, to: QPoint, planned: Sequence[str]) -> str:
        """The pressed card that is not of the plan and that the mouse has left its place with; empty for none."""
        if self._pressed is None or self._pressed[0] in planned:
            return ""
        far = (to - self._pressed[1]).manhattanLength() >= QGuiApplication.styleHints().startDragDistance()
        return self._pressed[0] if far else ""

    def release(self, planned: Sequence[str]) -> tuple[str, int | None]:
        """The card that was pressed (empty when none was), and its new place, None when it stays where it was."""
        pressed, place = self._pressed, self.place
        self._pressed = self.place = None
        if pressed is None:
            return "", None
        if place is None or pressed[0] not in planned:
            return pressed[0], None
        before = planned.index(pressed[0])
        after = place - 1 if place > before else place
        return pressed[0], after if after != before else None
