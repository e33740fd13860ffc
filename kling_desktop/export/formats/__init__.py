"""The ways to hand a film out, one file for each family; FORMATS is the list, and all are held to one contract."""

from __future__ import annotations

from kling_desktop.export.formats.dnxhr import DNXHR
from kling_desktop.export.formats.format import Format
from kling_desktop.export.formats.h264 import ANYWHERE, NEAR_LOSSLESS, SMALL
from kling_desktop.export.formats.loops import AVIF, GIF, WEBP
from kling_desktop.export.formats.original import Original
from kling_desktop.export.formats.png_sequence import PngSequence
from kling_desktop.export.formats.prores import PRORES
from kling_desktop.export.formats.stream_copy import StreamCopy

FORMATS: tuple[Format, ...] = (
    Original(), StreamCopy(), NEAR_LOSSLESS, ANYWHERE, SMALL, PRORES, DNXHR, GIF, WEBP, AVIF, PngSequence(),
)  # fmt: skip

BY_KEY: dict[str, Format] = {each.key: each for each in FORMATS}
