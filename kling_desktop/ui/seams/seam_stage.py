"""Shows the two frames at a seam: split by a line that is dragged, side by side, in turn, or how they differ."""

from __future__ import annotations

from enum import Enum, auto

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QHideEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from kling_desktop.domain.analysis import DIFFERENCE_GAIN, SeamStills
from kling_desktop.ui import theme
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.painted.lettering import elided, lettering, width_of
from kling_desktop.ui.stills.posters import Posters
from kling_desktop.ui.theme.fonts import ROW, scaled

_BLINK_MS = 200
"""Each frame's turn: two and a half flashes a second, fewer than the three that WCAG 2.2 (2.3.1) allows."""
_LOADED = QSize(1280, 1280)
_KEPT_MB = 24.0
"""Of these pictures: the seams beside the one that is looked at."""
_GAP = 4
_WORDS = QColor("#ffffff")
_LABEL = QColor(0, 0, 0, 184)
_GRIP = 12
"""Radius of the knob on the line, and how near to the line the hand takes hold of it, in pixels."""
_NUDGE = 0.02
"""Share of the picture by which a key moves the line."""


class Look(Enum):
    """How the two frames are shown."""

    SPLIT = auto()
    """The left part of the last old frame, the right part of the first new one."""
    PAIR = auto()
    BLINK = auto()
    DIFFERENCE = auto()


