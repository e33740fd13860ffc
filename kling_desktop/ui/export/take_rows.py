"""The takes that an export will hold, as rows: still, name as it will be written, and what becomes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from kling_desktop.studio.films.handing_over.contents import STOPS, Condition, HandedTake
from kling_desktop.ui import formatting
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.painted.lettering import lettering, write
from kling_desktop.ui.stills.posters import Posters
from kling_desktop.ui.stills.still_paint import paint_still
from kling_desktop.ui.theme.fonts import ROW, SMALL, scaled
from kling_desktop.ui.theme.tokens import tokens

_HEIGHT, _PAD, _LINE = 54, 4, 15
_STILL = QSize(64, 36)
_LEAST_ROWS = 2
_ROW = int(Qt.ItemDataRole.UserRole)


@dataclass(frozen=True, slots=True)
class TakeRow:
    """One take and its still."""

    take: HandedTake
    poster: Path | None = None

    @property
    def title(self) -> str:
        said = tr("Hop {n}", n=self.take.hop), tr("take {n}", n=self.take.number), self.take.words.strip()
        return " · ".join(each for each in said if each)

    @property
    def status(self) -> str:
        """One word or a few; ready where there is nothing to say."""
        return ", ".join(condition_words(each) for each in self.take.conditions) or tr("ready")

    @property
    def stops(self) -> bool:
        return any(each in STOPS for each in self.take.conditions)

    @property
    def sentence(self) -> str:
        """As a screen reader says it."""
        return ", ".join(each for each in (self.title, self.take.name, self.status) if each)


def condition_words(condition: Condition) -> str:
    """What is to be known of a file."""
    return {
        Condition.NOT_HERE: tr("not downloaded"),
        Condition.MISSING: tr("file missing"),
        Condition.UNREADABLE: tr("file cannot be read"),
        Condition.HDR: tr("is HDR"),
        Condition.KEPT_HDR: tr("is HDR"),
        Condition.SCALED: tr("will be scaled"),
        Condition.REFITTED: tr("rate will be fitted"),
        Condition.SILENT: tr("silent"),
    }[condition]


class TakeRows(QListWidget):
    """To be read, not chosen from; with the arrows a screen reader goes through them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._posters = Posters(self)
        self._posters.loaded.connect(self.viewport().update)
        self.setItemDelegate(_Delegate(self._posters, self))
        self.setAccessibleName(tr("Takes that are handed over"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setUniformItemSizes(True)
        self.setMinimumHeight(scaled(_HEIGHT) * _LEAST_ROWS)

    def show_takes(self, rows: Sequence[TakeRow]) -> None:
        """These in place of what stood here."""
        self.clear()
        for row in rows:
            item = QListWidgetItem(self)
            item.setData(_ROW, row)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, row.sentence)
            item.setToolTip(formatting.tip("\n".join(filter(None, (row.title, row.take.name, row.status)))))


class _Delegate(QStyledItemDelegate):
    def __init__(self, posters: Posters, parent: QWidget) -> None:
        super().__init__(parent)
        self._posters = posters

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, scaled(_HEIGHT))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row: TakeRow = index.data(_ROW)
        box: QRect = option.rect
        state = option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, QColor(tokens().raised))
        inner = box.adjusted(scaled(_PAD), scaled(_PAD), -scaled(_PAD), -scaled(_PAD))
        still = QRect(inner.left(), inner.top(), scaled(_STILL.width()), scaled(_STILL.height()))
        paint_still(painter, still, row.poster, self._posters, shade=0.55 if row.stops else 0.0)
        left, line = still.right() + scaled(8), scaled(_LINE)
        words = QRect(left, inner.top(), inner.right() - left, line)
        colour = tokens().bad if row.stops else tokens().warn if row.take.conditions else tokens().ok
        write(painter, words, row.title, lettering(ROW), QColor(tokens().text))
        small = lettering(SMALL)
        # Names of one film begin alike and differ at their ends.
        whole = PurePosixPath(row.take.name).name or "–"
        name = QFontMetrics(small).elidedText(whole, Qt.TextElideMode.ElideMiddle, words.width())
        write(painter, words.translated(0, line), name, small, QColor(tokens().quiet))
        write(painter, words.translated(0, 2 * line), row.status, small, QColor(colour))
