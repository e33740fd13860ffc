"""Clips as cards in a grid: the item model behind the picker, and how one card is painted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from kling_desktop.domain.clips import Clip
from kling_desktop.domain.kling_time import KLING_TIME
from kling_desktop.domain.tasks import Extension
from kling_desktop.studio.tasks.checks import Finding, check
from kling_desktop.ui import theme
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.library import clip_words
from kling_desktop.ui.stills.still import paint_still

STILL = QSize(176, 99)
"""Frame of a card's poster, in logical pixels."""

_PAD = theme.GAP
_Index = QModelIndex | QPersistentModelIndex


def findings_of(clip: Clip, now: datetime) -> tuple[Finding, ...]:
    """What speaks against extending this clip, as the form would say it."""
    return tuple(
        f
        for f in check(Extension(clip.id, prompt=clip.id), clip, now, is_sure=KLING_TIME.is_told)
        if f.field == "video_id"
    )


def sentences_of(clip: Clip, now: datetime) -> str:
    """The same in words."""
    return " ".join(tr(finding.sentence, **finding.values) for finding in findings_of(clip, now))


def is_pickable(clip: Clip, now: datetime) -> bool:
    """Whether nothing certain stands against extending it."""
    return not any(finding.blocks for finding in findings_of(clip, now))


def is_usable(clip: Clip, now: datetime) -> bool:
    """Whether a film can go on from it: extended, or continued from its file, here or still at Kling."""
    return (
        is_pickable(clip, now)
        or clip.file is not None
        or bool(clip.url and not clip_words.is_expired(clip, KLING_TIME.surely()))
    )


class ClipCards(QAbstractListModel):
    """The clips that match a search, newest first as they were given. `clip_at` tells a row's clip.

    With `is_dropped_on` the first row is no clip but the place where a video is dropped, whatever is searched for.
    """

    def __init__(self, parent: QObject | None = None, *, is_dropped_on: bool = False) -> None:
        super().__init__(parent)
        self._lead = int(is_dropped_on)
        self._all: list[Clip] = []
        self._shown: list[Clip] = []
        self._posters: dict[str, Path] = {}
        self._hays: dict[str, str] = {}
        self._search = ""
        self._keeps: Callable[[Clip, datetime], bool] = lambda clip, now: True

    def show_clips(self, clips: Sequence[Clip], posters: Mapping[str, Path]) -> None:
        """Replace the clips; doubles (library and account know the same clip) become one."""
        by_id: dict[str, Clip] = {}
        for clip in clips:
            by_id[clip.id] = _merged(by_id[clip.id], clip) if clip.id in by_id else clip
        self._all = list(by_id.values())
        self._hays.clear()
        self._posters |= posters
        self._refill()

    def show_poster(self, clip_id: str, poster: Path) -> None:
        self._posters[clip_id] = poster
        row = self.row_of(clip_id)
        if row >= 0:
            self.dataChanged.emit(self.index(row), self.index(row))

    def search(self, text: str) -> None:
        """Show the clips in whose ID or facts every word of `text` occurs."""
        self._search = text
        self._refill()

    def keep(self, keeps: Callable[[Clip, datetime], bool]) -> None:
        """Show of them only those that this claims."""
        self._keeps = keeps
        self._refill()

    def clip_at(self, row: int) -> Clip | None:
        row -= self._lead
        return self._shown[row] if 0 <= row < len(self._shown) else None

    def is_drop(self, row: int) -> bool:
        """Whether that row is the place to drop a video."""
        return 0 <= row < self._lead

    def row_of(self, clip_id: str) -> int:
        """-1 when it is not shown."""
        return next((row for row, clip in enumerate(self._shown, self._lead) if clip.id == clip_id), -1)

    def poster_of(self, clip: Clip) -> Path | None:
        return self._posters.get(clip.id)

    @property
    def count(self) -> int:
        """How many clips are shown."""
        return len(self._shown)

    @property
    def total(self) -> int:
        """How many clips there are, shown or not."""
        return len(self._all)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else self._lead + len(self._shown)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        clip = self.clip_at(index.row())
        now = KLING_TIME.now()
        if clip is None:
            is_read = role == Qt.ItemDataRole.AccessibleTextRole and self.is_drop(index.row())
            return tr("Drop a video or a picture") if is_read else None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return ". ".join((*clip_words.facts(clip, now, is_sure=KLING_TIME.is_told), clip.id))
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(part for part in (clip.id, clip.model, sentences_of(clip, now)) if part)
        return None

    def _refill(self) -> None:
        now = KLING_TIME.now()
        words = self._search.casefold().split()
        shown = [
            clip for clip in self._all if self._keeps(clip, now) and all(word in self._hay(clip, now) for word in words)
        ]
        if [clip.id for clip in shown] == [clip.id for clip in self._shown]:
            self._shown = shown
            if shown:
                self.dataChanged.emit(self.index(self._lead), self.index(self.rowCount() - 1))
            return
        self.beginResetModel()
        self._shown = shown
        self.endResetModel()

    def _hay(self, clip: Clip, now: datetime) -> str:
        """What is searched of a clip; kept, because 2000 clips are searched at each key."""
        if clip.id not in self._hays:
            facts = clip_words.facts(clip, now, is_sure=KLING_TIME.is_told)
            self._hays[clip.id] = " ".join((clip.id, clip.kling_id, clip.model, *facts)).casefold()
        return self._hays[clip.id]


