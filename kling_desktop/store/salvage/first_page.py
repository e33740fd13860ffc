"""Gives a copy of a damaged library a beginning that can be read: without it SQLite reads none of the other pages."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

from kling_desktop.store import schema
from kling_desktop.store.salvage.loose_rows import described_in
from kling_desktop.store.schema import Migration

_PAGE_SIZE_AT: Final = slice(16, 18)
_JOURNAL_AT: Final = slice(18, 20)
_PAGES_AT: Final = slice(28, 32)
_FREE_LIST_AT: Final = slice(32, 40)
_LEGACY_JOURNAL: Final = b"\1\1"
"""Without a log beside it the file is opened as one that has none. Places and values: SQLite's file format, 1.3."""


def with_fresh_first_page(damaged: Path, migrations: Sequence[Migration]) -> Path | None:
    """A copy beside the damaged file, with the first page of a new library of this version, and those in which the rest
    of its description stands; None when there is nothing behind the first page.

    All libraries that one version has made begin alike. In one that has grown over several versions the tables lie
    elsewhere: what is then read as a row and is none, the recovery leaves behind. Raises OSError, sqlite3.Error.
    """
    new = damaged.with_name(damaged.name + ".new")
    for left in (new, *(new.with_name(new.name + end) for end in ("-wal", "-shm", "-journal"))):
        left.unlink(missing_ok=True)
    schema.open_database(new, migrations, is_copy=True).close()
    whole = new.read_bytes()
    described = described_in(new)
    new.unlink()
    size = int.from_bytes(whole[_PAGE_SIZE_AT], "big")
    pages = -(-damaged.stat().st_size // size)
    if pages < 2:
        return None
    first = bytearray(whole[:size])
    first[_JOURNAL_AT] = _LEGACY_JOURNAL
    first[_PAGES_AT] = pages.to_bytes(4, "big")
    first[_FREE_LIST_AT] = bytes(8)
    copy = Path(shutil.copyfile(damaged, damaged.with_name(damaged.name + ".headed")))
    with closing(copy.open("rb+")) as file:
        file.write(first)
        for page in described - {1}:
            if page <= pages:
                file.seek((page - 1) * size)
                file.write(whole[(page - 1) * size : page * size])
        file.truncate(pages * size)
    return copy
