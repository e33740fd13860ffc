"""What the formats that code a film again have in common: write, read back, compare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import inf
from typing import Final

from kling_desktop.errors import ExportDiffers, ExportUnfit
from kling_desktop.export.film import ExportFilm
from kling_desktop.export.formats.format import Order, Written, compare, is_another, reading_back
from kling_desktop.export.options import Options
from kling_desktop.export.papers.carriers import tags_for
from kling_desktop.export.papers.record import papers_of
from kling_desktop.media.film.sound import sound_of
from kling_desktop.media.writing.film_file import Coding, write_film
from kling_desktop.media.writing.read_back import read_film

_BT709 = (1, 1, 1)

DAMAGED = "Some pictures of a clip are damaged; what can be decoded of them is shown."


_KEPT: Final = Fraction(97, 100)
"""Of the bytes that are allowed: a coder keeps to a rate nearly, not exactly."""
_HEAD_BYTES: Final = 16_384
_INDEX_BYTES: Final = 40
"""For each picture and its sound, in the file's index."""
_BUFFER_SECONDS: Final = 1
_LEAST_BITS: Final = Fraction(1, 100)
"""A pixel and picture; with fewer nothing is to be made out."""
_BOUNDED_LEVELS: Final = 14
"""How far a frame may be from the source's where the file's size comes first."""


def too_large(most_bytes: int) -> str:
    """Why a file of at most so many bytes is not made."""
    return f"It cannot be made as small as {most_bytes / 1_000_000:g} MB. Choose a smaller size or a shorter stretch."


def _tags_of_that_size(film: ExportFilm, format_key: str) -> Mapping[str, str]:
    """What an export will carry, long words of many hops too, without reading its sources for their sums."""
    sums = dict.fromkeys((part.file for top in film.parts for part in (top, *top.alternates)), "0" * 64)
    return tags_for(film, papers_of(film, format_key, sums))


@dataclass(frozen=True, slots=True)
class CodedFormat:
    """A coding with a name."""

    key: str
    title: str
    suffix: str
    coding: Coding
    bits_per_pixel: float
    """About how large it becomes."""
    levels: float
    """How far, in levels of 255, a frame may be from the source's on average."""
    most: int | None = None
    """Longer side in pixels, at most."""
    least: tuple[int, int] = (2, 2)
    """Width and height that the coding needs."""
    keeps_bytes: bool = False

    def size(self, order: Order) -> tuple[int, int]:
        framing = order.framing(order.plan, self.most)
        return framing.width, framing.height

    def unfit(self, film: ExportFilm, options: Options) -> str:
        width, height = self.size(Order(film, film.parts[0].file, options))
        if width < self.least[0] or height < self.least[1]:
            return f"{self.title} needs at least {self.least[0]} × {self.least[1]} pixels."
        if options.most_bytes and not self._coding(
            Order(film, film.parts[0].file, options, _tags_of_that_size(film, self.key))
        ):
            return too_large(options.most_bytes)
        return ""

    def _coding(self, order: Order) -> Coding | None:
        """The coding, bounded where a file must not become too large; None where the pictures would not be worth it."""
        plan, most = order.plan, order.options.most_bytes
        if most is None or self.coding.codec != "libx264":
            return self.coding
        sound = self.coding.sound_bits * plan.seconds / 8 if sound_of(plan) else 0
        papers = 2 * sum(len(value.encode()) for value in order.tags.values())  # as tags, and as XMP
        left = most * _KEPT - sound - papers - plan.frames * _INDEX_BYTES - _HEAD_BYTES
        bits = int(8 * left / (plan.seconds + _BUFFER_SECONDS))  # what is in the buffer at the beginning comes on top
        width, height = self.size(order)
        if bits < _LEAST_BITS * width * height * plan.shape.fps:
            return None
        bounds = (("maxrate", str(bits)), ("bufsize", str(bits * _BUFFER_SECONDS)))
        return replace(self.coding, options=(*self.coding.options, *bounds))

    def write(self, order: Order) -> Written:
        plan, coding = order.plan, self._coding(order)
        if coding is None:
            raise ExportUnfit(too_large(order.options.most_bytes or 0))
        ends = write_film(
            plan,
            order.target,
            coding,
            order.framing(plan, self.most),
            order.tags,
            progress=order.progress,
            stopped=order.stopped,
        )
        with reading_back():
            found = read_film(order.target)
        is_bounded = coding != self.coding
        levels = inf if is_bounded else self.levels
        compare(found, ends, plan.frames, plan.seconds, 1 / plan.shape.fps / 2, levels)
        if is_bounded and is_another(found, ends, _BOUNDED_LEVELS):  # so coarse that nobody can tell
            raise ExportUnfit(too_large(order.options.most_bytes or 0))
        if found.colours != _BT709:
            raise ExportDiffers(f"its colours are tagged {found.colours}")
        sound = sound_of(plan)
        if (sound is None) != (found.sound_seconds is None):
            raise ExportDiffers("its sound is missing" if sound else "it has a sound that the film has not")
        if found.sound_seconds is not None and abs(found.sound_seconds - plan.seconds) > Fraction(1, 10):
            raise ExportDiffers(f"its sound lasts {float(found.sound_seconds):.3f} s")
        return Written(found.frames, found.seconds, (DAMAGED,) if ends.damaged else ())
