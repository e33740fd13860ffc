"""The tree of takes follows the tasks in the very write that changes them, and its path what the creator picks."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from kling_desktop.domain.clips import Clip
from kling_desktop.domain.takes import ColourMap, Label, Part, TakeMark, Way
from kling_desktop.domain.tasks import Extension, Generation, Pick, Status, Task
from kling_desktop.store.films.films import FilmRecords, below, subtree
from kling_desktop.store.films.tree_keys import film_name, key_of, number_of
from kling_desktop.store.library import Library
from tests.harness.tasks import NOON
from tests.store.films.taking import film_of, grown, take


def test_a_task_has_its_take_in_the_same_write(library: Library, films: FilmRecords) -> None:
    grown(library, take(1), take(2, "c1"), take(3, "c2", Status.PROCESSING), take(4, "c1", Status.FAILED))
    (film,) = films.films(0, 10)
    assert (film.name, film.takes) == ("words 1", 4)
    states = films.states(films.ids_between(film.id, *subtree(key_of(0)), 0, 10))
    assert [(each.take.id, each.take.hop, each.take.way) for each in states] == [
        ("t1", 0, Way.ROOT), ("t2", 1, Way.EXTEND), ("t3", 2, Way.EXTEND), ("t4", 1, Way.EXTEND),
    ]  # fmt: skip
    assert [(each.number, each.siblings) for each in states] == [(1, 1), (1, 2), (1, 1), (2, 2)]
    assert states[1].task == library.get("t2")
    assert films.count_between(film.id, *below(key_of(0))) == 3


def test_writing_a_take_costs_the_same_however_many_films_began_with_a_clip_from_elsewhere(library: Library) -> None:
    grown(library, take(1, "old 1"))
    beside_one = steps(library, take(2, "old 1"))
    grown(library, *(take(number, f"old {number}", Status.FAILED) for number in range(3, 300)))
    assert steps(library, take(300, "old 1")) < 1.5 * beside_one


def steps(library: Library, task: Task) -> int:
    """How many steps of its own SQLite takes to write a task."""
    taken = 0

    def count() -> None:
        nonlocal taken
        taken += 1

    library.database.connection.set_progress_handler(count, 1)
    library.put(task)
    library.database.connection.set_progress_handler(None, 1)
    return taken


def test_a_clip_that_nobody_made_here_becomes_the_root_of_what_extends_it(library: Library, films: FilmRecords) -> None:
    grown(library, take(1, "old"), take(2, "old"))
    (film,) = films.films(0, 10)
    assert films.path(film.id) == ["clip:old", "t2"]
    root = films.state("clip:old")
    assert root is not None
    assert (root.task, root.clip, root.is_finished) == (None, None, True)


def test_a_continued_take_is_told_from_an_extended_one(library: Library, films: FilmRecords) -> None:
    generation = Generation("kling-v3", first_frame=Path("seed.png"), parent_end=Fraction(1001, 240))
    task = take(2, "c1", Status.QUEUED, extension=Extension("c1", "on", generation=generation))
    grown(library, take(1), task)
    state = films.state("t2")
    assert state is not None
    assert state.take.way is Way.CONTINUE
    assert library.get("t2") == task


def test_the_path_goes_through_picks_else_the_newest_finished_take(library: Library, films: FilmRecords) -> None:
    grown(library, take(1), take(2, "c1"), take(3, "c1"), take(4, "c1", Status.PROCESSING), take(5, "c2"))
    film = film_of(films, "t1")
    assert films.path(film) == ["t1", "t3"]
    library.put(replace(take(2, "c1"), pick=Pick.PICKED))
    assert films.path(film) == ["t1", "t2", "t5"]
    library.put(replace(take(2, "c1"), pick=Pick.REJECTED))
    assert films.path(film) == ["t1", "t3"]
    films.set_pick("t1", "t4")
    assert films.path(film) == ["t1", "t3"], "a picked take that is not finished does not break the path"


def test_forgetting_and_restoring_keeps_place_and_pick(library: Library, films: FilmRecords) -> None:
    picked = replace(take(2, "c1"), pick=Pick.PICKED)
    grown(library, take(1), take(2, "c1"), take(3, "c1"), picked)
    before = [state.take for state in films.siblings("t1")]
    library.forget("t2")
    assert [state.take.id for state in films.siblings("t1")] == ["t3"]
    library.put(picked)
    assert [state.take for state in films.siblings("t1")] == before
    assert films.path(film_of(films, "t1")) == ["t1", "t2"]


def test_a_forgotten_take_on_which_others_hang_stays_without_its_task(library: Library, films: FilmRecords) -> None:
    grown(library, take(1), take(2, "c1"), take(3, "c2"))
    library.forget("t2")
    state = films.state("t2")
    assert state is not None
    assert (state.task, state.take.clip_id) == (None, "c2")
    assert films.path(film_of(films, "t1")) == ["t1", "t2", "t3"]
    library.put(take(2, "c1"))
    state = films.state("t2")
    assert state is not None
    assert state.task is not None


def test_a_forgotten_root_leaves_no_film_in_the_list_and_comes_back_under_its_name(
    library: Library, films: FilmRecords
) -> None:
    grown(library, take(1))
    (film,) = films.films(0, 10)
    films.change(replace(film, name="Lantern Lake", label=Label.BLUE, note="dusk"))
    library.forget("t1")
    assert films.films(0, 10) == []
    library.put(take(1))
    (film,) = films.films(0, 10)
    assert (film.name, film.label, film.note, film.takes) == ("Lantern Lake", Label.BLUE, "dusk", 1)


def test_two_films_become_one_when_the_task_that_joins_them_is_found(library: Library, films: FilmRecords) -> None:
    grown(library, take(1), take(3, "c2"), take(4, "c3"))
    assert films.film_count() == 2
    assert films.path(film_of(films, "t3")) == ["clip:c2", "t3", "t4"]
    library.put(take(2, "c1"))
    assert films.film_count() == 1
    assert films.path(film_of(films, "t1")) == ["t1", "clip:c2", "t3", "t4"]
    state = films.of_task("t2")
    assert state is not None
    assert (state.take.id, state.take.hop, state.take.way) == ("clip:c2", 1, Way.EXTEND)
    assert [each.take.hop for each in films.above("t4")] == [0, 1, 2, 3]


def test_a_take_whose_clip_is_known_late_takes_over_what_grew_from_the_clip(
    library: Library, films: FilmRecords
) -> None:
    grown(library, take(1), take(2, "c1", Status.PROCESSING), take(3, "c2"), take(2, "c1"))
    assert films.path(film_of(films, "t1")) == ["t1", "t2", "t3"]
    assert films.film_count() == 1


def test_a_chain_that_bites_its_own_tail_stays_a_tree(library: Library, films: FilmRecords) -> None:
    grown(library, take(1, "c3"), take(2, "c1"), take(3, "c2"))
    assert films.film_count() == 1
    assert films.path(films.films(0, 1)[0].id) == ["clip:c3", "t1", "t2"]
    state = films.of_task("t3")
    assert state is not None
    assert state.take.id == "clip:c3"


def test_merge_split_and_back(library: Library, films: FilmRecords) -> None:
    grown(library, take(1), take(2, "c1"), take(3, "c2"), take(10), take(11, "c10"))
    one, other = film_of(films, "t1"), film_of(films, "t10")
    films.merge(one, other)
    assert films.film(other) is None
    assert [state.take.id for state in films.siblings(one)] == ["t1", "t10"]
    assert film_of(films, "t11") == one
    branch = films.split("t2", "A branch", NOON)
    assert [film_of(films, id) for id in ("t2", "t3")] == [branch.id, branch.id]
    assert [state.take.hop for state in films.above("t3")] == [0, 1]
    films.move("t2", one, "t1")
    assert films.film(branch.id) is None
    assert [state.take.id for state in films.above("t3")] == ["t1", "t2", "t3"]


def test_what_was_split_off_stays_so_whatever_becomes_of_its_task(library: Library, films: FilmRecords) -> None:
    continued = take(3, "c1")
    continued = replace(continued, extension=replace(continued.extension, generation=Generation("kling-v3")))
    grown(library, take(1), take(2, "c1"), continued)
    for take_id in ("t2", "t3"):
        branch = films.split(take_id, "A branch", NOON)
        task = library.get(take_id)
        assert task is not None
        library.put(replace(task, stars=4, pick=Pick.PICKED))
        assert film_of(films, take_id) == branch.id


def test_the_way_of_a_film_is_kept_and_comes_back_with_it(library: Library, films: FilmRecords) -> None:
    grown(library, take(1))
    (film,) = films.films(0, 10)
    assert film.way is None
    films.change(replace(film, way=Way.CONTINUE))
    kept = films.film(film.id)
    assert kept is not None
    assert kept.way is Way.CONTINUE
    films.revive(replace(kept, id="other"))
    revived = films.film("other")
    assert revived is not None
    assert revived.way is Way.CONTINUE


def test_archived_films_are_a_list_of_their_own_and_words_find_names_and_notes(
    library: Library, films: FilmRecords
) -> None:
    grown(library, take(1), take(2))
    first, second = films.films(0, 10)
    films.change(replace(first, archived=True, note="ÄRGER"))
    assert films.films(0, 10) == [second]
    assert [film.id for film in films.films(0, 10, "ärger", archived=True)] == [first.id]
    assert films.film_count("no such words") == 0
    films.change(replace(first, note="the client wants ÄRGER"))
    assert [film.id for film in films.films(0, 10, "ärger client")] == [first.id]
    assert films.film_count("ärger client") == 1
    assert films.film_count('"ärger client"') == 0


def test_the_same_root_asked_for_again_stands_beside_the_first(library: Library, films: FilmRecords) -> None:
    grown(library, take(1), replace(take(2), retry_of="t1"))
    assert [state.take.id for state in films.siblings(film_of(films, "t1"))] == ["t1", "t2"]


def test_parts_and_marks_come_back_as_they_were(library: Library, films: FilmRecords) -> None:
    grown(library, take(1))
    parts = (Part("c1", Fraction(1, 24), Fraction(1001, 240), ColourMap((1.1, -0.05, 0.0))), Part("c2"))
    films.set_parts("t1", parts)
    films.mark("t1", TakeMark("the light", Label.GREEN, 3))
    assert films.parts("t1") == parts
    state = films.state("t1")
    assert state is not None
    assert state.mark == TakeMark("the light", Label.GREEN, 3)


@pytest.mark.parametrize("number", [0, 35, 36, 1295, 1679615])
def test_keys_sort_as_their_numbers(number: int) -> None:
    assert number_of("zzzz" + key_of(number)) == number
    assert len(key_of(number)) == 4
    assert number == 0 or key_of(number - 1) < key_of(number)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("\n  A boat sails \nmore", "A boat sails"),
        ("", "c1"),
        ("word " * 20, "word " * 11 + "word…"),
        ("湖" * 100, "湖" * 60 + "…"),
    ],
)
def test_a_film_is_called_by_its_first_line(words: str, name: str) -> None:
    assert film_name(words, "c1") == name


def test_a_film_that_began_without_words_is_called_by_its_first_ones(library: Library, films: FilmRecords) -> None:
    root = films.plant(Clip("c9", seconds=Decimal(5)), NOON)
    assert [film.name for film in films.films(0, 10)] == ["c9"]
    grown(library, take(1, "c9"), take(2, "c1"))
    assert [film.name for film in films.films(0, 10)] == ["words 1"]
    assert film_of(films, "t2") == root.film_id
