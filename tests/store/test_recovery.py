"""Of a damaged library every readable row is in the new one, the old file is set aside, and kills lose nothing."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from itertools import chain
from pathlib import Path

import pytest

from kling_desktop.domain.clips import Clip
from kling_desktop.domain.tasks import Filter, Status
from kling_desktop.errors import DamageMet, StoreDamaged, StoreMended
from kling_desktop.store import recovery
from kling_desktop.store.films.films import FilmRecords
from kling_desktop.store.library import Library
from kling_desktop.store.salvage.loose_rows import described_in
from kling_desktop.store.schema import MIGRATIONS, mark_damaged, open_database
from tests.store.test_library import asked

TASKS = 300
PAGE = 4096


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of 300 tasks with a clip each, closed in order."""
    path = tmp_path_factory.mktemp("healthy") / "library.sqlite3"
    with closing(Library.open(path)) as library:
        for number in range(TASKS):
            clip = Clip(id=f"clip-{number}", kling_id=f"k-{number}", file=Path(f"/takes/{number}.mp4"))
            task = asked(number, prompt=f"words of {number} " * 20)
            library.put(replace(task, kling_id=f"k-{number}", status=Status.SUCCEEDED, clip=clip))
    return path


@pytest.fixture
def path(healthy: Path, tmp_path: Path) -> Path:
    """A copy to be wrecked."""
    return Path(shutil.copy(healthy, tmp_path))


def pages_of(path: Path, name: str) -> list[int]:
    """The numbers, from 1, of the leaf pages of a table or an index."""
    with closing(sqlite3.connect(path)) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (name,)).fetchone()[0]
    data = path.read_bytes()
    found, waiting = [], [root]
    while waiting:
        number = waiting.pop()
        page = data[(number - 1) * PAGE : number * PAGE]
        if page[0] in (10, 13):
            found.append(number)
            continue
        cells = int.from_bytes(page[3:5], "big")
        offsets = [int.from_bytes(page[12 + 2 * n : 14 + 2 * n], "big") for n in range(cells)]
        waiting += [int.from_bytes(page[at : at + 4], "big") for at in offsets]
        waiting.append(int.from_bytes(page[8:12], "big"))
    return sorted(found)


def wreck(path: Path, pages: list[int], content: bytes = b"\xff" * PAGE) -> None:
    with path.open("r+b") as file:
        for number in pages:
            file.seek((number - 1) * PAGE)
            file.write(content)


def mended(path: Path) -> tuple[StoreDamaged, Library]:
    with pytest.raises(StoreDamaged) as caught:
        Library.open(path)
    return caught.value, Library.open(path)


def ids(library: Library) -> set[str]:
    return {task.id for task in library.page(Filter(), 0, 10 * TASKS)}


def meets_damage(path: Path) -> None:
    """What the program does before it knows: it opens, reads, and meets a page that cannot be read."""
    library = Library.open(path)
    with closing(library), pytest.raises(DamageMet):
        list(chain(*(library.database.cursor(f"SELECT * FROM {table} NOT INDEXED", {}) for table in ("task", "clip"))))  # noqa: S608 - names of our own


@pytest.mark.parametrize("at", [0, 0.3, 0.5, 0.99])
def test_one_wrecked_page_of_tasks_costs_only_its_own_rows(path: Path, at: float) -> None:
    leaves = pages_of(path, "task")
    wreck(path, [leaves[int(at * len(leaves))]])
    meets_damage(path)
    error, library = mended(path)
    with closing(library):
        assert isinstance(error, StoreMended)
        assert TASKS - 12 <= len(ids(library)) < TASKS
        assert library.database.value("SELECT count(*) FROM clip") == TASKS
        assert f"{len(ids(library))} tasks, {TASKS} clips" in error.message
        assert library.database.value("PRAGMA integrity_check") == "ok"
        assert library.database.rows("PRAGMA foreign_key_check") == []
    assert path.with_name(error.message.partition(":")[0]).exists()


