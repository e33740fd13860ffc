"""Carries every row that can still be read out of a damaged library into a new one, which then takes its place."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from kling_desktop.domain.tasks import Status
from kling_desktop.errors import DamageMet, FileTrouble, StoreDamaged, StoreMended
from kling_desktop.store import schema, soundness
from kling_desktop.store.files import sync_file, sync_folder
from kling_desktop.store.films import grafting, replanting
from kling_desktop.store.rows import UNREADABLE, clip_of, task_of
from kling_desktop.store.salvage.first_page import with_fresh_first_page
from kling_desktop.store.salvage.loose_rows import Value, loose_rows
from kling_desktop.store.schema import MIGRATIONS, Migration
from kling_desktop.store.statements import TASK

log = logging.getLogger(__name__)

_TABLES = (
    "clip", "task", "draft", "film", "take", "part", "pick", "mark", "claim", "plan", "hop", "hop_task", "cap",
    "sent_anyway", "unit_entry",
)  # fmt: skip
"""What cannot be had again. Findings are left out: they are found again from the films."""

_PLAN_OF = {"plan": "id", "hop": "plan_id", "hop_task": "plan_id"}
"""Where rows of plans say which one they belong to."""

_FURTHEST = (1 << 63) - 1
_LONGEST_STRIDE = 32
_ROWS_TO_TRY = 1 << 20


@dataclass(frozen=True, slots=True)
class Recovered:
    """How much came back."""

    tasks: int
    clips: int
    films: int

    def __str__(self) -> str:
        return f"{self.tasks} tasks, {self.clips} clips, {self.films} films"


def open_database(path: Path, migrations: Sequence[Migration] = MIGRATIONS) -> sqlite3.Connection:
    """What `schema.open_database` gives; a damaged library is replaced by what can be read of it.

    Raises StoreDamaged, or its kind StoreMended when something came back, after the file was set aside: the next call
    opens the new one, and the message begins with the old one's new name. Otherwise what `schema.open_database` does.
    """
    try:
        if not _copy_of(path).exists() and not schema.damage_mark(path).exists():
            return _sound(schema.open_database(path, migrations))
    except DamageMet:
        pass
    try:
        raise replaced(path, migrations)
    except OSError as error:
        raise FileTrouble(f"{path}: {error.strerror}") from error
    except sqlite3.Error as error:
        raise schema.translated(error) from error


def _sound(connection: sqlite3.Connection) -> sqlite3.Connection:
    """Raises DamageMet, and closes it, when rows of films and plans make no sense: they are put right before anything
    is built on them.
    """
    try:
        if soundness.is_sound(connection):
            return connection
        raise DamageMet("rows of films or plans make no sense")
    except sqlite3.DatabaseError as error:
        connection.close()
        raise schema.translated(error) from error
    except DamageMet:
        connection.close()
        raise


def replaced(path: Path, migrations: Sequence[Migration] = MIGRATIONS) -> StoreDamaged:
    """Set the damaged file aside and put in its place what came back of it; killed anywhere, the next call goes on.

    The new library is whole and on the disk before the old one is touched. Raises OSError, sqlite3.Error.
    """
    copy = _copy_of(path)
    if not copy.exists() and path.exists():
        rebuild(path, migrations)
    moved = schema.set_database_aside(path).name if path.exists() else path.name
    if not copy.exists():
        schema.damage_mark(path).unlink(missing_ok=True)
        return StoreDamaged(moved)
    copy.replace(path)
    sync_folder(path.parent)
    schema.damage_mark(path).unlink(missing_ok=True)
    with closing(schema.connect(path)) as connection:
        return StoreMended(f"{moved}: {_count(connection)}")


def rebuild(damaged: Path, migrations: Sequence[Migration] = MIGRATIONS) -> None:
    """Write what can be read of `damaged`, which is not changed, to a whole copy beside it, if anything can.

    Rows of an older library go into one of its shape, to which the later steps are then applied.
    """
    unfinished = damaged.with_name(damaged.name + ".recovering")
    for left in (unfinished, *(unfinished.with_name(unfinished.name + end) for end in ("-wal", "-shm", "-journal"))):
        left.unlink(missing_ok=True)
    shape = migrations[: _version_of(damaged, migrations)]
    with closing(schema.open_database(unfinished, shape, is_copy=True)) as fresh:
        if not _carry_over(damaged, fresh) and (headed := with_fresh_first_page(damaged, migrations)):
            _carry_over(headed, fresh)
            headed.unlink()
    with closing(schema.open_database(unfinished, migrations, is_copy=True)) as fresh:
        fresh.execute("PRAGMA foreign_keys = OFF")
        fresh.execute("BEGIN IMMEDIATE")
        _mend(fresh)
        fresh.execute("COMMIT")
        found = _count(fresh)
        fresh.execute("PRAGMA journal_mode = DELETE")  # so that it is one file
    if not (found.tasks or found.clips or found.films):
        unfinished.unlink()
        return
    sync_file(unfinished)
    unfinished.replace(_copy_of(damaged))
    sync_folder(damaged.parent)


def _copy_of(path: Path) -> Path:
    """Where the new library waits, whole and on the disk, until the damaged one has been set aside."""
    return path.with_name(path.name + ".recovered")


def _version_of(path: Path, migrations: Sequence[Migration]) -> int:
    """Of a library whose first page cannot be read, nothing is carried over anyway."""
    try:
        version = schema.version_of(path)
    except (sqlite3.Error, OSError):
        version = 0
    return version if 0 < version <= len(migrations) else len(migrations)


def _count(connection: sqlite3.Connection) -> Recovered:
    counts = (connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("task", "clip", "film"))  # noqa: S608 - names of our own
    return Recovered(*counts)


def _carry_over(damaged: Path, fresh: sqlite3.Connection) -> int:
    """How many rows came over."""
    taken = 0
    with closing(_opened(damaged)) as old:
        fresh.execute("PRAGMA foreign_keys = OFF")
        fresh.execute("BEGIN IMMEDIATE")
        for table in _TABLES:
            rows = _copy(old, fresh, table)
            log.info("recovery: %s rows of %s", rows, table)
            taken += rows
        loose = loose_rows(damaged, _TABLES)
        for table, found in loose.items():
            rows = sum(_put_loose(fresh, table, row) for row in found)
            log.info("recovery: %s loose rows of %s", rows, table)
            taken += rows
        for table, key in _PLAN_OF.items():
            for row in loose.get(table, ()):
                soundness.hold(fresh, row.get(key))
        fresh.execute("COMMIT")
    return taken


def _opened(path: Path) -> sqlite3.Connection:
    """For reading only: closing it must not fold the log into the damaged file."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
    return connection


