"""An archive that is being opened tells how far it is, and leaves all of its film or nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from kling_desktop.domain.tasks import Task
from kling_desktop.errors import FileTrouble, LibraryFull
from kling_desktop.export.archives.archive import write_archive
from kling_desktop.store.films.films import FilmRecords
from kling_desktop.store.library import Library
from kling_desktop.studio.feed import ArchiveMoved, Fact, Feed
from kling_desktop.studio.films.taking_in.openings import Openings
from kling_desktop.studio.films.tree import Tree
from tests.export.films import make_heavy
from tests.harness.media.films import make_film
from tests.harness.waiting import until
from tests.studio.films.handing_over.test_handover import Room
from tests.studio.films.taking_in.test_adoption import a_film, adoption, record_of

MB = 1 << 20


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Path]:
    """A film of four takes with heavy originals."""
    (tmp_path / "here").mkdir()
    library = Library.open(tmp_path / "here.sqlite3")
    room = Room(library, tmp_path / "here", Tree(FilmRecords(library.database)))
    film_id = a_film(room)
    for file in (tmp_path / "here").glob("*.mp4"):
        make_heavy(make_film(file, frames=2 + int(file.stem[1:])), 4 * MB)
    whole = room.handover.whole(film_id)
    yield write_archive(whole, record_of(room, film_id), tmp_path / "lake.zip")
    library.close()


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Library]:
    library = Library.open(tmp_path / "there.sqlite3")
    yield library
    library.close()


@pytest.fixture
def facts() -> list[Fact]:
    return []


@pytest.fixture
def feed(facts: list[Fact]) -> Feed:
    made = Feed()
    made.subscribe(facts.extend)
    return made


def _openings(feed: Feed, library: Library, note_task: Callable[[Task], object] | None = None) -> Openings:
    folder = Path(str(library.database.value("SELECT file FROM pragma_database_list"))).parent
    adopting = adoption(library, folder, note_task)
    return Openings(feed, adopting, library.clip_of_file, quiet_seconds=0)


def _films(library: Library) -> list[str]:
    return [film.name for film in FilmRecords(library.database).films(0, 10)]


async def test_it_says_how_far_it_is_and_the_film_is_here(
    feed: Feed, facts: list[Fact], archive: Path, there: Library, tmp_path: Path
) -> None:
    came = await _openings(feed, there).open(archive, tmp_path / "mine", [])
    assert came is not None
    assert _films(there) == ["Lantern Lake"]
    assert len(list((tmp_path / "mine").iterdir())) == len(came[1].copied) > 1
    await until(lambda: ArchiveMoved(archive, None) in facts, 30, "the last word")
    told = [fact for fact in facts if isinstance(fact, ArchiveMoved)]
    assert told[0].progress is not None
    assert told[0].progress.total_bytes == sum(source.size for source in came[1].papers.sources) > 16 * MB
    assert told[-1] == ArchiveMoved(archive, None)


async def test_stopped_it_leaves_nothing(feed: Feed, archive: Path, there: Library, tmp_path: Path) -> None:
    openings, heard = _openings(feed, there), list[Fact]()

    def stop(facts: Sequence[Fact]) -> None:
        heard.extend(facts)
        openings.stop(archive)

    feed.subscribe(stop)
    assert await openings.open(archive, tmp_path / "mine", []) is None
    assert heard
    assert list((tmp_path / "mine").iterdir()) == []
    assert _films(there) == []
    openings.stop(archive)  # once more is no error


async def test_a_stop_after_the_last_byte_counts_too(
    feed: Feed, facts: list[Fact], archive: Path, there: Library, tmp_path: Path
) -> None:
    openings, mine = _openings(feed, there), tmp_path / "mine"
    opening = asyncio.create_task(openings.open(archive, mine, []))
    await until(lambda: facts, 30, "the first word")
    while len([file for file in mine.iterdir() if file.suffix == ".mp4"]) < 4:
        """What is looked at here holds the loop until all is copied."""
    openings.stop(archive)
    assert await opening is None
    assert list(mine.iterdir()) == []
    assert _films(there) == []


async def test_one_that_waits_for_another_film_stops_too(
    feed: Feed, facts: list[Fact], archive: Path, there: Library, tmp_path: Path
) -> None:
    openings, mine = _openings(feed, there), tmp_path / "mine"
    async with openings._adoption._one:  # as while another film is taken in
        opening = asyncio.create_task(openings.open(archive, mine, []))
        await until(lambda: mine.is_dir() and len(list(mine.glob("*.mp4"))) == 4, 30, "all to be copied")
        await until(lambda: openings._adoption._one._waiters, 30, "it to wait")
        openings.stop(archive)
    assert await opening is None
    assert list(mine.iterdir()) == []
    assert _films(there) == []
    assert all(fact.can_stop for fact in facts if isinstance(fact, ArchiveMoved))


async def test_once_takes_are_written_it_is_said_that_nothing_stops_it(
    feed: Feed, facts: list[Fact], archive: Path, there: Library, tmp_path: Path
) -> None:
    """The library has all of a film or nothing."""
    written: list[bool] = []

    def note(task: Task) -> None:
        written.append(any(isinstance(fact, ArchiveMoved) and not fact.can_stop for fact in facts))
        openings.stop(archive)
        there.put(task)

    openings = _openings(feed, there, note)
    came = await openings.open(archive, tmp_path / "mine", [])
    assert came is not None
    assert _films(there) == ["Lantern Lake"]
    assert len(list((tmp_path / "mine").iterdir())) == 4
    assert written[-1], "it is said while they are written"
    told = [fact.can_stop for fact in facts if isinstance(fact, ArchiveMoved) and fact.progress is not None]
    assert told == sorted(told, reverse=True), "and never taken back"


async def test_the_programs_end_leaves_nothing(
    feed: Feed, facts: list[Fact], archive: Path, there: Library, tmp_path: Path
) -> None:
    opening = asyncio.create_task(_openings(feed, there).open(archive, tmp_path / "mine", []))
    await until(lambda: facts, 30, "the first word")
    opening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await opening
    assert list((tmp_path / "mine").iterdir()) == []
    assert _films(there) == []


async def test_what_the_library_does_not_take_leaves_no_file(
    feed: Feed, archive: Path, there: Library, tmp_path: Path
) -> None:
    def full(task: Task) -> None:
        raise LibraryFull("disk full")

    with pytest.raises(LibraryFull):
        await _openings(feed, there, full).open(archive, tmp_path / "mine", [])
    noted = [file for file in (tmp_path / "mine").iterdir() if there.clip_of_file(file) is None]
    assert noted == []


async def test_dropped_twice_it_is_opened_once(feed: Feed, archive: Path, there: Library, tmp_path: Path) -> None:
    openings = _openings(feed, there)
    came = await asyncio.gather(*(openings.open(archive, tmp_path / "mine", []) for _ in range(2)))
    assert [each is None for each in came] == [False, True]
    assert len(list((tmp_path / "mine").iterdir())) == 4


async def test_what_is_no_archive_is_refused(feed: Feed, there: Library, tmp_path: Path) -> None:
    openings = _openings(feed, there)
    for _ in range(2):
        with pytest.raises(FileTrouble, match="no archive"):
            await openings.open(tmp_path, tmp_path / "mine", [])
