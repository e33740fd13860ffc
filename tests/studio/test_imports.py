"""A video file that is brought in becomes a clip and the root of a film, and is itself never changed."""

from __future__ import annotations

import asyncio
import hashlib
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import av

from kling_desktop.domain.takes import Way
from kling_desktop.sandbox.server import Sandbox
from kling_desktop.studio.feed import FileImported, ImportMoved
from kling_desktop.studio.imports import Imports
from tests.harness.engine import Engine, running
from tests.harness.media.films import film
from tests.harness.waiting import until


@dataclass
class _Desk:
    """An engine, and the imports of its films."""

    engine: Engine
    imports: Imports
    links: bool = False

    async def brings(self, *paths: Path, count: int = 1) -> list[FileImported]:
        already = len(self.told())
        self.imports.bring(paths)
        await until(lambda: len(self.told()) >= already + count, 30, "the files to be brought in")
        return self.told()[already:]

    def told(self) -> list[FileImported]:
        return [fact for fact in self.engine.facts if isinstance(fact, FileImported)]


@asynccontextmanager
async def _desk(sandbox: Sandbox, folder: Path) -> AsyncIterator[_Desk]:
    async with running(sandbox, folder) as engine:
        studio = engine.studio
        desk: _Desk | None = None
        imports = Imports(
            engine.films.films,
            studio.clips.find,
            engine.library.clip_of_file,
            studio.clips.note,
            studio.feed,
            studio.background.run,
            lambda: engine.shelf.takes,
            lambda: desk is not None and desk.links,
        )
        desk = _Desk(engine, imports)
        yield desk
        imports.close()


async def test_a_file_becomes_a_copied_clip_and_a_root(sandbox: Sandbox, tmp_path: Path) -> None:
    mine = film(tmp_path / "Holiday at the lake.mp4")
    content = mine.read_bytes()
    async with _desk(sandbox, tmp_path / "data") as desk:
        (told,) = await desk.brings(mine)
        assert told.clip is not None
        assert told.take is not None
        assert told.is_new
        assert told.clip.id == "file:" + hashlib.sha256(content).hexdigest()
        assert told.clip.file == desk.engine.shelf.takes / "Holiday-at-the-lake.mp4"
        assert told.clip.file.read_bytes() == mine.read_bytes() == content
        assert told.clip.seconds == 1
        assert told.take.way is Way.ROOT
        made = desk.engine.films.films.film(told.take.film_id)
        assert made is not None
        assert made.name == "Holiday at the lake"
        path = desk.engine.films.tree.path(made.id)
        assert [state.take.clip_id for state in path.takes] == [told.clip.id]
        progress = [fact.progress for fact in desk.engine.facts if isinstance(fact, ImportMoved)]
        assert progress[-1] is None
        assert progress[-2] is not None
        assert progress[-2].received_bytes == progress[-2].total_bytes == 2 * len(content)


async def test_what_a_killed_import_left_goes_with_the_next_one(sandbox: Sandbox, tmp_path: Path) -> None:
    async with _desk(sandbox, tmp_path / "data") as desk:
        takes = desk.engine.shelf.takes
        takes.mkdir(parents=True, exist_ok=True)
        left, young = takes / ".0123abcd.part", takes / ".89abcdef.part"
        for file, written in ((left, time.time() - 2 * 86_400), (young, time.time())):
            file.write_text("half")
            os.utime(file, (written, written))
        await desk.brings(film(tmp_path / "mine.mp4"))
        assert (left.exists(), young.exists()) == (False, True)


async def test_the_same_file_again_is_the_same_film(sandbox: Sandbox, tmp_path: Path) -> None:
    mine = film(tmp_path / "mine.mp4")
    twin = tmp_path / "other name.mp4"
    twin.write_bytes(mine.read_bytes())
    async with _desk(sandbox, tmp_path / "data") as desk:
        first, second = await desk.brings(mine, twin, count=2)
        (third,) = await desk.brings(first.clip.file if first.clip and first.clip.file else tmp_path)
        assert first.take == second.take == third.take
        assert [told.is_new for told in (first, second, third)] == [True, False, False]
        assert len(list(desk.engine.shelf.takes.iterdir())) == 1
        assert desk.engine.films.films.count() == 1


