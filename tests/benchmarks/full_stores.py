"""What the program holds after weeks of work: its bounded stores, full, so that what rises after that is a leak.

Left empty, they fill for hours: the soak would measure that, and nothing else.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QColor, QImage, QPainter

from kling_desktop.app import Program
from kling_desktop.domain.analysis import Measure, Meter, Seam, Verdict
from kling_desktop.media.frame_times import frame_times
from kling_desktop.studio.feed import Feed, SeamsFound
from kling_desktop.studio.films.planning.judge import MOST_CLIPS
from kling_desktop.ui.painted.lettering import lettering, write_block
from kling_desktop.ui.stills.posters import KEPT
from kling_desktop.ui.window import Window
from tests.harness.media.films import film
from tests.harness.waiting import until

STILL = QSize(100, 52)
"""Of the list of takes."""
PATIENCE = 300.0
_FILMS, _PICTURES = 100, 220
"""More films than are remembered, as long as those of the sandbox."""
_TEXTS = 600
"""Words that were laid out to be painted: more than are remembered."""


async def fill_stores(program: Program, folder: Path) -> None:
    """Fill what fills once; `folder` is for the stills."""
    await _fill_stills(program.window, folder)
    _fill_tables(folder)
    _fill_letters()
    _fill_findings(program.studio.feed)


async def _fill_stills(window: Window, folder: Path) -> None:
    """As many stills as the window keeps, each as large as those of the list."""
    picture = QImage(STILL, QImage.Format.Format_RGB32)
    picture.fill(QColor("grey"))
    for number in range(KEPT):
        still = folder / f"still {number}.png"
        picture.save(str(still))
        await until(lambda still=still: window.posters.pixmap(still, STILL), PATIENCE, "a still")  # type: ignore[misc]  # a lambda's default


def _fill_tables(folder: Path) -> None:
    """When the pictures of films are due: of one film under many names."""
    one = film(folder / "film.mp4", range(_PICTURES))
    for number in range(_FILMS):
        name = folder / f"film {number}.mp4"
        name.hardlink_to(one)
        frame_times(name)


def _fill_letters() -> None:
    picture = QImage(STILL, QImage.Format.Format_RGB32)
    painter = QPainter(picture)
    for number in range(_TEXTS):
        write_block(painter, QRect(0, 0, 100, 52), f"round {number}, take 0", lettering(12), QColor("white"), 16)
    painter.end()


def _fill_findings(feed: Feed) -> None:
    """What plans remember of clips."""
    for number in range(MOST_CLIPS):
        meters = tuple(Meter(measure, number + 0.5, number + 1.5, Verdict.CLEAN) for measure in Measure)
        feed.publish(SeamsFound(f"former {number}", (Seam(1, number, number + 0.5, 1.0, f"Words {number}", meters),)))
