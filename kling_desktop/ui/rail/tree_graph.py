"""Which lines cross which row of a film's tree: a graph with flat lanes, in which 35 hops do not indent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kling_desktop.ui.rail.tree_row import Lines, RowKind, Spine

LANES = 4
"""Lanes that are told apart: the film's and three of branches. Deeper branches share the last."""


@dataclass(frozen=True, slots=True)
class Node:
    """A row as far as its lines are concerned."""

    id: str
    parent_id: str | None
    """None for the root, and for a parent that is not shown."""
    kind: RowKind


def lay(nodes: Sequence[Node]) -> list[Lines]:
    """The lines of each row, parents before their children. Time grows with the rows, not with their branches."""
    at = {node.id: row for row, node in enumerate(nodes) if node.kind is not RowKind.FOLDED}
    parents = [at.get(node.parent_id) if node.parent_id is not None else None for node in nodes]
    lanes = _lanes(nodes, parents)
    spine = _spine(nodes)
    through, ends, starts, forks = _branches(nodes, parents, lanes)
    return [
        Lines(
            lanes[row],
            *spine[row],
            branch_above=row in ends,
            branch_below=row in starts,
            through=tuple(through[row]),
            forks=tuple(sorted(forks.get(row, ()))),
        )
        for row in range(len(nodes))
    ]


def _on_film(node: Node) -> bool:
    return node.kind in (RowKind.FILM, RowKind.MAKING)


def _lanes(nodes: Sequence[Node], parents: Sequence[int | None]) -> list[int]:
    """A branch's children go on in its lane, unless brothers of the branch still have to be reached in it."""
    last_child = {parent: row for row, parent in enumerate(parents) if not _on_film(nodes[row])}
    lanes = [0] * len(nodes)
    for row, node in enumerate(nodes):
        parent = parents[row]
        if _on_film(node):
            continue
        if parent is None or _on_film(nodes[parent]):
            lanes[row] = 1
        else:
            more_brothers = last_child[parents[parent]] > parent
            lanes[row] = min(lanes[parent] + more_brothers, LANES - 1)
    return lanes


def _spine(nodes: Sequence[Node]) -> list[tuple[Spine, Spine]]:
    """The film's line above and below the middle of each row."""
    film = [row for row, node in enumerate(nodes) if node.kind is RowKind.FILM]
    making = [row for row, node in enumerate(nodes) if node.kind is RowKind.MAKING]
    first, last_film = (film or making or [0])[0], film[-1] if film else -1
    last = max([last_film, *making])

    def between(row: int) -> Spine:
        """The line between the middle of a row and that of the next."""
        if row < first or row >= last:
            return Spine.NONE
        return Spine.FILM if row < last_film else Spine.MAKING

    return [(between(row - 1), between(row)) for row in range(len(nodes))]


def _branches(
    nodes: Sequence[Node], parents: Sequence[int | None], lanes: Sequence[int]
) -> tuple[list[list[int]], set[int], set[int], dict[int, set[int]]]:
    """Lanes passing each row; rows a branch ends at; rows it goes on from in its own lane; forks of each row."""
    furthest: dict[tuple[int, int], int] = {}
    ends: set[int] = set()
    starts: set[int] = set()
    forks: dict[int, set[int]] = {}
    for row, parent in enumerate(parents):
        if parent is None or _on_film(nodes[row]):
            continue
        ends.add(row)
        furthest[parent, lanes[row]] = row
        if lanes[row] == lanes[parent]:
            starts.add(parent)
        else:
            forks.setdefault(parent, set()).add(lanes[row])
    steps = [[0] * (len(nodes) + 1) for _ in range(LANES)]
    for (parent, lane), row in furthest.items():
        steps[lane][parent + 1] += 1
        steps[lane][row] -= 1
    return _passing(steps, len(nodes)), ends, starts, forks


def _passing(steps: Sequence[Sequence[int]], count: int) -> list[list[int]]:
    open_lanes = [0] * LANES
    passing: list[list[int]] = []
    for row in range(count):
        for lane in range(1, LANES):
            open_lanes[lane] += steps[lane][row]
        passing.append([lane for lane in range(1, LANES) if open_lanes[lane] > 0])
    return passing
