"""The command line: `python -m kling_desktop.sandbox --port 0 --speed demo --state-dir DIR`."""

from __future__ import annotations

import argparse
import faulthandler
import json
import os
import signal
import sys
import threading
from pathlib import Path

from kling_desktop.sandbox.server import Sandbox
from kling_desktop.sandbox.settings import PHASES
from kling_desktop.sandbox.world.shapes import SIZES

_STDIN, _STDOUT = 0, 1
"""The pipes to the parent. A frozen program on Windows has these, but neither `sys.stdin` nor `sys.stdout`."""


def main(arguments: list[str] | None = None) -> int:
    """Serves until SIGTERM, Ctrl+C or, with --with-parent, until standard input ends."""
    asked = _parser().parse_args(arguments)
    if sys.stderr is not None:
        faulthandler.enable()  # a crash in the encoder says where
    over = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: over.set())
    # Ctrl+C in a terminal reaches both: it is for the parent, which may want to save something first.
    signal.signal(signal.SIGINT, signal.SIG_IGN if asked.with_parent else lambda *_: over.set())
    try:
        sandbox = Sandbox(
            asked.state_dir,
            speed=asked.speed,
            size=asked.size,
            port=asked.port,
            cache_dir=asked.cache_dir,
            retired=True if asked.retired else None,
        )
        sandbox.start()
    except OSError as error:  # the folder, the disk, the port: the parent says it, nobody reads a traceback
        _say({"trouble": str(error)})
        return 1
    _announce(sandbox)
    if asked.prepare:
        sandbox.prepare()
    if asked.with_parent:
        threading.Thread(target=_until_parent_is_gone, args=(over,), daemon=True).start()
    while not over.wait(3600):
        pass
    sandbox.stop()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m kling_desktop.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 = any free one")
    parser.add_argument("--speed", choices=list(PHASES), default="demo")
    parser.add_argument("--state-dir", type=Path, required=True, help="tasks, keys and videos live here")
    parser.add_argument("--cache-dir", type=Path, default=None, help="rendered videos (default: STATE_DIR/cache)")
    parser.add_argument("--size", choices=SIZES, default="full", help="of new videos in a new state dir")
    parser.add_argument("--retired", action="store_true", help="extensions of V1.x clips answer 1203 too")
    parser.add_argument("--prepare", action="store_true", help="render the library ahead, while idle")
    parser.add_argument("--with-parent", action="store_true", help="end when standard input ends")
    return parser


def _announce(sandbox: Sandbox) -> None:
    """One line of JSON, when requests are answered."""
    told = {
        "url": sandbox.url,
        "access_key": sandbox.access_key,
        "secret_key": sandbox.secret_key,
        "api_key": sandbox.api_key,
    }
    _say(told)


def _say(told: dict[str, str]) -> None:
    os.write(_STDOUT, f"{json.dumps(told)}\n".encode())


def _until_parent_is_gone(over: threading.Event) -> None:
    # Not sys.stdin.read(): its lock, held by this thread, would abort the interpreter's way out.
    while os.read(_STDIN, 4096):
        pass
    over.set()


if __name__ == "__main__":
    sys.exit(main())
