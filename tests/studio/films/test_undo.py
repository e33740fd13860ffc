"""One stack of changes: taken back in their order, made again until something new is made."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kling_desktop.domain.takes import Film
from kling_desktop.errors import StoreBusy
from kling_desktop.store.films.films import FilmRecords
from kling_desktop.store.library import Library
from kling_desktop.studio.background import Background
from kling_desktop.studio.feed import Fact, Feed, Noticed
from kling_desktop.studio.films.films import Films
from kling_desktop.studio.films.undo import MOST_STEPS, Change, Undo
from tests.harness.tasks import done
from tests.harness.waiting import until

_CHANGES = list(Change)


def add(undo: Undo, made: list[int], number: int) -> None:
    undo.make(_CHANGES[number % 5], lambda: made.append(number), lambda: made.remove(number))


def test_changes_go_back_and_forth_in_their_order() -> None:
    told: list[Change | None] = []
    undo = Undo(lambda: told.append(undo.undo_label))
    made: list[int] = []
    for number in (1, 2, 3):
        add(undo, made, number)
    _, one, two, three, four = _CHANGES[:5]
    assert (undo.undo(), undo.undo(), made) == (three, two, [1])
    assert (undo.redo(), made, undo.redo_label) == (two, [1, 2], three)
    add(undo, made, 4)
    assert (undo.redo_label, undo.redo(), made) == (None, None, [1, 2, 4])
    assert told == [one, two, three, two, one, two, four]


def test_old_changes_stay_as_they_are() -> None:
    undo, made = Undo(), list[int]()
    for number in range(MOST_STEPS + 5):
        add(undo, made, number)
    while undo.undo():
        pass
    assert made == [0, 1, 2, 3, 4]


def test_a_change_that_cannot_be_taken_back_does_not_hold_up_those_before() -> None:
    undo, made = Undo(), list[int]()
    add(undo, made, 1)
    undo.remember(Change.GATE, lambda: None, lambda: made.remove(99))
    with pytest.raises(ValueError, match="not in list"):
        undo.undo()
    assert (undo.redo_label, undo.undo(), made) == (None, _CHANGES[1], [])


def test_several_changes_are_one_step_and_a_single_one_keeps_its_name() -> None:
    undo, made = Undo(), list[int]()
    with undo.as_one(Change.JUDGE_SEVERAL):
        add(undo, made, 1)
        add(undo, made, 2)
    assert (undo.undo_label, undo.undo(), made) == (Change.JUDGE_SEVERAL, Change.JUDGE_SEVERAL, [])
    assert (undo.redo(), made) == (Change.JUDGE_SEVERAL, [1, 2])
    with undo.as_one(Change.JUDGE_SEVERAL):
        add(undo, made, 3)
    with undo.as_one(Change.JUDGE_SEVERAL):
        pass
    assert undo.undo_label is _CHANGES[3]


def test_one_change_is_taken_back_whatever_came_after_it_and_once_only() -> None:
    undo, made = Undo(), list[int]()
    first = undo.make(Change.FORGET, lambda: made.append(1), lambda: made.remove(1))
    add(undo, made, 2)
    assert undo.take_back(first)
    assert (made, undo.undo_label, undo.redo_label) == ([2], _CHANGES[2], Change.FORGET)
    assert not undo.take_back(first)
    assert made == [2]


def _pair(tmp_path: Path) -> tuple[FilmRecords, Library, Film]:
    library = Library.open(tmp_path / "library.sqlite3")
    library.put(done(number=1))
    records = FilmRecords(library.database)
    return records, library, records.films(0, 1)[0]


async def test_changes_wait_for_another_program_and_are_made_in_their_order(tmp_path: Path) -> None:
    records, library, film = _pair(tmp_path)
    feed, facts = Feed(), list[Fact]()
    feed.subscribe(facts.extend)
    background = Background(feed)
    undo = Undo(feed=feed, run=background.run)
    films = Films(records, feed, undo, lambda: datetime.now(UTC))
    with closing(sqlite3.connect(tmp_path / "library.sqlite3", isolation_level=None)) as other, closing(library):
        other.execute("BEGIN IMMEDIATE")
        for name in ("First", "Second"):
            films.rename(film.id, name)
        assert undo.undo_label is None
        other.execute("ROLLBACK")
        await until(lambda: (found := records.film(film.id)) and found.name == "Second")
        assert not [fact for fact in facts if isinstance(fact, Noticed)]
        undo.undo()
        await background.close()


async def test_a_library_that_is_held_too_long_refuses_a_change_aloud(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kling_desktop.studio.films.undo._PATIENCE_SECONDS", 0.0)
    records, library, film = _pair(tmp_path)
    feed, facts = Feed(), list[Fact]()
    feed.subscribe(facts.extend)
    background = Background(feed)
    undo = Undo(feed=feed, run=background.run)
    films = Films(records, feed, undo, lambda: datetime.now(UTC))
    with closing(sqlite3.connect(tmp_path / "library.sqlite3", isolation_level=None)) as other, closing(library):
        other.execute("BEGIN IMMEDIATE")
        films.rename(film.id, "First")
        told = await until(lambda: [fact for fact in facts if isinstance(fact, Noticed)])
        assert told[0].trouble.error == "StoreBusy"
        other.execute("ROLLBACK")
        films.rename(film.id, "Second")
        assert undo.undo_label is Change.RENAME_FILM
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusy):
            undo.undo()
        other.execute("ROLLBACK")
        assert undo.undo() is Change.RENAME_FILM, "a change that could not be taken back just now can be later"
        await background.close()
