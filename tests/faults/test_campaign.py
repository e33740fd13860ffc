"""A slice of the campaign that fits a test run, always the same stories."""

from __future__ import annotations

import asyncio
from pathlib import Path
from time import monotonic

import pytest

from kling_desktop.domain.accounts import SANDBOX
from kling_desktop.sandbox.server import Sandbox
from tests.faults.actor import extension_of
from tests.faults.campaign import Campaign, calm_part
from tests.faults.judge import Verdict
from tests.harness.engine import running

_SEED = 20261122
_FEWEST, _MOST, _SECONDS = 8, 60, 40


async def test_a_creator_who_died_while_not_watching_watches_again(media_cache: Path, tmp_path: Path) -> None:
    stage, story = Campaign(media_cache, tmp_path), tmp_path / "story"
    story.mkdir()
    with Sandbox(tmp_path / "sandbox", speed="instant", size="small", cache_dir=media_cache) as sandbox:
        part = calm_part(sandbox, story)
        async with running(sandbox, story) as engine:
            task = engine.studio.submit(extension_of(part.video_id, part.prompts[0], 0), SANDBOX)
            engine.studio.stop_watching(task.id)
        await asyncio.to_thread(stage.play_undisturbed, sandbox, story)


@pytest.mark.timeout(1200)
def test_nothing_is_doubled_lost_or_broken_whatever_happens(media_cache: Path, tmp_path: Path) -> None:
    """As many of the seeded stories as fit the time, at least eight."""
    stage = Campaign(media_cache, tmp_path)
    whole, end = Verdict(), monotonic() + _SECONDS
    while whole.runs < _FEWEST or (whole.runs < _MOST and monotonic() < end):
        whole.add(stage.run(_SEED + whole.runs))
    assert whole.is_clean, "\n".join([str(whole), *whole.notes])
    assert whole.kills > 0, "nobody died: this proves nothing"
