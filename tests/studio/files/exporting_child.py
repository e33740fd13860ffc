"""Exports what a journal holds in a process of its own, and kills it at a moment.

Run as `python -m tests.studio.files.exporting_child JOURNAL MOMENT`, where MOMENT is `frame N`, or `before name N` or
`after name N`: before or after the Nth file gets its name.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from kling_desktop.export import exporting
from kling_desktop.export.placing import named
from kling_desktop.export.request import Exported, Request
from kling_desktop.studio.feed import Feed
from kling_desktop.studio.files import exports
from kling_desktop.studio.files.exports import Exports


class Killer:
    """Stands in the way of an export, and ends the process at its moment."""

    def __init__(self, moment: str) -> None:
        self._when, *_, number = moment.split()
        self._number, self._names = int(number), 0

    def named(self, part: Path, target: Path, *beside: Callable[[Path], list[Path]]) -> Path:
        """As `placing.named`."""
        self._names += 1
        if (self._when, self._number) == ("before", self._names):
            die()
        found = named(part, target, *beside)
        if (self._when, self._number) == ("after", self._names):
            die()
        return found

    def export(
        self, request: Request, *, progress: Callable[[int, int], object], stopped: Callable[[], bool]
    ) -> Exported:
        """As `exporting.export`."""

        def watched(done: int, total: int) -> None:
            progress(done, total)
            if (self._when, self._number) == ("frame", done):
                die()

        return exporting.export(request, progress=watched, stopped=stopped)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


async def run(journal: Path, moment: str) -> None:
    killer = Killer(moment)
    vars(exporting)["named"] = killer.named
    vars(exports)["export"] = killer.export
    queue = Exports(Feed(), journal)
    queue.resume()
    await queue.run()


if __name__ == "__main__":
    asyncio.run(run(Path(sys.argv[1]), sys.argv[2]))
