"""What folds when room gets scarce, and what the creator has wished instead: rules only, no widget."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, fields

MINIMUM = (900, 600)
"""Least width and height of the window in pixels; everything can still be reached."""

STRIP = 40
"""Width of the rail that has become a strip, height of the film that has become a bar."""

_WORDS_FROM, _RAIL_FROM = 1280, 1100
"""From these widths on the chips have words, and the rail stands beside the stage."""
_FILM_FROM, _SOURCE_FROM = 820, 700
"""From these heights on the film has its cards, and the source of the next take its large still."""
_CRAMPED = (860, 560)
"""Below the least window, counted in letters: only a text size above 100 % comes here."""
FILM = 184
"""Height of the film with its cards."""
_RAIL, _SLIM_RAIL, _PANEL, _SLIM_PANEL = 280, 260, 320, 280
_RAIL_LEAST, _PANEL_LEAST = 220, 280
_SIDE_SHARE, _FILM_SHARE = 0.3, 0.36
"""How much of the window a side or the film may be wished to take: the viewer stays the largest."""
_SIDE_MOST = 0.45
"""How much a side takes at most where very large letters want more."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the creator has made other than it comes; 0 and None are "as it comes"."""

    rail_folded: bool = False
    panel_folded: bool = False
    film_folded: bool | None = None
    """False keeps the cards even in a low window."""
    rail_share: float = 0
    """Width of the rail, as a share of the window's: it keeps its proportion."""
    panel_share: float = 0
    film_share: float = 0
    """Of the window's height."""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """How the panels stand. All lengths are pixels."""

    rail_strip: bool
    """The rail is a strip; its pages open over the stage."""
    rail: int
    """Width of the rail, as a drawer too."""
    panel: int
    """0 when it is folded."""
    film_bar: bool
    film: int
    chip_words: bool
    large_source: bool
    """Whether the source of the next take has room for its still."""
    is_cramped: bool
    """The letters are so large for the window that all but words, prices and keys to press gives way."""


def arrange(width: int, height: int, wishes: Wishes, scale: float = 1.0) -> Arrangement:
    """How the panels stand in a window of this size, in pixels; `scale` is how much larger the letters are."""
    narrow = width < _RAIL_FROM * scale
    rail = _RAIL if width >= _WORDS_FROM * scale else _SLIM_RAIL
    panel = _SLIM_PANEL if narrow else _PANEL
    film_bar = height < _FILM_FROM * scale if wishes.film_folded is None else wishes.film_folded
    film = max(round(FILM * scale), round(min(wishes.film_share, _FILM_SHARE) * height))
    return Arrangement(
        rail_strip=narrow or wishes.rail_folded,
        rail=_side(width, wishes.rail_share, rail * scale, _RAIL_LEAST * scale),
        panel=0 if wishes.panel_folded else _side(width, wishes.panel_share, panel * scale, _PANEL_LEAST * scale),
        film_bar=film_bar,
        film=round(STRIP * scale) if film_bar else film,
        chip_words=width >= _WORDS_FROM * scale,
        large_source=height >= _SOURCE_FROM * scale,
        is_cramped=width < _CRAMPED[0] * scale or height < _CRAMPED[1] * scale,
    )


def _side(width: int, share: float, usual: float, least: float) -> int:
    wished = share * width if share else usual
    held = max(least, min(wished, max(usual, _SIDE_SHARE * width)))
    return round(min(held, _SIDE_MOST * width))


def to_text(wishes: Wishes) -> str:
    """The wishes as the settings keep them."""
    return json.dumps(asdict(wishes))


def from_text(text: str) -> Wishes | None:
    """The wishes that were kept; None where the text is not understood. Names of a newer program are passed over."""
    try:
        kept = json.loads(text)
    except ValueError:
        return None
    if not isinstance(kept, dict):
        return None
    known = {field.name: kept[field.name] for field in fields(Wishes) if field.name in kept}
    shares = [value for name, value in known.items() if name.endswith("_share")]
    folds = [value for name, value in known.items() if name.endswith("_folded")]
    if not all(isinstance(share, int | float) and math.isfinite(share) and 0 <= share <= 1 for share in shares):
        return None
    if not all(isinstance(fold, bool) or (fold is None) for fold in folds):
        return None
    return Wishes(**known)
