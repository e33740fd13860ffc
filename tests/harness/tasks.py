"""Tasks in every state, and a library full of them as the task list sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

from kling_desktop.domain.accounts import Profile
from kling_desktop.domain.clips import Clip
from kling_desktop.domain.listed import Listed
from kling_desktop.domain.tasks import Extension, Filter, Order, Status, Task
from kling_desktop.errors import RiskControl, SlotsFull, TimedOut
from kling_desktop.store.films.listing import Listing
from kling_desktop.store.library import Library
from kling_desktop.ui.takes.task_words import Told

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
PROFILE = Profile("Studio A")


def asked(number: int, prompt: str = "", status: Status = Status.PROCESSING) -> Task:
    """Task `own-<number>`, asked `number` minutes after noon: a higher number is newer."""
    when = NOON + timedelta(minutes=number)
    extension = Extension(f"7{number:017}", prompt or f"A puppy appears, take {number}")
    return Task(
        f"own-{number:06}", extension, PROFILE, status, when, kling_id=f"8{number:017}", sent_at=when, accepted_at=when
    )


def done(number: int, prompt: str = "", file: Path | None = None) -> Task:
    """The same, succeeded after 200 s: 10.2 s long, 2 units, expiring 30 days after noon."""
    task = asked(number, prompt, Status.SUCCEEDED)
    clip = Clip(
        f"9{number:017}",
        parent_id=task.extension.video_id,
        seconds=Decimal("10.2"),
        expires_at=NOON + timedelta(days=30),
        file=file,
    )
    return replace(task, units=Decimal(2), updated_at=task.asked_at + timedelta(seconds=200), clip=clip)


def refused(number: int, prompt: str = "") -> Task:
    """Accepted, and failed at Kling."""
    return replace(
        asked(number, prompt, Status.FAILED), trouble=RiskControl("risk", request_id=f"req-{number}").trouble
    )


def uncertain(number: int) -> Task:
    """Sent, its answer lost."""
    return replace(asked(number, status=Status.UNCERTAIN), trouble=TimedOut().trouble)


def held_back(number: int, prompt: str = "") -> Task:
    """Waiting here for a free slot."""
    return replace(asked(number, prompt, Status.QUEUED), trouble=SlotsFull().trouble)


class LibraryRows:
    """A real library as the task list asks it; keeps count of what it was asked for."""

    def __init__(self, library: Library, tasks: Iterable[Task] = ()) -> None:
        self.library = library
        self.listing = Listing(library.database, lambda: NOON)
        self.seams: dict[str, Told] = {}
        """What is told of takes, by task."""
        self.held: list[Callable[[], None]] | None = None
        """Lists that were asked for and are held back."""
        self.pages_read = 0
        self.posters_wanted: list[str] = []
        self.typical: tuple[float, float] | None = None
        for task in tasks:
            library.put(task)

    def listed(self, wanted: Filter, order: Order) -> Listed:
        return self.listing.listed(wanted, order)

    def ask(self, wanted: Filter, order: Order, then: Callable[[Listed], None]) -> None:
        """Answered at once, or by `answer` while `held` is a list: with what stands there when it is asked for."""
        listed = self.listed(wanted, order)
        if self.held is None:
            then(listed)
        else:
            self.held.append(partial(then, listed))

    def answer(self) -> None:
        """Hand out the oldest list that is held back."""
        assert self.held
        self.held.pop(0)()

    def page(self, numbers: Sequence[int]) -> list[Task | None]:
        self.pages_read += 1
        return self.listing.page(numbers)

    def number(self, task_id: str) -> int | None:
        return self.listing.number(task_id)

    def passes(self, wanted: Filter, task_id: str) -> bool:
        return self.listing.passes(wanted, task_id)

    def told(self, task: Task) -> Told:
        return self.seams.get(task.id, Told())

    def typical_seconds(self, profile_name: str) -> tuple[float, float] | None:
        return self.typical

    def file_of(self, task: Task) -> Path | None:
        return task.clip.file if task.clip else None

    def want_poster(self, clip: Clip) -> None:
        self.posters_wanted.append(clip.id)
