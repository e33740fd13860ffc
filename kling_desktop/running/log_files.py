"""The log file: what a report needs of a run, and nothing that is secret."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

from kling_desktop.errors import KlingDesktopError

_LOG_BYTES, _LOG_FILES = 1_000_000, 3

log = logging.getLogger(__name__)


@contextmanager
def log_written(data_dir: Path) -> Iterator[None]:
    """Everything that our loggers say goes to `logs/` for as long as the block runs, also why it could not begin.

    The log names tasks, codes and request ids; never a key, a token or a signed address. Raises OSError where the
    folder cannot be made.
    """
    folder = data_dir / "logs"
    folder.mkdir(exist_ok=True, mode=0o700)
    handler = _Log(folder / "kling-desktop.log", maxBytes=_LOG_BYTES, backupCount=_LOG_FILES, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    ours = logging.getLogger("kling_desktop")
    ours.addHandler(handler)
    ours.setLevel(logging.INFO)
    try:
        yield
    except KlingDesktopError as error:
        log.error("the program could not start: %s", error)
        raise
    finally:
        ours.removeHandler(handler)
        handler.close()


class _Log(RotatingFileHandler):
    """A full disk costs lines of the log and nothing else: neither tracebacks on the terminal nor the way out."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own name
        if not isinstance(sys.exc_info()[1], OSError):
            super().handleError(record)

    def close(self) -> None:
        with suppress(OSError):  # what could not be written is tried again on closing
            super().close()
