"""Any frame of any film is found by its number; odd and broken files end in an error of ours, never in a crash."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from threading import Event

import av
import numpy as np
import pytest

from kling_desktop.errors import DownloadFailed, PictureChanges
from kling_desktop.media.analysis.drift import drift
from kling_desktop.media.analysis.seams import Hop, seams
from kling_desktop.media.analysis.tail import examine
from kling_desktop.media.frame_times import frame_times
from kling_desktop.media.frames import Abandoned, FrameReader, open_frames
from kling_desktop.media.strip import strip
from tests.benchmarks.seams import recoded
from tests.harness.media.films import film, number_of, voice_memo
from tests.media.test_frame_times import shifted

THREADS = Path("/proc/self/task")


def numbers(reader: FrameReader, first: int, last: int) -> list[tuple[int, int]]:
    """Index and shown number of frames."""
    return [
        (index, number_of(frame.to_ndarray(format="rgb24").astype(np.uint8)))
        for index, frame in reader.frames(first, last)
    ]


@pytest.mark.parametrize("spacing", [None, [1, 3, 2, 1, 5] * 20], ids=["even", "uneven"])
def test_frames_are_found_by_their_numbers(tmp_path: Path, spacing: list[int] | None) -> None:
    with open_frames(film(tmp_path / "clip.mp4", range(100), spacing=spacing)) as reader:
        assert reader.clock.frames == 100
        for first, last in ((0, 2), (47, 52), (97, 130), (10, 12)):
            assert numbers(reader, first, last) == [(n, n) for n in range(first, min(last, 99) + 1)]


def test_the_clock_knows_uneven_frames(tmp_path: Path) -> None:
    with open_frames(film(tmp_path / "clip.mp4", range(6), spacing=[1, 3, 2, 1, 5, 1])) as reader:
        assert [round(reader.clock.seconds_of(n) * 24) for n in range(6)] == [0, 1, 4, 6, 7, 12]
        assert reader.clock.index_at(4 / 24) == 2
        assert reader.clock.index_at(10 / 24) == 4
        assert reader.clock.index_at(100) == 6


def test_frames_that_a_trimmed_file_hides_do_not_count(tmp_path: Path) -> None:
    """Phones trim by an edit list: what lies before it is in the file, and is never shown."""
    file = shifted(film(tmp_path / "a.mp4", range(40), gop=40), tmp_path / "b.mp4", -12)
    table = frame_times(file)
    with open_frames(file) as reader:
        assert reader.clock.frames == table.count == 28
        assert [reader.clock.seconds_of(n) for n in range(28)] == pytest.approx([float(each) for each in table.seconds])
        assert numbers(reader, 0, 27) == [(n, n + 12) for n in range(28)]
        assert numbers(reader, 5, 6) == [(5, 17), (6, 18)]


def test_a_run_has_pictures_seconds_and_sharpness(tmp_path: Path) -> None:
    with open_frames(film(tmp_path / "clip.mp4", range(48), size=(320, 180))) as reader:
        run = reader.read(-5, 9, sharp=range(3, 5))
    assert (run.first, len(run), run.end) == (0, 10, 10)
    assert run.pictures.shape == (10, 90, 160, 3)
    assert run.seconds == pytest.approx(np.arange(10) / 24)
    assert [bool(value) for value in np.isfinite(run.sharpness)] == [n in (3, 4) for n in range(10)]
    assert np.array_equal(np.isfinite(run.grain), np.isfinite(run.sharpness)), "grain where sharpness is"


@pytest.mark.skipif(not THREADS.exists(), reason="only Linux lists a program's threads as files")
def test_pictures_are_reduced_in_the_thread_that_asks(tmp_path: Path) -> None:
    """So small a picture is done before others have been woken."""
    with open_frames(film(tmp_path / "clip.mp4", range(3), size=(640, 360))) as reader:
        ((_, frame),) = reader.frames(0, 0)
        before = {thread.name for thread in THREADS.iterdir()}
        reader.look_at(frame)
        assert {thread.name for thread in THREADS.iterdir()} <= before


def test_grain_is_measured_only_where_it_counts(tmp_path: Path) -> None:
    with open_frames(film(tmp_path / "clip.mp4", range(24), size=(320, 180))) as reader:
        run = reader.read(0, 9, grainy=range(6, 8))
    assert np.isfinite(run.sharpness).all()
    assert [bool(value) for value in np.isfinite(run.grain)] == [n in (6, 7) for n in range(10)]


def test_it_stops_when_nobody_waits(tmp_path: Path) -> None:
    stop = Event()
    with open_frames(film(tmp_path / "clip.mp4", range(60)), stop.is_set) as reader:
        frames = reader.frames(0, 59)
        assert next(frames)[0] == 0
        stop.set()
        with pytest.raises(Abandoned):
            next(frames)


LOOKS: dict[str, Callable[[Path, Path], object]] = {
    "seams": lambda file, _: seams(file, (Hop(1, 0.5, 0.5, file), Hop(2, 1.0, 0.05, None))),
    "drift": lambda file, _: drift(file, [12]),
    "tail": lambda file, still: examine(file, still),
    "strip": lambda file, still: strip(file, still),
}


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Films that play, though few expect them."""
    folder = tmp_path_factory.mktemp("odd")
    return {
        "one frame": film(folder / "one.mp4", range(1)),
        "two frames": film(folder / "two.mp4", range(2)),
        "uneven": film(folder / "uneven.mp4", range(40), spacing=[1, 4, 2, 1] * 10),
        "turned": film(folder / "turned.mp4", range(30), rotation=90),
        "10 bit": film(folder / "ten.mp4", range(30), pixels="yuv420p10le"),
        "4K": film(folder / "4k.mp4", range(8), size=(3840, 2160)),
        "tiny": film(folder / "tiny.mp4", range(30), size=(16, 16)),
        "sound too": film(folder / "sound.mp4", range(30), sound=True),
    }


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Files that are no film, or not all of one."""
    folder = tmp_path_factory.mktemp("broken")
    whole = film(folder / "whole.mp4", range(60), faststart=False).read_bytes()
    for name, content in {"empty": b"", "cut": whole[: len(whole) // 2], "text": b"<html>no</html>" * 99}.items():
        (folder / f"{name}.mp4").write_bytes(content)
    return {
        "voice": voice_memo(folder / "voice.mp4"),
        **{name: folder / f"{name}.mp4" for name in ("empty", "cut", "text")},
    }


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", ["one frame", "two frames", "uneven", "turned", "10 bit", "4K", "tiny", "sound too"])
def test_an_odd_film_is_looked_at(name: str, look: str, odd: dict[str, Path], tmp_path: Path) -> None:
    assert LOOKS[look](odd[name], tmp_path / "still.jpg") is not None


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", ["empty", "cut", "voice", "text"])
def test_a_broken_file_is_an_error_of_ours(name: str, look: str, broken: dict[str, Path], tmp_path: Path) -> None:
    with pytest.raises(DownloadFailed):
        LOOKS[look](broken[name], tmp_path / "still.jpg")
    assert not (tmp_path / "still.jpg").exists()


@pytest.mark.parametrize("look", LOOKS)
def test_a_film_with_a_hole_does_not_hang(look: str, tmp_path: Path) -> None:
    """Its index is whole, its pictures are not: what can be seen is seen, or it is no video."""
    file = film(tmp_path / "clip.mp4", range(96))
    content = bytearray(file.read_bytes())
    content[len(content) // 3 :] = bytes(len(content) - len(content) // 3)
    file.write_bytes(content)
    with suppress(DownloadFailed):
        assert LOOKS[look](file, tmp_path / "still.jpg") is not None


def test_reading_goes_on_without_seeking_and_skips_only_what_is_not_wanted(tmp_path: Path) -> None:
    clip = recoded(film(tmp_path / "clip.mp4", range(150), size=(320, 180)), tmp_path)  # with B-frames
    with open_frames(clip) as reader:
        passed: list[int] = []
        reader.passing = lambda index, _: passed.append(index)
        for first, last in ((20, 24), (25, 25), (60, 70), (40, 44), (100, 149)):
            assert numbers(reader, first, last) == [(index, index) for index in range(first, last + 1)]
        on_the_way = [index for index in passed if 26 <= index < 40]
        assert (
            0 < len(on_the_way) < 2 * 14
        )  # some that others are made from; gone through twice, for (40, 44) lies back
        assert passed[: passed.index(60)].count(25) == 1


@pytest.mark.parametrize("window", [(30, 40), (40, 60), (90, 99)])
def test_a_film_that_is_refreshed_little_by_little_is_read_from_further_back(
    window: tuple[int, int], tmp_path: Path
) -> None:
    """As live encoders write it: what its index calls key frames gives whole pictures only a second later."""
    clip = written_again(tmp_path, "libx264", {"x264-params": "intra-refresh=1:keyint=24:bframes=0"})
    with open_frames(clip) as reader:
        assert numbers(reader, *window) == [(index, index) for index in range(window[0], window[1] + 1)]


@pytest.mark.parametrize("codec", ["libsvtav1", "libvpx-vp9", "libx265"])
def test_no_picture_is_missing_in_films_of_other_codecs(codec: str, tmp_path: Path) -> None:
    """The decoder of AV1 leaves out for ever what it was told to leave out when it began."""
    clip = written_again(tmp_path, codec, {"crf": "30"})
    with open_frames(clip) as reader:
        for first, last in ((40, 60), (70, 80), (10, 12)):
            assert numbers(reader, first, last) == [(index, index) for index in range(first, last + 1)]


def written_again(folder: Path, codec: str, options: dict[str, str]) -> Path:
    """A film of a hundred numbers by another encoder."""
    target = folder / "again.mp4"
    with (
        av.open(str(film(folder / "first.mp4", range(100), size=(160, 96)))) as read,
        av.open(str(target), "w") as write,
    ):
        stream = write.add_stream(codec, rate=24, options=options)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = 160, 96, "yuv420p"
        for frame in read.decode(video=0):
            frame.pict_type = av.video.frame.PictureType.NONE
            write.mux(stream.encode(frame))
        write.mux(stream.encode())
    return target


def growing(path: Path) -> Path:
    """A film whose pictures are of another size from the middle on; each is a JPEG of its own."""
    with av.open(str(path), "w", format="matroska") as container:
        stream = container.add_stream("mjpeg", rate=24, width=320, height=180, pix_fmt="yuvj420p")
        for at, (width, height) in enumerate([(320, 180)] * 24 + [(160, 120)] * 24):
            encoder = av.CodecContext.create("mjpeg", "w")
            assert isinstance(encoder, av.VideoCodecContext)
            encoder.width, encoder.height, encoder.pix_fmt, encoder.framerate = width, height, "yuvj420p", Fraction(24)
            encoder.time_base = stream.time_base = Fraction(1, 24)
            picture = av.VideoFrame.from_ndarray(np.full((height, width, 3), 5 * at, np.uint8), format="rgb24")
            picture.pts = at
            for packet in [*encoder.encode(picture.reformat(format="yuvj420p")), *encoder.encode(None)]:
                packet.stream, packet.pts, packet.dts, packet.time_base = stream, at, at, Fraction(1, 24)
                container.mux(packet)
    return path


@pytest.mark.parametrize("look", LOOKS)
def test_a_picture_whose_size_changes_inside_a_film_is_told(look: str, tmp_path: Path) -> None:
    with suppress(PictureChanges, DownloadFailed):  # a look at one part of the film need not meet the other
        LOOKS[look](growing(tmp_path / "growing.mkv"), tmp_path / "still.jpg")


def test_pictures_of_two_sizes_are_not_compared(tmp_path: Path) -> None:
    with open_frames(growing(tmp_path / "growing.mkv")) as reader, pytest.raises(PictureChanges):
        reader.read(20, 30)
