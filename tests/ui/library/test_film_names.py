"""Films of one name are told apart where nothing but names is shown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kling_desktop.domain.takes import Film
from kling_desktop.ui.library.film_names import shown_name, told_apart

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


def _film(name: str, hours: float, takes: int) -> Film:
    touched = NOW - timedelta(hours=hours)
    return Film(name + str(hours), name, touched, touched, takes=takes)


def test_films_of_one_name_say_what_they_hold_and_when_they_were_touched() -> None:
    films = [_film("Lake", 2, 5), _film("Harbour", 3, 1), _film("Lake", 72, 1)]
    assert told_apart(films, NOW) == ["Lake · 5 takes · 2 h ago", "Harbour", "Lake · 1 take · 3 days ago"]


@pytest.mark.parametrize("no_name", ["954995578304622618", "0b1c" * 8])
def test_nobody_reads_an_id_for_a_name(no_name: str) -> None:
    assert shown_name(_film(no_name, 1, 1)) == "Untitled film"
    both = told_apart([_film(no_name, 1, 1), _film("Untitled film", 2, 3)], NOW)
    assert both == ["Untitled film · 1 take · 1 h ago", "Untitled film · 3 takes · 2 h ago"]


@pytest.mark.parametrize("name", ["2026", "954995578304622618 b", "beef", "20261127"])
def test_numbers_that_a_creator_gave_are_names(name: str) -> None:
    assert shown_name(_film(name, 1, 1)) == name


def test_names_that_differ_stay_bare() -> None:
    assert told_apart([_film("Lake", 1, 2), _film("lake", 1, 2)], NOW) == ["Lake", "lake"]
    assert told_apart([], NOW) == []
