"""Ways to break the product in one place, each to be found by the judge; patched into a child, not into the product."""

from __future__ import annotations

import asyncio
import re
import shutil
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx

from kling_desktop.domain.plans import Plan, PlannedHop
from kling_desktop.domain.tasks import Extension, Standing, Status, Task
from kling_desktop.errors import NotFound, Uncertain
from kling_desktop.kling import download
from kling_desktop.kling.client import Kling
from kling_desktop.kling.wire import new_media_client
from kling_desktop.media import probe
from kling_desktop.store.films.plans import PlanRecords
from kling_desktop.store.library import Library
from kling_desktop.studio.films.joining.continuation import Continuation
from kling_desktop.studio.studio import Studio
from kling_desktop.studio.tasks.ledger import Ledger
from kling_desktop.studio.tasks.sending import Sender

Break = Callable[[Path], None]
"""Breaks the product of this process; the folder is the run's own, for what has to be remembered over a death."""

_OURS = re.compile(r"[0-9a-f]{32}")
_SOON_SECONDS, _LATE_SECONDS = 0.1, 1.0


def _put(owner: Any, name: str, broken: Any) -> None:
    """Replaces what stands there. A name that the product no longer has is an error: the break would break nothing."""
    getattr(owner, name)
    setattr(owner, name, broken)


def _new_id_on_resend(folder: Path) -> None:
    real, sent = Kling.create, folder / "sent-ids.txt"

    async def create(self: Kling, extension: Extension, task_id: str) -> Standing:
        known = sent.read_text().split() if sent.exists() else []
        sent.write_text("\n".join([*known, task_id]))
        return await real(self, extension, uuid.uuid4().hex if task_id in known else task_id)

    _put(Kling, "create", create)


def _automatic_resend(folder: Path) -> None:
    real = Kling.create

    async def create(self: Kling, extension: Extension, task_id: str) -> Standing:
        try:
            return await real(self, extension, task_id)
        except Uncertain:
            await asyncio.sleep(_SOON_SECONDS)
            return await real(self, extension, task_id)

    _put(Kling, "create", create)


def _retry_after_a_lost_answer(folder: Path) -> None:
    real = httpx.AsyncClient.send

    async def send(self: httpx.AsyncClient, request: httpx.Request, **more: Any) -> httpx.Response:
        try:
            response = await real(self, request, **more)
        except (httpx.ReadError, httpx.RemoteProtocolError, httpx.ReadTimeout):
            return await real(self, request, **more)
        return await real(self, request, **more) if response.status_code >= 500 else response

    _put(httpx.AsyncClient, "send", send)


def _no_look_up(folder: Path) -> None:
    query, page = Kling.query, Kling.page

    async def blind(self: Kling, id: str, *more: Any) -> Standing:
        if _OURS.fullmatch(id):
            raise NotFound("nobody has looked")
        return await query(self, id, *more)

    async def empty(self: Kling, *more: Any) -> list[Standing]:
        return [replace(standing, external_id="") for standing in await page(self, *more)]

    _put(Kling, "query", blind)
    _put(Kling, "page", empty)


def _same_file_for_all(folder: Path) -> None:
    real, first = download.keep, folder / "first-take.bin"

    def keep(part: Path, target: Path) -> Path:
        if first.exists():
            shutil.copyfile(first, part)
        else:
            shutil.copyfile(part, first)
        return real(part, target)

    _put(download, "keep", keep)


def _requests_dropped(folder: Path) -> None:
    real, number = Studio.submit, count(1)

    def submit(self: Studio, extension: Extension, *args: Any, **more: Any) -> Task:
        task = real(self, extension, *args, **more)
        return self.forget(task.id) if next(number) % 2 == 0 else task

    _put(Studio, "submit", submit)


def _rename_before_verify(folder: Path) -> None:
    real = probe.verify

    def verify(file: Path) -> Any:
        if file.suffix != ".part":
            return real(file)
        final = file.with_suffix("")
        file.rename(final)
        reel = real(final)
        final.rename(file)  # where the product goes on from
        return reel

    _put(probe, "verify", verify)