def _copy(old: sqlite3.Connection, fresh: sqlite3.Connection, table: str) -> int:
    """Rows that break a rule of the table (a key twice) are left behind; what is missing in one is left empty there."""
    try:
        columns = _shared_columns(old, fresh, table)
    except sqlite3.Error:
        return 0
    if not columns:
        return 0
    marks, names, taken = ", ".join("?" * len(columns)), ", ".join(columns), 0
    bare = _bare(fresh, table, columns)
    for row in _rows(old, table, names):
        whole = [bare[place] if value is None else value for place, value in enumerate(row)]
        lacks = any(value is None and bare[place] is not None for place, value in enumerate(row))
        taken += fresh.execute(f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})", whole).rowcount  # noqa: S608 - names of our own
        if lacks and (plan := _PLAN_OF.get(table)):
            soundness.hold(fresh, row[columns.index(plan)])
    return taken


def _put_loose(fresh: sqlite3.Connection, table: str, row: dict[str, Value]) -> int:
    """How many rows that is: none where a newer state of it came over. What stands there may be older than the log: a
    task that was not sent then may have been sent since, so it is looked up before anything else.
    """
    if table == "task" and row.get("status") == Status.QUEUED and row.get("sent_at") is None:
        row |= {"sent_at": row.get("asked_at")}
    there = {described[1] for described in fresh.execute(f"PRAGMA table_info({table})")}
    known = {column: value for column, value in row.items() if column in there}
    marks, names = ", ".join("?" * len(known)), ", ".join(known)
    try:
        return fresh.execute(f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})", list(known.values())).rowcount  # noqa: S608 - names of our own
    except sqlite3.Error:  # a value that no column takes
        return 0


def _bare(fresh: sqlite3.Connection, table: str, columns: list[str]) -> list[str | int | None]:
    """For each column what stands for nothing: None where that is allowed, and in keys, which nothing stands for."""
    described = {row[1]: row for row in fresh.execute(f"PRAGMA table_info({table})")}
    needed = [described[column][3] and not described[column][5] for column in columns]
    texts = [described[column][2] == "TEXT" for column in columns]
    return [("" if text else 0) if is_needed else None for is_needed, text in zip(needed, texts, strict=True)]


def _shared_columns(old: sqlite3.Connection, fresh: sqlite3.Connection, table: str) -> list[str]:
    there = {row[1] for row in old.execute(f"PRAGMA table_info({table})")}
    return [row[1] for row in fresh.execute(f"PRAGMA table_info({table})") if row[1] in there]


