"""A film as the tree pages through it: what is rejected folded away, every row with its lines, filled as it is seen."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from kling_desktop.ui.painted.shapes import Shape
from kling_desktop.ui.rail.tree_graph import Node, lay
from kling_desktop.ui.rail.tree_row import RowKind, TreeRow


class PlacedTake(Protocol):
    """A take as far as its place in the tree is concerned."""

    @property
    def take_id(self) -> str: ...
    @property
    def parent_id(self) -> str:
        """Empty for a root."""

    @property
    def hop(self) -> int: ...
    @property
    def on_path(self) -> bool: ...
    @property
    def is_making(self) -> bool:
        """The path will go on with it, once it is made."""

    @property
    def is_rejected(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class _Place:
    node: Node
    hop: int
    side_root: str
    """The take beside the path that it hangs below; empty on the path and for that take itself."""
    folded: int = 0
    """Of a folded line, how many takes it folds."""


class FilmPages:
    """One state of a film; when takes come or go, or something is folded, the tree is given another."""

    def __init__(
        self,
        takes: Sequence[PlacedTake],
        fill: Callable[[Sequence[str]], Sequence[TreeRow]],
        unfolded: Collection[str] = (),
        *,
        all_shown: bool = False,
    ) -> None:
        """`takes` stand in the order of the screen, parents before children. `fill` says what is known of the takes of
        a page, in their order; kinds, lines and whom a take was made for are set here. `unfolded` are the parents
        whose rejected takes are shown; `all_shown` shows all.
        """
        self._fill = fill
        self._places = _placed(takes, unfolded, all_shown=all_shown)
        self._lines = lay([place.node for place in self._places])
        self._rows = {place.node.id: row for row, place in enumerate(self._places) if not place.folded}
        self.takes = len(takes)
        """Takes of the film, hidden ones among them."""
        self.hidden = len(takes) - len(self._rows)
        """Takes that are rejected, or hang below one that is, and are folded away."""

    def count(self) -> int:
        return len(self._places)

    def row_of(self, take_id: str) -> int | None:
        return self._rows.get(take_id)

    def unusual(self) -> Sequence[tuple[int, RowKind]]:
        kinds = ((row, place.node.kind) for row, place in enumerate(self._places))
        return [(row, kind) for row, kind in kinds if kind is not RowKind.OTHER]

    def rows(self, offset: int, limit: int) -> Sequence[TreeRow]:
        page = self._places[offset : offset + limit]
        ids = [place.node.id for place in page if not place.folded]
        roots = {place.side_root for place in page if place.side_root}
        # Asked for in one go: a page costs one query, whatever hangs below what.
        asked = [*ids, *sorted(roots - set(ids))]
        known = {row.take_id: row for row in self._fill(asked)}
        return [self._row(offset + number, place, known) for number, place in enumerate(page)]

    def _row(self, number: int, place: _Place, known: dict[str, TreeRow]) -> TreeRow:
        lines, kind = self._lines[number], place.node.kind
        if place.folded:
            parent = place.node.parent_id or ""
            return TreeRow(parent, kind, place.hop, "", Shape.DONE, "", takes=place.folded, lines=lines)
        row = known.get(place.node.id)
        if row is None:  # it was forgotten since; the next state of the film will be without it
            row = TreeRow(place.node.id, kind, place.hop, "", Shape.UNMEASURED, "")
        root = known.get(place.side_root)
        return replace(row, kind=kind, hop=place.hop, lines=lines, made_for=root.take if root is not None else None)


def _placed(takes: Sequence[PlacedTake], unfolded: Collection[str], *, all_shown: bool) -> list[_Place]:
    hidden: set[str] = set()
    folds: dict[str, int] = {}
    side_roots: dict[str, str] = {}
    places: list[_Place] = []
    for take in takes:
        folds_away = take.is_rejected and not take.on_path and not all_shown and take.parent_id not in unfolded
        if take.parent_id in hidden:
            hidden.add(take.take_id)
            continue
        if folds_away:
            hidden.add(take.take_id)
            _fold(take, places, folds)
            continue
        beside = not take.on_path and not take.is_making
        above = side_roots.get(take.parent_id, "") if beside else ""
        if beside:
            side_roots[take.take_id] = above or take.take_id
        node = Node(take.take_id, take.parent_id or None, _kind(take))
        places.append(_Place(node, take.hop, above))
    return places


def _fold(take: PlacedTake, places: list[_Place], folds: dict[str, int]) -> None:
    """Count a rejected take in its parent's line, which stands where the first of them would."""
    if take.parent_id not in folds:
        folds[take.parent_id] = len(places)
        node = Node(f"folded {take.parent_id}", take.parent_id or None, RowKind.FOLDED)
        places.append(_Place(node, take.hop, "", 1))
    else:
        at = folds[take.parent_id]
        places[at] = replace(places[at], folded=places[at].folded + 1)


def _kind(take: PlacedTake) -> RowKind:
    if take.on_path:
        return RowKind.FILM
    return RowKind.MAKING if take.is_making else RowKind.OTHER
