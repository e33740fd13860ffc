"""Videos that no film can begin with, or that go while a film is made of them: each said in a sentence, none sent."""

from __future__ import annotations

import struct
from pathlib import Path

import av
import pytest
from av.video.reformatter import ColorTrc
from PySide6.QtWidgets import QAbstractButton

from kling_desktop.domain.tasks import Status
from tests.harness.media.films import film, picture, voice_memo
from tests.harness.words.reading import said
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator
from tests.journeys.extending.dropping import drops
from tests.journeys.films.lane import click_card

_CONTAINERS = (b"moov", b"trak", b"mdia", b"minf", b"stbl")


def encrypted(path: Path) -> Path:
    """A film whose picture has the sample entry `encv` with a `sinf` in it, as Common Encryption writes it."""
    film(path, faststart=False)  # moov stands last: nothing that follows it moves
    data = bytearray(path.read_bytes())
    entry = data.index(b"avc1", data.index(b"stsd")) - 4
    sinf = _box(b"sinf", _box(b"frma", b"avc1") + _box(b"schm", b"\0\0\0\0cenc\0\1\0\0"))
    end = entry + struct.unpack_from(">I", data, entry)[0]
    data[entry + 4 : entry + 8] = b"encv"
    data[end:end] = sinf
    for start in (*_above(data, entry), entry):
        struct.pack_into(">I", data, start, struct.unpack_from(">I", data, start)[0] + len(sinf))
    path.write_bytes(data)
    return path


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + kind + content


def _above(data: bytearray, place: int) -> list[int]:
    """Where the boxes begin that hold a place."""
    found = [data.index(b"stsd") - 4]
    for kind in _CONTAINERS:
        at = data.rindex(kind, 0, place) - 4
        found.append(at)
    return found


def hdr(path: Path) -> Path:
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=24)
        video.width, video.height, video.pix_fmt = 160, 90, "yuv420p"
        video.codec_context.color_trc = ColorTrc.ARIB_STD_B67
        for number in range(12):
            container.mux(video.encode(av.VideoFrame.from_ndarray(picture(number), format="rgb24")))
        container.mux(video.encode())
    return path


async def test_a_video_that_cannot_begin_a_film_is_said_in_a_sentence(start: Start, tmp_path: Path) -> None:
    bad = {
        encrypted(tmp_path / "bought.mp4"): "is protected",
        film(tmp_path / "photo.mp4", [0]): "single frame",
        voice_memo(tmp_path / "memo.mp4"): "no picture in this file",
        hdr(tmp_path / "sunset.mp4"): "is HDR",
    }
    async with start() as creator:
        for file, words in bad.items():
            drops(creator.window, file)
            await creator.sees(lambda said=f"{file.name}: ": said in creator.banners(), file.name)  # type: ignore[misc]  # a text
            assert words in creator.banners()
        assert creator.form.extension().video_id == ""


async def test_a_file_that_went_before_it_was_sent_is_said_and_nothing_is_sent(start: Start, tmp_path: Path) -> None:
    mine = film(tmp_path / "Pond.mp4", range(30), size=(320, 320))
    async with start() as creator:
        creator.program.preferences.change(links_imports=True)
        drops(creator.window, mine)
        await creator.sees(lambda: creator.form.extension().video_id.startswith("file:"), "the video in the form")
        elsewhere = mine.rename(tmp_path / "Elsewhere.mp4")
        creator.writes("A duck lands")
        creator.clicks(creator.form.button)
        note = creator.form.fields.refusal
        await creator.sees(note.isVisible, "why it is not sent")
        assert note.accessibleName().startswith("The file is no longer where it was")
        assert creator.newest() is None
        assert creator.form.extension().prompt == "A duck lands"
        drops(creator.window, elsewhere)
        await creator.sees(lambda: "Elsewhere.mp4 begins" in creator.banners(), "the file at its new place")
        assert creator.window.tree.tree.model().rowCount() == 1, "the film is the same"
        creator.clicks(creator.form.button)
        take = await creator.sees_take()
        assert take.extension.prompt == "A duck lands"
        assert creator.ask("audit")["totals"]["created"] == 1


async def test_a_clip_that_kling_has_deleted_is_continued_from_our_file(start: Start) -> None:
    async with start() as creator:
        creator.asks(creator.clip_id("dawn-lake"), "A paper boat drifts in")
        first = await creator.sees_take()
        assert first.clip is not None
        creator.tell("clock", seconds=31 * 86400)
        creator.form.offer(first.clip, None)
        creator.clicks(creator.form.fields.way.segments.findChildren(QAbstractButton)[1])
        creator.writes("The camera rises")
        creator.clicks(creator.form.button)
        await creator.sees(lambda: (task := creator.newest()) and task.id != first.id, "the second task")
        second = await creator.sees_take()
        assert second.status is Status.SUCCEEDED
        await creator.sees(lambda: len(creator.window.seams.seams) == 2, "the film with both seams")
        assert creator.ask("audit")["totals"]["created"] == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
async def test_a_disk_that_fills_while_the_film_is_made_is_said(start: Start, data_dir: Path, tmp_path: Path) -> None:
    mine = film(tmp_path / "Pond.mp4", range(30), size=(320, 320))
    async with start() as creator:
        drops(creator.window, mine)
        await creator.sees(lambda: creator.form.extension().video_id.startswith("file:"), "the video in the form")
        creator.writes("A duck lands")
        creator.clicks(creator.form.button)
        await creator.sees_take()
        await creator.sees(lambda: creator.window.seams.seams, "its film")
        render = _without_room(data_dir)
        await _looks_again(creator)
        await creator.sees(lambda: "disk is full" in creator.banners(), "the word that there is no room")
        await _looks_again(creator)
        await creator.sees(render.exists, "the film, once there is room")
        assert creator.ask("audit")["totals"]["created"] == 1


def _without_room(data_dir: Path) -> Path:
    """Throw the only film away, as a cache may be, and leave no room where it is made again."""
    (render,) = data_dir.rglob("renders/*.mp4")
    render.unlink()
    render.with_name(f"{render.name}.part").symlink_to("/dev/full")
    return render


async def _looks_again(creator: Creator) -> None:
    """At the root, and at the take that goes on from it."""
    for hop, begins in ((0, True), (1, False)):
        click_card(creator, hop)
        await creator.sees(
            lambda begins=begins: (clip := creator.viewer.clip) and clip.id.startswith("file:") is begins,  # type: ignore[misc]  # a claim
            f"hop {hop} on the stage",
        )


async def test_a_video_that_is_too_high_to_be_continued_is_said_in_our_own_words(start: Start, tmp_path: Path) -> None:
    async with start() as creator:
        drops(creator.window, film(tmp_path / "Tower.mp4", range(30), size=(320, 900)))
        await creator.sees(lambda: creator.form.extension().video_id.startswith("file:"), "the video in the form")
        creator.writes("A bird lands on top")
        creator.clicks(creator.form.button)
        await creator.sees(lambda: "too wide or too high to be continued" in said(creator.form), "why it is not sent")
        assert "Kling says" not in said(creator.form), "it was not asked"
        assert creator.ask("audit")["totals"]["created"] == 0
