"""Where a copy can be cut: at key frames, and where no kept frame looks beyond."""

from __future__ import annotations

import errno
import os
import sys
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.stream import VideoStream

from kling_desktop.errors import ExportUnfit, NotAVideo
from kling_desktop.export.exporting import export
from kling_desktop.export.film import ExportFilm, ExportPart
from kling_desktop.export.formats.stream_copy import HELD, StreamCopy
from kling_desktop.export.request import Request
from kling_desktop.media.frame_times import frame_times
from kling_desktop.media.frames import Abandoned
from kling_desktop.media.writing.stream_copy import copy_range, copy_stream, read_copy
from tests.harness.media.films import film, number_of
from tests.harness.room import room_for


@pytest.mark.parametrize("first", [0, 5, 24, 30, 47])
@pytest.mark.parametrize("end", [25, 48, 50, 72])
def test_what_is_copied_holds_what_was_wanted_and_plays_whole(tmp_path: Path, first: int, end: int) -> None:
    if first >= end:
        return
    clip = film(tmp_path / "clip.mp4", range(72), sound=True)  # with frames that look ahead
    found = copy_range(clip, Fraction(first, 24), Fraction(end, 24))
    assert found.first == first // 24 * 24
    assert end <= found.end <= min(72, end + 3)
    assert found.exact == ((found.first, found.end) == (first, end))
    stretch, meant = copy_stream(clip, tmp_path / "out.mp4", Fraction(first, 24), Fraction(end, 24), {})
    times, copied = read_copy(tmp_path / "out.mp4")
    assert stretch == found
    assert times.count == frame_times(tmp_path / "out.mp4").count == found.frames
    assert not meant.differs(copied)
    with av.open(str(tmp_path / "out.mp4")) as container:
        assert len(list(container.decode(video=0))) == found.frames


@pytest.mark.parametrize("reordered", [0, 2])
@pytest.mark.parametrize("end", [1, 2, 3])
def test_a_stretch_whose_pictures_come_unevenly_is_copied(tmp_path: Path, end: int, reordered: int) -> None:
    """As telephones and screens are recorded; its last picture is held as long as in the film, where that can be."""
    clip = film(tmp_path / "clip.mp4", range(48), spacing=[1] * 12 + [6] * 36, gop=12, reordered=reordered)
    whole = ExportFilm("Fox", (ExportPart(clip, Fraction(1, 2), Fraction(end), clip_id="1"),))
    done = export(Request(whole, StreamCopy.key, tmp_path / "out", Path("fox.mp4")))
    stretch = copy_range(clip, Fraction(1, 2), Fraction(end))
    source, copy = frame_times(clip), frame_times(done.file)
    dues = [source.time_of(number) - stretch.start for number in range(stretch.first, stretch.end)]
    assert [float(due) for due in copy.seconds] == pytest.approx([float(due) for due in dues], abs=0.001)
    is_held = abs(copy.end - (stretch.until - stretch.start)) < Fraction(1, 100)
    assert is_held or reordered
    assert (HELD not in done.notes) is is_held


def test_nothing_is_no_stretch(tmp_path: Path) -> None:
    clip = film(tmp_path / "clip.mp4", range(24))
    with pytest.raises(NotAVideo):
        copy_range(clip, Fraction(1, 2), Fraction(1, 2))


def test_one_other_picture_is_told(tmp_path: Path) -> None:
    numbers = list(range(24))
    clip = film(tmp_path / "clip.mp4", numbers)
    numbers[20] = 77
    other = film(tmp_path / "other.mp4", numbers)
    meant = copy_stream(clip, tmp_path / "out.mp4", Fraction(0), None, {})[1]
    copy_stream(other, tmp_path / "out.mp4", Fraction(0), None, {})
    assert meant.differs(read_copy(tmp_path / "out.mp4")[1])


def _cut_without_coding(clip: Path, target: Path, frames: int) -> Path:
    """The clip without its first frames, as FFmpeg cuts one: still in the file, hidden by an edit list."""
    with av.open(str(clip)) as source, av.open(str(target), "w") as container:
        track = container.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.pts is not None and packet.dts is not None and packet.time_base is not None:
                ticks = round(Fraction(frames, 24) / packet.time_base)
                packet.pts, packet.dts, packet.stream = packet.pts - ticks, packet.dts - ticks, track
                container.mux(packet)
    return target


def _numbers(file: Path) -> list[int]:
    with av.open(str(file)) as container:
        return [number_of(frame.to_ndarray(format="rgb24").astype(np.uint8)) for frame in container.decode(video=0)]


