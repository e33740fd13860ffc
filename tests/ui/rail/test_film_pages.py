"""A film is paged through with what is rejected folded away, and a page is one question to the library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kling_desktop.ui.painted.shapes import Shape
from kling_desktop.ui.rail.film_pages import FilmPages
from kling_desktop.ui.rail.tree_row import RowKind, TreeRow


@dataclass(frozen=True)
class Take:
    take_id: str
    parent_id: str
    hop: int
    on_path: bool = False
    is_making: bool = False
    is_rejected: bool = False


FILM = (
    Take("r", "", 0, on_path=True),
    Take("a", "r", 1, on_path=True),
    Take("x1", "r", 1, is_rejected=True),
    Take("x1k", "x1", 2),
    Take("b", "r", 1),
    Take("bk", "b", 2),
    Take("bkk", "bk", 3),
    Take("x2", "r", 1, is_rejected=True),
    Take("m", "a", 2, is_making=True),
)


class Library:
    """Says of each take its number, and counts the questions."""

    def __init__(self, gone: str = "") -> None:
        self.asked: list[list[str]] = []
        self._gone = gone

    def __call__(self, ids: Sequence[str]) -> list[TreeRow]:
        self.asked.append(list(ids))
        numbers = {"b": 3}
        rows = [TreeRow(id, RowKind.OTHER, 9, id, Shape.CLEAN, "clean", take=numbers.get(id, 1)) for id in ids]
        return [row for row in rows if row.take_id != self._gone]


def test_rejected_takes_and_what_hangs_below_them_are_one_line_a_parent() -> None:
    pages = FilmPages(FILM, Library())
    rows = pages.rows(0, 100)
    assert [(row.take_id, row.kind.value) for row in rows] == [
        ("r", "film"),
        ("a", "film"),
        ("r", "folded"),
        ("b", "other"),
        ("bk", "other"),
        ("bkk", "other"),
        ("m", "making"),
    ]
    assert rows[2].takes == 2
    assert (pages.takes, pages.hidden) == (9, 3)
    assert pages.count() == 7
    assert pages.row_of("x1") is None
    assert pages.row_of("r") == 0
    assert pages.row_of("b") == 3


def test_what_is_unfolded_is_shown() -> None:
    for pages in (FilmPages(FILM, Library(), {"r"}), FilmPages(FILM, Library(), all_shown=True)):
        assert [row.take_id for row in pages.rows(0, 100)] == ["r", "a", "x1", "x1k", "b", "bk", "bkk", "x2", "m"]
        assert pages.hidden == 0


def test_a_rejected_take_of_the_path_is_never_hidden() -> None:
    takes = [Take("r", "", 0, on_path=True), Take("a", "r", 1, on_path=True, is_rejected=True)]
    assert FilmPages(takes, Library()).count() == 2


def test_what_hangs_below_another_take_says_for_which_it_was_made() -> None:
    rows = {row.take_id: row for row in FilmPages(FILM, Library()).rows(3, 4)}
    assert {id: row.made_for for id, row in rows.items()} == {"b": None, "bk": 3, "bkk": 3, "m": None}


def test_a_page_asks_once_even_for_takes_above_it() -> None:
    library = Library()
    rows = FilmPages(FILM, library).rows(4, 2)
    assert library.asked == [["bk", "bkk", "b"]]
    assert [row.made_for for row in rows] == [3, 3]


def test_hops_and_lines_are_those_of_the_place() -> None:
    rows = FilmPages(FILM, Library()).rows(0, 100)
    assert [row.hop for row in rows] == [0, 1, 1, 1, 2, 3, 2]
    assert rows[0].lines.forks == (1,)
    assert rows[2].lines.through == (1,)
    assert [row.lines.lane for row in rows] == [0, 0, 1, 1, 1, 1, 0]


def test_heights_are_known_before_a_page_is_read() -> None:
    library = Library()
    unusual = FilmPages(FILM, library).unusual()
    assert library.asked == []
    assert unusual == [(0, RowKind.FILM), (1, RowKind.FILM), (2, RowKind.FOLDED), (6, RowKind.MAKING)]


def test_a_take_that_is_gone_leaves_an_empty_row() -> None:
    rows = FilmPages(FILM, Library(gone="b")).rows(3, 2)
    assert [(row.take_id, row.words) for row in rows] == [("b", ""), ("bk", "bk")]


def test_an_empty_film_has_no_row() -> None:
    pages = FilmPages((), Library())
    assert (pages.count(), pages.rows(0, 10), pages.unusual()) == (0, [], [])
