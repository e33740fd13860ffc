"""A clip is continued from its last frame: the picture lies on the disk first, the film is made, its seam is known."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

import av
import pytest

from kling_desktop.domain.accounts import SANDBOX
from kling_desktop.domain.clips import Clip
from kling_desktop.domain.takes import Way
from kling_desktop.domain.tasks import Extension, Generation, Status, Task
from kling_desktop.errors import DiskFull, FileGone, FileOutOfReach, FileTrouble
from kling_desktop.sandbox.server import Sandbox
from kling_desktop.store.films.films import FilmRecords
from kling_desktop.studio.analysis import findings
from kling_desktop.studio.feed import DriftMeasured, FilmRendered, SeamsFound, TaskChanged
from kling_desktop.studio.films.joining.continuation import Continuation
from kling_desktop.studio.pace import Pace
from tests.harness.engine import Engine, running
from tests.harness.waiting import until

Told = TypeVar("Told", SeamsFound, DriftMeasured)

MODEL = Generation("kling-v3", seconds=3)


@pytest.fixture
async def engine(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[Engine]:
    async with running(sandbox, tmp_path / "data") as engine:
        yield engine


@pytest.fixture
def continuation(engine: Engine, tmp_path: Path) -> Continuation:
    studio = engine.studio
    made = Continuation(
        engine.films.tree,
        studio.clips.find,
        studio.analyzer,
        studio.feed,
        studio.background.run,
        tmp_path / "films",
        studio.clips.keep,
        pace=Pace(0.02),
    )
    studio.feed.subscribe(made.on_facts)
    return made


async def root(engine: Engine) -> Clip:
    """A clip of the account, large enough to be continued."""
    made = await _done(engine, Extension("", "A lake at dusk", generation=replace(MODEL, aspect_ratio="16:9")))
    assert made.clip is not None
    return made.clip


async def _done(engine: Engine, extension: Extension) -> Task:
    task = engine.studio.submit(extension, SANDBOX)
    return await engine.until(task, lambda now: now.status is Status.SUCCEEDED and now.clip and now.clip.file, 60)


async def _seams(engine: Engine, clip_id: str, count: int) -> None:
    await until(lambda: len(engine.studio.analyzer.seams(clip_id)) == count, 30, "its seams")


async def test_a_continued_take_is_one_film_with_a_known_seam(engine: Engine, continuation: Continuation) -> None:
    parent = await root(engine)
    prepared = await continuation.prepared(Extension(parent.id, "A boat comes", generation=MODEL))
    assert prepared.generation is not None
    seed = prepared.generation.first_frame
    assert seed is not None
    assert seed.exists(), "the picture lies on the disk before anything is sent"
    task = await _done(engine, prepared)
    state = engine.films.tree.take_of_task(task.id)
    assert state is not None
    assert state.take.way is Way.CONTINUE
    film = await until(lambda: continuation.film_of(state), 30, "the film")
    with av.open(str(film)) as container:
        frames = sum(1 for _ in container.decode(video=0))
    parts = engine.films.tree.parts(state.take.id)
    assert [part.clip_id for part in parts] == [parent.id, task.clip.id if task.clip else ""]
    assert parts[1].start > 0, "the frame that repeats the seed is left out"
    (seam,) = await until(lambda: engine.studio.analyzer.seams(parts[1].clip_id), 30, "the seam")
    assert 0 < seam.frame < frames
    assert seam.confidence == 1.0


async def test_the_same_frame_is_sent_again_and_a_chosen_one_cuts_what_lies_behind(
    engine: Engine, continuation: Continuation
) -> None:
    parent = await root(engine)
    asked = Extension(parent.id, "A boat comes", generation=MODEL)
    first, again = await continuation.prepared(asked), await continuation.prepared(asked)
    assert first == again
    offered = await continuation.last_frames(parent.id)
    assert [frame.cut_frames for frame in offered] == list(range(12))
    assert sum(frame.best for frame in offered) == 1
    earlier = await continuation.prepared(replace(asked, generation=replace(MODEL, parent_end=offered[5].end)))
    assert earlier.generation is not None
    assert first.generation is not None
    assert earlier.generation.first_frame != first.generation.first_frame


async def test_who_goes_on_before_the_film_is_joined_sends_the_same_picture_as_later(
    engine: Engine, tmp_path: Path
) -> None:
    studio, tree = engine.studio, engine.films.tree
    untold = Continuation(  # no fact reaches it, so that nothing is joined unasked
        tree, studio.clips.find, studio.analyzer, studio.feed, studio.background.run, tmp_path, studio.clips.keep
    )
    first = await _done(
        engine, await untold.prepared(Extension((await root(engine)).id, "A boat comes", generation=MODEL))
    )
    state = tree.take_of_task(first.id)
    assert state is not None
    assert first.clip is not None
    assert not tree.noted_parts(state.take.id), "it is not joined yet"
    asked = Extension(first.clip.id, "It goes", generation=MODEL)
    at_once = await untold.prepared(asked)
    assert tree.noted_parts(state.take.id)[-1].colour is not None, "and its colours are brought to the film's"
    await untold.find_seams(first.clip)
    assert untold.film_of(state) is not None
    assert await untold.prepared(asked) == at_once
    assert (await untold.join(state)).can_match
    assert not (await untold.join(replace(state, task=None))).can_match, "without its task nobody knows its picture"


async def test_takes_that_come_all_at_once_are_joined_one_a_turn(engine: Engine, tmp_path: Path) -> None:
    """As out of an archive. What each is joined to reaches back to the first hop, and the loop is the window's too."""
    studio, tree = engine.studio, engine.films.tree
    untold = Continuation(  # only by this test
        tree, studio.clips.find, studio.analyzer, studio.feed, studio.background.run, tmp_path, studio.clips.keep
    )
    asked = await untold.prepared(Extension((await root(engine)).id, "A boat comes", generation=MODEL))
    tasks = [await _done(engine, asked) for _ in range(3)]
    untold.on_facts([TaskChanged(task) for task in tasks])
    assert [untold.is_joining(task.clip) for task in tasks if task.clip] == [True, False, False]
    states = [state for task in tasks if (state := tree.take_of_task(task.id))]
    await until(lambda: all(untold.film_of(state) for state in states), 60, "all their films")


