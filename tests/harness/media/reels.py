"""Extensions as the sandbox makes them, with or without a fault at the join: the judge of all that looks at seams."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from kling_desktop.sandbox.films.render_cache import RenderCache
from kling_desktop.sandbox.films.timeline import USUAL_AMOUNTS
from kling_desktop.sandbox.records import Film, Segment

CLEAN = ""
PLANTS = tuple(USUAL_AMOUNTS)
_SHAPES = ((320, 180, 24), (320, 180, 30), (180, 320, 24), (180, 180, 30), (480, 270, 24))
_PROMPTS = (
    "Dawn over a still lake, paper lanterns rise",
    "Moonlit harbour, a small boat drifts home",
    "Birds cross a misty valley",
    "Fireflies above a dusky meadow",
    "A striped balloon floats over golden hills",
    "Slow snow on blue hills",
    "Evening tide, petals on the wind",
)


@dataclass(frozen=True)
class Join:
    """One extension: its film and where the files are."""

    film: Film
    parent: Path
    child: Path

    @property
    def plant(self) -> str:
        return self.film.segments[-1].plant

    @property
    def frame(self) -> int:
        """Where the join truly is."""
        return self.film.joins[-1]


def joins(cache: Path, bases: int, plants: tuple[str, ...] = (CLEAN, CLEAN, *PLANTS), first: int = 0) -> Iterator[Join]:
    """For each of `bases` different films one extension a plant, of varied strength; rendered unless in the cache."""
    render_cache = RenderCache(cache)
    try:
        films = [film for number in range(first, first + bases) for film in _extensions(number, plants)]
        children = [render_cache.render(film) for film in films]
        for film, child in zip(films, children, strict=True):
            yield Join(film, render_cache.render(film.parent).result(), child.result())
    finally:
        render_cache.close()


def chain(cache: Path, plants: tuple[str, ...], seed: int = 5) -> list[tuple[Film, Path]]:
    """A base and one hop a plant: all the films on the way, base first."""
    film, render_cache = _base(seed), RenderCache(cache)
    made = [(film, render_cache.render(film).result())]
    for hop, plant in enumerate(plants, 1):
        film = film.extended(Segment(2 * film.fps, 7_000 + 10 * seed + hop, _PROMPTS[hop], plant))
        made.append((film, render_cache.render(film).result()))
    render_cache.close()
    return made


def _base(number: int) -> Film:
    width, height, fps = _SHAPES[number % len(_SHAPES)]
    frames = 3 * fps + (3 if fps == 30 else 1)
    return Film(width, height, fps, (Segment(frames, 1_000 + number, _PROMPTS[number % len(_PROMPTS)]),))


def _extensions(number: int, plants: tuple[str, ...]) -> Iterator[Film]:
    draw = np.random.default_rng(number)
    base = _base(number)
    for place, plant in enumerate(plants):
        strength, seconds = draw.uniform(0.6, 1.5), draw.uniform(1.8, 2.4)
        segment = Segment(round(seconds * base.fps), 100 * number + place, _PROMPTS[(number + place) % 7], plant)
        yield base.extended(replace(segment, amount=_amount(plant, strength)))


def _amount(plant: str, strength: float) -> float:
    if plant in (CLEAN, "lost_frame"):  # a frame is lost or it is not
        return 0.0
    return max(1.6, USUAL_AMOUNTS[plant] * strength) if plant == "softness" else USUAL_AMOUNTS[plant] * strength
