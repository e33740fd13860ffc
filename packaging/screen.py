"""A virtual screen (Xvfb) for machines that have none."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO

SIZE = "1600x1000x24"
"""Width x height x depth in pixels and bits: a small laptop's screen."""


class ScreenMissing(Exception):
    """Xvfb is not installed, or did not start; the text says which."""


def has_display(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether a window can be shown to somebody. Windows and macOS always have a display."""
    if not sys.platform.startswith("linux"):
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


@contextmanager
def virtual_screen() -> Iterator[dict[str, str]]:
    """A screen of its own for as long as the block runs; gives the variables that lead Qt to it.

    Raises ScreenMissing. GL is off: without a graphics card it costs four times the processor and shows the same.
    """
    with tempfile.TemporaryFile() as words, _server(words) as display:
        yield {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "QT_XCB_GL_INTEGRATION": "none"}


@contextmanager
def _server(words: IO[bytes]) -> Iterator[str]:
    """Xvfb as a child that chooses a free display itself; what it says goes to `words`."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        [_program(), "-displayfd", str(writing), "-screen", "0", SIZE, "-nolisten", "tcp", "-noreset"],
        pass_fds=[writing],
        stdout=words,
        stderr=words,
        start_new_session=True,  # Ctrl+C is for the program: the screen ends when its last window is gone
    )
    os.close(writing)
    try:
        yield f":{_number(reading, words)}"
    finally:
        server.terminate()
        server.wait(timeout=10)


def _program() -> str:
    program = shutil.which("Xvfb")
    if program is None:
        raise ScreenMissing("Xvfb, the virtual screen, is not installed.")
    return program


def _number(reading: int, words: IO[bytes]) -> str:
    with os.fdopen(reading) as answer:
        number = answer.readline().strip()  # empty when the server ended before it had a screen
    if number:
        return number
    words.seek(0)
    raise ScreenMissing(f"Xvfb did not start. It said: {words.read().decode(errors='replace').strip()}")
