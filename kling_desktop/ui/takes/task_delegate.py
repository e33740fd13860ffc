"""Paints the rows of the task list: a still, three lines of text, a thin bar while bytes arrive."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetrics, QIcon, QPainter, QPainterPath, QPalette, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from kling_desktop.domain.clips import Progress
from kling_desktop.domain.tasks import Pick, Status, Task
from kling_desktop.ui import theme
from kling_desktop.ui.stills.posters import Posters
from kling_desktop.ui.takes.task_model import PlaceRole, PosterRole, ProgressRole, TaskRole, TypicalRole
from kling_desktop.ui.takes.task_words import RowText, row_text, shown_status
from kling_desktop.ui.theme import GAP

ROW_HEIGHT = 64
"""Pixels, at least; large fonts make it grow."""

BAR = 3
"""Thickness of the transfer bar in pixels."""

_DOT = " · "
_STILL_SHARE = 0.27
"""Of a narrow row, the still takes no more than this."""
_ONE_LINE = int(Qt.AlignmentFlag.AlignVCenter) | int(Qt.TextFlag.TextSingleLine)
_NAME_LIMIT = 200
"""Letters of a prompt that are measured: more fit into no row."""
_ROUNDING = 2
"""Pixels by which a 16:9 still may miss its stage: it is stretched, not framed."""
_TALLEST = "Ág界國"
"""Letters that reach far up and down, from both scripts: a fallback font may be taller than the program's own."""


@dataclass(frozen=True, slots=True)
class _Letters:
    """A font with its measures."""

    font: QFont
    metrics: QFontMetrics
    height: int
    """Of a line that holds letters of any script, in pixels."""


@dataclass(frozen=True, slots=True)
class _Inks:
    """What is painted with which colour in one row."""

    text: QColor
    quiet: QColor
    state: QColor
    warning: QColor
    bar: QColor
    trough: QColor


