"""The shape of the library's database: numbered steps, each applied once, after a backup; opens it or refuses it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

from kling_desktop.errors import (
    DamageMet,
    FileTrouble,
    LibraryFull,
    StoreBusy,
    StoreForeign,
    StoreNewer,
    StoreTrouble,
)
from kling_desktop.store.files import set_aside, sync_file, sync_folder
from kling_desktop.store.films.film_schema import m006_generation, m007_films, m008_plans_and_units, m010_way_of_film
from kling_desktop.store.films.listing_schema import m009_list

Migration = Callable[[sqlite3.Connection], None]

OURS = 0x4B6C4474
"""PRAGMA application_id of our databases: "KlDt" in ASCII."""

BUSY_SECONDS = 5.0
"""How long a statement waits for another connection's write before it fails."""

_VERSION_AT = slice(60, 64)
"""Where the file header keeps PRAGMA user_version, big-endian (sqlite.org/fileformat2.html, 1.3)."""

_ID_AT = slice(68, 72)
"""Where it keeps PRAGMA application_id, likewise."""

_MAGIC = b"SQLite format 3\x00"

_OF_NONSENSE = ("integer overflow", "Could not decode to UTF-8", "malformed JSON")
"""Complaints about what stands in a row, which have no code of their own."""


def m001_first_light(connection: sqlite3.Connection) -> None:
    """Tasks, clips and the draft.

    Times are whole microseconds since 1970 UTC: they sort as numbers and compare exactly. Decimals are text.
    `search` is what the filter box looks in, already folded. The indexes serve, in this order: the list, the list
    under a status, the work at start-up, and the look-ups by id.
    """
    for statement in _M001:
        connection.execute(statement)


_M001 = (
    """CREATE TABLE clip (
        id TEXT PRIMARY KEY NOT NULL, kind TEXT NOT NULL, kling_id TEXT NOT NULL, parent_id TEXT NOT NULL,
        seconds TEXT, parent_seconds TEXT, url TEXT NOT NULL, watermark_url TEXT NOT NULL,
        made_at INTEGER, expires_at INTEGER, file TEXT, watermark_file TEXT)""",
    """CREATE TABLE task (
        number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, status TEXT NOT NULL, kind TEXT NOT NULL,
        asked_at INTEGER NOT NULL, clip_id TEXT REFERENCES clip (id), watched INTEGER NOT NULL,
        kling_id TEXT NOT NULL, raw_status TEXT NOT NULL,
        sent_at INTEGER, accepted_at INTEGER, updated_at INTEGER, ended_at INTEGER,
        profile_name TEXT NOT NULL, profile_region TEXT NOT NULL, profile_url TEXT NOT NULL,
        video_id TEXT NOT NULL, guidance REAL, watermark INTEGER, callback_url TEXT NOT NULL, own_id TEXT NOT NULL,
        units TEXT, request_id TEXT NOT NULL, retry_of TEXT NOT NULL, rank REAL NOT NULL,
        trouble_error TEXT, trouble_code INTEGER, trouble_message TEXT, trouble_request_id TEXT,
        message TEXT NOT NULL, prompt TEXT NOT NULL, negative_prompt TEXT NOT NULL, search TEXT NOT NULL)""",
    """CREATE TABLE draft (
        only INTEGER PRIMARY KEY CHECK (only = 1), saved_at INTEGER NOT NULL,
        video_id TEXT NOT NULL, prompt TEXT NOT NULL, negative_prompt TEXT NOT NULL, guidance REAL,
        watermark INTEGER, callback_url TEXT NOT NULL, own_id TEXT NOT NULL)""",
    "CREATE INDEX task_newest ON task (asked_at DESC, id DESC)",
    "CREATE INDEX task_text ON task (asked_at DESC, id DESC, search)",
    "CREATE INDEX task_status ON task (status, asked_at DESC, id DESC)",
    "CREATE INDEX task_open ON task (asked_at) WHERE watched AND status NOT IN ('succeeded', 'failed')",
    "CREATE INDEX task_clipless ON task (asked_at) WHERE watched AND status = 'succeeded' AND clip_id IS NULL",
    "CREATE INDEX task_typical ON task (profile_name, accepted_at DESC) WHERE status = 'succeeded'",
    "CREATE INDEX task_kling ON task (kling_id) WHERE kling_id <> ''",
    "CREATE INDEX task_clip ON task (clip_id) WHERE clip_id IS NOT NULL",
    "CREATE INDEX task_source ON task (video_id)",
    "CREATE INDEX clip_newest ON clip (made_at DESC, id DESC)",
    "CREATE INDEX clip_parent ON clip (parent_id) WHERE parent_id <> ''",
    "CREATE INDEX clip_unkept ON clip (id) WHERE file IS NULL",
)


