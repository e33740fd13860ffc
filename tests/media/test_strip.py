"""A filmstrip goes along the clip from left to right, upright and in shape, in one small file."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import numpy as np
import pytest

from kling_desktop.media.frames import Abandoned
from kling_desktop.media.strip import FEWEST, MOST, strip
from tests.harness.media.films import film, number_of
from tests.test_stills import seen


def thumbnails(file: Path, target: Path) -> list[np.ndarray[tuple[int, ...], np.dtype[np.uint8]]]:
    made = strip(file, target)
    return np.split(seen(made.file), made.count, axis=1)


def test_thumbnails_go_along_the_clip(tmp_path: Path) -> None:
    pictures = thumbnails(film(tmp_path / "clip.mp4", range(480), gop=12), tmp_path / "strip.jpg")
    numbers = [number_of(picture) for picture in pictures]
    assert len(numbers) == 20
    assert pictures[0].shape == (54, 96, 3)
    expected = [(n + 0.5) * 24 for n in range(20)]
    assert numbers == pytest.approx(expected, abs=13)  # the key frame before is near enough


def test_thumbnails_go_by_time_where_the_rate_varies(tmp_path: Path) -> None:
    """A phone that sees less light takes fewer pictures: half of these are shown in the last tenth of the film."""
    uneven = film(tmp_path / "clip.mp4", range(240), gop=2, fps=24, spacing=[9] * 120 + [1] * 120)
    numbers = [number_of(picture) for picture in thumbnails(uneven, tmp_path / "strip.jpg")]
    assert len(numbers) == MOST
    expected = [(n + 0.5) * 1200 / MOST / 9 for n in range(MOST)]
    assert numbers[:-5] == pytest.approx(expected[:-5], abs=2)
    assert min(numbers[-4:]) >= 130


def test_there_are_never_too_many_or_too_few(tmp_path: Path) -> None:
    assert len(thumbnails(film(tmp_path / "short.mp4", range(48), gop=4), tmp_path / "a.jpg")) == FEWEST
    assert len(thumbnails(film(tmp_path / "five.mp4", range(5)), tmp_path / "b.jpg")) == 5
    long = film(tmp_path / "long.mp4", range(240), size=(64, 36), fps=4)
    made = strip(long, tmp_path / "c.jpg")
    assert made.count == MOST
    assert made.file.stat().st_size < 200_000


def test_a_turned_clip_stands_upright(tmp_path: Path) -> None:
    first = thumbnails(film(tmp_path / "clip.mp4", range(24), rotation=90), tmp_path / "strip.jpg")[0]
    assert first.shape == (54, 30, 3)
    assert first[:, :2, 0].mean() - first[:, :2, 1].mean() > 100  # the red edge, which was on top, is at the left


def test_nothing_is_left_of_one_that_was_called_off(tmp_path: Path) -> None:
    stop = Event()
    stop.set()
    with pytest.raises(Abandoned):
        strip(film(tmp_path / "clip.mp4", range(30)), tmp_path / "strip.jpg", stop.is_set)
    assert not (tmp_path / "strip.jpg").exists()
