"""Films that are brought together: what was split off hangs again where it grew, and the film shows what it showed."""

from __future__ import annotations

import pytest

from kling_desktop.store.films.films import FilmRecords
from kling_desktop.store.library import Library
from tests.harness.tasks import NOON
from tests.store.films.taking import continued, film_of, grown, take


@pytest.mark.parametrize("made", [take, continued])
def test_a_branch_hangs_again_where_it_grew(library: Library, films: FilmRecords, made: object) -> None:
    grown(library, take(1), *(made(n, f"c{n - 1}") for n in (2, 3, 4)))  # type: ignore[operator]  # either of two
    origin = film_of(films, "t1")
    branch = films.split("t3", "A branch", NOON)
    assert films.path(origin) == ["t1", "t2"]
    films.merge(origin, branch.id)
    assert [state.take.id for state in films.siblings(origin)] == ["t1"], "one root, as before"
    assert films.path(origin) == ["t1", "t2", "t3", "t4"]
    assert [state.take.hop for state in films.above("t4")] == [0, 1, 2, 3]


@pytest.mark.parametrize("made", [take, continued])
def test_a_branch_takes_in_what_it_grew_from_and_shows_what_it_showed(
    library: Library, films: FilmRecords, made: object
) -> None:
    grown(library, take(1), *(made(n, f"c{parent}") for n, parent in ((2, 1), (3, 2), (4, 1), (5, 2))))  # type: ignore[operator]  # either of two
    origin = film_of(films, "t1")
    branch = films.split("t3", "A branch", NOON)
    assert films.path(origin) == ["t1", "t4"]
    merged = films.merge(branch.id, origin)
    assert [state.take.id for state in films.siblings(branch.id)] == ["t1"]
    assert films.path(branch.id) == ["t1", "t2", "t3"], "not through the newer t4 and t5"
    assert merged.regrown == ["t3"]


def test_what_comes_back_does_not_take_the_place_of_what_was_chosen_since(library: Library, films: FilmRecords) -> None:
    grown(library, take(1), take(2, "c1"), take(3, "c1"))
    origin = film_of(films, "t1")
    films.set_pick("t1", "t3")
    branch = films.split("t3", "A branch", NOON)
    assert films.path(origin) == ["t1", "t2"]
    films.merge(origin, branch.id)
    assert films.path(origin) == ["t1", "t2"]


def test_two_branches_of_one_film_hang_together_as_far_as_they_do(library: Library, films: FilmRecords) -> None:
    """The origin itself is in neither of them."""
    grown(library, take(1), take(2, "c1"), take(3, "c2"), take(4, "c3"), take(5, "c1"))
    upper = films.split("t2", "Upper", NOON)
    lower = films.split("t4", "Lower", NOON)
    other = films.split("t5", "Other", NOON)
    films.merge(lower.id, upper.id)
    assert [state.take.id for state in films.siblings(lower.id)] == ["t2"]
    assert films.path(lower.id) == ["t2", "t3", "t4"]
    films.merge(lower.id, other.id)
    assert [state.take.id for state in films.siblings(lower.id)] == ["t2", "t5"], "t5 does not go on from any of them"
    assert films.path(lower.id) == ["t2", "t3", "t4"]
    origin = film_of(films, "t1")
    films.merge(origin, lower.id)
    assert [state.take.id for state in films.siblings(origin)] == ["t1"]
    assert [state.take.id for state in films.siblings("t1")] == ["t2", "t5"]
