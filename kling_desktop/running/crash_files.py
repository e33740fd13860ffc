"""The crash file: where each thread stood, should Qt or a codec bring the whole program down."""

from __future__ import annotations

import faulthandler
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def crashes_written(data_dir: Path) -> Iterator[None]:
    """Stacks go to `logs/crash.log` when the process dies inside the block: no values, no text of the creator's."""
    folder = data_dir / "logs"
    folder.mkdir(exist_ok=True, mode=0o700)
    with (folder / "crash.log").open("a", encoding="utf-8") as file:
        faulthandler.enable(file)
        try:
            yield
        finally:
            faulthandler.disable()
