"""Every format keeps one contract: all frames, right ends, right length, tags, and nothing when it is stopped."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.reformatter import ColorRange, Colorspace
from numpy.typing import NDArray
from PIL import Image, ImageSequence

from kling_desktop.errors import ExportDiffers, ExportUnfit
from kling_desktop.export.exporting import export
from kling_desktop.export.film import ExportFilm, ExportPart
from kling_desktop.export.formats import FORMATS
from kling_desktop.export.formats.dnxhr import DNXHR
from kling_desktop.export.formats.format import Format, Order, compare, plan_of
from kling_desktop.export.formats.h264 import ANYWHERE, NEAR_LOSSLESS
from kling_desktop.export.formats.loops import AVIF, GIF, WEBP, LoopFormat
from kling_desktop.export.formats.original import Original
from kling_desktop.export.formats.png_sequence import PngSequence
from kling_desktop.export.formats.stream_copy import StreamCopy
from kling_desktop.export.options import Options
from kling_desktop.export.request import Request
from kling_desktop.media.decoded.turning import Turn
from kling_desktop.media.frame_times import frame_times
from kling_desktop.media.frames import Abandoned
from kling_desktop.media.writing.read_back import read_film, tags_of
from kling_desktop.media.writing.thumbs import Ends
from tests.export.films import joined, whole
from tests.harness.media.films import film, make_film

EVERY = pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.key)
FILMS = (".mp4", ".mov")


def _fitting(form: Format, folder: Path) -> ExportFilm:
    sample = whole(folder)
    if form is DNXHR:  # it needs more pixels
        clip = make_film(folder / "large.mp4", frames=30, sound=True, height=288)
        sample = ExportFilm(sample.name, (replace(sample.parts[0], file=clip),))
    return sample


@EVERY
def test_a_whole_clip_comes_out_whole(form: Format, tmp_path: Path) -> None:
    sample = _fitting(form, tmp_path)
    if reason := form.unfit(sample, Options()):
        assert form is DNXHR
        assert "256" in reason
        return
    told: list[tuple[int, int]] = []
    target = tmp_path / f"out{form.suffix}"
    tags = {"title": "Fox", "kling_desktop": '{"film": "Fox"}', "AIGC": '{"Label": "1"}'}
    written = form.write(Order(sample, target, tags=tags, progress=lambda done, all_: told.append((done, all_))))
    loop = form.suffix in (".gif", ".webp", ".avif")
    assert written.frames == (15 if loop else 30)
    assert abs(written.seconds - Fraction(30, 24)) < Fraction(1, 20)
    assert told[-1][0] == told[-1][1]
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    if form.suffix in FILMS:
        back = read_film(target)
        assert back.frames == 30
        assert back.sound_seconds is not None
        if not form.keeps_bytes:
            assert tags.items() <= tags_of(target).items()


@EVERY
@pytest.mark.parametrize("options", [Options(), Options(longest=48), Options(aspect=Fraction(1))], ids=str)
def test_the_size_that_is_said_is_the_size_that_is_written(form: Format, options: Options, tmp_path: Path) -> None:
    sample = _fitting(form, tmp_path)
    if form.unfit(sample, options):
        return
    target = tmp_path / f"out{form.suffix}"
    order = Order(sample, target, options)
    form.write(order)
    assert form.size(order) == _size_of(next(iter(sorted(target.glob("*.png"))), target))


def _size_of(file: Path) -> tuple[int, int]:
    if file.suffix not in FILMS:
        with Image.open(file) as picture:
            return picture.size
    with av.open(str(file)) as container:
        video = container.streams.video[0]
        return video.width, video.height


@EVERY
def test_stopped_it_gives_up_at_once(form: Format, tmp_path: Path) -> None:
    sample = _fitting(form, tmp_path)
    if form.unfit(sample, Options()):
        return
    with pytest.raises(Abandoned):
        form.write(Order(sample, tmp_path / f"out{form.suffix}", stopped=lambda: True))


@EVERY
def test_several_parts_are_joined_to_the_frame_or_refused_with_a_reason(form: Format, tmp_path: Path) -> None:
    sample = joined(tmp_path)
    if reason := form.unfit(sample, Options()):
        assert reason.endswith(".")
        return
    written = form.write(Order(sample, tmp_path / f"out{form.suffix}"))
    assert written.seconds == pytest.approx(35 / 24, abs=0.05)
    if form.suffix in FILMS:
        assert written.frames == 16 + 19


def test_the_original_is_the_same_bytes(tmp_path: Path) -> None:
    sample = whole(tmp_path)
    Original().write(Order(sample, tmp_path / "out.mp4"))
    assert (tmp_path / "out.mp4").read_bytes() == sample.parts[0].file.read_bytes()
    cut = ExportFilm("x", (replace(sample.parts[0], end=Fraction(1, 2)),))
    assert "cut" in Original().unfit(cut, Options())


def test_a_copied_stretch_says_where_its_cuts_fall(tmp_path: Path) -> None:
    clip = make_film(tmp_path / "long.mp4", frames=96, sound=True)  # a key frame every 24
    part = replace(whole(tmp_path).parts[0], file=clip, start=Fraction(30, 24), end=Fraction(60, 24))
    written = StreamCopy().write(Order(ExportFilm("x", (part,)), tmp_path / "out.mp4"))
    assert written.frames >= 36
    assert "1.000 s" in written.notes[0]
    exact = replace(part, start=Fraction(48, 24), end=None)
    written = StreamCopy().write(Order(ExportFilm("x", (exact,)), tmp_path / "out2.mp4"))
    assert (written.frames, written.notes) == (48, ())


@pytest.mark.parametrize("crop", [True, False])
@pytest.mark.parametrize(("aspect", "most"), [((9, 16), None), ((1, 1), 64), ((16, 9), None)])
def test_another_shape_is_cropped_or_barred(
    tmp_path: Path, aspect: tuple[int, int], most: int | None, crop: bool
) -> None:
    options = Options(Fraction(*aspect), crop, most)
    ANYWHERE.write(Order(whole(tmp_path), tmp_path / "out.mp4", options))
    back = read_film(tmp_path / "out.mp4")
    assert back.width / back.height == pytest.approx(aspect[0] / aspect[1], abs=0.04)
    assert most is None or max(back.width, back.height) == most
    if not crop and aspect == (9, 16):
        assert back.first[0].max() < 6  # black above
    if crop:
        assert back.first[0].max() > 20  # the rim above is red in every picture


@pytest.mark.parametrize("form", [GIF, WEBP, AVIF], ids=lambda form: form.key)
def test_a_loop_plays_for_another_decoder(form: Format, tmp_path: Path) -> None:
    options = Options(longest=96, rate=Fraction(8))
    form.write(Order(whole(tmp_path), tmp_path / f"out{form.suffix}", options))
    with Image.open(tmp_path / f"out{form.suffix}") as image:
        count = len(list(ImageSequence.Iterator(image)))
        assert (count, max(image.size)) == (10, 96)
        if form is not AVIF:
            assert image.info["loop"] == 0
        durations = []
        for number in range(count):
            image.seek(number)
            image.load()
            durations.append(image.info["duration"])
        assert sum(durations) == pytest.approx(1250, abs=20)


def test_a_seamless_loop_begins_as_it_ends(tmp_path: Path) -> None:
    sample = whole(tmp_path)
    jump, closed = [
        GIF.write(Order(sample, tmp_path / name, Options(rate=Fraction(24), blend_seconds=blend)))
        for name, blend in (("a.gif", Fraction(0)), ("b.gif", Fraction(1, 4)))
    ]
    assert (jump.frames, closed.frames) == (30, 24)


def test_the_sequence_has_one_picture_for_each_frame(tmp_path: Path) -> None:
    PngSequence().write(Order(joined(tmp_path), tmp_path / "out"))
    names = sorted(file.name for file in (tmp_path / "out").iterdir())
    assert (names[0], names[-1], len(names)) == ("frame_0001.png", "frame_0035.png", 35)
    with Image.open(tmp_path / "out" / names[0]) as image:
        assert image.size == (160, 90)


def test_what_differs_is_an_error(tmp_path: Path) -> None:
    sample = whole(tmp_path)
    NEAR_LOSSLESS.write(Order(sample, tmp_path / "out.mp4"))
    back, plan = read_film(tmp_path / "out.mp4"), plan_of(sample)
    good = Ends(back.first, back.last if back.last is not None else back.first)
    compare(back, good, 30, plan.seconds, Fraction(1, 48), 3)
    for frames, seconds, ends in (
        (31, plan.seconds, good),
        (30, plan.seconds + 1, good),
        (30, plan.seconds, Ends(good.last, good.first)),
    ):
        with pytest.raises(ExportDiffers):
            compare(back, ends, frames, seconds, Fraction(1, 48), 3)


@pytest.mark.parametrize("form", [StreamCopy(), NEAR_LOSSLESS], ids=lambda form: form.key)
def test_a_turned_film_stays_turned(form: Format, tmp_path: Path) -> None:
    clip = film(tmp_path / "turned.mp4", range(12), rotation=90)
    form.write(Order(ExportFilm("x", (ExportPart(clip),)), tmp_path / "out.mp4"))
    back = read_film(tmp_path / "out.mp4")
    upright = back.height > back.width
    assert (back.turn == Turn(90)) != upright


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.key)
def test_a_film_of_one_frame(form: Format, tmp_path: Path) -> None:
    one = ExportFilm("x", (ExportPart(make_film(tmp_path / "one.mp4", frames=1, height=288)),))
    if not form.unfit(one, Options()):
        assert form.write(Order(one, tmp_path / f"out{form.suffix}")).frames == 1


def test_a_variable_rate_is_kept_without_coding(tmp_path: Path) -> None:
    clip = film(tmp_path / "odd.mp4", range(10), spacing=[1, 3, 1, 1, 5, 1, 1, 2, 1, 1])
    one = ExportFilm("x", (ExportPart(clip),))
    assert StreamCopy().write(Order(one, tmp_path / "out.mp4")).frames == 10
    assert frame_times(tmp_path / "out.mp4").seconds == frame_times(clip).seconds


COLOURS = ((200, 30, 30), (30, 180, 30), (30, 30, 200), (230, 220, 40), (40, 200, 200), (128, 128, 128))


def _vivid(path: Path, *, tagged: bool) -> ExportFilm:
    """Large enough that its colours are BT.709's, whether it says so or not; below, more vivid than RGB can be."""
    image = np.repeat(np.array(COLOURS, np.uint8), 214, axis=0)[None, :1280].repeat(720, axis=0)
    with av.open(str(path), "w") as container:
        track = container.add_stream("libx264", rate=24, options={"preset": "ultrafast", "crf": "5"})
        track.width, track.height, track.pix_fmt = 1280, 720, "yuv420p"
        if tagged:
            context = track.codec_context
            context.color_primaries = context.color_trc = context.colorspace = context.color_range = 1
        for number in range(4):
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame = frame.reformat(format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG)
            for plane, level in zip(frame.planes, (130, 240, 16), strict=True):
                rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
                rows[plane.height * 2 // 3 : plane.height] = level
            frame.pts, frame.time_base = number, Fraction(1, 24)
            container.mux(track.encode(frame))
        container.mux(track.encode())
    return ExportFilm("Fox", (ExportPart(path, clip_id="1"),))


def _seen(file: Path) -> NDArray[np.uint8]:
    """Its first picture in RGB, as others show it."""
    if file.is_dir() or file.suffix in (".gif", ".webp", ".avif"):
        with Image.open(min(file.glob("*.png")) if file.is_dir() else file) as image:
            return np.asarray(image.convert("RGB"))
    with av.open(str(file)) as container:
        frame = next(container.decode(video=0))
        return np.asarray(frame.to_ndarray(format="rgb24", src_colorspace=Colorspace.ITU709), np.uint8)


@pytest.mark.parametrize("tagged", [True, False], ids=["says so", "says nothing"])
@EVERY
def test_vivid_colours_are_the_same_for_another_program(form: Format, tagged: bool, tmp_path: Path) -> None:
    film = _vivid(tmp_path / "film.mp4", tagged=tagged)
    made = export(Request(film, form.key, tmp_path / "out", Path(f"fox{form.suffix or '.mp4'}"))).file
    picture = _seen(made).astype(int)
    height, width = picture.shape[:2]
    for number, colour in enumerate(COLOURS):
        middle = picture[height // 3, round((number + 0.5) * width / len(COLOURS))]
        assert np.abs(middle - colour).max() <= 12, f"{colour} is {middle}"


@pytest.mark.parametrize("form", [GIF, WEBP, AVIF], ids=lambda form: form.key)
def test_a_loop_smaller_than_its_first_picture_is_refused_beforehand(form: LoopFormat, tmp_path: Path) -> None:
    sample = whole(tmp_path)
    alone = form._bytes_of_first(sample, Options())
    assert "as small as" in form.unfit(sample, Options(most_bytes=alone - 1))
    assert not form.unfit(sample, Options(most_bytes=alone))


def test_a_loop_that_has_become_too_large_is_given_up_in_the_middle(tmp_path: Path) -> None:
    noise, told = np.random.default_rng(1), list[tuple[int, int]]()
    with av.open(str(tmp_path / "noise.mp4"), "w") as container:
        track = container.add_stream("libx264", rate=12, options={"preset": "ultrafast", "crf": "10"})
        track.width, track.height, track.pix_fmt = 320, 180, "yuv420p"
        for number in range(24):
            frame = av.VideoFrame.from_ndarray(noise.integers(0, 256, (270, 320), np.uint8), format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, 12)
            container.mux(track.encode(frame))
        container.mux(track.encode())
    sample, options = ExportFilm("Fox", (ExportPart(tmp_path / "noise.mp4"),)), Options(most_bytes=300_000)
    order = Order(sample, tmp_path / "out.gif", options, progress=lambda *step: told.append(step))
    assert not GIF.unfit(sample, options)
    with pytest.raises(ExportUnfit, match="as small as"):
        GIF.write(order)
    assert 24 < told[-1][0] < told[-1][1] == 48, "after some of its pictures, which follow those for the palette"
