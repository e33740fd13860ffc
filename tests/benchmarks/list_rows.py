"""How much dearer the task list is with 10 000 and 100 000 rows than with 100, on the same machine in the same run.

Run as `python -m tests.benchmarks.list_rows`; on a machine without a screen add `QT_QPA_PLATFORM=offscreen`.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from time import perf_counter

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from kling_desktop.domain.tasks import Status, Task
from kling_desktop.store.library import Library
from kling_desktop.studio.feed import Fact, PosterMade, TaskChanged
from kling_desktop.ui import theme
from kling_desktop.ui.stills.posters import Posters
from kling_desktop.ui.takes.task_list import TaskList
from kling_desktop.ui.takes.task_model import TaskModel
from tests.harness.tasks import LibraryRows, asked, done, refused

SIZES = (100, 10_000, 100_000)
PAGE_STEPS = 200
CHANGES = 500


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
    insert: float
    filter: float


def main() -> int:
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    theme.apply(app, "light")
    measure(100)  # warms fonts, icons and code up; thrown away
    measured = {size: measure(size) for size in SIZES}
    report(measured)
    return 0


def measure(size: int) -> Measured:
    with tempfile.TemporaryDirectory() as folder:
        library = Library.open(Path(folder) / "library.sqlite3")
        rows = LibraryRows(library)
        fill(library, size)
        still = a_still(Path(folder))
        start = perf_counter()
        shown = TaskList(TaskModel(rows), Posters())
        shown.resize(380, 800)
        shown.show()
        settle(shown)
        show = since(start)
        cold, warm = scroll(shown, still), scroll(shown, None)
        measured = Measured(
            show,
            statistics.median(warm),
            p99(warm),
            statistics.median(cold),
            p99(cold),
            *(timed(step) for step in changes(shown, library, size)),
        )
        shown.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        library.close()
        return measured


def fill(library: Library, size: int) -> None:
    kinds: tuple[Callable[[int], Task], ...] = (done, asked, refused, done)
    with library._connection:
        for number in range(size):
            library.put(kinds[number % len(kinds)](number))


def a_still(folder: Path) -> Path:
    image = QImage(480, 270, QImage.Format.Format_RGB32)
    image.fill(QColor("#336699"))
    path = folder / "0.jpg"
    image.save(str(path))
    return path


def scroll(shown: TaskList, still: Path | None) -> list[float]:
    """Milliseconds of each page, spread over the whole list; with a still, each row has one of its own to decode."""
    bar = shown.table.verticalScrollBar()
    taken = []
    for step in range(PAGE_STEPS):
        if still:
            give_stills(shown, still, step)
        start = perf_counter()
        bar.setValue((step * bar.pageStep()) % max(1, bar.maximum()))
        settle(shown)
        taken.append(since(start))
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
    scattered = [changed(number) for number in range(0, size, max(1, size // CHANGES))][:CHANGES]
    sighted = [changed(number) for number in range(size - 10, size)]
    newest = replace(asked(size), asked_at=asked(size).asked_at + timedelta(minutes=1))
    for task in (*scattered, *sighted):
        library.put(task)

    def hear(*tasks: Task) -> None:
        shown.model.on_facts([TaskChanged(task) for task in tasks])
        settle(shown)

    def insert() -> None:
        library.put(newest)
        hear(newest)

    def narrow() -> None:
        shown.filter.box.setText("take 7")
        shown.filter.tell()
        settle(shown)

    return [lambda: hear(*scattered), lambda: hear(*sighted), insert, narrow]


def changed(number: int) -> Task:
    return replace(asked(number, status=Status.PROCESSING), raw_status="changed")


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
    few = measured[SIZES[0]]
    lines = [f"{'ms':<18}" + "".join(f"{size:>10,} rows{'ratio':>8}" for size in SIZES)]
    for name, base in vars(few).items():
        values = [vars(measured[size])[name] for size in SIZES]
        lines.append(f"{name:<18}" + "".join(f"{value:>15.2f}{value / base:>8.1f}" for value in values))
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    raise SystemExit(main())
