"""Whatever way a camera asks for, pictures stand and look as they are to be seen, wherever they are shown or sent."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from sys import getrefcount

import numpy as np
import pytest
from av.video.frame import VideoFrame

from kling_desktop.export.film import ExportFilm, ExportPart
from kling_desktop.export.formats.format import Order
from kling_desktop.export.formats.h264 import NEAR_LOSSLESS
from kling_desktop.export.formats.stream_copy import StreamCopy
from kling_desktop.media.decoded.turning import Turn, turn_of
from kling_desktop.media.film.conform import Conformer, film_shape
from kling_desktop.media.film.given_picture import noted_turn, upright
from kling_desktop.media.film.pictures import decoded, jpeg_of_full_colour, png_of, read_picture
from kling_desktop.media.film.seed_frame import candidates, take_seed
from kling_desktop.media.probe import probe
from kling_desktop.media.seam_stills import stills
from kling_desktop.media.source import first_frame, opened, picture_track
from kling_desktop.media.stills import poster
from kling_desktop.media.strip import strip
from tests.harness.media.matrices import WAYS, Image, cornered, cornered_film, corners_of, corners_shown
from tests.harness.media.pictures import turned

ALL = pytest.mark.parametrize("way", WAYS)


def image_of(file: Path) -> Image:
    return read_picture(file).reformat(format="rgb24").to_ndarray().astype(np.uint8)


def first_of(file: Path) -> VideoFrame:
    with opened(file) as container:
        return first_frame(container, picture_track(container))


@ALL
def test_stills_are_as_they_are_to_be_seen(tmp_path: Path, way: str) -> None:
    clip, wanted = cornered_film(tmp_path / "clip.mp4", way), corners_shown(way)
    lies_across = WAYS[way][0] == 0
    assert corners_of(image_of(poster(clip, tmp_path / "first.jpg"))) == wanted
    assert corners_of(image_of(poster(clip, tmp_path / "last.jpg", last=True))) == wanted
    row = strip(clip, tmp_path / "strip.jpg")
    assert corners_of(np.split(image_of(row.file), row.count, axis=1)[0]) == wanted
    assert corners_of(image_of(stills(clip, 12, tmp_path, "seam").before)) == wanted
    still = candidates(clip, stills=tmp_path / "candidates")[0].still
    assert still is not None
    assert corners_of(image_of(still)) == wanted
    reel = probe(clip)
    assert (reel.width < reel.height) == lies_across


@ALL
def test_what_a_film_goes_on_from_and_what_is_joined_are_as_they_are_to_be_seen(tmp_path: Path, way: str) -> None:
    clip, wanted = cornered_film(tmp_path / "clip.mp4", way), corners_shown(way)
    shape = film_shape(clip)
    assert corners_of(image_of(take_seed(clip, tmp_path / "seed", shape).file)) == wanted
    frame = Conformer(shape.width, shape.height).conformed(first_of(clip))
    assert (frame.width, frame.height) == (shape.width, shape.height)
    assert corners_of(frame.reformat(format="rgb24").to_ndarray().astype(np.uint8)) == wanted


@ALL
def test_exports_are_as_they_are_to_be_seen(tmp_path: Path, way: str) -> None:
    clip, whole = cornered_film(tmp_path / "clip.mp4", way), corners_shown(way)
    for form in (StreamCopy(), NEAR_LOSSLESS):
        target = tmp_path / f"{form.key}.mp4"
        form.write(Order(ExportFilm("x", (ExportPart(clip, Fraction(0), Fraction(1, 2)),)), target))
        assert corners_of(image_of(poster(target, tmp_path / "still.jpg"))) == whole, form.key


@pytest.mark.parametrize(("orientation", "way"), list(enumerate(WAYS, 1)))
@pytest.mark.parametrize("width", [480, 300])
def test_a_picture_is_sent_as_a_camera_asks_for_it_to_be_seen(orientation: int, way: str, width: int) -> None:
    picture = VideoFrame.from_ndarray(cornered(width, 360), format="rgb24")
    picture.time_base = Fraction(1, 25)
    for content in (turned(jpeg_of_full_colour(picture), orientation), png_of(picture)):
        sent = decoded(upright(content))
        assert not noted_turn(upright(content)).steps, "and asks for nothing itself"
        wanted = corners_shown(way) if content.startswith(b"\xff\xd8") else "RGB."
        assert corners_of(sent.reformat(format="rgb24").to_ndarray().astype(np.uint8)) == wanted


def test_what_asks_for_nothing_is_left_as_it_lies(tmp_path: Path) -> None:
    turn = turn_of(first_of(cornered_film(tmp_path / "clip.mp4", "as it lies")))
    assert (turn, turn.steps, turn.is_lying) == (Turn(), (), False)
    assert Turn(45).steps == ()


def test_looking_at_a_picture_does_not_hold_it(tmp_path: Path) -> None:
    """Pictures are large, and there are thousands of them between two looks for garbage."""
    frame = first_of(cornered_film(tmp_path / "clip.mp4", "left for right"))
    before = getrefcount(frame)
    assert turn_of(frame).is_mirrored
    assert getrefcount(frame) == before
