"""What can be exported of a film becomes files: the whole, a take, its stretch, each hop, picked clips, other takes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import pytest

from kling_desktop.domain.takes import Part
from kling_desktop.export.options import Options
from kling_desktop.store.films.films import FilmRecords
from kling_desktop.store.library import Library
from kling_desktop.studio.films.handing_over.pieces import Piece, Pieces, What, cut, measured
from kling_desktop.studio.films.tree import Tree
from tests.harness.media.films import make_film
from tests.studio.films.handing_over.test_handover import Room


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    library = Library.open(tmp_path / "library.sqlite3")
    room = Room(library, tmp_path, Tree(FilmRecords(library.database)))
    room.grow(1)
    room.grow(2, "c1")
    room.grow(3, "c1")
    room.grow(4, "c2", continues=True)
    FilmRecords(library.database).set_pick("t1", "t2")
    room.tree.note_parts("t4", (Part("c2", end=Fraction(9)), Part("c4", Fraction(1, 24))))
    yield room
    library.close()


def told(pieces: tuple[Piece, ...]) -> list[tuple[list[tuple[str, Fraction, Fraction | None]], object, object]]:
    return [
        (
            [(part.clip_id, part.start, part.end) for part in piece.film.parts],
            piece.values["hop"],
            piece.values["counter"],
        )
        for piece in pieces
    ]


def of(room: Room, what: What, take_id: str = "t4", *, others: bool = False) -> tuple[Piece, ...]:
    film_id = FilmRecords(room.library.database).films(0, 1)[0].id
    return Pieces(room.handover, room.tree).of(what, film_id, take_id, others=others)


ZERO = Fraction(0)


def test_each_choice_has_its_files(room: Room) -> None:
    whole = [("c2", ZERO, Fraction(9)), ("c4", Fraction(1, 24), None)]
    assert told(of(room, What.FILM)) == [(whole, 2, 1)]
    assert told(of(room, What.TAKE, "t3")) == [([("c3", ZERO, None)], 1, 1)]
    assert told(of(room, What.STRETCH, "t2")) == [([("c2", Fraction(5), None)], 1, 1)]
    assert told(of(room, What.HOPS)) == [
        ([("c2", ZERO, Fraction(5))], 0, 1),
        ([("c2", Fraction(5), Fraction(9))], 1, 2),
        ([("c4", Fraction(1, 24), None)], 2, 3),
    ]


def test_a_film_that_was_split_off_has_the_hops_that_it_shows(room: Room) -> None:
    records = FilmRecords(room.library.database)
    branch = records.split("t4", "Branch", datetime.now(UTC))
    made = Pieces(room.handover, room.tree).of(What.HOPS, branch.id, "t4")
    assert [(piece.film.parts[0].clip_id, piece.film.parts[0].start) for piece in made] == [
        ("c2", ZERO), ("c2", Fraction(5)), ("c4", Fraction(1, 24))
    ]  # fmt: skip
    assert [piece.values["title"] for piece in made] == ["words 1", "words 2", "words 4"]
    assert [piece.values["hop"] for piece in made] == [0, 1, 2]


def test_other_takes_come_as_their_clips(room: Room) -> None:
    assert told(of(room, What.FILM, others=True))[1:] == [([("c3", ZERO, None)], 1, 2)]
    assert told(of(room, What.STRETCH, "t2", others=True))[1:] == [([("c3", ZERO, None)], 1, 2)]


def test_picked_clips_are_whole_and_as_they_came(room: Room) -> None:
    FilmRecords(room.library.database).set_pick("t1", "t3")  # now it, and no longer t2, stands for the hop
    assert told(of(room, What.PICKED)) == [([("c3", ZERO, None)], 1, 1)]


def test_a_name_tells_the_length_and_the_size_of_its_own_file(room: Room) -> None:
    make_film(room.folder / "c2.mp4", frames=9 * 24)
    make_film(room.folder / "c4.mp4", frames=49)
    (film,) = (measured(each, "h264-small", Options(longest=48)) for each in of(room, What.FILM))
    assert (film.values["len"], film.values["width"]) == ("11", 48)
    hops = [measured(each, "original", Options()) for each in of(room, What.HOPS)]
    assert [each.values["len"] for each in hops] == ["5", "4", "2"]
    (listed,) = (measured(each, "prompts-csv", Options()) for each in of(room, What.FILM))
    assert "width" not in listed.values


def test_a_name_of_what_cannot_be_read_tells_what_is_known(room: Room) -> None:
    (film,) = of(room, What.FILM)
    assert measured(film, "h264-small", Options()) == film


def test_a_range_is_cut_where_it_is_marked(room: Room) -> None:
    make_film(room.folder / "c3.mp4", frames=48)
    (piece,) = of(room, What.RANGE, "t3")
    (part,) = cut(piece, Fraction(1, 2), Fraction(3, 2)).film.parts
    assert (part.start, part.end) == (Fraction(1, 2), Fraction(3, 2))
    with pytest.raises(ValueError, match="nothing"):
        cut(piece, Fraction(3), Fraction(4))


def test_a_range_of_a_continued_film_is_counted_in_the_film(room: Room) -> None:
    make_film(room.folder / "c2.mp4", frames=48)
    make_film(room.folder / "c4.mp4", frames=60, fps=30)
    room.tree.note_parts("t4", (Part("c2", end=Fraction(36, 24)), Part("c4", Fraction(1, 30))))
    (piece,) = of(room, What.RANGE, "t4")
    first, second = cut(piece, Fraction(1), Fraction(2)).film.parts
    assert (first.clip_id, first.start, first.end) == ("c2", Fraction(1), Fraction(36, 24))
    assert (second.clip_id, second.start, second.end) == ("c4", Fraction(1, 30), Fraction(1, 30) + Fraction(1, 2))
    (alone,) = cut(piece, Fraction(1, 2), Fraction(1), of_clip=True).film.parts
    assert (alone.clip_id, alone.start, alone.end) == ("c4", Fraction(1, 2), Fraction(1))
