"""Where a copy can be cut: at key frames, and where no kept frame looks beyond."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from kling_desktop.errors import NotAVideo
from kling_desktop.media.frame_times import frame_times
from kling_desktop.media.writing.stream_copy import copy_range, copy_stream
from kling_desktop.media.writing.thumbs import distance
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
    ends = copy_stream(clip, tmp_path / "out.mp4", found, {})
    assert frame_times(tmp_path / "out.mp4").count == found.frames
    assert distance(ends.first, ends.last) > 0 or found.frames == 1


def test_nothing_is_no_stretch(tmp_path: Path) -> None:
    clip = film(tmp_path / "clip.mp4", range(24))
    with pytest.raises(NotAVideo):
        copy_range(clip, Fraction(1, 2), Fraction(1, 2))
