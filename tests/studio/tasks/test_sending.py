"""Exactly once: whatever happens to a create, the sandbox's books say that it was made at most once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from keyring import get_keyring, set_keyring

from kling_desktop import errors
from kling_desktop.domain.accounts import SANDBOX, KeyPair, Profile, Region
from kling_desktop.domain.kling_time import KLING_TIME
from kling_desktop.domain.tasks import Extension, Generation, Status, Task
from kling_desktop.domain.units import CapScope
from kling_desktop.errors import KlingDesktopError
from kling_desktop.store.vault import Vault
from kling_desktop.studio.feed import ProfileTroubled
from kling_desktop.studio.pace import Pace
from tests.harness.engine import Engine, running
from tests.harness.media.pictures import png
from tests.harness.servers.meddler import Meddler, changed, dated, said
from tests.harness.servers.stand_in import VIDEO_ID, Staged, staged
from tests.harness.waiting import until
from tests.store.test_vault import LockedException, MemoryKeyring

if TYPE_CHECKING:
    from kling_desktop.sandbox.server import Sandbox


@pytest.fixture
async def engine(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[Engine]:
    async with running(sandbox, tmp_path / "data", Pace(scale=0.015)) as engine:
        yield engine


def _done(task: Task) -> bool:
    return task.status is Status.SUCCEEDED


async def test_a_task_is_on_disk_before_anything_is_sent(engine: Engine) -> None:
    task = engine.submit()
    assert engine.library.get(task.id) == task
    assert engine.creates() == 0
    await engine.until(task, _done)
    assert [t.status for t in engine.told(task)][:3] == [Status.QUEUED, Status.SENDING, Status.SUBMITTED]


@pytest.mark.parametrize("fault", ["gateway_after", "internal_after", "drop_after", "empty_body", "broken_json"])
async def test_a_lost_answer_is_looked_up_and_never_sent_again(engine: Engine, fault: str) -> None:
    engine.tell("faults", on="create", do=fault)
    task = engine.submit()
    await engine.until(task, _done)
    assert engine.books(task)["created"] == 1
    assert Status.UNCERTAIN in [t.status for t in engine.told(task)]
    assert engine.creates() == 1


async def test_the_lost_answer_of_a_new_film_is_looked_for_where_such_films_are(engine: Engine) -> None:
    engine.tell("faults", on="create", do="drop_after")
    made_with = Generation("kling-v3", seconds=3, aspect_ratio="16:9")
    task = engine.studio.submit(Extension("", "A lake at dusk", generation=made_with), SANDBOX)
    await engine.until(task, _done)
    assert engine.books(task)["created"] == 1
    asked = [request["path"] for request in engine.ask("requests") if request["method"] == "GET"]
    assert any(path.endswith(f"/text2video/{task.id}") for path in asked)
    assert not any("video-extend" in path for path in asked)


def _capitals(own_id: str) -> str:
    return own_id.upper()


def _spaced(own_id: str) -> str:
    return f" {own_id}\n"


@pytest.mark.parametrize("given_back", [_capitals, _spaced])
@pytest.mark.parametrize("is_lost", [False, True])
async def test_an_own_id_that_comes_back_in_other_letters_is_still_ours(
    sandbox: Sandbox, tmp_path: Path, given_back: Callable[[str], str], is_lost: bool
) -> None:
    """For as long as the task lives: otherwise a paid take stays at Kling for ever."""

    def change(answer: dict[str, Any]) -> None:
        data = answer.get("data") or []
        for entry in data if isinstance(data, list) else [data]:
            info = entry.get("task_info") or {}
            if info.get("external_task_id"):
                info["external_task_id"] = given_back(info["external_task_id"])

    with Meddler(sandbox.url) as meddler:
        for on in ("query", "list"):
            meddler.order(on, changed(change), times=-1)
        if is_lost:
            meddler.order("create", said("502 Bad Gateway", first=True))
        door = By(meddler.url, sandbox.access_key, sandbox.secret_key)
        async with running(door, tmp_path / "data", Pace(scale=0.015)) as engine:
            task = engine.submit()
            await engine.until(task, lambda now: now.clip and now.clip.file)
        assert meddler.count("create") == 1


@dataclass(frozen=True)
class By:
    """The sandbox by way of something that stands before it."""

    url: str
    access_key: str
    secret_key: str


@pytest.mark.parametrize("days", [1, 7, 40, 365])
async def test_a_clock_that_was_set_ahead_between_two_starts_brings_no_new_day(
    sandbox: Sandbox, tmp_path: Path, days: int
) -> None:
    """Kling's date is the real one here, and this computer's clock is so many days ahead of it."""
    with Meddler(sandbox.url) as meddler:
        meddler.order("any", dated(lambda: datetime.now(UTC) - timedelta(days=days)), times=-1)
        door = By(meddler.url, sandbox.access_key, sandbox.secret_key)
        async with running(door, tmp_path / "data", Pace(scale=0.015), price=Decimal(2)) as engine:
            KLING_TIME.tell(datetime.now(UTC) - timedelta(days=days))
            first = engine.submit()
            await engine.until(first, lambda now: now.status.ended)
            engine.budget.set_cap(SANDBOX.name, CapScope.DAY, Decimal(3))
        creates = meddler.count("create")
        KLING_TIME.forget()  # another start
        async with running(door, tmp_path / "data", Pace(scale=0.015), price=Decimal(2)) as engine:
            second = engine.submit()
            parked = await engine.until(second, lambda now: now.trouble)
            assert parked.trouble is not None
            assert parked.trouble.error == "OverBudget"
        assert meddler.count("create") == creates


async def test_without_a_cap_of_the_day_nobody_asks_for_the_date(sandbox: Sandbox, tmp_path: Path) -> None:
    async with running(sandbox, tmp_path / "data", Pace(scale=0.015), price=Decimal(2)) as engine:
        task = engine.submit()
        await engine.until(task, lambda now: now.status.at_kling or now.status.ended)
        requests = [request["method"] for request in engine.ask("requests") if "/v1/videos/" in request["path"]]
        assert requests[0] == "POST"


@pytest.mark.parametrize("fault", ["gateway_before", "internal_before", "drop_before", "html_502", "maintenance"])
async def test_a_create_that_may_not_have_come_waits_for_the_creator(engine: Engine, fault: str) -> None:
    engine.tell("faults", on="create", do=fault)
    task = engine.submit()
    untraced = await engine.until(task, lambda now: now.trouble and now.trouble.error == "Untraced")
    assert untraced.status is Status.UNCERTAIN
    assert engine.creates() == 1
    engine.studio.send_again(task.id)
    await engine.until(task, _done)
    assert engine.creates() == 2
    assert engine.books(task)["created"] == 1


async def test_sending_again_what_kling_has_after_all_makes_no_second(engine: Engine) -> None:
    engine.tell("faults", on="create", do="gateway_after")
    engine.tell("faults", on="query", do="refuse", code=1203, http=404, times=-1)
    engine.tell("faults", on="list", do="html_502", times=-1)
    task = engine.submit()
    await engine.until(task, lambda now: now.status is Status.UNCERTAIN)
    engine.studio.send_again(task.id)
    await until(lambda: engine.ask("audit")["totals"]["refused_duplicates"] == 1, what="the double to be refused")
    engine.clear_faults()
    await engine.until(task, _done)
    assert engine.books(task)["created"] == 1


async def test_a_refused_request_fails_and_a_retry_is_a_new_task(engine: Engine) -> None:
    task = engine.submit("a forbidden thing")
    failed = await engine.until(task, lambda now: now.status.ended)
    assert failed.status is Status.FAILED
    assert failed.trouble is not None
    assert (failed.trouble.error, failed.trouble.code) == ("ContentRefused", 1301)
    assert failed.trouble.request_id
    again = engine.studio.retry(failed)
    assert again.id != task.id
    assert again.retry_of == task.id
    assert engine.creates() == 1


async def test_slots_park_the_task_until_one_is_free(engine: Engine) -> None:
    engine.tell("slots", slots=1)
    engine.tell("faults", do="stuck")
    first, second = engine.submit("first"), engine.submit("second")
    parked = await engine.until(second, lambda now: now.trouble is not None)
    assert parked.trouble is not None
    assert (parked.status, parked.trouble.error) == (Status.QUEUED, "SlotsFull")
    assert engine.studio.lines.queue(second.profile).limit == 1
    engine.tell("finish", id=first.id)
    await engine.until(first, _done)
    await engine.until(second, _done)
    assert engine.books(second)["created"] == 1


async def test_an_empty_account_stops_the_queue_until_the_creator_opens_it(engine: Engine) -> None:
    engine.tell("faults", on="create", do="empty")
    task = engine.submit()
    parked = await engine.until(task, lambda now: now.trouble is not None)
    assert parked.trouble is not None
    assert (parked.status, parked.trouble.error) == (Status.QUEUED, "AccountEmpty")
    other = engine.submit("behind it")
    await until(lambda: other.id in engine.studio.lines.queue(task.profile).waiting)
    assert engine.creates() == 1
    engine.studio.lines.reopen(task.profile.name)
    await engine.until(task, _done)
    await engine.until(other, _done)


async def test_an_id_of_the_creators_that_kling_has_already_is_refused(engine: Engine) -> None:
    task = engine.submit(own_id="dawn-lake")  # the tag of one of the account's clips
    failed = await engine.until(task, lambda now: now.status.ended)
    assert failed.status is Status.FAILED
    assert failed.trouble is not None
    assert failed.trouble.error == "DuplicateId"


async def test_a_program_that_died_while_sending_looks_first(sandbox: Sandbox, tmp_path: Path) -> None:
    """The dead program is one whose studio ends before the answer is there."""
    async with running(sandbox, tmp_path / "data") as engine:
        engine.tell("faults", on="create", do="slow", seconds=30)
        task = engine.submit()
        await engine.until(task, lambda now: now.status is Status.SENDING)
        await until(lambda: engine.creates() == 1, what="the create to arrive")
    async with running(sandbox, tmp_path / "data") as engine:
        assert engine.studio.resume() == 1
        await engine.until(task, _done)
        assert engine.told(task)[0].status is Status.UNCERTAIN
        assert engine.books(task)["created"] == engine.creates() == 1


async def test_without_a_connection_the_task_waits_here(engine: Engine, sandbox: Sandbox) -> None:
    sandbox.stop()
    task = engine.submit(video_id="743211632612511839")
    parked = await engine.until(task, lambda now: now.trouble is not None)
    assert (parked.status, parked.sent_at) == (Status.QUEUED, None)
    assert parked.trouble is not None
    assert parked.trouble.error == "Unreachable"


async def test_a_locked_keyring_is_told_once_and_the_queue_goes_on_when_it_opens(engine: Engine) -> None:
    before, keyring = get_keyring(), MemoryKeyring()
    set_keyring(keyring)
    try:
        profile = Profile("Studio B", Region.CUSTOM, engine.sandbox.url)
        Vault().save(profile.name, KeyPair(engine.sandbox.access_key, engine.sandbox.secret_key))
        keyring.trouble = LockedException()
        task = engine.submit(profile=profile)
        parked = await engine.until(task, lambda now: now.trouble is not None)
        assert parked.trouble is not None
        assert (parked.status, parked.trouble.error) == (Status.QUEUED, "KeyringLocked")
        asked = keyring.asked
        await until(lambda: keyring.asked > asked + 1, what="the keyring to be tried again")
        assert engine.creates() == 0
        keyring.trouble = None
        await engine.until(task, _done)
        told = [f.trouble and f.trouble.error for f in engine.facts if isinstance(f, ProfileTroubled)]
        assert told == ["KeyringLocked", None]
    finally:
        set_keyring(before)


# Before a stand-in: what no honest server does on request


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Staged]:
    async with staged(tmp_path / "data") as stage:
        yield stage


def _submit(stage: Staged, own_id: str = "") -> Task:
    return stage.engine.submit(video_id=VIDEO_ID, own_id=own_id)


@pytest.mark.parametrize("busy", [errors.SlotsFull("full", code=1303), errors.Busy("fast", code=1302)])
async def test_nothing_is_sent_again_by_itself_before_kling_said_that_it_does_not_know_it(
    stage: Staged, busy: KlingDesktopError
) -> None:
    stage.kling.creates = [busy, busy, lambda id: stage.kling.make(id)]
    task = _submit(stage)
    await stage.engine.until(task, lambda now: now.status.at_kling)
    sendings = [asked for asked in stage.kling.asked if not asked.startswith("query 8153")]
    again = [f"query {task.id}", "page", f"create {task.id}"]
    assert sendings[:7] == [f"create {task.id}", *again, *again]


@pytest.mark.parametrize("busy", [errors.SlotsFull("full", code=1303), errors.Busy("fast", code=1302)])
async def test_a_server_that_made_it_and_refused_it_and_takes_a_repeated_id_makes_one(
    stage: Staged, busy: KlingDesktopError
) -> None:
    def made_and_refused(id: str) -> KlingDesktopError:
        stage.kling.make(id)
        return busy

    stage.kling.creates = [made_and_refused]
    task = _submit(stage)
    await stage.engine.until(task, lambda now: now.status.at_kling)
    assert stage.kling.count("create") == 1
    assert len(stage.kling.made) == 1


@pytest.mark.parametrize(
    "trouble",
    [errors.Unanswered("lost"), errors.KlingTroubled("502"), errors.AnswerUnreadable("<html>")],
)
async def test_without_an_answer_to_the_look_up_nothing_is_sent_again(
    stage: Staged, trouble: KlingDesktopError
) -> None:
    stage.kling.creates = [errors.SlotsFull("full", code=1303)]
    stage.kling.queries = [trouble]
    task = _submit(stage)
    await until(lambda: stage.kling.count("query") > 4, what="several look-ups")
    assert stage.kling.count("create") == 1
    now = stage.engine.library.get(task.id)
    assert now is not None
    assert (now.status, now.trouble) == (Status.QUEUED, trouble.trouble)


async def test_what_the_creator_sends_again_waits_for_an_answer_to_the_look_up_as_well(stage: Staged) -> None:
    stage.kling.creates = [errors.ServerTrouble("502")]
    task = _submit(stage)
    await stage.engine.until(task, lambda now: now.trouble and now.trouble.error == "Untraced")
    stage.kling.creates = []
    stage.kling.queries = [errors.Unreachable("no way")]
    stage.engine.studio.send_again(task.id)
    asked = stage.kling.count("query")
    await until(lambda: stage.kling.count("query") > asked + 2, what="several look-ups")
    assert stage.kling.count("create") == 1
    now = stage.engine.library.get(task.id)
    assert now is not None
    assert (now.status, now.trouble) == (Status.QUEUED, errors.Unreachable("no way").trouble)
    stage.kling.queries = [errors.NotFound("no such task", code=1203)]
    stage.kling.pages = [errors.Unanswered("the list is broken")]
    await until(lambda: stage.kling.count("create") == 2, what="it to be sent once Kling says that it is unknown")


async def test_a_restart_looks_up_what_was_refused_for_want_of_room(tmp_path: Path) -> None:
    async with staged(tmp_path / "data") as stage:
        stage.kling.creates = [errors.SlotsFull("full", code=1303)]
        task = _submit(stage)
        await stage.engine.until(task, lambda now: now.trouble is not None)
    async with staged(tmp_path / "data") as stage:
        stage.engine.studio.resume()
        await stage.engine.until(task, lambda now: now.status.at_kling)
        assert stage.kling.asked[:3] == [f"query {task.id}", "page", f"create {task.id}"]


async def test_an_answer_that_something_on_the_way_had_kept_makes_no_task_of_another(stage: Staged) -> None:
    first = await stage.engine.until(_submit(stage), lambda now: now.status.at_kling)
    stage.kling.creates = [stage.kling.found(first.kling_id)]
    second = _submit(stage)
    doubtful = await stage.engine.until(second, lambda now: now.status is Status.UNCERTAIN)
    assert doubtful.kling_id == ""
    assert doubtful.trouble is not None
    assert doubtful.trouble.error == "Unreadable"
    kept = stage.engine.library.get(first.id)
    assert kept is not None
    assert kept.kling_id == first.kling_id


async def test_a_refusal_at_the_second_sending_proves_nothing_while_the_look_up_fails(stage: Staged) -> None:
    stage.kling.creates = [errors.TimedOut("lost"), errors.ContentRefused("no", code=1301)]
    task = _submit(stage)
    await stage.engine.until(task, lambda now: now.trouble and now.trouble.error == "Untraced")
    stage.kling.queries = [errors.NotFound("no such task", code=1203), errors.Unanswered("lost")]
    stage.engine.studio.send_again(task.id)
    await until(lambda: stage.kling.count("create") == 2, what="the second sending")
    asked = stage.kling.count("query")
    await until(lambda: stage.kling.count("query") > asked + 3, what="look-ups after the refusal")
    now = stage.engine.library.get(task.id)
    assert now is not None
    assert now.status is Status.UNCERTAIN


@pytest.mark.parametrize(("minutes", "is_ours"), [(5, True), (15, False)])
async def test_an_older_task_of_the_creators_own_id_is_told_from_the_one_just_sent(
    stage: Staged, minutes: int, is_ours: bool
) -> None:
    made_at = datetime.now(UTC) - timedelta(minutes=minutes)
    stage.kling.make("mine", created_at=made_at)
    stage.kling.creates = [errors.DuplicateId("mine already exists", code=1201)]
    task = _submit(stage, own_id="mine")
    now = await stage.engine.until(task, lambda now: now.status.at_kling or now.status.ended)
    assert now.status.at_kling is is_ours


@pytest.mark.parametrize(
    ("asked", "made", "skew", "is_ours"),
    [(-60, -30, 0, False), (120, 0, 0, True), (-120, 0, 0, True), (120, 0, 120, True), (120, -15, 120, False)],
    ids=["waited an hour", "clock put back since", "clock put on since", "clock ahead", "clock ahead, an older one"],
)
async def test_an_older_task_is_told_by_when_ours_was_sent_whatever_the_clock_said_when_it_was_asked(
    stage: Staged, monkeypatch: pytest.MonkeyPatch, asked: int, made: int, skew: int, is_ours: bool
) -> None:
    """Minutes from now: something on the way has sent it twice, or another computer had this id before."""
    clock = datetime.now(UTC) + timedelta(minutes=asked)
    monkeypatch.setattr(stage.engine.studio, "_now", lambda: clock)
    stage.kling.clock_skew = timedelta(minutes=skew)
    if skew:
        monkeypatch.setattr(stage.engine.studio._sender, "_now", lambda: clock)
    stage.kling.make("mine", created_at=datetime.now(UTC) + timedelta(minutes=made))
    stage.kling.creates = [errors.DuplicateId("mine already exists", code=1201)]
    task = _submit(stage, own_id="mine")
    now = await stage.engine.until(task, lambda now: now.status.at_kling or now.status.ended)
    assert now.status.at_kling is is_ours


@pytest.mark.parametrize(
    "error",
    [
        errors.Busy("slower", code=1302),
        errors.SlotsFull("full", code=1303),
        errors.Unreachable("no way"),
        errors.AccountEmpty("empty", code=1102),
        errors.SignInRefused("who", code=1002),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_what_waits_here_again_occupies_no_slot_at_kling(stage: Staged, error: errors.KlingDesktopError) -> None:
    stage.kling.creates = [error]
    waiting = await stage.engine.until(
        _submit(stage), lambda now: now.trouble is not None and now.status is Status.QUEUED
    )
    assert waiting.trouble is not None
    assert waiting.trouble.error == type(error).__name__
    assert stage.engine.studio.lines.queue(waiting.profile).running == 0


async def test_a_task_that_the_creator_sends_again_does_not_wait_for_its_own_slot(stage: Staged) -> None:
    stage.kling.creates = [errors.TimedOut("lost")]
    lost = await stage.engine.until(_submit(stage), lambda now: now.status is Status.UNCERTAIN)
    queue = stage.engine.studio.lines.queue(lost.profile)
    await until(lambda: queue.running == 1)
    stage.engine.studio.lines.pause(lost.profile.name, True)
    stage.engine.studio.send_again(lost.id)
    await until(lambda: lost.id in queue.waiting)
    assert queue.running == 0


async def test_what_kling_never_took_or_refused_leaves_its_slot(stage: Staged) -> None:
    stage.kling.creates = [errors.TimedOut("lost"), errors.ContentRefused("no", code=1301)]
    untraced = _submit(stage)
    await stage.engine.until(untraced, lambda now: now.trouble and now.trouble.error == "Untraced")
    assert stage.engine.studio.lines.queue(untraced.profile).running == 0
    refused = _submit(stage)
    await stage.engine.until(refused, lambda now: now.status is Status.FAILED)
    assert stage.engine.studio.lines.queue(refused.profile).running == 0


@pytest.mark.parametrize("missing", ["first_frame", "end_frame"])
async def test_a_picture_that_went_before_it_was_sent_leaves_no_doubt_and_nothing_held(
    engine: Engine, tmp_path: Path, missing: str
) -> None:
    frames = {name: tmp_path / f"{name}.png" for name in ("first_frame", "end_frame")}
    for name, file in frames.items():
        if name != missing:
            file.write_bytes(png(640, 360))
    asked = Extension("", "A boat sails", generation=Generation("kling-v3", "pro", **frames))  # type: ignore[arg-type]  # pictures, by name
    task = await engine.until(engine.studio.submit(asked, SANDBOX), lambda now: now.status.ended)
    assert task.trouble is not None
    assert (task.status, task.trouble.error) == (Status.FAILED, "PictureMissing")
    assert engine.creates() == 0
    assert engine.budget.standing(SANDBOX.name).held == 0