class TaskDelegate(QStyledItemDelegate):
    """Every row is equally high, so that a view never needs to ask."""

    def __init__(
        self, posters: Posters, clock: Callable[[], datetime] = lambda: datetime.now(UTC), parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._posters = posters
        self._clock = clock
        # Made once: an icon of its own for every row painted would cost more than the text.
        self._film = theme.icon("film")
        self._measured: tuple[QFont, tuple[_Letters, _Letters]] | None = None
        self._icons: dict[tuple[Status, str], QIcon] = {}

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, row_height(option.font))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        task: Task | None = index.data(TaskRole)
        if task is None:
            return
        progress: Progress | None = index.data(ProgressRole)
        text = row_text(task, progress, index.data(TypicalRole), self._clock(), index.data(PlaceRole) or 0)
        inks = _inks(option, task)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint_ground(painter, option)
        still = still_box(option.rect)
        self._paint_still(painter, still, index.data(PosterRole), faded=task.clip is None or task.pick is Pick.REJECTED)
        lines = option.rect.adjusted(still.right() + 1 - option.rect.left() + GAP + 2, GAP, -GAP, -GAP)
        self._paint_lines(painter, lines, option.font, text, inks, shown_status(task))
        if progress is not None:
            _paint_bar(painter, QRect(lines.left(), option.rect.bottom() - BAR - 1, lines.width(), BAR), progress, inks)
        painter.restore()

    def _paint_still(self, painter: QPainter, box: QRect, file: Path | None, *, faded: bool) -> None:
        """The still inside a 16:9 stage; upright clips stand between two dark bars."""
        rounded = QPainterPath()
        rounded.addRoundedRect(QRectF(box), 4, 4)
        ratio = painter.device().devicePixelRatioF()
        pixmap = self._posters.pixmap(file, box.size() * ratio) if file else None
        if pixmap is None:
            painter.fillPath(rounded, QColor(theme.colours().hover))
            side = box.height() // 2
            painter.setOpacity(0.5)
            self._film.paint(painter, QRect(0, 0, side, side).translated(box.center() - QPoint(side // 2, side // 2)))
            painter.setOpacity(1)
            return
        painter.fillPath(rounded, QColor(theme.colours().stage))
        place = QRect(0, 0, round(pixmap.width() / ratio), round(pixmap.height() / ratio))
        place.moveCenter(box.center())
        if abs(place.width() - box.width()) <= _ROUNDING >= abs(place.height() - box.height()):
            place = box
        painter.setClipPath(rounded)
        # A take in the making shows, faded, the clip that it goes on from.
        painter.setOpacity(0.45 if faded else 1)
        painter.drawPixmap(place, pixmap)
        painter.setOpacity(1)
        painter.setClipping(False)

    def _paint_lines(
        self, painter: QPainter, box: QRect, font: QFont, text: RowText, inks: _Inks, status: Status
    ) -> None:
        plain, small = self._letters_of(font)
        first, second, third = _line_boxes(box, plain, small)
        _write(painter, first, plain, inks.text, (text.name[:_NAME_LIMIT],))
        icon = QRect(second.left(), second.top(), second.height(), second.height())
        self._icon(status, inks.state).paint(painter, icon)
        second.setLeft(icon.right() + 1 + GAP // 2)
        used = _write(painter, second, small, inks.state, (text.state,))
        second.setLeft(second.left() + used)
        _write(painter, second, small, inks.quiet, text.beside, lead=_DOT)
        _write(painter, third, small, inks.warning if text.warns else inks.quiet, text.below)

    def _letters_of(self, font: QFont) -> tuple[_Letters, _Letters]:
        """Measured once for a font: measuring would be a fifth of the painting."""
        if self._measured is None or self._measured[0] != font:
            self._measured = (QFont(font), (_plain(font), _small(font)))
        return self._measured[1]

    def _icon(self, status: Status, ink: QColor) -> QIcon:
        key = (status, ink.name())
        if key not in self._icons:
            self._icons[key] = theme.icon(f"status-{status}", ink)
        return self._icons[key]


def row_height(font: QFont) -> int:
    """Height of every row in pixels, for a list's font."""
    return max(ROW_HEIGHT, _plain(font).height + 2 * _small(font).height + 2 * GAP + GAP)


def fitting(parts: Sequence[str], metrics: QFontMetrics, width: int, lead: str = "") -> str:
    """As many of the parts, from the first, as fit into `width` pixels; a first one that does not is cut with an
    ellipsis, and with a `lead` before it left out."""
    said = ""
    for part in parts:
        longer = f"{said}{_DOT}{part}" if said else f"{lead}{part}"
        if metrics.horizontalAdvance(longer) > width:
            break
        said = longer
    if said or lead or not parts:
        return said
    return metrics.elidedText(parts[0], Qt.TextElideMode.ElideRight, width)


def _write(painter: QPainter, box: QRect, letters: _Letters, ink: QColor, parts: Sequence[str], lead: str = "") -> int:
    """Write what fits; returns how wide it became in pixels."""
    said = fitting(parts, letters.metrics, box.width(), lead)
    if not said:
        return 0
    painter.setFont(letters.font)
    painter.setPen(ink)
    painter.drawText(box, _ONE_LINE, said)
    return letters.metrics.horizontalAdvance(said)


def _plain(font: QFont) -> _Letters:
    return _measured(QFont(font))


def _small(font: QFont) -> _Letters:
    small = QFont(font)
    small.setPixelSize(max(1, round(QFontInfo(font).pixelSize() * 0.92)))
    return _measured(small)


def _measured(font: QFont) -> _Letters:
    metrics = QFontMetrics(font)
    return _Letters(font, metrics, max(metrics.height(), metrics.boundingRect(_TALLEST).height()))


def _line_boxes(box: QRect, plain: _Letters, small: _Letters) -> tuple[QRect, QRect, QRect]:
    """Three lines, the free height shared out between them."""
    heights = (plain.height, small.height, small.height)
    space = max(0, (box.height() - sum(heights)) // 2)
    tops = (box.top(), box.top() + heights[0] + space, box.bottom() + 1 - heights[2])
    first, second, third = (QRect(box.left(), top, box.width(), h) for top, h in zip(tops, heights, strict=True))
    return first, second, third


def still_box(row: QRect) -> QRect:
    """Where in a row its still is."""
    height = row.height() - 2 * GAP
    width = min(height * 16 // 9, round(row.width() * _STILL_SHARE))
    box = QRect(0, 0, width, width * 9 // 16)
    box.moveCenter(row.center())
    box.moveLeft(row.left() + GAP)
    return box


def _inks(option: QStyleOptionViewItem, task: Task) -> _Inks:
    worn = theme.colours()
    if option.state & QStyle.StateFlag.State_Selected:
        on = option.palette.color(QPalette.ColorRole.HighlightedText)
        trough = QColor(on)
        trough.setAlphaF(0.3)
        return _Inks(on, on, on, on, on, trough)
    waits = not task.status.ended
    return _Inks(
        text=option.palette.color(QPalette.ColorRole.Text),
        quiet=QColor(worn.quiet),
        state=theme.status_colour(shown_status(task)),
        warning=QColor(worn.warn if waits or task.status == Status.SUCCEEDED else worn.bad),
        bar=QColor(worn.accent),
        trough=QColor(worn.line),
    )


def _paint_ground(painter: QPainter, option: QStyleOptionViewItem) -> None:
    """What lies behind a row that is selected, pointed at or has the focus."""
    selected = bool(option.state & QStyle.StateFlag.State_Selected)
    if selected:
        painter.fillRect(option.rect, option.palette.color(QPalette.ColorRole.Highlight))
    elif option.state & QStyle.StateFlag.State_MouseOver:
        painter.fillRect(option.rect, QColor(theme.colours().hover))
    if option.state & QStyle.StateFlag.State_HasFocus:
        ring = QColor(theme.colours().accent)
        painter.setPen(QPen(ring, 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(option.rect).adjusted(2, 2, -2, -3), 4, 4)


def _paint_bar(painter: QPainter, box: QRect, progress: Progress, inks: _Inks) -> None:
    """How much has arrived; only the trough when the whole is not known."""
    painter.fillRect(box, inks.trough)
    if progress.total_bytes:
        share = min(1.0, progress.received_bytes / progress.total_bytes)
        painter.fillRect(QRect(box.left(), box.top(), round(box.width() * share), box.height()), inks.bar)
