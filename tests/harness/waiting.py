"""Waiting for a condition instead of for a time, with a picture of the screen when it never comes."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Literal, TypeVar

FAILURES = Path(__file__).parents[2] / "build" / "failures"
PAUSE = 0.01
"""Seconds between two looks."""

Found = TypeVar("Found")


async def until(condition: Callable[[], Found | Literal[False] | None], timeout: float = 60, what: str = "") -> Found:  # noqa: ASYNC109 - the message needs it
    """Look every 10 ms until `condition` gives something true, and return that.

    After `timeout` seconds raises AssertionError with `what` was waited for, what the condition gave last, and
    the path of a screenshot.
    """
    clock = asyncio.get_running_loop().time
    end = clock() + timeout
    while not (found := condition()):
        if clock() > end:
            raise AssertionError(f"Waited {timeout} s for {what or _words(condition)}, got {found!r}.{_screenshot()}")
        await asyncio.sleep(PAUSE)
    return found


def _words(condition: Callable[[], object]) -> str:
    code = getattr(condition, "__code__", None)
    return f"the condition at {Path(code.co_filename).name}:{code.co_firstlineno}" if code else repr(condition)


def _screenshot() -> str:
    """Saves the whole screen, or where there is none each window; says where. Nothing without a QApplication."""
    if "PySide6.QtWidgets" not in sys.modules:
        return ""
    from PySide6.QtWidgets import QApplication

    if not isinstance(QApplication.instance(), QApplication):
        return ""
    FAILURES.mkdir(parents=True, exist_ok=True)
    test = re.sub(r"[^\w.-]+", "-", os.environ.get("PYTEST_CURRENT_TEST", "test").partition(" ")[0])
    pictures = [w.grab() for w in QApplication.topLevelWidgets() if w.isVisible()]
    if QApplication.platformName() == "xcb":
        pictures = [QApplication.primaryScreen().grabWindow(0)]
    paths = [FAILURES / f"{test}-{number}.png" for number, _ in enumerate(pictures)]
    saved = [str(path) for path, picture in zip(paths, pictures, strict=True) if picture.save(str(path))]
    return f" Screenshot: {', '.join(saved)}" if saved else ""
