"""What the window says of a film's seams: in tree, lane, list, filmstrip, seam view, comparison and exports."""

from __future__ import annotations

import asyncio
import csv
import re
from pathlib import Path

from PySide6.QtCore import QAbstractItemModel, Qt

from kling_desktop.domain.analysis import Seam
from kling_desktop.studio.films.handing_over.pieces import What
from kling_desktop.ui.compare.compare import Comparison
from kling_desktop.ui.painted.words_line import WordsLine
from kling_desktop.ui.seams import seam_words
from tests.journeys.creator import Creator
from tests.journeys.handing_over.exporting import exported

CTRL = Qt.KeyboardModifier.ControlModifier


def disagreements(creator: Creator) -> list[str]:
    """Where tree, lane, list, filmstrip and seam view say something else of a seam of the film on show than the seam's
    own words and numbers. The seam view is left open.
    """
    view, found = creator.window.seams, []
    for number, seam in enumerate(view.seams):
        said = seam_words.judged(seam)
        for place, words in (*_in_lists(creator, seam).items(), ("filmstrip", _mark(creator, number))):
            if said not in words:
                found.append(f"seam {seam.hop}, {said!r}: the {place} says {words!r}")
        found += [f"seam {seam.hop}: {each}" for each in _in_view(creator, number, seam)]
    return found


def _in_lists(creator: Creator, seam: Seam) -> dict[str, str]:
    """The words of the take that begins at the seam, by what it was asked with."""
    tree = _row_of(creator.window.tree.tree.rows, seam.prompt)
    lane = _row_of(creator.window.film.cards.model(), seam.prompt)
    return {"tree": tree, "lane": lane, "list": _row_of(creator.tasks.model, seam.prompt)}


def _row_of(model: QAbstractItemModel, prompt: str) -> str:
    texts = (model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole) or "" for row in range(model.rowCount()))
    return [*("nothing",), *(text for text in texts if prompt in text)][-1]  # a film's head comes before its takes


def _mark(creator: Creator, number: int) -> str:
    return creator.viewer.transport.strip.marks[number].told


def _in_view(creator: Creator, number: int, seam: Seam) -> list[str]:
    view = creator.window.seams
    view.open(number)
    said, place = seam_words.judged(seam), creator.viewer.transport.seam.words
    told = {"head": view.head.title, "place": place}
    found = [f"its {where} says {words!r}, not {said!r}" for where, words in told.items() if said not in words]
    line = view.head.findChild(WordsLine)
    dashes = {
        "head": line is not None and line.is_dashed,
        "place": creator.viewer.transport.seam.face.is_dashed,
        "mark": creator.viewer.transport.strip.marks[number].is_doubtful,
    }
    found += [f"its {where} is {dashed and 'dashed'}" for where, dashed in dashes.items() if dashed != seam.doubtful]
    for meter in seam.meters:
        read = view.meters.rows[meter.measure].accessibleName()
        if not read.endswith(f"{seam_words.meter_number(meter)} {seam_words.meter_word(meter)}"):
            found.append(f"its meter says {read!r}")
    return found


async def compared(creator: Creator, *rows: int) -> tuple[Comparison, list[str]]:
    """Takes of these rows of the list side by side, and where that says something else of their seams. It is left."""
    tasks = [task for row in rows if (task := creator.take(row))]
    creator.window.tasks.compare_asked.emit(tasks)
    comparison = await creator.sees(lambda: creator.window.findChild(Comparison), "the comparison")
    await creator.sees(lambda: len(comparison.tasks) == len(tasks) and comparison.isVisible(), "the takes")
    found = []
    for place, task in enumerate(tasks):
        seam = creator.program.studio.analyzer.newest_seam(task.clip)
        assert seam is not None
        said, table = seam_words.judged(seam), comparison.side.table
        line = comparison.words.columns[place].head.findChild(WordsLine)
        heads = line.words if line is not None else ""
        if line is not None and line.is_dashed != seam.doubtful:
            found.append(f"its head is {line.is_dashed and 'dashed'}")
        numbers = [table.said(2 + row, place + 1) for row in range(len(seam.meters))]
        if said not in heads:
            found.append(f"its head says {heads!r}, not {said!r}")
        found += [
            f"its table says {number!r} of {seam_words.meter_number(meter)}"
            for meter, number in zip(seam.meters, numbers, strict=True)
            if number not in seam_words.meter_number(meter)
        ]
    comparison.close()
    return comparison, found


async def handed_out(creator: Creator, folder: Path) -> list[tuple[str, str]]:
    """What the markers of an exported folder are called, and what its table of seams says, seam after seam."""
    (made,) = await exported(creator, What.FILM, "timelines", folder)
    (table,), (markers,) = made.rglob("seams.csv"), made.rglob("markers.edl")
    names = re.findall(r"\|M:(.*) \|D:1", await asyncio.to_thread(markers.read_text, "utf-8"))
    with table.open(newline="", encoding="utf-8-sig") as file:
        return list(zip(names, [row["words"] for row in csv.DictReader(file)], strict=True))
