"""The first look: the grounds of the panels as the window was left, painted before anything else is loaded.

Loads nothing of ours, and of Qt only what a bare window needs: whatever it would load, the first paint would wait for.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import NamedTuple

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

GROUND = "#1a1a1a"
"""Of a window that has never been left: that of the dark room, in which a first start stands."""


class Patch(NamedTuple):
    """One ground: where it is in the window, and its colour as #rrggbb."""

    place: QRect
    colour: str


class FirstLook(QWidget):
    """Paints patches, the first ones below, until the panels are there. It shows no word that could be out of date."""

    def __init__(self, patches: Iterable[Patch] = ()) -> None:
        super().__init__()
        self.was_painted = False
        self._patches = tuple(patches)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground of the undermost patch reaches as far as the window does."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(self._patches[0].colour if self._patches else GROUND))
        for place, colour in self._patches[1:]:
            painter.fillRect(place, QColor(colour))
        self.was_painted = True


def to_text(geometry: str, patches: Iterable[Patch]) -> str:
    """What is kept of a window: its place as Qt's own text of it, and its grounds."""
    grounds = [[at.x(), at.y(), at.width(), at.height(), colour] for at, colour in patches]
    return json.dumps({"geometry": geometry, "grounds": grounds})


def from_text(text: str) -> tuple[str, tuple[Patch, ...]]:
    """The other way round; nothing of what is not understood."""
    try:
        kept = json.loads(text)
        grounds = tuple(Patch(QRect(x, y, width, height), str(c)) for x, y, width, height, c in kept["grounds"])
        return str(kept["geometry"]), grounds
    except (ValueError, TypeError, KeyError, OverflowError):
        return "", ()
