"""The film of the design pictures: what the tree, the lane and the filmstrip show of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from kling_desktop.ui.film.film_view import Card, CardKind, Estimate, FilmView, PlanState, Stop
from kling_desktop.ui.painted.shapes import Shape
from kling_desktop.ui.rail.tree_graph import Node, lay
from kling_desktop.ui.rail.tree_row import RowKind, TreeRow
from kling_desktop.ui.viewer.timeline.hop_strip import SeamMark

WORDS = (
    "Dusk over a still lake, paper lanterns rise one by one",
    "A small boat sails out from the left",
    "Birds cross the lake, low over the water",
    "Wind comes up, petals drift across the picture",
    "The light fades to blue, fireflies rise from the reeds",
)
SEAMS = (5.042, 9.625, 14.208, 18.792)
SECONDS = 23.375


class Stills:
    """Pictures of a folder by name; none where there is no folder or no such picture."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def __call__(self, name: str) -> Path | None:
        file = self._folder / f"{name}.jpg" if self._folder is not None else None
        return file if file is not None and file.is_file() else None


class ListedRows:
    """Rows of a list, as the tree asks for them."""

    def __init__(self, rows: Sequence[TreeRow]) -> None:
        self._rows = rows

    def count(self) -> int:
        return len(self._rows)

    def rows(self, offset: int, limit: int) -> Sequence[TreeRow]:
        return self._rows[offset : offset + limit]

    def unusual(self) -> Sequence[tuple[int, RowKind]]:
        return [(number, row.kind) for number, row in enumerate(self._rows) if row.kind is not RowKind.OTHER]

    def row_of(self, take_id: str) -> int | None:
        return next((number for number, row in enumerate(self._rows) if row.take_id == take_id), None)


def _film(hop: int, still: Path | None, shape: Shape, state: str, stars: int = 0) -> TreeRow:
    seconds = 4.6 if hop else 5.0
    row = TreeRow(f"f{hop}", RowKind.FILM, hop, WORDS[hop], shape, state, still, seconds, stars, picked=hop > 0)
    return replace(row, takes=2 if hop else 1)


def _other(id: str, hop: int, words: str, still: Path | None, shape: Shape, state: str, stars: int = 0) -> TreeRow:
    return TreeRow(id, RowKind.OTHER, hop, words, shape, state, still, 4.6, stars, take=2, takes=2)


def tree(still: Stills) -> list[TreeRow]:
    """The rows of the tree, with their lines."""
    snow, clean = "First snow, very light", Shape.CLEAN
    rows = [
        _film(0, still("n0"), Shape.UNMEASURED, "Kling’s clip"),
        _film(1, still("n1"), clean, "clean", 4),
        _other("o1", 1, "The same words, take 2", still("a1"), Shape.SLIGHT, "a little softer", 2),
        _film(2, still("n2"), clean, "clean", 3),
        _other("o2", 2, "Gulls, nearer to the camera", still("a2"), Shape.BAD, "motion jumps"),
        _film(3, still("n3"), Shape.SLIGHT, "a little brighter", 3),
        _other("o4", 3, "Petals, and leaves from above", None, Shape.FAILED, "Failed · not charged"),
        _film(4, still("n4"), clean, "clean", 5),
        _other("o5", 4, "A striped balloon over the hills", still("a4"), clean, "clean", 4),
        _other("o6", 5, "The balloon lands by the reeds", still("a4c"), clean, "clean"),
        TreeRow("m1", RowKind.MAKING, 5, snow, Shape.RENDERING, "Rendering · 2:10", still("h4b"), take=1, takes=3),
        TreeRow("m2", RowKind.MAKING, 5, snow, Shape.RENDERING, "Rendering · 1:48", still("h4b"), take=2, takes=3),
        TreeRow("m3", RowKind.MAKING, 5, snow, Shape.WAITING, "Waiting here · next", still("h4b"), take=3, takes=3),
    ]
    parents = {
        "f1": "f0",
        "o1": "f0",
        "f2": "f1",
        "o2": "f1",
        "f3": "f2",
        "o4": "f2",
        "f4": "f3",
        "o5": "f3",
        "o6": "o5",
    }
    nodes = [
        Node(row.take_id, parents.get(row.take_id, "f4" if row.kind is RowKind.MAKING else None), row.kind)
        for row in rows
    ]
    return [replace(row, lines=lines) for row, lines in zip(rows, lay(nodes), strict=True)]


def view(still: Stills) -> FilmView:
    """The lane as the main picture shows it."""
    verdicts = (None, Shape.CLEAN, Shape.CLEAN, Shape.SLIGHT, Shape.CLEAN)
    lengths = (5.0415, 4.583, 4.583, 4.584, 4.583)
    made = tuple(
        Card(
            f"f{hop}",
            CardKind.MADE,
            hop,
            words,
            lengths[hop],
            still(f"h{hop}a"),
            still(f"h{hop}b"),
            takes=2,
            seam=verdicts[hop],
            seam_words="a little brighter" if hop == 3 else "",
        )
        for hop, words in enumerate(WORDS)
    )
    running = Card(
        "m1",
        CardKind.RUNNING,
        5,
        "First snow, very light",
        4.6,
        still("h4b"),
        takes=3,
        rendering=2,
        waiting=1,
        elapsed=130,
        usual=240,
    )
    planned = (
        Card("p6", CardKind.PLANNED, 6, "A balloon drifts in over the hills, lit from inside", 4.6, units=2),
        Card("p7", CardKind.PLANNED, 7, "", 4.6, units=2),
    )
    return FilmView(
        (*made, running, *planned), "f4", estimate=Estimate(2, 4, 480), rest=Estimate(31, 62, 7500), plan=PlanState.IDLE
    )


def stopped(still: Stills) -> FilmView:
    """The same film, its plan stopped at a bad seam."""
    before = view(still)
    bad = replace(before.cards[4], seam=Shape.BAD, seam_words="colour shifts", last=still("x4b"), first=still("x4a"))
    held = [
        Card(f"p{hop}", CardKind.PLANNED, hop, words, 4.6, units=2, held=True)
        for hop, words in ((5, "First snow, very light"), (6, "A balloon drifts in over the hills"), (7, "It lands"))
    ]
    stop = Stop(
        "Stopped after hop 4: colour shifts at seam 4",
        "ΔE 6.2, your limit is 5.0 · 3 hops wait, uncharged",
        "Try hop 4 again · 2 units",
    )
    return replace(before, cards=(*before.cards[:4], bad, *held), plan=PlanState.STOPPED, stop=stop)


MARKS = (
    SeamMark(SEAMS[0], Shape.CLEAN, 1),
    SeamMark(SEAMS[1], Shape.CLEAN, 2),
    SeamMark(SEAMS[2], Shape.SLIGHT, 3),
    SeamMark(SEAMS[3], Shape.CLEAN, 4),
)
BAD_MARKS = (*MARKS[:3], SeamMark(SEAMS[3], Shape.BAD, 4, "colour"))
