"""Finds the one colour map that makes a new clip look like the film it continues, from the picture that both share.

The new clip's first picture is the seed frame rendered again, so the two are compared pixel to pixel, robustly:
what Kling has changed in the picture must not count. One constant map cannot flicker.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

import av  # noqa: F401 - whole before its parts, see tests/test_house.py
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from kling_desktop.domain.takes import ColourMap
from kling_desktop.media.film.colour_map import Floats, mapped_chroma, mapped_luma
from kling_desktop.media.film.conform import Conformer, planes_of
from kling_desktop.media.film.pictures import film_picture, read_picture
from kling_desktop.media.source import opened, picture_track

_BLOCK: Final = 4
"""Side of the blocks whose means are compared: fewer numbers, and grain and softness do not count."""

_DARKEST, _BRIGHTEST = 0.03, 0.97
"""Luma outside is clipped in one of the two pictures, and says nothing about the map."""

_FEWEST: Final = 400
"""Blocks that a map may be founded on."""

_ROUNDS: Final = 10
_WIDTH: Final = 1.5
"""Of the Cauchy weights, in median residuals."""

_STIFFNESS: Final = 0.004
"""Spread of a channel, of 0..1, at which the map is drawn half-way to leaving it alone: grey pictures say nothing."""

_BETTER: Final = 0.3
"""By how much the residual has to fall."""

_GAINS: Final = (0.7, 1.4)
_FAR_GAINS: Final = (0.4, 2.0)
"""At black and white, where few pixels may have a say."""


class NoMatch(StrEnum):
    """Why a clip's colours are left as they are."""

    ALIKE = "alike"
    """A map would not make the two pictures more alike: their colours agree, or their contents do not."""
    TOO_FAR = "too far"
    """It would change colours more than a re-rendering does: what is on the pictures differs."""
    TOO_LITTLE = "too little"
    """Nearly all is black or white."""


@dataclass(frozen=True, slots=True)
class Match:
    """What the comparison gave."""

    colour: ColourMap | None
    before: float
    """Median difference of the two pictures in levels of 0..255, luma and chroma together."""
    after: float
    """The same with the map; as before without one."""
    why_not: NoMatch | None = None


def match_clip(seed: Path, clip: Path, width: int, height: int) -> Match:
    """The map for a clip that was made from the picture `seed`, in a film of that size. Decodes one frame.

    Raises what `pictures.read_picture` and `source.opened` do, and HdrVideo.
    """
    with opened(clip) as container:
        stream = picture_track(container)
        conformer = Conformer(width, height, stream.sample_aspect_ratio)
        first = next((conformer.conformed(frame) for frame in container.decode(stream)), None)
    if first is None:
        return Match(None, 0.0, 0.0, NoMatch.TOO_LITTLE)
    return match(film_picture(read_picture(seed), width, height), first)


def match(wanted: VideoFrame, given: VideoFrame) -> Match:
    """The map that brings `given` to `wanted`, both of one size in the film's shape (`conform`)."""
    target, source = _blocks(wanted), _blocks(given)
    usable = np.all([(each[0] > _DARKEST) & (each[0] < _BRIGHTEST) for each in (target, source)], axis=0)
    if np.count_nonzero(usable) < _FEWEST:
        return Match(None, 0.0, 0.0, NoMatch.TOO_LITTLE)
    target, source = target[:, usable], source[:, usable]
    before = float(np.median(_distance(target, source)))
    colour = _fitted(target, source)
    if not _moderate(colour, source[0]):
        return Match(None, before * 255, before * 255, NoMatch.TOO_FAR)
    after = float(np.median(_distance(target, _through(colour, source))))
    if after > (1 - _BETTER) * before:
        return Match(None, before * 255, before * 255, NoMatch.ALIKE)
    return Match(colour, before * 255, after * 255)


def _blocks(frame: VideoFrame) -> Floats:
    """(3, blocks): Y' of 0..1, Cb and Cr of -0.5..0.5, block means, a little blurred."""
    y, cb, cr = planes_of(frame)
    luma, blue, red = (_means(y, _BLOCK) - 16) / 219, (_means(cb, _BLOCK // 2) - 128) / 224, _means(cr, _BLOCK // 2)
    rows, columns = (min(side) for side in zip(luma.shape, blue.shape, strict=True))
    return np.stack([_soft(each[:rows, :columns]).ravel() for each in (luma, blue, (red - 128) / 224)])


def _means(plane: NDArray[np.uint8], side: int) -> Floats:
    rows, columns = plane.shape[0] // side, plane.shape[1] // side
    cut = plane[: rows * side, : columns * side].reshape(rows, side, columns, side)
    means: Floats = cut.mean(axis=(1, 3))
    return means


def _soft(values: Floats) -> Floats:
    """Blurred by about one block, so that a shift of a pixel or two does not count."""
    for axis in (0, 1):
        values = (np.roll(values, 1, axis) + 2 * values + np.roll(values, -1, axis)) / 4
    return values


def _distance(one: Floats, other: Floats) -> Floats:
    distance: Floats = np.sqrt(((one - other) ** 2).sum(axis=0))
    return distance


def _through(colour: ColourMap, source: Floats) -> Floats:
    return np.stack([mapped_luma(colour, source[0]), *mapped_chroma(colour, source[1], source[2])])


def _fitted(target: Floats, source: Floats) -> ColourMap:
    """Iteratively reweighted least squares: what does not follow the others loses its say."""
    colour, weights = ColourMap(), np.ones(source.shape[1])
    ones = np.ones_like(weights)
    luma, chroma = np.stack([source[0], source[0] ** 2, ones]), np.stack([source[1], source[2], ones])
    for _ in range(_ROUNDS):
        colour = ColourMap(
            _solved(luma, target[0], weights, (1.0, 0.0, 0.0)),
            (
                *_solved(chroma, target[1], weights, (1.0, 0.0, 0.0)),
                *_solved(chroma, target[2], weights, (0.0, 1.0, 0.0)),
            ),
        )
        residual = _distance(target, _through(colour, source))
        weights = 1 / (1 + (residual / (_WIDTH * max(float(np.median(residual)), 1e-4))) ** 2)
    return colour


def _solved(
    terms: Floats, target: Floats, weights: Floats, rest: tuple[float, float, float]
) -> tuple[float, float, float]:
    """Weighted least squares drawn towards `rest` where the pixels do not say (ridge); the offset is free."""
    stiffness = np.diag([1.0, 1.0, 0.0]) * _STIFFNESS**2 * weights.sum()
    left = (terms * weights) @ terms.T + stiffness
    right = (terms * weights) @ target + stiffness @ np.array(rest)
    first, second, offset = np.linalg.solve(left, right)
    return float(first), float(second), float(offset)


def _moderate(colour: ColourMap, luma: Floats) -> bool:
    a, b, _ = colour.luma
    bb, br, _, rb, rr, _ = colour.chroma
    seen = [a + 2 * b * float(level) for level in np.percentile(luma, (5, 50, 95))]
    gains = [*seen, *(float(gain) for gain in np.linalg.svd(np.array([[bb, br], [rb, rr]]), compute_uv=False))]
    return all(_GAINS[0] <= gain <= _GAINS[1] for gain in gains) and all(
        _FAR_GAINS[0] <= gain <= _FAR_GAINS[1] for gain in (a, a + 2 * b)
    )
