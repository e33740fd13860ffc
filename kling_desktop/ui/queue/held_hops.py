"""Hops that a plan holds: written, not sent and not charged; what is said of one, and how its row is painted."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QPainter

from kling_desktop.ui.i18n import tr
from kling_desktop.ui.painted.lettering import lettering, write
from kling_desktop.ui.painted.shapes import Shape, paint_badge, paint_shape, shape_word
from kling_desktop.ui.stills.posters import Posters
from kling_desktop.ui.stills.still_paint import paint_still
from kling_desktop.ui.takes.task_heads import EDGE
from kling_desktop.ui.theme import GAP
from kling_desktop.ui.theme.fonts import ROW, SMALL, scaled
from kling_desktop.ui.theme.tokens import tokens

_HEIGHT, _STILL = 46, (56, 32)
"""Pixels at a text size of 100 %."""
_SIGN = 10
_SHADE = 0.45
"""How much darker its still is, of the frame that it goes on from: it is not made yet."""


@dataclass(frozen=True, slots=True)
class HeldHop:
    """One hop that waits for its plan."""

    id: str
    film_id: str
    hop: int
    """Its number in the film."""
    words: str
    until: str
    """What it waits for: "after hop 5"."""
    film: str = ""
    """The film's name, where hops of several films wait."""
    still: Path | None = None
    """Last frame of what is made."""

    @property
    def told(self) -> str:
        """What stands below its words."""
        return " · ".join(filter(None, (self.until, self.film)))

    @property
    def sentence(self) -> str:
        """All of it, as a screen reader says it."""
        parts = (tr("Hop {n}", n=self.hop), self.words or tr("No words yet"), shape_word(Shape.HELD), self.told)
        return ", ".join(parts)


def held_height() -> int:
    """Height of every such row in pixels."""
    return scaled(_HEIGHT)


def paint_held(painter: QPainter, row: QRect, hop: HeldHop, posters: Posters) -> None:
    """A row's still with the hop's number, its words, and below them what it waits for."""
    worn = tokens()
    width, height = map(scaled, _STILL)
    still = QRect(row.left() + EDGE, row.center().y() - height // 2, width, height)
    paint_still(painter, still, hop.still, posters, shade=_SHADE)
    paint_badge(painter, still, str(hop.hop))
    left = still.right() + 1 + GAP
    line = QRect(left, row.center().y() - scaled(17), row.right() + 1 - GAP - left, scaled(18))
    ink = QColor(worn.text if hop.words else worn.faint)
    write(painter, line, hop.words or tr("No words yet"), lettering(ROW), ink)
    line.translate(0, scaled(17))
    side = scaled(_SIGN)
    paint_shape(painter, QRectF(left, line.center().y() - side / 2 + 0.5, side, side), Shape.HELD)
    line.setLeft(left + side + scaled(4))
    write(painter, line, hop.told, lettering(SMALL), QColor(worn.quiet))
