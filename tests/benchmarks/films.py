"""What films cost in a library of 100 000 takes in 2 000 films, against a film of ten takes in a small one; and a plan.

Run as `python -m tests.benchmarks.films`. Only the engine is measured; what the panels add is `film_panels`.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from time import perf_counter, process_time

from kling_desktop.domain.accounts import SANDBOX
from kling_desktop.domain.clips import Clip
from kling_desktop.domain.plans import MOST_HOPS, PlannedHop, PlanState
from kling_desktop.domain.takes import Gate
from kling_desktop.domain.tasks import Extension, Pick, Status, Task
from kling_desktop.sandbox.server import Sandbox
from kling_desktop.store.films.films import FilmRecords
from kling_desktop.store.films.plans import PlanRecords
from kling_desktop.store.library import Library, put_task
from kling_desktop.studio.feed import Feed
from kling_desktop.studio.films.planning.plans import Plans
from kling_desktop.studio.films.tree import Tree
from kling_desktop.studio.films.undo import Undo
from tests.harness.engine import running
from tests.harness.tasks import NOON, PROFILE
from tests.harness.waiting import until

FILMS, TAKES = 2_000, 100_000
TALL, WIDE = 35, 40
PAGE = 30
REPEATS = 60
HOPS = 35


@dataclass
class Measured:
    """Milliseconds of each thing a creator waits for."""

    open: float
    """Path, skeleton, number of rows and the first page of a film."""
    page_median: float
    page_p99: float
    films_page: float
    """A page of the list of films."""
    pick: float
    """Writing a pick, and the tree again after it."""


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder) / "small.sqlite3", Path(folder) / "large.sqlite3"
        fill(small, 1, 10)
        began = perf_counter()
        fill(large, FILMS, TAKES // FILMS)
        fill(large, 1, 10)
        fill(large, 1, TALL * WIDE, siblings=WIDE)
        sys.stdout.write(f"{TAKES + TALL * WIDE:,} takes written in {perf_counter() - began:.0f} s\n")
        measured = {
            "10 takes, small library": measure(small, 10),
            "10 takes of 100,000": measure(large, 10),
            "50 takes of 100,000": measure(large, TAKES // FILMS),
            f"{TALL} hops x {WIDE} takes": measure(large, TALL * WIDE),
        }
        report(measured)
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(edit_plan(Path(folder)))
    asyncio.run(run_plan())
    return 0


async def edit_plan(folder: Path) -> None:
    """Edits of the longest plan, on the window's thread: milliseconds of the processor."""
    with closing(Library.open(folder / "library.sqlite3")) as library:
        records, undo = PlanRecords(library.database), Undo()
        plans = Plans(records, Feed(), undo, lambda: NOON)
        plan_id = plans.new("film", PROFILE).id
        text = "Wind comes up, petals drift\n" * MOST_HOPS
        hop = PlannedHop("", "a word")
        acts: dict[str, Callable[[], object]] = {
            "pasted": lambda: plans.paste(plan_id, text),
            "1,000 lines refused": lambda: plans.paste(plan_id, "Rain\n" * 1000),
            "a hop written": lambda: plans.change_hop(plan_id, replace(hop, id=records.known(plan_id).hops[200].id)),
            "a hop dragged": lambda: plans.move_hop(plan_id, records.known(plan_id).hops[0].id, 300),
            "that taken back": undo.undo,
        }
        said = []
        for name, act in acts.items():
            began = process_time()
            act()
            said.append(f"{name} {(process_time() - began) * 1000:.1f} ms")
        sys.stdout.write(f"plan of {MOST_HOPS} hops: {', '.join(said)}\n")


def fill(path: Path, films: int, takes: int, siblings: int = 3) -> None:
    """Films of so many takes: of each `siblings` the last but one is picked and goes on."""
    with closing(Library.open(path)) as library, library.database.transaction() as connection:
        for film in range(films):
            name = f"{takes}-{film}"
            parent = ""
            for number in range(takes):
                task = a_take(name, film * takes + number, parent, number)
                put_task(connection, task)
                is_root = not parent
                if is_root or number % siblings == siblings - 1:
                    put_task(connection, replace(task, pick=Pick.PICKED))
                    parent = task.clip.id if task.clip else ""