@pytest.mark.parametrize("end", [None, Fraction(2)])
async def test_a_take_whose_picture_is_not_on_the_disk_is_joined_as_with_it(
    engine: Engine, continuation: Continuation, end: Fraction | None
) -> None:
    """As of an archive, which leaves the pictures out: what was given to Kling is a frame of the film."""
    model = replace(MODEL, parent_end=end)
    asked = Extension((await root(engine)).id, "A boat comes", generation=model)
    task = await _done(engine, await continuation.prepared(asked))
    assert task.clip is not None
    await _seams(engine, task.clip.id, 1)
    tree, records = engine.films.tree, FilmRecords(engine.library.database)
    joined = tree.noted_parts(task.id)
    assert joined[-1].colour is not None
    generation = task.extension.generation
    assert generation is not None
    assert generation.first_frame is not None
    picture = generation.first_frame.read_bytes()
    generation.first_frame.unlink()
    bare = replace(task.extension, generation=replace(generation, first_frame=None))
    for lost in (task, replace(task, extension=bare)):
        engine.library.put(lost)
        records.set_parts(task.id, ())
        await continuation.fit(task.id)
        assert tree.noted_parts(task.id) == joined
        generation.first_frame.unlink()
    await continuation.prepared(asked)
    assert generation.first_frame.read_bytes() == picture


