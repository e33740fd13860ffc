"""The table of presentation times: exactly the pictures that a decoder shows, whatever the file looks like."""

from __future__ import annotations

import gc
import itertools
import math
import os
import struct
import sys
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kling_desktop.errors import FileTrouble, NotAVideo, Truncated
from kling_desktop.media.frame_times import FrameTimes, frame_times
from tests.harness.media.films import film, number_of, picture, voice_memo


def shown(file: Path) -> list[int]:
    """The numbers on the pictures that a decoder gives out, in order."""
    with av.open(str(file)) as container:
        return [number_of(frame.to_ndarray(format="rgb24").astype(np.uint8)) for frame in container.decode(video=0)]


def stamps(file: Path) -> list[Fraction]:
    """When those pictures are due, from the first."""
    with av.open(str(file)) as container:
        base = container.streams.video[0].time_base
        times = [(frame.pts or 0) * base for frame in container.decode(video=0) if base is not None]
    return [time - times[0] for time in times]


def shifted(source: Path, target: Path, frames: int, options: dict[str, str] | None = None, form: str = "mp4") -> Path:
    """A copy whose pictures begin that many frames later; with less than none an edit list hides the first ones."""
    options = {"avoid_negative_ts": "disabled"} | (options or {})
    with av.open(str(source)) as read, av.open(str(target), "w", format=form, container_options=options) as write:
        kept = {stream.index: write.add_stream_from_template(stream) for stream in read.streams}
        for packet in read.demux():
            if packet.dts is None or packet.pts is None:
                continue
            if packet.stream.type == "video":
                rate = packet.stream.average_rate
                assert rate is not None
                ticks = round(frames / rate / packet.time_base)
                packet.pts, packet.dts = packet.pts + ticks, packet.dts + ticks
            packet.stream = kept[packet.stream.index]
            write.mux(packet)
    return target


def test_each_picture_has_its_time(tmp_path: Path) -> None:
    times = frame_times(film(tmp_path / "a.mp4", range(30), fps=24))
    assert times.count == 30
    assert times.seconds == tuple(Fraction(n, 24) for n in range(30))
    assert times.fps == 24
    assert (times.end, times.step, times.begin) == (Fraction(30, 24), Fraction(1, 24), Fraction(0))


def test_pictures_of_unequal_length(tmp_path: Path) -> None:
    spacing = [1, 1, 2, 1, 7, 1, 1, 3, 1, 1]
    file = film(tmp_path / "a.mp4", range(10), fps=30, spacing=spacing)
    times = frame_times(file)
    assert list(times.seconds) == stamps(file)
    assert [times.frame_at(Fraction(tick, 30)) for tick in range(18)] == [
        n for n, ticks in enumerate(spacing[:-1]) for _ in range(ticks)
    ]
    assert times.fps == 30


def test_pictures_hidden_by_an_edit_list_do_not_count(tmp_path: Path) -> None:
    source = film(tmp_path / "a.mp4", range(40), fps=24, gop=40, sound=True)
    file = shifted(source, tmp_path / "b.mp4", -12)
    assert shown(file) == list(range(12, 40))
    times = frame_times(file)
    assert times.count == 28
    assert list(times.seconds) == stamps(file)
    assert times.end == Fraction(28, 24)


def test_a_picture_that_begins_late(tmp_path: Path) -> None:
    file = shifted(film(tmp_path / "a.mp4", range(24), fps=24, sound=True), tmp_path / "b.mp4", 3)
    times = frame_times(file)
    assert times.count == 24
    assert (times.seconds[0], times.begin) == (Fraction(0), Fraction(3, 24))


