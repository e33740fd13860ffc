"""A library of its own for each test, and its films."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kling_desktop.store.films.films import FilmRecords
from kling_desktop.store.library import Library


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = Library.open(tmp_path / "library.sqlite3")
    yield library
    library.close()


@pytest.fixture
def films(library: Library) -> FilmRecords:
    return FilmRecords(library.database)
