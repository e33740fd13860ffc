"""ProRes 422 HQ in QuickTime, for editors on any system."""

from __future__ import annotations

from kling_desktop.export.formats.coded import CodedFormat
from kling_desktop.media.writing.film_file import Coding

PRORES = CodedFormat(
    "prores-422-hq",
    "ProRes 422 HQ",
    ".mov",
    Coding("mov", "prores_ks", "yuv422p10le", (("profile", "hq"), ("vendor", "apl0")), "pcm_s16le"),
    4.5,
    2,
)
