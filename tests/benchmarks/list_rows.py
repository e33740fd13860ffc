"""How much dearer the task list is with 10 000 and 100 000 rows than with 100, on the same machine in the same run.

Run as `python -m tests.benchmarks.list_rows [SIZE ...]`; on a machine without a screen add `QT_QPA_PLATFORM=offscreen`.
Each size is told as soon as it is measured. On a machine that is too busy for all repeats within `MINUTES` a size fewer
are made, and what was not measured at all stands as a dash. Goal: whatever is looked for, put in order or changed, no
turn of the loop over 16 ms; how long it takes until it is seen stands beside that.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from pathlib import Path
from time import perf_counter
from typing import Any

import qasync
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from kling_desktop.domain.listed import Listed
from kling_desktop.domain.tasks import Filter, Order, Status, Task
from kling_desktop.store.library import Library
from kling_desktop.studio.feed import Fact, PosterMade, TaskChanged, TaskForgotten
from kling_desktop.studio.lister import Lister
from kling_desktop.ui import theme
from kling_desktop.ui.stills.posters import Posters
from kling_desktop.ui.takes.task_list import TaskList
from kling_desktop.ui.takes.task_model import TaskModel
from tests.benchmarks.loop_turns import Heartbeat
from tests.harness.tasks import LibraryRows, asked, done, refused
from tests.harness.waiting import until

SIZES = (100, 10_000, 100_000)
PAGE_STEPS = 200
CHANGES = 500
TAKES_A_FILM = 50
REPEATS = 5
"""Times that each wish is measured: the middle one is reported, and the worst turn of all."""
MINUTES = 6.0
"""For which one size is measured, the filling of its library apart."""


@dataclass
class Measured:
    """Milliseconds of each thing a creator waits for."""

    show: float
    scroll_median: float
    scroll_p99: float
    cold_median: float
    """Scrolling through rows whose stills are not decoded yet."""
    cold_p99: float
    change: float
    """500 changed tasks, scattered over the list, in one batch, and the repaint."""
    change_in_sight: float


@dataclass
class Wish:
    """What a wish took, in milliseconds."""

    turn: float
    """The longest turn of the loop, by the clock, in the middle of all repeats."""
    worst: float
    worst_work: float
    """The longest by the thread's own work."""
    seen: float
    """Until its rows were on the screen, in the middle of all repeats."""


class BesideRows(LibraryRows):
    """The rows as the program has them read."""

    def __init__(self, library: Library) -> None:
        super().__init__(library)
        self._jobs: set[asyncio.Task[None]] = set()
        self._lister = Lister(self.listing, self._run)

    def ask(self, wanted: Filter, order: Order, then: Callable[[Listed], None]) -> None:
        self._lister.ask(wanted, order, then)

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        job = asyncio.get_running_loop().create_task(work)
        self._jobs.add(job)
        job.add_done_callback(self._jobs.discard)


def main(sizes: tuple[int, ...]) -> int:
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    theme.apply(app, "light")
    sys.setswitchinterval(0.001)  # as the program does
    with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(app)) as runner:
        return runner.run(compared(sizes))


async def compared(sizes: tuple[int, ...]) -> int:
    await measure(100)  # warms fonts, icons and code up; thrown away
    measured = {}
    for size in sizes:
        begun = perf_counter()
        measured[size] = await measure(size)
        told = len(measured[size][1])
        sys.stdout.write(f"{size:,} rows: {told} wishes measured, {perf_counter() - begun:.0f} s in all\n")
        sys.stdout.flush()
    report({size: steps for size, (steps, _) in measured.items()})
    report_wishes({size: wishes for size, (_, wishes) in measured.items()})
    return 0


