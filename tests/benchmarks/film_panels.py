"""What the tree and the film lane cost with films of any size: to open, to scroll, to turn, to paint.

Run as `python -m tests.benchmarks.film_panels`; on a machine without a screen add `QT_QPA_PLATFORM=offscreen`.
The rows come from memory: what the store adds is measured where it is read.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QWidget

from kling_desktop.domain.plans import MOST_HOPS
from kling_desktop.ui import theme
from kling_desktop.ui.film.film_lane import FilmLane
from kling_desktop.ui.film.film_view import Card, CardKind, FilmView
from kling_desktop.ui.film.ruler import Ruler
from kling_desktop.ui.painted.shapes import Shape
from kling_desktop.ui.rail.take_tree import TakeTree
from kling_desktop.ui.rail.tree_graph import Node, lay
from kling_desktop.ui.rail.tree_row import Lines, RowKind, TreeRow
from kling_desktop.ui.stills.posters import Posters

HOPS = 35
STEPS = 300


class Rows:
    """A film of 35 hops with so many other takes of each, its rows made when they are asked for."""

    def __init__(self, siblings: int) -> None:
        kinds = [RowKind.FILM, *[RowKind.OTHER] * siblings]
        self._nodes = [Node("f0", None, RowKind.FILM)]
        for hop in range(1, HOPS + 1):
            names = [f"f{hop}", *(f"o{hop}-{number}" for number in range(siblings))]
            self._nodes += [Node(name, f"f{hop - 1}", kind) for name, kind in zip(names, kinds, strict=True)]
        self._lines: list[Lines] = lay(self._nodes)
        self._at = {node.id: row for row, node in enumerate(self._nodes)}

    def count(self) -> int:
        return len(self._nodes)

    def rows(self, offset: int, limit: int) -> Sequence[TreeRow]:
        return [self._row(number) for number in range(offset, min(offset + limit, len(self._nodes)))]

    def unusual(self) -> Sequence[tuple[int, RowKind]]:
        return [(row, node.kind) for row, node in enumerate(self._nodes) if node.kind is not RowKind.OTHER]

    def row_of(self, take_id: str) -> int | None:
        return self._at.get(take_id)

    def _row(self, number: int) -> TreeRow:
        node = self._nodes[number]
        words = f"Take {number}: wind comes up, petals drift across the picture"
        return replace(
            TreeRow(node.id, node.kind, number, words, Shape.SLIGHT, "a little brighter", stars=number % 6),
            lines=self._lines[number],
        )


def main() -> int:
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    theme.apply(app, "dark")
    measure_tree(0)  # warms fonts and code up; thrown away
    for siblings in (0, 40, 3000):
        report(f"tree of {HOPS * (siblings + 1) + 1} takes", measure_tree(siblings))
    report(f"lane of {HOPS} hops", measure_lane())
    report(f"ruler of {MOST_HOPS} planned hops", measure_ruler())
    return 0


def report(what: str, measured: dict[str, float]) -> None:
    numbers = ", ".join(f"{name} {milliseconds:.1f} ms" for name, milliseconds in measured.items())
    sys.stdout.write(f"{what}: {numbers}\n")


def measure_tree(siblings: int) -> dict[str, float]:
    """Milliseconds to open the film, of a page scrolled (median, p99), and of a first whole paint."""
    rows = Rows(siblings)
    tree = TakeTree(Posters())
    tree.resize(280, 600)
    tree.show()
    settle()
    start = perf_counter()
    tree.show_film(rows)
    settle()
    measured = {"open": since(start)}
    start = perf_counter()
    tree.viewport().repaint()
    measured["paint"] = since(start)
    bar = tree.verticalScrollBar()
    taken = []
    for step in range(STEPS):
        start = perf_counter()
        bar.setValue(step * bar.pageStep() % max(1, bar.maximum()))
        settle()
        taken.append(since(start))
    measured["scroll median"] = statistics.median(taken)
    measured["scroll p99"] = statistics.quantiles(taken, n=100)[-1]
    forget(tree)
    return measured


def measure_lane() -> dict[str, float]:
    cards = tuple(
        Card(str(hop), CardKind.MADE, hop, f"Hop {hop} goes on, and on and on", 5.0, takes=40, seam=Shape.CLEAN)
        for hop in range(HOPS + 1)
    )
    lane = FilmLane(Posters())
    lane.resize(1440, lane.height())
    lane.show()
    settle()
    start = perf_counter()
    lane.show_view(FilmView(cards, "35"))
    settle()
    measured = {"open": since(start)}
    taken = []
    for step in range(STEPS):
        start = perf_counter()
        lane.cards.horizontalScrollBar().setValue(step * 160 % 4000)
        settle()
        taken.append(since(start))
    measured["scroll median"] = statistics.median(taken)
    measured["scroll p99"] = statistics.quantiles(taken, n=100)[-1]
    forget(lane)
    return measured


def measure_ruler() -> dict[str, float]:
    """Milliseconds of one picture, as a film that plays asks for with each of its own."""
    cards = tuple(Card(str(hop), CardKind.PLANNED, hop, "on and on", 5.0) for hop in range(MOST_HOPS))
    ruler = Ruler()
    ruler.resize(1440, ruler.height())
    ruler.show_view(FilmView(cards))
    ruler.show()
    settle()
    taken = []
    for _ in range(STEPS):
        start = perf_counter()
        ruler.repaint()
        taken.append(since(start))
    forget(ruler)
    return {"paint median": statistics.median(taken), "paint p99": statistics.quantiles(taken, n=100)[-1]}


def settle() -> None:
    QCoreApplication.processEvents()


def since(start: float) -> float:
    return (perf_counter() - start) * 1000


def forget(widget: QWidget) -> None:
    widget.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


if __name__ == "__main__":
    sys.exit(main())
