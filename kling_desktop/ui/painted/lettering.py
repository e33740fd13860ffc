"""Words on painted parts: a line or a few, elided, in the letters of the theme."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from itertools import pairwise

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QTextLayout, QTextOption

from kling_desktop.ui.i18n import spoken
from kling_desktop.ui.theme.fonts import WORDS, font, scaled

_LONGEST = 300
"""Letters of a text that are laid out: more fit into no two lines."""

_RIGHT_TO_LEFT, _END = "\N{RIGHT-TO-LEFT ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"

_WRAP = QTextOption()
_WRAP.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)


def lettering(size: int, *, bold: bool = False) -> QFont:
    """Letters in a size of the theme, made once: they are asked for at every row that is painted.

    Small Chinese letters are never bold: their strokes would run into one another.
    """
    return _made(scaled(size * 100), size, bold and (size >= WORDS or spoken() != "zh_CN"))


@lru_cache(maxsize=64)
def _made(_at_this_scale: int, size: int, bold: bool) -> QFont:
    return font(size, bold)


def width_of(text: str, font: QFont) -> int:
    """How wide a line is, in pixels."""
    return QFontMetrics(font).horizontalAdvance(text)


def in_its_direction(text: str) -> str:
    """The same, laid out from right to left where its script is written so.

    Painted lines begin at the left: there the end of an Arabic sentence, and its ellipsis, would stand before its first
    word. (Unicode Standard Annex 9: an isolate; labels of Qt find it out by themselves.)
    """
    return f"{_RIGHT_TO_LEFT}{text}{_END}" if not text.isascii() and _is_right_to_left(text) else text


def menu_words(name: str) -> str:
    """What the creator calls something, as a menu's or a button's words: no sign in it marks a key."""
    return in_its_direction(name.replace("&", "&&"))


def _is_right_to_left(text: str) -> bool:
    """By the first letter that has a direction."""
    directions = (unicodedata.bidirectional(letter) for letter in text)
    return next((direction != "L" for direction in directions if direction in ("L", "R", "AL")), False)


def elided(text: str, font: QFont, width: int) -> str:
    """As much of a line as fits, no space before its ellipsis, in the direction of its script."""
    said = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, width)
    return in_its_direction(f"{said[:-1].rstrip()}…" if said.endswith(" …") else said)


def write(
    painter: QPainter,
    box: QRect,
    text: str,
    font: QFont,
    ink: QColor,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> int:
    """Write one line, elided at its end, in the middle of the box's height; returns how wide it became."""
    metrics = QFontMetrics(font)
    said = elided(text[:_LONGEST], font, box.width())
    painter.setFont(font)
    painter.setPen(ink)
    painter.drawText(box, int(align | Qt.AlignmentFlag.AlignVCenter) | int(Qt.TextFlag.TextSingleLine), said)
    return metrics.horizontalAdvance(said)


def write_block(painter: QPainter, box: QRect, text: str, font: QFont, ink: QColor, line: int, lines: int = 2) -> None:
    """Write over up to so many lines, each `line` pixels high, from the top of the box; the last is elided."""
    painter.setFont(font)
    painter.setPen(ink)
    flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter) | int(Qt.TextFlag.TextSingleLine)
    for number, said in enumerate(_broken(text.strip()[:_LONGEST], _Key(font), box.width(), lines)):
        painter.drawText(QRect(box.left(), box.top() + number * line, box.width(), line), flags, said)


class _Key:
    """A font that a cache can hold on to: equal where the fonts' keys are."""

    __slots__ = ("font", "key")

    def __init__(self, font: QFont) -> None:
        self.font, self.key = font, font.key()

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.key == other.key


# Laying out is most of the cost of painting a row, and rows are painted again at every turn of a rendering shape.
@lru_cache(maxsize=512)
def _broken(text: str, key: _Key, width: int, lines: int) -> tuple[str, ...]:
    layout = QTextLayout(text.replace("\n", " "), key.font)
    layout.setTextOption(_WRAP)
    layout.beginLayout()
    starts: list[int] = []
    while len(starts) < lines and (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        starts.append(line.textStart())
    layout.endLayout()
    if not starts:
        return ()
    flat = layout.text()
    said = [in_its_direction(flat[a:b].rstrip()) for a, b in pairwise(starts)]
    return (*said, elided(flat[starts[-1] :], key.font, width))
