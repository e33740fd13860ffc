"""A stand-in at the seam of the client, for what no server does on request: it answers as a test's script says."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from kling_desktop.domain.accounts import Profile
from kling_desktop.domain.clips import Kind
from kling_desktop.domain.tasks import Extension, Standing, Status
from kling_desktop.errors import NotFound
from kling_desktop.studio.pace import Pace
from tests.harness.engine import Engine, running

VIDEO_ID = "743211632612511839"


@dataclass(frozen=True)
class Nowhere:
    """No sandbox: a studio that would reach for one finds nothing."""

    url: str = "http://127.0.0.1:9"
    access_key: str = "access-key-1"
    secret_key: str = "secret-key-of-the-test"  # noqa: S105 - opens nothing


class StandIn:
    """Create, query and page. Each is a list of answers, the last of which is repeated: a value, an error, or a
    function of the request; without any, a create makes a task that runs on, and nothing is known of any other.
    """

    def __init__(self) -> None:
        self.clock_skew: timedelta | None = None
        self.is_dated = False
        self.creates: list[Any] = []
        self.queries: list[Any] = []
        self.pages: list[Any] = []
        self.asked: list[str] = []
        """'create', 'query' or 'page' with its id, in order."""
        self.made: dict[str, Standing] = {}

    async def create(self, extension: Extension, task_id: str) -> Standing:
        """Answers as scripted, or makes it."""
        self.asked.append(f"create {task_id}")
        made: Standing = await _next(self.creates, lambda: self.make(task_id), task_id)
        return made

    async def query(self, id: str, kind: Kind = Kind.EXTENSION) -> Standing:
        """Answers as scripted, or with what was made."""
        self.asked.append(f"query {id}")
        found: Standing = await _next(self.queries, lambda: self.found(id), id)
        return found

    async def page(self, kind: Kind, number: int = 1, size: int = 30) -> list[Standing]:
        """Answers as scripted, or with all that was made."""
        self.asked.append("page")
        found: list[Standing] = await _next(self.pages, lambda: list(self.made.values()), "")
        return found

    async def close(self) -> None:
        """Nothing is open."""

    def make(self, task_id: str, **more: Any) -> Standing:
        """Make a task under this id of ours; two made under one id are two tasks."""
        number = len(self.made) + 1
        fields: dict[str, Any] = {"status": Status.SUBMITTED, "created_at": datetime.now(UTC)} | more
        standing = Standing(f"8153364236325{number:05}", Kind.EXTENSION, external_id=task_id, **fields)
        self.made[standing.kling_id] = standing
        return standing

    def found(self, id: str) -> Standing:
        """What was made under this id. Raises NotFound."""
        for standing in self.made.values():
            if id in (standing.kling_id, standing.external_id):
                return standing
        raise NotFound("no such task", code=1203)

    def count(self, verb: str) -> int:
        """How often that was asked."""
        return sum(asked.partition(" ")[0] == verb for asked in self.asked)


async def _next(script: list[Any], otherwise: Callable[[], Any], request: str) -> Any:
    answer: Any = (script.pop(0) if len(script) > 1 else script[0]) if script else otherwise
    if callable(answer) and not isinstance(answer, type):
        answer = answer(request) if inspect.signature(answer).parameters else answer()
    if inspect.isawaitable(answer):
        answer = await answer
    if isinstance(answer, BaseException):
        raise answer
    return answer


@dataclass
class Staged:
    """A studio before a stand-in."""

    engine: Engine
    kling: StandIn = field(default_factory=StandIn)


@asynccontextmanager
async def staged(folder: Path, kling: StandIn | None = None, pace: Pace | None = None) -> AsyncIterator[Staged]:
    """A running studio whose every profile opens this stand-in."""
    stand_in = kling or StandIn()

    async def open_stand_in(profile: Profile, on_wait: object = None) -> StandIn:
        return stand_in

    async with running(Nowhere(), folder, pace or Pace(scale=0.02)) as engine:
        setattr(engine.accounts, "kling", open_stand_in)  # noqa: B010 - mypy knows no other way to change a method
        yield Staged(engine, stand_in)