async def measure(size: int) -> tuple[Measured, dict[str, Wish]]:
    """A wish that there is no time for is not in it."""
    with tempfile.TemporaryDirectory() as folder:
        library = Library.open(Path(folder) / "library.sqlite3")
        rows = BesideRows(library)
        fill(library, size)
        still = a_still(Path(folder))
        start = perf_counter()
        last = start + MINUTES * 60
        shown = TaskList(TaskModel(rows), Posters())
        shown.resize(380, 800)
        shown.show()
        settle(shown)
        show = since(start)
        cold, warm = scroll(shown, still, start + (last - start) / 4), scroll(shown, None, start + (last - start) / 2)
        measured = Measured(
            show,
            statistics.median(warm),
            p99(warm),
            statistics.median(cold),
            p99(cold),
            *(timed(step) for step in changes(shown, library, size)),
        )
        wishes = {}
        for name, steps in all_wishes(shown, library, size):
            if (found := await wished(shown, steps, last)) is not None:
                wishes[name] = found
        shown.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        library.close()
        return measured, wishes


def fill(library: Library, size: int) -> None:
    kinds: tuple[Callable[[int], Task], ...] = (done, asked, refused, done)
    with library._connection:
        for number in range(size):
            library.put(of_film(number, size, kinds[number % len(kinds)](number)))


def of_film(number: int, size: int, task: Task) -> Task:
    root = f"root{number % max(1, size // TAKES_A_FILM)}"
    return replace(task, extension=replace(task.extension, video_id=root))


def a_still(folder: Path) -> Path:
    image = QImage(480, 270, QImage.Format.Format_RGB32)
    image.fill(QColor("#336699"))
    path = folder / "0.jpg"
    image.save(str(path))
    return path


def scroll(shown: TaskList, still: Path | None, last: float) -> list[float]:
    """Milliseconds of each page, spread over the whole list; with a still, each row has one of its own to decode.

    No page is begun after the moment `last`, but for two.
    """
    bar = shown.table.verticalScrollBar()
    taken = []
    for step in range(PAGE_STEPS):
        if still:
            give_stills(shown, still, step)
        start = perf_counter()
        bar.setValue((step * bar.pageStep()) % max(1, bar.maximum()))
        settle(shown)
        taken.append(since(start))
        if perf_counter() > last and len(taken) > 1:
            break
    return taken


def give_stills(shown: TaskList, still: Path, step: int) -> None:
    """The stills of the page that comes next, as the studio tells of them."""
    first = step * 12 % max(1, shown.model.rowCount())
    facts: list[Fact] = []
    for row in range(first, first + 13):
        task = shown.model.task(row)
        if task and task.clip:
            path = still.with_name(f"{row}.jpg")
            if not path.exists():
                path.write_bytes(still.read_bytes())
            facts.append(PosterMade(task.clip.id, path))
    shown.model.on_facts(facts)