@pytest.mark.parametrize(("name", "form"), [("b.mp4", "mp4"), ("b.mkv", "matroska"), ("b.mov", "mov")])
def test_fragments_and_other_containers(tmp_path: Path, name: str, form: str) -> None:
    options = {"movflags": "frag_keyframe+empty_moov"} if form == "mp4" else {}
    source = film(tmp_path / "a.mp4", range(60), fps=24, gop=12)
    file = shifted(source, tmp_path / name, 0, options, form)
    times = frame_times(file)
    assert times.count == len(shown(file)) == 60
    assert list(times.seconds) == stamps(file)
    assert times.fps == 24


def test_sound_longer_than_the_picture_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "a.mp4"
    quiet = film(tmp_path / "q.mp4", range(24), fps=24, sound=True)
    with av.open(str(quiet)) as read, av.open(str(file), "w") as write:
        kept = {stream.index: write.add_stream_from_template(stream) for stream in read.streams}
        for packet in read.demux():
            if packet.dts is None or (packet.stream.type == "video" and (packet.pts or 0) * packet.time_base >= 0.4):
                continue
            packet.stream = kept[packet.stream.index]
            write.mux(packet)
    times = frame_times(file)
    assert times.count == len(shown(file)) < 12
    assert float(times.end) < 0.5


def test_the_hidden_pictures_of_vp8_do_not_count(tmp_path: Path) -> None:
    source, file = tmp_path / "a.webm", tmp_path / "b.webm"
    with av.open(str(source), "w", format="webm") as write:
        stream = write.add_stream("libvpx", rate=24, options={"deadline": "realtime", "cpu-used": "8"})
        stream.width, stream.height, stream.pix_fmt = 160, 90, "yuv420p"
        for number in range(30):
            image = av.VideoFrame.from_ndarray(picture(number), format="rgb24")
            image.pts, image.time_base = number, Fraction(1, 24)
            write.mux(stream.encode(image.reformat(format="yuv420p")))
        write.mux(stream.encode())
    with av.open(str(source)) as read, av.open(str(file), "w", format="webm") as write:
        copy = write.add_stream_from_template(read.streams.video[0])
        for number, packet in enumerate(packet for packet in read.demux(video=0) if packet.size):
            data = bytearray(bytes(packet))
            data[0] &= ~0x10 if number % 5 == 3 else 0xFF
            hidden = av.Packet(bytes(data))
            hidden.pts, hidden.dts, hidden.time_base = packet.pts, packet.dts, packet.time_base
            hidden.is_keyframe, hidden.stream = packet.is_keyframe, copy
            write.mux(hidden)
    assert frame_times(file).count == len(shown(file)) == 24


def test_a_film_of_a_second_long_clock_rounded_to_milliseconds(tmp_path: Path) -> None:
    source = film(tmp_path / "a.mp4", range(60), fps=30)
    assert frame_times(shifted(source, tmp_path / "b.mkv", 0, form="matroska")).fps == 30


def test_one_picture(tmp_path: Path) -> None:
    times = frame_times(film(tmp_path / "a.mp4", range(1), fps=24))
    assert (times.count, times.frame_at(9)) == (1, 0)
    assert (times.end, times.fps) == (Fraction(1, 24), Fraction(24))


def cut(file: Path) -> None:
    file.write_bytes(film(file.with_name("whole.mp4"), faststart=False).read_bytes()[:900])


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda file: None, FileTrouble),
        (lambda file: file.mkdir(), FileTrouble),
        (lambda file: file.write_bytes(b"no film" * 100), NotAVideo),
        (voice_memo, NotAVideo),
        (cut, Truncated),
    ],
)
def test_what_is_no_film(tmp_path: Path, make: Callable[[Path], object], error: type[Exception]) -> None:
    make(tmp_path / "x.mp4")
    with pytest.raises(error):
        frame_times(tmp_path / "x.mp4")


def test_a_name_that_no_file_can_have() -> None:
    with pytest.raises(FileTrouble):
        frame_times(Path("a\0b"))


def test_a_table_is_kept_until_the_file_changes(tmp_path: Path) -> None:
    file = film(tmp_path / "a.mp4", range(10))
    first = frame_times(file)
    assert frame_times(file) is first
    film(file, range(12))
    os.utime(file, ns=(5, 5))
    assert frame_times(file).count == 12


