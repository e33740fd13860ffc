"""A library from before there were films is grouped into them, and nothing of it is lost."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from kling_desktop.domain.clips import Clip
from kling_desktop.domain.tasks import Extension, Pick, Status, Task
from kling_desktop.store.films.films import FilmRecords
from kling_desktop.store.library import Library
from kling_desktop.store.rows import clip_values, task_values
from kling_desktop.store.schema import MIGRATIONS, open_database
from tests.store.films.taking import take


def old_library(path: Path, tasks: list[Task], clips: list[Clip] = []) -> None:  # noqa: B006 - never changed
    """A library as the version before films left it."""
    with closing(open_database(path, MIGRATIONS[:5])) as connection:
        for clip in (*clips, *(task.clip for task in tasks if task.clip)):
            _insert(connection, "clip", clip_values(clip))
        for task in tasks:
            values = task_values(task)
            del values["generation"]
            _insert(connection, "task", values)


def _insert(connection: sqlite3.Connection, table: str, values: dict[str, str | int | float | None]) -> None:
    marks = ", ".join("?" * len(values))
    connection.execute(f"INSERT OR REPLACE INTO {table} ({', '.join(values)}) VALUES ({marks})", tuple(values.values()))  # noqa: S608 - names of our own


def test_every_root_with_its_descendants_is_a_film_and_nothing_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite3"
    tasks = [
        take(1),
        take(2, "c1"),
        replace(take(3, "c1"), pick=Pick.PICKED, stars=4),
        take(4, "c1"),
        take(5, "c3", Status.FAILED),
        take(6, "base", units=Decimal("2.5")),
        take(7, "c6", Status.PROCESSING),
        take(8, "nobody knows this clip"),
    ]
    lone, listed = Clip("file:1", file=tmp_path / "dusk.mp4"), Clip("only listed")
    old_library(path, tasks, [Clip("base"), lone, listed])
    with closing(Library.open(path)) as library:
        films = FilmRecords(library.database)
        assert [library.get(task.id) for task in tasks] == tasks
        names = sorted(film.name for film in films.films(0, 10))
        assert names == ["file:1", "words 1", "words 6", "words 8"]
        film = next(film for film in films.films(0, 10) if film.name == "words 1")
        assert film.takes == 5
        assert films.path(film.id) == ["t1", "t3"]
        assert [state.take.id for state in films.above("t7")] == ["clip:base", "t6", "t7"]
        assert library.clip("only listed") == listed
        entries = library.database.rows("SELECT * FROM unit_entry")
        assert [(entry["task_id"], entry["movement"], entry["units"]) for entry in entries] == [
            ("t6", "charge", 2_500_000)
        ]
    with closing(sqlite3.connect(path.with_name("library.before-m006.sqlite3"))) as backup:
        assert backup.execute("SELECT count(*) FROM task").fetchone()[0] == len(tasks)


def test_new_takes_hang_themselves_into_grouped_films(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite3"
    old_library(path, [take(1), take(2, "c1")])
    with closing(Library.open(path)) as library:
        library.put(take(3, "c2"))
        films = FilmRecords(library.database)
        (film,) = films.films(0, 10)
        assert films.path(film.id) == ["t1", "t2", "t3"]


def test_a_chain_that_bites_its_own_tail_is_cut_where_it_began(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite3"
    old_library(path, [take(1, "c3"), take(2, "c1"), take(3, "c2"), take(4, "c4")])
    with closing(Library.open(path)) as library:
        films = FilmRecords(library.database)
        assert sorted(films.path(film.id) for film in films.films(0, 10)) == [["t1", "t2", "t3"], ["t4"]]


def test_an_old_draft_is_still_there(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite3"
    with closing(open_database(path, MIGRATIONS[:5])) as connection:
        connection.execute("INSERT INTO draft VALUES (1, 0, 'c1', 'half a sentence', '', NULL, NULL, '', '')")
    with closing(Library.open(path)) as library:
        draft = library.draft()
        assert draft is not None
        assert draft.extension == Extension("c1", "half a sentence")
