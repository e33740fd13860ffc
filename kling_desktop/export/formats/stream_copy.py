"""MP4 without coding again: nothing is lost, and cuts fall where the file allows them."""

from __future__ import annotations

from fractions import Fraction

from kling_desktop.errors import ExportDiffers
from kling_desktop.export.film import ExportFilm
from kling_desktop.export.formats.format import Order, Written, reading_back
from kling_desktop.export.options import Options
from kling_desktop.media.writing.stream_copy import CopyRange, copy_stream, read_copy

HELD = "Its last picture is shown for less long than in the film, which only coding again can keep."
_SLACK = Fraction(1, 20)


class StreamCopy:
    key = "mp4-copy"
    title = "MP4, not coded again"
    suffix = ".mp4"
    keeps_bytes = False
    bits_per_pixel = 0.0

    def size(self, order: Order) -> tuple[int, int]:
        shape = order.plan.shape
        return shape.width, shape.height

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
        stretch, meant = copy_stream(
            part.file, order.target, part.start, part.end, order.tags, progress=order.progress, stopped=order.stopped
        )
        with reading_back():
            times, found = read_copy(order.target)
        if times.count != stretch.frames:
            raise ExportDiffers(f"{times.count} of {stretch.frames} frames were written")
        shorter = stretch.until - stretch.start - times.end
        late = times.time_of(times.count - 1) - (stretch.last - stretch.start)
        if shorter < -_SLACK or abs(late) > _SLACK:
            raise ExportDiffers(f"it lasts {float(times.end):.3f} s")
        if meant.differs(found):
            raise ExportDiffers("pictures, size, colours, rotation or sound are not the source's")
        held = (HELD,) if shorter > _SLACK else ()  # of pictures that come unevenly, not in the order of showing
        return Written(times.count, times.end, (*notes(order.film, stretch), *held))


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
