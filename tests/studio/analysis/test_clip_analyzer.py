"""What is found in a clip is found once, kept for as long as the file is the same, and told as a fact."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pytest

from kling_desktop.domain.accounts import SANDBOX
from kling_desktop.domain.analysis import Measure, Verdict
from kling_desktop.domain.clips import Clip
from kling_desktop.domain.tasks import Extension, Status, Task
from kling_desktop.errors import FileTrouble
from kling_desktop.media.analysis import seams as room
from kling_desktop.media.analysis.seams import Hop, seams
from kling_desktop.media.frames import FrameReader, Stopped, open_frames
from kling_desktop.store.library import Library
from kling_desktop.studio.analysis import findings
from kling_desktop.studio.analysis.clip_analyzer import ClipAnalyzer
from kling_desktop.studio.feed import DriftMeasured, Fact, Feed, SeamsFound, StripMade, TailExamined
from tests.harness.engine import running
from tests.harness.media.reels import CLEAN, chain
from tests.harness.waiting import until

if TYPE_CHECKING:
    from kling_desktop.sandbox.server import Sandbox

Some = TypeVar("Some")
FIVE = (CLEAN, CLEAN, "colour", CLEAN, CLEAN)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = Library.open(tmp_path / "library.sqlite3")
    yield library
    library.close()


class Told:
    """A screening room and what it told."""

    def __init__(self, library: Library, folder: Path) -> None:
        self.facts: list[Fact] = []
        feed = Feed()
        feed.subscribe(self.facts.extend)
        self.room = ClipAnalyzer(library, feed, folder)

    async def last(self, kind: type[Some]) -> Some:
        await until(lambda: [fact for fact in self.facts if isinstance(fact, kind)])
        return [fact for fact in self.facts if isinstance(fact, kind)][-1]


@pytest.fixture
def told(library: Library, tmp_path: Path) -> Told:
    return Told(library, tmp_path)


def put_chain(library: Library, cache: Path, plants: tuple[str, ...]) -> tuple[list[Clip], list[int]]:
    """The clips of a chain in the library, base first, and where the last one's seams truly are."""
    clips: list[Clip] = []
    films = chain(cache, plants)
    for number, (reel, file) in enumerate(films):
        clip = Clip(f"clip-{number}", file=file, seconds=Decimal(f"{float(reel.seconds):.1f}"))
        if number:
            clip = replace(clip, parent_id=clips[-1].id, parent_seconds=clips[-1].seconds)
        extension = Extension(clip.parent_id or "none", f"Prompt {number}")
        task = Task(f"task-{number}", extension, SANDBOX, Status.SUCCEEDED, datetime(2026, 1, 1, tzinfo=UTC), clip=clip)
        library.put(task)
        clips.append(clip)
    return clips, films[-1][0].joins


async def test_every_seam_of_a_chain_is_found_and_the_bad_one_is_known(
    told: Told, library: Library, media_cache: Path
) -> None:
    clips, true = put_chain(library, media_cache, FIVE)
    await told.room.find_seams(clips[-1])
    fact = await told.last(SeamsFound)
    assert [seam.frame for seam in fact.seams] == true
    assert [seam.prompt for seam in fact.seams] == [f"Prompt {n}" for n in range(1, 6)]
    assert [seam.hop for seam in fact.seams if seam.verdict is Verdict.BAD] == [3]
    assert told.room.seams(clips[-1].id) == fact.seams


