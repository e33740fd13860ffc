"""Icons: one family of outlines of our own, painted in the text colour of whatever theme is worn."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QIconEngine, QPainter, QPalette, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer

from kling_desktop.domain.tasks import Status
from kling_desktop.ui.theme.resources import resource
from kling_desktop.ui.theme.tokens import tokens

_STATES = {
    Status.QUEUED: "quiet",
    Status.SENDING: "accent",
    Status.UNCERTAIN: "warn",
    Status.SUBMITTED: "accent",
    Status.PROCESSING: "accent",
    Status.SUCCEEDED: "ok",
    Status.FAILED: "bad",
}


def status_colour(status: Status) -> QColor:
    """Colour of a state, readable (4.5:1) on every surface of the theme worn now but a light stage."""
    return QColor(getattr(tokens(), _STATES[status]))


def icon(name: str, colour: QColor | None = None) -> QIcon:
    """Icon `resources/icons/<name>.svg`, sharp at any size, in `colour` or else in the palette's text colour.

    Without a colour it follows a change of theme by itself, and is tinted when switched on.
    """
    return QIcon(SvgIconEngine(name, colour))


def program_icon() -> QIcon:
    """The icon of the program's windows."""
    return QIcon(str(resource("icons/kling-desktop.svg")))


class SvgIconEngine(QIconEngine):
    """Paints an icon's outline with whatever colour is worn at that moment."""

    def __init__(self, name: str, colour: QColor | None) -> None:
        super().__init__()
        self._name = name
        self._colour = QColor(colour) if colour is not None else None

    _clones: ClassVar[list[QIconEngine]] = []

    def clone(self) -> QIconEngine:
        # Qt takes a clone without telling Python, which would let it go: a crash. Qt clones an engine only when
        # somebody adds a pixmap to an icon of ours, so this list stays short.
        twin = SvgIconEngine(self._name, self._colour)
        self._clones.append(twin)
        return twin

    def key(self) -> str:
        return "kling-desktop-svg"

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        ratio = painter.device().devicePixelRatioF()
        pixmap = _drawn(self._name, rect.size() * ratio, self._ink(mode, state))
        pixmap.setDevicePixelRatio(ratio)
        painter.drawPixmap(rect.topLeft(), pixmap)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """`size` is in device pixels."""
        return _drawn(self._name, size, self._ink(mode, state))

    def _ink(self, mode: QIcon.Mode, state: QIcon.State) -> QColor:
        worn = QGuiApplication.palette()
        if mode == QIcon.Mode.Disabled:
            return worn.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText)
        if self._colour is not None:
            return self._colour
        if mode == QIcon.Mode.Selected:
            return worn.color(QPalette.ColorRole.HighlightedText)
        return worn.color(QPalette.ColorRole.Accent if state == QIcon.State.On else QPalette.ColorRole.ButtonText)


def _drawn(name: str, size: QSize, ink: QColor) -> QPixmap:
    key = f"svg {name} {size.width()} {size.height()} {ink.name()}"
    kept = QPixmap()
    if QPixmapCache.find(key, kept):
        return kept
    pixmap = QPixmap(size)
    if size.isEmpty():  # a button that has no room yet
        return pixmap
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    outline = resource(f"icons/{name}.svg").read_bytes().replace(b"currentColor", ink.name().encode())
    side = min(size.width(), size.height())
    square = QRectF((size.width() - side) / 2, (size.height() - side) / 2, side, side)
    QSvgRenderer(outline).render(painter, square)
    painter.end()
    QPixmapCache.insert(key, pixmap)
    return pixmap
