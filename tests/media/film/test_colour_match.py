"""Colour maps: found from a re-rendered picture, refused where they do not help, applied on the planes."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from kling_desktop.domain.takes import ColourMap
from kling_desktop.media.analysis.colour import difference, lab
from kling_desktop.media.film.colour_map import Painter
from kling_desktop.media.film.colour_match import NoMatch, match, match_clip
from kling_desktop.media.film.conform import planes_of
from kling_desktop.media.film.pictures import png_of, rgb_of
from tests.harness.media.continuations import Image, Scene, recoloured, softened, write_clip, yuv_of


def off(one: av.VideoFrame, other: av.VideoFrame) -> float:
    """Mean CIEDE2000 of two pictures of the film, a little blurred: grain is no colour."""
    labs = [lab(_blurred(rgb_of(frame).to_ndarray().astype(np.float32))) for frame in (one, other)]
    return float(difference(*labs).mean())


def _blurred(image: Image) -> Image:
    rows, columns = (side // 8 * 8 for side in image.shape[:2])
    means: Image = image[:rows, :columns].reshape(rows // 8, 8, columns // 8, 8, 3).mean(axis=(1, 3))
    return means


@pytest.mark.parametrize("seed", range(6))
def test_a_planted_map_is_taken_back_over_the_whole_clip(seed: int) -> None:
    draw, scene = np.random.default_rng(seed), Scene(seed)
    plant = draw.uniform((0.88, 1.05, 0.9, 0.5), (0.95, 1.2, 1.1, 1.2))

    def rendered(position: float) -> av.VideoFrame:
        return yuv_of(softened(recoloured(scene.view(position), *plant), draw))

    found = match(yuv_of(scene.view(0)), rendered(0))
    assert found.colour is not None
    painter = Painter(found.colour)
    before, after = [], []
    for position in range(0, 100, 20):
        truth, given = yuv_of(scene.view(position)), rendered(position)
        before.append(off(truth, given))
        after.append(off(truth, painter.painted(given)))
    assert np.mean(after) <= 0.25 * np.mean(before)


def test_what_was_replaced_in_the_picture_does_not_count() -> None:
    draw, scene = np.random.default_rng(1), Scene(1)
    given = recoloured(scene.view(0), 0.93, 1.15, 1.05, 1)
    given[40:140, 100:220] = (240, 20, 200)  # a fifth of it
    found = match(yuv_of(scene.view(0)), yuv_of(softened(given, draw)))
    assert found.colour is not None
    clean = yuv_of(recoloured(scene.view(60), 0.93, 1.15, 1.05, 1))
    truth = yuv_of(scene.view(60))
    assert off(truth, Painter(found.colour).painted(clean)) <= 0.3 * off(truth, clean)


def test_colours_that_agree_are_left_alone() -> None:
    draw, view = np.random.default_rng(1), Scene(1).view(0)
    found = match(yuv_of(view), yuv_of(softened(view, draw)))
    assert (found.colour, found.why_not) == (None, NoMatch.ALIKE)
    assert found.after == found.before < 4


def test_another_picture_is_no_ground_for_a_map() -> None:
    found = match(yuv_of(Scene(1).view(0)), yuv_of(Scene(2).view(0)))
    assert found.colour is None


def test_a_map_that_goes_too_far_is_refused() -> None:
    view = Scene(1).view(0)
    found = match(yuv_of(view), yuv_of(60 + view * 0.4))
    assert (found.colour, found.why_not) == (None, NoMatch.TOO_FAR)


@pytest.mark.parametrize("level", [0, 255])
def test_black_and_white_say_nothing(level: int) -> None:
    flat = np.full((180, 320, 3), level, np.float32)
    assert match(yuv_of(flat), yuv_of(flat)).why_not is NoMatch.TOO_LITTLE


def test_a_grey_picture_keeps_the_chroma_as_it_is() -> None:
    grey = np.repeat(Scene(1).view(0).mean(axis=2, keepdims=True), 3, axis=2)
    found = match(yuv_of(grey), yuv_of(recoloured(grey, 0.85, 1.0, 1.0, 0)))
    assert found.colour is not None
    bb, br, b0, rb, rr, r0 = found.colour.chroma
    assert [bb, rr] == pytest.approx([1, 1], abs=0.1)
    assert [br, rb] == pytest.approx([0, 0], abs=0.1)
    assert [b0, r0] == pytest.approx([0, 0], abs=0.01)


def test_from_the_files_and_for_a_film_of_another_size(tmp_path: Path) -> None:
    scene = Scene(2)
    seed = tmp_path / "seed.png"
    seed.write_bytes(png_of(av.VideoFrame.from_ndarray(np.rint(scene.view(0)).astype(np.uint8), format="rgb24")))
    clip = write_clip(tmp_path / "c.mp4", [recoloured(scene.view(n), 0.9, 1.1, 1.0, 1) for n in range(4)])
    found = match_clip(seed, clip, 480, 270)
    assert found.colour is not None
    assert found.after < 0.5 * found.before


def test_the_painter_does_what_the_map_says() -> None:
    colour = ColourMap((0.9, 0.08, 0.01), (1.1, -0.05, 0.01, 0.04, 0.95, -0.02))
    given = yuv_of(Scene(4).view(0))
    painted = Painter(colour).painted(given)
    y, cb, cr = (plane.astype(float) for plane in planes_of(given))
    y, cb, cr = (y - 16) / 219, (cb - 128) / 224, (cr - 128) / 224
    wanted = (
        16 + 219 * (0.9 * y + 0.08 * y * y + 0.01),
        128 + 224 * (1.1 * cb - 0.05 * cr + 0.01),
        128 + 224 * (0.04 * cb + 0.95 * cr - 0.02),
    )
    for plane, levels in zip(planes_of(painted), wanted, strict=True):
        assert np.abs(plane - np.clip(levels, 1, 254)).max() <= 0.5 + 1e-6


def test_the_painter_leaves_the_given_picture_alone() -> None:
    given = yuv_of(Scene(4).view(0))
    before = [plane.copy() for plane in planes_of(given)]
    given.pts = 77
    assert Painter(ColourMap((0.5, 0.0, 0.0))).painted(given).pts == 77
    assert all(np.array_equal(plane, kept) for plane, kept in zip(planes_of(given), before, strict=True))


def test_no_map_changes_nothing() -> None:
    given = yuv_of(Scene(4).view(0))
    painted = Painter(ColourMap()).painted(given)
    assert all(np.array_equal(a, b) for a, b in zip(planes_of(given), planes_of(painted), strict=True))
