"""All takes under their heads: counted, paged and placed as one long list would be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kling_desktop.domain.analysis import Verdict
from kling_desktop.domain.clips import Clip
from kling_desktop.domain.tasks import Expiry, Filter, Order, Pick, Piece, Status, Task
from kling_desktop.store.films.films import FilmRecords
from kling_desktop.store.films.listing import Listing
from kling_desktop.store.library import Library
from tests.harness.tasks import NOON, asked, done, refused


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = Library.open(tmp_path / "library.sqlite3")
    yield library
    library.close()


@pytest.fixture
def listing(library: Library) -> Listing:
    return Listing(library.database, lambda: NOON)


def of_film(number: int, parent: str, task: Task | None = None) -> Task:
    task = task or done(number)
    return replace(task, extension=replace(task.extension, video_id=parent))


def ids(listing: Listing, wanted: Filter, order: Order) -> list[str]:
    """The whole list, piece by piece."""
    pieces = [Piece(stretch.key, 0, stretch.count) for stretch in listing.stretches(wanted, order)]
    return [task.id for task in listing.page(wanted, order, pieces)]


def fill(library: Library) -> None:
    """Two films: A with takes 1, 4, 5 (failed), B with 2 and 3."""
    library.put(of_film(1, "a"))
    library.put(of_film(2, "b"))
    library.put(of_film(3, "b"))
    library.put(of_film(4, "a"))
    library.put(of_film(5, "a", refused(5)))


def test_films_stand_by_their_newest_take_and_takes_below_newest_first(library: Library, listing: Listing) -> None:
    fill(library)
    first, second = listing.stretches(Filter(), Order.FILM)
    assert (first.count, second.count) == (3, 2)
    film = FilmRecords(library.database).film(first.key)
    assert film is not None
    assert first.name == film.name
    assert ids(listing, Filter(), Order.FILM) == [f"own-00000{n}" for n in (5, 4, 1, 3, 2)]


def test_a_take_that_moves_to_another_film_stands_there(library: Library, listing: Listing) -> None:
    fill(library)
    films = FilmRecords(library.database)
    a, b = (stretch.key for stretch in listing.stretches(Filter(), Order.FILM))
    films.merge(a, b)
    (only,) = listing.stretches(Filter(), Order.FILM)
    assert (only.key, only.count) == (a, 5)


@pytest.mark.parametrize("order", list(Order))
@pytest.mark.parametrize(
    "wanted",
    [
        Filter(),
        Filter(states=frozenset({Status.SUCCEEDED})),
        Filter(text="take 3"),
        Filter(picks=frozenset({Pick.PICKED})),
        Filter(stars_from=2),
        Filter(verdicts=frozenset({Verdict.BAD})),
        Filter(dying_at=NOON + timedelta(days=25)),
    ],
)
def test_every_order_holds_what_the_filter_lets_through(
    library: Library, listing: Listing, order: Order, wanted: Filter
) -> None:
    fill(library)
    library.put(replace(of_film(3, "b"), stars=4, pick=Pick.PICKED))
    listing.note_verdict(done(2).clip.id if done(2).clip else "", Verdict.BAD)  # type: ignore[union-attr]  # it has one
    found = ids(listing, wanted, order)
    assert sorted(found) == sorted(task.id for task in library.page(wanted, 0, 100))
    assert len(found) == library.count(wanted)
    keys = [(stretch.key, n) for stretch in listing.stretches(wanted, order) for n in range(stretch.count)]
    assert [listing.place(wanted, order, task_id) for task_id in found] == keys


def test_pieces_are_read_as_asked(library: Library, listing: Listing) -> None:
    fill(library)
    a, b = (stretch.key for stretch in listing.stretches(Filter(), Order.FILM))
    page = listing.page(Filter(), Order.FILM, [Piece(a, 2, 1), Piece(b, 0, 1)])
    assert [task.id for task in page] == ["own-000001", "own-000003"]


def test_stars_verdicts_and_last_days_have_heads(library: Library, listing: Listing) -> None:
    fill(library)
    soon, gone = NOON + timedelta(days=3), NOON - timedelta(days=1)
    library.put(replace(of_film(1, "a"), stars=5, clip=Clip("soon", expires_at=soon)))
    library.put(replace(of_film(2, "b"), clip=Clip("gone", expires_at=gone)))
    assert listing.note_verdict("soon", Verdict.SLIGHT)
    assert not listing.note_verdict("soon", Verdict.SLIGHT)
    assert [(s.key, s.count) for s in listing.stretches(Filter(), Order.STARS)] == [("5", 1), ("0", 4)]
    assert [(s.key, s.count) for s in listing.stretches(Filter(), Order.VERDICT)] == [("slight", 1), ("", 4)]
    expiries = [(s.key, s.count) for s in listing.stretches(Filter(), Order.EXPIRY)]
    assert expiries == [(Expiry.SOON, 1), (Expiry.LATER, 2), (Expiry.GONE, 1), (Expiry.UNKNOWN, 1)]


def test_a_clip_that_is_dated_later_moves(library: Library, listing: Listing) -> None:
    library.put(replace(done(1), clip=Clip("c1")))
    assert [s.key for s in listing.stretches(Filter(), Order.EXPIRY)] == [Expiry.UNKNOWN]
    library.put_clip(Clip("c1", expires_at=NOON + timedelta(days=2)))
    assert [s.key for s in listing.stretches(Filter(), Order.EXPIRY)] == [Expiry.SOON]


def test_a_task_gets_its_day_with_its_clip(library: Library, listing: Listing) -> None:
    library.put(asked(1))
    library.put(done(1))
    assert [s.key for s in listing.stretches(Filter(), Order.EXPIRY)] == [Expiry.LATER]


def test_who_is_not_there_has_no_place(listing: Listing) -> None:
    assert listing.place(Filter(), Order.FILM, "nobody") is None