def a_take(film: str, minute: int, parent: str, number: int) -> Task:
    asked_at = NOON + timedelta(seconds=minute)
    clip = Clip(f"c{film}-{number}", parent_id=parent, seconds=Decimal(5 + number % 30), made_at=asked_at)
    extension = Extension(parent, f"A boat sails, the water glitters, take {number} of film {film}")
    return Task(f"t{film}-{number}", extension, PROFILE, Status.SUCCEEDED, asked_at, clip=clip, units=Decimal(2))


def measure(path: Path, takes: int) -> Measured:
    with closing(Library.open(path)) as library:
        records = FilmRecords(library.database)
        ids = [
            state.take.film_id for film in range(REPEATS) if (state := records.state(f"t{takes}-{film}-0")) is not None
        ]
        ids = (ids * REPEATS)[:REPEATS]
        opened = [timed(lambda film_id=film_id: open_film(records, film_id)) for film_id in ids]  # type: ignore[misc]  # a lambda's default
        tree = Tree(records)
        count = tree.count(ids[0])
        pages = [
            timed(lambda offset=offset: tree.rows(ids[0], offset, PAGE))  # type: ignore[misc]  # as above
            for offset in (range(0, count, max(1, count // REPEATS)))
        ]
        films = [timed(lambda offset=offset: records.films(offset, PAGE)) for offset in range(0, 600, 20)]  # type: ignore[misc]  # as above
        siblings = records.siblings(f"t{takes}-0-0")
        picks = [timed(lambda take=state.take: pick(records, take.slot, take.id)) for state in siblings]  # type: ignore[misc]  # as above
        return Measured(
            statistics.median(opened),
            statistics.median(pages),
            p99(pages),
            statistics.median(films),
            statistics.median(picks),
        )


def open_film(records: FilmRecords, film_id: str) -> None:
    tree = Tree(records)
    tree.path(film_id)
    tree.skeleton(film_id)
    tree.count(film_id)
    tree.rows(film_id, 0, PAGE)


def pick(records: FilmRecords, slot: str, take_id: str) -> None:
    records.set_pick(slot, take_id)
    state = records.state(take_id)
    Tree(records).rows(state.take.film_id if state else "", 0, PAGE)


def timed(step: Callable[[], object]) -> float:
    start = perf_counter()
    step()
    return (perf_counter() - start) * 1000


def p99(values: list[float]) -> float:
    return statistics.quantiles(values, n=100)[98] if len(values) > 1 else values[0]


def report(measured: dict[str, Measured]) -> None:
    names = list(measured)
    sys.stdout.write(f"{'ms':<14}" + "".join(f"{name:>26}" for name in names) + "\n")
    for field in vars(measured[names[0]]):
        values = [vars(each)[field] for each in measured.values()]
        sys.stdout.write(f"{field:<14}" + "".join(f"{value:>26.2f}" for value in values) + "\n")
    few, many = measured[names[0]].open, measured[names[1]].open
    sys.stdout.write(f"the same film opens in {many / few:.2f} times the time\n")


async def run_plan() -> None:
    """A plan of 35 hops before a sandbox that makes takes at once."""
    with tempfile.TemporaryDirectory() as folder, Sandbox(Path(folder) / "s", speed="instant", size="small") as sandbox:
        async with running(sandbox, Path(folder) / "data") as engine:
            clip = Clip(engine.clip_id("dawn-lake"))
            engine.library.put_clip(clip)
            plans = engine.films.plans
            plan = plans.new(engine.films.films.take_root(clip).film_id, SANDBOX, gate=Gate.RUN)
            plans.paste(plan.id, "".join(f"Hop {number} begins\n" for number in range(1, HOPS + 1)))
            began = perf_counter()
            engine.films.runner.run(plan.id)

            def ended() -> bool:
                now = plans.plan(plan.id)
                return now is not None and now.state in (PlanState.DONE, PlanState.STOPPED)

            await until(ended, 600)
            seconds = perf_counter() - began
            now = plans.plan(plan.id)
            requests = engine.ask("requests")
            looks = sum(request["method"] == "GET" and "video-extend" in str(request["path"]) for request in requests)
            made = engine.ask("audit")["tasks"].values()
            sys.stdout.write(
                f"a plan of {HOPS} hops: {now.state if now else ''} in {seconds:.0f} s, {len(made)} takes, "
                f"{sum(entry['created'] > 1 for entry in made)} duplicates, {looks / len(made):.1f} looks a hop\n"
            )


if __name__ == "__main__":
    sys.exit(main())