def _rows(old: sqlite3.Connection, table: str, names: str) -> Iterator[Sequence[object]]:
    try:
        old.execute(f"SELECT rowid FROM {table} LIMIT 0")  # noqa: S608 - as above
    except sqlite3.OperationalError:  # WITHOUT ROWID: from both ends up to the damage
        yield from _until_damage(old, f"SELECT {names} FROM {table}")  # noqa: S608 - names of our own
        keys = [row[1] for row in old.execute(f"PRAGMA table_info({table})") if row[5]]
        backwards = ", ".join(f"{key} DESC" for key in keys)
        yield from _until_damage(old, f"SELECT {names} FROM {table} ORDER BY {backwards}")  # noqa: S608 - as above
        return
    following = f"SELECT rowid, {names} FROM {table} NOT INDEXED WHERE rowid >= ? ORDER BY rowid"  # noqa: S608 - as above
    place: int | None = 0
    while place is not None:
        last = place - 1
        try:
            for row in old.execute(following, (place,)):
                if row[0] <= last:
                    raise sqlite3.DatabaseError("rows out of order")
                last = row[0]
                yield row[1:]
            return
        except sqlite3.DatabaseError:
            place = _beyond_damage(old, following, last + 1)


def _until_damage(old: sqlite3.Connection, statement: str) -> Iterator[Sequence[object]]:
    with suppress(sqlite3.DatabaseError):
        yield from old.execute(statement)


def _beyond_damage(old: sqlite3.Connection, following: str, bad: int) -> int | None:
    """The first number behind `bad` from which rows can be read again: found in strides, then by halving.

    A damaged page hides one stretch of numbers; to search in it for a number leads into that page and fails. Strides
    stay short where rows may be, so that what lies between two damaged pages is not stepped over.
    """
    low, stride = bad, 1
    while not _is_readable(old, following, low + stride):
        low += stride
        stride = min(2 * stride, _LONGEST_STRIDE) if low - bad < _ROWS_TO_TRY else 2 * stride
        if low + stride >= _FURTHEST:
            return None
    good = low + stride
    while low + 1 < good:
        middle = (low + good) // 2
        if _is_readable(old, following, middle):
            good = middle
        else:
            low = middle
    return good


def _is_readable(old: sqlite3.Connection, following: str, place: int) -> bool:
    """A row with a smaller number than was asked for lies where it does not belong: its page is damaged too."""
    try:
        row = old.execute(f"{following} LIMIT 1", (place,)).fetchone()
    except sqlite3.DatabaseError:
        return False
    return row is None or row[0] >= place


def _mend(fresh: sqlite3.Connection) -> None:
    """What is nonsense goes; what points to nothing is let go of, so that Kling is asked for it again."""
    _drop_nonsense(fresh, "SELECT * FROM clip", clip_of, "DELETE FROM clip WHERE id = ?")
    fresh.execute(_CLIPLESS)
    soundness.mend(fresh)
    _drop_nonsense(fresh, TASK, task_of, "DELETE FROM task WHERE id = ?")
    replanting.bring_home(fresh)
    for statement in _DANGLING:
        fresh.execute(statement)
    _give_films(fresh)
    replanting.replant(fresh)
    for row in fresh.execute(_HOMELESS).fetchall():
        with suppress(sqlite3.IntegrityError):
            grafting.graft(fresh, task_of(row))


def _drop_nonsense(fresh: sqlite3.Connection, statement: str, read: Callable[[sqlite3.Row], object], drop: str) -> None:
    for row in fresh.execute(statement).fetchall():
        try:
            read(row)
        except UNREADABLE:
            fresh.execute(drop, (row["id"],))


def _give_films(fresh: sqlite3.Connection) -> None:
    """Takes whose film was lost come together in a new one of the same id."""
    fresh.execute("""
        INSERT INTO film (id, name, made_at, touched_at, search)
        SELECT film_id, substr(coalesce(max(task.prompt), ''), 1, 40), min(made_at), max(made_at), ''
        FROM take LEFT JOIN task ON task.id = take.task_id
        WHERE film_id NOT IN (SELECT id FROM film) GROUP BY film_id""")


_HOMELESS = f"{TASK} WHERE task.id NOT IN (SELECT task_id FROM take WHERE task_id IS NOT NULL) ORDER BY task.asked_at"  # noqa: S608 - literals of ours
_CLIPLESS = "UPDATE task SET clip_id = NULL WHERE clip_id IS NOT NULL AND clip_id NOT IN (SELECT id FROM clip)"
_DANGLING = (
    """DELETE FROM take WHERE task_id IS NOT NULL AND task_id NOT IN (SELECT id FROM task) AND clip_id IS NULL
        AND NOT EXISTS (SELECT 1 FROM take AS child WHERE child.parent_id = take.id)""",
    "UPDATE take SET task_id = NULL WHERE task_id IS NOT NULL AND task_id NOT IN (SELECT id FROM task)",
    "DELETE FROM pick WHERE take_id NOT IN (SELECT id FROM take)",
    "DELETE FROM part WHERE take_id NOT IN (SELECT id FROM take)",
)
