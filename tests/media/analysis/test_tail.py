"""The tail doctor names what the next extension would inherit, and is silent about a sound end."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from kling_desktop.domain.analysis import TailWarning
from kling_desktop.media.analysis.tail import examine, frozen_steps, warnings
from kling_desktop.media.frames import FrameRange
from tests.harness.media.films import film, number_of
from tests.harness.media.reels import CLEAN, PLANTS, joins
from tests.test_stills import seen

Picture = NDArray[np.float64]
_SIZE = (180, 320)
_GRAIN = np.random.default_rng(1).normal(0, 1, (180, 640)).cumsum(axis=1)


def sharp(number: int) -> Picture:
    """A busy picture that moves."""
    rows = _GRAIN[:, number : number + 320]
    return np.asarray(128 + 60 * np.sin(rows * 0.7), np.float64)


def blurred(picture: Picture) -> Picture:
    for axis in (0, 1):
        picture = np.mean([np.roll(picture, shift, axis) for shift in range(-2, 3)], axis=0)
    return picture


def written(path: Path, pictures: Iterable[Picture]) -> Path:
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=24, options={"preset": "ultrafast", "qp": "18"})
        video.height, video.width, video.pix_fmt = *_SIZE, "yuv420p"
        for number, picture in enumerate(pictures):
            levels = np.repeat(np.clip(picture, 0, 255).astype(np.uint8)[:, :, None], 3, axis=2)
            frame = av.VideoFrame.from_ndarray(levels, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, 24)
            container.mux(video.encode(frame))
        container.mux(video.encode())
    return path


ENDS: dict[TailWarning, Callable[[int], Picture]] = {
    TailWarning.BLURRED: lambda n: blurred(sharp(n)),
    TailWarning.BLACK: lambda _: np.zeros(_SIZE),
    TailWarning.FADED: lambda n: 128 + (sharp(n) - 128) * 0.1,
    TailWarning.FROZEN: lambda _: sharp(39),
}


@pytest.mark.parametrize("warning", ENDS)
def test_a_bad_end_is_named(warning: TailWarning, tmp_path: Path) -> None:
    pictures = [sharp(n) for n in range(40)] + [ENDS[warning](40 + n) for n in range(6)]
    tail = examine(written(tmp_path / "clip.mp4", pictures), tmp_path / "tail.jpg")
    assert warning in tail.warnings
    assert set(tail.warnings) <= {warning, TailWarning.BLURRED}  # what has faded has lost its edges too
    assert tail.still.exists()


def test_blur_is_told_in_a_film_that_was_soft_before(tmp_path: Path) -> None:
    """There the steepest edges are no steeper than blur leaves them."""
    soft = [blurred(blurred(sharp(n))) for n in range(40)]
    assert examine(written(tmp_path / "a.mp4", soft), tmp_path / "a.jpg").warnings == ()
    ending = [*soft, *(blurred(blurred(blurred(blurred(sharp(n))))) for n in range(40, 43))]
    assert TailWarning.BLURRED in examine(written(tmp_path / "b.mp4", ending), tmp_path / "b.jpg").warnings


@pytest.mark.parametrize(("goes", "found"), [(True, ()), (False, (TailWarning.BLURRED,))])
def test_what_leaves_the_picture_takes_its_detail_along_and_blurs_nothing(
    goes: bool, found: tuple[TailWarning, ...]
) -> None:
    """A car drives off over an even road; or the road, the car's last piece and all, is blurred."""
    even = np.linspace(60, 190, 160) + np.random.default_rng(4).normal(0, 1.5, (90, 160))
    road = np.tile(even, (28, 1, 1))
    for number, picture in enumerate(road):
        left = max(0, number - 16) * 5 if goes else 0
        picture[: 60 - left, 40:100] = sharp(3)[: 60 - left, :60]
    if not goes:
        road[-1] = blurred(road[-1])
    pictures = np.repeat(road[..., None], 3, axis=3).astype(np.float32)
    assert warnings(FrameRange(0, np.arange(28) / 24, pictures, np.full(28, 0.12, np.float32))) == found


def moved(base: Picture) -> Picture:
    """A picture that moves to the left: (28, rows, columns)."""
    return np.stack([base[:, number : number + 160] for number in range(28)])


def seen_last(luma: Picture, sharpness: Picture) -> tuple[TailWarning, ...]:
    pictures = np.repeat(luma[..., None], 3, axis=3).astype(np.float32)
    return warnings(FrameRange(0, np.arange(28) / 24, pictures, sharpness.astype(np.float32)))


@pytest.mark.parametrize("goal", [0.0, 255.0])
def test_an_end_that_fades_half_way_is_not_blurred(goal: float) -> None:
    luma = moved(sharp(3)[:90])
    mixed = np.clip((np.arange(28) - 16) / 20, 0, 1)[:, None, None]
    assert seen_last(luma * (1 - mixed) + goal * mixed, np.full(28, 0.2)) == ()


@pytest.mark.parametrize(("seen", "found"), [(1, ()), (12, ()), (0, (TailWarning.BLURRED,))])
def test_an_end_is_measured_by_its_own_shot(seen: int, found: tuple[TailWarning, ...]) -> None:
    """The shot before the cut was sharper; a film without one blurs."""
    sharpness, luma = np.full(28, 0.2), moved(sharp(3)[:90])
    luma[28 - seen :] = moved(blurred(blurred(sharp(90)[90:])))[28 - seen :]
    sharpness[-max(1, seen) :] = 0.12
    assert seen_last(luma, sharpness) == found


def test_a_key_frame_does_not_hide_that_a_quiet_film_stands_still() -> None:
    draw = np.random.default_rng(3)
    base = 128 + 40 * np.sin(np.mgrid[0:90, 0:160][1] / 9)
    luma = np.stack([base + 0.9 * number for number in range(14)]).astype(np.float32)
    still = np.repeat(luma[-1:], 4, axis=0)
    still[-1] += draw.normal(0, 1.6, base.shape).astype(np.float32)
    assert frozen_steps(np.concatenate([luma, still])) >= 2
    assert frozen_steps(luma) == 0


def test_a_sound_end_is_not_warned_of(tmp_path: Path, media_cache: Path) -> None:
    assert examine(written(tmp_path / "a.mp4", map(sharp, range(48))), tmp_path / "a.jpg").warnings == ()
    for join in joins(media_cache, 1, (CLEAN, *PLANTS)):  # their faults are at the join, two seconds earlier
        if join.plant != "softness":
            assert examine(join.child, tmp_path / "b.jpg").warnings == ()


def test_the_still_is_the_very_last_frame_in_full_size(tmp_path: Path) -> None:
    tail = examine(film(tmp_path / "clip.mp4", range(77), size=(640, 360)), tmp_path / "tail.jpg")
    assert number_of(seen(tail.still)) == 76
    assert seen(tail.still).shape == (360, 640, 3)


def test_a_cartoon_on_threes_is_not_frozen_and_one_that_stops_is() -> None:
    drawn = np.stack([sharp(3 * number) for number in range(10)]).astype(np.float32)
    threes = drawn.repeat(3, axis=0)
    assert frozen_steps(threes) == 0
    assert frozen_steps(np.concatenate([threes, drawn[-1:].repeat(3, axis=0)])) == 5
