"""Reads rows out of pages that no tree of a damaged library leads to any more: one page may have led to them all."""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

Value = int | float | str | bytes | None

_HEAD: Final = 100
"""Bytes of the file's own head, before what page 1 holds. Places and values: SQLite's file format, 1.3 to 2.1."""
_INNER_INDEX, _INNER_TABLE, _LEAF_INDEX, _LEAF_TABLE = 2, 5, 10, 13
_TABLE, _INDEX = frozenset((_INNER_TABLE, _LEAF_TABLE)), frozenset((_INNER_INDEX, _LEAF_INDEX))
_WHOLES: Final = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
"""Serial types of whole numbers, and the bytes of each."""
_LONGEST_ROW: Final = 1 << 24


def loose_rows(damaged: Path, tables: Sequence[str]) -> dict[str, list[dict[str, Value]]]:
    """Rows of those of the tables whose tree is broken, by column, as they were last written into the file itself.

    Only where it is certain whose they are: where the number of columns fits no other broken table. Rows that are older
    than the table's last columns lack those. Raises OSError.
    """
    try:
        shapes, roots = _described(damaged, tables)
    except sqlite3.Error:
        return {}
    pages = _Pages(damaged.read_bytes())
    owned = pages.free()
    broken = [table for table, root in roots.items() if not pages.walk(*root, owned) and table in shapes]
    found: dict[str, list[dict[str, Value]]] = {table: [] for table in broken}
    for page in range(2, pages.count + 1) if broken else ():
        if page in owned or pages.kind(page) != _LEAF_TABLE:
            continue
        for number, values in pages.rows(page):
            fitting = [table for table in broken if len(shapes[table]) == len(values)] or broken
            if len(fitting) == 1 and len(values) <= len(shapes[fitting[0]]):
                found[fitting[0]].append(_named(shapes[fitting[0]], number, values))
    return found


def described_in(library: Path) -> set[int]:
    """The pages in which a library says what it consists of; the first is one of them."""
    pages, found = _Pages(library.read_bytes()), set[int]()
    pages.walk(1, _TABLE, found)
    return found


def _described(
    damaged: Path, tables: Sequence[str]
) -> tuple[dict[str, Mapping[str, bool]], dict[str, tuple[int, frozenset[int]]]]:
    """Columns of each of the tables, and whether each is its row number; the first page of every tree, its kinds."""
    connection = sqlite3.connect(f"{damaged.absolute().as_uri()}?mode=ro", uri=True)
    try:
        shapes: dict[str, Mapping[str, bool]] = {}
        for table in tables:
            described = connection.execute(f"PRAGMA table_info({table})").fetchall()
            keys = [row for row in described if row[5]]
            alone = len(keys) == 1 and keys[0][2] == "INTEGER"
            shapes[table] = {row[1]: bool(row[5]) and alone for row in described}
        listed = """
            SELECT name, rootpage, type = 'table' AND coalesce(sql, '') NOT LIKE '%WITHOUT ROWID%'
            FROM sqlite_schema WHERE rootpage > 0"""
        roots = {str(row[0]): (int(row[1]), _TABLE if row[2] else _INDEX) for row in connection.execute(listed)}
    finally:
        connection.close()
    return shapes, {"": (1, _TABLE), **roots}


def _named(shape: Mapping[str, bool], number: int, values: Sequence[Value]) -> dict[str, Value]:
    pairs = zip(shape.items(), values, strict=False)
    return {column: number if is_number else value for (column, is_number), value in pairs}