async def test_found_once_is_found_for_good(
    told: Told, library: Library, media_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clips, _ = put_chain(library, media_cache, (CLEAN,))
    clip = replace(clips[1], file=await asyncio.to_thread(copied, file_of(clips[1]), tmp_path / "take.mp4"))
    runs: list[Path | str] = []

    def noted(source: Path | str, stopped: Stopped) -> AbstractContextManager[FrameReader]:
        runs.append(source)
        return open_frames(source, stopped)

    monkeypatch.setattr(room, "open_frames", noted)
    await told.room.find_seams(clip)
    opened = len(runs)
    again = Told(library, tmp_path)  # as after a restart
    await again.room.find_seams(clip)
    assert len(runs) == opened > 0
    assert (await again.last(SeamsFound)).seams == (await told.last(SeamsFound)).seams


async def test_another_file_is_looked_at_anew(told: Told, library: Library, media_cache: Path, tmp_path: Path) -> None:
    clips, _ = put_chain(library, media_cache, (CLEAN,))
    clip = replace(clips[1], file=await asyncio.to_thread(copied, file_of(clips[1]), tmp_path / "take.mp4"))
    await told.room.find_seams(clip)
    await asyncio.to_thread((tmp_path / "take.mp4").write_bytes, b"")
    await told.room.find_seams(clip)
    await until(lambda: len(told.facts) == 2)
    fact = await told.last(SeamsFound)
    assert fact.trouble is not None
    assert fact.seams == ()


async def test_what_an_older_version_found_is_found_again(
    told: Told, library: Library, media_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clips, _ = put_chain(library, media_cache, (CLEAN, "colour"))
    await told.room.find_seams(clips[1])
    with monkeypatch.context() as older:
        older.setattr(findings, "VERSION", 1)
        await told.room.find_seams(clips[2])
    again = Told(library, tmp_path)
    await again.room.measure_again(nothing, pause=0)
    assert (await again.last(SeamsFound)).clip_id == clips[2].id
    await again.room.measure_again(nothing, pause=0)  # all is new now
    assert len(again.facts) == 1


async def test_what_is_asked_for_comes_before_what_is_only_outdated(
    told: Told, library: Library, media_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clips, _ = put_chain(library, media_cache, (CLEAN,))
    with monkeypatch.context() as older:
        older.setattr(findings, "VERSION", 1)
        await told.room.find_seams(clips[1])
    asked = asyncio.create_task(told.room.make_strip(clips[0]))
    await asyncio.sleep(0)
    await told.room.measure_again(nothing, pause=0)
    await asked
    await until(lambda: len(told.facts) == 3)
    assert [type(fact) for fact in told.facts] == [SeamsFound, StripMade, SeamsFound]


async def nothing(clip: Clip) -> None:
    """For clips that were joined to a film."""


def copied(source: Path, target: Path) -> Path:
    target.write_bytes(source.read_bytes())
    return target


def file_of(clip: Clip) -> Path:
    assert clip.file is not None
    return clip.file


async def test_a_child_takes_over_its_parents_seams(told: Told, library: Library, media_cache: Path) -> None:
    clips, true = put_chain(library, media_cache, (CLEAN, CLEAN))
    await told.room.find_seams(clips[1])
    (parents,) = (await told.last(SeamsFound)).seams
    marked = replace(parents, confidence=0.123)
    inherited = seams(file_of(clips[2]), _hops(clips), (marked,))
    assert inherited[0] == marked
    assert inherited[1].frame == true[1]


def _hops(clips: list[Clip]) -> tuple[Hop, ...]:
    return tuple(Hop(hop, float(parent.seconds or 0), 0.05, parent.file) for hop, parent in enumerate(clips[:-1], 1))


async def test_a_base_clip_has_none_and_a_clip_without_file_says_why(told: Told, library: Library) -> None:
    await told.room.find_seams(Clip("base"))
    assert await told.last(SeamsFound) == SeamsFound("base", ())
    await told.room.find_seams(Clip("take", parent_id="base"))
    await until(lambda: len(told.facts) == 2)
    assert (await told.last(SeamsFound)).trouble == FileTrouble("clip take has no file yet").trouble


async def test_drift_tail_and_strip_are_told_and_kept(told: Told, library: Library, media_cache: Path) -> None:
    clips, _ = put_chain(library, media_cache, (CLEAN, CLEAN))
    clip = clips[-1]
    await asyncio.gather(told.room.measure_drift(clip), told.room.examine_tail(clip), told.room.make_strip(clip))
    assert len((await told.last(DriftMeasured)).hops) == 3
    assert told.room.drift(clip.id) == (await told.last(DriftMeasured)).hops
    tail, strip = (await told.last(TailExamined)).tail, (await told.last(StripMade)).strip
    assert tail is not None
    assert strip is not None
    assert told.room.strip(clip.id) == strip
    for file in (tail.still, strip.file):
        assert await asyncio.to_thread(file.exists)
    before = await asyncio.to_thread(strip.file.stat)
    await told.room.make_strip(clip)
    assert (await asyncio.to_thread(strip.file.stat)).st_mtime_ns == before.st_mtime_ns
    await asyncio.to_thread(strip.file.unlink)
    assert told.room.strip(clip.id) is None
    await told.room.make_strip(clip)
    assert await asyncio.to_thread(strip.file.exists)


async def test_an_address_that_cannot_be_reached_is_told_as_such(told: Told) -> None:
    clip = Clip("9", url="http://127.0.0.1:9/a.mp4")
    await asyncio.gather(told.room.examine_tail(clip), told.room.make_strip(clip))
    for trouble in ((await told.last(TailExamined)).trouble, (await told.last(StripMade)).trouble):
        assert trouble is not None
        assert trouble.error == "Unreachable"


async def test_what_is_called_off_tells_nothing(told: Told, library: Library, media_cache: Path) -> None:
    clips, _ = put_chain(library, media_cache, FIVE)
    wish = asyncio.create_task(told.room.find_seams(clips[-1]))
    await asyncio.sleep(0)
    told.room.call_off(clips[-1].id)
    await wish
    assert told.facts == []
    assert told.room.seams(clips[-1].id) == ()
    await told.room.find_seams(clips[-1])
    assert len((await told.last(SeamsFound)).seams) == 5


async def test_what_is_called_off_at_the_last_moment_is_not_kept(
    told: Told, library: Library, media_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clips, _ = put_chain(library, media_cache, (CLEAN,))
    found = room.seams

    def called_off(*arguments: object) -> object:
        seen = found(*arguments)  # type: ignore[arg-type]  # as they come
        told.room.call_off(clips[-1].id)
        return seen

    monkeypatch.setattr(room, "seams", called_off)
    await told.room.find_seams(clips[-1])
    assert told.facts == []
    assert told.room.seams(clips[-1].id) == ()


async def test_a_closed_room_begins_nothing(told: Told, library: Library, media_cache: Path) -> None:
    clips, _ = put_chain(library, media_cache, (CLEAN,))
    told.room.close()
    await told.room.find_seams(clips[-1])
    assert told.room.seams(clips[-1].id) == ()


async def test_a_fault_that_the_sandbox_planted_is_found_in_the_kept_take(sandbox: Sandbox, tmp_path: Path) -> None:
    async with running(sandbox, tmp_path / "data") as engine:
        engine.tell("faults", on="create", do="seam", plant="brightness")
        task = engine.submit("A boat comes")
        done = await engine.until(task, lambda now: now.clip is not None and now.clip.file is not None)
        assert done.clip is not None
        engine.studio.background.run(engine.studio.analyzer.find_seams(done.clip))
        (fact,) = await until(lambda: [fact for fact in engine.facts if isinstance(fact, SeamsFound)])
        (true,) = engine.ask("seams")[done.clip.id]["seams"]
        (seam,) = engine.studio.analyzer.seams(done.clip.id)
    assert fact.seams == (seam,)
    assert abs(seam.frame - true["frame"]) <= 1
    assert seam.prompt == "A boat comes"
    assert [meter.measure for meter in seam.meters if meter.verdict is Verdict.BAD] == [Measure.BRIGHTNESS]


async def test_the_film_that_a_clip_was_joined_to_has_its_own_strip_while_the_clips_is_made(
    told: Told, library: Library, media_cache: Path
) -> None:
    clips, _ = put_chain(library, media_cache, (CLEAN, CLEAN))
    joined = replace(clips[0], file=clips[2].file)
    await asyncio.gather(told.room.make_strip(clips[0]), told.room.make_strip(joined), told.room.make_strip(joined))
    await until(lambda: len(told.facts) == 2, what="both strips, each once")
    strips = [fact.strip for fact in told.facts if isinstance(fact, StripMade)]
    assert len({strip.file for strip in strips if strip}) == 2, "who shows the one would take the other for it"
    assert told.room.strip(clips[0].id) == strips[1], "the film's stays"


async def test_what_was_found_while_the_parents_file_was_away_is_found_again_once_it_is_back(
    told: Told, library: Library, media_cache: Path, tmp_path: Path
) -> None:
    clips, (true,) = put_chain(library, media_cache, (CLEAN,))
    drive, file = tmp_path / "away.mp4", tmp_path / "parent.mp4"
    await asyncio.to_thread(copied, file_of(clips[0]), drive)
    library.put_clip(replace(clips[0], file=file))
    await told.room.find_seams(clips[1])
    (guessed,) = (await told.last(SeamsFound)).seams
    await asyncio.to_thread(drive.rename, file)
    await told.room.find_seams(clips[1])
    (found,) = told.room.seams(clips[1].id)
    assert (guessed.confidence < 1, found.frame, found.confidence) == (True, true, 1)
    await asyncio.to_thread(file.rename, drive)
    await told.room.find_seams(clips[1])
    assert told.room.seams(clips[1].id) == (found,), "what was found by it holds when it is away again"


async def test_a_place_found_by_a_parents_file_that_was_given_up_is_measured_again_where_it_is(
    told: Told, library: Library, media_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clips, (true,) = put_chain(library, media_cache, ("colour",))
    with monkeypatch.context() as older:
        older.setattr(findings, "VERSION", 1)
        await told.room.find_seams(clips[1])
    library.put_clip(replace(clips[0], file=None))
    await told.room.measure_again(nothing, pause=0)
    (seam,) = told.room.seams(clips[1].id)
    assert (seam.frame, seam.confidence, seam.verdict) == (true, 1, Verdict.BAD)
    await told.room.measure_again(nothing, pause=0)
    assert len(told.facts) == 2, "once is enough"
