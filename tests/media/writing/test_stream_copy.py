"""Where a copy can be cut: at key frames, and where no kept frame looks beyond."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import pytest
from av.video.stream import VideoStream

from kling_desktop.errors import ExportUnfit, NotAVideo
from kling_desktop.media.frame_times import frame_times
from kling_desktop.media.writing.stream_copy import copy_range, copy_stream, read_copy
from tests.harness.films import film


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
