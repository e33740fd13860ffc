"""The loop's thread never waits for another program's write; our own durable write is waited for, and loses nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kling_desktop.domain.tasks import Filter
from kling_desktop.errors import FileTrouble, StoreBusy, StoreTrouble
from kling_desktop.store.library import Library
from kling_desktop.store.schema import connect
from tests.store.test_library import asked


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "library.sqlite3"


@pytest.fixture
def library(path: Path) -> Iterator[Library]:
    with closing(Library.open(path)) as library:
        yield library


def test_a_strangers_lock_refuses_a_write_at_once_and_no_reading(library: Library, path: Path) -> None:
    library.put(asked(1))
    with closing(connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        began = time.perf_counter()
        with pytest.raises(StoreBusy):
            library.put(asked(2))
        assert library.count(Filter()) == 1
        assert time.perf_counter() - began < 2, "it was five seconds; 20 ms and what a loaded machine adds"
        other.execute("ROLLBACK")
    library.put(asked(2))
    assert library.count(Filter()) == 2


def test_a_durable_write_waits_for_the_stranger(library: Library, path: Path) -> None:
    with closing(connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        writing = threading.Thread(target=library.put_durably, args=(asked(1),))
        writing.start()
        began = time.perf_counter()
        with pytest.raises(StoreBusy):  # though a durable write of ours is waiting as well
            library.put(asked(2))
        assert time.perf_counter() - began < 2
        other.execute("ROLLBACK")
        writing.join()
    assert library.get(asked(1).id) is not None


def test_our_own_slow_sync_is_no_reason_to_refuse(library: Library) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def write_slowly() -> None:
        with library.database.durably():
            inside.set()
            go_on.wait(10)

    writing = threading.Thread(target=write_slowly)
    writing.start()
    inside.wait(10)
    threading.Timer(0.3, go_on.set).start()
    library.put(asked(1))
    writing.join()
    assert library.get(asked(1).id) is not None


ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


class Reader:
    """A thread that reads beside the loop what has no end."""

    def __init__(self, library: Library) -> None:
        self.troubles: list[StoreTrouble] = []
        self._is_reading = threading.Event()
        self._library = library
        self._thread = threading.Thread(target=self._read)
        self._thread.start()
        assert self._is_reading.wait(10)

    def _read(self) -> None:
        try:
            with self._library.database.beside() as connection:
                connection.set_progress_handler(self._is_reading.set, 1_000)
                connection.execute(ENDLESS).fetchone()
        except StoreTrouble as trouble:
            self.troubles.append(trouble)

    def end(self) -> None:
        self._thread.join(10)
        assert not self._thread.is_alive()
        assert self.troubles


def test_what_is_read_beside_keeps_nobody_waiting_and_stays_as_it_was(library: Library) -> None:
    library.put(asked(1))
    with library.database.beside() as connection:
        count = "SELECT count(*) FROM task"
        assert connection.execute(count).fetchone()[0] == 1
        library.put(asked(2))
        library.put_durably(asked(3))
        assert library.count(Filter()) == 3
        assert connection.execute(count).fetchone()[0] == 1
    with library.database.beside() as connection:
        assert connection.execute(count).fetchone()[0] == 3


def test_nothing_is_written_beside(library: Library) -> None:
    library.put(asked(1))
    with pytest.raises(FileTrouble), library.database.beside() as connection:
        connection.execute("DELETE FROM task")
    assert library.count(Filter()) == 1


def test_a_reading_is_broken_off_and_the_next_one_is_not(library: Library) -> None:
    reader = Reader(library)
    library.database.stop_reading()
    reader.end()
    with library.database.beside() as connection:
        assert connection.execute("SELECT count(*) FROM task").fetchone()[0] == 0


def test_a_library_is_closed_over_a_reading(library: Library, path: Path) -> None:
    library.put(asked(1))
    reader = Reader(library)
    library.close()
    reader.end()
    assert not path.with_name(path.name + "-wal").exists()
    with pytest.raises(StoreTrouble), library.database.beside():
        pass
