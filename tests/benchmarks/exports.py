"""How quick exports are beside the ffmpeg program with the same settings, in one run; memory, and how soon one stops.

    python -m tests.benchmarks.exports [seconds of film for H.264 at 720p; 8, and 180 for the figures of issue 13]

Prints ratios of times (ours over ffmpeg's), the peak of memory at 1080p, how late the window's timer comes meanwhile,
and the seconds from a stop to its effect.
Without the ffmpeg program it says so and prints our own times only.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from time import perf_counter, sleep

import av
import numpy as np

from kling_desktop import __version__
from kling_desktop.export import exporting
from kling_desktop.export.film import ExportFilm, ExportPart
from kling_desktop.export.formats import BY_KEY
from kling_desktop.export.formats.format import Order
from kling_desktop.export.process import child
from kling_desktop.export.request import Request
from kling_desktop.media.frames import Abandoned

FFMPEG = shutil.which("ffmpeg")
RUNS = 3
_LARGE_SECONDS = 3
_TICK_MS = 5


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def make(file: Path, width: int, height: int, seconds: int) -> Path:
    """A film with moving texture and noise, so that encoders have something to do; a key frame each second."""
    rng = np.random.default_rng(7)
    texture = rng.integers(40, 215, (height * 2, width * 2), np.uint8)
    texture = texture // 3 + np.roll(texture, 1, 0) // 3 + np.roll(texture, 1, 1) // 3
    with av.open(str(file), "w") as container:
        video = container.add_stream("libx264", rate=24, options={"preset": "ultrafast", "crf": "20", "g": "24"})
        video.width, video.height, video.pix_fmt = width, height, "yuv420p"
        planes = np.full((height * 3 // 2, width), 128, np.uint8)
        for number in range(24 * seconds):
            place = number * 3 % height
            planes[:height] = texture[place : place + height, place : place + width]
            frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, 24)
            container.mux(video.encode(frame))
        container.mux(video.encode())
    return file


def timed(act: Callable[[], object]) -> float:
    """The best of some runs, in seconds."""
    times = []
    for _ in range(RUNS):
        began = perf_counter()
        act()
        times.append(perf_counter() - began)
    return min(times)


def ours(key: str, part: ExportPart, folder: Path) -> Callable[[], object]:
    form = BY_KEY[key]
    return lambda: form.write(Order(ExportFilm("x", (part,)), folder / f"ours-{key}{form.suffix}"))


def theirs(source: Path, target: Path, *options: str, before: tuple[str, ...] = ()) -> Callable[[], object]:
    line = [FFMPEG or "", "-v", "error", "-y", *before, "-i", str(source), *options, str(target)]
    return lambda: subprocess.run(line, check=True)


def compared(name: str, bound: float, mine: Callable[[], object], other: Callable[[], object]) -> None:
    own = timed(mine)
    if FFMPEG is None:
        say(f"{name}: {own:.2f} s (no ffmpeg program to compare with)")
        return
    foreign = timed(other)
    say(f"{name}: {own:.2f} s, ffmpeg {foreign:.2f} s, ratio {own / foreign:.2f} (wanted <= {bound})")


def stop_seconds(part: ExportPart, folder: Path) -> float:
    """From the stop to the end of an export at 1080p."""
    stop, begun, ended = threading.Event(), threading.Event(), []

    def work() -> None:
        try:
            BY_KEY["h264-anywhere"].write(
                Order(
                    ExportFilm("x", (part,)),
                    folder / "stopped.mp4",
                    progress=lambda done, _: begun.set() if done > 20 else None,
                    stopped=stop.is_set,
                )
            )
        except Abandoned:
            ended.append(perf_counter())

    thread = threading.Thread(target=work)
    thread.start()
    begun.wait()
    asked = perf_counter()
    stop.set()
    thread.join()
    return ended[0] - asked


def window_lateness(part: ExportPart, folder: Path, writing: Callable[[Request], object] | None) -> float:
    """How late a timer of 5 ms on the window's thread comes, in ms, at the 99th percentile, while something is written
    in H.264 at 1080p; without anything to write, for some seconds.
    """
    from PySide6.QtCore import Qt, QTimer
    from PySide6.QtWidgets import QApplication

    app, late, last = QApplication.instance() or QApplication([]), [], perf_counter()
    request = Request(ExportFilm("x", (part,)), "h264-anywhere", folder, Path("window.mp4"))
    work = threading.Thread(target=writing or (lambda _: sleep(3)), args=(request,))
    timer = QTimer(interval=_TICK_MS, timerType=Qt.TimerType.PreciseTimer)

    def tick() -> None:
        nonlocal last
        now = perf_counter()
        late.append(1000 * (now - last) - _TICK_MS)
        last = now
        sum(range(20_000))  # a window has something to do
        if not work.is_alive():
            app.quit()

    timer.timeout.connect(tick)
    work.start()
    timer.start()
    app.exec()
    timer.stop()
    return sorted(late)[len(late) * 99 // 100]


def main() -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 8
    say(f"Kling Desktop {__version__}, best of {RUNS}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        film = make(folder / "720.mp4", 1280, 720, seconds)
        large = make(folder / "1080.mp4", 1920, 1080, _LARGE_SECONDS)
        tail = ExportPart(film, start=Fraction(seconds // 2))
        compared(
            "stream copy of a tail",
            1.1,
            ours("mp4-copy", tail, folder),
            theirs(film, folder / "t.mp4", "-c", "copy", "-movflags", "+faststart", before=("-ss", str(seconds // 2))),
        )
        compared(
            f"H.264 of {seconds} s at 720p",
            1.25,
            ours("h264-anywhere", ExportPart(film), folder),
            theirs(
                film, folder / "h.mp4", "-c:v", "libx264", "-preset", "medium", "-crf", "18", "-movflags", "+faststart"
            ),
        )
        compared(
            f"ProRes 422 HQ of {_LARGE_SECONDS} s at 1080p",
            1.25,
            ours("prores-422-hq", ExportPart(large), folder),
            theirs(large, folder / "p.mov", "-c:v", "prores_aw", "-profile:v", "3", "-pix_fmt", "yuv422p10le"),
        )
        say(f"memory, peak: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB (wanted <= 600)")
        for name, writing in (
            ("idle", None),
            ("in this process", exporting.export),
            ("as the program does", child.export),
        ):
            late = window_lateness(ExportPart(large), folder, writing)
            say(f"the window's timer, {name}: p99 {late:.1f} ms late (wanted <= 16)")
        say(f"a stop takes effect after {stop_seconds(ExportPart(large), folder):.2f} s (wanted <= 0.5)")


if __name__ == "__main__":
    main()
