"""MP4 without coding again: nothing is lost, and cuts fall where the file allows them."""

from __future__ import annotations

from fractions import Fraction

from kling_desktop.errors import ExportDiffers
from kling_desktop.export.film import ExportFilm
from kling_desktop.export.formats.format import Options, Order, Written, compare
from kling_desktop.media.writing.read_back import kept_of, read_film
from kling_desktop.media.writing.stream_copy import CopyRange, copy_range, copy_stream

_SLACK = Fraction(1, 20)


class StreamCopy:
    key = "mp4-copy"
    title = "MP4, not coded again"
    suffix = ".mp4"
    keeps_bytes = False
    bits_per_pixel = 0.0

    def unfit(self, film: ExportFilm, options: Options) -> str:
        if len(film.parts) > 1:
            return "The film is made of several files, which only coding again can join."
        if film.parts[0].colour is not None:
            return "Its colours are matched to the film, which only coding again can do."
        if options.aspect is not None or options.longest is not None:
            return "Another size or shape needs coding again."
        return ""

    def write(self, order: Order) -> Written:
        part = order.film.parts[0]
        stretch = copy_range(part.file, part.start, part.end)
        ends = copy_stream(part.file, order.target, stretch, order.tags, progress=order.progress, stopped=order.stopped)
        found = read_film(order.target)
        compare(found, ends, stretch.frames, stretch.until - stretch.start, _SLACK, 0.5)
        if kept_of(part.file) != kept_of(order.target):
            raise ExportDiffers("size, colours, rotation or sound are not the source's")
        return Written(found.frames, found.seconds, notes(order.film, stretch))


def notes(film: ExportFilm, stretch: CopyRange) -> tuple[str, ...]:
    """Where the cuts really fall, if not where they were wanted."""
    if stretch.exact:
        return ()
    part = film.parts[0]
    wanted_end = "the end" if part.end is None else f"{float(part.end):.3f} s"
    return (
        f"Without coding again it can be cut only at {float(stretch.start):.3f} s and {float(stretch.until):.3f} s"
        f" (wanted: {float(part.start):.3f} s and {wanted_end}).",
    )
