"""Films as wide cards: the item model behind the library's list of films, and how one card is painted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from kling_desktop.ui import formatting
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.painted.lettering import lettering, width_of, write
from kling_desktop.ui.painted.shapes import Shape, paint_badge, paint_shape
from kling_desktop.ui.stills.posters import Posters
from kling_desktop.ui.stills.still_paint import paint_still
from kling_desktop.ui.theme.fonts import ROW, WORDS, scaled
from kling_desktop.ui.theme.tokens import tokens

_Index = QModelIndex | QPersistentModelIndex
HEIGHT = 112
_WORDS_WIDTH = 300
_LABELS = {
    "red": "#d9534a",
    "orange": "#dd8a3e",
    "yellow": "#d7b93f",
    "green": "#5aa874",
    "blue": "#5a8fdc",
    "purple": "#9a70c9",
}


@dataclass(frozen=True, slots=True)
class FilmCard:
    """What is shown of a film."""

    film_id: str
    name: str
    length: str
    """As "0:23.3 of 3:00"."""
    counts: str
    """As "4 hops · 14 takes · 1 seam to look at"."""
    stills: tuple[Path | None, ...] = ()
    """Of each take of the path, from the root."""
    seams: tuple[Shape, ...] = ()
    """Between them: one fewer."""
    doubtful: frozenset[int] = frozenset()
    """Which of the seams, from 0, are only about there."""
    label: str = ""
    note: str = ""


class FilmCards(QAbstractListModel):
    """Films, those touched last first; each is asked for when it is first in sight."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ids: tuple[str, ...] = ()
        self._cards: dict[str, FilmCard | None] = {}
        self._fetch: Callable[[str], FilmCard | None] = lambda film_id: None

    def show_films(self, film_ids: tuple[str, ...], fetch: Callable[[str], FilmCard | None]) -> None:
        """List these films; `fetch` says what is shown of one, and answers at once."""
        self._fetch = fetch
        self._cards.clear()
        if film_ids != self._ids:
            self.beginResetModel()
            self._ids = film_ids
            self.endResetModel()
        elif film_ids:
            self.dataChanged.emit(self.index(0), self.index(len(film_ids) - 1))

    def card(self, row: int) -> FilmCard | None:
        if not 0 <= row < len(self._ids):
            return None
        film_id = self._ids[row]
        if film_id not in self._cards:
            self._cards[film_id] = self._fetch(film_id)
        return self._cards[film_id]

    def row_of(self, film_id: str) -> int:
        """-1 when it is not listed."""
        return self._ids.index(film_id) if film_id in self._ids else -1

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._ids)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        card = self.card(index.row())
        if card is None:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return ". ".join(part for part in (card.name, card.length, card.counts, card.note) if part)
        if role == Qt.ItemDataRole.ToolTipRole:
            return formatting.tip(card.note) or None
        return None


class FilmPainter(QStyledItemDelegate):
    """The path's stills with the verdicts between them, and name, length and counts at the right."""

    def __init__(self, films: FilmCards, posters: Posters, parent: QObject) -> None:
        super().__init__(parent)
        self._films = films
        self._posters = posters

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(scaled(480), scaled(HEIGHT + 6))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        card = self._films.card(index.row())
        if card is None:
            return
        worn, box = tokens(), option.rect.adjusted(0, 0, -1, -scaled(6))
        state: QStyle.StateFlag = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(worn.accent if selected else worn.line), 1))
        painter.setBrush(QColor(worn.panel))
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        words = QRect(box.right() - scaled(_WORDS_WIDTH), box.top(), scaled(_WORDS_WIDTH) - scaled(16), box.height())
        right = self._paint_path(painter, card, box, words.left() - scaled(24))
        words.setLeft(right + scaled(24))
        self._paint_words(painter, card, words, selected)
        painter.restore()

    def _paint_path(self, painter: QPainter, card: FilmCard, box: QRect, limit: int) -> int:
        """As many hops as fit, the newest always among them; returns where they end."""
        wide, high, gap = scaled(160), scaled(90), scaled(24)
        left, top = box.left() + scaled(12), box.top() + (box.height() - high) // 2
        room = max(1, (limit - left + gap) // (wide + gap))
        count = len(card.stills)
        shown = list(range(count)) if count <= room else [0, *range(count - room + 1, count)][:room]
        for place, hop in enumerate(shown):
            if place:
                self._paint_seam(painter, card, hop, QRect(left, top, gap, high))
                left += gap
            still = QRect(left, top, wide, high)
            paint_still(painter, still, card.stills[hop], self._posters)
            paint_badge(painter, still, str(hop))
            left += wide
        return left

    def _paint_seam(self, painter: QPainter, card: FilmCard, hop: int, box: QRect) -> None:
        middle, side = box.center().y(), scaled(14)
        painter.fillRect(QRect(box.left(), middle, box.width(), 2), QColor(tokens().accent))
        if hop - 1 < len(card.seams):
            place = QRectF(box.center().x() - side / 2 + 0.5, middle - side / 2 + 1, side, side)
            painter.fillRect(place.adjusted(-1, 0, 1, 0), QColor(tokens().panel))
            paint_shape(painter, place, card.seams[hop - 1], dashed=hop - 1 in card.doubtful)

    def _paint_words(self, painter: QPainter, card: FilmCard, box: QRect, selected: bool) -> None:
        worn, line = tokens(), scaled(18)
        hint = tr("Opens with Enter")
        room = width_of(hint, lettering(ROW)) + scaled(16)
        if selected and box.width() > 2 * room:
            write(painter, box, hint, lettering(ROW), QColor(worn.quiet), Qt.AlignmentFlag.AlignRight)
            box = box.adjusted(0, 0, -room, 0)
        top = box.center().y() - line * 3 // 2
        name = QRect(box.left(), top, box.width(), line)
        if card.label in _LABELS:
            dot = scaled(8)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(_LABELS[card.label]))
            painter.drawEllipse(QRectF(name.left(), name.center().y() - dot / 2 + 1, dot, dot))
            name.setLeft(name.left() + dot + scaled(6))
        write(painter, name, card.name, lettering(WORDS, bold=True), QColor(worn.text))
        for number, said in enumerate((card.length, card.counts), 1):
            place = QRect(box.left(), top + number * line, box.width(), line)
            write(painter, place, said, lettering(ROW), QColor(worn.quiet))
