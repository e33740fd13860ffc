"""Shows the two frames at a seam: side by side, one upon the other in turn, or how they differ."""

from __future__ import annotations

from enum import Enum, auto

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from kling_desktop.domain.analysis import DIFFERENCE_GAIN, SeamStills
from kling_desktop.ui import theme
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.stills.posters import Posters

_BLINK_MS = 200
"""Each frame's turn: two and a half flashes a second, fewer than the three that WCAG 2.2 (2.3.1) allows."""
_LOADED = QSize(1280, 1280)
_GAP = 4
_WORDS = QColor("#f2f2f4")
_PILL = QColor(13, 13, 15, 200)


class Look(Enum):
    """How the two frames are shown."""

    PAIR = auto()
    DIFFERENCE = auto()


class SeamStage(QWidget):
    """The stage is dark in both themes. Its pictures are loaded beside the GUI thread."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = Look.PAIR
        self.stills: SeamStills | None = None
        self._frame = 0
        self._said = ""
        self._shows_after: bool | None = None
        """Which frame blinking shows now; None while it does not blink."""
        self._posters = Posters(self)
        self._posters.loaded.connect(self.update)
        self._blinking = QTimer(self, interval=_BLINK_MS)
        self._blinking.timeout.connect(self._turn)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(tr("Frames at the seam"))

    def show_stills(self, stills: SeamStills, frame: int) -> None:
        """The pictures of the seam whose first new frame has this number (from 0)."""
        self.stills, self._frame, self._said = stills, frame, ""
        self._describe()

    def say(self, text: str) -> None:
        """Say something instead of pictures."""
        self.stills, self._said = None, text
        self._describe()

    def choose(self, look: Look) -> None:
        self.look = look
        self._describe()

    def blink(self) -> None:
        """Show both frames in the same place, in turn, until `rest`."""
        if self._shows_after is None and self.stills is not None:
            self._shows_after = True
            self._blinking.start()
            self.update()

    def rest(self) -> None:
        self._blinking.stop()
        self._shows_after = None
        self.update()

    @property
    def is_blinking(self) -> bool:
        return self._shows_after is not None

    def _turn(self) -> None:
        self._shows_after = not self._shows_after
        self.update()

    def _describe(self) -> None:
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
            painter.setPen(_WORDS)
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

    def _paint(self, painter: QPainter, picture: QPixmap | None, place: QRect, words: str) -> None:
        shown = QRectF(place)
        if picture is not None:
            size = picture.size().scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio)
            shown = QRectF(0, 0, size.width(), size.height())
            shown.moveCenter(QRectF(place).center())
            painter.drawPixmap(shown, picture, QRectF(picture.rect()))
        metrics = QFontMetrics(self.font())
        words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, round(shown.width()) - 4 * theme.GAP)
        pill = QRectF(0, 0, metrics.horizontalAdvance(words) + 2 * theme.GAP, metrics.height() + 6)
        pill.moveCenter(QPointF(shown.center().x(), shown.bottom() - pill.height() / 2 - 6))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_PILL)
        painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2)
        painter.setPen(_WORDS)
        painter.drawText(pill, int(Qt.AlignmentFlag.AlignCenter), words)
