"""How much longer the program takes than a bare window with a player: to its first paint, and until it answers.

Run as `python -m tests.benchmarks.start_up [RUNS]`; on a machine without a screen add `QT_QPA_PLATFORM=offscreen`.
Goals: first paint 1.3 times the bare window's, everything answering 2.0 times.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from tests.benchmarks.noise import noise

RUNS = 7
HEAVY = ("httpx", "jwt", "keyring", "av", "numpy", "starlette", "uvicorn")
"""Libraries that nobody needs before the window stands."""

# It looks at the window alone: over all events of the program it would slow what it measures (PySide then loads the
# class of every widget there is, 20 ms, to name the one that was meant).
BARE = """
import os, sys
from PySide6.QtCore import QEvent, QObject
from PySide6.QtMultimedia import QAudioOutput, QMediaPlayer, QVideoSink
from PySide6.QtWidgets import QApplication, QMainWindow
class Eye(QObject):
    def eventFilter(self, seen, event):
        if event.type() == QEvent.Type.Paint:
            os.write(1, b"reached\\n")
            os._exit(0)
        return False
app = QApplication([])
window = QMainWindow()
eye = Eye(); window.installEventFilter(eye)
player, sink, sound = QMediaPlayer(window), QVideoSink(window), QAudioOutput(window)
player.setVideoSink(sink); player.setAudioOutput(sound)
window.resize(1360, 860); window.show()
app.exec()
"""

_START = """
import os, sys
from kling_desktop import __main__ as program
def end(said=b"reached\\n"):
    os.write(1, said)
    os._exit(0)
"""

PAINTED = f"""
{_START}
from kling_desktop.running import first_paint
painted = first_paint.painted
first_paint.painted = lambda folder: end() if painted(folder).centralWidget().was_painted else end(b"not painted")
program.main(["--sandbox", "--data-dir", sys.argv[1]])
"""

ANSWERING = f"""
{_START}
from kling_desktop.ui.window import Window
reveal = Window.reveal
def watched(window):
    from PySide6.QtCore import QTimer
    loaded = " ".join(name for name in {HEAVY!r} if name in sys.modules)
    def answer():  # what was posted before has been handled: the paint of all panels, and the resumption of all tasks
        end(f"loaded too early: {{loaded}}".encode() if loaded else b"reached\\n")
    reveal(window)
    QTimer.singleShot(0, lambda: QTimer.singleShot(0, answer))
Window.reveal = watched
program.main(["--sandbox", "--data-dir", sys.argv[1]])
"""


@dataclass(frozen=True)
class Taken:
    """What one start took, in seconds."""

    wall: float
    processor: float


def main(runs: int) -> int:
    scripts = {"bare window with a player": BARE, "first paint": PAINTED, "everything answering": ANSWERING}
    taken: dict[str, list[Taken]] = {name: [] for name in scripts}
    with tempfile.TemporaryDirectory() as folder:
        left_once(folder)
        for script in scripts.values():
            start(script, folder)  # warms the disk; thrown away
        for _ in range(runs):  # by turns, so that all meet the same weather
            for name, script in scripts.items():
                taken[name].append(start(script, folder))
    report(taken)
    return 0


def left_once(folder: str) -> None:
    """Makes the library, and the look of a window that has been closed."""
    start(_LEFT, folder)


_LEFT = f"""
{_START}
from kling_desktop.ui.window import Window
reveal = Window.reveal
def watched(window):
    from PySide6.QtCore import QTimer
    reveal(window)
    QTimer.singleShot(0, window.leave)
Window.reveal = watched
program.main(["--sandbox", "--data-dir", sys.argv[1]])
end()
"""


def start(script: str, folder: str) -> Taken:
    surroundings = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    used, begun = processor_seconds(), perf_counter()
    child = subprocess.run(
        [sys.executable, "-c", script, folder], capture_output=True, text=True, check=False, env=surroundings
    )
    taken = Taken(perf_counter() - begun, processor_seconds() - used)
    if child.stdout != "reached\n":
        raise SystemExit(f"{child.stdout!r}\n{child.stderr}")
    for mark in Path(folder).glob("running.*"):  # the child ends without closing: that is no crash here
        mark.unlink()
    return taken


def processor_seconds() -> float:
    """Of all children that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime


def report(taken: dict[str, list[Taken]]) -> None:
    bare = next(iter(taken.values()))
    for name, starts in taken.items():
        wall, wall_ratio = against(starts, bare, lambda start: start.wall)
        used, used_ratio = against(starts, bare, lambda start: start.processor)
        sys.stdout.write(
            f"{name:<28}{wall * 1000:6.0f} ms, ratio {wall_ratio:.2f};"
            f" of the processor {used * 1000:4.0f} ms, ratio {used_ratio:.2f}\n"
        )
    sys.stdout.write(f"medians of {len(bare)}; {noise([start.wall for start in bare])}\n")


def against(starts: list[Taken], bare: list[Taken], read: Callable[[Taken], float]) -> tuple[float, float]:
    """The median of what is read, and how many times the reference's it is."""
    own = statistics.median(map(read, starts))
    return own, own / statistics.median(map(read, bare))


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS))
