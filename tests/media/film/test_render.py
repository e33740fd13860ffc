"""Films out of parts: no picture added or lost, exact colours, sound where it belongs, whole or not at all."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from kling_desktop.domain.takes import ColourMap
from kling_desktop.errors import FileTrouble, NotAVideo, Truncated
from kling_desktop.media.film.frames import film_frames, read_ahead
from kling_desktop.media.film.plan import FilmPart, film_plan
from kling_desktop.media.film.render import Encoding, render
from kling_desktop.media.film.sound import film_sound, sound_of
from kling_desktop.media.frame_times import frame_times
from kling_desktop.media.frames import Abandoned
from tests.harness.media.continuations import Scene, rgb_pictures, write_clip
from tests.harness.media.films import film, lose_last_picture, number_of, picture

FAST = Encoding(preset="ultrafast", crf=10)
LOSSLESS = Encoding(preset="ultrafast", crf=0)


def numbers(file: Path) -> list[int]:
    with av.open(str(file)) as container:
        return [number_of(frame.to_ndarray(format="rgb24").astype(np.uint8)) for frame in container.decode(video=0)]


def at(frame: int, fps: int = 24) -> Fraction:
    return Fraction(frame, fps)


def test_the_join_adds_no_frame_and_loses_none(tmp_path: Path) -> None:
    parent, child = film(tmp_path / "a.mp4", range(30), gop=7), film(tmp_path / "b.mp4", range(100, 140), gop=40)
    grandchild = film(tmp_path / "c.mp4", range(200, 220))
    plan = film_plan([FilmPart(parent, end=at(27)), FilmPart(child, at(2), at(35)), FilmPart(grandchild, at(1))])
    assert plan.seams == (27, 60)
    out = render(plan, tmp_path / "out.mp4", FAST)
    assert numbers(out) == [*range(27), *range(102, 135), *range(201, 220)]
    times = frame_times(out)
    assert times.fps == 24
    assert (times.count, times.seconds[-1]) == (plan.frames, at(plan.frames - 1))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.mp4", "b.mp4", "c.mp4", "out.mp4"]


def test_key_frames_are_the_film_s_own_and_not_those_of_the_originals(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "a.mp4", [Scene(1, 160, 90).view(n) for n in range(60)])
    busy = film(tmp_path / "b.mp4", [7] * 60, gop=3)
    out = render(film_plan([FilmPart(busy), FilmPart(clip)]), tmp_path / "o.mp4", Encoding("veryfast", 20))
    with av.open(str(out)) as container:
        keys = [packet.is_keyframe for packet in container.demux(video=0) if packet.size]
    assert keys[0]
    assert sum(keys) <= 7  # one a second, and one more at the cut


def test_originals_are_not_touched(tmp_path: Path) -> None:
    file = film(tmp_path / "a.mp4")
    before = file.read_bytes()
    render(film_plan([FilmPart(file), FilmPart(file, at(3))]), tmp_path / "out.mp4", FAST)
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("fps", "shown"),
    [
        (30, [100, 101, 103, 104, 105, 106, 108, 109]),
        (12, [100, 100, 101, 101, 102, 102, 103, 103]),
        (48, [100, 102, 104, 106, 108, 110, 112, 114]),
    ],
)
def test_other_rates_are_conformed_by_time(tmp_path: Path, fps: int, shown: list[int]) -> None:
    root = film(tmp_path / "a.mp4", range(4))
    child = film(tmp_path / "b.mp4", range(100, 100 + fps), fps=fps)
    out = numbers(render(film_plan([FilmPart(root), FilmPart(child)]), tmp_path / "out.mp4", FAST))
    assert len(out) == 4 + 24
    assert out[4:12] == shown
    assert all(later - earlier in range(4) for earlier, later in pairwise(out[4:]))


def test_a_picture_that_stands_keeps_standing(tmp_path: Path) -> None:
    root = film(tmp_path / "a.mp4", range(2))
    child = film(tmp_path / "b.mp4", range(100, 106), spacing=[1, 1, 10, 1, 1, 1])
    out = numbers(render(film_plan([FilmPart(root), FilmPart(child)]), tmp_path / "out.mp4", FAST))
    assert out[2:] == [100, 101, *[102] * 10, 103, 104, 105]


def test_the_root_gives_the_size_and_others_keep_their_shape(tmp_path: Path) -> None:
    root, tall = film(tmp_path / "a.mp4", range(2), size=(320, 180)), film(tmp_path / "b.mp4", range(2), size=(90, 160))
    out = rgb_pictures(render(film_plan([FilmPart(root), FilmPart(tall)]), tmp_path / "o.mp4", FAST))
    assert [picture.shape for picture in out] == [(180, 320, 3)] * 4
    beside = out[3][60:, :100]
    assert beside.max() < 12  # black beside a picture that is shown whole


@pytest.mark.parametrize(
    ("name", "codec", "pixels", "sound"),
    [
        ("b.webm", "libvpx-vp9", "yuv420p", "libopus"),
        ("b.mkv", "libx265", "yuv420p10le", "aac"),
        ("b.mov", "libx264", "yuvj420p", "aac"),
        ("b.mp4", "libx264", "yuv422p", "aac"),
    ],
)
def test_whatever_a_camera_writes_is_conformed(tmp_path: Path, name: str, codec: Any, pixels: str, sound: Any) -> None:
    child, options = tmp_path / name, {"x265-params": "log-level=none"} if codec == "libx265" else {}
    with av.open(str(child), "w") as write:
        video = write.add_stream(codec, rate=24, options=options)
        video.width, video.height, video.pix_fmt = 160, 90, pixels
        audio = write.add_stream(sound, rate=48_000, layout="mono")
        for number in range(12):
            image = av.VideoFrame.from_ndarray(picture(100 + number), format="rgb24").reformat(format=pixels)
            image.pts, image.time_base = number, Fraction(1, 24)
            write.mux(video.encode(image))
        write.mux(video.encode())
        wave = np.full((1, 24_000), 0.2, np.int16 if sound == "libopus" else np.float32)
        frame = av.AudioFrame.from_ndarray(wave, format="s16" if sound == "libopus" else "fltp", layout="mono")
        frame.sample_rate, frame.pts = 48_000, 0
        write.mux(audio.encode(frame))
        write.mux(audio.encode())
    plan = film_plan([FilmPart(film(tmp_path / "a.mp4", range(4))), FilmPart(child, at(1))])
    out = render(plan, tmp_path / "o.mp4", FAST)
    assert numbers(out) == [*range(4), *range(101, 112)]
    white = rgb_pictures(out)[-1][40:50].max()
    assert white > 245  # neither range nor matrix is mistaken
    assert heard(out).shape[1] > 24_000


def test_odd_sides_lose_a_row_and_are_not_scaled(tmp_path: Path) -> None:
    root = film(tmp_path / "a.mp4", [5], size=(161, 91), pixels="yuv444p")
    plan = film_plan([FilmPart(root)])
    assert (plan.shape.width, plan.shape.height) == (160, 90)
    assert numbers(render(plan, tmp_path / "o.mp4", FAST)) == [5]


def test_colours_stay_and_maps_are_applied(tmp_path: Path) -> None:
    scene = Scene(3)
    clip = write_clip(tmp_path / "a.mp4", [scene.view(n) for n in range(3)], crf=1)
    plan = film_plan([FilmPart(clip), FilmPart(clip, colour=ColourMap((0.8, 0.0, 0.02)))])
    out = render(plan, tmp_path / "o.mp4", LOSSLESS)  # nothing but a colour can differ then
    given, shown = rgb_pictures(clip), rgb_pictures(out)
    assert np.array_equal(shown[:3], given)
    assert shown[4].mean() == pytest.approx(0.8 * given[1].mean() + 0.02 * 255, abs=1.5)
    with av.open(str(out)) as container:
        context = container.streams.video[0].codec_context
        assert (context.colorspace, context.color_trc, context.color_primaries, context.color_range) == (1, 1, 1, 1)


def heard(file: Path) -> NDArray[np.float32]:
    with av.open(str(file)) as container:
        return np.concatenate([frame.to_ndarray() for frame in container.decode(audio=0)], axis=1).astype(np.float32)


def pitch(samples: NDArray[np.float32], rate: int = 48_000) -> float:
    spectrum = np.abs(np.fft.rfft(samples[0] * np.hanning(samples.shape[1])))
    return float(np.argmax(spectrum) * rate / samples.shape[1])


def loud(samples: NDArray[np.float32]) -> float:
    return float(np.sqrt((samples**2).mean()))


def tone(path: Path, hertz: float, frames: int = 24) -> Path:
    return write_clip(path, [Scene(1, 160, 90).view(n) for n in range(frames)], tone_hz=hertz)


def test_each_part_is_heard_and_a_silent_one_is_silent(tmp_path: Path) -> None:
    low, high = tone(tmp_path / "a.mp4", 440), tone(tmp_path / "c.mp4", 1320)
    plan = film_plan([FilmPart(low), FilmPart(film(tmp_path / "b.mp4")), FilmPart(high, at(2))])
    out = heard(render(plan, tmp_path / "o.mp4", FAST))
    assert out.shape[1] == pytest.approx(float(plan.seconds) * 48_000, abs=1024)
    first, second, third = out[:, 4_000:40_000], out[:, 50_000:90_000], out[:, 100_000:136_000]
    assert [pitch(first), pitch(third)] == pytest.approx([440, 1320], abs=3)
    assert loud(first) == pytest.approx(0.5 / np.sqrt(2), rel=0.05)
    assert loud(second) < 0.002


def test_a_film_without_sound_has_no_sound(tmp_path: Path) -> None:
    plan = film_plan([FilmPart(film(tmp_path / "a.mp4"))])
    assert sound_of(plan) is None
    with av.open(str(render(plan, tmp_path / "o.mp4", FAST))) as container:
        assert not container.streams.audio


@pytest.mark.parametrize("start", [0, 2])
def test_sound_is_exactly_as_long_as_the_pictures_and_joined_without_a_click(tmp_path: Path, start: int) -> None:
    one, two = tone(tmp_path / "a.mp4", 440), tone(tmp_path / "b.mp4", 500)
    plan = film_plan([FilmPart(one, end=at(20)), FilmPart(two, at(start))])
    sound = sound_of(plan)
    assert sound is not None
    frames = list(film_sound(plan, sound))
    assert [frame.pts for frame in frames] == [1024 * n for n in range(len(frames))]
    samples = np.concatenate([frame.to_ndarray() for frame in frames], axis=1).astype(np.float32)
    assert samples.shape[1] == sound.samples == round(plan.frames / 24 * 48_000)
    steps = np.abs(np.diff(samples[0]))
    assert steps.max() < 1.1 * 0.5 * 2 * np.pi * 500 / 48_000 * np.sqrt(2)  # no faster than the two tones together
    if start:  # with something to fade into, the loudness stays
        seam = 40_000
        assert loud(samples[:, seam - 1_440 : seam]) == pytest.approx(0.5 / np.sqrt(2), rel=0.3)


def test_sound_stays_with_its_picture(tmp_path: Path) -> None:
    """A burst at a known time of the child is heard at that time of the film; the encoder's priming is gone."""
    child = tmp_path / "b.mp4"
    with av.open(str(film(tmp_path / "q.mp4", range(48)))) as read, av.open(str(child), "w") as write:
        copy = write.add_stream_from_template(read.streams.video[0])
        audio = write.add_stream("aac", rate=48_000, layout="stereo")
        for packet in read.demux(video=0):
            if packet.dts is not None:
                packet.stream = copy
                write.mux(packet)
        wave = np.zeros((2, 96_000), np.float32)
        wave[:, 48_000:52_800] = np.sin(np.arange(4_800) * 0.3)
        frame = av.AudioFrame.from_ndarray(wave, format="fltp", layout="stereo")
        frame.sample_rate, frame.pts = 48_000, 0
        write.mux(audio.encode(frame))
        write.mux(audio.encode(None))
    plan = film_plan([FilmPart(film(tmp_path / "a.mp4", range(24))), FilmPart(child, at(12))])
    out = heard(render(plan, tmp_path / "o.mp4", FAST))
    begins = int(np.argmax(np.abs(out[0]) > 0.5))
    assert begins / 48_000 == pytest.approx(1 + 0.5, abs=0.003)


