"""A disk that takes nothing: the window says so where the creator looks, keeps the words, and goes on afterwards."""

from __future__ import annotations

import errno
import os

import pytest

from kling_desktop.domain.tasks import Pick
from kling_desktop.errors import FileTrouble, LibraryFull
from tests.journeys.conftest import Start


@pytest.mark.expects_log("FileTrouble")
async def test_what_cannot_be_written_down_is_not_sent_and_said_in_place(start: Start) -> None:
    async with start() as creator:
        creator.asks(creator.clip_id("dawn-lake"), "The fog lifts")
        kept = await creator.sees_take()
        sent = len([request for request in creator.ask("requests") if request["method"] == "POST"])
        database = creator.program.studio._library._connection
        database.execute("PRAGMA query_only = ON")  # SQLite itself refuses every change, as on a full disk
        creator.asks(creator.clip_id("dawn-lake"), "Snow begins to fall")
        note = creator.form.fields.refusal
        await creator.sees(note.isVisible, "the reason in the form")
        assert FileTrouble.title in note.accessibleName()
        assert creator.form.extension().prompt == "Snow begins to fall"
        assert len([request for request in creator.ask("requests") if request["method"] == "POST"]) == sent
        assert FileTrouble.title not in creator.banners()
        creator.tasks.select(kept.id)
        pick = creator.window.cull.commands["pick"]
        pick.trigger()
        await creator.sees(lambda: FileTrouble.title in creator.banners(), "the word that it is not noted")
        database.execute("PRAGMA query_only = OFF")
        pick.trigger()
        await creator.sees(
            lambda: (now := creator.program.studio.ledger.find(kept.id)) and now.pick is Pick.PICKED, "the pick"
        )
        creator.asks(creator.clip_id("dawn-lake"), "Snow begins to fall")
        await creator.sees(lambda: (now := creator.newest()) and now.id != kept.id, "the second take")


async def test_a_disk_that_has_room_again_is_not_called_full_any_more(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    fsync = os.fsync

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    async with start() as creator:
        monkeypatch.setattr(os, "fsync", full)
        creator.program.preferences.change(export_names="{counter}")
        await creator.sees(lambda: LibraryFull.title in creator.banners(), "that the disk is full")
        monkeypatch.setattr(os, "fsync", fsync)
        creator.asks(creator.clip_id("dawn-lake"), "The fog lifts")
        await creator.sees_take()
        assert LibraryFull.title not in creator.banners()
