"""Rows out of pages that nothing leads to: of every kind of value, however long, and never what was deleted."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kling_desktop.domain.tasks import Filter, Status
from kling_desktop.store.library import Library
from kling_desktop.store.salvage.loose_rows import Value, loose_rows
from kling_desktop.store.schema import mark_damaged
from tests.store.test_library import asked
from tests.store.test_recovery import TASKS, mended

ROWS: list[tuple[int, str, Value]] = [
    (-(2**63), "least", None),
    (1, "none", None),
    (2, "zero", 0),
    (3, "one", 1),
    (4, "whole", -(2**40)),
    (5, "most", 2**63 - 1),
    (6, "part", 0.1),
    (7, "bytes", b"\x00\xff"),
    (8, "long", "words " * 5000),
    (2**62, "signs", "雪\u200e🎬"),
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Two tables of many rows, some deleted, and one of which the last column came later."""
    path = tmp_path / "library.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE a (id INTEGER PRIMARY KEY, name TEXT, held)")
        connection.executemany("INSERT INTO a VALUES (?, ?, ?)", ROWS)
        connection.executemany("INSERT INTO a VALUES (?, 'filling', ?)", [(n, "x" * 900) for n in range(100, 400)])
        connection.execute("CREATE TABLE b (name TEXT PRIMARY KEY, number INTEGER)")
        connection.executemany("INSERT INTO b VALUES (?, ?)", [(f"b{n}" * 100, n) for n in range(200)])
        connection.execute("DELETE FROM a WHERE id BETWEEN 100 AND 300")
        connection.execute("ALTER TABLE b ADD COLUMN later TEXT NOT NULL DEFAULT ''")
        connection.commit()
    return path


def wreck_roots(path: Path, *tables: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        listed = "SELECT rootpage FROM sqlite_schema WHERE name = ?"
        roots = [connection.execute(listed, (table,)).fetchone()[0] for table in tables]
        size = connection.execute("PRAGMA page_size").fetchone()[0]
    with path.open("r+b") as file:
        for root in roots:
            file.seek((root - 1) * size)
            file.write(b"\xff" * size)


def test_a_sound_library_has_none(path: Path) -> None:
    assert loose_rows(path, ("a", "b")) == {}


def test_every_value_comes_back_as_it_was_and_nothing_that_was_deleted(path: Path) -> None:
    wreck_roots(path, "a")
    found = loose_rows(path, ("a", "b"))
    assert list(found) == ["a"]
    rows = {row["id"]: row for row in found["a"]}
    assert [(row["id"], row["name"], row["held"]) for row in map(rows.get, [row[0] for row in ROWS]) if row] == ROWS
    assert sorted(id for id in rows if isinstance(id, int) and 100 <= id < 400) == list(range(301, 400))


def test_rows_from_before_the_last_column_lack_it(path: Path) -> None:
    wreck_roots(path, "b")
    rows = loose_rows(path, ("a", "b"))["b"]
    assert sorted(row["number"] for row in rows if isinstance(row["number"], int)) == list(range(200))
    assert all(set(row) == {"name", "number"} for row in rows)


def test_what_may_be_of_either_of_two_broken_tables_is_nobody_s(path: Path) -> None:
    wreck_roots(path, "a", "b")
    assert loose_rows(path, ("a", "b")) == {"a": [], "b": []}


def test_a_task_out_of_a_loose_page_is_looked_up_before_it_is_sent(tmp_path: Path) -> None:
    """The page may be older than the log: it may have been sent since."""
    path = tmp_path / "library.sqlite3"
    with closing(Library.open(path)) as library:
        for number in range(TASKS):
            library.put(asked(number, status=Status.QUEUED, prompt="words " * 100))
    wreck_roots(path, "task")
    mark_damaged(path)
    _, library = mended(path)
    with closing(library):
        tasks = library.page(Filter(), 0, TASKS)
        assert len(tasks) == TASKS
        assert all(task.sent_at == task.asked_at for task in tasks)


@pytest.mark.parametrize("table", ["plan", "hop"])
def test_a_plan_out_of_a_loose_page_waits_for_the_creator(tmp_path: Path, table: str) -> None:
    """What it has sent since that page was written, nobody knows."""
    path = tmp_path / "library.sqlite3"
    with closing(Library.open(path)) as library:
        library.put(asked(1))
    with closing(sqlite3.connect(path)) as connection:
        _fill(
            connection, "plan", {"id": "p", "state": "running", "takes": 1, "gate": "ask", "profile_region": "custom"}
        )
        for number in range(40):
            words = {"id": f"h{number}", "plan_id": "p", "place": number, "state": "planned", "way": "extend"}
            _fill(connection, "hop", {**words, "takes": 1, "prompt": "words " * 200})
        for number in range(200):
            _fill(
                connection, "plan", {"id": f"p{number}", "state": "ready", "takes": 1, "gate": "ask", "stop_reason": ""}
            )
        connection.commit()
    wreck_roots(path, table)
    mark_damaged(path)
    _, library = mended(path)
    with closing(library):
        assert library.database.rows("SELECT state FROM plan WHERE id = 'p'")[0][0] == "paused"
        assert len(library.database.rows("SELECT id FROM hop WHERE plan_id = 'p'")) == 40


def _fill(connection: sqlite3.Connection, table: str, given: dict[str, object]) -> None:
    """A row with these values, and what stands for nothing in all other columns."""
    described = connection.execute(f"PRAGMA table_info({table})").fetchall()
    row = {
        column[1]: given.get(column[1], "" if column[2] == "TEXT" else 0)
        for column in described
        if column[3] or column[1] in given
    }
    marks = ", ".join("?" * len(row))
    connection.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", list(row.values()))  # noqa: S608 - names of our own
