"""How much longer the program takes to its first paint than a bare window with a player (goal: 1.3 times).

Run as `python -m tests.benchmarks.start_up [RUNS]`; on a machine without a screen add `QT_QPA_PLATFORM=offscreen`.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

RUNS = 7
HEAVY = ("httpx", "jwt", "keyring", "av", "numpy", "starlette", "uvicorn")
"""Libraries that nobody needs before the window stands."""

# It looks at the window alone: over all events of the program it would slow what it measures (PySide then loads the
# class of every widget there is, 20 ms, to name the one that was meant).
_PAINTED = """
class Eye(QObject):
    def eventFilter(self, seen, event):
        if event.type() == QEvent.Type.Paint:
            seen.removeEventFilter(self)
            sys.stdout.write("painted\\n"); sys.stdout.flush()
            os._exit(0)
        return False
"""

_CONFESS = "sys.stdout.write(' '.join(m for m in HEAVY if m in sys.modules)); sys.stdout.flush(); os._exit(0)"

BARE = f"""
import os, sys
from PySide6.QtCore import QEvent, QObject
from PySide6.QtMultimedia import QAudioOutput, QMediaPlayer, QVideoSink
from PySide6.QtWidgets import QApplication, QMainWindow
{_PAINTED}
app = QApplication([])
window = QMainWindow()
eye = Eye(); window.installEventFilter(eye)
player, sink, sound = QMediaPlayer(window), QVideoSink(window), QAudioOutput(window)
player.setVideoSink(sink); player.setAudioOutput(sound)
window.resize(1360, 860); window.show()
app.exec()
"""

OURS = f"""
import os, sys
from pathlib import Path
from kling_desktop import app as program
from PySide6.QtCore import QEvent, QObject
{_PAINTED.replace("os._exit(0)", _CONFESS)}
HEAVY = {HEAVY!r}
made = program.Window
def watched(studio):
    window = made(studio)
    window.eye = Eye(); window.installEventFilter(window.eye)
    return window
program.Window = watched
program.run(program.Options(sandbox=True, data_dir=Path(sys.argv[1])))
"""


def main(runs: int) -> int:
    bare, ours = [], []
    with tempfile.TemporaryDirectory() as folder:
        seconds_to_paint(OURS, folder)  # makes the library, warms the disk; thrown away
        seconds_to_paint(BARE, folder)
        for _ in range(runs):  # by turns, so that both meet the same weather
            bare.append(seconds_to_paint(BARE, folder))
            ours.append(seconds_to_paint(OURS, folder))
    report(bare, ours)
    return 0


def seconds_to_paint(script: str, folder: str) -> float:
    start = perf_counter()
    child = subprocess.run(
        [sys.executable, "-c", script, folder], capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    taken = perf_counter() - start
    painted, _, loaded = child.stdout.partition("painted\n")
    if "painted" not in child.stdout or loaded:
        raise SystemExit(f"not painted, or loaded too early: {painted!r} {loaded!r}\n{child.stderr}")
    for mark in Path(folder).glob("running.*"):  # the child ends without closing: that is no crash here
        mark.unlink()
    return taken


def report(bare: list[float], ours: list[float]) -> None:
    reference, own = statistics.median(bare), statistics.median(ours)
    sys.stdout.write(
        f"first paint, median of {len(ours)}: bare PySide6 window with a player {reference * 1000:.0f} ms, "
        f"Kling Desktop {own * 1000:.0f} ms, ratio {own / reference:.2f} (goal 1.3)\n"
    )


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS))
