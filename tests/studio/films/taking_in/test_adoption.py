"""A film that was archived or exported becomes the same film in a library that never knew it."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from kling_desktop.domain.takes import ColourMap, Label, Part, TakeMark, Way
from kling_desktop.domain.tasks import Filter, Task
from kling_desktop.export.film import ExportFilm, ExportPart
from kling_desktop.store.films.films import FilmRecords
from kling_desktop.store.library import Library
from kling_desktop.studio.feed import Feed, FilmChanged, TaskChanged
from kling_desktop.studio.films.films import Films
from kling_desktop.studio.films.handing_over.extract import extract
from kling_desktop.studio.films.handing_over.handover import Handover
from kling_desktop.studio.films.taking_in.adoption import Adoption, is_known_here
from kling_desktop.studio.films.taking_in.half_taken import HalfTaken
from kling_desktop.studio.films.tree import Tree
from kling_desktop.studio.films.undo import Undo
from kling_desktop.studio.tasks.ledger import Ledger
from kling_desktop.ui.seams.seam_words import in_full, title
from tests.studio.films.handing_over.test_handover import Room

COLOUR = ColourMap((0.98, 0.0, 0.01))


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Room]:
    library = Library.open(tmp_path / "here.sqlite3")
    yield Room(library, tmp_path, Tree(FilmRecords(library.database)))
    library.close()


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Library]:
    library = Library.open(tmp_path / "there.sqlite3")
    yield library
    library.close()


def adoption(
    library: Library, folder: Path, note_task: Callable[[Task], object] | None = None, feed: Feed | None = None
) -> Adoption:
    return Adoption(
        FilmRecords(library.database), feed or Feed(), note_task or library.put, library.put_clip, library.get,
        library.clip,
        HalfTaken(folder / "half_taken.json"), turn_seconds=0,
    )  # fmt: skip


def told(library: Library) -> tuple[list[Any], dict[str, tuple[Part, ...]]]:
    """All that makes a film, whatever library it lies in."""
    records = FilmRecords(library.database)
    (film,) = records.films(0, 10)
    tree = Tree(records)
    states = sorted(tree.states([node.take_id for node in tree.skeleton(film.id)]), key=lambda each: each.take.path)
    rows: list[Any] = [(film.name, film.note, film.label), [each.take.id for each in tree.path(film.id).takes]]
    for each in states:
        assert each.clip is not None
        file = each.clip.file.name if each.clip.file else ""
        rows.append((each.take.id, each.take.parent_id, each.take.way, each.words, each.mark, each.is_picked, file))
    return rows, {each.take.id: tree.parts(each.take.id) for each in states}


def a_film(room: Room) -> str:
    """Extended, continued, with other takes, a pick, a mark and a name."""
    room.grow(1)
    room.grow(2, "c1")
    room.grow(3, "c1")
    room.grow(4, "c2", continues=True)
    records = FilmRecords(room.library.database)
    room.tree.note_parts("t4", (Part("c2", Fraction(0), Fraction(9)), Part("c4", Fraction(1, 24), None, COLOUR)))
    film = records.films(0, 1)[0]
    records.set_pick("t1", "t2")
    records.mark("t2", TakeMark("keep this one", Label.GREEN, 0))
    records.change(replace(film, name="Lantern Lake", note="for the client", label=Label.BLUE))
    return film.id


def record_of(room: Room, film_id: str) -> dict[str, Any]:
    records = FilmRecords(room.library.database)
    film = records.film(film_id)
    assert film is not None
    states = room.tree.states([node.take_id for node in room.tree.skeleton(film_id)])
    record: dict[str, Any] = json.loads(
        json.dumps(extract(film, states, room.tree.joined_to(states), room.tree.noted_parts))
    )
    return record


async def test_the_same_film_stands_in_an_empty_library(here: Room, there: Library, tmp_path: Path) -> None:
    film_id = a_film(here)
    await adoption(there, tmp_path).adopt(record_of(here, film_id), here.handover.whole(film_id))
    assert told(there) == told(here.library)


async def test_killed_at_any_moment_the_next_start_takes_in_the_rest(
    here: Room, there: Library, tmp_path: Path
) -> None:
    film_id, adopting = a_film(here), adoption(there, tmp_path)
    going = asyncio.ensure_future(adopting.adopt(record_of(here, film_id), here.handover.whole(film_id)))
    killed: list[Path] = []
    while not going.done():
        killed.append(_as_a_kill_leaves_it(tmp_path, f"killed {len(killed)}"))
        await asyncio.sleep(0)
    await going
    assert not (tmp_path / "half_taken.json").exists()
    counts = set()
    for folder in killed:
        library = Library.open(folder / "there.sqlite3")
        counts.add(library.count(Filter()))
        begun = (folder / "half_taken.json").exists()
        resumed = await adoption(library, folder).resume()
        assert (resumed is not None) is begun
        assert await adoption(library, folder).resume() is None
        assert (not begun and library.count(Filter()) == 0) or told(library) == told(here.library)
        library.close()
    assert counts == {0, 1, 2, 3, 4}, "others have their turn between any two takes"


def _as_a_kill_leaves_it(folder: Path, name: str) -> Path:
    left = folder / name
    left.mkdir()
    for file in (*folder.glob("there.sqlite3*"), *folder.glob("half_taken.json")):
        shutil.copy(file, left)
    return left


async def test_two_films_are_taken_in_one_after_the_other(here: Room, there: Library, tmp_path: Path) -> None:
    film_id, adopting = a_film(here), adoption(there, tmp_path)
    record, whole = record_of(here, film_id), here.handover.whole(film_id)
    assert len(set(await asyncio.gather(adopting.adopt(record, whole), adopting.adopt(record, whole)))) == 1
    assert told(there) == told(here.library)


async def test_it_is_told_when_its_last_take_is_in(here: Room, there: Library, tmp_path: Path) -> None:
    """Who shows it draws it once."""

    def note(task: Task) -> None:
        there.put(task)
        feed.publish(TaskChanged(task))

    feed, heard = Feed(), list[tuple[int, list[type]]]()
    feed.subscribe(lambda facts: heard.append((there.count(Filter()), [type(fact) for fact in facts])))
    film_id = a_film(here)
    await adoption(there, tmp_path, note, feed).adopt(record_of(here, film_id), here.handover.whole(film_id))
    await asyncio.sleep(0)
    assert heard == [(4, [TaskChanged] * 4 + [FilmChanged])]


async def test_called_off_it_is_taken_in_whole(here: Room, there: Library, tmp_path: Path) -> None:
    def note(task: Task) -> None:
        there.put(task)
        going.cancel()

    film_id, adopting = a_film(here), adoption(there, tmp_path, note)
    going = asyncio.ensure_future(adopting.adopt(record_of(here, film_id), here.handover.whole(film_id)))
    with pytest.raises(asyncio.CancelledError):
        await going
    assert told(there) == told(here.library)
    assert not (tmp_path / "half_taken.json").exists()


async def test_opening_it_where_it_is_changes_nothing(here: Room, tmp_path: Path) -> None:
    film_id = a_film(here)
    before = told(here.library)
    adopting = adoption(here.library, tmp_path)
    assert await adopting.adopt(record_of(here, film_id), here.handover.whole(film_id)) == film_id
    assert told(here.library) == before


async def test_a_film_that_was_split_off_comes_with_what_it_is_joined_to(
    here: Room, there: Library, tmp_path: Path
) -> None:
    a_film(here)
    records = FilmRecords(here.library.database)
    branch = records.split("t4", "Branch", datetime.now(UTC))
    await adoption(there, tmp_path).adopt(record_of(here, branch.id), here.handover.whole(branch.id))
    film, takes = FilmRecords(there.database).films(0, 10), Tree(FilmRecords(there.database))
    assert [each.name for each in film] == ["Branch"]
    path = takes.path(film[0].id)
    assert [state.take.id for state in path.takes] == ["t1", "t2", "t4"]
    assert takes.parts("t4") == here.tree.parts("t4")
    assert all(state.clip is not None and state.clip.file is not None for state in path.takes)


async def test_killed_at_any_moment_what_was_split_off_is_one_film(here: Room, there: Library, tmp_path: Path) -> None:
    a_film(here)
    branch = FilmRecords(here.library.database).split("t4", "Branch", datetime.now(UTC))
    adopting = adoption(there, tmp_path).adopt(record_of(here, branch.id), here.handover.whole(branch.id))
    going, killed = asyncio.ensure_future(adopting), list[Path]()
    while not going.done():
        killed.append(_as_a_kill_leaves_it(tmp_path, f"killed {len(killed)}"))
        await asyncio.sleep(0)
    await going
    for folder in killed:
        library = Library.open(folder / "there.sqlite3")
        if await adoption(library, folder).resume() is not None:
            [film] = FilmRecords(library.database).films(0, 10)
            assert film.name == "Branch"
            path = Tree(FilmRecords(library.database)).path(film.id)
            assert [state.take.id for state in path.takes] == ["t1", "t2", "t4"]
        library.close()


async def test_a_film_that_was_split_off_is_split_off_where_the_other_film_is_known(
    here: Room, there: Library, tmp_path: Path
) -> None:
    whole = a_film(here)
    await adoption(there, tmp_path).adopt(record_of(here, whole), here.handover.whole(whole))
    there_records = FilmRecords(there.database)
    there_records.set_pick("t1", "")
    Ledger(there, Feed()).forget("t4")
    branch = FilmRecords(here.library.database).split("t4", "Branch", datetime.now(UTC))
    record, film = record_of(here, branch.id), here.handover.whole(branch.id)
    for _ in range(2):  # opening it once more changes nothing
        await adoption(there, tmp_path).adopt(record, film)
        found = {film.name: film.id for film in there_records.films(0, 10)}
        assert sorted(found) == ["Branch", "Lantern Lake"]
        tree = Tree(there_records)
        assert [state.take.id for state in tree.path(found["Branch"]).takes] == ["t4"]
        assert [state.take.id for state in tree.path_to("t4").takes] == ["t1", "t2", "t4"]


async def test_no_account_no_address_and_no_path_travels(here: Room) -> None:
    film_id = a_film(here)
    task = here.library.get("t4")
    assert task is not None
    assert task.clip is not None
    assert task.extension.generation is not None
    generation = replace(task.extension.generation, first_frame=Path("/home/somebody/seed.png"))
    extension = replace(task.extension, callback_url="https://example.org/hook?key=1", generation=generation)
    clip = replace(task.clip, url="https://cdn.example.org/x.mp4?sign=abc")
    here.library.put(replace(task, extension=extension, clip=clip))
    text = json.dumps(record_of(here, film_id))
    assert "somebody" not in text
    assert "example.org" not in text
    assert task.profile.name not in text
    assert str(here.folder) not in text


async def test_a_missing_original_leaves_a_take_without_a_file(here: Room, there: Library, tmp_path: Path) -> None:
    film_id = a_film(here)
    whole = here.handover.whole(film_id)
    lost = replace(whole.parts[-1], file=Path("c4.mp4"))  # as an archive says it that lacks the file
    await adoption(there, tmp_path).adopt(record_of(here, film_id), replace(whole, parts=(*whole.parts[:-1], lost)))
    state = FilmRecords(there.database).state("t4")
    assert state is not None
    assert state.clip is not None
    assert state.clip.file is None
    assert there.unfinished() == []  # nothing is asked of Kling for it


async def test_files_that_come_later_find_their_takes_other_takes_too(
    here: Room, there: Library, tmp_path: Path
) -> None:
    film_id = a_film(here)
    whole = here.handover.whole(film_id)
    bare = replace(whole, parts=tuple(_lost(part) for part in whole.parts))
    adopting = adoption(there, tmp_path)
    await adopting.adopt(record_of(here, film_id), bare)
    assert told(there) != told(here.library)
    await adopting.adopt_papers(whole)
    assert told(there) == told(here.library)


def _lost(part: ExportPart) -> ExportPart:
    return replace(part, file=Path(part.file.name), alternates=tuple(_lost(other) for other in part.alternates))


@pytest.mark.parametrize("record", [{}, {"version": 99}, {"version": 1, "takes": [{"clip": 7}]}])
async def test_a_record_of_another_make_leaves_the_papers(
    here: Room, there: Library, record: dict[str, Any], tmp_path: Path
) -> None:
    film_id = a_film(here)
    await adoption(there, tmp_path).adopt(record, here.handover.whole(film_id))
    records = FilmRecords(there.database)
    (film,) = records.films(0, 10)
    assert film.name == "Lantern Lake"
    assert [each.take.clip_id for each in Tree(records).path(film.id).takes] == ["c2", "c4"]


async def test_papers_alone_bring_film_path_and_form_back(there: Library, tmp_path: Path) -> None:
    kept = tmp_path / "one.mp4"
    kept.write_bytes(b"film")
    parts = (
        ExportPart(kept, end=Fraction(9), clip_id="7001", prompt="a fox"),
        ExportPart(
            Path("two.mp4"), Fraction(1, 24), None, COLOUR, "7002", "it runs", "blurry", ("k2",),
            form=(("way", "continue"), ("model", "kling-v2-6"), ("mode", "pro"), ("seconds", "10")),
        ),
    )  # fmt: skip
    film = ExportFilm("Fox", parts)
    first = await adoption(there, tmp_path).adopt_papers(film)
    assert await adoption(there, tmp_path).adopt_papers(film) == first  # dropped twice
    records = FilmRecords(there.database)
    tree = Tree(records)
    root, tip = tree.path(first).takes
    assert (root.take.clip_id, root.clip and root.clip.file) == ("7001", kept)
    assert (tip.take.way, tip.words, tip.clip and tip.clip.file) == (Way.CONTINUE, "it runs", None)
    assert tip.task is not None
    assert tip.task.extension.generation is not None
    assert (tip.task.extension.negative_prompt, tip.task.extension.generation.model) == ("blurry", "kling-v2-6")
    assert (tip.parent_end, tip.clip and tip.clip.parent_id) == (Fraction(9), ""), "no seam is searched for in it"
    assert tree.parts(tip.take.id) == (
        Part("7001", Fraction(0), Fraction(9)),
        Part("7002", Fraction(1, 24), None, COLOUR),
    )
    found = tmp_path / "two.mp4"
    found.write_bytes(b"more")
    await adoption(there, tmp_path).adopt_papers(replace(film, parts=(parts[0], replace(parts[1], file=found))))
    films = Films(records, Feed(), Undo(), lambda: datetime.now(UTC))
    handed = Handover(films, tree, there.clip, lambda clip_id: (), lambda clip: None, in_full, title).take(tip.take.id)
    assert [part.file for part in handed.parts] == [kept, found]


def test_a_record_that_this_version_does_not_read_is_not_called_the_whole_archive(here: Room) -> None:
    record = record_of(here, a_film(here))
    assert is_known_here(record)
    takes = record["takes"]
    for other in ({}, record | {"version": 99}, record | {"takes": [*takes, {"clip": None}]}, record | {"takes": 7}):
        assert not is_known_here(other)
