"""A pytest plugin: no test leaves PySide a wrapper of what Qt may delete unheard.

Whatever comes to lie at the address of such a thing afterwards is confused with it, and whoever lets that go ends the
whole run with a segmentation fault, as often as not in another test.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    yield
    if "PySide6.QtWidgets" in sys.modules:
        found = unheard()
        assert not found, f"PySide would not hear of their end: {found}"


def unheard() -> list[str]:
    """Types of all things of Qt's own that have a wrapper now.

    QObjects tell of their end, static ones have none, and the event that somebody handles just now is let go after.
    """
    import shiboken6
    from PySide6.QtCore import QEvent, QMetaObject, QObject

    return [
        type(wrapper).__name__
        for wrapper in shiboken6.getAllValidWrappers()
        if not isinstance(wrapper, QObject | QMetaObject | QEvent)
        and not shiboken6.createdByPython(wrapper)
        and not shiboken6.ownedByPython(wrapper)
    ]