def m002_days_left(connection: sqlite3.Connection) -> None:
    """An index on when Kling deletes a clip, as `statements.py` and `domain.dies_at` say it.

    The words of that expression must be these for ever: SQLite finds the index by comparing them.
    """
    connection.execute("""CREATE INDEX clip_dies ON clip (
        coalesce(expires_at, made_at + 2592000000000,
                 CASE WHEN length(id) IN (18, 19) AND id NOT GLOB '*[^0-9]*'
                      THEN ((CAST(id AS INTEGER) >> 22) + 1568028518783) * 1000 + 2592000000000 END))""")


def m003_findings(connection: sqlite3.Connection) -> None:
    """What was found by looking into a clip's file: seams, drift, tail, strip. Each can be found again."""
    connection.execute("""CREATE TABLE finding (
        clip_id TEXT NOT NULL, kind TEXT NOT NULL, stamp TEXT NOT NULL, content TEXT NOT NULL,
        PRIMARY KEY (clip_id, kind)) WITHOUT ROWID""")


def m004_judgements(connection: sqlite3.Connection) -> None:
    """What the creator thinks of a take, with an index for each filter by it."""
    connection.execute("ALTER TABLE task ADD COLUMN pick TEXT NOT NULL DEFAULT ''")
    connection.execute("ALTER TABLE task ADD COLUMN stars INTEGER NOT NULL DEFAULT 0")
    connection.execute("CREATE INDEX task_pick ON task (pick, asked_at DESC, id DESC) WHERE pick <> ''")
    connection.execute("CREATE INDEX task_stars ON task (stars, asked_at DESC, id DESC) WHERE stars > 0")


def m005_http_status(connection: sqlite3.Connection) -> None:
    """The status of the HTTP answer behind what went wrong."""
    connection.execute("ALTER TABLE task ADD COLUMN trouble_http INTEGER")


def m011_copies(connection: sqlite3.Connection) -> None:
    """An index of the kept clips whose watermarked copy is not here: it is fetched behind them."""
    connection.execute(
        "CREATE INDEX clip_uncopied ON clip (id)"
        " WHERE file IS NOT NULL AND watermark_file IS NULL AND watermark_url <> ''"
    )


MIGRATIONS: tuple[Migration, ...] = (
    m001_first_light,
    m002_days_left,
    m003_findings,
    m004_judgements,
    m005_http_status,
    m006_generation,
    m007_films,
    m008_plans_and_units,
    m009_list,
    m010_way_of_film,
    m011_copies,
)
"""All steps in order; a step that has been released is never changed, only followed by another."""


def open_database(
    path: Path, migrations: Sequence[Migration] = MIGRATIONS, *, is_copy: bool = False
) -> sqlite3.Connection:
    """A connection to the database at `path`, made or migrated to the newest shape; of a copy no backup is made.

    Raises StoreNewer and StoreForeign (the file is not touched), DamageMet (nor here: `recovery` knows what to do),
    FileTrouble (folder or file cannot be used), StoreTrouble.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if version_of(path) > len(migrations):
            raise StoreNewer(f"library version {version_of(path)}, program version {len(migrations)}")
        _refuse_foreign(path)
        return _opened(path, migrations, is_copy=is_copy)
    except OSError as error:
        raise FileTrouble(f"{path}: {error.strerror}") from error
    except sqlite3.DatabaseError as error:
        raise translated(error) from error


def mark_damaged(path: Path) -> None:
    """A query met damage: the next start carries over what can be read, whatever the pages claim then."""
    with suppress(OSError):  # on a disk that takes nothing the next start meets the damage by itself
        damage_mark(path).touch()


def damage_mark(path: Path) -> Path:
    """The file that says so."""
    return path.with_name(path.name + "-damaged")


def connect(path: Path, *, durable: bool = False) -> sqlite3.Connection:
    """A connection in autocommit; the caller says BEGIN where one change takes several statements.

    A plain one (synchronous=NORMAL) commits without waiting for the disk: a killed program loses nothing, a power
    cut at most the last moments, never the consistency. A durable one (FULL) syncs the log at each commit. As that
    one waits for the disk anyway, it also folds the log into the file, which the plain one does only when it must.
    """
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
        connection.execute(f"PRAGMA wal_autocheckpoint = {500 if durable else 8_000}")  # pages of 4 KiB
        connection.execute("PRAGMA foreign_keys = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def version_of(path: Path) -> int:
    """How many migrations the database has seen; 0 when there is none, or when the file is no database.

    Reads without changing a byte: opening a database the usual way would fold its log into it on closing.
    """
    if _log_of(path).exists() and path.exists():
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            return _version(connection)
    if not path.exists():
        return 0
    with path.open("rb") as file:
        header = file.read(_ID_AT.stop)
    is_ours = header.startswith(_MAGIC) and int.from_bytes(header[_ID_AT], "big") == OURS
    return int.from_bytes(header[_VERSION_AT], "big") if is_ours else 0


def translated(error: sqlite3.Error) -> StoreTrouble | FileTrouble:
    """What SQLite reports, as an error of our tree."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return LibraryFull(str(error))
    if code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        return FileTrouble(str(error))
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) or str(error).startswith(_OF_NONSENSE):
        return DamageMet(str(error))
    return StoreBusy(str(error)) if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) else StoreTrouble(str(error))


