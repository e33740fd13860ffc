"""CIEDE2000 agrees with the published test pairs, and Lab with the known colours."""

from __future__ import annotations

import numpy as np
import pytest

from kling_desktop.media.analysis.colour import difference, lab

PAIRS = [  # Sharma, Wu, Dalal 2005, table 1: chosen where implementations go wrong
    ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
    ((50.0, 3.1571, -77.2803), (50.0, 0.0, -82.7485), 2.8615),
    ((50.0, 0.0, 0.0), (50.0, -1.0, 2.0), 2.3669),
    ((50.0, 2.4900, -0.0010), (50.0, -2.4900, 0.0009), 7.1792),
    ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
    ((50.0, 2.5, 0.0), (61.0, -5.0, 29.0), 22.8977),
    ((50.0, 2.5, 0.0), (56.0, -27.0, -3.0), 31.9030),
    ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
]


@pytest.mark.parametrize(("one", "other", "published"), PAIRS)
def test_a_published_pair(one: tuple[float, ...], other: tuple[float, ...], published: float) -> None:
    assert difference(np.array(one), np.array(other)) == pytest.approx(published, abs=1e-4)
    assert difference(np.array(other), np.array(one)) == pytest.approx(published, abs=1e-4)


def test_white_black_and_red() -> None:
    assert lab(np.array([255.0, 255, 255])) == pytest.approx([100, 0, 0], abs=0.01)
    assert lab(np.array([0.0, 0, 0])) == pytest.approx([0, 0, 0], abs=0.01)
    assert lab(np.array([255.0, 0, 0])) == pytest.approx([53.24, 80.09, 67.20], abs=0.02)
