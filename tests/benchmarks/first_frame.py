"""How much longer the viewer takes from a chosen take to its first painted frame than a bare QMediaPlayer does.

Both open the same local files by turns in one process; the clock runs from the call that opens a file until a frame
of it has been painted. Run as `python -m tests.benchmarks.first_frame [TURNS]`; on a machine without a screen add
`QT_QPA_PLATFORM=offscreen`. Goal: a ratio of 1.25 or less.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from PySide6.QtCore import QEventLoop, QTimer, QUrl
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtMultimedia import QAudioOutput, QMediaPlayer, QVideoFrame, QVideoSink
from PySide6.QtWidgets import QApplication, QWidget

from kling_desktop.domain.clips import Clip
from kling_desktop.ui.viewer.viewer import Viewer
from tests.harness.media.films import film

TURNS = 30
GOAL = 1.25
_FILMS, _FRAMES = 4, 72
_SIZE = (1280, 720)
_PATIENCE_MS = 10_000


class Bare(QWidget):
    """The least that plays: a player, a sink, and the frame painted as it comes."""

    def __init__(self) -> None:
        super().__init__()
        self.painted: Callable[[], None] | None = None
        self._frame: QVideoFrame | None = None
        self.player, self._sink, self._sound = QMediaPlayer(self), QVideoSink(self), QAudioOutput(self)
        self.player.setVideoSink(self._sink)
        self.player.setAudioOutput(self._sound)
        self._sink.videoFrameChanged.connect(self._take)

    def open(self, file: Path) -> None:
        self._frame = None
        self.player.setSource(QUrl.fromLocalFile(str(file)))
        self.player.pause()

    def _take(self, frame: QVideoFrame) -> None:
        self._frame = frame if frame.isValid() else None
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt calls it so
        if self._frame is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(self.rect(), self._frame.toImage())
        painter.end()
        if self.painted is not None:
            self.painted()


def main(turns: int) -> int:
    app = QApplication.instance() or QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        films = [film(Path(folder) / f"{n}.mp4", range(n, n + _FRAMES), size=_SIZE) for n in range(_FILMS)]
        bare, own = _series(films, turns)
    del app
    reference, taken = statistics.median(bare), statistics.median(own)
    sys.stdout.write(
        f"file chosen to first painted frame, median of {turns}: bare QMediaPlayer {reference:.1f} ms, "
        f"viewer {taken:.1f} ms, ratio {taken / reference:.2f} (goal {GOAL}); "
        f"90 % within {_ninth(bare):.1f} and {_ninth(own):.1f} ms\n"
    )
    return 0 if taken / reference <= GOAL else 1


def _series(films: list[Path], turns: int) -> tuple[list[float], list[float]]:
    """Milliseconds of each turn, of the bare player and of the viewer."""
    bare, viewer = Bare(), Viewer()
    for window in (bare, viewer):
        window.resize(960, 600)
        window.show()
    _spend(200)  # the viewer makes its player after its first paint
    first, second = list[float](), list[float]()
    for turn in range(-2, turns):  # two turns to warm up
        file = films[turn % len(films)]
        if turn % 2:  # who comes second finds the file in memory
            reference, taken = _bare_ms(bare, file), _viewer_ms(viewer, file, turn)
        else:
            taken, reference = _viewer_ms(viewer, file, turn), _bare_ms(bare, file)
        if turn >= 0:
            first.append(reference)
            second.append(taken)
    bare.player.setSource(QUrl())
    viewer.close()
    _spend(100)
    return first, second


def _bare_ms(bare: Bare, file: Path) -> float:
    return _timed(lambda painted: setattr(bare, "painted", painted), lambda: bare.open(file))


def _viewer_ms(viewer: Viewer, file: Path, turn: int) -> float:
    """As long as it takes until the film's picture is on its way to the screen."""

    def hear(painted: Callable[[], None]) -> None:
        picture, seen = viewer.picture, viewer.frames_seen
        paint = type(picture).paintEvent

        def watched(event: QPaintEvent) -> None:
            paint(picture, event)
            if viewer.frames_seen > seen:
                painted()

        setattr(picture, "paintEvent", watched)  # noqa: B010 - the type checker forbids the plain way

    return _timed(hear, lambda: viewer.show_clip(Clip(f"{file.stem}-{turn}", file=file)))


def _timed(hear: Callable[[Callable[[], None]], None], begin: Callable[[], None]) -> float:
    loop, end = QEventLoop(), list[float]()

    def painted() -> None:
        end.append(perf_counter())
        loop.quit()

    hear(painted)
    QTimer.singleShot(_PATIENCE_MS, loop, loop.quit)
    start = perf_counter()
    begin()
    loop.exec()
    if not end:
        raise SystemExit("no frame was painted")
    taken = (end[0] - start) * 1000
    _spend(60)  # so that what is still under way is not charged to the other
    return taken


def _spend(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _ninth(values: list[float]) -> float:
    return statistics.quantiles(values, n=10)[8] if len(values) > 1 else values[0]


if __name__ == "__main__":
    os.environ.setdefault("QT_LOGGING_RULES", "qt.multimedia*=false")
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else TURNS))