def test_progress_rises_to_the_end(tmp_path: Path) -> None:
    told: list[float] = []
    render(film_plan([FilmPart(film(tmp_path / "a.mp4", range(50)))]), tmp_path / "o.mp4", FAST, progress=told.append)
    assert told == sorted(told)
    assert (told[0], told[-1]) == (0.0, 1.0)
    assert len(told) > 20


def test_a_render_given_up_leaves_nothing(tmp_path: Path) -> None:
    plan = film_plan([FilmPart(film(tmp_path / "a.mp4", range(200)))])
    told: list[float] = []
    with pytest.raises(Abandoned):
        render(plan, tmp_path / "o.mp4", FAST, progress=told.append, stopped=lambda: len(told) > 5)
    assert [path.name for path in tmp_path.iterdir()] == ["a.mp4"]
    assert not [thread for thread in threading.enumerate() if thread.name == "film-reader"]


def test_a_failed_render_leaves_the_old_one(tmp_path: Path) -> None:
    good, bad = film(tmp_path / "a.mp4"), film(tmp_path / "b.mp4", faststart=True)
    out = render(film_plan([FilmPart(good)]), tmp_path / "o.mp4", FAST)
    kept = out.read_bytes()
    plan = film_plan([FilmPart(good), FilmPart(bad)])
    bad.unlink()
    with pytest.raises(FileTrouble):
        render(plan, out, FAST)
    assert out.read_bytes() == kept


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FileTrouble):
        render(film_plan([FilmPart(film(tmp_path / "a.mp4"))]), tmp_path / "file" / "o.mp4", FAST)


