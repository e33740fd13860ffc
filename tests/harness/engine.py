"""A whole studio without a window: the real library and the real client before the sandbox."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

from kling_desktop.domain.accounts import SANDBOX, Credentials, KeyPair, Profile
from kling_desktop.domain.kling_time import KLING_TIME
from kling_desktop.domain.tasks import Extension, Task
from kling_desktop.store.films.films import FilmRecords
from kling_desktop.store.films.plans import PlanRecords
from kling_desktop.store.films.units import UnitRecords
from kling_desktop.store.library import Library
from kling_desktop.store.vault import Vault
from kling_desktop.studio.account.accounts import Accounts
from kling_desktop.studio.account.catalogue import Catalogue
from kling_desktop.studio.account.keys import Keys
from kling_desktop.studio.analysis.clip_analyzer import ClipAnalyzer
from kling_desktop.studio.feed import Fact, Feed, TaskChanged
from kling_desktop.studio.files.downloads import Downloader, DownloadSettings
from kling_desktop.studio.films.budget import Budget
from kling_desktop.studio.films.films import Films
from kling_desktop.studio.films.joining.continuation import Continuation
from kling_desktop.studio.films.picks import Picks
from kling_desktop.studio.films.planning.held_tasks import HeldTasks
from kling_desktop.studio.films.planning.hop_seeds import HopSeeds
from kling_desktop.studio.films.planning.judge import Judge
from kling_desktop.studio.films.planning.plans import Plans
from kling_desktop.studio.films.planning.runner import Runner
from kling_desktop.studio.films.tree import Tree
from kling_desktop.studio.films.undo import Undo
from kling_desktop.studio.pace import Pace
from kling_desktop.studio.studio import Studio
from tests.harness.servers import control
from tests.harness.waiting import until

QUICK = Pace(scale=0.05)
"""A hundredth of the real waiting times, once the sandbox's own fifth is taken."""


class Doorway(Protocol):
    """Where a sandbox is and what lets one in: a running one of this process, or what another process knows of it."""

    @property
    def url(self) -> str: ...
    @property
    def access_key(self) -> str: ...
    @property
    def secret_key(self) -> str: ...


@dataclass
class Engine:
    """A running studio, everything it told, and the sandbox's own view of things."""

    studio: Studio
    library: Library
    sandbox: Doorway
    accounts: Accounts
    budget: Budget
    units: UnitRecords
    films: FilmRoom
    shelf: DownloadSettings
    """May be replaced, as by the creator in the settings; then tell the studio by `apply_download_settings`."""
    facts: list[Fact] = field(default_factory=list)

    def submit(self, prompt: str = "A puppy appears", *, profile: Profile = SANDBOX, **fields: Any) -> Task:
        """Ask for an extension of the sandbox's first clip that can be extended."""
        video_id = fields.pop("video_id", None) or self.clip_id("dawn-lake")
        return self.studio.submit(Extension(video_id, prompt, **fields), profile)

    def clip_id(self, tag: str) -> str:
        """Video id of one of the clips that a fresh sandbox has."""
        return next(str(job["video_id"]) for job in self.ask("shelf") if job["external_task_id"] == tag)

    def books(self, task: Task) -> dict[str, Any]:
        """What the sandbox has made under our id: 'created' times, 'units' charged; empty when nothing."""
        made: dict[str, Any] = self.ask("audit")["tasks"].get(task.id, {})
        return made

    def ask(self, name: str) -> Any:
        """What the sandbox's control route of this name answers."""
        return control.ask(self.sandbox.url, name)

    def tell(self, name: str, **body: Any) -> None:
        """Throw one of the sandbox's switches."""
        control.tell(self.sandbox.url, name, **body)

    def clear_faults(self) -> None:
        """Nothing goes wrong any more."""
        control.clear_faults(self.sandbox.url)

    def creates(self) -> int:
        """How many creates have reached the sandbox, answered or not."""
        return sum(request["method"] == "POST" for request in self.ask("requests"))

    async def until(self, task: Task, stands: Any, timeout: float = 40) -> Task:  # noqa: ASYNC109 - handed on
        """Wait until the task stands so, by what the library has."""

        def seen() -> Task | None:
            now = self.library.get(task.id)
            return now if now is not None and stands(now) else None

        return await until(seen, timeout, "the task to stand so")

    def now(self, task: Task) -> Task | None:
        """The task as the library has it."""
        return self.library.get(task.id)

    async def answered(self, tasks: Sequence[Task], times: int = 2, timeout: float = 40) -> None:  # noqa: ASYNC109 - handed on
        """Wait until Kling has answered so often about each of these running tasks; most answers change nothing, and
        nothing is told of them.
        """
        watches = [self.studio.lines.follower(task.profile)._watched[task.id] for task in tasks]
        seen = [{watch.asked_at} for watch in watches]

        def often() -> bool:
            for watch, moments in zip(watches, seen, strict=True):
                moments.add(watch.asked_at)
            return all(len(moments) > times for moments in seen)

        await until(often, timeout, "the tasks to be asked for")

    def told(self, task: Task) -> Sequence[Task]:
        """Every change of the task that the feed told, in order."""
        return [fact.task for fact in self.facts if isinstance(fact, TaskChanged) and fact.task.id == task.id]


