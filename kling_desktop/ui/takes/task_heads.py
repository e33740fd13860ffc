"""Heads in the lists of takes: what they say, and how they are painted."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QFontMetrics, QPainter

from kling_desktop.domain.analysis import Verdict
from kling_desktop.domain.tasks import Expiry, Order
from kling_desktop.ui import formatting, theme
from kling_desktop.ui.i18n import tr, tr_count
from kling_desktop.ui.painted.lettering import lettering, width_of, write
from kling_desktop.ui.painted.shapes import shape_of, shape_word
from kling_desktop.ui.takes.task_layout import Head
from kling_desktop.ui.theme import GAP
from kling_desktop.ui.theme.fonts import ROW, WORDS, scaled

EDGE = 12
"""Pixels left of a head's words and of a row's still."""

_HEIGHT = 36
"""At a text size of 100 %."""


def head_words(head: Head) -> str:
    """What stands together under a head."""
    key = head.stretch.key
    match head.order:
        case Order.FILM:
            return head.stretch.name or tr("In no film")
        case Order.STARS:
            return "★" * int(key) or tr("No stars")
        case Order.VERDICT:
            word = shape_word(shape_of(None, Verdict(key) if key else None))
            return word[:1].upper() + word[1:]
        case Order.EXPIRY:
            return {
                Expiry.SOON: tr("Expire this week"),
                Expiry.LATER: tr("Expire later"),
                Expiry.GONE: tr("Expired at Kling"),
                Expiry.UNKNOWN: tr("Expiry not known"),
            }[Expiry(key)]
    return ""


def head_sentence(head: Head) -> str:
    """The same as a screen reader says it."""
    count = tr_count(head.stretch.count, "{n} take", "{n} takes")
    return ", ".join((head_words(head), count, tr("folded") if head.folded else tr("unfolded")))


def head_height() -> int:
    """Height of every head in pixels."""
    return max(_HEIGHT, scaled(_HEIGHT), QFontMetrics(lettering(WORDS, bold=True)).height() + GAP)


def paint_head(painter: QPainter, box: QRect, words: str, count: int, *, folded: bool | None = None) -> None:
    """What stands together below, and how many; `folded` turns its sign, None leaves it out."""
    worn = theme.colours()
    right = box.right() - EDGE
    if folded is not None:
        right = _paint_fold(painter, box, folded=folded) - GAP
    number = formatting.number(count)
    quiet, bold = lettering(ROW), lettering(ROW, bold=True)
    room = QRect(box.left() + EDGE, box.top() + scaled(4), right - box.left() - EDGE, box.height() - scaled(4))
    for_words = QRect(room)
    for_words.setWidth(max(0, room.width() - width_of(number, quiet) - GAP))
    used = write(painter, for_words, words, bold, QColor(worn.text))
    room.setLeft(room.left() + min(used, for_words.width()) + GAP)
    write(painter, room, number, quiet, QColor(worn.quiet))


def _paint_fold(painter: QPainter, box: QRect, *, folded: bool) -> int:
    """Returns where it begins."""
    side = scaled(16)
    place = QRect(box.right() - EDGE - side + 4, box.center().y() - side // 2 + scaled(2), side, side)
    theme.icon("chevron-right" if folded else "chevron-down", QColor(theme.colours().quiet)).paint(painter, place)
    return place.left()
