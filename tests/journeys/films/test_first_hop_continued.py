"""A plan whose first hop is a new clip: from a clip that was never fetched, and from one whose drive is away."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton

from kling_desktop.ui.film.film_view import CardKind
from tests.harness.media.films import film
from tests.journeys.conftest import Start
from tests.journeys.extending.dropping import drops
from tests.journeys.films.lane import cards, made, paste, pick_first_clip, said_by_head


@pytest.mark.timeout(120)
async def test_a_clip_that_was_never_fetched_is_fetched_and_continued(start: Start) -> None:
    """As the form does it by hand."""
    async with start() as creator:
        await pick_first_clip(creator)
        clip = creator.program.studio.clips.find(creator.form.extension().video_id)
        assert clip is not None
        assert clip.file is None
        creator.clicks(creator.form.fields.way.segments.findChildren(QAbstractButton)[1])
        creator.writes("A heron lands")
        creator.form.foot.plan.trigger()
        await creator.sees(lambda: len(cards(creator, CardKind.PLANNED)) == 1, "the hop")
        creator.clicks(creator.window.film.head.run)
        await creator.sees(lambda: made(creator)[1:] == ["A heron lands"], "it in the film", 60)
        assert creator.ask("audit")["totals"]["created"] == 1


@pytest.mark.timeout(120)
async def test_a_drive_that_is_away_is_said_and_the_plan_runs_once_it_is_back(start: Start, tmp_path: Path) -> None:
    async with start() as creator:
        drops(creator.window, film(tmp_path / "Pond.mp4", range(30), size=(320, 320)))
        await creator.sees(lambda: len(made(creator)) == 1, "its film")
        await paste(creator, "A duck lands")
        clip = creator.program.studio.clips.find(creator.form.extension().video_id)
        assert clip is not None
        assert clip.file is not None
        drive = clip.file.parent
        drive.rename(drive.with_name("pulled out"))
        head = creator.window.film.head
        creator.clicks(head.run)
        await creator.sees(lambda: "cannot be made from the last frame" in said_by_head(creator), "the plan to stop")
        assert "The drive or share with this film's files is not there" in said_by_head(creator)
        assert "1 hop waits, uncharged" in said_by_head(creator)
        drive.with_name("pulled out").rename(drive)
        creator.clicks(head.run)
        await creator.sees(lambda: made(creator)[1:] == ["A duck lands"], "it in the film", 60)
        assert creator.ask("audit")["totals"]["created"] == 1