async def test_a_join_that_is_trimmed_does_not_move_where_a_later_take_begins(
    engine: Engine, continuation: Continuation
) -> None:
    tree = engine.films.tree
    first = await _done(
        engine, await continuation.prepared(Extension((await root(engine)).id, "A boat comes", generation=MODEL))
    )
    middle = tree.take_of_task(first.id)
    assert middle is not None
    assert first.clip is not None
    await _seams(engine, first.clip.id, 1)
    chosen = (await continuation.last_frames(first.clip.id))[5]
    later = await continuation.prepared(
        Extension(first.clip.id, "It goes", generation=replace(MODEL, parent_end=chosen.end))
    )
    task = engine.studio.submit(later, SANDBOX)  # and while it is being made:
    former = tree.noted_parts(middle.take.id)
    continuation.rejoin(middle, 6, matched=True)
    await until(lambda: tree.noted_parts(middle.take.id) != former, 30, "the trim")
    task = await engine.until(task, lambda now: now.status is Status.SUCCEEDED and now.clip and now.clip.file, 60)
    tip = tree.take_of_task(task.id)
    assert tip is not None
    await continuation.fit(tip.take.id)
    parts = tree.parts(tip.take.id)
    assert parts[1].start > former[-1].start
    assert parts[1].end == chosen.end


async def test_a_seam_that_is_found_after_its_take_was_continued_is_one_of_the_films_too(
    engine: Engine, continuation: Continuation
) -> None:
    task = engine.submit("A paper boat drifts in")
    extended = await engine.until(task, lambda now: now.status is Status.SUCCEEDED and now.clip and now.clip.file, 60)
    assert extended.clip is not None
    assert not engine.studio.analyzer.seams(extended.clip.id), "nobody has looked for it yet"
    asked = Extension(extended.clip.id, "The camera rises", generation=MODEL)
    task = await _done(engine, await continuation.prepared(asked))
    assert task.clip is not None
    await _seams(engine, task.clip.id, 2)
    seams = engine.studio.analyzer.seams(task.clip.id)
    assert [seam.hop for seam in seams] == [1, 2]
    assert seams[0] == engine.studio.analyzer.seams(extended.clip.id)[0]


async def test_what_an_older_version_measured_in_a_joined_film_is_measured_again(
    engine: Engine, continuation: Continuation, monkeypatch: pytest.MonkeyPatch
) -> None:
    analyzer = engine.studio.analyzer
    with monkeypatch.context() as older:
        older.setattr(findings, "VERSION", 1)
        task = await _done(
            engine, await continuation.prepared(Extension((await root(engine)).id, "A boat comes", generation=MODEL))
        )
        assert task.clip is not None
        await _seams(engine, task.clip.id, 1)
    state = engine.films.tree.take_of_task(task.id)
    assert state is not None
    film = await until(lambda: continuation.film_of(state), 30, "the film")
    told = len(await until(lambda: _told(engine, SeamsFound, task.clip), 30, "the word of its seam"))
    await analyzer.measure_again(continuation.measure_again, pause=0)
    await until(lambda: len(_told(engine, SeamsFound, task.clip)) == told + 1, 30, "the seam as it is measured now")
    await analyzer.measure_again(continuation.measure_again, pause=0)  # all is new now
    film.unlink()
    with monkeypatch.context() as newer:
        newer.setattr(findings, "VERSION", 1000)
        await analyzer.measure_again(continuation.measure_again, pause=0)
    assert not film.exists(), "no film is made for that"
    await asyncio.sleep(0)
    assert len(_told(engine, SeamsFound, task.clip)) == told + 1


async def test_what_needs_no_picture_comes_back_as_it_is(continuation: Continuation) -> None:
    for extension in (Extension("1", "extend it"), Extension("", "from words", generation=MODEL)):
        assert await continuation.prepared(extension) == extension


async def test_a_clip_whose_file_is_nowhere_is_refused_before_anything_is_sent(
    engine: Engine, continuation: Continuation
) -> None:
    engine.library.put_clip(Clip("file:nowhere"))
    with pytest.raises(FileGone):
        await continuation.prepared(Extension("file:nowhere", "go on", generation=MODEL))
    assert engine.creates() == 0


