"""Interlaced pictures lose their comb where they have one, and nothing else does."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.stream import VideoStream
from PIL import Image

from kling_desktop.media.decoded.fields import combed, uncombed
from kling_desktop.media.film.conform import film_shape
from kling_desktop.media.film.frames import film_frames
from kling_desktop.media.film.plan import FilmPart, film_plan
from kling_desktop.media.film.seed_frame import take_seed
from tests.harness.media.continuations import Scene, yuv_of

SCENE = Scene(3, 320, 192, pixels_per_frame=4)


def camcorder(path: Path, *, moving: bool = True, codec: str = "mpeg2video", pixels: str = "yuv420p") -> Path:
    """Ten pictures of two fields each, of a scene that moves from field to field, or of one that is filmed whole."""
    with av.open(str(path), "w") as container:
        track = container.add_stream(codec, rate=25, options={"flags": "+ildct+ilme"})
        assert isinstance(track, VideoStream)
        track.width, track.height, track.pix_fmt = SCENE.width, SCENE.height, pixels
        track.bit_rate = 20_000_000
        for number in range(10):
            picture = SCENE.view(2 * number)
            picture[1::2] = SCENE.view(2 * number + moving)[1::2]
            frame = yuv_of(picture).reformat(format=pixels)
            frame.pts = number
            container.mux(track.encode(frame))
        container.mux(track.encode())
    return path


def pictures(file: Path) -> Iterator[av.VideoFrame]:
    with av.open(str(file)) as container:
        yield from container.decode(video=0)


def luma(frame: av.VideoFrame) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return frame.to_ndarray(format="gray").astype(np.uint8)


def upper(frame: av.VideoFrame) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """The bytes of every other line, as they are coded."""
    return np.frombuffer(memoryview(frame.planes[0]), np.uint8).reshape(frame.height, -1)[::2, : frame.width]


@pytest.mark.parametrize(
    ("codec", "pixels", "name"), [("mpeg2video", "yuv420p", "a.mp4"), ("prores_ks", "yuv422p10le", "a.mov")]
)
def test_a_comb_goes_and_the_upper_field_stays(tmp_path: Path, codec: str, pixels: str, name: str) -> None:
    for frame in islice(pictures(camcorder(tmp_path / name, codec=codec, pixels=pixels)), 3):
        made = uncombed(frame)
        assert combed(luma(frame))
        assert not combed(luma(made))
        old, new = (
            np.frombuffer(memoryview(each.planes[0]), np.uint8).reshape(SCENE.height, -1) for each in (frame, made)
        )
        assert np.array_equal(new[::2, : SCENE.width], old[::2, : SCENE.width])
        assert (made.pts, made.format.name, made.colorspace) == (frame.pts, pixels, frame.colorspace)


def test_a_picture_that_was_filmed_whole_stays_whatever_it_is_called(tmp_path: Path) -> None:
    for frame in islice(pictures(camcorder(tmp_path / "a.mp4", moving=False)), 3):
        assert frame.interlaced_frame
        assert uncombed(frame) is frame


def test_neither_the_seed_nor_the_film_shows_a_comb(tmp_path: Path) -> None:
    file = camcorder(tmp_path / "a.mp4")
    seed = take_seed(file, tmp_path / "seed", film_shape(file))
    with Image.open(seed.file) as picture:
        assert not combed(np.asarray(picture.convert("L")))
    assert [combed(luma(frame)) for frame in film_frames(film_plan([FilmPart(file)]))] == [False] * 10
