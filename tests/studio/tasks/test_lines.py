"""The local queues: order over moves, ties and many squeezes; what may be taken out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kling_desktop.domain.accounts import SANDBOX, ApiKey
from kling_desktop.domain.tasks import Status, Task
from kling_desktop.errors import AccountEmpty
from kling_desktop.store.vault import Vault
from kling_desktop.studio.account.callbacks import SECRET_NAME, Callbacks, Ear, is_secret
from kling_desktop.studio.feed import CallbacksChanged, QueueChanged
from kling_desktop.studio.pace import Pace
from tests.harness.engine import Engine, running
from tests.harness.servers.stand_in import staged
from tests.harness.waiting import until

if TYPE_CHECKING:
    from kling_desktop.sandbox.server import Sandbox


_KEY = ApiKey("whsec_dGVzdHNlY3JldHRlc3RzZWNyZXR0ZXN0c2VjcmV0MTI=")


@pytest.fixture
async def engine(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[Engine]:
    async with running(sandbox, tmp_path / "data") as engine:
        engine.studio.lines.pause(SANDBOX.name, True)
        yield engine


async def _waiting(engine: Engine, count: int) -> list[Task]:
    tasks = [engine.submit(f"Wave {n}", video_id="743211632612511839") for n in range(count)]
    await until(lambda: len(engine.studio.lines.waiting()) == count, 30, "all to wait")
    return tasks


async def test_a_block_moves_one_place_and_stops_at_the_front(engine: Engine) -> None:
    a, b, c, d = (task.id for task in await _waiting(engine, 4))
    queues = engine.studio.lines
    queues.move([b, c], -1)
    assert queues.waiting() == [b, c, a, d]
    queues.move([b, c], -1)
    assert queues.waiting() == [b, c, a, d]
    queues.move([b, a], 1)
    assert queues.waiting() == [c, b, d, a]


async def test_first_and_last_keep_the_order_of_those_moved(engine: Engine) -> None:
    a, b, c, d = (task.id for task in await _waiting(engine, 4))
    queues = engine.studio.lines
    queues.send_first([d, c])
    assert queues.waiting() == [c, d, a, b]
    queues.send_last([d, a])
    assert queues.waiting() == [c, b, d, a]
    late = engine.submit("Late", video_id="743211632612511839")
    await until(lambda: queues.waiting() == [c, b, d, a, late.id], 30, "who is asked later to go later")


async def test_there_is_always_room_between_two(engine: Engine) -> None:
    ids = [task.id for task in await _waiting(engine, 3)]
    queues, expected = engine.studio.lines, ids
    for _ in range(120):  # more halvings than a float has bits
        queues.move([expected[2]], -1)
        expected = [expected[0], expected[2], expected[1]]
        assert queues.waiting() == expected


async def test_the_order_is_on_the_disk(engine: Engine) -> None:
    a, b = (task.id for task in await _waiting(engine, 2))
    engine.studio.lines.send_first([b])
    kept = {task.id: task.rank for task in engine.library.unfinished()}
    assert kept[b] < kept[a]
    await until(lambda: any(isinstance(f, QueueChanged) and f.waiting == (b, a) for f in engine.facts), 30, "the fact")


async def test_only_what_was_never_sent_is_taken_out(engine: Engine) -> None:
    (waiting,) = await _waiting(engine, 1)
    doubtful = engine.studio._note(
        Task("own", waiting.extension, SANDBOX, Status.QUEUED, waiting.asked_at, sent_at=waiting.asked_at)
    )
    assert engine.studio.withdraw([waiting.id, doubtful.id]) == [waiting]
    assert engine.library.get(doubtful.id) == doubtful


async def test_a_line_that_the_creator_must_open_is_opened_by_no_waking(tmp_path: Path) -> None:
    async with staged(tmp_path / "data") as stage:
        stage.kling.creates = [AccountEmpty("empty", code=1102)]
        task = stage.engine.submit(video_id="743211632612511839")
        stopped = await stage.engine.until(task, lambda now: now.trouble is not None)
        queue = stage.engine.studio.lines.queue(stopped.profile)
        trouble = queue.trouble
        assert trouble is not None
        stage.engine.studio.wake()
        assert queue.trouble == trouble
        stage.engine.studio.lines.reopen(stopped.profile.name)
        assert queue.trouble is None


async def test_a_callback_is_heeded_long_before_the_next_question(sandbox: Sandbox, tmp_path: Path) -> None:
    """Without the hint the first answer would stand for 12 s at least, at this pace."""
    async with running(sandbox, tmp_path / "data", Pace(scale=15)) as engine:
        vault = Vault()
        vault.keep_for_session(SECRET_NAME, _KEY)
        callbacks = Callbacks(vault, engine.studio.feed, engine.studio.apply_hint)
        await callbacks.listen(Ear("127.0.0.1", 0, "/kling"))
        listening = await until(lambda: next((f for f in engine.facts if isinstance(f, CallbacksChanged)), None))
        assert listening.signed
        engine.tell("webhook_secret", secret=_KEY.key)
        engine.tell("faults", do="stuck")
        task = engine.submit(callback_url=listening.address)
        sent = await engine.until(task, lambda now: now.status.at_kling and now.kling_id)
        engine.tell("finish", id=sent.kling_id)
        await engine.until(task, lambda now: now.status is Status.SUCCEEDED, timeout=11)
        await callbacks.close()


@pytest.mark.parametrize(
    ("text", "claim"), [("whsec_" + "YWJj", True), ("YWJj", False), ("whsec_", False), ("whsec_?", False)]
)
def test_a_secret_is_told_from_other_words(text: str, claim: bool) -> None:
    assert is_secret(text) is claim


async def test_one_is_put_before_another_or_behind_all(engine: Engine) -> None:
    a, b, c = (task.id for task in await _waiting(engine, 3))
    queues = engine.studio.lines
    queues.put(c, a)
    assert queues.waiting() == [c, a, b]
    queues.put(c)
    assert queues.waiting() == [a, b, c]
    queues.put("nobody", a)
    assert queues.waiting() == [a, b, c]
