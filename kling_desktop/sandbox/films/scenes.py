"""Paints landscapes in motion, a pure function of a film's seeds and a time: so an extension goes on seamlessly."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kling_desktop.sandbox.films.actors import Actor, actors_of
from kling_desktop.sandbox.films.palettes import palette_of
from kling_desktop.sandbox.records import Film

Canvas = NDArray[np.float32]
"""(3, height, width), linear in 0..255; planar, because masks of (height, width) then apply to each colour."""
Row = NDArray[np.float32]


class Scene:
    """One landscape at a fixed small size, with the actors that the film's prompts brought in."""

    def __init__(self, film: Film) -> None:
        short = 90 if min(film.width, film.height) < 400 else 360
        scale = short / min(film.width, film.height)
        self.width, self.height = round(film.width * scale / 2) * 2, round(film.height * scale / 2) * 2
        draw = np.random.default_rng(film.segments[0].seed)
        self._palette = palette_of(film.segments[0].prompt, film.segments[0].seed)
        self._phases = draw.uniform(0, 2 * np.pi, 24).astype(np.float32)
        self._shore = int(self.height * (draw.uniform(0.62, 0.72)))
        self._sun = draw.uniform(0.18, 0.82), draw.uniform(0.2, 0.45)
        self._ridge = _noise_line(draw, 1024)
        self._clouds = _noise_sheet(draw, max(8, int(self.height * 0.45)), 2 * self.width)
        self._ripple = _ripples(draw, self.height - self._shore, self.width)
        self._x = np.arange(self.width, dtype=np.float32)
        self._y = np.arange(self.height, dtype=np.float32)
        self._sky = self._gradient()
        self._actors: list[Actor] = actors_of(film, self.width, self.height, self._shore)

    def painted(self, seconds: float, at: float, gain: NDArray[np.float32]) -> NDArray[np.uint8]:
        """The picture as (height, width, 3) bytes. `at` is the scene frame, by which actors fade in."""
        canvas = self._sky.copy()
        self._light(canvas, seconds)
        self._cloud(canvas, seconds)
        for depth in range(3):
            self._hill(canvas, seconds, depth)
        self._act(canvas, seconds, at, in_sky=True)
        self._water(canvas, seconds)
        self._act(canvas, seconds, at, in_sky=False)
        self._reeds(canvas, seconds)
        canvas *= gain[:, None, None]
        np.clip(canvas, 0, 255, out=canvas)
        return np.ascontiguousarray(canvas.astype(np.uint8).transpose(1, 2, 0))

    def _gradient(self) -> Canvas:
        stops = np.array([self._palette.top, self._palette.middle, self._palette.horizon], np.float32)
        place = np.clip(self._y / self._shore, 0, 1)
        column = np.stack([np.interp(place, (0, 0.55, 1), stops[:, colour]) for colour in range(3)])
        return np.repeat(column[:, :, None], self.width, axis=2).astype(np.float32)

    def _light(self, canvas: Canvas, seconds: float) -> None:
        """The sun or moon with its glow; it climbs a little, all the time."""
        x = self._sun[0] * self.width + 0.004 * self.width * seconds * (1 if self._sun[0] < 0.5 else -1)
        y = self._sun[1] * self.height - 0.003 * self.height * seconds
        colour = np.array(self._palette.light, np.float32)[:, None, None]
        sky = canvas[:, : self._shore]
        for spread, strength in ((0.30, 0.30), (0.10, 0.35)):
            across = np.exp(-(((self._x - x) / (spread * self.width)) ** 2))
            down = np.exp(-(((self._y[: self._shore] - y) / (spread * self.width)) ** 2))
            sky += (strength * np.outer(down, across))[None] * (colour - sky)
        _disc(canvas, x, y, 0.045 * min(self.width, self.height), colour[:, 0, 0])

    def _cloud(self, canvas: Canvas, seconds: float) -> None:
        """Slow clouds: a sheet of noise that wraps around, moved by parts of a pixel."""
        shift = (0.02 * self.width * seconds) % self.width
        whole, part = int(shift), np.float32(shift % 1)
        sheet = self._clouds
        cover = (1 - part) * sheet[:, whole : whole + self.width] + part * sheet[:, whole + 1 : whole + 1 + self.width]
        colour = np.array(self._palette.cloud, np.float32)[:, None, None]
        part_of_sky = canvas[:, : cover.shape[0]]
        part_of_sky += (0.75 * cover)[None] * (colour - part_of_sky)

    def _hill(self, canvas: Canvas, seconds: float, depth: int) -> None:
        """One of three ranges; the nearer, the darker and the faster."""
        near = (depth + 1) / 3
        place = self._x / self.height + 0.06 * (0.25 + near**2) * seconds + 7.0 * depth
        phase = self._phases[depth * 4 : depth * 4 + 4]
        waves = (
            np.sin(2.1 * place + phase[0]) + 0.5 * np.sin(5.3 * place + phase[1]) + 0.2 * np.sin(13 * place + phase[2])
        )
        rough = np.interp(place * 90 % 1024, np.arange(1024), self._ridge)
        crest = self._shore - self.height * (
            0.17 - 0.055 * depth + 0.05 * waves * (1.1 - 0.4 * near) + 0.012 * rough * near
        )
        far, close = (np.array(colour, np.float32) for colour in (self._palette.mist, self._palette.hill))
        colour = far + (close - far) * (0.3 + 0.6 * near)
        self._fill(canvas, crest, colour, self._shore)

    def _fill(self, canvas: Canvas, crest: Row, colour: NDArray[np.float32], bottom: int) -> None:
        """Paints from a crest line down to a row, with a soft edge and some mist towards the foot."""
        top = max(0, int(crest.min()) - 1)
        if top >= bottom:
            return
        band = canvas[:, top:bottom]
        mask = np.clip(self._y[top:bottom, None] - crest[None] + 0.5, 0, 1)
        mist = np.linspace(0, 0.35, bottom - top, dtype=np.float32)[None, :, None]
        foot = np.array(self._palette.mist, np.float32)[:, None, None]
        paint = colour[:, None, None] + mist * (foot - colour[:, None, None])
        band += mask[None] * (paint - band)

    def _water(self, canvas: Canvas, seconds: float) -> None:
        """A lake that mirrors what is above it, in moving strips, with glints."""
        rows = np.arange(self.height - self._shore, dtype=np.float32)
        wave = (1 + 0.05 * rows) * np.sin(0.9 * rows / (1 + 0.02 * rows) - 2.6 * seconds + self._phases[20])
        source = np.clip(self._shore - 1 - rows * 1.25 - 0.8 * wave, 0, self._shore - 1).astype(np.intp)
        lake = canvas[:, self._shore :]
        tint = np.array(self._palette.water, np.float32)[:, None, None]
        depth = (0.25 + 0.4 * rows / len(rows))[None, :, None]
        mirrored = canvas[:, source]
        lake[:] = mirrored + depth * (tint - mirrored)
        glint = np.sin(self._ripple + np.float32(1.7 * seconds))
        np.maximum(glint - 0.9, 0, out=glint)
        below_light = 0.15 + np.exp(-(((self._x / self.width - self._sun[0]) / 0.12) ** 2))
        glint *= below_light[None].astype(np.float32)
        lake += glint[None] * (np.array(self._palette.light, np.float32)[:, None, None] * 3)

    def _reeds(self, canvas: Canvas, seconds: float) -> None:
        """The near bank; it moves fastest and sways."""
        place = self._x / self.height * 260 + 22 * seconds + 3 * np.sin(1.1 * seconds + self._phases[22])
        blades = np.interp(place % 1024, np.arange(1024), self._ridge)
        crest = self.height * (0.975 - 0.045 * np.abs(blades))
        dark = 0.45 * np.array(self._palette.hill, np.float32)
        top = max(0, int(crest.min()) - 1)
        band = canvas[:, top:]
        mask = np.clip(self._y[top:, None] - crest[None] + 0.5, 0, 1).astype(np.float32)
        band += mask[None] * (dark[:, None, None] - band)

    def _act(self, canvas: Canvas, seconds: float, at: float, *, in_sky: bool) -> None:
        for actor in self._actors:
            if actor.in_sky == in_sky and (presence := actor.presence(at)) > 0:
                actor.draw(canvas, seconds, presence)


