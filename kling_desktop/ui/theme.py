"""Dresses the program: palettes for light and dark, icons that follow them, colours of states.

Widgets get everything from the palette. Four properties ask for more:
`setProperty("primary", True)` on the one QPushButton that a panel is about, `setProperty("quiet", True)` on a
QLabel that explains, `setProperty("heading", True)` on a QLabel that names a panel; `setProperty("danger", True)`
on a QLabel that says what is wrong.
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import QObject, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QIconEngine, QPainter, QPalette, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from kling_desktop.domain.tasks import Status
from kling_desktop.ui.colours import DARK, LIGHT, Colours, palette, sheet

GAP = 8
"""Pixels between things that belong together; panels use twice, hairlines half of it."""

ICON = 20
"""Side of a button's icon in pixels."""

_PACKAGE = Path(__file__).resolve().parent.parent


def resource(relative: str) -> Path:
    """Path of a file of `resources/`, in a checkout as well as installed."""
    installed = _PACKAGE / "resources"
    return (installed if installed.is_dir() else _PACKAGE.parent / "resources") / relative


def apply(app: QApplication, theme: str) -> None:
    """Dress the program as "light", "dark" or, following its changes, as the "system" is."""
    dresser = app.findChild(_Dresser) or _Dresser(app)
    dresser.choose(theme)


class _Dresser(QObject):
    """Remembers which theme was chosen, and changes clothes when the system does."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._theme = "system"
        app.setStyle("Fusion")
        app.styleHints().colorSchemeChanged.connect(self._dress)

    def choose(self, theme: str) -> None:
        self._theme = theme
        schemes = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
        # Lets native title bars and file dialogs follow; where a platform cannot, only our palette changes.
        self._app.styleHints().setColorScheme(schemes.get(theme, Qt.ColorScheme.Unknown))
        self._dress()

    def _dress(self) -> None:
        wanted_dark = self._theme == "dark"
        if self._theme == "system":
            wanted_dark = self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark
        colours = DARK if wanted_dark else LIGHT
        self._app.setPalette(palette(colours))
        if self._app.styleSheet() != sheet(colours):
            self._app.setStyleSheet(sheet(colours))


def colours() -> Colours:
    """The set of colours that is worn now."""
    return DARK if QGuiApplication.palette().color(QPalette.ColorRole.Base).lightness() < 128 else LIGHT


def status_colour(status: Status) -> QColor:
    """Colour of a state, readable (4.5:1) on the Base and Window of the theme worn now."""
    return QColor(colours().states[status])


def status_icon(status: Status) -> QIcon:
    """Icon of a state: every state has an outline of its own and the colour of `status_colour`."""
    return icon(f"status-{status}", status_colour(status))


def icon(name: str, colour: QColor | None = None) -> QIcon:
    """Icon `resources/icons/<name>.svg`, sharp at any size, in `colour` or else in the palette's text colour.

    Without a colour it follows a change of theme by itself, and is tinted when switched on.
    """
    return QIcon(_Stencil(name, colour))


def program_icon() -> QIcon:
    """The icon of the program's windows."""
    return QIcon(str(resource("icons/kling-desktop.svg")))


class _Stencil(QIconEngine):
    """Paints an icon's outline with whatever colour is worn at that moment."""

    def __init__(self, name: str, colour: QColor | None) -> None:
        super().__init__()
        self._name = name
        self._colour = QColor(colour) if colour is not None else None

    _clones: ClassVar[list[QIconEngine]] = []

    def clone(self) -> QIconEngine:
        # Qt takes a clone without telling Python, which would let it go: a crash. Qt clones an engine only when
        # somebody adds a pixmap to an icon of ours, so this list stays short.
        twin = _Stencil(self._name, self._colour)
        self._clones.append(twin)
        return twin

    def key(self) -> str:
        return "kling-desktop-stencil"

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
    key = f"stencil {name} {size.width()} {size.height()} {ink.name()}"
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
