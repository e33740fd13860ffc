"""The original: the very files that Kling made, byte for byte."""

from __future__ import annotations

import filecmp
from contextlib import closing
from fractions import Fraction

from kling_desktop.errors import ExportDiffers
from kling_desktop.export import original
from kling_desktop.export.film import ExportFilm
from kling_desktop.export.formats.format import Order, Written
from kling_desktop.export.options import Options
from kling_desktop.media.frame_times import frame_times
from kling_desktop.media.frames import Abandoned


class Original:
    key = "original"
    title = "Original file"
    suffix = ".mp4"
    keeps_bytes = True
    bits_per_pixel = 0.0

    def size(self, order: Order) -> tuple[int, int]:
        shape = order.plan.shape
        return shape.width, shape.height

    def unfit(self, film: ExportFilm, options: Options) -> str:
        part = film.parts[0]
        if len(film.parts) > 1:
            return "The film is made of several files. Export it as H.264 or ProRes, or its clips one by one."
        if part.start > 0 or (part.end is not None and part.end < frame_times(part.file).end):
            return "Only whole clips can be handed out as they are. This one is cut."
        return "The picture would be changed, and the original stays as it is." if options.aspect else ""

    def write(self, order: Order) -> Written:
        source = order.film.parts[0].file
        times = frame_times(source)
        with closing(original.copy_within(source, order.target)) as copying:
            for moved in copying:
                if order.stopped():
                    raise Abandoned
                order.progress(times.count * moved.received_bytes // max(moved.total_bytes or 1, 1), times.count)
        if not filecmp.cmp(source, order.target, shallow=False):
            raise ExportDiffers("the copy is not the original")
        return Written(times.count, Fraction(times.end))
