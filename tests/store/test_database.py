"""The loop's thread never waits for another program's write; our own durable write is waited for, and loses nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kling_desktop.domain.tasks import Filter
from kling_desktop.errors import StoreBusy
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
