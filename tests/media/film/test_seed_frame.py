"""Seed frames: the right picture of any file, without a shift of colours, in a form that Kling takes."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.reformatter import Colorspace

from kling_desktop.domain.takes import ColourMap
from kling_desktop.errors import FrameTooLong, HdrVideo, NotAVideo
from kling_desktop.media.film.conform import FilmShape, film_shape
from kling_desktop.media.film.pictures import read_picture, rgb_of
from kling_desktop.media.film.seed_frame import RAW_LIMIT_BYTES, candidates, last_before, take_seed, write_seed
from kling_desktop.media.frame_times import frame_times
from tests.harness.media.continuations import Image, Scene, rgb_pictures, softened, write_clip, yuv_of
from tests.harness.media.films import film, number_of, voice_memo

SHAPE = FilmShape(320, 180, Fraction(24))


def picture_of(file: Path) -> Image:
    return read_picture(file).reformat(format="rgb24").to_ndarray().astype(np.float32)


@pytest.mark.parametrize("gop", [4, 100])
def test_the_very_last_picture(tmp_path: Path, gop: int) -> None:
    seed = take_seed(film(tmp_path / "a.mp4", range(53), gop=gop, sound=True), tmp_path / "seed", SHAPE)
    assert number_of(picture_of(seed.file).astype(np.uint8)) == 52
    assert (seed.frame, seed.seconds, seed.end) == (52, Fraction(52, 24), Fraction(53, 24))
    assert seed.file == tmp_path / "seed.png"


@pytest.mark.parametrize(("before", "number"), [(20, 19), (1, 0), (0, 0), (52.5, 52), (53, 52), (999, 52)])
def test_the_last_picture_before_the_end_of_a_part(tmp_path: Path, before: float, number: int) -> None:
    file = film(tmp_path / "a.mp4", range(53))
    seed = take_seed(file, tmp_path / "seed", SHAPE, before=Fraction(before) / 24)
    assert (
        number_of(picture_of(seed.file).astype(np.uint8))
        == number
        == last_before(frame_times(file), Fraction(before) / 24)
    )


def test_pictures_of_unequal_length(tmp_path: Path) -> None:
    file = film(tmp_path / "a.mp4", range(20), spacing=[1, 3, 1, 5] * 5)
    assert number_of(picture_of(take_seed(file, tmp_path / "s", SHAPE).file).astype(np.uint8)) == 19


@pytest.mark.parametrize("tagged", [True, False], ids=["tagged", "untagged"])
def test_no_shift_of_colours_over_ten_hops(tmp_path: Path, tagged: bool) -> None:
    """Each hop encodes the seed of the one before, losslessly but for 4:2:0: the tool itself must not drift."""
    image = Scene(3, 304, 720).view(0)  # as high as films whose untagged colours are those of HD
    first: Image | None = None
    for hop in range(10):
        file = write_clip(tmp_path / f"{hop}.mp4", [image], crf=0, tagged=tagged)
        seed = take_seed(file, tmp_path / f"{hop}", film_shape(file))
        image = picture_of(seed.file)
        first = image if first is None else first
        (decoded,) = rgb_pictures(file)
        assert np.abs((image - decoded).mean(axis=(0, 1))).max() <= 0.2
    assert first is not None
    assert np.abs((image - first).mean(axis=(0, 1))).max() <= 0.2


def test_small_untagged_films_are_bt601(tmp_path: Path) -> None:
    image = Scene(3).view(0)
    file = write_clip(tmp_path / "a.mp4", [image], crf=0, tagged=False, matrix=Colorspace.ITU601)
    shift = (picture_of(take_seed(file, tmp_path / "s", SHAPE).file) - _enlarged(image)).mean(axis=(0, 1))
    assert np.abs(shift).max() < 0.5


def _enlarged(image: Image) -> Image:
    frame = av.VideoFrame.from_ndarray(np.rint(image).astype(np.uint8), format="rgb24")
    return frame.reformat(534, 300, interpolation="BICUBIC").to_ndarray().astype(np.float32)


def test_the_map_of_the_film_so_far_is_in_it(tmp_path: Path) -> None:
    file = write_clip(tmp_path / "a.mp4", [Scene(3).view(0)])
    plain = picture_of(take_seed(file, tmp_path / "a", SHAPE).file)
    darker = picture_of(take_seed(file, tmp_path / "b", SHAPE, colour=ColourMap((0.8, 0.0, 0.0))).file)
    assert darker.mean() / plain.mean() == pytest.approx(0.8, abs=0.03)


def test_a_small_film_is_enlarged_to_the_least_that_kling_takes(tmp_path: Path) -> None:
    seed = take_seed(film(tmp_path / "a.mp4", size=(160, 90)), tmp_path / "s", FilmShape(160, 90, Fraction(24)))
    rows, columns, _ = picture_of(seed.file).shape
    assert (rows, columns) == (300, 534)


def test_a_film_too_wide_for_kling_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    file = film(tmp_path / "a.mp4", size=(480, 180))
    with pytest.raises(FrameTooLong):
        take_seed(file, tmp_path / "seed", film_shape(file))
    assert {path.name for path in tmp_path.iterdir()} == {"a.mp4"}


@pytest.mark.parametrize(("rotation", "across"), [(90, True), (-90, True), (180, False), (0, False)])
def test_a_turned_film_stands_upright(tmp_path: Path, rotation: int, across: bool) -> None:
    """The pictures' top tenth is red: after turning by 90° counter-clockwise it lies on the left."""
    file = film(tmp_path / "a.mp4", range(3), size=(320, 180), rotation=rotation)
    shape = film_shape(file)
    assert (shape.width, shape.height) == ((180, 320) if across else (320, 180))
    image = picture_of(take_seed(file, tmp_path / "s", shape).file)
    rows, columns, _ = image.shape
    red = {
        0: image[: rows // 20],
        180: image[-rows // 20 :],
        90: image[:, : columns // 20],
        -90: image[:, -columns // 20 :],
    }
    mean = red[rotation].mean(axis=(0, 1))
    assert mean[0] > 180
    assert mean[1:].max() < 70


def test_a_root_of_8k_makes_a_film_of_4k(tmp_path: Path) -> None:
    shape = film_shape(film(tmp_path / "a.mp4", [3], size=(7680, 4320)))
    assert (shape.width, shape.height) == (3840, 2160)


def test_hdr_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.mp4"
    with av.open(str(file), "w") as container:
        video = container.add_stream("libx264", rate=24, options={"preset": "ultrafast"})
        video.width, video.height, video.pix_fmt = 320, 180, "yuv420p"
        video.codec_context.color_trc, video.codec_context.colorspace = 16, 9
        container.mux(video.encode(yuv_of(Scene(1).view(0))))
        container.mux(video.encode())
    with pytest.raises(HdrVideo):
        film_shape(file)
    with pytest.raises(HdrVideo):
        take_seed(file, tmp_path / "s", SHAPE)


def test_a_sound_file_has_no_seed(tmp_path: Path) -> None:
    with pytest.raises(NotAVideo):
        take_seed(voice_memo(tmp_path / "a.mp4"), tmp_path / "s", SHAPE)


def test_a_picture_too_large_for_png_becomes_a_jpeg_as_good(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (1440, 2560, 3), np.uint8)
    smooth = (noise // 8 + np.linspace(0, 200, 2560)[None, :, None]).astype(np.uint8)
    path = write_seed(av.VideoFrame.from_ndarray(smooth, format="rgb24"), tmp_path / "s")
    assert path.suffix == ".jpg"
    assert path.stat().st_size <= RAW_LIMIT_BYTES
    kept = picture_of(path)
    assert np.abs((kept - smooth).mean(axis=(0, 1))).max() < 0.2
    assert np.abs(kept - smooth).mean() < 2


def test_a_picture_of_nothing_but_grain_is_reduced_until_it_can_be_sent(tmp_path: Path) -> None:
    grain = np.random.default_rng(0).integers(0, 256, (1440, 2560, 3), np.uint8)
    path = write_seed(av.VideoFrame.from_ndarray(grain, format="rgb24"), tmp_path / "s")
    assert path.stat().st_size <= RAW_LIMIT_BYTES
    rows, columns, _ = picture_of(path).shape
    assert rows < 1440
    assert columns / rows == pytest.approx(2560 / 1440, abs=0.01)


def test_the_png_names_no_gamma(tmp_path: Path) -> None:
    file = write_clip(tmp_path / "a.mp4", [Scene(3).view(0)])
    data = take_seed(file, tmp_path / "s", SHAPE).file.read_bytes()
    assert b"gAMA" not in data
    assert b"cHRM" not in data


def test_the_sharpest_of_the_last_twelve_is_marked(tmp_path: Path) -> None:
    scene, draw = Scene(5), np.random.default_rng(0)
    images = [scene.view(n) for n in range(30)]
    for late in range(25, 30):
        for _ in range(6):
            images[late] = softened(images[late], draw)
    offered = candidates(write_clip(tmp_path / "a.mp4", images))
    assert [each.frame for each in offered] == list(range(29, 17, -1))
    assert [each.cut_frames for each in offered] == list(range(12))
    (best,) = [each for each in offered if each.best]
    assert best.frame == 24
    assert all(0 <= each.sharpness <= 1 and 0 <= each.exposure <= 1 for each in offered)


def test_stills_to_choose_from(tmp_path: Path) -> None:
    file = film(tmp_path / "a.mp4", range(40), size=(640, 360), rotation=90)
    offered = candidates(file, Fraction(30, 24), tmp_path / "stills")
    assert [each.frame for each in offered] == list(range(29, 17, -1))
    for each in offered:
        assert each.still is not None
        image = read_picture(each.still)
        assert (image.width, image.height) == (180, 320)
    assert len(list((tmp_path / "stills").iterdir())) == 12


def test_the_stills_to_choose_from_are_the_pictures_that_would_be_sent(tmp_path: Path) -> None:
    """Not those of the clip's own file: the film shows it in its own shape, and in the colours of what is before it."""
    file = write_clip(tmp_path / "a.mp4", [Scene(3, 320, 180).view(n) for n in range(4)])
    square, map_ = FilmShape(320, 320, Fraction(24)), ColourMap((0.6, 0.0, 0.0))
    sent = picture_of(take_seed(file, tmp_path / "seed", square, colour=map_).file)
    last = candidates(file, None, tmp_path, square, map_)[0].still
    assert last is not None
    shown = read_picture(last).reformat(format="rgb24").to_ndarray().astype(np.float32)
    assert shown.shape == (320, 320, 3)
    assert shown.mean() == pytest.approx(sent.mean(), abs=4)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_turned_film_is_chosen_from_upright(tmp_path: Path, rotation: int) -> None:
    file = film(tmp_path / "a.mp4", range(4), size=(320, 180), rotation=rotation)
    stills = [candidates(file, None, tmp_path / str(bool(shape)), shape)[0].still for shape in (None, film_shape(file))]
    alone, in_film = (read_picture(still).reformat(format="rgb24").to_ndarray() for still in stills if still)
    assert np.abs(alone.astype(np.int16) - in_film).mean() < 6


def test_of_equals_the_last_is_best_and_a_dark_end_is_not(tmp_path: Path) -> None:
    scene = Scene(5)
    still = [scene.view(0)] * 20
    assert candidates(write_clip(tmp_path / "a.mp4", still))[0].best
    fading = still + [scene.view(0) * part for part in (0.5, 0.2, 0.05)]
    offered = candidates(write_clip(tmp_path / "b.mp4", fading))
    assert next(each.frame for each in offered if each.best) == 19
    assert offered[0].exposure < 0.5


def test_a_film_of_few_pictures_offers_those(tmp_path: Path) -> None:
    assert [each.frame for each in candidates(film(tmp_path / "a.mp4", range(1)))] == [0]
    assert len(candidates(film(tmp_path / "b.mp4", range(40)), Fraction(5, 24))) == 5


def test_rgb_of_a_picture_is_what_the_standard_says() -> None:
    """Grey and a colour by BT.709's own equations."""
    frame = av.VideoFrame(64, 64, "yuv420p")
    for plane, level in zip(frame.planes, (126, 90, 180), strict=True):
        plane.update(bytes([level]) * plane.buffer_size)
    y, cb, cr = (126 - 16) / 219, (90 - 128) / 224, (180 - 128) / 224
    wanted = [255 * (y + 1.5748 * cr), 255 * (y - 0.1873 * cb - 0.4681 * cr), 255 * (y + 1.8556 * cb)]
    assert rgb_of(frame).to_ndarray()[32, 32] == pytest.approx(wanted, abs=0.6)
