"""DNxHR HQ in QuickTime, for editors, quicker to write than ProRes."""

from __future__ import annotations

from kling_desktop.export.formats.coded import CodedFormat
from kling_desktop.media.writing.film_file import Coding

DNXHR = CodedFormat(
    "dnxhr-hq",
    "DNxHR HQ",
    ".mov",
    Coding("mov", "dnxhd", "yuv422p", (("profile", "dnxhr_hq"),), "pcm_s16le"),
    4.5,
    3,
    least=(256, 120),
)
