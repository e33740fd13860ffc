"""What the environment names and nobody can reckon with is left out, and named once."""

from __future__ import annotations

import codecs
import contextlib
import logging
import os
import sys
import time
from datetime import datetime
from typing import Final

log = logging.getLogger(__name__)

_SCALE: Final = "QT_SCALE_FACTOR"
_LEAST_SCALE, _MOST_SCALE = 0.25, 8.0


def settle_encoding() -> None:
    """Begins the program again in UTF-8 where the environment would have it name files otherwise: as `zh_CN.GBK` does,
    and `LC_ALL=C` where Python's own ways out of it are shut off. Qt and FFmpeg name them in UTF-8, and what one can
    open the others must. A frozen program is always in UTF-8.
    """
    if codecs.lookup(sys.getfilesystemencoding()).name != "utf-8":
        os.environ["PYTHONUTF8"] = "1"  # for the processes that this one starts
        os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])  # noqa: S606 - itself, no shell


def settle_environment() -> None:
    """For the main thread, before any other runs and before Qt is loaded."""
    settle_time_zone()
    settle_scale()


def settle_scale() -> None:
    """Leaves out a factor of size that is none: Qt takes it at its word, and no window has such a size."""
    factor = os.environ.get(_SCALE, "")
    if not factor:
        return
    with contextlib.suppress(ValueError):
        if _LEAST_SCALE <= float(factor) <= _MOST_SCALE:  # not so for NaN
            return
    log.warning("%s is no factor: %s", _SCALE, factor[:40])
    del os.environ[_SCALE]


def settle_time_zone() -> None:
    """Reckons in UTC where the environment's zone lies a day or more off, which no time can be told in; the creator's
    day is then a wrong one, and nothing else is.
    """
    try:
        datetime.now().astimezone()
    except (ValueError, OverflowError, OSError) as error:
        log.warning("the time zone of this system cannot be used: %s", error)
        os.environ["TZ"] = "UTC0"
        if hasattr(time, "tzset"):  # not on Windows, which has no such zones
            time.tzset()
