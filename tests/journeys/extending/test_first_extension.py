"""The main job: a clip is extended, the take comes, plays, is extended again and saved."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import av
import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from kling_desktop.domain.tasks import Status
from tests.journeys.conftest import Start

_STRANGE = "of somebody else".ljust(32, "-")
CTRL = Qt.KeyboardModifier.ControlModifier


async def test_a_clip_is_extended_watched_extended_again_and_saved(start: Start, tmp_path: Path) -> None:
    async with start() as creator:
        source = creator.clip_id("dawn-lake")
        creator.asks(source, "A paper boat drifts into the picture")
        await creator.sees(lambda: creator.newest(), "the task in the list")
        await creator.sees(lambda: creator.form.sent, "the words to be safe")
        first = await creator.sees_take()
        assert first.clip is not None
        assert first.clip.parent_id == source
        assert first.units == Decimal(2)

        before = creator.viewer.frames_seen
        creator.clicks_row(0)
        creator.presses(creator.tasks.table, Qt.Key.Key_Return)
        await creator.sees(lambda: creator.viewer.frames_seen >= before + 20, "twenty frames at the sink")
        creator.viewer.pause()

        await creator.sees(creator.form.foot.go_on.isVisible, "the way on from the take that came")
        creator.clicks(creator.form.foot.go_on)
        first_clip = first.clip
        await creator.sees(lambda: creator.form.extension().video_id == first_clip.id, "the take in the form")
        QTest.keyClicks(creator.form.fields.prompt.edit, "The camera rises")
        creator.presses(creator.form.fields.prompt.edit, Qt.Key.Key_Escape)
        assert creator.viewer.picture.hasFocus(), "letters are commands again"
        creator.clicks(creator.form.button)
        await creator.sees(lambda: (task := creator.newest()) and task.id != first.id, "the second task")
        second = await creator.sees_take()
        assert second.clip is not None
        assert second.clip.seconds is not None
        assert first.clip.seconds is not None
        assert second.clip.parent_id == first.clip.id
        assert second.clip.seconds - first.clip.seconds > 3

        saved = tmp_path / "film.mp4"
        creator.clicks_row(0)
        creator.presses(creator.tasks.table, Qt.Key.Key_S, CTRL)
        dialog = await creator.sees(lambda: creator.window.findChild(QFileDialog), "the save dialog")
        creator.saves_as(dialog, saved)
        await creator.sees(saved.exists, "the saved film")
        await creator.sees(lambda: "film.mp4" in creator.banners(), "the word that it is saved")

        truth = creator.ask("seams")[second.clip.id]
        frames = _frames(saved)
        assert len(frames) == truth["frames"]
        assert abs(len(frames) / truth["fps"] - float(second.clip.seconds)) < 0.1
        assert np.abs(frames[-1].astype(int) - _frames(second.clip.file)[-1].astype(int)).max() == 0
        joined = truth["seams"][-1]["frame"]
        assert np.abs(frames[joined].astype(int) - frames[joined - 1].astype(int)).mean() < 20, "a join, not a cut"


async def test_a_restart_in_the_middle_loses_nothing(start: Start) -> None:
    async with start() as creator:
        creator.tell("faults", do="stuck")
        source = creator.clip_id("dawn-lake")
        creator.asks(source, "Snow begins to fall")
        task = await creator.sees(lambda: (now := creator.newest()) and now.status.at_kling and now, "Kling to take it")
        creator.writes("a half-written thou")
    creator.tell("finish", id=task.kling_id)
    async with start() as creator:
        assert creator.form.extension().prompt == "a half-written thou"
        again = await creator.sees_take()
        assert again.id == task.id
        assert again.extension.prompt == "Snow begins to fall"
        assert creator.ask("audit")["tasks"][task.id]["created"] == 1
        creator.writes("Snow begins to fall")
    async with start() as creator:
        assert creator.form.sent, "the same words for the same clip are not paid twice by habit"
        creator.presses(creator.form.fields.prompt.edit, Qt.Key.Key_Return, CTRL)
        assert creator.form.sent
        assert creator.ask("audit")["totals"]["created"] == 1
        assert creator.form.foot.go_on.isVisible()


async def test_a_refused_prompt_stays_in_the_form_with_the_reason(start: Start) -> None:
    async with start() as creator:
        creator.asks(creator.clip_id("dawn-lake"), "something forbidden")
        await creator.sees(lambda: creator.window.doctor.isVisible(), "the reason on the stage")
        assert not creator.form.fields.refusal.isVisible(), "one fact, one place"
        assert creator.form.extension().prompt == "something forbidden"
        task = creator.newest()
        assert task is not None
        assert task.status is Status.FAILED
        assert task.trouble is not None
        assert task.trouble.code == 1301


async def test_wrong_keys_park_the_task_and_right_ones_send_it(start: Start) -> None:
    async with start(KLING_SECRET_KEY=_STRANGE) as creator:
        creator.asks(creator.clip_id("dawn-lake"), "Lanterns rise")
        await creator.sees(lambda: "did not accept your keys" in creator.banners(), "a banner about the keys")
        parked = creator.newest()
        assert parked is not None
        assert parked.status is Status.QUEUED
        assert creator.ask("audit")["totals"]["created"] == 0
    async with start() as creator:
        take = await creator.sees_take()
        assert take.id == parked.id


async def test_an_empty_account_says_so_and_the_prompt_is_safe(start: Start) -> None:
    async with start() as creator:
        creator.tell("units", remaining=0)
        creator.asks(creator.clip_id("dawn-lake"), "Fireflies gather")
        await creator.sees(lambda: "no units left" in creator.banners(), "a banner about the account")
        parked = creator.newest()
        assert parked is not None
        assert (parked.status, parked.extension.prompt) == (Status.QUEUED, "Fireflies gather")


async def test_an_expired_clip_is_explained(start: Start) -> None:
    async with start() as creator:
        creator.asks(creator.clip_id("gone"), "It is summer again")
        await creator.sees(lambda: creator.window.doctor.isVisible(), "the reason on the stage")
        task = creator.newest()
        assert task is not None
        assert task.trouble is not None
        assert task.trouble.error == "VideoUnknown"
        assert creator.form.extension().prompt == "It is summer again"


async def test_a_task_id_is_turned_into_its_video(start: Start) -> None:
    async with start() as creator:
        shelf = creator.ask("shelf")
        source = next(job for job in shelf if job["external_task_id"] == "dawn-lake")
        creator.types(creator.form.fields.clip_row.field, source["task_id"])
        creator.presses(creator.form.fields.clip_row.field, Qt.Key.Key_Tab)
        use = creator.form.fields.clip_row.use
        await creator.sees(use.isVisible, "the offer to take the video instead")
        creator.clicks(use)
        assert creator.form.extension().video_id == source["video_id"]


def _frames(file: Path | None) -> list[np.ndarray]:
    assert file is not None
    with av.open(str(file)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
