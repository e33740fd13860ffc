"""How places in a tree are written so that they sort, and how a film is called when nobody named it."""

from __future__ import annotations

WIDTH = 4
"""Characters a hop."""

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"

MOST = len(_DIGITS) ** WIDTH
"""Siblings that one parent can have."""

_LONGEST_NAME = 60

AFTER_ALL = "~"
"""Sorts behind every key: a subtree is what lies from its path up to its path followed by this."""


def key_of(number: int) -> str:
    """The key of child `number`, 0 to MOST - 1."""
    key = ""
    for _ in range(WIDTH):
        number, digit = divmod(number, len(_DIGITS))
        key = _DIGITS[digit] + key
    return key


def number_of(path: str) -> int:
    """Which child the take at `path` is."""
    return int(path[-WIDTH:], len(_DIGITS))


def above(path: str) -> list[str]:
    """The paths of all takes above the one at `path`, root first."""
    return [path[:end] for end in range(WIDTH, len(path), WIDTH)]


def film_name(words: str, id: str) -> str:
    """The first line of what was asked for, cut at a word; else the id."""
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    if not lines:
        return id
    line = lines[0]
    if len(line) <= _LONGEST_NAME:
        return line
    cut = line[:_LONGEST_NAME].rsplit(" ", 1)[0] if " " in line[:_LONGEST_NAME] else line[:_LONGEST_NAME]
    return cut.rstrip(" ,.;:") + "…"
