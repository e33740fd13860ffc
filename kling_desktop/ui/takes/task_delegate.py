"""Paints the rows of the task lists: heads, and takes as a still, three lines of text, a bar while bytes arrive."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetrics, QPainter, QPalette, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from kling_desktop.domain.clips import Progress
from kling_desktop.domain.tasks import Pick, Status, Task
from kling_desktop.ui import theme
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.painted.lettering import in_its_direction
from kling_desktop.ui.painted.shapes import paint_badge, paint_shape, paint_stars, word_colour
from kling_desktop.ui.stills.posters import Posters
from kling_desktop.ui.stills.still_paint import paint_still
from kling_desktop.ui.takes.rows.task_answers import (
    HeadRole,
    PlaceRole,
    PosterRole,
    ProgressRole,
    TaskRole,
    ToldRole,
    TypicalRole,
)
from kling_desktop.ui.takes.task_heads import EDGE, head_height, head_words, paint_head
from kling_desktop.ui.takes.task_layout import Head
from kling_desktop.ui.takes.task_words import Told, name, painted_lines
from kling_desktop.ui.theme import GAP
from kling_desktop.ui.theme.fonts import scaled

ROW_HEIGHT = 56
"""Pixels, at least; large fonts make it grow."""

BAR = 3
"""Thickness of the transfer bar in pixels."""

_DOT = " · "
_STILL_WIDTH, _STILL_SHARE = 80, 0.29
"""Pixels at 100 %; of a narrow row no more than this share."""
_ONE_LINE = int(Qt.AlignmentFlag.AlignVCenter) | int(Qt.TextFlag.TextSingleLine)
_NAME_LIMIT = 200
"""Letters of a prompt that are measured: more fit into no row."""
_TALLEST = "Ág界國"
"""Letters that reach far up and down, from both scripts: a fallback font may be taller than the program's own."""
_NOT_MADE = 0.45
"""How much darker the still is that a take in the making shows: of the clip that it goes on from."""


@dataclass(frozen=True, slots=True)
class _Letters:
    """A font with its measures."""

    font: QFont
    metrics: QFontMetrics
    height: int
    """Of a line that holds letters of any script, in pixels."""


class TaskDelegate(QStyledItemDelegate):
    """All takes are equally high, and so are all heads, so that a view never needs to ask."""

    def __init__(
        self, posters: Posters, clock: Callable[[], datetime] = lambda: datetime.now(UTC), parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.turn = 0
        """Step of the shapes that turn."""
        self.posters = posters
        self._clock = clock
        self._measured: tuple[QFont, tuple[_Letters, _Letters]] | None = None

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, head_height() if index.data(HeadRole) else row_height(option.font))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        task: Task | None = index.data(TaskRole)
        head: Head | None = None if task is not None else index.data(HeadRole)
        if task is None and head is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_ground(painter, option)
        if task is not None:
            self._paint_task(painter, option, index, task)
        elif head is not None:
            paint_head(painter, QRect(option.rect), head_words(head), head.stretch.count, folded=head.folded)
        painter.restore()

    def _paint_task(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
        task: Task,
    ) -> None:
        progress: Progress | None = index.data(ProgressRole)
        told: Told = index.data(ToldRole) or Told()
        still = still_box(option.rect)
        is_faded = task.clip is None or task.pick is Pick.REJECTED
        shown = None if task.status is Status.FAILED and task.clip is None else index.data(PosterRole)
        paint_still(painter, still, shown, self.posters, shade=_NOT_MADE if is_faded else 0.0)
        if told.hop is not None:
            paint_badge(painter, still, str(told.hop))
        left = still.right() + 1 + GAP
        space = max(GAP // 2, (option.rect.height() - still.height()) // 2)
        lines = QRect(left, option.rect.top() + space, option.rect.right() + 1 - GAP - left, 0)
        lines.setBottom(option.rect.bottom() - space)
        self._paint_lines(painter, lines, option, index, task, progress, told)
        if progress is not None:
            _paint_bar(painter, QRect(left, option.rect.bottom() - BAR - 1, lines.width(), BAR), progress)

    def _paint_lines(
        self,
        painter: QPainter,
        box: QRect,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
        task: Task,
        progress: Progress | None,
        told: Told,
    ) -> None:
        worn = theme.colours()
        plain, small = self._letters_of(option.font)
        first, second, third = _line_boxes(box, plain, small)
        shape, state, below, warns = painted_lines(
            task, progress, index.data(TypicalRole), self._clock(), index.data(PlaceRole) or 0, told
        )
        _write(painter, first, plain, option.palette.color(QPalette.ColorRole.Text), (name(task)[:_NAME_LIMIT],))
        if task.stars:
            second.setRight(paint_stars(painter, second.right(), second.center().y() + 0.5, task.stars) - GAP)
        side = scaled(10)
        paint_shape(
            painter,
            QRectF(second.left(), second.center().y() - side / 2 + 0.5, side, side),
            shape,
            turn=self.turn,
            dashed=told.is_doubtful,
        )
        second.setLeft(second.left() + side + scaled(4))
        used = _write(painter, second, small, word_colour(shape), state)
        second.setLeft(second.left() + used)
        judged = {Pick.PICKED: tr("Picked"), Pick.REJECTED: tr("Rejected")}.get(task.pick, "")
        _write(painter, second, small, QColor(worn.quiet), (judged,) if judged else (), lead=_DOT)
        _write(painter, third, small, QColor(worn.warn if warns else worn.quiet), below)

    def _letters_of(self, font: QFont) -> tuple[_Letters, _Letters]:
        """Measured once for a font: measuring would be a fifth of the painting."""
        if self._measured is None or self._measured[0] != font:
            self._measured = (QFont(font), (_plain(font), _small(font)))
        return self._measured[1]


def row_height(font: QFont) -> int:
    """Height of every take's row in pixels, for a list's font."""
    return max(scaled(ROW_HEIGHT), _plain(font).height + 2 * _small(font).height + GAP)


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
    painter.drawText(box, _ONE_LINE, in_its_direction(said))
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
    space = (box.height() - sum(heights)) // 2
    tops = (box.top(), box.top() + heights[0] + space, box.bottom() + 1 - heights[2])
    first, second, third = (QRect(box.left(), top, box.width(), h) for top, h in zip(tops, heights, strict=True))
    return first, second, third


def still_box(row: QRect) -> QRect:
    """Where in a row its still is."""
    width = min(scaled(_STILL_WIDTH), round(row.width() * _STILL_SHARE))
    box = QRect(0, 0, width, width * 9 // 16)
    box.moveCenter(row.center())
    box.moveLeft(row.left() + EDGE)
    return box


def paint_ground(painter: QPainter, option: QStyleOptionViewItem) -> None:
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


def _paint_bar(painter: QPainter, box: QRect, progress: Progress) -> None:
    """How much has arrived; only the trough when the whole is not known."""
    worn = theme.colours()
    painter.fillRect(box, QColor(worn.line))
    if progress.total_bytes:
        share = min(1.0, progress.received_bytes / progress.total_bytes)
        painter.fillRect(QRect(box.left(), box.top(), round(box.width() * share), box.height()), QColor(worn.accent))