def test_a_damaged_middle_keeps_the_length(tmp_path: Path) -> None:
    file = film(tmp_path / "a.mp4", range(48), gop=48)
    data = bytearray(file.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 400] = bytes(400)
    file.write_bytes(data)
    plan = film_plan([FilmPart(file)])
    try:
        out = render(plan, tmp_path / "o.mp4", FAST)
    except (NotAVideo, Truncated):
        return
    assert frame_times(out).count == 48


def test_a_last_picture_that_is_missing_is_told_and_the_one_before_stands_for_it(tmp_path: Path) -> None:
    file = film(tmp_path / "a.mp4", range(60))
    lose_last_picture(file)
    told: list[bool] = []
    assert len(list(film_frames(film_plan([FilmPart(file)]), on_damage=lambda: told.append(True)))) == 60
    assert told


@pytest.mark.parametrize(
    "part", [lambda file: FilmPart(file, at(24)), lambda file: FilmPart(file, at(9), at(9))], ids=["behind", "empty"]
)
def test_a_part_that_shows_nothing_is_refused(tmp_path: Path, part: Callable[[Path], FilmPart]) -> None:
    with pytest.raises(NotAVideo):
        film_plan([part(film(tmp_path / "a.mp4"))])


def test_a_film_without_parts() -> None:
    with pytest.raises(ValueError, match="part"):
        film_plan([])


def test_frames_can_be_had_from_any_place_on(tmp_path: Path) -> None:
    plan = film_plan([FilmPart(film(tmp_path / "a.mp4", range(30))), FilmPart(film(tmp_path / "b.mp4", range(30, 60)))])
    for first in (0, 17, 29, 30, 59):
        with closing(film_frames(plan, first)) as frames:
            frame = next(frames)
            assert frame.pts == first
            assert number_of(frame.to_ndarray(format="rgb24").astype(np.uint8)) == first
    assert list(film_frames(plan, 60)) == []


def test_an_error_of_the_reader_is_raised_where_it_is_used() -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise FileTrouble("gone")

    items = read_ahead(broken(), 3)
    assert next(items) == 1
    with pytest.raises(FileTrouble):
        next(items)
