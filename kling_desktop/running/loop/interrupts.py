"""Interrupts of a start: Ctrl+C before there is a loop that could close anything in order.

Imports next to nothing: what a start imports before this can still be interrupted Python's way.
"""

from __future__ import annotations

# `signal` itself: the module of that name gives it enums, and takes longer to load than all that comes before.
import _signal as signal  # type: ignore[import-not-found]  # nobody has written stubs for it


def settle_interrupts() -> None:
    """Lets Ctrl+C end the program without a word while nothing is open yet. Python's own way, an error wherever it
    happens to be, leaves a traceback, or a crash in the midst of loading Qt. What is ignored (`nohup`) stays ignored.

    For the main thread.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
