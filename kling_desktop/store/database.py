"""One database file and the two ways to write it: at once for the loop's thread, and down to the disk itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from kling_desktop.errors import DamageMet, StoreTrouble
from kling_desktop.store import schema
from kling_desktop.store.rows import UNREADABLE, Values, sound

_LOOP_BUSY_MS = 20
"""How long the loop's thread waits for another program's write: the window must not stand still for it."""

_TRIES = 3
"""How often, while a thread of our own writes as well."""


class Database:
    """Shared by all records of one library. Belongs to the loop's thread, except for `durably` and `beside`.

    Everything may raise StoreTrouble, StoreBusy when another program holds the file (the loop's thread waits for it
    20 ms, up to three times that while `durably` waits too, which does for five seconds), or FileTrouble when the disk
    is full or out of reach.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self._path = path
        self.connection = connection
        self._durable: sqlite3.Connection | None = None
        self._durable_lock = Lock()
        self._syncing = Lock()
        self._beside: sqlite3.Connection | None = None
        self._beside_lock = Lock()
        self._reader: object = None
        self._reader_lock = Lock()
        self._is_closed = False
        self._aside = 0
        """Changes of rows that no film, take or plan reads."""
        connection.execute(f"PRAGMA busy_timeout = {_LOOP_BUSY_MS}")

    def close(self) -> None:
        """Fold the log into the file and let go of it. Waits for a `durably` under way; may be repeated.

        What reads `beside` is broken off.
        """
        self._is_closed = True
        if self._beside:
            self._beside.interrupt()
        with self._beside_lock:
            if self._beside:
                self._beside.close()
            self._beside = None
        with self._durable_lock:
            if self._durable:
                self._durable.close()
            self._durable = None
        self.connection.close()

    @contextmanager
    def transaction(self, *, is_aside: bool = False) -> Iterator[sqlite3.Connection]:
        """One change: all of it, or nothing. Committed when left: it survives the death of the program.

        What is written `is_aside` when no film, take or plan reads it: for those the library stays at its `version`.
        """
        with self._trouble_translated():
            self._begin()
            before = self.connection.total_changes
            with _ended(self.connection) as connection:
                yield connection
            self._aside += self.connection.total_changes - before if is_aside else 0

    def _begin(self) -> None:
        """Our own sync is waited for, as long as it takes: it is short, and refusing a write for it would be absurd.

        On a busy machine its thread may hold the file a moment before it holds `_syncing`: then it is tried again.
        """
        for _ in range(_TRIES - 1):
            try:
                self.connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                if not self._durable_lock.locked():
                    raise
                with self._syncing:
                    pass
            else:
                return
        self.connection.execute("BEGIN IMMEDIATE")

    @contextmanager
    def durably(self) -> Iterator[sqlite3.Connection]:
        """Like `transaction`, but on the disk itself when left; blocks for a disk sync, so from a worker thread.

        It has a connection of its own for two reasons: with synchronous=FULL SQLite syncs the log at each commit,
        which the loop's connection must not do; and a transaction belongs to a connection, so two threads must not
        share one. The log is one file: its sync carries all earlier commits of the other connection as well. A
        `transaction` at that very moment waits for the sync to end.
        """
        with self._durable_lock, self._trouble_translated():
            if not self._durable:
                self._durable = schema.connect(self._path, durable=True)
            self._durable.execute("BEGIN IMMEDIATE")  # waits for another writer here, not in the middle
            with self._syncing, _ended(self._durable) as connection:
                yield connection

    @contextmanager
    def beside(self, reader: object = None) -> Iterator[sqlite3.Connection]:
        """A connection that only reads, for a worker thread: neither the loop nor a write waits for what takes long.

        Everything read in the block is as it was committed when the first of it was read. One block at a time.
        `reader` is who may break it off.
        """
        with self._beside_lock, self._trouble_translated():
            if self._is_closed:
                raise StoreTrouble("the library is closed")
            if not self._beside:
                self._beside = schema.connect(self._path)
                self._beside.execute("PRAGMA query_only = ON")
            self._beside.execute("BEGIN")
            with self._read_by(reader), _ended(self._beside) as connection:
                yield connection

    @contextmanager
    def _read_by(self, reader: object) -> Iterator[None]:
        with self._reader_lock:
            self._reader = reader
        try:
            yield
        finally:
            with self._reader_lock:
                self._reader = None

    def stop_reading(self, reader: object) -> None:
        """Break off what this reader reads `beside`, if it does: there StoreTrouble is raised. Others read on."""
        with self._reader_lock:
            if self._beside and self._reader is reader:
                self._beside.interrupt()

    def rows(self, statement: str, values: Values | None = None) -> list[sqlite3.Row]:
        """What a SELECT finds."""
        with self._trouble_translated():
            return self.connection.execute(statement, sounded(values)).fetchall()

    @contextmanager
    def understood(self) -> Iterator[None]:
        """For who reads what `rows` found: a row that makes no sense is damage like any other. The next start carries
        over all that can be read, and keeps the file as it was. Raises DamageMet.
        """
        try:
            yield
        except UNREADABLE as error:
            schema.mark_damaged(self._path)
            raise DamageMet(f"a row cannot be read: {type(error).__name__}") from error

    def value(self, statement: str, values: Values | None = None) -> object:
        """The first column of the first row; None when there is none."""
        found = self.rows(statement, values)
        return found[0][0] if found else None

    def version(self) -> tuple[int, int]:
        """Another one after any write but those aside, by the loop's connection
        (sqlite.org/c3ref/total_changes.html) or by any other (sqlite.org/pragma.html#pragma_data_version).
        """
        return self.connection.total_changes - self._aside, int(str(self.value("PRAGMA data_version")))

    def cursor(self, statement: str, values: Values) -> Iterator[sqlite3.Row]:
        """The same, to be read as far as needed."""
        with self.reading() as connection:
            yield from connection.execute(statement, sounded(values))

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection, for those who ask it themselves; what goes wrong inside is an error of our tree."""
        with self._trouble_translated():
            yield self.connection

    @contextmanager
    def _trouble_translated(self) -> Iterator[None]:
        """What SQLite reports becomes an error of our tree; damage is remembered for the next start."""
        try:
            yield
        except sqlite3.Error as error:
            trouble = schema.translated(error)
            if isinstance(trouble, DamageMet):
                schema.mark_damaged(self._path)
            raise trouble from error


def write(connection: sqlite3.Connection, statement: str, values: Values) -> sqlite3.Cursor:
    """Execute one statement of a transaction."""
    return connection.execute(statement, sounded(values))


def sounded(values: Values | None) -> Values:
    """Values that SQLite takes, whatever was typed."""
    return {column: sound(value) for column, value in (values or {}).items()}


@contextmanager
def _ended(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """A transaction that has begun: kept when all went well, else as if it never was."""
    try:
        yield connection
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