def set_database_aside(path: Path) -> Path:
    """Rename a broken database and its log; returns the new path. Raises OSError.

    The log goes first: were the program killed in between, a log left alone would be played into the next, fresh
    database. The shared-memory file is only an index of the log and is dropped.
    """
    log = _log_of(path)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    moved_log = set_aside(log, stamp) if log.exists() else None
    path.with_name(path.name + "-shm").unlink(missing_ok=True)
    moved = set_aside(path, stamp)
    if moved_log:
        moved_log.replace(_log_of(moved))
    return moved


def _opened(path: Path, migrations: Sequence[Migration], *, is_copy: bool) -> sqlite3.Connection:
    unclean = _log_of(path).exists()
    connection = connect(path)
    try:
        _recognise(connection)
        if unclean:
            _examine(connection)
        _migrate(connection, path, migrations, is_copy=is_copy)
    except BaseException:
        connection.close()
        raise
    return connection


def _refuse_foreign(path: Path) -> None:
    """Refuse a healthy database that some other program made: it is not ours to change.

    Asked before it is opened the usual way, which already changes it: the log it is told to keep is noted in its head.
    """
    if not path.exists():
        return
    way = "mode=ro" if _log_of(path).exists() else "immutable=1"  # the latter leaves no log of its own beside it
    with (
        suppress(sqlite3.DatabaseError),  # damage is met again, and mended, where it is opened
        closing(sqlite3.connect(f"{path.absolute().as_uri()}?{way}", uri=True)) as connection,
    ):
        if _tables(connection) and connection.execute("PRAGMA application_id").fetchone()[0] != OURS:
            raise StoreForeign(str(path))


def _recognise(connection: sqlite3.Connection) -> None:
    if _tables(connection) and not _version(connection):
        raise _corrupt("tables, and no version")


def _tables(connection: sqlite3.Connection) -> int:
    tables: int = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    return tables


def _examine(connection: sqlite3.Connection) -> None:
    """Look through every page. Only after an unclean exit (a log was left): at 100 000 tasks it takes a while."""
    verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if verdict != "ok":
        raise _corrupt(str(verdict))


def _corrupt(words: str) -> sqlite3.DatabaseError:
    error = sqlite3.DatabaseError(words)
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return error


def _migrate(connection: sqlite3.Connection, path: Path, migrations: Sequence[Migration], *, is_copy: bool) -> None:
    done = _version(connection)
    if 0 < done < len(migrations) and not is_copy:
        _back_up(connection, path.with_name(f"{path.stem}.before-m{done + 1:03d}{path.suffix}"))
    for number, migration in enumerate(migrations[done:], done + 1):
        _apply(connection, number, migration)


def _apply(connection: sqlite3.Connection, number: int, migration: Migration) -> None:
    """One step and its number in one transaction: after a crash, or an error, it is done or not begun."""
    connection.execute("BEGIN IMMEDIATE")
    migration(connection)
    connection.execute(f"PRAGMA application_id = {OURS}")
    connection.execute(f"PRAGMA user_version = {number}")
    connection.execute("COMMIT")


def _back_up(connection: sqlite3.Connection, target: Path) -> None:
    """A whole, synced copy under `target`; an older copy of that name is replaced only by a complete one."""
    unfinished = target.with_name(target.name + ".part")
    unfinished.unlink(missing_ok=True)
    with closing(sqlite3.connect(unfinished)) as copy:
        connection.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # so that the copy is one file
    sync_file(unfinished)
    unfinished.replace(target)
    sync_folder(target.parent)


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _log_of(path: Path) -> Path:
    """SQLite's write-ahead log. It is removed when the last connection closes, so finding one means a crash."""
    return path.with_name(path.name + "-wal")
