"""Reads the command line and starts the program."""

from __future__ import annotations

import sys

from kling_desktop.running.loop.interrupts import settle_interrupts

TYPE_CHECKING = False  # `typing` is not there yet, and would be loaded while Ctrl+C still leaves a traceback
if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Sequence


def _parser() -> ArgumentParser:
    import argparse
    from pathlib import Path

    from kling_desktop import __version__

    parser = argparse.ArgumentParser(
        prog="kling-desktop", description="Extend AI videos with Kling, judge the takes, keep the film."
    )
    parser.add_argument("--sandbox", action="store_true", help="use only the pretended Kling on this computer")
    parser.add_argument("--data-dir", type=Path, metavar="DIR", help="keep library, settings and takes in DIR")
    parser.add_argument("--api-base", metavar="URL", help="send to this address instead of the profile's region")
    parser.add_argument("--tour", type=Path, metavar="DIR", help="show the main job in the sandbox; pictures go to DIR")
    parser.add_argument("--states", action="store_true", help="with --tour: pictures of all screens and states too")
    parser.add_argument(
        "files",
        nargs="*",
        type=Path,
        metavar="FILE",
        help="a video, a folder or an archive, as if dropped on the window",
    )
    parser.add_argument("--version", action="version", version=f"kling-desktop {__version__}")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program until its window is closed; the exit code is 0 unless it could not start or a tour failed."""
    settle_interrupts()
    # All imports stand inside: Ctrl+C ends any of them without a word, --version and --help answer without loading Qt,
    # and the window is painted before the program is loaded.
    import gc
    import os

    from kling_desktop.running.environment import settle_encoding, settle_environment
    from kling_desktop.running.windows_shell import reach_console

    settle_encoding()
    reach_console()
    options = _parser().parse_args(arguments)
    settle_environment()
    # Before Qt is loaded: its player would print every film it opens, signed address included, to the terminal.
    os.environ.setdefault("QT_LOGGING_RULES", "qt.multimedia*=false")
    from kling_desktop.running.first_paint import painted

    gc.disable()  # nothing of what is loaded is garbage; later the window's thread looks for it, and no other
    window = None if options.tour else painted(options.data_dir)
    from kling_desktop.app import Options, run

    return run(
        Options(
            sandbox=options.sandbox,
            data_dir=options.data_dir,
            api_base=options.api_base or "",
            tour=options.tour,
            states=options.states,
            files=tuple(file.absolute() for file in options.files),
        ),
        window,
    )


if __name__ == "__main__":
    sys.exit(main())