async def test_a_join_is_trimmed_and_its_colours_left_alone_and_the_film_is_another(
    engine: Engine, continuation: Continuation
) -> None:
    parent = await root(engine)
    prepared = await continuation.prepared(Extension(parent.id, "A boat comes", generation=MODEL))
    task = await _done(engine, prepared)
    state = engine.films.tree.take_of_task(task.id)
    assert state is not None
    first = await until(lambda: continuation.film_of(state), 30, "the film")
    before = await continuation.join(state)
    assert before.trim == 0
    continuation.rejoin(state, 3, matched=False)
    second = await until(lambda: (film := continuation.film_of(state)) != first and film, 30, "the other film")
    with av.open(str(first)) as one, av.open(str(second)) as other:
        lengths = [sum(1 for _ in container.decode(video=0)) for container in (one, other)]
    assert lengths[0] - lengths[1] in (3, 4), "three frames of the clip, at the film's own rate"
    after = await continuation.join(state)
    assert (after.trim, after.matched) == (3, False)
    assert engine.creates() == 2, "joining costs nothing"


async def test_a_trimmed_join_is_trimmed_in_the_films_that_grew_from_it(
    engine: Engine, continuation: Continuation
) -> None:
    tree, analyzer = engine.films.tree, engine.studio.analyzer
    clip_id, tasks = (await root(engine)).id, list[Task]()
    for words in ("A boat comes", "It goes", "Night falls"):
        tasks.append(await _done(engine, await continuation.prepared(Extension(clip_id, words, generation=MODEL))))
        clip_id = tasks[-1].clip.id if tasks[-1].clip else ""
        state = tree.take_of_task(tasks[-1].id)
        assert state is not None
        await _seams(engine, clip_id, len(tasks))
    middle, tip = tree.take_of_task(tasks[1].id), tree.take_of_task(tasks[2].id)
    assert middle is not None
    assert tip is not None
    whole, before = continuation.film_of(tip), analyzer.seams(clip_id)
    continuation.rejoin(middle, 4, matched=True)
    await until(lambda: analyzer.seams(clip_id) != before, 30, "the seams where they are now")
    assert whole is not None
    trimmed = continuation.film_of(tip)
    assert trimmed is not None
    with av.open(str(whole)) as one, av.open(str(trimmed)) as other:
        lengths = [sum(1 for _ in container.decode(video=0)) for container in (one, other)]
    left_out = lengths[0] - lengths[1]
    assert left_out in (4, 5), "four frames of the clip, at the film's own rate"
    after = analyzer.seams(clip_id)
    assert [seam.frame for seam in after] == [before[0].frame, before[1].frame, before[2].frame - left_out]
    assert after[2].seconds == pytest.approx(before[2].seconds * after[2].frame / before[2].frame, abs=0.01)
    assert (await continuation.join(tip)).trim == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
async def test_a_full_disk_stops_the_film_and_is_said_and_the_film_is_made_when_there_is_room(
    engine: Engine, continuation: Continuation
) -> None:
    told: list[FilmRendered] = []
    engine.studio.feed.subscribe(lambda facts: told.extend(f for f in facts if isinstance(f, FilmRendered)))
    parent = await root(engine)
    task = await _done(engine, await continuation.prepared(Extension(parent.id, "A boat comes", generation=MODEL)))
    state = engine.films.tree.take_of_task(task.id)
    assert state is not None
    await until(lambda: told, 30, "the word that it is made")
    film = continuation.film_of(state)
    assert film is not None
    film.unlink()  # renders are a cache
    film.with_name(f"{film.name}.part").symlink_to("/dev/full")
    told.clear()
    continuation.want(state)
    await until(lambda: told, 30, "the word that it is not made")
    assert told[0].file is None
    assert told[0].trouble is not None
    assert told[0].trouble.error == DiskFull.__name__
    assert not list(film.parent.iterdir())
    continuation.want(state)
    assert await until(lambda: continuation.film_of(state), 30, "the film") == film
    assert engine.creates() == 2


