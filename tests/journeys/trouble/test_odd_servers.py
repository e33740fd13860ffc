"""Something on the way answers in Kling's place: nothing is paid twice, and the window claims only what is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest
from PySide6.QtWidgets import QAbstractButton, QPushButton

from kling_desktop.domain.tasks import Status, Task
from kling_desktop.sandbox.server import Sandbox
from kling_desktop.studio.pace import Pace
from tests.harness.servers.meddler import Deed, Meddler, Pass, changed, said
from tests.harness.servers.odd_server import Heard
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator
from tests.journeys.trouble.asking import PAGE, UNTRUE, ask, card

"""What may not stand on the screen while nobody knows, or Kling has it."""


@pytest.fixture
def meddler(sandbox: Sandbox) -> Iterator[Meddler]:
    with Meddler(sandbox.url) as meddler:
        yield meddler


def gone(heard: Heard, passed: Pass) -> Iterable[bytes]:
    """The line breaks before the request arrives."""
    raise ConnectionResetError


async def stands(creator: Creator, status: Status, error: str = "") -> Task:
    def so() -> Task | None:
        task = creator.newest()
        fits = task is not None and task.status is status and (task.trouble.error if task.trouble else "") == error
        return task if fits else None

    return await creator.sees(so, f"the task to be {status} with {error or 'no trouble'}")


def button(creator: Creator, label: str) -> QAbstractButton | None:
    buttons = creator.window.findChildren(QAbstractButton)
    return next((each for each in buttons if each.isVisible() and each.text() == label), None)


@pytest.mark.parametrize(
    ("deed", "error"),
    [
        (said("403 Forbidden", PAGE, first=True), "ForeignAnswer"),
        (said("429 Too Many", {"code": "1303", "message": "no", "request_id": "r"}, first=True), "ForeignAnswer"),
        (changed(lambda answer: answer["data"].update(task_id="9", task_info={"external_task_id": "x"})), "Unreadable"),
    ],
    ids=["a proxy's page", "a code in text", "another task"],
)
async def test_only_kling_can_refuse(start: Start, meddler: Meddler, deed: Deed, error: str) -> None:
    meddler.order("create", deed)
    meddler.order("query", gone, -1, after=1)  # the first asks about the clip
    async with start(by=meddler.url) as creator:
        await ask(creator)
        task = await stands(creator, Status.UNCERTAIN, error)
        await creator.sees(lambda: "Not known yet" in card(creator), "the card")
        assert not [words for words in UNTRUE if words in card(creator)]
        assert task.trouble is not None
        assert task.trouble.code is None, "it is no word of Kling's"
        meddler.clear()
        await creator.sees_take()
        assert meddler.count("create") == 1
        assert creator.ask("audit")["totals"]["created"] == 1


async def test_what_is_sent_again_is_looked_up_and_not_called_unsent_meanwhile(start: Start, meddler: Meddler) -> None:
    meddler.order("create", said("502 Bad Gateway", PAGE))
    async with start(by=meddler.url, pace=Pace(scale=0.02, look_ups=(0.0, 2.0))) as creator:
        await ask(creator)
        await stands(creator, Status.UNCERTAIN, "Untraced")
        meddler.order("any", gone, -1)
        again = await creator.sees(lambda: button(creator, "Send again · ≈ 1–3.5 units"), "the creator's decision")
        creator.clicks(again)
        await stands(creator, Status.QUEUED, "Unanswered")
        await creator.sees(lambda: "looked up first" in card(creator), "the card")
        assert not [words for words in UNTRUE if words in card(creator)]
        assert meddler.count("create") == 1
        meddler.clear()
        await creator.sees_take()
        asked = [seen.on for seen in meddler.seen if seen.on != "media"]  # the stage may play the clip meanwhile
        last = len(asked) - 1 - asked[::-1].index("create")
        assert asked[last - 1] in ("query", "list")
        assert creator.ask("audit")["totals"]["created"] == 1


async def test_one_header_silences_no_running_task(start: Start, meddler: Meddler) -> None:
    async with start(by=meddler.url) as creator:
        creator.tell("faults", do="stuck")
        await ask(creator)
        task = await creator.sees(lambda: (now := creator.newest()) and now.status.at_kling and now, "Kling to take it")
        for on in ("query", "list"):
            meddler.order(on, said("503 Service Unavailable", PAGE, Retry_After="99999999"), -1)
        now = await creator.sees(lambda: button(creator, "Try now"), "a way to ask again")
        assert not [words for words in UNTRUE if words in creator.banners()]
        meddler.clear()
        creator.tell("finish", id=task.kling_id)
        assert isinstance(now, QPushButton)
        creator.clicks(now)
        await creator.sees_take()


async def test_a_failure_that_was_charged_is_not_called_free_to_ask_again(start: Start, meddler: Meddler) -> None:
    def charged(answer: dict[str, dict[str, object]]) -> None:
        answer.get("data", {}).update(task_status="FAIL", task_result={}, final_unit_deduction="2." + "3" * 60)

    meddler.order("query", changed(charged), -1)
    async with start(by=meddler.url) as creator:
        await ask(creator)
        await stands(creator, Status.FAILED, "FailedYetCharged")
        await creator.sees(lambda: "2.333334 units" in card(creator), "the units")
        assert "may cost again" in card(creator)
        assert not [words for words in UNTRUE if words in card(creator)]
