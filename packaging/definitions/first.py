"""What a frozen program does first, before the hooks of PyInstaller load what they need: Ctrl+C ends it without a word.

The program does the same as soon as it is reached (`kling_desktop/running/loop/interrupts.py`); here its parts can not
be imported yet.
"""

import _signal as signal  # type: ignore[import-not-found]  # nobody has written stubs for it

if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
