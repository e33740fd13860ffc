"""What changes little by little after a seam is told; what the film did before anyway, and single steps, are not."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from kling_desktop.media.analysis.gradual import softened, turned

_AT = 16
_RAMP = np.clip((np.arange(2 * _AT) - _AT + 1) / _AT, 0, 1)


def _chroma(ramp: np.ndarray, towards: tuple[float, float] = (3.0, -4.0)) -> NDArray[np.float64]:
    still = np.random.default_rng(5).normal(0, 8, (1, 6, 8, 2))
    shaken = np.random.default_rng(6).normal(0, 0.05, (len(ramp), 6, 8, 2))
    made: NDArray[np.float64] = still + shaken + ramp[:, None, None, None] * np.array(towards)
    return made


def test_colours_that_turn_after_the_seam_are_told_with_their_direction() -> None:
    turn = turned(_chroma(_RAMP), _AT)
    assert np.linalg.norm(turn) > 3
    assert turn[0] > 0 > turn[1]


@pytest.mark.parametrize(
    "ramp",
    [
        np.zeros(2 * _AT),
        (np.arange(2 * _AT) >= _AT).astype(float),  # one step, which is told as a step
        np.arange(2 * _AT) / (2 * _AT),  # it turns all the time, before the seam as after it
    ],
    ids=["nothing", "a step", "always"],
)
def test_what_is_no_gradual_change_is_none(ramp: np.ndarray) -> None:
    assert np.linalg.norm(turned(_chroma(ramp), _AT)) == 0


def test_what_passes_through_the_picture_is_the_films_own() -> None:
    chroma = _chroma(np.zeros(2 * _AT))
    chroma[_AT:, :, :4] += _RAMP[_AT:, None, None, None] * np.array([12.0, 0.0])  # from the left, half of it
    assert np.linalg.norm(turned(chroma, _AT)) == 0


def test_too_few_pictures_say_nothing() -> None:
    chroma = _chroma(_RAMP)
    assert np.linalg.norm(turned(chroma[_AT - 5 :], 5)) == 0
    assert np.linalg.norm(turned(chroma[: _AT + 6], _AT)) == 0
    steep = np.exp(-_RAMP)
    assert softened(steep[: _AT + 6], _AT) == 0


def test_pictures_that_soften_are_told_and_those_that_grow_sharper_are_not() -> None:
    assert softened(np.exp(-0.4 * _RAMP), _AT) < -0.2
    assert softened(np.exp(0.4 * _RAMP), _AT) == 0
    assert softened(np.exp(-0.4 * np.arange(2 * _AT) / _AT), _AT) == 0