class _Pages:
    """The file as it lies there."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        size = int.from_bytes(data[16:18], "big")
        self._size = 65_536 if size == 1 else max(size, 512)
        self._usable = self._size - (data[20] if len(data) > _HEAD else 0)
        self.count = len(data) // self._size

    def kind(self, page: int) -> int:
        """The first byte of what a page holds."""
        return self._data[self._start(page)] if 0 < page <= self.count else 0

    def free(self) -> set[int]:
        """Pages that are used for nothing now: what stands there was deleted."""
        found: set[int] = set()
        trunk = int.from_bytes(self._data[32:36], "big")
        while 0 < trunk <= self.count and trunk not in found:
            found.add(trunk)
            at = (trunk - 1) * self._size
            listed = min(int.from_bytes(self._data[at + 4 : at + 8], "big"), self._usable // 4 - 2)
            found.update(struct.unpack_from(f">{listed}I", self._data, at + 8))
            trunk = int.from_bytes(self._data[at : at + 4], "big")
        return found

    def walk(self, root: int, kinds: frozenset[int], owned: set[int]) -> bool:
        """Add the pages of a tree; whether all of them are such as it has."""
        waiting, is_whole = [root], True
        while waiting:
            page = waiting.pop()
            kind = self.kind(page)
            if page in owned or kind not in kinds:
                is_whole = False
                continue
            owned.add(page)
            if kind in (_INNER_INDEX, _INNER_TABLE):
                at = self._start(page)
                below = [int.from_bytes(self._data[cell : cell + 4], "big") for cell in self._cells(page, 12)]
                waiting += [*below, int.from_bytes(self._data[at + 8 : at + 12], "big")]
        return is_whole

    def rows(self, page: int) -> Iterator[tuple[int, list[Value]]]:
        """Number and values of each row that can be read."""
        for cell in self._cells(page, 8):
            try:
                length, at = self._number(cell)
                number, at = self._number(at)
                yield number - (number >> 63 << 64), _values(self._payload(at, length))
            except (ValueError, IndexError, struct.error):
                continue

    def _start(self, page: int) -> int:
        return (page - 1) * self._size + (_HEAD if page == 1 else 0)

    def _cells(self, page: int, head: int) -> list[int]:
        begin, at = (page - 1) * self._size, self._start(page)
        count = int.from_bytes(self._data[at + 3 : at + 5], "big")
        places = self._data[at + head : at + head + 2 * count][: self._size // 2 * 2]
        offsets = (int.from_bytes(places[n : n + 2], "big") for n in range(0, len(places) - 1, 2))
        return [begin + offset for offset in offsets if offset < self._usable]

    def _number(self, at: int) -> tuple[int, int]:
        return _number(self._data, at)

    def _payload(self, at: int, length: int) -> bytes:
        """What a cell holds, with what of it did not fit and lies in pages of its own."""
        if length > _LONGEST_ROW:
            raise ValueError("no row of ours is so long")
        most = self._usable - 35
        least = (self._usable - 12) * 32 // 255 - 23
        rest = least + (length - least) % (self._usable - 4)
        here = length if length <= most else rest if rest <= most else least
        held, following = self._data[at : at + here], int.from_bytes(self._data[at + here : at + here + 4], "big")
        while len(held) < length:
            if not 0 < following <= self.count:
                raise ValueError("its end is lost")
            begin = (following - 1) * self._size
            held += self._data[begin + 4 : begin + min(self._usable, 4 + length - len(held))]
            following = int.from_bytes(self._data[begin : begin + 4], "big")
        return held


def _values(record: bytes) -> list[Value]:
    """Raises ValueError, IndexError, struct.error for what is no record."""
    end, at = _number(record, 0)
    kinds = []
    while at < end:
        kind, at = _number(record, at)
        kinds.append(kind)
    values: list[Value] = []
    for kind in kinds:
        size = _size_of(kind)
        held = record[at : at + size]
        if len(held) < size:
            raise ValueError("cut off")
        values.append(_value(kind, held))
        at += size
    return values


def _size_of(kind: int) -> int:
    if kind >= 12:
        return (kind - 12) // 2
    if kind in (10, 11):
        raise ValueError("no kind of value")
    return _WHOLES.get(kind, 8 if kind == 7 else 0)


def _value(kind: int, held: bytes) -> Value:
    if kind in _WHOLES:
        return int.from_bytes(held, "big", signed=True)
    if kind == 7:
        return float(struct.unpack(">d", held)[0])
    if kind >= 12:
        return held.decode("utf-8", "replace") if kind % 2 else held
    return kind - 8 if kind in (8, 9) else None


def _number(data: bytes, at: int) -> tuple[int, int]:
    """SQLite's number of one to nine bytes, and where it ends."""
    value = 0
    for place in range(8):
        byte = data[at + place]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + place + 1
    return value << 8 | data[at + 8], at + 9
