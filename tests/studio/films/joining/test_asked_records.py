"""Continued takes whose library was lost come back with what they go on from: parent, frame and cut."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from kling_desktop.domain.accounts import SANDBOX
from kling_desktop.domain.clips import Clip
from kling_desktop.domain.takes import Part, Way
from kling_desktop.domain.tasks import Extension, Generation, Status, Task
from kling_desktop.sandbox.server import Sandbox
from kling_desktop.studio.feed import HistoryEnded, HistoryRead
from kling_desktop.studio.films.joining.asked_records import AskedRecords
from kling_desktop.studio.history import History
from tests.harness.engine import QUICK, Engine, running
from tests.harness.media.films import film
from tests.harness.tasks import asked
from tests.harness.waiting import until

CUT = Fraction(26, 24)
MODEL = Generation("kling-v3", seconds=3)


def test_a_record_gives_back_what_was_asked_for(tmp_path: Path) -> None:
    records = AskedRecords(tmp_path / "asked", tmp_path / "moved")
    generation = replace(MODEL, first_frame=tmp_path / "seeds" / "ab.png", parent_end=CUT, mode="pro")
    extension = Extension("file:12", "A duck «lands»", "fog", generation=generation, own_id="../mine")
    task = replace(asked(1), id="../mine", extension=extension)
    records.keep(task)
    records.keep(replace(task, extension=replace(extension, prompt="later")))
    records.keep(replace(asked(2), extension=Extension("1", "an extension, which Kling tells of")))
    (tmp_path / "asked" / "half.json").write_text('{"task": "x", "clip": 1')
    (tmp_path / "asked" / "odd.json").write_text('{"task": 1, "clip": "", "prompt": "", "negative_prompt": ""}')
    found = replace(generation, first_frame=tmp_path / "moved" / "ab.png")
    assert records.all() == {"../mine": replace(extension, own_id="", generation=found)}
    assert AskedRecords(tmp_path / "none", tmp_path).all() == {}


async def test_a_film_of_continued_takes_comes_back_after_its_library_was_lost(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    mine = Clip("file:pond", file=film(tmp_path / "Pond.mp4", range(30), size=(320, 180)))
    async with running(sandbox, data, continues=True) as engine:
        engine.library.put_clip(mine)
        first = await _continued(engine, Extension(mine.id, "A duck lands", generation=replace(MODEL, parent_end=CUT)))
        assert first.clip is not None
        second = await _continued(engine, Extension(first.clip.id, "Rain begins", generation=MODEL))
        parts = await _parts(engine, second)
    for file in data.glob("library.sqlite3*"):
        file.unlink()
    for render in data.glob("renders/*"):
        render.unlink()
    async with running(sandbox, data, continues=True) as engine:
        found = await _found(engine)
        assert {task.extension.prompt for task in found} >= {"A duck lands", "Rain begins"}
        for task in (second, first):
            state = engine.films.tree.take_of_task(task.id)
            assert state is not None
            assert state.take.way is Way.CONTINUE
        engine.library.put_clip(mine)  # dropped on the window again, it has the id that it had
        assert await _parts(engine, second) == parts
        assert parts[0].end == CUT
        state = engine.films.tree.take_of_task(second.id)
        assert state is not None
        assert [each.words for each in engine.films.tree.path_to(state.take.id).takes[1:]] == [
            "A duck lands",
            "Rain begins",
        ]


async def _continued(engine: Engine, extension: Extension) -> Task:
    task = engine.studio.submit(await engine.films.continuation.prepared(extension), SANDBOX)
    return await engine.until(task, lambda now: now.status is Status.SUCCEEDED and now.clip and now.clip.file, 60)


async def _parts(engine: Engine, task: Task) -> tuple[Part, ...]:
    """How it is joined, once its film is made."""
    tree, continuation = engine.films.tree, engine.films.continuation
    state = tree.take_of_task(task.id)
    assert state is not None
    continuation.want(state)
    await until(lambda: continuation.film_of(state), 30, "its film")
    return tree.parts(state.take.id)


async def _found(engine: Engine) -> list[Task]:
    """What *Find my takes* found, taken in and on the disk."""
    takes, asked_for = engine.shelf.takes, engine.films.continuation.asked.all
    history = History(engine.library, engine.accounts, engine.studio, lambda: takes, QUICK, asked=asked_for)
    history.read(SANDBOX)
    await until(lambda: [fact for fact in engine.facts if isinstance(fact, HistoryEnded)], 30, "the end")
    found = [task for fact in engine.facts if isinstance(fact, HistoryRead) for task in fact.found]
    ours = [task for task in found if task.extension.prompt]
    engine.facts.clear()
    history.adopt(ours)
    await until(lambda: [fact for fact in engine.facts if isinstance(fact, HistoryEnded)], 30, "the end")
    for task in ours:
        await engine.until(task, lambda now: now.clip and now.clip.file)
    return found
