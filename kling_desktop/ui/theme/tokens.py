"""The colours by what they are for, once for the dark and once for the light room, and which of the two is worn.

Surfaces have no tint (red = green = blue), so that the picture is the only thing that has a colour. What words and
rims reach against the surfaces they stand on is computed by a test (WCAG 2.2, 1.4.3 and 1.4.11).
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal


@dataclass(frozen=True, slots=True)
class Tokens:
    """One set of colours, each as #rrggbb."""

    dark: bool
    """Whether this is the dark room."""
    stage: str
    """Round the film; black in full screen. On the light one only `text` is readable."""
    window: str
    """Bars and the film lane."""
    panel: str
    """Rail, right panel and dialogs."""
    base: str
    """Fields."""
    raised: str
    """Buttons, menus, toasts."""
    hover: str
    """Under the pointer; the chosen segment."""
    line: str
    """Separators."""
    edge: str
    """Borders of buttons."""
    rim: str
    """Borders of fields, 3:1 against what is round them."""
    text: str
    quiet: str
    """Words that explain."""
    faint: str
    """Words of what is off; still readable."""
    accent: str
    """The film's path, focus and links."""
    accent2: str
    """Every second hop of the film."""
    fill: str
    """The one filled button of a panel."""
    onfill: str
    """Words on `fill`."""
    sel: str
    """A selected row; its words stay `text`."""
    accbg: str
    """Behind what is running."""
    ok: str
    """Done, clean: always with a shape and a word."""
    warn: str
    bad: str
    warnbg: str
    """The sandbox's chip and notices."""
    badbg: str
    """A bad mark."""
    tint1: str
    """Odd hops under the filmstrip."""
    tint2: str
    """Even hops under the filmstrip."""
    graph: str
    """Branches of the tree that are not the film."""


DARK = Tokens(
    dark=True,
    stage="#0f0f0f",
    window="#1a1a1a",
    panel="#1f1f1f",
    base="#151515",
    raised="#2b2b2b",
    hover="#343434",
    line="#303030",
    edge="#454545",
    rim="#6e6e6e",
    text="#e6e6e6",
    quiet="#a8a8a8",
    faint="#8a8a8a",
    accent="#6aa6ff",
    accent2="#4977b8",
    fill="#2c66d0",
    onfill="#ffffff",
    sel="#25364f",
    accbg="#1c2a40",
    ok="#6cc48d",
    warn="#e3ae45",
    bad="#ff8077",
    warnbg="#2e2718",
    badbg="#341f1d",
    tint1="#4c4c4c",
    tint2="#343434",
    graph="#5a5a5a",
)

LIGHT = Tokens(
    dark=False,
    stage="#c6c6c6",
    window="#ededed",
    panel="#f6f6f6",
    base="#ffffff",
    raised="#ffffff",
    hover="#e2e2e2",
    line="#d2d2d2",
    edge="#bdbdbd",
    rim="#858585",
    text="#1b1b1b",
    quiet="#595959",
    faint="#6a6a6a",
    accent="#1b5cc7",
    accent2="#4a7fd3",
    fill="#2463c9",
    onfill="#ffffff",
    sel="#d8e6fb",
    accbg="#e4eefc",
    ok="#19703d",
    warn="#825400",
    bad="#b3261e",
    warnbg="#fbf0d8",
    badbg="#fce6e4",
    tint1="#9a9a9a",
    tint2="#c2c2c2",
    graph="#9c9c9c",
)


class _Worn(QObject):
    """Which set is worn, for all who paint."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.tokens = DARK


_worn = _Worn()

changed = _worn.changed
"""Emitted after another set is worn. Widgets hear of it by `changeEvent` (StyleChange) too and are repainted by Qt."""


def tokens() -> Tokens:
    """The colours that are worn now; cheap enough to ask for in every paint event."""
    return _worn.tokens


def wear(wanted: Tokens) -> None:
    """Wear a set from now on and say so. The palette and the style sheet are `ThemeController`'s to change."""
    if wanted is not _worn.tokens:
        _worn.tokens = wanted
        _worn.changed.emit()
