"""A chip: a sign, perhaps a gauge, and a few words that say one thing; a click opens its page."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QStyle, QStyleOptionToolButton, QToolButton, QWidget

from kling_desktop.ui.painted.lettering import in_its_direction
from kling_desktop.ui.theme import fonts
from kling_desktop.ui.theme.icons import icon
from kling_desktop.ui.theme.tokens import tokens

_HEIGHT, _PAD, _GAP, _ICON = 28, 8, 6, 16
_GAUGE = QSize(40, 4)
_CHEVRON = 16


@dataclass(frozen=True, slots=True)
class Part:
    """A sign and words of a chip that belong together."""

    words: str
    short: str = ""
    """What is said where room is scarce; empty says nothing there."""
    icon: str = ""
    """A name in resources/icons."""
    ink: str = "text"
    """Name of the token that sign and words are painted in."""
    sign_ink: str = ""
    """Name of the token of the sign alone."""
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Face:
    """All that a chip shows."""

    parts: tuple[Part, ...] = ()
    gauge: float | None = None
    """How full it is, 0 to 1; None has no gauge."""
    gauge_ink: str = "quiet"
    ground: str = ""
    """Name of the token behind the chip."""
    told: str = field(default="")
    """What a screen reader says; empty says the words."""


class Chip(QToolButton):
    """Paints a `Face`; has a menu or is pressed, as any tool button."""

    def __init__(self, parent: QWidget | None = None, *, size: int = fonts.ROW) -> None:
        super().__init__(parent)
        self._size = size
        self._face = Face()
        self._short = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    @property
    def face(self) -> Face:
        """What is shown."""
        return self._face

    def show_face(self, face: Face) -> None:
        """Show something else."""
        if face == self._face:
            return
        self._face = face
        self.setAccessibleName(face.told or " · ".join(part.words for part in face.parts))
        self._fit()

    def set_short(self, short: bool) -> None:
        """Whether the words are to be short."""
        if short != self._short:
            self._short = short
            self._fit()

    def said(self) -> str:
        """The words as they are painted now."""
        return " ".join(filter(None, (self._words(part) for part in self._face.parts)))

    def sizeHint(self) -> QSize:
        width = 2 * fonts.scaled(_PAD) + sum(self._widths()) + _GAP * max(0, len(self._widths()) - 1)
        return QSize(width, fonts.scaled(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        x = fonts.scaled(_PAD)
        if self._face.gauge is not None:
            self._paint_gauge(painter, x, self._face.gauge)
            x += _GAUGE.width() + _GAP
        for part in self._said_parts():
            x = self._paint_part(painter, part, x)
        if self.menu() is not None:
            middle = QPointF(x + fonts.scaled(_CHEVRON) / 2, self.height() / 2)
            _paint_chevron(painter, middle, QColor(tokens().quiet))
        painter.end()

    def _fit(self) -> None:
        self.setToolTip("" if not self._short else self.accessibleName())
        self.updateGeometry()
        self.update()

    def _paint_ground(self, painter: QPainter) -> None:
        option = QStyleOptionToolButton()
        self.initStyleOption(option)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if self._face.ground:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(getattr(tokens(), self._face.ground)))
            painter.drawRoundedRect(box, 4, 4)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_PanelButtonTool, option, painter, self)

    def _paint_gauge(self, painter: QPainter, x: int, share: float) -> None:
        box = QRectF(x, (self.height() - _GAUGE.height()) / 2, _GAUGE.width(), _GAUGE.height())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens().edge))
        painter.drawRoundedRect(box, 2, 2)
        filled = QRectF(box)
        filled.setWidth(box.width() * min(1.0, max(0.0, share)))
        painter.setBrush(QColor(getattr(tokens(), self._face.gauge_ink)))
        painter.drawRoundedRect(filled, 2, 2)

    def _paint_part(self, painter: QPainter, part: Part, x: int) -> int:
        ink = QColor(getattr(tokens(), part.ink))
        if part.icon:
            sign, side = QColor(getattr(tokens(), part.sign_ink or part.ink)), _side(part)
            icon(part.icon, sign).paint(painter, QRect(x, (self.height() - side) // 2, side, side))
            x += side + _GAP
        words, font = self._words(part), self._font(part)
        width = QFontMetrics(font).horizontalAdvance(words)
        painter.setFont(font)
        painter.setPen(ink)
        painter.drawText(
            QRect(x, 0, width + 2, self.height()), int(Qt.AlignmentFlag.AlignVCenter), in_its_direction(words)
        )
        return x + width + _GAP

    def _said_parts(self) -> list[Part]:
        """Those that have something to say in the room there is."""
        return [part for part in self._face.parts if self._words(part)]

    def _words(self, part: Part) -> str:
        return part.short if self._short else part.words

    def _font(self, part: Part) -> QFont:
        return fonts.font(self._size, bold=part.bold)

    def _widths(self) -> list[int]:
        """Of all that stands side by side."""
        widths = [_GAUGE.width()] if self._face.gauge is not None else []
        for part in self._said_parts():
            if part.icon:
                widths.append(_side(part))
            widths.append(QFontMetrics(self._font(part)).horizontalAdvance(self._words(part)))
        return [*widths, fonts.scaled(_CHEVRON)] if self.menu() is not None else widths


def _side(part: Part) -> int:
    """Side of a sign in pixels: states and verdicts are smaller than icons, as they are everywhere."""
    return fonts.scaled({"status": 14, "verdict": 10}.get(part.icon.partition("-")[0], _ICON))


def _paint_chevron(painter: QPainter, middle: QPointF, ink: QColor) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(ink, 1.5, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
    half = fonts.scaled(7) / 2
    ends = [QPointF(-half, -half / 2), QPointF(0, half / 2), QPointF(half, -half / 2)]
    painter.drawPolyline(QPolygonF([middle + end for end in ends]))
