"""Rows of the tree that are in sight have their stills, also takes beside the film that no list shows."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QPoint

from kling_desktop.domain.clips import Clip
from kling_desktop.domain.tasks import Extension
from kling_desktop.store.library import Library
from kling_desktop.ui.rail.rail import TREE
from kling_desktop.ui.rail.tree_row import TreeRow
from tests.harness.media.films import film
from tests.harness.tasks import done
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator

TAKES = 40
ROOT = "900000000000000000"


async def test_takes_beside_the_film_have_stills(start: Start, data_dir: Path) -> None:
    """As after a library came from another computer without its folder of stills."""
    _fill(data_dir)
    async with start() as creator:
        creator.window.show_rail(TREE)
        await creator.sees(lambda: len(_in_sight(creator)) > 5, "the tree")
        await creator.sees(lambda: all(row.still for row in _in_sight(creator)), "their stills")


def _fill(data_dir: Path) -> None:
    data_dir.mkdir(parents=True, exist_ok=True)
    file = film(data_dir / "take.mp4", range(24))
    with closing(Library.open(data_dir / "library.sqlite3")) as library:
        for number in range(TAKES):
            task = done(number, f"take {number}", file)
            clip = replace(task.clip or Clip(""), parent_id=ROOT)
            library.put(replace(task, extension=Extension(ROOT, f"take {number}"), clip=clip))


def _in_sight(creator: Creator) -> list[TreeRow]:
    """Takes that the tree shows without being scrolled, but for the root, of which there is no file."""
    tree = creator.window.tree.tree
    port = tree.viewport()
    first, last = (tree.indexAt(QPoint(20, y)).row() for y in (2, port.height() - 2))
    rows = [tree.rows.row(number) for number in range(first, (last if last >= 0 else tree.rows.rowCount() - 1) + 1)]
    return [row for row in rows if row is not None and row.hop]
