"""A PNG sequence: a folder with one picture for each frame."""

from __future__ import annotations

from contextlib import closing

from kling_desktop.errors import ExportDiffers
from kling_desktop.export.film import ExportFilm
from kling_desktop.export.formats.coded import DAMAGED
from kling_desktop.export.formats.format import Order, Written
from kling_desktop.export.options import Options
from kling_desktop.media.writing.stills import ends_of, write_stills


class PngSequence:
    key = "png-sequence"
    title = "PNG sequence"
    suffix = ""
    keeps_bytes = False
    bits_per_pixel = 14.0

    def size(self, order: Order) -> tuple[int, int]:
        framing = order.framing(order.plan)
        return framing.width, framing.height

    def unfit(self, film: ExportFilm, options: Options) -> str:
        return ""

    def write(self, order: Order) -> Written:
        plan = order.plan
        order.target.mkdir()
        damage: list[bool] = []
        stills = write_stills(plan, order.framing(plan), range(plan.frames), order.target, lambda: damage.append(True))
        with closing(stills) as written:
            off = ends_of(written, plan.frames, order.progress, order.stopped)
        if len(list(order.target.glob("*.png"))) != plan.frames:
            raise ExportDiffers("pictures are missing")
        if off > 1.0:
            raise ExportDiffers(f"a picture is another than the film's (by {off:.0f} levels)")
        return Written(plan.frames, plan.seconds, ("It has no sound.", *((DAMAGED,) if damage else ())))
