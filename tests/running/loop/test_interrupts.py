"""Ctrl+C in the first moments of a start ends it without a word."""

from __future__ import annotations

import subprocess
import sys

import pytest

from kling_desktop import __version__
from kling_desktop.running.loop import stop_signals

FIRST = ["", ".__main__", ".running", ".running.loop", ".running.loop.interrupts"]
WATCHED = """
import signal, sys
class Eye:  # is asked before anything is loaded
    def find_spec(self, name, path=None, target=None):
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            print(name)
sys.meta_path.insert(0, Eye())
from kling_desktop.__main__ import main
try:
    main(["--version"])
finally:
    print("ignored" if signal.getsignal(signal.SIGINT) is signal.SIG_IGN else "heeded")
"""


def _told(before: str = "") -> list[str]:
    script = before + WATCHED
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split("\n")


@pytest.mark.skipif(not stop_signals.NUMBERS, reason="no console to press Ctrl+C in")
def test_next_to_nothing_is_loaded_while_it_would_leave_a_traceback() -> None:
    told = _told()
    loaded = told[: told.index(f"kling-desktop {__version__}")]
    assert [name for name in loaded if name != "__future__"] == [f"kling_desktop{name}" for name in FIRST]


def test_one_that_is_ignored_stays_so() -> None:
    assert "ignored" in _told("import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n")
