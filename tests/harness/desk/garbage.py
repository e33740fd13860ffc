"""A pytest plugin: from the first window on, garbage is looked for between tests, in the window's thread alone.

A test's loop leaves waits behind that were called off, and Qt calls them when they are due; if a thread of the next
test took the loop apart before that, the whole run ended with a segmentation fault.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from kling_desktop.running.loop.garbage import GarbageCollector

_collector: pytest.StashKey[GarbageCollector] = pytest.StashKey()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    if "qapp" in getattr(item, "fixturenames", ()) and _collector not in item.config.stash:
        from kling_desktop.running.loop.garbage import GarbageCollector

        item.config.stash[_collector] = GarbageCollector()
        gc.disable()
    try:
        return (yield)
    finally:
        if _collector in item.config.stash:
            item.config.stash[_collector].collect_due()