def _disc(canvas: Canvas, x: float, y: float, radius: float, colour: NDArray[np.float32]) -> None:
    from kling_desktop.sandbox.films.actors import blend, patch

    found = patch(canvas, x, y, radius + 2, radius + 2)
    if found is not None:
        part, dx, dy = found
        blend(part, np.clip(radius - np.hypot(dx, dy) + 0.5, 0, 1), colour)


def _noise_line(draw: np.random.Generator, length: int) -> Row:
    """Rough and periodic, in about -1..1."""
    coarse = np.interp(np.arange(length) / 8, np.arange(length // 8 + 1), _closed(draw.normal(0, 0.5, length // 8)))
    return (coarse + draw.normal(0, 0.35, length)).astype(np.float32)


def _ripples(draw: np.random.Generator, height: int, width: int) -> Row:
    """Phases of the glints: short dashes that each twinkle in their own time."""
    dashes = draw.uniform(0, 2 * np.pi, (height, width // 4 + 2))
    phases = np.repeat(dashes, 4, axis=1)
    shift = draw.integers(0, 4, height)
    return np.stack([row[start : start + width] for row, start in zip(phases, shift, strict=True)]).astype(np.float32)


def _noise_sheet(draw: np.random.Generator, height: int, width: int) -> Row:
    """Cloudy noise in 0..1 that repeats after half its width, thinning out downwards."""
    half = width // 2
    rows, columns = np.arange(height) / height, np.arange(half) / half
    sheet = np.zeros((height, half))
    for octave in range(1, 6):
        across, down = 2**octave, 2 ** (octave + 1)
        grid = draw.normal(0, 1, (down + 1, across))
        grid = np.concatenate([grid, grid[:, :1]], axis=1)
        sheet += _smooth(grid, rows * down, columns * across) / 1.7**octave
    cover = np.clip(sheet * 0.8 - 0.05, 0, 1) * (1 - rows[:, None]) ** 0.7
    return np.concatenate([cover, cover, cover[:, :2]], axis=1).astype(np.float32)


def _smooth(grid: NDArray[np.float64], rows: NDArray[np.float64], columns: NDArray[np.float64]) -> NDArray[np.float64]:
    """A coarse grid read between its points, with eased weights."""
    y, x = rows.astype(int).clip(0, grid.shape[0] - 2), columns.astype(int).clip(0, grid.shape[1] - 2)
    v, u = rows - y, columns - x
    v, u = (v * v * (3 - 2 * v))[:, None], (u * u * (3 - 2 * u))[None]
    upper = grid[np.ix_(y, x)] * (1 - u) + grid[np.ix_(y, x + 1)] * u
    lower = grid[np.ix_(y + 1, x)] * (1 - u) + grid[np.ix_(y + 1, x + 1)] * u
    mixed: NDArray[np.float64] = upper * (1 - v) + lower * v
    return mixed


def _closed(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.append(values, values[0])
