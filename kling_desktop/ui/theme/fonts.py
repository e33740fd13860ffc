"""Letters: Inter, which comes as a package, with the system's Chinese behind it, and figures that stand in columns.

The file has its weights on an axis. Qt finds none of them by weight (a bold font comes out regular), so that whoever
wants strong words asks `strong` instead of setting a weight.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QEvent
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

SMALL, ROW, WORDS, TITLE = 11, 12, 13, 15
"""Pixels at 100 %: badges and verdicts; rows; prompt, buttons, menus and titles; titles of dialogs."""

SCALES = (90, 200)
"""Least and largest text size in per cent."""

_PACKAGE, _FILE = "fontpkg_inter", "files/Inter[opsz,wght].ttf"
_CHINESE = ("PingFang SC", "Microsoft YaHei UI", "Noto Sans CJK SC")
_DEMI_BOLD, _REGULAR = 600, 400
_scale = 100


def use(app: QApplication, scale: int = 100) -> None:
    """Write everything in Inter, at `scale` per cent (held to `SCALES`) of the sizes above."""
    global _scale
    _scale = min(max(scale, SCALES[0]), SCALES[1])
    app.setFont(font())
    # Windows that are there already would hear of it a turn later, and what is put into them before that would keep
    # the letters of before: under a style sheet nothing is handed down again.
    for window in app.topLevelWidgets():
        app.sendEvent(window, QEvent(QEvent.Type.ApplicationFontChange))


def scale() -> int:
    """The text size that is used, in per cent."""
    return _scale


def scaled(pixels: float) -> int:
    """A length that grows with the letters, such as the height of a row."""
    return round(pixels * _scale / 100)


def font(size: int = ROW, bold: bool = False) -> QFont:
    """Letters of `size` pixels (at 100 %)."""
    return QFont(_made(scaled(size), bold))


def strong(plain: QFont) -> QFont:
    """The same letters, semi-bold."""
    made = QFont(plain)
    made.setWeight(QFont.Weight.DemiBold)
    made.setVariableAxis(QFont.Tag("wght"), _DEMI_BOLD)
    return made


def plain(size: int = ROW) -> QFont:
    """Letters that stay plain on a widget whose own are strong: a painter takes over what a font leaves open."""
    made = font(size)
    made.setWeight(QFont.Weight.Normal)
    made.setVariableAxis(QFont.Tag("wght"), _REGULAR)
    return made


@cache
def _made(pixels: int, bold: bool) -> QFont:
    made = QFont(_families()) if _families() else QFont()
    made.setPixelSize(pixels)
    made.setFeature(QFont.Tag("tnum"), 1)
    return strong(made) if bold else made


@cache
def _families() -> list[str]:
    """Inter and what stands behind it; empty where the package is away: then the system's font is used."""
    found = find_spec(_PACKAGE)  # asked for its place only: importing it would do no more
    if found is None or found.origin is None:
        return []
    number = QFontDatabase.addApplicationFont(str(Path(found.origin).parent / _FILE))
    ours = QFontDatabase.applicationFontFamilies(number) if number >= 0 else []
    return [*ours, *_CHINESE] if ours else []
