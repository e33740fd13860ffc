"""The film lane: head, cards and ruler of one film, fed with a frozen view, telling what the creator asks for."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from kling_desktop.ui.film.cards.card_list import CardList
from kling_desktop.ui.film.film_view import FilmView
from kling_desktop.ui.film.lane_clock import LaneClock
from kling_desktop.ui.film.lane_head import LaneHead
from kling_desktop.ui.film.ruler import Ruler
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.key_map import KeyMap
from kling_desktop.ui.stills.posters import Posters
from kling_desktop.ui.theme.fonts import scaled
from kling_desktop.ui.theme.tokens import tokens

HEIGHT, FOLDED = 184, 40
"""Of the open lane and of the folded one, in pixels at a text size of 100 %."""


class FilmLane(QWidget):
    """What is asked for is told by the signals of `head`, `cards` and `ruler`."""

    def __init__(self, posters: Posters, parent: QWidget | None = None, *, keys: KeyMap | None = None) -> None:
        super().__init__(parent)
        self.head = LaneHead()
        self.cards = CardList(posters, keys=keys)
        self.ruler = Ruler()
        self._clock = LaneClock(self.cards.cards.show, self)
        self.setAccessibleName(tr("The film"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.head, self.cards, self.ruler):
            column.addWidget(part)
        column.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.fold(False)

    def show_view(self, view: FilmView) -> None:
        """Show a film."""
        self.head.show_view(view)
        self.cards.show_view(view)
        self._clock.follow(view.cards)
        self.ruler.show_view(view)

    def fold(self, folded: bool) -> None:
        """Show the head only, or all."""
        if folded:
            self.cards.end_writing()
        self.head.show_folded(folded)
        self.cards.setVisible(not folded)
        self.ruler.setVisible(not folded)
        self.setFixedHeight(scaled(FOLDED if folded else HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, worn = QPainter(self), tokens()
        painter.fillRect(self.rect(), QColor(worn.window))
        painter.fillRect(QRect(0, 0, self.width(), 1), QColor(worn.line))
