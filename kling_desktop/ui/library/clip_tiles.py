"""The library's tiles of clips: a wide still with its length, what the clip is called, how long Kling keeps it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from kling_desktop.domain.clips import DYING, Clip, dies_at
from kling_desktop.domain.kling_time import KLING_TIME
from kling_desktop.studio.tasks.checks import CLIP_TOO_LONG, why_not_extended
from kling_desktop.ui import formatting
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.key_map import written
from kling_desktop.ui.library import clip_words
from kling_desktop.ui.library.clip_cards import ClipCards
from kling_desktop.ui.painted.lettering import lettering, write
from kling_desktop.ui.painted.shapes import paint_badge
from kling_desktop.ui.stills.posters import Posters
from kling_desktop.ui.stills.still_paint import paint_still
from kling_desktop.ui.theme import icon
from kling_desktop.ui.theme.fonts import ROW, SMALL, scaled
from kling_desktop.ui.theme.tokens import tokens

_Index = QModelIndex | QPersistentModelIndex
_STILL = (216, 122)
"""Size of a tile's still as it was drawn, in pixels at 100 %; a row of tiles takes the page's whole width."""
_NARROWEST = 192
_PAD, _SPACING = 7, 2
EDGE = _PAD + _SPACING
"""Pixels between the grid's edge and its first still."""


def expires_this_week(clip: Clip, now: datetime) -> bool:
    """Whether Kling deletes it within seven days, by its own dates or by a guess."""
    ends = dies_at(clip)
    return ends is not None and now < ends <= now + DYING


def what_it_allows(clip: Clip, now: datetime) -> str:
    """How a clip can go on, where Kling's own extension is closed to it; else empty."""
    why = why_not_extended(clip, min(now, KLING_TIME.surely()))
    if why is None:
        return ""
    return tr("too long to extend, can be continued") if why.sentence == CLIP_TOO_LONG else tr("Continue only")


class ClipTiles(QStyledItemDelegate):
    """Paints clips. What cannot be extended says so; nothing is paler, as every clip can be continued."""

    def __init__(
        self,
        cards: ClipCards,
        posters: Posters,
        name_of: Callable[[Clip], str],
        new_film_key: Callable[[], str],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._new_film_key = new_film_key
        self._cards = cards
        self._posters = posters
        self._name_of = name_of
        self._wide = scaled(_STILL[0])

    def fit(self, width: int) -> None:
        """Make the tiles as wide as `width` pixels allow with as many of them side by side as can be."""
        step = 2 * _PAD + _SPACING
        count = max(1, (width - _SPACING) // (scaled(_NARROWEST) + step))
        self._wide = max(scaled(_NARROWEST) // 2, (width - 2 * _SPACING) // count - step)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(self._wide + 2 * _PAD, self._high() + scaled(44) + 2 * _PAD)

    def _high(self) -> int:
        return round(self._wide * _STILL[1] / _STILL[0])

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        clip = self._cards.clip_at(index.row())
        worn, now = tokens(), KLING_TIME.now()
        state: QStyle.StateFlag = option.state
        still = QRect(option.rect.left() + _PAD, option.rect.top() + _PAD, self._wide, self._high())
        if clip is None:
            self._paint_drop(painter, still, state)
            return
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(worn.accent), 2 if state & QStyle.StateFlag.State_HasFocus else 1))
            painter.setBrush(QColor(worn.sel))
            painter.drawRoundedRect(QRectF(option.rect).adjusted(1, 1, -1, -1), 4, 4)
        paint_still(painter, still, self._cards.poster_of(clip), self._posters)
        if clip.seconds is not None:
            paint_badge(painter, still, formatting.length(clip.seconds), at_end=True)
        name = QRect(still.left(), still.bottom() + scaled(5), still.width(), scaled(18))
        write(painter, name, self._name_of(clip), lettering(ROW), QColor(worn.text))
        self._paint_second(painter, clip, QRect(name.left(), name.bottom() + 1, name.width(), scaled(16)), now)
        painter.restore()

    def _paint_drop(self, painter: QPainter, box: QRect, state: QStyle.StateFlag) -> None:
        """The place that says where to drop; the window takes the drop wherever it falls."""
        worn = tokens()
        is_current = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(QColor(worn.hover))
        wide = 2 if is_current and state & QStyle.StateFlag.State_HasFocus else 1
        painter.setPen(QPen(QColor(worn.accent if is_current else worn.rim), wide, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        side, middle, inner = scaled(24), box.center(), box.adjusted(4, 0, -4, 0)
        sign = QRect(middle.x() - side // 2, middle.y() - scaled(42), side, side)
        icon("drop", QColor(worn.quiet)).paint(painter, sign)
        for top, said, ink in (
            (-scaled(8), tr("Drop a video or a picture"), worn.text),
            (scaled(14), _with_key(tr("New film"), self._new_film_key()), worn.quiet),
            (scaled(32), _with_key(tr("Paste a video ID"), written("Ctrl+V")), worn.quiet),
        ):
            line = QRect(inner.left(), middle.y() + top, inner.width(), scaled(18))
            write(painter, line, said, lettering(ROW), QColor(ink), Qt.AlignmentFlag.AlignHCenter)
        painter.restore()

    def _paint_second(self, painter: QPainter, clip: Clip, box: QRect, now: datetime) -> None:
        worn = tokens()
        expiry = clip_words.expiry(clip, now)
        ink = QColor(worn.warn if expires_this_week(clip, now) else worn.quiet)
        left = box.left()
        if expiry:
            side = scaled(12)
            icon("clock", ink).paint(painter, QRect(left, box.center().y() - side // 2, side, side))
            left += side + scaled(4)
            place = QRect(left, box.top(), box.right() - left, box.height())
            left += write(painter, place, expiry, lettering(SMALL), ink)
        kept = tr("kept on disk") if clip.file and not clip_words.is_file(clip) else ""
        rest = " · ".join(part for part in (what_it_allows(clip, now), clip.model, kept) if part)
        if rest:
            said = f" · {rest}" if expiry else rest
            place = QRect(left, box.top(), box.right() - left, box.height())
            write(painter, place, said, lettering(SMALL), QColor(worn.quiet), Qt.AlignmentFlag.AlignLeft)


def _with_key(words: str, key: str) -> str:
    return f"{words} · {key}" if key else words
