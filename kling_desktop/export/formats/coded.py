"""What the formats that code a film again have in common: write, read back, compare."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from kling_desktop.errors import ExportDiffers
from kling_desktop.export.film import ExportFilm
from kling_desktop.export.formats.format import Order, Written, compare, reading_back
from kling_desktop.export.options import Options
from kling_desktop.media.film.sound import sound_of
from kling_desktop.media.writing.film_file import Coding, write_film
from kling_desktop.media.writing.read_back import read_film

_BT709 = (1, 1, 1)

DAMAGED = "Some pictures of a clip are damaged; what can be decoded of them is shown."


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
        return ""

    def write(self, order: Order) -> Written:
        plan = order.plan
        ends = write_film(
            plan,
            order.target,
            self.coding,
            order.framing(plan, self.most),
            order.tags,
            progress=order.progress,
            stopped=order.stopped,
        )
        with reading_back():
            found = read_film(order.target)
        compare(found, ends, plan.frames, plan.seconds, 1 / plan.shape.fps / 2, self.levels)
        if found.colours != _BT709:
            raise ExportDiffers(f"its colours are tagged {found.colours}")
        sound = sound_of(plan)
        if (sound is None) != (found.sound_seconds is None):
            raise ExportDiffers("its sound is missing" if sound else "it has a sound that the film has not")
        if found.sound_seconds is not None and abs(found.sound_seconds - plan.seconds) > Fraction(1, 10):
            raise ExportDiffers(f"its sound lasts {float(found.sound_seconds):.3f} s")
        return Written(found.frames, found.seconds, (DAMAGED,) if ends.damaged else ())
