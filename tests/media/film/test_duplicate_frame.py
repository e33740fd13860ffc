"""The repeated frame at a continuation's beginning, and the stall behind it, on clips whose truth is known."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from kling_desktop.media.film.conform import film_shape
from kling_desktop.media.film.duplicate_frame import MOST_REPEATED, find_start
from kling_desktop.media.film.seed_frame import take_seed
from tests.harness.media.continuations import Scene, positions, recoloured, softened, write_clip
from tests.harness.media.matrices import WAYS, ask

LAST = 20


def continued(
    folder: Path,
    places: list[float],
    *,
    scene: Scene | None = None,
    fps: int = 24,
    end: Fraction | None = None,
    before: int = LAST,
) -> tuple[Path, Path, Path]:
    """Seed, parent and a clip whose camera stands at `places`, in frames after the parent's picture `before`."""
    scene = scene or Scene(7)
    draw = np.random.default_rng(scene.seed)
    parent = write_clip(folder / "parent.mp4", [scene.view(n) for n in range(LAST + 1)])
    seed = take_seed(parent, folder / "seed", film_shape(parent), before=end)
    images = [softened(recoloured(scene.view(before + place), 0.93, 1.15, 1.05, 1.0), draw) for place in places]
    return seed.file, parent, write_clip(folder / "clip.mp4", images, fps=Fraction(fps), crf=20)


@pytest.mark.parametrize("doubled", range(4))
@pytest.mark.parametrize("speed", [0.6, 1.5, 6.0])
def test_repeated_pictures_are_counted(tmp_path: Path, doubled: int, speed: float) -> None:
    files = continued(tmp_path, positions(40, doubled), scene=Scene(doubled, pixels_per_frame=speed))
    found = find_start(*files)
    assert found.sure
    assert found.repeated == 1 + doubled
    assert found.start == Fraction(1 + doubled, 24)
    assert found.trim == 0
    assert np.median(found.speeds) == pytest.approx(1, abs=0.25)


@pytest.mark.parametrize("stall", [3, 6, 12])
def test_a_stall_is_measured_and_its_trim_suggested(tmp_path: Path, stall: int) -> None:
    found = find_start(*continued(tmp_path, positions(40, 1, stall), scene=Scene(3, pixels_per_frame=3)))
    assert (found.repeated, found.trim) == (2, stall)
    assert max(found.speeds[:stall]) < 0.7


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_parent_that_lies_in_its_file_is_looked_at_upright(tmp_path: Path, rotation: int) -> None:
    scene, turns = Scene(3, 320, 180, pixels_per_frame=2), rotation // 90
    lying = [scene.view(number) for number in range(LAST + 1)]
    parent = write_clip(tmp_path / "parent.mp4", lying, rotation=rotation)
    seed = take_seed(parent, tmp_path / "seed", film_shape(parent))
    upright = [np.rot90(scene.view(LAST + place), turns) for place in positions(30, 1, 6)]
    found = find_start(seed.file, parent, write_clip(tmp_path / "clip.mp4", upright))
    assert (found.repeated, found.trim) == (2, 6)


@pytest.mark.parametrize("way", ["left for right", "across", "across the other way"])
def test_a_parent_that_is_mirrored_is_looked_at_as_it_is_seen(tmp_path: Path, way: str) -> None:
    scene, (a, b, c, d) = Scene(3, 320, 180, pixels_per_frame=2), WAYS[way]
    parent = ask(write_clip(tmp_path / "parent.mp4", [scene.view(number) for number in range(LAST + 1)]), way)
    seed = take_seed(parent, tmp_path / "seed", film_shape(parent))
    seen = [scene.view(LAST + place) for place in positions(30, 1, 6)]
    seen = [(view.swapaxes(0, 1) if b else view)[:: b + d, :: a + c] for view in seen]
    found = find_start(seed.file, parent, write_clip(tmp_path / "clip.mp4", seen))
    assert (found.repeated, found.trim) == (2, 6)


def test_a_clip_that_stays_slow_is_not_trimmed(tmp_path: Path) -> None:
    found = find_start(*continued(tmp_path, positions(40, 0, 40), scene=Scene(3, pixels_per_frame=3)))
    assert (found.repeated, found.trim) == (1, 0)
    assert max(found.speeds) < 0.7


def test_a_parent_that_stands_still_tells_nothing(tmp_path: Path) -> None:
    found = find_start(*continued(tmp_path, positions(20), scene=Scene(3, pixels_per_frame=0)))
    assert (found.repeated, found.sure, found.trim) == (1, False, 0)


def test_a_clip_that_stands_still_loses_five_pictures_at_most(tmp_path: Path) -> None:
    assert find_start(*continued(tmp_path, [0.0] * 40)).repeated == MOST_REPEATED


def test_the_rate_of_the_clip_may_be_another(tmp_path: Path) -> None:
    places = [0.0, 0.0, *(0.8 * n for n in range(1, 40))]
    found = find_start(*continued(tmp_path, places, scene=Scene(5, pixels_per_frame=2), fps=30))
    assert (found.repeated, found.trim) == (2, 0)
    assert found.start == Fraction(2, 30)
    assert np.median(found.speeds) == pytest.approx(1, abs=0.2)


def test_after_a_parent_that_was_cut_short(tmp_path: Path) -> None:
    files = continued(tmp_path, positions(40, 1), end=Fraction(13, 24), before=12)
    assert find_start(*files, Fraction(13, 24)).repeated == 2


def test_a_clip_that_begins_before_the_seed(tmp_path: Path) -> None:
    places = [-3.0, -2.0, -1.0, *positions(30)]
    assert find_start(*continued(tmp_path, places, scene=Scene(5, pixels_per_frame=3))).repeated == 4


def test_one_picture_of_a_clip_is_always_left(tmp_path: Path) -> None:
    assert find_start(*continued(tmp_path, [0.0])).repeated == 0
    assert find_start(*continued(tmp_path, [0.0, 0.0])).repeated == 1