@dataclass
class FilmRoom:
    """The services of films, as the program has them."""

    films: Films
    tree: Tree
    picks: Picks
    plans: Plans
    runner: Runner
    judge: Judge
    undo: Undo
    continuation: Continuation


def film_room(library: Library, feed: Feed, studio: Studio, folder: Path, *, continues: bool = False) -> FilmRoom:
    """Builds and connects them. `continues`: plans may have hops that continue, and their films are made at once."""

    def now() -> datetime:
        return datetime.now(UTC)

    records, plan_records, undo = FilmRecords(library.database), PlanRecords(library.database), Undo()
    tree = Tree(records)
    picks = Picks(records, feed, undo, studio.ledger.note, studio.forget, studio.restore)
    analyzer, background = studio.analyzer, studio.background.run
    continuation = Continuation(tree, studio.clips.find, analyzer, feed, background, folder, studio.clips.keep)
    judge = Judge(
        continuation.find_seams if continues else analyzer.find_seams,
        continuation.measure_drift if continues else analyzer.measure_drift,
        background,
        pause=0.05,
        known_drift=analyzer.drift,
    )
    runner = Runner(
        plan_records,
        tree,
        picks,
        judge,
        feed,
        studio.restore,
        now,
        HeldTasks(tree, studio.lines.is_unsent, studio.stop_watching, studio.watch),
        HopSeeds(continuation.seed, background) if continues else None,
    )
    feed.subscribe(tree.hear)
    feed.subscribe(runner.hear)
    if continues:
        feed.subscribe(continuation.on_facts)
    return FilmRoom(
        Films(records, feed, undo, now),
        tree,
        picks,
        Plans(plan_records, feed, undo, now),
        runner,
        judge,
        undo,
        continuation,
    )


@asynccontextmanager
async def running(
    sandbox: Doorway, folder: Path, pace: Pace = QUICK, price: Decimal | None = None, *, continues: bool = False
) -> AsyncIterator[Engine]:
    """A studio over the library in `folder`, its takes beside it. Nothing is resumed yet. `price` is what each task is
    thought to cost; `continues` is `film_room`'s.
    """

    async def door() -> tuple[str, Credentials]:
        return sandbox.url, KeyPair(sandbox.access_key, sandbox.secret_key)

    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    library = Library.open(folder / "library.sqlite3")
    engine: Engine | None = None
    vault, feed = Vault(), Feed()
    accounts = Accounts(vault, door)
    shelf = DownloadSettings(folder / "takes", folder / "posters", parallel=2, bytes_per_second=0)
    downloader = Downloader(accounts, feed, lambda: engine.shelf if engine else shelf, pace)
    catalogue = Catalogue(library, accounts, feed, downloader.posters_at_hand)
    keys = Keys(vault, accounts, feed)
    units = UnitRecords(library.database)
    budget = Budget(units, feed, lambda extension: price, KLING_TIME.now)
    analyzer = ClipAnalyzer(library, feed, folder)
    studio = Studio(
        library,
        feed,
        accounts,
        downloader,
        catalogue,
        keys,
        analyzer,
        pace,
        reserve=budget.reservation,
        needs_date=budget.needs_date,
    )
    films = film_room(library, feed, studio, folder, continues=continues)
    engine = Engine(studio, library, sandbox, accounts, budget, units, films, shelf)
    feed.subscribe(budget.hear)
    feed.subscribe(engine.facts.extend)
    try:
        async with studio:
            studio.background.run(budget.run(studio.watch))
            yield engine
            films.continuation.close()
    finally:
        library.close()
