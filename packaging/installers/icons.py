"""Draws the program's icon in every shape that an installer wants: PNG, ICO for Windows, ICNS for macOS.

python packaging/installers/icons.py FOLDER
"""

from __future__ import annotations

import os
import struct
import sys
from pathlib import Path

SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512, 1024)
_ICNS = {16: b"icp4", 32: b"icp5", 64: b"icp6", 128: b"ic07", 256: b"ic08", 512: b"ic09", 1024: b"ic10"}
"""Types of ICNS entries that hold a PNG of that many pixels; from 64 on they serve Retina screens too."""
_DRAWING = Path(__file__).resolve().parents[2] / "resources" / "icons" / "kling-desktop.svg"


def draw(folder: Path) -> None:
    """Write `SIZE.png` for each of SIZES, `kling-desktop.ico` and `kling-desktop.icns`."""
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    folder.mkdir(parents=True, exist_ok=True)
    renderer = QSvgRenderer(str(_DRAWING))
    pictures: dict[int, bytes] = {}
    for size in SIZES:
        image = QImage(size, size, QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        renderer.render(painter)
        painter.end()
        kept = QByteArray()
        buffer = QBuffer(kept)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        image.save(buffer, "PNG")  # type: ignore[call-overload] # the stubs want bytes where Qt takes text
        pictures[size] = bytes(kept.data())
        (folder / f"{size}.png").write_bytes(pictures[size])
    (folder / "kling-desktop.ico").write_bytes(ico({size: pictures[size] for size in SIZES if size <= 256}))
    (folder / "kling-desktop.icns").write_bytes(icns(pictures))


def ico(pictures: dict[int, bytes]) -> bytes:
    """An ICO of PNGs by their pixels, at most 256."""
    entries, where = b"", 6 + 16 * len(pictures)
    for size, picture in pictures.items():
        entries += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(picture), where)
        where += len(picture)
    return struct.pack("<HHH", 0, 1, len(pictures)) + entries + b"".join(pictures.values())


def icns(pictures: dict[int, bytes]) -> bytes:
    """An ICNS of PNGs by their pixels; sizes without a type are left out."""
    body = b"".join(
        kind + struct.pack(">I", 8 + len(pictures[size])) + pictures[size]
        for size, kind in _ICNS.items()
        if size in pictures
    )
    return b"icns" + struct.pack(">I", 8 + len(body)) + body


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    draw(Path(sys.argv[1]))