def _no_verify(folder: Path) -> None:
    _put(probe, "verify", lambda file: SimpleNamespace(seconds=float("inf")))


def _no_resume(folder: Path) -> None:
    _put(Studio, "resume", lambda self, **more: 0)


def _prompt_cut(folder: Path) -> None:
    real = Kling.create

    async def create(self: Kling, extension: Extension, task_id: str) -> Standing:
        return await real(self, replace(extension, prompt=extension.prompt[:64]), task_id)

    _put(Kling, "create", create)


def _units_lost(folder: Path) -> None:
    put, put_durably = Library.put, Library.put_durably
    _put(Library, "put", lambda self, task, *more: put(self, replace(task, units=None), *more))
    _put(Library, "put_durably", lambda self, task, *more: put_durably(self, replace(task, units=None), *more))


def _token_to_media(folder: Path) -> None:
    real = new_media_client

    def opened() -> httpx.Client:
        client = real()
        client.headers["Authorization"] = "Bearer a-token"
        return client

    _put(download, "new_media_client", opened)


def _draft_lost(folder: Path) -> None:
    _put(Library, "save_draft", lambda self, draft: None)


def _no_write_before_send(folder: Path) -> None:
    real = Ledger.note_durably
    later: set[asyncio.Task[Task]] = set()

    async def note(self: Ledger, task: Task) -> Task:
        async def write() -> Task:
            await asyncio.sleep(_LATE_SECONDS)
            current = self.find(task.id)
            return await real(self, task) if current and current.status is Status.QUEUED else task

        later.add(asyncio.ensure_future(write()))
        return task

    _put(Ledger, "note_durably", note)


def _not_found_once_is_failed(folder: Path) -> None:
    real = Sender._look_up

    async def look_up(self: Sender, task: Task, **more: bool) -> Standing | None:
        found = await real(self, task, **more)
        return found or Standing("", task.kind, Status.FAILED, "failed")

    _put(Sender, "_look_up", look_up)


def _hop_sent_twice(folder: Path) -> None:
    real = PlanRecords.begin

    def begin(self: PlanRecords, plan: Plan, hop: PlannedHop, tasks: Sequence[Task]) -> Plan:
        twins = [replace(task, id=uuid.uuid4().hex) for task in tasks]
        tasks.extend(twins)  # type: ignore[attr-defined]  # the runner's own list: it gives all of them their lives
        return real(self, plan, hop, tasks)

    _put(PlanRecords, "begin", begin)


def _film_not_joined(folder: Path) -> None:
    _put(Continuation, "_render_file", lambda self, parts: self._stretches(parts)[-1].file)


BREAKS: dict[str, Break] = {
    "new-id-on-re-send": _new_id_on_resend,
    "automatic-re-send": _automatic_resend,
    "retry-after-a-lost-answer": _retry_after_a_lost_answer,
    "no-look-up": _no_look_up,
    "same-file-for-all": _same_file_for_all,
    "requests-dropped": _requests_dropped,
    "rename-before-verify": _rename_before_verify,
    "no-verify": _no_verify,
    "no-resume": _no_resume,
    "prompt-cut": _prompt_cut,
    "units-lost": _units_lost,
    "token-to-media": _token_to_media,
    "draft-lost": _draft_lost,
    "no-write-before-send": _no_write_before_send,
    "not-found-once-is-failed": _not_found_once_is_failed,
    "hop-sent-twice": _hop_sent_twice,
    "film-not-joined": _film_not_joined,
}
"""By the name that `--break` takes."""


def named(name: str) -> str:
    """The name of a break, however it is spelled: `"not found once" = failed` is the same as with hyphens.

    Raises:
        ValueError: there is no such break.
    """
    words = "-".join(re.findall(r"[a-z]+", name.lower()))
    found = [known for known in BREAKS if words in (known, known.replace("-is-", "-"), known.replace("-a-", "-"))]
    if not found:
        raise ValueError(f"no such break: {name!r}")
    return found[0]


def install(name: str, folder: Path) -> None:
    """Breaks the product of this process."""
    BREAKS[name](folder)