@pytest.mark.parametrize("table", ["task", "clip"])
def test_a_lost_page_that_led_to_all_the_others_costs_no_row(path: Path, table: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()[0]
    wreck(path, [root])
    mark_damaged(path)
    told, library = mended(path)
    with closing(library):
        tasks = library.page(Filter(), 0, TASKS)
        assert len(tasks) == TASKS
        assert {task.extension.prompt for task in tasks} == {f"words of {number} " * 20 for number in range(TASKS)}
        assert len({task.clip.file for task in tasks if task.clip}) == TASKS
    assert isinstance(told, StoreMended)


def test_a_lost_page_of_the_library_s_own_description_costs_no_row(path: Path) -> None:
    described = sorted(described_in(path) - {1})
    assert described, "it is longer than a page"
    for page in described:
        copy = Path(shutil.copy(path, path.with_name(f"{page}.sqlite3")))
        wreck(copy, [page])
        told, library = mended(copy)
        with closing(library):
            assert library.count(Filter()) == TASKS
        assert isinstance(told, StoreMended)


@pytest.mark.parametrize(
    ("place", "content"),
    [
        (0, bytes(PAGE)),
        (0, b"\xff" * PAGE),
        (0, b"X"),
        (16, b"\xff\xff"),
        (56, b"\0\0\0\x03"),
        (60, bytes(4)),
        (100, bytes(PAGE - 100)),
        (100, b"\xa5" * (PAGE - 100)),
    ],
    ids=["zeros", "ones", "magic", "page size", "encoding", "version", "tables gone", "tables are noise"],
)
def test_a_wrecked_first_page_costs_nothing_of_what_lies_behind_it(path: Path, place: int, content: bytes) -> None:
    data = path.read_bytes()
    wrecked = data[:place] + content + data[place + len(content) :]
    path.write_bytes(wrecked)
    error, library = mended(path)
    with closing(library):
        assert isinstance(error, StoreMended)
        assert f"{TASKS} tasks, {TASKS} clips" in error.message
        assert library.count(Filter()) == TASKS
        task = library.get(asked(7).id)
        assert task is not None
        assert task.clip is not None
        assert task.clip.file == Path("/takes/7.mp4")
    aside = [file for file in path.parent.iterdir() if file.suffix == ".sqlite3" and file != path]
    assert [file.read_bytes()[:PAGE] for file in aside] == [wrecked[:PAGE]], "set aside as it was"


def test_of_a_file_that_was_cut_off_the_first_half_comes_back(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // PAGE // 2 * PAGE + 100])
    error, library = mended(path)
    with closing(library):
        assert isinstance(error, StoreMended)
        assert 0 < library.count(Filter()) <= TASKS
        assert len(library.page(Filter(), 0, TASKS)) == library.count(Filter())


def test_rows_between_two_wrecked_pages_come_back(path: Path) -> None:
    leaves = pages_of(path, "task")
    middle = len(leaves) // 2
    wreck(path, [leaves[middle - 1], leaves[middle + 1]])
    meets_damage(path)
    _, library = mended(path)
    with closing(library):
        lost = sorted(int(n) for n in range(TASKS) if asked(n).id not in ids(library))
        assert 0 < len(lost) <= 24
        assert lost[-1] - lost[0] + 1 > len(lost), "the page between them is there"


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("task", "status", "dreaming"),
        ("task", "kind", "song"),
        ("task", "pick", "perhaps"),
        ("task", "asked_at", "soon"),
        ("task", "units", "many"),
        ("clip", "kind", "song"),
        ("clip", "seconds", "long"),
    ],
)
def test_a_row_that_makes_no_sense_costs_itself_alone(path: Path, table: str, column: str, value: str) -> None:
    with closing(sqlite3.connect(path)) as foreign:
        foreign.execute("PRAGMA ignore_check_constraints = ON")
        foreign.execute(f"UPDATE {table} SET {column} = ? WHERE id LIKE '%7'", (value,))  # noqa: S608 - names of our own
        foreign.commit()
    library = Library.open(path)
    with closing(library), pytest.raises(DamageMet):
        ids(library)
    error, library = mended(path)
    with closing(library):
        assert isinstance(error, StoreMended)
        sevens = sum(asked(n).id.endswith("7") for n in range(TASKS))
        assert len(ids(library)) == (TASKS - sevens if table == "task" else TASKS)
        assert library.database.value("PRAGMA integrity_check") == "ok"


@pytest.mark.parametrize(("column", "value"), [("way", "sideways"), ("made_at", "never")])
def test_a_take_that_makes_no_sense_keeps_its_place(path: Path, column: str, value: str) -> None:
    """Mended once it must be readable: else each start would mend it once more."""
    with closing(Library.open(path)) as library:
        takes = [str(row[0]) for row in library.database.rows("SELECT id FROM take ORDER BY number")]
        before = FilmRecords(library.database).states(takes)
    with closing(sqlite3.connect(path)) as foreign:
        foreign.execute(f"UPDATE take SET {column} = ? WHERE id LIKE '%7'", (value,))  # noqa: S608 - names of our own
        foreign.commit()
    _, library = mended(path)
    with closing(library):
        after = FilmRecords(library.database).states(takes)
    assert [(each.take.id, each.take.way, each.take.path) for each in after] == [
        (each.take.id, each.take.way, each.take.path) for each in before
    ]