class SeamStage(QLabel):
    """Stands on the stage's own ground. Its pictures are loaded beside the GUI thread."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = Look.SPLIT
        self.split = 0.5
        """Where the line stands, as a share of the picture's width."""
        self._drags = False
        self._split_box = QRectF()
        self.stills: SeamStills | None = None
        self._frame = 0
        self._said = ""
        self._shows_after: bool | None = None
        """Which frame blinking shows now; None while it does not blink."""
        self._posters = Posters(self, _KEPT_MB)
        self._posters.loaded.connect(self.update)
        self._blinking = QTimer(self, interval=_BLINK_MS)
        self._blinking.timeout.connect(self._turn)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        self.setAccessibleName(tr("Frames at the seam"))

    def show_stills(self, stills: SeamStills, frame: int) -> None:
        """The pictures of the seam whose first new frame has this number (from 0)."""
        self.stills, self._frame, self._said = stills, frame, ""
        if self.look is Look.BLINK:
            self.blink()
        self._describe()

    def say(self, text: str) -> None:
        """Say something instead of pictures."""
        self.stills, self._said = None, text
        self._describe()

    def choose(self, look: Look) -> None:
        """Look at them in this way until another is chosen."""
        self.look = look
        if look is Look.BLINK:
            self.blink()
        elif self.is_blinking:
            self.rest()
        self._describe()

    def move_split(self, share: float) -> None:
        """Draw the line at this share of the picture's width, 0 to 1."""
        self.split = min(1.0, max(0.0, share))
        self.update()

    def blink(self) -> None:
        """Show both frames in the same place, in turn, until `rest`."""
        if self._shows_after is None and self.stills is not None:
            self._shows_after = True
            self._blinking.start()
            self.update()

    def rest(self) -> None:
        """Stop blinking; where blinking is the way that was chosen, it goes on."""
        if self.look is Look.BLINK and self.stills is not None and self.isVisible():
            return
        self._blinking.stop()
        self._shows_after = None
        self.update()

    def hideEvent(self, event: QHideEvent) -> None:
        self._blinking.stop()
        self._shows_after = None
        super().hideEvent(event)

    @property
    def is_blinking(self) -> bool:
        return self._shows_after is not None

    def _turn(self) -> None:
        self._shows_after = not self._shows_after
        self.update()

    def _describe(self) -> None:
        self.setCursor(Qt.CursorShape.ArrowCursor)
        shown = tr("How they differ") if self.look is Look.DIFFERENCE else tr("Last old frame and first new frame")
        self.setAccessibleDescription(self._said or shown)
        self.update()

    # painting --------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(640, 320)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 110)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), QColor(theme.colours().stage))
        if self.stills is None:
            painter.setPen(QColor(theme.colours().text))
            words = self.rect().adjusted(theme.GAP, 0, -theme.GAP, 0)
            painter.drawText(words, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), self._said)
        else:
            self._paint_frames(painter, self.stills)
        if self.hasFocus():
            painter.setPen(QColor(theme.colours().accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    def _paint_frames(self, painter: QPainter, stills: SeamStills) -> None:
        before = tr("Last old frame · {n}", n=self._frame)
        after = tr("First new frame · {n}", n=self._frame + 1)
        if self._shows_after is not None:
            file, words = (stills.after, after) if self._shows_after else (stills.before, before)
            self._paint(painter, self._posters.pixmap(file, _LOADED), self.rect(), words)
        elif self.look is Look.DIFFERENCE:
            words = tr("Difference, {n} times as strong", n=DIFFERENCE_GAIN)
            self._paint(painter, self._posters.pixmap(stills.difference, _LOADED), self.rect(), words)
        elif self.look is Look.SPLIT:
            self._paint_split(painter, stills, before, after)
        else:
            first, second = self._posters.pixmap(stills.before, _LOADED), self._posters.pixmap(stills.after, _LOADED)
            for picture, place, words in zip(
                (first, second), self._places(first or second), (before, after), strict=True
            ):
                self._paint(painter, picture, place, words)

    def _places(self, picture: QPixmap | None) -> tuple[QRect, QRect]:
        """Where the two stand: side by side, or one above the other where they are larger so."""
        beside = QSize((self.width() - _GAP) // 2, self.height())
        above = QSize(self.width(), (self.height() - _GAP) // 2)
        shape = picture.size() if picture is not None else QSize(16, 9)
        keep = Qt.AspectRatioMode.KeepAspectRatio
        if shape.scaled(above, keep).width() > shape.scaled(beside, keep).width() * 1.15:
            return QRect(0, 0, above.width(), above.height()), QRect(
                0, above.height() + _GAP, above.width(), above.height()
            )
        return QRect(0, 0, beside.width(), beside.height()), QRect(
            beside.width() + _GAP, 0, beside.width(), beside.height()
        )

    def _paint_split(self, painter: QPainter, stills: SeamStills, before: str, after: str) -> None:
        first, second = self._posters.pixmap(stills.before, _LOADED), self._posters.pixmap(stills.after, _LOADED)
        shown = self._split_box = _fitted(first or second, QRectF(self.rect()))
        line = shown.left() + shown.width() * self.split
        for picture, left, right in ((first, shown.left(), line), (second, line, shown.right())):
            if picture is not None and right > left:
                part = QRectF(left, shown.top(), right - left, shown.height())
                painter.save()
                painter.setClipRect(part)
                painter.drawPixmap(shown, picture, QRectF(picture.rect()))
                painter.restore()
        self._label(painter, shown, before)
        self._label(painter, shown, after, at_end=True)
        self._paint_line(painter, line, shown)

    @staticmethod
    def _paint_line(painter: QPainter, x: float, shown: QRectF) -> None:
        for ink, width in ((QColor(0, 0, 0, 140), 3), (_WORDS, 1)):
            painter.setPen(QPen(ink, width))
            painter.drawLine(QPointF(x, shown.top()), QPointF(x, shown.bottom()))
        middle, radius = QPointF(x, shown.center().y()), scaled(_GRIP)
        painter.setPen(QPen(QColor(0, 0, 0, 140), 1))
        painter.setBrush(_WORDS)
        painter.drawEllipse(middle, radius, radius)
        side = radius + 2
        sign = QRectF(middle.x() - side / 2, middle.y() - side / 2, side, side).toRect()
        theme.icon("swap", QColor("#1b1b1b")).paint(painter, sign)

    def _paint(self, painter: QPainter, picture: QPixmap | None, place: QRect, words: str) -> None:
        shown = _fitted(picture, QRectF(place))
        if picture is not None:
            painter.drawPixmap(shown, picture, QRectF(picture.rect()))
        self._label(painter, shown, words)

    @staticmethod
    def _label(painter: QPainter, shown: QRectF, words: str, *, at_end: bool = False) -> None:
        """A dark label in the picture's upper corner, readable on any picture."""
        font = lettering(ROW)
        words = elided(words, font, max(20, round(shown.width() / (2 if at_end else 1)) - 4 * theme.GAP))
        box = QRectF(shown.left() + 8, shown.top() + 8, width_of(words, font) + 12, scaled(20))
        if at_end:
            box.moveRight(shown.right() - 8)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_LABEL)
        painter.drawRoundedRect(box, 2, 2)
        painter.setFont(font)
        painter.setPen(_WORDS)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), words)

    # the line ----------------------------------------------------------------------------------------------

    def _is_on_line(self, point: QPointF) -> bool:
        line = self._split_box.left() + self._split_box.width() * self.split
        return self.look is Look.SPLIT and self.stills is not None and abs(point.x() - line) <= scaled(_GRIP)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.look is Look.SPLIT and self.stills is not None:
            self._drags = True
            self._drag_to(event.position())
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drags:
            self._drag_to(event.position())
        near = self._is_on_line(event.position())
        self.setCursor(Qt.CursorShape.SplitHCursor if near else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._drags = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Shift with an arrow moves the line; everything else is the view's."""
        way = {Qt.Key.Key_Left: -_NUDGE, Qt.Key.Key_Right: _NUDGE}.get(Qt.Key(event.key()))
        shifted = event.modifiers() == Qt.KeyboardModifier.ShiftModifier
        if way is not None and shifted and self.look is Look.SPLIT:
            self.move_split(self.split + way)
        else:
            super().keyPressEvent(event)

    def _drag_to(self, point: QPointF) -> None:
        if self._split_box.width() > 0:
            self.move_split((point.x() - self._split_box.left()) / self._split_box.width())


def _fitted(picture: QPixmap | None, place: QRectF) -> QRectF:
    """Where a picture stands in a place, as large as it can be without losing its shape."""
    if picture is None:
        return place
    size = picture.size().scaled(place.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
    shown = QRectF(0, 0, size.width(), size.height())
    shown.moveCenter(place.center())
    return shown
