"""Stills of clips: made once, however often they are asked for meanwhile, and told."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kling_desktop.domain.clips import Clip
from kling_desktop.studio.feed import PosterMade
from tests.harness.engine import running
from tests.harness.media.films import film
from tests.harness.waiting import until

if TYPE_CHECKING:
    from kling_desktop.sandbox.server import Sandbox


async def test_a_still_that_is_being_made_is_not_made_twice(sandbox: Sandbox, tmp_path: Path) -> None:
    """A film is drawn for each still that comes, and each drawing asks for those that are still missing."""
    async with running(sandbox, tmp_path / "data") as engine:
        clips = [Clip(f"c{number}", file=film(tmp_path / f"{number}.mp4", range(2))) for number in range(3)]

        def told() -> list[str]:
            return sorted(fact.clip_id for fact in engine.facts if isinstance(fact, PosterMade))

        for _ in range(4):
            for clip in clips:
                engine.studio.clips.want_poster(clip)
        await until(lambda: not engine.studio.clips._pictured, 30, "all to be made")
        await until(told, 30, "it to be told")
        assert told() == ["c0", "c1", "c2"]
        assert all(engine.studio.clips.poster(clip.id) for clip in clips)
        engine.studio.clips.want_poster(clips[0])  # as after the folder of stills was cleared
        await until(lambda: told() == ["c0", "c0", "c1", "c2"], 30, "it to be told again")
