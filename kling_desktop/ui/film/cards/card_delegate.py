"""Paints the cards of the film: the first and last still of a hop, its words, and before it the seam as a control."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from kling_desktop.ui.film.cards.card_model import CardRole
from kling_desktop.ui.film.film_view import Card, CardKind
from kling_desktop.ui.film.film_words import added_words, progress_words, takes_words, units_words, waiting_words
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.painted.lettering import lettering, width_of, write, write_block
from kling_desktop.ui.painted.shapes import Shape, paint_badge, paint_shape
from kling_desktop.ui.stills.posters import Posters
from kling_desktop.ui.stills.still_paint import paint_still
from kling_desktop.ui.theme import icon
from kling_desktop.ui.theme.fonts import SMALL, scaled
from kling_desktop.ui.theme.tokens import DARK, tokens

WIDTH, HEIGHT, GAP = 136, 96, 24
"""Of a card, and of the seam before it, in pixels at a text size of 100 %."""

EDGE = 12
"""Before the first card and after the last."""

_TOP = 2
_ADD_WIDTH, _ADD_GAP = 152, 8
_STILLS = 38
_FOOT = 75
_PAD = 9
_RADIUS = 4
_SEAM_MIDDLE = 21
_SEAM = 14
_DIM = QColor(0, 0, 0, 140)
_WORD_COLOURS = {Shape.SLIGHT: "warn", Shape.BAD: "bad"}


class CardDelegate(QStyledItemDelegate):
    """An item is a card with the gap before it: frames that meet lie side by side, the verdict between them."""

    def __init__(self, posters: Posters, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._posters = posters
        self.turn = 0
        """Step of the shapes that turn."""
        self.turns: Callable[[], object] = lambda: None
        """Called for each shape that turns when it is painted."""
        self.written_id = ""
        """Card whose words stand in an editor over it."""
        self.hovered_seam = ""
        """Card whose seam is under the pointer."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        card: Card | None = index.data(CardRole)
        if card is not None and card.kind is CardKind.ADD:
            return QSize(
                scaled((EDGE if index.row() == 0 else _ADD_GAP) + _ADD_WIDTH + EDGE), scaled(HEIGHT + 2 * _TOP)
            )
        return QSize(scaled((EDGE if index.row() == 0 else GAP) + WIDTH), scaled(HEIGHT + 2 * _TOP))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        card: Card | None = index.data(CardRole)
        if card is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = card_box(option.rect, card.kind, first=index.row() == 0)
        if index.row() and card.kind is not CardKind.ADD:
            self._paint_seam(painter, option.rect, card)
        current = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver) and card.id != self.hovered_seam
        _paint_frame(painter, box, card, current=current, hovered=hovered)
        match card.kind:
            case CardKind.ADD:
                _paint_add(painter, box)
            case CardKind.PLANNED:
                _paint_planned(painter, box, card, written=bool(card.id) and card.id == self.written_id)
            case CardKind.RUNNING:
                self._paint_running(painter, box, card)
            case CardKind.MADE:
                self._paint_made(painter, box, card)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(tokens().accent), 2))
            painter.drawRoundedRect(QRectF(box).adjusted(-1, -1, 1, 1), _RADIUS + 1, _RADIUS + 1)
        painter.restore()

    def _paint_seam(self, painter: QPainter, rect: QRect, card: Card) -> None:
        worn, middle = tokens(), rect.top() + scaled(_SEAM_MIDDLE)
        made = card.kind is CardKind.MADE
        pen = QPen(QColor(worn.accent if made else worn.rim), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)
        if not made:
            pen.setDashPattern([1, 1.5])
        painter.setPen(pen)
        painter.drawLine(QPointF(rect.left(), middle), QPointF(rect.left() + scaled(GAP), middle))
        if not made:
            return
        box = seam_box(rect)
        lit = card.id == self.hovered_seam
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(worn.hover if lit else worn.window))
        painter.drawRoundedRect(QRectF(box).adjusted(-3, -3, 3, 3) if lit else QRectF(box).adjusted(-1, -1, 1, 1), 3, 3)
        paint_shape(painter, QRectF(box), card.seam or Shape.UNMEASURED, dashed=card.is_doubtful)

    def _paint_made(self, painter: QPainter, box: QRect, card: Card) -> None:
        inner = box.adjusted(1, 1, -1, -1)
        half = inner.width() // 2
        left = QRect(inner.left(), inner.top(), half, scaled(_STILLS))
        right = QRect(left.right() + 1, inner.top(), inner.width() - half, left.height())
        painter.save()
        painter.setClipPath(_rounded(inner, _RADIUS - 1))
        paint_still(painter, left, card.first, self._posters, rounded=False)
        paint_still(painter, right, card.last, self._posters, rounded=False)
        paint_badge(painter, inner, str(card.hop))
        if card.rendering or card.waiting:
            band = QRect(inner.left(), left.top(), inner.width(), left.height())
            painter.fillRect(band, _DIM)
            self._paint_under_way(painter, band.adjusted(scaled(18), 0, 0, 0), card)
        painter.restore()
        _paint_words(painter, box, card.words)
        colour = getattr(tokens(), _WORD_COLOURS.get(card.seam or Shape.CLEAN, "quiet"))
        tells = card.seam in _WORD_COLOURS or card.is_doubtful
        said = card.seam_words if tells and card.seam_words else takes_words(card)
        _paint_foot(painter, box, added_words(card), said, QColor(colour))

    def _paint_running(self, painter: QPainter, box: QRect, card: Card) -> None:
        inner = box.adjusted(1, 1, -1, -1)
        still = QRect(inner.left(), inner.top(), inner.width(), scaled(_STILLS))
        painter.save()
        painter.setClipPath(_rounded(inner, _RADIUS - 1))
        paint_still(painter, still, card.first, self._posters, rounded=False)
        painter.fillRect(still, _DIM)  # not the still's own shade: without a still, white words would stand on white
        painter.restore()
        self._paint_under_way(painter, still, card)
        _paint_words(painter, box, card.words)
        _paint_foot(painter, box, f"×{card.takes}", progress_words(card), QColor(tokens().quiet))

    def _paint_under_way(self, painter: QPainter, still: QRect, card: Card) -> None:
        """How many takes of the hop are in the making, over its still."""
        line = scaled(15)
        top = still.top() + scaled(4)
        for shape, said, ink in (
            (Shape.RENDERING, tr("{n} rendering", n=card.rendering) if card.rendering else "", DARK.accent),
            (Shape.WAITING, waiting_words(card) if card.waiting else "", "#c8c8c8"),
        ):
            if said:
                side = scaled(12)
                place = QRectF(still.left() + scaled(8), top + (line - side) / 2, side, side)
                paint_shape(painter, place, shape, ink=QColor(ink), turn=self.turn)
                if shape is Shape.RENDERING:
                    self.turns()
                words = QRect(round(place.right()) + scaled(6), top, still.width() - scaled(34), line)
                write(painter, words, said, lettering(SMALL), QColor("#ffffff"))
                top += line
        if card.kind is CardKind.MADE and not card.waiting:  # else there is no room: the tip and the reader tell it
            words = QRect(still.left() + scaled(8), top, still.width() - scaled(12), line)
            write(painter, words, progress_words(card), lettering(SMALL), QColor("#ffffff"))


