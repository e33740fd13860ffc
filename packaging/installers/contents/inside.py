"""What the metadata of wheels does not say: licences of the libraries that they carry."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Known:
    """What is known about a library by the name of its file or distribution."""

    licence: str
    """SPDX."""
    note: str = ""


_QT = Known("LGPL-3.0-only", "Its libraries are files of their own and may be replaced.")
_FFMPEG_GPL = Known("GPL-2.0-or-later", "FFmpeg, LGPL in its own right, built with x264 and x265.")
_FFMPEG = Known("LGPL-2.1-or-later", "FFmpeg as Qt builds it, without what is under the GPL.")

INSIDE: dict[str, Known] = {
    "pyside6_essentials": _QT,
    "pyside6_addons": _QT,
    "shiboken6": _QT,
    "fontpkg-inter": Known("OFL-1.1", "The letters Inter."),
    "pyinstaller": Known("GPL-2.0-or-later WITH Bootloader-exception", "Only its loader is here."),
    "av": Known("BSD-3-Clause", "The wheel carries x264 and x265: with them the whole is under the GPL."),
    "libx264": Known("GPL-2.0-or-later", "The reason why the bundle is under the GPL."),
    "libx265": Known("GPL-2.0-or-later", "The reason why the bundle is under the GPL."),
    "libavcodec": _FFMPEG_GPL,
    "libavdevice": _FFMPEG_GPL,
    "libavfilter": _FFMPEG_GPL,
    "libavformat": _FFMPEG_GPL,
    "libavutil": _FFMPEG_GPL,
    "libswresample": _FFMPEG_GPL,
    "libswscale": _FFMPEG_GPL,
    "qt-libavcodec": _FFMPEG,
    "qt-libavformat": _FFMPEG,
    "qt-libavutil": _FFMPEG,
    "qt-libswresample": _FFMPEG,
    "qt-libswscale": _FFMPEG,
    "libsvtav1enc": Known("BSD-3-Clause-Clear"),
    "libdav1d": Known("BSD-2-Clause"),
    "libvpx": Known("BSD-3-Clause"),
    "libopus": Known("BSD-3-Clause"),
    "libwebp": Known("BSD-3-Clause"),
    "libwebpmux": Known("BSD-3-Clause"),
    "libsharpyuv": Known("BSD-3-Clause"),
    "libmp3lame": Known("LGPL-2.0-or-later"),
    "libopencore": Known("Apache-2.0"),
    "libgnutls": Known("LGPL-2.1-or-later"),
    "libnettle": Known("LGPL-3.0-or-later OR GPL-2.0-or-later"),
    "libhogweed": Known("LGPL-3.0-or-later OR GPL-2.0-or-later"),
    "libgmp": Known("LGPL-3.0-or-later OR GPL-2.0-or-later"),
    "libunistring": Known("LGPL-3.0-or-later OR GPL-2.0-or-later"),
    "libvpl": Known("MIT"),
    "libdrm": Known("MIT"),
    "libasound": Known("LGPL-2.1-or-later"),
    "libxcb": Known("MIT"),
    "libxau": Known("MIT"),
    "libscipy_openblas64_": Known("BSD-3-Clause", "OpenBLAS, as numpy builds it."),
    "libgfortran": Known("GPL-3.0-or-later WITH GCC-exception-3.1"),
    "libquadmath": Known("LGPL-2.1-or-later"),
    "qt-libicudata": Known("ICU"),
    "qt-libicui18n": Known("ICU"),
    "qt-libicuuc": Known("ICU"),
}
"""By the lower-case name of a distribution, or the beginning of a library's file name."""

SPDX: dict[str, str] = {
    "Apache Software License": "Apache-2.0",
    "MIT License": "MIT",
    "BSD License": "BSD-3-Clause",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
"""Words of older metadata, and what they mean for the packages that say them here."""
