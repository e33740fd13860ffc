"""The ledger: what changes while a task is being written down to the disk is not lost by it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from kling_desktop.domain.accounts import SANDBOX
from kling_desktop.domain.tasks import Extension, Generation, Status, Task
from kling_desktop.store.library import Library
from kling_desktop.studio.feed import Feed
from kling_desktop.studio.tasks.ledger import Ledger
from tests.harness.tasks import asked, refused


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with closing(Library.open(tmp_path / "library.sqlite3")) as library:
        yield library


async def _called_off(ledger: Ledger, task: Task, meanwhile: Callable[[], object]) -> None:
    """Begin to write the task durably, do something before the thread has its turn, and call the writing off."""
    gate = Event()
    ledger._thread.submit(gate.wait)
    writing = asyncio.create_task(ledger.note_durably(task))
    await asyncio.sleep(0)
    meanwhile()
    writing.cancel()
    await asyncio.sleep(0)
    gate.set()
    with suppress(asyncio.CancelledError):
        await writing


async def test_what_is_to_be_paid_waits_for_no_thread_that_copies_to_a_slow_disk(library: Library) -> None:
    ledger, over = Ledger(library, Feed()), Event()
    before = ledger.note(asked(1, "A kite", Status.QUEUED))
    with ThreadPoolExecutor(1) as threads:
        asyncio.get_running_loop().set_default_executor(threads)
        copying = threads.submit(over.wait)
        try:
            async with asyncio.timeout(20):
                sending = await ledger.note_durably(replace(before, status=Status.SENDING))
        finally:
            over.set()
        assert copying.result()
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
    assert ledger.find(before.id) == sending


async def test_a_writing_that_is_called_off_leaves_the_task_as_it_was(library: Library) -> None:
    ledger = Ledger(library, Feed())
    before = ledger.note(asked(1, "A kite", Status.QUEUED))
    await _called_off(ledger, replace(before, status=Status.SENDING), lambda: None)
    assert ledger.find(before.id) == before


async def test_what_was_noted_while_it_was_written_stays(library: Library) -> None:
    ledger = Ledger(library, Feed())
    before = ledger.note(asked(1, "A kite", Status.QUEUED))
    changed = replace(before, rank=7.0, stars=3)
    await _called_off(ledger, replace(before, status=Status.SENDING), lambda: ledger.note(changed))
    assert ledger.find(before.id) == changed


async def test_what_was_forgotten_while_it_was_written_stays_forgotten(library: Library) -> None:
    ledger = Ledger(library, Feed())
    before = ledger.note(asked(1, "A kite", Status.QUEUED))
    await _called_off(ledger, replace(before, status=Status.SENDING), lambda: ledger.forget(before.id))
    assert ledger.find(before.id) is None


async def test_a_writing_that_is_done_is_what_stands(library: Library) -> None:
    ledger = Ledger(library, Feed())
    before = ledger.note(asked(1, "A kite", Status.QUEUED))
    sending = await ledger.note_durably(replace(before, status=Status.SENDING))
    assert ledger.find(before.id) == sending


async def test_what_was_asked_lately_is_known_whatever_went_along_with_it(library: Library) -> None:
    ledger = Ledger(library, Feed())
    sent = asked(1, "A kite")
    ledger.note(replace(sent, extension=replace(sent.extension, own_id="shot-1")))
    ledger.note(refused(2, "A dog"))
    continued = asked(3, "A boat")
    made = Generation("kling-v3", first_frame=Path("seed.png"))
    ledger.note(replace(continued, extension=replace(continued.extension, generation=made)))
    assert [task.id for task in ledger.asked_lately(sent.extension)] == [sent.id]
    again = ledger.note(replace(asked(4, "A kite"), extension=sent.extension))
    assert {task.id for task in ledger.asked_lately(sent.extension)} == {sent.id, again.id}
    found = ledger.asked_lately(replace(continued.extension, generation=Generation("kling-v3")))
    assert [task.id for task in found] == [continued.id]
    assert not ledger.asked_lately(replace(sent.extension, prompt="A kite rises"))
    assert not ledger.asked_lately(replace(sent.extension, video_id="70"))
    assert not ledger.asked_lately(replace(sent.extension, guidance=0.7))
    assert not ledger.asked_lately(asked(2, "A dog").extension), "it failed: the same may be tried again"


async def test_what_was_asked_lately_is_known_by_a_clock_that_was_set_back(library: Library) -> None:
    ledger = Ledger(library, Feed())
    ahead = datetime.now(UTC) + timedelta(days=2)
    for number in range(25):
        ledger.note(Task(f"ahead-{number}", Extension("7", f"Words {number}"), SANDBOX, Status.SUBMITTED, ahead))
    sent = ledger.note(Task("now", Extension("7", "A heron"), SANDBOX, Status.SUBMITTED, datetime.now(UTC)))
    assert [task.id for task in ledger.asked_lately(Extension("7", "A heron"))] == [sent.id]
