"""200 MB over loopback with the window's loop live: our download against curl and aria2c, and how late a timer gets.

Run as `python -m tests.benchmarks.download`; on a machine without a screen add `QT_QPA_PLATFORM=offscreen`.
"""

from __future__ import annotations

import asyncio
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import qasync
from PySide6.QtCore import Qt, QTimer

from kling_desktop.app import Options, make_application, opened
from kling_desktop.kling import download

SIZE = 200_000_000
RUNS = 3
TICK_MS = 5

_SERVER = """
import functools, http.server, socketserver, sys
class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_): pass
    def copyfile(self, source, target): self.connection.sendfile(source)
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=sys.argv[1]))
print(server.server_port, flush=True)
server.serve_forever()
"""


class Lateness:
    """How much later than asked a timer of the GUI thread comes."""

    def __init__(self) -> None:
        self.milliseconds: list[float] = []
        self._last = perf_counter()
        self._timer = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def restart(self) -> None:
        self.milliseconds.clear()
        self._last = perf_counter()

    def _tick(self) -> None:
        now = perf_counter()
        self.milliseconds.append(max(0.0, (now - self._last) * 1000 - TICK_MS))
        self._last = now


def fetch(url: str, target: Path) -> float:
    """MB a second of our own download, synced to the disk as in the program."""
    start = perf_counter()
    for _ in download.fetch(url, target, stopped=lambda: False):
        pass
    return SIZE / 1e6 / (perf_counter() - start)


def run(command: list[str]) -> float:
    start = perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return SIZE / 1e6 / (perf_counter() - start)


def others(url: str, folder: Path) -> dict[str, list[str]]:
    """The references that this machine has."""
    commands = {
        "curl": ["curl", "-s", "-o", str(folder / "curl"), url],
        "aria2c": [
            "aria2c",
            "-q",
            "--allow-overwrite",
            "--file-allocation=none",
            "-x4",
            "-d",
            str(folder),
            "-o",
            "a",
            url,
        ],
    }
    return {name: command for name, command in commands.items() if shutil.which(name)}


async def measure(folder: Path, url: str) -> str:
    speeds: dict[str, list[float]] = {}
    late: list[float] = []
    async with opened(Options(sandbox=True, data_dir=folder / "data"), {}) as program:
        program.window.show()
        await asyncio.sleep(1)  # the window settles
        lateness = Lateness()
        for number in range(RUNS):
            lateness.restart()
            speed = await asyncio.to_thread(fetch, url, folder / f"{number}.part")
            speeds.setdefault("Kling Desktop", []).append(speed)
            late += lateness.milliseconds
            (folder / f"{number}.part").unlink()
            for name, command in others(url, folder).items():
                speeds.setdefault(name, []).append(await asyncio.to_thread(run, command))
        program.window.close()
    return words(speeds, late)


def words(speeds: dict[str, list[float]], late: list[float]) -> str:
    middle = {name: statistics.median(values) for name, values in speeds.items()}
    own = middle["Kling Desktop"]
    lines = [f"{name}: {speed:.0f} MB/s, ours is {own / speed:.2f} of it" for name, speed in middle.items()]
    lines.append(
        f"timer of {TICK_MS} ms while we download: p99 {statistics.quantiles(late, n=100)[98]:.1f} ms late, "
        f"longest {max(late):.1f} ms (goal: p99 under 16 ms), {len(late)} ticks"
    )
    return "\n".join(lines) + "\n"


def main() -> int:
    app = make_application()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "served").mkdir()
        film = folder / "served" / "film.mp4"
        film.write_bytes(b"\x00\x00\x00\x18ftypmp42" + bytes(SIZE - 12))
        command = [sys.executable, "-c", _SERVER, str(film.parent)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
            assert server.stdout is not None
            url = f"http://127.0.0.1:{server.stdout.readline().strip()}/film.mp4"
            with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(app)) as runner:
                sys.stdout.write(runner.run(measure(folder, url)))
            server.kill()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