@pytest.mark.parametrize(("first", "end"), [(0, None), (0, 30), (5, 30), (20, None)])
def test_what_an_edit_list_hides_is_kept_hidden(tmp_path: Path, first: int, end: int | None) -> None:
    clip = _cut_without_coding(film(tmp_path / "whole.mp4", range(72)), tmp_path / "clip.mp4", 10)
    assert _numbers(clip) == list(range(10, 72))
    until = None if end is None else Fraction(end, 24)
    stretch, meant = copy_stream(clip, tmp_path / "out.mp4", Fraction(first, 24), until, {})
    times, copied = read_copy(tmp_path / "out.mp4")
    assert not meant.differs(copied)
    assert times.count == stretch.frames
    assert _numbers(tmp_path / "out.mp4") == list(range(10 + stretch.first, 10 + stretch.end))
    assert stretch.first == (14 if first == 20 else 0)


def test_a_hidden_end_that_shown_pictures_need_is_refused(tmp_path: Path) -> None:
    clip = film(tmp_path / "clip.mp4", range(48))
    data = bytearray(clip.read_bytes())
    where = data.find(b"elst")  # ISO/IEC 14496-12, 8.6.6: version, count, then the length that is shown
    data[where + 12 : where + 16] = round(1000 * 39 / 24).to_bytes(4, "big")
    clip.write_bytes(data)
    assert _numbers(clip) == list(range(39))
    with pytest.raises(ExportUnfit, match="hides"):
        copy_stream(clip, tmp_path / "out.mp4", Fraction(0), None, {})


@pytest.mark.parametrize(("codec", "fits"), [("libvpx-vp9", True), ("libsvtav1", True), ("libvpx", False)])
def test_what_mp4_can_hold_is_copied_and_the_rest_refused(tmp_path: Path, codec: str, fits: bool) -> None:
    clip = tmp_path / "clip.webm"
    with av.open(str(clip), "w") as container:
        track = container.add_stream(codec, rate=24)
        assert isinstance(track, VideoStream)
        track.width, track.height, track.pix_fmt = 160, 96, "yuv420p"
        for number in range(12):
            picture = av.VideoFrame(160, 96, "yuv420p")
            picture.pts, picture.time_base = number, Fraction(1, 24)
            container.mux(track.encode(picture))
        container.mux(track.encode())
    if not fits:
        with pytest.raises(ExportUnfit, match="MP4 cannot hold"):
            copy_stream(clip, tmp_path / "out.mp4", Fraction(0), None, {})
        return
    meant = copy_stream(clip, tmp_path / "out.mp4", Fraction(0), None, {})[1]
    times, found = read_copy(tmp_path / "out.mp4")
    assert times.count == 12
    assert not meant.differs(found)


@pytest.mark.parametrize(
    ("tag", "suffix", "kept"),
    [("hvc1", ".mov", "hvc1"), ("hev1", ".mp4", "hev1"), ("", ".mkv", "hvc1")],
    ids=["as telephones write it", "told among its pictures", "Matroska"],
)
@pytest.mark.parametrize("first", [0, 13])
def test_hevc_is_copied_under_a_name_that_every_player_takes(
    tmp_path: Path, tag: str, suffix: str, kept: str, first: int
) -> None:
    clip = tmp_path / f"clip{suffix}"
    with av.open(str(clip), "w") as container:
        options = {"x265-params": "log-level=none:pools=1:frame-threads=1", "preset": "ultrafast", "g": "12"}
        track = container.add_stream("libx265", rate=24, options=options)
        assert isinstance(track, VideoStream)
        track.width, track.height, track.pix_fmt = 160, 96, "yuv420p"
        if tag:
            track.codec_context.codec_tag = tag
        for number in range(24):
            picture = av.VideoFrame.from_ndarray(np.full((144, 160), 9 * number, np.uint8), format="yuv420p")
            picture.pts, picture.time_base = number, Fraction(1, 24)
            container.mux(track.encode(picture))
        container.mux(track.encode())
    stretch, meant = copy_stream(clip, tmp_path / "out.mp4", Fraction(first, 24), None, {})
    times, found = read_copy(tmp_path / "out.mp4")
    assert times.count == stretch.frames
    assert not meant.differs(found)
    with av.open(str(tmp_path / "out.mp4")) as container:
        assert container.streams.video[0].codec_context.codec_tag == kept


@pytest.mark.skipif(sys.platform == "win32", reason="the system has no such bound")
@pytest.mark.parametrize("sound", [False, True])
@pytest.mark.parametrize("share", [0.3, 0.97])
def test_a_disk_that_ends_is_not_taken_for_a_fault_of_the_source(tmp_path: Path, sound: bool, share: float) -> None:
    clip = film(tmp_path / "clip.mp4", range(400), sound=sound)
    copy_stream(clip, tmp_path / "out.mp4", Fraction(0), None, {})
    size = (tmp_path / "out.mp4").stat().st_size
    with room_for(int(size * share)), pytest.raises(OSError, match=os.strerror(errno.EFBIG)):
        copy_stream(clip, tmp_path / "out.mp4", Fraction(0), None, {})
    with room_for(int(size * share)), pytest.raises(Abandoned):  # the file cannot be closed then
        copy_stream(clip, tmp_path / "out.mp4", Fraction(0), None, {}, stopped=iter([*[False] * 60, True]).__next__)
