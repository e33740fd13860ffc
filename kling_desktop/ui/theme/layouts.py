"""Layouts within layouts, put together so that nothing of them outlives its time."""

from __future__ import annotations

from PySide6.QtWidgets import QBoxLayout, QLayout
from shiboken6 import invalidate


def nest(outer: QBoxLayout, inner: QLayout, stretch: int = 0) -> None:
    """Put `inner` at the end of `outer`, as `QBoxLayout.addLayout` does, which nobody else may call.

    PySide then keeps a wrapper of each item that `inner` holds already, as long as `outer` lives, and does not hear
    when Qt deletes the item: whatever of Python's comes to lie at its address is confused with it, and the program
    crashes once that goes. So the wrappers are told at once to let go.
    """
    outer.addLayout(inner, stretch)
    _let_go(inner)


def _let_go(layout: QLayout) -> None:
    for item in filter(None, map(layout.itemAt, range(layout.count()))):
        if isinstance(item, QLayout):
            _let_go(item)
        else:
            invalidate(item)