def card_box(rect: QRect, kind: CardKind, *, first: bool) -> QRect:
    """Where in an item its card is."""
    gap = EDGE if first else _ADD_GAP if kind is CardKind.ADD else GAP
    width = _ADD_WIDTH if kind is CardKind.ADD else WIDTH
    return QRect(rect.left() + scaled(gap), rect.top() + scaled(_TOP), scaled(width), scaled(HEIGHT))


def seam_box(rect: QRect) -> QRect:
    """Where in an item the shape of its seam is."""
    side = scaled(_SEAM)
    left = rect.left() + (scaled(GAP) - side) // 2
    return QRect(left, rect.top() + scaled(_SEAM_MIDDLE) - side // 2, side, side)


def words_box(card: QRect) -> QRect:
    """Where in a planned card its words are written."""
    return QRect(card.left() + scaled(_PAD), card.top() + scaled(25), card.width() - 2 * scaled(_PAD), scaled(48))


def _rounded(box: QRect, radius: float) -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(QRectF(box), radius, radius)
    return path


def _paint_frame(painter: QPainter, box: QRect, card: Card, *, current: bool, hovered: bool) -> None:
    worn = tokens()
    made = card.kind is CardKind.MADE
    bad = card.seam is Shape.BAD
    painter.setPen(Qt.PenStyle.NoPen)
    if made or card.kind is CardKind.RUNNING or hovered:
        painter.setBrush(QColor(worn.panel))
        painter.drawPath(_rounded(box, _RADIUS))
    ink = worn.line if made else worn.accent if card.kind is CardKind.RUNNING else worn.rim
    if card.kind is CardKind.ADD:
        ink = worn.edge
    marked = (current or bad) and card.kind is not CardKind.ADD
    pen = QPen(QColor(worn.bad if bad else worn.accent if current and card.kind is not CardKind.ADD else ink), 1)
    if marked:
        pen.setWidth(2)
    if not made and not marked:
        pen.setDashPattern([3, 2])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    inset = pen.widthF() / 2
    painter.drawRoundedRect(QRectF(box).adjusted(inset, inset, -inset, -inset), _RADIUS - inset, _RADIUS - inset)


def _paint_words(painter: QPainter, box: QRect, words: str) -> None:
    place = QRect(box.left() + scaled(_PAD), box.top() + scaled(43), box.width() - 2 * scaled(_PAD), scaled(28))
    write_block(painter, place, words or tr("(no prompt)"), lettering(SMALL), QColor(tokens().text), scaled(14))


def _paint_foot(painter: QPainter, box: QRect, left: str, right: str, ink: QColor) -> None:
    font = lettering(SMALL)
    line = QRect(box.left() + scaled(_PAD), box.top() + scaled(_FOOT), box.width() - 2 * scaled(_PAD), scaled(16))
    used = write(painter, line, left, font, QColor(tokens().quiet))
    write(painter, line.adjusted(used + scaled(6), 0, 0, 0), right, font, ink, Qt.AlignmentFlag.AlignRight)


def _paint_planned(painter: QPainter, box: QRect, card: Card, *, written: bool) -> None:
    worn = tokens()
    head = QRect(box.left() + scaled(_PAD), box.top() + scaled(5), box.width() - 2 * scaled(_PAD), scaled(18))
    bold, small = lettering(SMALL, bold=True), lettering(SMALL)
    name = tr("Hop {n}", n=card.hop)
    write(painter, head, name, bold, QColor(worn.text))
    state = card.refused or (tr("waits") if card.held else tr("planned"))
    beside = head.adjusted(width_of(name, bold) + scaled(4), 0, -scaled(16), 0)
    write(painter, beside, state, small, QColor(worn.bad if card.refused else worn.quiet))
    side = scaled(12)
    sign = QRect(head.right() + 1 - side, head.center().y() + 1 - side // 2, side, side)
    if card.held:
        paint_shape(painter, QRectF(sign), Shape.HELD)
    else:
        icon("edit", QColor(worn.quiet)).paint(painter, sign)
    if not written:
        said = card.words or tr("What happens then?")
        write_block(
            painter, words_box(box), said, small, QColor(worn.text if card.words else worn.faint), scaled(14), 3
        )
    count = f"{added_words(card)} · ×{card.takes}" if card.takes > 1 else added_words(card)
    price = units_words(card.units) if card.units is not None else ""
    _paint_foot(painter, box, count, price, QColor(worn.quiet))


def _paint_add(painter: QPainter, box: QRect) -> None:
    ink, side, line = QColor(tokens().quiet), scaled(16), scaled(14)
    top = box.top() + (box.height() - side - scaled(4) - line) // 2
    icon("add", ink).paint(painter, QRect(box.center().x() + 1 - side // 2, top, side, side))
    words = QRect(box.left(), top + side + scaled(4), box.width(), line)
    write(painter, words, tr("Add a hop"), lettering(SMALL), ink, Qt.AlignmentFlag.AlignHCenter)
