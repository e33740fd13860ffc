"""The database is migrated after a backup, refused untouched when newer, and set aside when broken."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from kling_desktop.domain.tasks import Filter, Trouble
from kling_desktop.errors import (
    FileTrouble,
    StoreBusy,
    StoreDamaged,
    StoreForeign,
    StoreMended,
    StoreNewer,
    StoreTrouble,
)
from kling_desktop.store.library import Library
from kling_desktop.store.rows import task_values
from kling_desktop.store.schema import MIGRATIONS, connect, open_database
from tests.store.test_library import asked


def m_next_moons(connection: sqlite3.Connection) -> None:
    connection.execute("ALTER TABLE task ADD COLUMN moons INTEGER NOT NULL DEFAULT 0")


def m_next_broken(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE half_done (id INTEGER)")
    raise sqlite3.OperationalError("no more")


NEWER = (*MIGRATIONS, m_next_moons)
BACKUP = f"library.before-m{len(NEWER):03d}.sqlite3"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A library with one task."""
    path = tmp_path / "data" / "library.sqlite3"
    library = Library.open(path)
    library.put(asked(1, prompt="x" * 2000))
    library.close()
    return path


def contents(folder: Path) -> dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()}


def tasks_in(path: Path) -> int:
    library = Library.open(path)
    with closing(library):
        return library.count(Filter())


def crash_copy(path: Path, folder: Path) -> Path:
    """The files as a killed program leaves them: with a log that was not folded in."""
    folder.mkdir()
    for file in path.parent.glob(path.name + "*"):
        shutil.copy(file, folder)
    assert (folder / (path.name + "-wal")).stat().st_size > 0
    return folder / path.name


