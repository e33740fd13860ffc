"""How well words fit what was typed: letters in their order, best at the beginnings of words."""

from __future__ import annotations

import math

_START, _NEXT, _INSIDE = 3.0, 2.0, 0.5
"""Worth of a letter that begins a word, follows the one before, or stands anywhere else."""


def fit(typed: str, words: str, beside: str = "") -> float | None:
    """How well `words` fit, higher is better; None when a typed word is not in them. Case does not matter.

    An exact piece is worth more than letters that are strewn; short words more than long ones. What stands `beside`
    counts by exact pieces alone: strewn over a command and its menu, letters would be found in nearly everything.
    """
    total = 0.0
    own, held = words.casefold(), f"{words} {beside}".strip().casefold()
    for piece in typed.casefold().split():
        worth = _piece(piece, own, held)
        if worth is None:
            return None
        total += worth
    return total - len(held) / 200


def holds(typed: str, words: str) -> bool:
    """Whether every typed word is in them, in any order; case does not matter."""
    held = words.casefold()
    return all(piece in held for piece in typed.casefold().split())


def used(times: int) -> float:
    """What having been used so many times adds to a fit: much at first, little later."""
    return 1.5 * math.log1p(times)


def _piece(piece: str, own: str, held: str) -> float | None:
    place = held.find(piece)
    if place >= 0:
        begins = place == 0 or not held[place - 1].isalnum()
        return _NEXT * len(piece) + (_START if begins else 0) + (1 if place == 0 else 0)
    return _strewn(piece, own)


def _strewn(piece: str, held: str) -> float | None:
    """Letters in their order; a match that must begin inside a word is none: it would be found in everything."""
    worth, at = 0.0, -1
    for letter in piece:
        found = held.find(letter, at + 1)
        if found < 0:
            return None
        begins = found == 0 or not held[found - 1].isalnum()
        if at < 0 and not begins:
            found = next((n for n in range(found, len(held)) if held[n] == letter and not held[n - 1].isalnum()), -1)
            if found < 0:
                return None
            begins = True
        worth += _START if begins else _NEXT if found == at + 1 else _INSIDE
        at = found
    return worth / 2
