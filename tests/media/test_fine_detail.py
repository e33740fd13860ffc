"""Sharpness, grain and detail follow what was done to a picture, at any size."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from kling_desktop.media.fine_detail import detail, grain, sharpness
from tests.harness.media.shots import mixed

Luma = NDArray[np.uint8]


def edges(height: int = 360, width: int = 640, soft: int = 0, noise: float = 0.0) -> Luma:
    """Large even patches with edges between them."""
    draw = np.random.default_rng(4)
    side = height // 6
    patches = draw.uniform(50, 200, (7, width // side + 1)).repeat(side, 0).repeat(side, 1)[:height, :width]
    picture = mixed(patches[..., None].astype(np.float32), soft)[..., 0] + draw.normal(0, noise, (height, width))
    return np.clip(np.rint(picture), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("size", [(360, 640), (1080, 1920), (2160, 3840)])
def test_blur_takes_sharpness(size: tuple[int, int]) -> None:
    sharp, soft, softer = (sharpness(edges(*size, soft=times)) for times in (1, 4, 16))
    assert sharp > 1.05 * soft > 1.1 * softer


@pytest.mark.parametrize("size", [(360, 640), (1080, 1920)])
def test_grain_is_told_in_levels(size: tuple[int, int]) -> None:
    """Pixels are taken by fours, which halves the noise."""
    assert grain(edges(*size)) < 0.1
    for levels in (2.0, 6.0):
        assert grain(edges(*size, noise=levels)) == pytest.approx(levels / 2, rel=0.2)


def test_where_nothing_can_be_told_there_is_no_grain() -> None:
    assert grain(np.zeros((360, 640), np.uint8)) == 0
    assert grain(np.full((8, 8), 100, np.uint8)) == 0


@pytest.mark.parametrize("size", [(2, 2), (5, 90), (17, 33), (359, 641)])
def test_no_size_is_too_odd(size: tuple[int, int]) -> None:
    luma = np.random.default_rng(1).integers(0, 255, size).astype(np.uint8)
    assert sharpness(luma) > 0
    assert grain(luma) >= 0


def test_detail_falls_with_blur_where_edges_were_soft_before() -> None:
    pictures = np.stack([edges(90, 160, soft=times).astype(np.float32) for times in (6, 24)])
    before, after = detail(pictures)
    assert after < before - 0.3
    assert np.isfinite(detail(np.zeros((1, 90, 160), np.float32))).all()