async def test_a_linked_file_stays_where_it_lies(sandbox: Sandbox, tmp_path: Path) -> None:
    mine = film(tmp_path / "mine.mp4")
    async with _desk(sandbox, tmp_path / "data") as desk:
        desk.links = True
        (told,) = await desk.brings(mine)
        assert told.clip is not None
        assert told.clip.file == mine
        assert not desk.engine.shelf.takes.exists()


async def test_a_file_that_had_gone_is_brought_back_into_its_film(sandbox: Sandbox, tmp_path: Path) -> None:
    mine = film(tmp_path / "mine.mp4")
    async with _desk(sandbox, tmp_path / "data") as desk:
        (first,) = await desk.brings(mine)
        assert first.clip is not None
        assert first.clip.file is not None
        first.clip.file.unlink()
        (again,) = await desk.brings(mine)
        assert again.take == first.take
        assert again.clip is not None
        assert again.clip.file is not None
        assert again.clip.file.exists()
        assert desk.engine.films.films.count() == 1


async def test_a_folder_brings_its_videos_and_only_them(sandbox: Sandbox, tmp_path: Path) -> None:
    folder = tmp_path / "shoot"
    folder.mkdir()
    film(folder / "b.mp4", range(24))
    film(folder / "a.MP4", range(12))
    (folder / "notes.txt").write_text("no film")
    async with _desk(sandbox, tmp_path / "data") as desk:
        told = await desk.brings(folder, count=2)
        assert [each.file.name for each in told] == ["a.MP4", "b.mp4"]
        assert all(each.is_new for each in told)


async def test_each_bad_file_is_said_and_the_others_come(sandbox: Sandbox, tmp_path: Path) -> None:
    bad, empty = tmp_path / "bad.mp4", tmp_path / "empty"
    bad.write_text("no film at all")
    empty.mkdir()
    mine = film(tmp_path / "mine.mp4")
    async with _desk(sandbox, tmp_path / "data") as desk:
        told = await desk.brings(bad, empty, tmp_path / "absent.mp4", mine, count=4)
        names = [each.trouble.error if each.trouble else "" for each in told]
        assert names == ["VideoUnfit", "VideoUnfit", "FileGone", ""]
        assert len(list(desk.engine.shelf.takes.iterdir())) == 1


async def test_a_stopped_file_leaves_nothing(sandbox: Sandbox, tmp_path: Path) -> None:
    mine = film(tmp_path / "mine.mp4")
    with mine.open("ab") as data:  # bytes behind the film, so that there is time to stop
        data.write(bytes(64 << 20))
    async with _desk(sandbox, tmp_path / "data") as desk:
        desk.imports.bring([mine])
        await until(lambda: any(isinstance(fact, ImportMoved) for fact in desk.engine.facts), 30, "the file to be read")
        desk.imports.stop(mine)
        ended = ImportMoved(mine, None)
        await until(lambda: ended in desk.engine.facts, 30, "the reading to end")
        await asyncio.sleep(0)
        assert not desk.told()
        assert not desk.engine.films.films.count()


async def test_its_length_is_that_of_its_pictures_whatever_it_says_itself(sandbox: Sandbox, tmp_path: Path) -> None:
    async with _desk(sandbox, tmp_path / "data") as desk:
        (told,) = await desk.brings(_with_a_late_last_picture(tmp_path / "Dog.mp4"))
        assert told.clip is not None
        assert told.clip.seconds == Decimal("1.125")  # a second that it speaks of, and three pictures more


def _with_a_late_last_picture(target: Path) -> Path:
    """24 pictures, the last of which is due three later than the file's own length allows for."""
    with av.open(film(target.with_name("steady.mp4"), reordered=0)) as source, av.open(str(target), "w") as out:
        stream = source.streams.video[0]
        copied = out.add_stream_from_template(stream)
        packets = [packet for packet in source.demux(stream) if packet.pts is not None]
        step = (packets[1].pts or 0) - (packets[0].pts or 0)
        packets[-1].pts = (packets[-1].pts or 0) + 3 * step
        for packet in packets:
            packet.stream = copied
            out.mux(packet)
    return target
