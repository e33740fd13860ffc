"""How long the window's thread stands still for garbage, while a creator works in a library of 10 000 takes.

Takes are chosen, starred and filtered for 90 s. Goal: no pause over 10 ms of the processor. Run as
`python -m tests.benchmarks.garbage [SECONDS]`; on a machine without a screen add `QT_QPA_PLATFORM=offscreen`.

With `--downloads N` so many takes are brought home instead, and it says through how many objects a look has to go while
they wait and when all of them lie there. Goal: nothing stays of a download.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import qasync

from kling_desktop import app as program
from kling_desktop.domain.tasks import Filter
from kling_desktop.running.loop.garbage import garbage_collected_here
from kling_desktop.store.library import Library, put_task
from tests.benchmarks.films import a_take
from tests.harness.media.films import film
from tests.harness.waiting import until

FILMS, TAKES = 200, 50
SECONDS = 90.0
PAUSE = 0.03
LONG_MS = 10.0
PATIENCE = 7200.0


class Pauses:
    """Milliseconds of the processor that each look for garbage took, by generation."""

    def __init__(self) -> None:
        self.taken: defaultdict[int, list[float]] = defaultdict(list)
        self._began = 0.0

    def hear(self, phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            self._began = time.thread_time()
        else:
            self.taken[info["generation"]].append((time.thread_time() - self._began) * 1000)


def fill(data: Path) -> None:
    """Films whose takes all have their file: one film under many names."""
    takes = data / "takes"
    takes.mkdir(parents=True)
    one = film(takes / "film.mp4", range(24))
    with closing(Library.open(data / "library.sqlite3")) as library, library.database.transaction() as connection:
        for number in range(FILMS):
            parent = ""
            for take in range(TAKES):
                task = a_take(str(number), number * TAKES + take, parent, take)
                assert task.clip is not None
                file = takes / f"{task.id}.mp4"
                file.hardlink_to(one)
                put_task(connection, replace(task, clip=replace(task.clip, file=file)))
                parent = parent or task.clip.id


async def work(running: program.Program, seconds: float) -> None:
    """What a creator does, over and over."""
    tasks, ledger = running.window.tasks, running.studio.ledger
    ids = [task.id for task in ledger.page(Filter(), 0, 3000)]
    until, number = time.perf_counter() + seconds, 0
    while time.perf_counter() < until:
        number += 1
        tasks.table.select_task(ids[number * 37 % len(ids)])
        if number % 4 == 0:
            ledger.note(replace(ledger.current(ids[number * 11 % len(ids)]), stars=number % 5))
        if number % 10 == 0:
            tasks.filter.box.setText(f"take {number % 50}" if number % 20 else "")
        await asyncio.sleep(PAUSE)


async def measured(data: Path, seconds: float) -> Pauses:
    """The pauses of a session, from the first paint on."""
    pauses = Pauses()
    async with program.opened(program.Options(data_dir=data), {}) as running:
        running.window.reveal()
        gc.freeze()  # as the program does
        with garbage_collected_here():
            gc.callbacks.append(pauses.hear)
            await work(running, seconds)
            gc.callbacks.remove(pauses.hear)
        running.window.close()
    return pauses


# --- what stays of downloads ---


@contextmanager
def served(film_bytes: bytes) -> Iterator[str]:
    """The address of a server on loopback that hands out one film under any name."""

    class Answer(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            has_it = self.path.endswith(".mp4")
            self.send_response(200 if has_it else 404)
            self.send_header("Content-Type", "video/mp4")
            self.send_header("Content-Length", str(len(film_bytes) if has_it else 0))
            self.end_headers()
            if has_it:
                self.wfile.write(film_bytes)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def fill_to_fetch(data: Path, url: str, takes: int) -> None:
    """Takes of films of 50 that lie at an address and not here yet."""
    now = datetime.now(UTC)
    with closing(Library.open(data / "library.sqlite3")) as library, library.database.transaction() as connection:
        for number in range(takes):
            film_id, place = divmod(number, TAKES)
            task = a_take(str(film_id), number, f"c{film_id}-{number - place}" if place else "", place)
            assert task.clip is not None
            clip = replace(
                task.clip, id=f"c{film_id}-{number}", url=f"{url}/{number}.mp4", seconds=Decimal(1),
                made_at=now, expires_at=now + timedelta(days=20),
            )  # fmt: skip
            put_task(connection, replace(task, clip=clip, asked_at=now - timedelta(seconds=number)))


async def brought_home(data: Path, url: str, takes: int) -> None:
    keys = {"KLING_ACCESS_KEY": "a" * 32, "KLING_SECRET_KEY": "b" * 32}
    async with program.opened(program.Options(data_dir=data, api_base=url), keys) as running:
        running.window.reveal()
        gc.freeze()  # as the program does
        folder = running.preferences.takes_folder
        for wanted in (takes // 4, takes // 2, takes):
            await until(partial(_stands, folder, wanted, at_rest=wanted == takes), PATIENCE)
            began = time.thread_time()
            gc.collect()
            took = (time.thread_time() - began) * 1000
            sys.stdout.write(
                f"{_films_in(folder)} here, {_lives()} wait: {len(gc.get_objects())} objects, {took:.1f} ms\n"
            )
            sys.stdout.flush()
        running.window.close()


def _stands(folder: Path, films: int, *, at_rest: bool) -> bool:
    return _films_in(folder) >= films and not (at_rest and _lives())


def _films_in(folder: Path) -> int:
    return sum(1 for _ in folder.rglob("*.mp4"))


def _lives() -> int:
    return sum(task.get_name().startswith("life of") for task in asyncio.all_tasks())


def downloads(takes: int) -> int:
    app = program.make_application()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        data.mkdir()
        with served(film(Path(folder) / "film.mp4", range(24)).read_bytes()) as url:
            fill_to_fetch(data, url, takes)
            with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(app)) as runner:
                runner.run(brought_home(data, url, takes))
    return 0


def main(seconds: float) -> int:
    app = program.make_application()
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder))
        with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(app)) as runner:
            pauses = runner.run(measured(Path(folder), seconds))
    for generation, taken in sorted(pauses.taken.items()):
        sys.stdout.write(
            f"generation {generation}: {len(taken)} times, in the middle {statistics.median(taken):.1f} ms,"
            f" longest {max(taken):.1f} ms, {sum(each > LONG_MS for each in taken)} over {LONG_MS:.0f} ms\n"
        )
    return int(max(max(taken) for taken in pauses.taken.values()) > LONG_MS)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seconds", type=float, nargs="?", default=SECONDS)
    parser.add_argument("--downloads", type=int, metavar="N")
    asked = parser.parse_args()
    raise SystemExit(downloads(asked.downloads) if asked.downloads else main(asked.seconds))