@pytest.mark.parametrize("index", ["task_newest", "task_text", "sqlite_autoindex_task_1", "sqlite_autoindex_clip_1"])
def test_a_wrecked_index_costs_no_row(path: Path, index: str) -> None:
    wreck(path, pages_of(path, index)[:2])
    mark_damaged(path)
    error, library = mended(path)
    with closing(library):
        assert len(ids(library)) == TASKS
        assert f"{TASKS} tasks, {TASKS} clips" in error.message
        assert library.clip("clip-7") is not None
        assert library.database.value("PRAGMA integrity_check") == "ok"


def test_a_task_whose_clip_was_lost_is_asked_for_again(path: Path) -> None:
    leaves = pages_of(path, "clip")
    wreck(path, leaves[1:2])
    meets_damage(path)
    _, library = mended(path)
    with closing(library):
        assert len(ids(library)) == TASKS
        lost = TASKS - int(str(library.database.value("SELECT count(*) FROM clip")))
        assert lost > 0
        assert len([task for task in library.unfinished() if task.clip is None]) == lost


def test_garbage_that_reads_as_a_row_is_left_behind(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE task SET status = 'succ\ufffded' WHERE id = ?", (asked(3).id,))
        connection.execute("UPDATE clip SET seconds = 'x.y' WHERE id = 'clip-5'")
        connection.execute("UPDATE task SET prompt = CAST(x'fffe41' AS TEXT) WHERE id = ?", (asked(8).id,))
    mark_damaged(path)
    _, library = mended(path)
    with closing(library):
        assert ids(library) == {asked(n).id for n in range(TASKS)} - {asked(3).id}
        assert library.clip("clip-5") is None
        mangled = library.get(asked(8).id)
        assert mangled is not None
        assert mangled.extension.prompt.endswith("A")


def test_random_wrecks_always_end_in_a_library_that_works(path: Path, healthy: Path) -> None:
    dice = random.Random(8)  # noqa: S311 - dice, not secrets
    pages = path.stat().st_size // PAGE
    for _ in range(12):
        shutil.copy(healthy, path)
        wreck(path, [dice.randrange(2, pages) for _ in range(dice.randrange(1, 6))], dice.randbytes(PAGE))
        mark_damaged(path)
        _, library = mended(path)
        with closing(library):
            assert library.database.value("PRAGMA integrity_check") == "ok"
            library.put(asked(TASKS + 1))
            library.page(Filter(), 0, TASKS)
            library.unfinished()


def test_an_older_library_is_carried_over_and_then_migrated(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite3"
    with closing(open_database(path, MIGRATIONS[:5])) as old, old:
        old.execute(
            "INSERT INTO clip (id, kind, kling_id, parent_id, url, watermark_url, file) "
            "VALUES ('c', 'video-extend', 'k', 'p', '', '', '/takes/c.mp4')"
        )
    mark_damaged(path)
    _, library = mended(path)
    with closing(library):
        assert library.clip("c") is not None
        assert library.database.value("SELECT count(*) FROM take WHERE clip_id = 'c'") == 1, "grouped into films"


def test_what_stood_in_the_log_comes_back_too(healthy: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(healthy, tmp_path))
    library = Library.open(path)
    library.put(asked(TASKS + 5))
    crashed = tmp_path / "crashed"
    crashed.mkdir()
    for file in tmp_path.glob("library.sqlite3*"):
        shutil.copy(file, crashed)
    library.close()
    wreck(crashed / path.name, pages_of(healthy, "task")[2:3])
    _, library = mended(crashed / path.name)
    with closing(library):
        assert asked(TASKS + 5).id in ids(library)


_OPEN = """
import sys
from pathlib import Path
from kling_desktop.errors import StoreDamaged
from kling_desktop.store.library import Library
print("begins", flush=True)
try:
    Library.open(Path(sys.argv[1]))
except StoreDamaged:
    pass
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_killed_while_it_recovers_the_next_start_finishes(path: Path, healthy: Path) -> None:
    leaves = pages_of(healthy, "task")
    for delay in (0.0, 0.01, 0.02, 0.04, 0.08, 0.15):
        for file in path.parent.iterdir():
            file.unlink()
        shutil.copy(healthy, path)
        wreck(path, leaves[3:4])
        mark_damaged(path)
        child = subprocess.Popen([sys.executable, "-c", _OPEN, str(path)], stdout=subprocess.PIPE)
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(delay)  # the moment of the kill, not a wait for anything
        os.kill(child.pid, signal.SIGKILL)
        child.communicate()
        while True:
            try:
                library = Library.open(path)
                break
            except StoreDamaged:
                continue
        with closing(library):
            assert len(ids(library)) >= TASKS - 12
        assert list(path.parent.glob("library.damaged-*")), "the damaged file is kept"


def test_killed_between_setting_aside_and_taking_its_place_nothing_is_lost(path: Path) -> None:
    recovery.rebuild(path)
    path.unlink()
    error, library = mended(path)
    with closing(library):
        assert isinstance(error, StoreMended)
        assert len(ids(library)) == TASKS