def changes(shown: TaskList, library: Library, size: int) -> list[Callable[[], None]]:
    """Each kind of change as one call: written to the library beforehand, as the studio does it."""
    shown.table.scrollToTop()
    settle(shown)
    scattered = [changed(number, size) for number in range(0, size, max(1, size // CHANGES))][:CHANGES]
    sighted = [changed(number, size) for number in range(size - 10, size)]
    for task in (*scattered, *sighted):
        library.put(task)

    def hear(*tasks: Task) -> None:
        shown.model.on_facts([TaskChanged(task) for task in tasks])
        settle(shown)

    return [lambda: hear(*scattered), lambda: hear(*sighted)]


def all_wishes(shown: TaskList, library: Library, size: int) -> Iterable[tuple[str, list[Callable[[], None]]]]:
    """By name, what is wished for one after the other; before each the rows are those of the one before it."""
    model, box = shown.model, shown.filter.box
    failed = Filter(states=frozenset({Status.FAILED}))

    def narrow(*texts: str) -> None:
        for text in texts:  # letter by letter, with no pause: each is told
            box.setText(text)
            shown.filter.tell()

    def note() -> None:
        number = next(numbers)
        task = of_film(number * 7, size, done(size + number))
        library.put(task)
        model.on_facts([TaskChanged(task)])

    def forget() -> None:
        number = size // 2 + next(numbers)
        library.forget(asked(number).id)
        model.on_facts([TaskForgotten(asked(number).id)])

    def repeated(wish: Callable[[], None], back: Callable[[], None]) -> list[Callable[[], None]]:
        return [wish, back] * REPEATS

    numbers = count()
    letters = tuple("take 7"[:end] for end in range(1, 7))
    for order in (Order.NEWEST, Order.FILM):
        model.order_by(order)
        yield f"{order}: a text, and none", repeated(partial(narrow, "take 7"), partial(narrow, ""))
        yield f"{order}: six letters, and none", repeated(partial(narrow, *letters), partial(narrow, ""))
        yield f"{order}: a new take", [note] * REPEATS
        yield f"{order}: one taken out", [forget] * REPEATS
    for order in (Order.STARS, Order.EXPIRY, Order.VERDICT):
        back = partial(model.order_by, Order.FILM)
        yield f"{order}: that order, and by film", repeated(partial(model.order_by, order), back)
    model.order_by(Order.EXPIRY)
    yield "expiry: failed ones, and all", repeated(partial(model.show_only, failed), partial(model.show_only, Filter()))


async def wished(shown: TaskList, steps: list[Callable[[], None]], last: float) -> Wish | None:
    """None when there was no time for it: no step is begun after the moment `last`."""
    await until(lambda: not shown.model.is_counting, MINUTES * 60, "the rows before")
    heart, counted = Heartbeat(), asyncio.Event()
    shown.model.recounted.connect(counted.set)
    turns, works, seen = [], [], []
    for step in steps:
        if perf_counter() > last:
            break
        await asyncio.sleep(0.05)
        heart.begin()
        start = perf_counter()
        step()
        while shown.model.is_counting:
            counted.clear()
            await asyncio.wait_for(counted.wait(), MINUTES * 60)  # what never comes is said
        seen.append(since(start))
        await asyncio.sleep(0.05)  # its repaint, and one beat more
        found = heart.end()
        turns.append(max(found.waited))
        works.append(max(found.worked))
    return Wish(statistics.median(turns), max(turns), max(works), statistics.median(seen)) if turns else None


def changed(number: int, size: int) -> Task:
    return replace(of_film(number, size, asked(number, status=Status.PROCESSING)), raw_status="changed")


def settle(shown: TaskList) -> None:
    """Until everything asked for is on the screen."""
    QCoreApplication.processEvents()
    shown.table.viewport().repaint()


def timed(step: Callable[[], None]) -> float:
    start = perf_counter()
    step()
    return since(start)


def since(start: float) -> float:
    return (perf_counter() - start) * 1000


def p99(values: list[float]) -> float:
    return statistics.quantiles(values, n=100)[98]


def report(measured: dict[int, Measured]) -> None:
    few = measured[min(measured)]
    lines = [f"{'ms':<18}" + "".join(f"{size:>10,} rows{'ratio':>8}" for size in measured)]
    for name, base in vars(few).items():
        values = [vars(steps)[name] for steps in measured.values()]
        lines.append(f"{name:<18}" + "".join(f"{value:>15.2f}{value / base:>8.1f}" for value in values))
    sys.stdout.write("\n".join(lines) + "\n")


def report_wishes(measured: dict[int, dict[str, Wish]]) -> None:
    sys.stdout.write("\nlongest turn of the loop (middle; worst; worst by own work), and until it is seen, ms\n")
    sys.stdout.write(f"{'':<32}" + "".join(f"{size:>27,} rows" for size in measured) + "\n")
    for name in next(iter(measured.values())):
        found = [wishes.get(name) for wishes in measured.values()]
        columns = (
            f"{w.turn:>8.1f}{w.worst:>8.1f}{w.worst_work:>8.1f}{w.seen:>8.1f}" if w else f"{'-':>8}" * 4 for w in found
        )
        sys.stdout.write(f"{name:<32}" + "".join(columns) + "\n")


if __name__ == "__main__":
    raise SystemExit(main(tuple(map(int, sys.argv[1:])) or SIZES))
