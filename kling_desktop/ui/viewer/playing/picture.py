"""Paints the film: frames or a poster on a dark stage, and in words what there is to say about them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontInfo,
    QFontMetrics,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPolygonF,
    QWheelEvent,
)
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from kling_desktop.ui.theme import GAP, colours, icon
from kling_desktop.ui.theme.fonts import strong
from kling_desktop.ui.theme.tokens import tokens

_WORDS = QColor("#f2f2f4")
_QUIET_WORDS = QColor("#c3c6cd")
_VEIL = QColor(0, 0, 0, 200)
_PILL = QColor(0, 0, 0, 175)
_WIDEST_TEXT = 440
_SAID_MS = 1400
"""How long a word about what a key did stands over the film."""
_NOTCH = 120
"""One notch of a mouse wheel, in eighths of a degree."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something said in the middle of the stage."""

    title: str
    detail: str = ""
    icon: str = ""


class Picture(QLabel):
    """A stage that keeps the shape of the film; the light does not change with the theme, so text is always light."""

    clicked = Signal()
    double_clicked = Signal()
    pointer_moved = Signal()
    wheel_turned = Signal(int)
    """Notches, up is positive."""
    tab_pressed = Signal()
    """Tab, on a film that was not walked to by Tab."""
    painted = Signal()
    """For the first time, on the screen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self._make_image: Callable[[], QImage] | None = None
        self._notice: Notice | None = None
        self._hint = ""
        self._badge = ""
        self._clock = ""
        self.takes_tab = False
        """Whether Tab is told instead of moving the focus; who came here by Tab walks on by it all the same."""
        self._glimpse = QImage()
        self._told = ""
        self._telling = QTimer(self, singleShot=True, interval=_SAID_MS)
        self._telling.timeout.connect(lambda: self._tell_now(""))
        self._was_painted = False
        self._double_click_ends = False
        self._shows_focus = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    # what it shows ---------------------------------------------------------------------------------------

    def show_frame(self, make_image: Callable[[], QImage]) -> None:
        """Show a frame; its image is made only when it is painted, so frames that come too fast cost nothing."""
        self._make_image = make_image
        self._glimpse = QImage()
        self.update()

    def show_glimpse(self, image: QImage) -> None:
        """Show a coarse picture of the place that is sought, until the exact frame comes."""
        self._glimpse = image
        self.update()

    def show_still(self, image: QImage) -> None:
        """Show a still instead of frames; a null image clears the stage."""
        self._image, self._make_image, self._glimpse = image, None, QImage()
        self.update()

    def say(self, notice: Notice | None) -> None:
        """Say something in the middle, over a dimmed picture; None stops saying it."""
        self._notice = notice
        self._describe()

    def hint(self, text: str) -> None:
        """Invite to play, with a play sign in the middle; "" takes the invitation back."""
        self._hint = text
        self._describe()

    @property
    def hinted(self) -> str:
        """The invitation that stands on the film."""
        return self._hint

    def badge(self, text: str) -> None:
        """Say something small in the corner; "" takes it away."""
        self._badge = text
        self._describe()

    def show_clock(self, text: str) -> None:
        """Say time and frame in the lower corner; "" while they are to be read elsewhere."""
        if text != self._clock:
            self._clock = text
            # What is said over the stage's foot stands above it.
            self.setProperty("foot_taken", QFontMetrics(self.font()).height() + 2 * GAP if text else 0)
            self.update()

    @property
    def clock(self) -> str:
        """Time and frame as they stand on the film."""
        return self._clock

    def tell(self, text: str) -> None:
        """Say for a moment what a key has done."""
        self._tell_now(text)
        self._telling.start()

    @property
    def told(self) -> str:
        """What is said of the last key, while it is said."""
        return self._told

    @property
    def image(self) -> QImage:
        """The picture shown, full size; null when there is none."""
        if self._make_image is not None:
            self._image, self._make_image = self._make_image(), None
        return self._image

    @property
    def notice(self) -> Notice | None:
        return self._notice

    @property
    def film_rect(self) -> QRect:
        """Where the film lies on the stage; empty when nothing is shown."""
        if self.image.isNull():
            return QRect()
        size = self.image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        at = self.rect().center() - QRect(0, 0, size.width(), size.height()).center()
        return QRect(at, size)

    def _tell_now(self, text: str) -> None:
        self._told = text
        self.update()

    def _describe(self) -> None:
        said = [self._notice.title, self._notice.detail] if self._notice else [self._hint]
        self.setAccessibleDescription(" ".join(part for part in (*said, self._badge) if part))
        self.update()

    # painting --------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(960, 540)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 135)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), QColor(colours().stage))
        if not self.image.isNull():
            painter.drawImage(self.film_rect, self.image if self._glimpse.isNull() else self._glimpse)
        if self._notice is not None:
            self._paint_notice(painter, self._notice)
        elif self._hint:
            self._paint_hint(painter)
        if self._badge:
            self._paint_pill(painter, self._badge, QPointF(GAP, GAP), centred=False)
        if self._clock:
            high = QFontMetrics(self.font()).height() + GAP
            self._paint_pill(painter, self._clock, QPointF(GAP, self.height() - high - GAP), centred=False)
        if self._told:
            self._paint_pill(painter, self._told, QPointF(self.width() / 2, GAP), centred=True)
        if self._shows_focus:
            painter.setPen(QColor(colours().accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()
        if not self._was_painted:
            self._was_painted = True
            self.painted.emit()

    def _paint_notice(self, painter: QPainter, notice: Notice) -> None:
        words, quiet = QColor(tokens().text), QColor(tokens().text)  # on a light stage only these can be read
        if not self.image.isNull():
            painter.fillRect(self.rect(), _VEIL)
        if not self.image.isNull() or tokens().dark:
            words, quiet = _WORDS, _QUIET_WORDS
        title_font = strong(self.font())
        title_font.setPixelSize(round(QFontInfo(title_font).pixelSize() * 1.25))
        width = min(_WIDEST_TEXT, self.width() - 4 * GAP)
        title = _height(title_font, notice.title, width)
        detail = _height(self.font(), notice.detail, width) if notice.detail else 0
        picto = 40 if notice.icon and self.height() > title + detail + 80 else 0
        top = (self.height() - (picto + title + detail + 2 * GAP)) // 2
        left = (self.width() - width) // 2
        if picto:
            icon(notice.icon, quiet).paint(painter, QRect(left, top, width, picto))
            top += picto + GAP
        _write(painter, title_font, words, QRect(left, top, width, title), notice.title)
        _write(painter, self.font(), quiet, QRect(left, top + title + GAP, width, detail), notice.detail)

    def _paint_hint(self, painter: QPainter) -> None:
        middle = QPointF(self.rect().center())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_PILL)
        painter.drawEllipse(middle, 34, 34)
        painter.setBrush(_WORDS)
        corners = [QPointF(-9, -15), QPointF(17, 0), QPointF(-9, 15)]
        painter.drawPolygon(QPolygonF([middle + corner for corner in corners]))
        if self.height() > 160:
            self._paint_pill(painter, self._hint, middle + QPointF(0, 34 + 1.5 * GAP), centred=True)

    def _paint_pill(self, painter: QPainter, text: str, at: QPointF, *, centred: bool) -> None:
        metrics = QFontMetrics(self.font())
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, self.width() - 5 * GAP)
        width, height = metrics.horizontalAdvance(text) + 2.5 * GAP, metrics.height() + GAP
        pill = QRectF(at.x() - (width / 2 if centred else 0), at.y(), width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_PILL)
        painter.drawRoundedRect(pill, height / 2, height / 2)
        painter.setFont(self.font())
        painter.setPen(_WORDS)
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)

    # the focus, which is shown to those who came by key: a click needs no frame around the film --------------

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Tab:
            plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
            if plain and self.takes_tab and not self._shows_focus:
                self.tab_pressed.emit()
                return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        by_key = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
        self._shows_focus = event.reason() in by_key
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._shows_focus = False
        self.update()

    # the mouse -------------------------------------------------------------------------------------------

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if self._double_click_ends:
            self._double_click_ends = False
        elif self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._double_click_ends = True
            self.double_clicked.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.pointer_moved.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        notches = event.angleDelta().y() / _NOTCH
        self.wheel_turned.emit(round(notches) or (notches > 0) - (notches < 0))


def _height(font: QFont, text: str, width: int) -> int:
    flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignHCenter
    return QFontMetrics(font).boundingRect(QRect(0, 0, width, 10_000), int(flags), text).height()


def _write(painter: QPainter, font: QFont, colour: QColor, rect: QRect, text: str) -> None:
    painter.setFont(font)
    painter.setPen(colour)
    painter.drawText(rect, int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignHCenter), text)
