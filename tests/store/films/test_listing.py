"""All takes under their heads: counted, paged and placed as one long list would be."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kling_desktop.domain.analysis import Verdict
from kling_desktop.domain.clips import Clip
from kling_desktop.domain.tasks import Expiry, Filter, Order, Pick, Status, Stretch, Task
from kling_desktop.store.films.films import FilmRecords
from kling_desktop.store.films.listing import Listing
from kling_desktop.store.library import Library
from tests.harness.tasks import NOON, asked, done, refused


@pytest.fixture
def listing(library: Library) -> Listing:
    return Listing(library.database, lambda: NOON)


def of_film(number: int, parent: str, task: Task | None = None) -> Task:
    task = task or done(number)
    return replace(task, extension=replace(task.extension, video_id=parent))


def ids(listing: Listing, wanted: Filter, order: Order) -> list[str]:
    """The whole list."""
    return [task.id for task in listing.page(listing.listed(wanted, order).numbers) if task]


def stretches(listing: Listing, wanted: Filter, order: Order) -> tuple[Stretch, ...]:
    return listing.listed(wanted, order).stretches


def fill(library: Library) -> None:
    """Two films: A with takes 1, 4, 5 (failed), B with 2 and 3."""
    library.put(of_film(1, "a"))
    library.put(of_film(2, "b"))
    library.put(of_film(3, "b"))
    library.put(of_film(4, "a"))
    library.put(of_film(5, "a", refused(5)))


def test_films_stand_by_their_newest_take_and_takes_below_newest_first(library: Library, listing: Listing) -> None:
    fill(library)
    first, second = stretches(listing, Filter(), Order.FILM)
    assert (first.count, second.count) == (3, 2)
    film = FilmRecords(library.database).film(first.key)
    assert film is not None
    assert first.name == film.name
    assert ids(listing, Filter(), Order.FILM) == [f"own-00000{n}" for n in (5, 4, 1, 3, 2)]


def test_a_take_that_moves_to_another_film_stands_there(library: Library, listing: Listing) -> None:
    fill(library)
    films = FilmRecords(library.database)
    a, b = (stretch.key for stretch in stretches(listing, Filter(), Order.FILM))
    films.merge(a, b)
    (only,) = stretches(listing, Filter(), Order.FILM)
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
    listed = listing.listed(wanted, order)
    places = [(at, n) for at, stretch in enumerate(listed.stretches) for n in range(stretch.count)]
    assert [listed.place(listing.number(task_id) or 0) for task_id in found] == places
    assert listed.total == 5
    assert [task_id for task_id in ids(listing, Filter(), order) if listing.passes(wanted, task_id)] == found


def test_a_page_has_a_gap_where_a_take_was_taken_out_meanwhile(library: Library, listing: Listing) -> None:
    fill(library)
    listed = listing.listed(Filter(), Order.FILM)
    library.forget("own-000001")
    page = listing.page(listed.numbers[1:4])
    assert [task and task.id for task in page] == ["own-000004", None, "own-000003"]


def test_stars_verdicts_and_last_days_have_heads(library: Library, listing: Listing) -> None:
    fill(library)
    soon, gone = NOON + timedelta(days=3), NOON - timedelta(days=1)
    library.put(replace(of_film(1, "a"), stars=5, clip=Clip("soon", expires_at=soon)))
    library.put(replace(of_film(2, "b"), clip=Clip("gone", expires_at=gone)))
    assert listing.note_verdict("soon", Verdict.SLIGHT)
    assert not listing.note_verdict("soon", Verdict.SLIGHT)
    assert [(s.key, s.count) for s in stretches(listing, Filter(), Order.STARS)] == [("5", 1), ("0", 4)]
    assert [(s.key, s.count) for s in stretches(listing, Filter(), Order.VERDICT)] == [("slight", 1), ("", 4)]
    expiries = [(s.key, s.count) for s in stretches(listing, Filter(), Order.EXPIRY)]
    assert expiries == [(Expiry.SOON, 1), (Expiry.LATER, 2), (Expiry.GONE, 1), (Expiry.UNKNOWN, 1)]


def test_a_clip_that_is_dated_later_moves(library: Library, listing: Listing) -> None:
    library.put(replace(done(1), clip=Clip("c1")))
    assert [s.key for s in stretches(listing, Filter(), Order.EXPIRY)] == [Expiry.UNKNOWN]
    library.put_clip(Clip("c1", expires_at=NOON + timedelta(days=2)))
    assert [s.key for s in stretches(listing, Filter(), Order.EXPIRY)] == [Expiry.SOON]


def test_a_task_gets_its_day_with_its_clip(library: Library, listing: Listing) -> None:
    library.put(asked(1))
    library.put(done(1))
    assert [s.key for s in stretches(listing, Filter(), Order.EXPIRY)] == [Expiry.LATER]


def test_who_is_not_there_has_no_place(listing: Listing) -> None:
    listed = listing.listed(Filter(), Order.FILM)
    assert listing.number("nobody") is None
    assert [listed.place(number) for number in (-1, 0, 1, 100)] == [None] * 4
