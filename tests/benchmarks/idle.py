"""What the program takes of a core while a paused film is all there is, against a bare window with a paused player.

Run as `python -m tests.benchmarks.idle [SECONDS]`; on a machine without a screen add `QT_QPA_PLATFORM=offscreen`.
Goal: at most 0.3 % of a core, and no timer without a reason.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import qasync
from PySide6.QtCore import QEvent, QObject, QTimer, QUrl
from PySide6.QtMultimedia import QAudioOutput, QMediaPlayer
from PySide6.QtMultimediaWidgets import QVideoWidget
from PySide6.QtWidgets import QApplication, QMainWindow

from kling_desktop import app as program
from kling_desktop.store.library import Library
from kling_desktop.ui.rail.rail import ALL_TAKES
from tests.harness.media.films import film
from tests.harness.tasks import done
from tests.harness.timers import name_of, running_timers
from tests.harness.waiting import until

SECONDS = 30.0
SETTLE = 3.0


def main(seconds: float) -> int:
    sys.stdout.write(f"a paused film, {seconds:.0f} s each; reference: a bare window with a paused player\n")
    with tempfile.TemporaryDirectory() as folder:
        file = film(Path(folder) / "take.mp4", range(120))
        bare = _child("--bare", folder, str(file), seconds)
        ours = _child("--ours", folder, str(file), seconds)
    for name, found in (("bare window", bare), ("the program", ours)):
        sys.stdout.write(f"{name}: {found['share']:.3%} of a core\n")
    for name, count in ours["timers"]:
        sys.stdout.write(f"    {count:>4} wake-ups by {name}\n")
    for name, pause in sorted(ours["running"].items()):
        sys.stdout.write(f"    runs: {name}" + (f", each {pause:g} s\n" if pause else "\n"))
    return 0


def _child(*command: Any) -> dict[str, Any]:
    words = [sys.executable, "-m", "tests.benchmarks.idle", *map(str, command)]
    child = subprocess.run(words, capture_output=True, text=True, check=False)
    if child.returncode:
        raise SystemExit(child.stderr)
    found: dict[str, Any] = json.loads(child.stdout.splitlines()[-1])
    return found


# --- in the process that is idle ---


class Usage:
    """Processor seconds of all threads."""

    def __init__(self) -> None:
        self._clock, self._work = time.perf_counter(), time.process_time()

    def until_now(self) -> dict[str, Any]:
        return {"share": (time.process_time() - self._work) / (time.perf_counter() - self._clock)}


class TimerEvents(QObject):
    """Counts the wake-ups of Qt's timers, by name."""

    def __init__(self) -> None:
        super().__init__()
        self.counted: Counter[str] = Counter()

    def eventFilter(self, seen: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt names it
        if event.type() == QEvent.Type.Timer:
            self.counted[name_of(seen)] += 1
        return False


async def ours(folder: Path, file: Path, seconds: float) -> None:
    library = Library.open(folder / "library.sqlite3")
    task = done(1, file=file)
    library.put(task)
    library.close()
    async with program.opened(program.Options(sandbox=True, data_dir=folder), {}) as running:
        window = running.window
        window.resize(1440, 900)
        window.show()
        window.show_rail(ALL_TAKES)
        await until(lambda: window.tasks.model.total == 1, 30, "the take")
        window.tasks.select(task.id)
        await until(lambda: not window.viewer.picture.image.isNull(), 30, "its first picture")
        await until(_at_rest, 120, "the analysis to end")
        await asyncio.sleep(SETTLE)
        usage = Usage()
        await asyncio.sleep(seconds)
        found = usage.until_now()
        timers = TimerEvents()
        app = QApplication.instance()
        assert app is not None
        app.installEventFilter(timers)
        await asyncio.sleep(seconds)
        found |= {"timers": timers.counted.most_common(), "running": running_timers()}
        _say(found)


def _at_rest() -> bool:
    """Whether nothing is under way but what is for as long as the program runs."""
    names = {getattr(task.get_coro(), "__qualname__", "") for task in asyncio.all_tasks()}
    return names <= {"ours", "Budget.run"}


def bare(file: Path, seconds: float) -> None:
    app = QApplication([])
    window = QMainWindow()
    player, sound, picture = QMediaPlayer(window), QAudioOutput(window), QVideoWidget(window)
    player.setAudioOutput(sound)
    player.setVideoOutput(picture)
    window.setCentralWidget(picture)
    window.resize(1360, 860)
    window.show()
    player.setSource(QUrl.fromLocalFile(str(file)))
    player.pause()

    def begin() -> None:
        usage = Usage()
        QTimer.singleShot(round(seconds * 1000), lambda: _say(usage.until_now()))

    QTimer.singleShot(round(SETTLE * 1000), begin)
    app.exec()


def _say(found: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()
    os._exit(0)


def run(which: str, folder: str, file: str, seconds: str) -> None:
    if which == "--bare":
        bare(Path(file), float(seconds))
        return
    app = program.make_application()
    with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(app)) as runner:
        runner.run(ours(Path(folder), Path(file), float(seconds)))


if __name__ == "__main__":
    if sys.argv[1:2] in (["--bare"], ["--ours"]):
        run(*sys.argv[1:])
    raise SystemExit(main(float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS))