def test_a_new_library_has_every_step_and_no_backup(path: Path) -> None:
    with closing(open_database(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone()[0] == len(MIGRATIONS)
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_migration_is_applied_once_after_a_whole_backup(path: Path) -> None:
    for _ in range(2):
        with closing(open_database(path, NEWER)) as connection:
            assert connection.execute("SELECT id, moons FROM task").fetchall()[0]["moons"] == 0
    assert tasks_in(path.with_name(BACKUP)) == 1
    assert not list(path.parent.glob("*.part"))


@pytest.mark.parametrize("left", ["garbage", "another library"])
def test_what_an_earlier_backup_left_half_written_is_in_nobodys_way(path: Path, left: str) -> None:
    part = path.with_name(f"{BACKUP}.part")
    if left == "garbage":
        part.write_bytes(b"half a backup " * 1000)
    else:
        with closing(sqlite3.connect(part)) as other:
            other.executescript("PRAGMA page_size = 512; PRAGMA journal_mode = WAL; CREATE TABLE stranger (id)")
    open_database(path, NEWER).close()
    assert not part.exists()
    assert tasks_in(path.with_name(BACKUP)) == 1


def test_the_backup_holds_what_was_still_in_the_log(path: Path, tmp_path: Path) -> None:
    library = Library.open(path)
    library.put(asked(2))
    copy = crash_copy(path, tmp_path / "crashed")
    library.close()
    open_database(copy, NEWER).close()
    assert tasks_in(copy.with_name(BACKUP)) == 2


def test_a_migration_that_fails_leaves_everything_as_it_was(path: Path) -> None:
    with pytest.raises(StoreTrouble):
        open_database(path, (*MIGRATIONS, m_next_broken))
    with closing(sqlite3.connect(path)) as connection:
        assert not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'half_done'").fetchall()
    assert tasks_in(path) == 1


def test_a_newer_library_is_refused_and_untouched(path: Path) -> None:
    open_database(path, NEWER).close()
    before = contents(path.parent)
    with pytest.raises(StoreNewer):
        Library.open(path)
    assert contents(path.parent) == before


def test_a_newer_library_whose_version_is_only_in_the_log_is_refused_and_untouched(path: Path, tmp_path: Path) -> None:
    with closing(open_database(path, NEWER)):
        copy = crash_copy(path, tmp_path / "crashed")
    (copy.parent / (copy.name + "-shm")).unlink()
    before = contents(copy.parent)
    with pytest.raises(StoreNewer):
        Library.open(copy)
    after = contents(copy.parent)
    assert {name: after[name] for name in before} == before


@pytest.mark.parametrize("broken", [b"<html>no</html>" * 50, b"\x00" * 5000, os.urandom(4096)])
def test_what_is_no_database_is_set_aside_and_the_next_open_makes_a_fresh_one(path: Path, broken: bytes) -> None:
    path.write_bytes(broken)
    with pytest.raises(StoreDamaged) as caught:
        Library.open(path)
    assert caught.value.message.startswith("library.damaged-")
    assert path.with_name(caught.value.message).read_bytes() == broken
    assert tasks_in(path) == 0


def test_the_log_of_a_broken_library_is_set_aside_with_it(path: Path) -> None:
    path.write_bytes(b"broken" * 100)
    log = path.with_name(path.name + "-wal")
    log.write_bytes(b"the last words")
    with pytest.raises(StoreDamaged) as caught:
        Library.open(path)
    assert not log.exists()
    assert path.with_name(caught.value.message + "-wal").read_bytes() == b"the last words"
    assert tasks_in(path) == 0


def test_two_damaged_libraries_in_one_second_are_both_kept(path: Path) -> None:
    for number in range(2):
        path.write_bytes(b"broken" * 100 * (number + 1))
        with pytest.raises(StoreDamaged):
            Library.open(path)
    assert sorted(file.stat().st_size for file in path.parent.glob("library.damaged-*")) == [600, 1200]


def test_damage_inside_is_found_after_an_unclean_exit(path: Path, tmp_path: Path) -> None:
    library = Library.open(path)
    for number in range(300):
        library.put(asked(number, prompt="y" * 500))
    library._connection.execute("PRAGMA wal_checkpoint")
    library.put(asked(400))
    copy = crash_copy(path, tmp_path / "crashed")
    library.close()
    with copy.open("r+b") as file:
        for page in range(4, 60):
            file.seek(page * 4096)
            file.write(b"\xff" * 4096)
    with pytest.raises(StoreMended, match="301 tasks") as caught:
        Library.open(copy)
    aside = caught.value.message.partition(":")[0]
    left = {file.name for file in copy.parent.iterdir()}
    assert left - {f"{aside}-wal"} == {aside, copy.name}


def test_an_unclean_exit_alone_is_no_damage(path: Path, tmp_path: Path) -> None:
    library = Library.open(path)
    library.put(asked(2))
    copy = crash_copy(path, tmp_path / "crashed")
    library.close()
    assert tasks_in(copy) == 2


@pytest.mark.parametrize("version", [0, 3, 9999, -3])
@pytest.mark.parametrize("journal", ["delete", "wal"])
def test_a_database_of_another_program_is_left_alone(tmp_path: Path, version: int, journal: str) -> None:
    """To the byte: the way of its log is written into its head. Its number says nothing about our versions."""
    path = tmp_path / "library.sqlite3"
    with closing(sqlite3.connect(path)) as other:
        other.execute(f"PRAGMA journal_mode = {journal}")
        other.execute("CREATE TABLE bookmarks (url TEXT)")
        other.execute(f"PRAGMA user_version = {version}")
    assert_foreign(path)


def test_a_database_of_another_program_that_runs_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite3"
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA journal_mode = wal")
        other.execute("CREATE TABLE bookmarks (url TEXT)")  # in its log alone
        assert_foreign(path)


def assert_foreign(path: Path) -> None:
    before = (path.read_bytes(), sorted(path.parent.iterdir()))
    with pytest.raises(StoreForeign) as caught:
        Library.open(path)
    assert caught.value.message == str(path)
    assert (path.read_bytes(), sorted(path.parent.iterdir())) == before


def test_an_empty_file_becomes_a_library(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite3"
    path.touch()
    assert tasks_in(path) == 0


def test_a_folder_that_cannot_be_made_is_trouble_with_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FileTrouble):
        Library.open(tmp_path / "file" / "library.sqlite3")
    (tmp_path / "library.sqlite3").mkdir()
    with pytest.raises(FileTrouble):
        Library.open(tmp_path / "library.sqlite3")


def test_a_locked_library_is_trouble_and_no_damage(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kling_desktop.store.schema.BUSY_SECONDS", 0.05)
    library = Library.open(path)
    with closing(library), closing(connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusy):
            library.put(asked(3))
        other.execute("ROLLBACK")
        library.put(asked(3))


def test_a_library_without_http_statuses_keeps_its_troubles(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite3"
    trouble = Trouble("Busy", 1302, "slow", "r-0", 429)
    with closing(open_database(path, MIGRATIONS[:4])) as old:
        values = task_values(replace(asked(1), trouble=trouble))
        del values["trouble_http"], values["generation"]
        names = ", ".join(values)
        old.execute(f"INSERT INTO task ({names}) VALUES ({', '.join('?' * len(values))})", tuple(values.values()))  # noqa: S608 - names of our own
    with closing(Library.open(path)) as library:
        task = library.get(asked(1).id)
        assert task is not None
        assert task.trouble == replace(trouble, http=None)
        library.put(replace(task, trouble=trouble))
        assert library.get(task.id) == replace(task, trouble=trouble)
