"""Before an export each take says under which name it goes out, and what is to be known of the file that shows it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kling_desktop.domain.takes import Part
from kling_desktop.errors import FileTrouble
from kling_desktop.export.names import preview
from kling_desktop.export.request import Request
from kling_desktop.store.films.films import FilmRecords
from kling_desktop.studio.films.handing_over.choices import Options, Wish
from kling_desktop.studio.films.handing_over.contents import Condition, Contents, HandedTake, handed
from kling_desktop.studio.films.handing_over.pieces import Pieces, What
from tests.export.sources import make_hdr
from tests.harness.media.films import make_film
from tests.studio.films.handing_over.test_handover import Room, room

__all__ = ["room"]


def wish(what: What = What.FILM, key: str = "h264-small", *, others: bool = False) -> Wish:
    return Wish(what, others, key, Options(), "{hop}_{take}{ext}", Path("/out"), False, False)


def contents(room: Room, wanted: Wish, take_id: str = "t3") -> tuple[HandedTake, ...]:
    """As the desk has them."""
    film_id = room.tree.take("t1").take.film_id  # type: ignore[union-attr]  # every room here has it
    pieces = Pieces(room.handover, room.tree)
    try:
        made = pieces.of(wanted.what, film_id, take_id, others=wanted.others)
    except FileTrouble:
        made = ()
    names = preview(wanted.template, [piece.values for piece in made], [".mp4"] * len(made)) if made else ()
    requests = [
        Request(piece.film, wanted.format_key, wanted.folder, name) for piece, name in zip(made, names, strict=True)
    ]
    along, others = Contents(room.handover, pieces, room.tree).of(wanted, film_id, take_id)
    return handed(wanted, along, others, requests)


@pytest.fixture
def film(room: Room) -> Room:
    """A root, its extension, and what continues that; each a real film of a second."""
    room.grow(1)
    room.grow(2, "c1")
    room.grow(3, "c2", continues=True)
    for number in (1, 2, 3):
        make_film(room.folder / f"c{number}.mp4", frames=24, sound=True)
    room.tree.note_parts("t3", (Part("c2"), Part("c3")))
    return room


def test_takes_of_one_film_are_in_one_file(film: Room) -> None:
    told = contents(film, wish())
    assert [(each.clip_id, each.hop, each.name, each.conditions) for each in told] == [
        ("c1", 0, "2_1.mp4", ()), ("c2", 1, "2_1.mp4", ()), ("c3", 2, "2_1.mp4", ()),
    ]  # fmt: skip


def test_each_hop_has_a_name_of_its_own(film: Room) -> None:
    assert [each.name for each in contents(film, wish(What.HOPS))] == ["0_1.mp4", "1_1.mp4", "2_1.mp4"]


def test_of_a_stretch_there_is_one_take(film: Room) -> None:
    assert [each.clip_id for each in contents(film, wish(What.STRETCH))] == ["c3"]


def test_an_extended_take_needs_no_file_of_its_own(film: Room) -> None:
    (film.folder / "c1.mp4").unlink()
    assert [each.conditions for each in contents(film, wish())] == [(), (), ()]


def _moved(room: Room) -> None:
    (room.folder / "c3.mp4").unlink()


def _damaged(room: Room) -> None:
    (room.folder / "c3.mp4").write_bytes(b"hello" * 50)


def _smaller(room: Room) -> None:
    make_film(room.folder / "c3.mp4", frames=24, sound=True, height=120)


def _faster(room: Room) -> None:
    make_film(room.folder / "c3.mp4", frames=30, fps=30, sound=True)


def _silent(room: Room) -> None:
    make_film(room.folder / "c3.mp4", frames=24)


def _freed(room: Room) -> None:
    room.library.forget_files("c3", [room.folder / "c3.mp4"])


@pytest.mark.parametrize(
    ("happens", "condition"),
    [
        (_moved, Condition.MISSING),
        (_damaged, Condition.UNREADABLE),
        (_smaller, Condition.SCALED),
        (_faster, Condition.REFITTED),
        (_silent, Condition.SILENT),
        (_freed, Condition.NOT_HERE),
    ],
)
def test_what_happened_to_a_file_is_said_of_its_take_alone(
    film: Room, happens: Callable[[Room], None], condition: Condition
) -> None:
    happens(film)
    assert [each.conditions for each in contents(film, wish())] == [(), (), (condition,)]


def test_other_takes_go_out_under_their_own_names(film: Room) -> None:
    film.grow(4, "c1")
    make_film(film.folder / "c4.mp4", frames=24)
    told = contents(film, wish(others=True))
    assert [(each.clip_id, each.name) for each in told] == [("c1", "1_2.mp4"), ("c4", "1_2.mp4"), ("c2", "1_1.mp4")]


@pytest.mark.parametrize(("key", "condition"), [("timelines", Condition.KEPT_HDR), ("h264-small", Condition.HDR)])
def test_hdr_stops_only_what_would_change_its_colours(key: str, condition: Condition, film: Room) -> None:
    make_hdr(film.folder / "c3.mp4")
    assert contents(film, wish(key=key))[-1].conditions == (condition,)


def test_an_archive_of_what_was_split_off_lists_its_own_takes(film: Room) -> None:
    """Other takes of the film that it was split off from do not come along."""
    film.grow(4, "c2", continues=True)
    make_film(film.folder / "c4.mp4", frames=24, sound=True)
    branch = FilmRecords(film.library.database).split("t3", "Branch", datetime.now(UTC))
    pieces = Pieces(film.handover, film.tree)
    along, others = Contents(film.handover, pieces, film.tree).of(wish(key="archive"), branch.id, "t3")
    assert [each.state.take.id for each in along] == ["t1", "t2", "t3"]
    assert [each.state.take.id for each in others] == []
