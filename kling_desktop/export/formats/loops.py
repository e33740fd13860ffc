"""Loops: GIF, animated WebP and AVIF, small and without sound."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

from kling_desktop.errors import ExportUnfit
from kling_desktop.export.film import ExportFilm
from kling_desktop.export.formats.coded import DAMAGED, too_large
from kling_desktop.export.formats.format import Order, Written, compare, reading_back
from kling_desktop.export.options import Options
from kling_desktop.media.film.plan import FilmPlan
from kling_desktop.media.writing.loops import Loop, loop_frames, write_loop
from kling_desktop.media.writing.read_back import ReadBack, read_avif, read_gif, read_webp

USUAL_LONGEST = 480
USUAL_RATE = Fraction(12)
_A_PICTURE = Fraction(1, 1000)
"""Not longer than a picture lasts: the stretch that begins with it and has no other."""
_FASTEST = Fraction(50)
"""Programs that show GIFs slow those down that ask for more."""


@dataclass(frozen=True, slots=True)
class LoopFormat:
    """A loop in one container."""

    key: str
    title: str
    suffix: str
    container: str
    read: Callable[[Path], ReadBack]
    levels: float
    bits_per_pixel: float
    merges: bool = False
    """Whether its encoder makes one picture, shown longer, of several that are alike."""
    keeps_bytes: bool = False

    def size(self, order: Order) -> tuple[int, int]:
        framing = self.loop(order, order.plan).framing
        return framing.width, framing.height

    def unfit(self, film: ExportFilm, options: Options) -> str:
        if options.rate is not None and not 0 < options.rate <= _FASTEST:
            return f"A loop has between 1 and {_FASTEST} pictures a second."
        if options.most_bytes is not None and self._bytes_of_first(film, options) > options.most_bytes:
            return too_large(options.most_bytes)
        return ""

    def _bytes_of_first(self, film: ExportFilm, options: Options) -> int:
        """What its first picture takes alone, and so what it takes at least."""
        first = replace(film.parts[0], end=film.parts[0].start + _A_PICTURE)
        with TemporaryDirectory(prefix="kling-loop-") as folder:
            order = Order(replace(film, parts=(first,)), Path(folder) / f"first{self.suffix}", options)
            write_loop(order.plan, order.target, replace(self.loop(order, order.plan), blended=0))
            return order.target.stat().st_size

    def write(self, order: Order) -> Written:
        plan = order.plan
        loop = self.loop(order, plan)
        most = order.options.most_bytes

        def moved(done: int, total: int) -> None:
            if most is not None and order.target.exists() and order.target.stat().st_size > most:
                raise ExportUnfit(too_large(most))  # what comes makes it no smaller
            order.progress(done, total)

        ends = write_loop(plan, order.target, loop, progress=moved, stopped=order.stopped)
        with reading_back():
            found = self.read(order.target)
        count = loop_frames(plan, loop)
        seconds = count / loop.rate if found.frames > 1 else found.seconds
        if self.merges and 0 < found.frames < count:
            found = replace(found, frames=count)  # their length tells that none is missing
        compare(found, ends, count, seconds, Fraction(1, 20) + Fraction(count, 1000), self.levels)
        return Written(count, found.seconds, ("It has no sound.", *((DAMAGED,) if ends.damaged else ())))

    def loop(self, order: Order, plan: FilmPlan) -> Loop:
        """What the order asks for, with the usual size and rate where it says nothing."""
        rate = min(order.options.rate or USUAL_RATE, plan.shape.fps, _FASTEST)
        blended = round(order.options.blend_seconds * rate)
        return Loop(self.container, order.framing(plan, order.options.longest or USUAL_LONGEST), rate, blended)


GIF = LoopFormat("gif", "GIF", ".gif", "gif", read_gif, 12, 3)
WEBP = LoopFormat("webp", "Animated WebP", ".webp", "webp", read_webp, 8, 1, merges=True)
AVIF = LoopFormat("avif", "AVIF loop", ".avif", "avif", read_avif, 10, 0.3)
