"""The graph keeps its lanes flat, and every line leads from a take to its parent."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from kling_desktop.ui.rail.tree_graph import LANES, Node, lay
from kling_desktop.ui.rail.tree_row import Lines, RowKind, Spine


def _film(hops: int) -> list[Node]:
    return [Node(f"f{hop}", f"f{hop - 1}" if hop else None, RowKind.FILM) for hop in range(hops)]


def test_thirty_five_hops_do_not_indent() -> None:
    lines = lay(_film(35))
    assert {line.lane for line in lines} == {0}
    assert lines[0] == Lines(above=Spine.NONE, below=Spine.FILM)
    assert lines[17] == Lines(above=Spine.FILM, below=Spine.FILM)
    assert lines[34] == Lines(above=Spine.FILM, below=Spine.NONE)


def test_a_branch_leaves_its_parent_and_passes_the_film_on_its_way() -> None:
    nodes = [*_film(2), Node("o1", "f0", RowKind.OTHER)]
    root, film, other = lay(nodes)
    assert root.forks == (1,)
    assert film.through == (1,)
    assert (other.lane, other.branch_above, other.branch_below) == (1, True, False)


def test_the_film_line_passes_branches_and_is_dotted_down_to_what_is_in_the_making() -> None:
    nodes = [Node("f0", None, RowKind.FILM), Node("o1", "f0", RowKind.OTHER), Node("m1", "f0", RowKind.MAKING)]
    root, other, making = lay(nodes)
    assert root.below is Spine.MAKING
    assert (other.above, other.below) == (Spine.MAKING, Spine.MAKING)
    assert (making.above, making.below) == (Spine.MAKING, Spine.NONE)


def test_brothers_share_a_lane_and_a_child_between_them_leaves_it() -> None:
    nodes = [
        Node("f0", None, RowKind.FILM),
        Node("a", "f0", RowKind.OTHER),
        Node("a1", "a", RowKind.OTHER),
        Node("b", "f0", RowKind.OTHER),
        Node("b1", "b", RowKind.OTHER),
    ]
    lines = lay(nodes)
    assert [line.lane for line in lines] == [0, 1, 2, 1, 1]
    assert lines[1].forks == (2,)
    assert lines[2].through == (1,), "the line to the second brother passes the first one's child"
    assert lines[3].branch_below
    assert lines[4].branch_above


def test_a_take_whose_parent_is_not_shown_has_no_line_to_it() -> None:
    (only,) = lay([Node("x", "hidden", RowKind.OTHER)])
    assert (only.lane, only.branch_above) == (1, False)


@st.composite
def _trees(draw: st.DrawFn) -> list[Node]:
    """A film and branches below it, each node somewhere after its parent."""
    nodes = [Node("0", None, RowKind.FILM)]
    path = "0"
    for number in range(1, draw(st.integers(1, 30))):
        on_film = draw(st.booleans())
        parent = path if on_film else draw(st.sampled_from([node.id for node in nodes]))
        nodes.append(Node(str(number), parent, RowKind.FILM if on_film else RowKind.OTHER))
        path = str(number) if on_film else path
    return nodes


@given(_trees())
def test_every_line_leads_from_a_take_to_its_parent(nodes: list[Node]) -> None:
    lines = lay(nodes)
    rows = {node.id: row for row, node in enumerate(nodes)}
    for row, node in enumerate(nodes):
        here = lines[row]
        assert 0 <= here.lane < LANES
        if node.kind is RowKind.FILM or node.parent_id is None:
            assert here.lane == 0
            continue
        parent = rows[node.parent_id]
        assert here.branch_above
        assert here.lane in lines[parent].forks or (lines[parent].branch_below and lines[parent].lane == here.lane)
        assert all(here.lane in lines[between].through for between in range(parent + 1, row))


def test_a_hundred_thousand_brothers_are_laid_in_a_moment() -> None:
    nodes = [Node("root", None, RowKind.FILM), *(Node(str(n), "root", RowKind.OTHER) for n in range(100_000))]
    began = time.thread_time()
    assert lay(nodes)[-1].branch_above
    assert time.thread_time() - began < 5, "the time grows with the rows, not with their square"