def _merged(first: Clip, second: Clip) -> Clip:
    """One clip of two tellings: our file from whichever has it, dates and length from whoever knows them."""
    known = first if first.file else second
    other = second if known is first else first
    return replace(
        known,
        seconds=known.seconds if known.seconds is not None else other.seconds,
        made_at=known.made_at or other.made_at,
        expires_at=known.expires_at or other.expires_at,
        url=known.url or other.url,
        model=known.model or other.model,
    )


class CardPainter(QStyledItemDelegate):
    """Paints a card of fixed size: still, length and age, id. What cannot be extended is paler, and says why."""

    def __init__(self, cards: ClipCards, still_of: Callable[[Path], QPixmap | None], parent: QObject) -> None:
        super().__init__(parent)
        self._cards = cards
        self._still_of = still_of

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        lines = 3 * QFontMetrics(option.font).lineSpacing()
        return QSize(STILL.width() + 2 * _PAD, STILL.height() + lines + 3 * _PAD)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        clip = self._cards.clip_at(index.row())
        if clip is None:
            return
        card: QRect = option.rect.adjusted(2, 2, -2, -2)
        state: QStyle.StateFlag = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        self._paint_ground(painter, card, selected, bool(state & QStyle.StateFlag.State_MouseOver))
        poster = self._cards.poster_of(clip)
        frame = QRect(card.left() + _PAD - 2, card.top() + _PAD - 2, STILL.width(), STILL.height())
        now = KLING_TIME.now()
        pale = clip_words.is_expired(clip, KLING_TIME.surely()) or not is_usable(clip, now)
        painter.setOpacity(0.45 if pale else 1.0)
        paint_still(painter, frame, self._still_of(poster) if poster else None)
        painter.setOpacity(1.0)
        words = QRect(frame.left(), frame.bottom() + _PAD, frame.width(), card.bottom() - frame.bottom() - _PAD)
        self._paint_words(painter, words, clip, selected, pale)
        painter.restore()

    def _paint_ground(self, painter: QPainter, card: QRect, selected: bool, under_pointer: bool) -> None:
        if not (selected or under_pointer):
            return
        worn = theme.colours()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(worn.accent if selected else worn.line), 1))
        painter.setBrush(QColor(worn.sel if selected else worn.hover))
        painter.drawRoundedRect(card, 5, 5)

    def _paint_words(self, painter: QPainter, place: QRect, clip: Clip, selected: bool, pale: bool) -> None:
        now = KLING_TIME.now()
        worn = theme.colours()
        quiet = QColor(worn.text if selected else worn.quiet)
        strong = quiet if selected or pale else QColor(worn.text)
        second = clip_words.expiry(clip, now, is_sure=KLING_TIME.is_told) or clip_words.made_by(clip)
        if not is_pickable(clip, now):
            second = why_not(clip, now)
        first = f"{clip_words.length(clip)} · {clip_words.made_by(clip)}"
        metrics = painter.fontMetrics()
        line = QRect(place.left(), place.top(), place.width(), metrics.lineSpacing())
        for text, ink in ((first, strong), (second, quiet), (clip.id, quiet)):
            painter.setPen(ink)
            cut = metrics.elidedText(text, Qt.TextElideMode.ElideRight, line.width())
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, cut)
            line.translate(0, metrics.lineSpacing())


def why_not(clip: Clip, now: datetime) -> str:
    """The short form of what stands against it; "" when nothing certain does."""
    blocking = [finding for finding in findings_of(clip, now) if finding.blocks]
    if not blocking:
        return ""
    if "model" in blocking[0].values:
        return tr("Continue only")
    return tr("too long to extend, can be continued")