def test_an_encrypted_track_is_an_error_of_ours_or_a_table(tmp_path: Path) -> None:
    """The sample entry renamed as for encrypted samples: FFmpeg may refuse it, but nothing foreign comes out."""
    file = film(tmp_path / "a.mp4", range(10))
    file.write_bytes(file.read_bytes().replace(b"avc1" + struct.pack(">IH", 0, 0), b"encv" + struct.pack(">IH", 0, 0)))
    try:
        assert frame_times(file).count == 10
    except NotAVideo:
        return


TICKS = st.lists(st.integers(1, 4000), min_size=0, max_size=60)


@given(gaps=TICKS, start=st.integers(-5000, 5000), last=st.integers(1, 4000), base=st.sampled_from([600, 1000, 12288]))
def test_times_and_frames_agree(gaps: list[int], start: int, last: int, base: int) -> None:
    ticks = [start]
    for gap in gaps:
        ticks.append(ticks[-1] + gap)
    times = FrameTimes(tuple(ticks), ticks[-1] + last, Fraction(1, base))
    for frame in range(times.count):
        assert times.frame_at(times.time_of(frame)) == times.frame_at(float(times.time_of(frame))) == frame
        assert times.frame_near(float(times.time_of(frame))) == frame
        assert times.seconds[frame] == times.time_of(frame)
        assert times.frame_of(ticks[frame]) == frame
    assert times.time_of(times.count) == times.time_of(times.count + 9) == times.end
    assert times.time_of(-3) == 0
    assert all(earlier < later for earlier, later in pairwise((*times.seconds, times.end)))
    assert times.fps > 0


def test_times_outside_are_held_within() -> None:
    times = FrameTimes((0, 10, 20), 30, Fraction(1, 240))
    assert [times.frame_at(at) for at in (-1, math.nan, -math.inf, math.inf, 99, 30 / 240)] == [0, 0, 0, 2, 2, 2]
    assert [times.frame_near(at) for at in (-1, math.nan, math.inf, 0.02, 0.0209, 0.062)] == [0, 0, 2, 0, 1, 1]


@pytest.mark.parametrize(
    ("steps", "base", "rate"),
    [
        ([1000, 2000] * 20, 24_000, 24),
        ([33, 34, 33] * 20, 1000, 30),
        ([500, 1000, 1500] * 20, 15_000, 30),
        ([1, *[1000, 2000] * 20], 24_000, 24),
        ([5, 300, 300] * 20, 1000, 60),
        ([1000] * 40, 24_000, 24),
        ([1000], 24_000, 24),
    ],
    ids=["every second twice as long", "whole ms", "three lengths", "a stray stamp", "quicker than any", "even", "one"],
)  # fmt: skip
def test_each_picture_of_an_uneven_film_is_seen_at_its_steady_rate(steps: list[int], base: int, rate: int) -> None:
    ticks = tuple(itertools.accumulate(steps, initial=0))
    times = FrameTimes(ticks, ticks[-1] + steps[-1], Fraction(1, base))
    assert times.steady_fps == rate
    long_enough = {n for n, step in enumerate(steps) if Fraction(step, base) >= Fraction(1, rate)}
    shown = {times.frame_at(Fraction(n, rate)) for n in range(int(times.end * rate))}
    assert long_enough <= shown | {len(steps) - 1}


def test_a_table_takes_little_more_than_the_numbers_in_it(tmp_path: Path) -> None:
    """Many of them are kept; a film of three minutes has thousands of pictures."""
    table = frame_times(film(tmp_path / "long.mp4", range(240)))
    apart = {id(tick): sys.getsizeof(tick) for tick in gc.get_referents(table.ticks) if isinstance(tick, int)}
    assert sys.getsizeof(table.ticks) + sum(apart.values()) < 12 * 240