async def test_what_a_gate_asks_of_a_joined_take_is_never_answered_with_nothing(
    engine: Engine, continuation: Continuation
) -> None:
    parent = await root(engine)
    task = await _done(engine, await continuation.prepared(Extension(parent.id, "A boat comes", generation=MODEL)))
    state = engine.films.tree.take_of_task(task.id)
    assert state is not None
    clip = state.clip
    assert clip is not None
    await continuation.find_seams(clip)  # while the film is being made
    await _seams(engine, clip.id, 1)
    film = await until(lambda: continuation.film_of(state), 30, "the film")
    await asyncio.sleep(0)
    assert [len(fact.seams) for fact in _told(engine, SeamsFound, clip)] != []
    assert all(fact.seams for fact in _told(engine, SeamsFound, clip)), "no gate may take it for a film without seams"

    film.unlink()  # a cache: it may be emptied at any time
    await continuation.measure_drift(clip)
    (drift,) = await until(lambda: _told(engine, DriftMeasured, clip), 30, "its drift")
    assert [look.hop for look in drift.hops] == [0, 1]

    again = continuation.film_of(state)
    assert again is not None
    again.unlink()
    assert parent.file is not None
    parent.file.unlink()
    await continuation.measure_drift(clip)
    (_, failed) = await until(lambda: _told(engine, DriftMeasured, clip)[1:] and _told(engine, DriftMeasured, clip))
    assert failed.trouble is not None


def _told(engine: Engine, kind: type[Told], clip: Clip | None) -> list[Told]:
    assert clip is not None
    return [fact for fact in engine.facts if isinstance(fact, kind) and fact.clip_id == clip.id]


@pytest.mark.parametrize("room", ["seeds", "offered"])
async def test_a_file_in_the_place_of_a_folder_of_pictures_is_said_and_nothing_is_sent(
    engine: Engine, continuation: Continuation, tmp_path: Path, room: str
) -> None:
    parent = await root(engine)
    place = tmp_path / "films" / "seeds" / ("offered" if room == "offered" else "")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.touch()
    wanted = Extension(parent.id, "A boat comes", generation=MODEL)
    with pytest.raises(FileTrouble, match="seeds"):
        await (continuation.last_frames(parent.id) if room == "offered" else continuation.prepared(wanted))


async def test_a_file_in_the_place_of_the_joined_films_is_said_with_the_take(
    engine: Engine, continuation: Continuation, tmp_path: Path
) -> None:
    parent = await root(engine)
    prepared = await continuation.prepared(Extension(parent.id, "A boat comes", generation=MODEL))
    (tmp_path / "films" / "renders").touch()
    await _done(engine, prepared)
    told = await until(lambda: [fact for fact in engine.facts if isinstance(fact, FilmRendered)], 30, "the word")
    assert told[0].trouble is not None
    assert told[0].trouble.error == "FileTrouble"


async def test_takes_on_a_drive_that_is_away_are_said_to_be_so_and_the_film_is_made_when_it_is_back(
    engine: Engine, continuation: Continuation, tmp_path: Path
) -> None:
    parent = await root(engine)
    prepared = await continuation.prepared(Extension(parent.id, "A boat comes", generation=MODEL))
    drive, unplugged = engine.shelf.takes, tmp_path / "unplugged"
    told: list[FilmRendered] = []
    engine.studio.feed.subscribe(lambda facts: told.extend(f for f in facts if isinstance(f, FilmRendered)))
    task = await _done(engine, prepared)
    await until(lambda: told, 30, "the word that it is made")
    state = engine.films.tree.take_of_task(task.id)
    assert state is not None
    assert state.clip is not None
    film = continuation.film_of(state)
    assert film is not None
    film.unlink()  # renders are a cache
    drive.rename(unplugged)
    told.clear()
    continuation.want(state)
    await until(lambda: told, 30, "the word that it is not made")
    assert told[0].trouble is not None
    assert told[0].trouble.error == FileOutOfReach.__name__
    with pytest.raises(FileOutOfReach):
        await continuation.last_frames(state.clip.id)
    with pytest.raises(FileOutOfReach):
        await continuation.prepared(Extension(state.clip.id, "Night falls", generation=MODEL))
    assert not drive.exists()
    told.clear()
    unplugged.rename(drive)  # nobody asks for it once more
    await until(lambda: told, 30, "the word that it is made")
    assert [fact.file for fact in told] == [film]
    assert continuation.film_of(state) == film
