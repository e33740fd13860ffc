"""Pictures of the rail and the film lane as they stand in the window: python -m tests.gallery.film FOLDER [STILLS].

STILLS is a folder with the pictures of the design. Written are PNGs of 1440 x 900, dark and light, each at the place
that the design gives the panels, so that they can be laid beside it.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QWidget

from kling_desktop.ui import theme
from kling_desktop.ui.film.film_lane import FilmLane
from kling_desktop.ui.film.film_view import FilmView
from kling_desktop.ui.rail.rail import Rail
from kling_desktop.ui.rail.tree_panel import TreePanel
from kling_desktop.ui.stills.posters import Posters
from kling_desktop.ui.viewer.timeline.hop_strip import HopStrip
from tests.gallery import lantern_lake

_SETTLES = 0.6
"""Seconds that stills are given to be read."""


def window(still: lantern_lake.Stills, view: FilmView, sheet: Path, *, stopped: bool = False) -> QWidget:
    """A bare window with the panels at their places."""
    posters = Posters()
    whole = QWidget()
    whole.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # or the first control would have the focus
    whole.setFixedSize(1440, 900)
    panel = TreePanel(posters)
    rail = Rail(panel, QWidget(), QWidget(), whole)
    rail.setGeometry(0, 64, 280, 652)
    rail.tell_queue(3)
    panel.tree.show_film(lantern_lake.ListedRows(lantern_lake.tree(still)))
    panel.tree.choose("f4")
    panel.tell(14, 1)
    strip = HopStrip(whole)
    strip.setGeometry(280, 604, 838, 72)
    strip.show_film(lantern_lake.SECONDS, lantern_lake.BAD_MARKS if stopped else lantern_lake.MARKS, 4)
    strip.stills.show(sheet, 14)
    strip.stand_at(20.208)
    if stopped:
        strip.show_open(4)
    else:
        strip.show_range(14.9, 22.4)
    lane = FilmLane(posters, whole)
    lane.setGeometry(0, 716, 1440, 184)
    lane.show_view(view)
    panel.tree.turning.moves = lane.cards.turning.moves = False
    lane.ruler.stand_at(20.208)
    return whole


def _sheet(still: lantern_lake.Stills, folder: Path) -> Path:
    """The fourteen stills of the strip in one picture, as the program keeps them."""
    sheet = QImage(14 * 79, 44, QImage.Format.Format_RGB32)
    sheet.fill(QColor("#404040"))
    painter = QPainter(sheet)
    for number in range(14):
        file = still(f"s{number:02}")
        if file is not None:
            painter.drawImage(number * 79, 0, QImage(str(file)).scaled(79, 44))
    painter.end()
    file = folder / "strip.png"
    sheet.save(str(file))
    return file


def _settle() -> None:
    until = time.monotonic() + _SETTLES
    while time.monotonic() < until:
        QCoreApplication.processEvents()


def main(folder: Path, stills: Path | None) -> None:
    """Write the pictures."""
    app = QApplication([])
    still = lantern_lake.Stills(stills)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as room:
        sheet = _sheet(still, Path(room))
        for worn in ("dark", "light"):
            theme.apply(app, worn)
            views = {"plan": lantern_lake.view(still), "stopped": lantern_lake.stopped(still)}
            for name, view in views.items():
                whole = window(still, view, sheet, stopped=name == "stopped")
                whole.setFocus()
                whole.show()
                _settle()
                whole.grab().save(str(folder / f"{name}-{worn}.png"))
                whole.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
