"""A take that was continued is judged in the film that it was joined to, as an extended one is in its own file."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from kling_desktop.domain.clips import Clip
from kling_desktop.domain.tasks import Task
from kling_desktop.studio.feed import ClipChanged, Fact
from tests.harness.media.films import film
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator
from tests.journeys.extending.dropping import drops


async def continued(creator: Creator, folder: Path, *prompts: str) -> list[Task]:
    """A dropped video of 1.25 s, continued once for each prompt; the films that they are joined to are made."""
    drops(creator.window, film(folder / "Pond.mp4", range(30), size=(320, 180)))
    await creator.sees(lambda: creator.form.extension().video_id.startswith("file:"), "the video in the form")
    made = []
    for prompt in prompts:
        creator.writes(prompt)
        creator.form.submit()
        await creator.sees(partial(_asked, creator, prompt), f"the task: {prompt}")
        made.append(await creator.sees_take())
        await creator.sees(lambda: creator.viewer.duration_seconds > 6, "its film")
    return made


async def test_what_becomes_known_of_the_clip_leaves_the_seams_of_the_film_that_is_seen(
    start: Start, tmp_path: Path
) -> None:
    async with start() as creator:
        (task,) = await continued(creator, tmp_path, "A duck lands")
        seams = creator.window.seams
        await creator.sees(lambda: len(seams.seams) == 1, "its seam")
        told: list[Clip] = []

        def hear(facts: Sequence[Fact]) -> None:
            told.extend(fact.clip for fact in facts if isinstance(fact, ClipChanged))

        creator.program.studio.feed.subscribe(hear)
        assert task.clip is not None
        creator.program.studio.clips.note(task.clip)
        await creator.sees(lambda: task.clip in told, "the word of the clip")
        assert len(seams.seams) == 1
        assert len(creator.viewer.transport.strip.marks) == 1
        seams.commands["worst_seam"].trigger()
        await creator.sees(lambda: seams.stage.stills, "the frames of its seam")


def _asked(creator: Creator, prompt: str) -> bool:
    task = creator.newest()
    return task is not None and task.extension.prompt == prompt
