"""Proof that the judge can say no: each thing that may go wrong is done by hand to a run in which nothing did."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import pytest

from kling_desktop.domain.clips import Clip
from kling_desktop.domain.tasks import Draft, Filter, Task
from kling_desktop.sandbox.server import Sandbox
from kling_desktop.store.library import Library
from tests.faults.acts import Acts
from tests.faults.campaign import Campaign
from tests.faults.judge import Judge, Verdict
from tests.sandbox.customer import customer_of, shelf


@dataclass
class Story:
    """A run that went well, and what it left."""

    sandbox: Sandbox
    folder: Path
    prompts: tuple[str, ...]

    def judged(self, *, settled: bool = True) -> Verdict:
        return Judge(self.sandbox, self.folder, self.prompts).judged(settled=settled)

    def tasks(self) -> list[Task]:
        """In the order in which they were asked for; the second wants a watermarked copy."""
        library = Library.open(self.folder / "library.sqlite3")
        tasks = library.page(Filter(), 0, 10)
        library.close()
        return sorted(tasks, key=lambda task: self.prompts.index(task.extension.prompt))

    def put(self, task: Task) -> None:
        library = Library.open(self.folder / "library.sqlite3")
        library.put(task)
        library.close()

    def make_again(self, prompt: str, **fields: object) -> None:
        """The same once more, as a product would that pays twice."""
        source = shelf(self.sandbox)["dawn-lake"]["video_id"]
        customer_of(self.sandbox).extend(source, prompt=prompt, **fields)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, media_cache: Path) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("story")
    with Sandbox(folder / "sandbox", speed="instant", size="small", cache_dir=media_cache) as sandbox:
        prompts = Campaign(media_cache, folder).play_undisturbed(sandbox, folder)
        yield Story(sandbox, folder, prompts)


@pytest.fixture
def story(played: Story, tmp_path: Path) -> Iterator[Story]:
    """The same run for each test: its folder is put back, and what a test made at Kling is forgotten."""
    kept = tmp_path / "kept"
    shutil.copytree(played.folder, kept, ignore=shutil.ignore_patterns("sandbox"))
    made = dict(played.sandbox.world.task_index.jobs)
    yield played
    for name in kept.iterdir():
        shutil.rmtree(played.folder / name.name, ignore_errors=True)
        if name.is_dir():
            shutil.copytree(name, played.folder / name.name)
        else:
            shutil.copyfile(name, played.folder / name.name)
    for stale in played.folder.glob("library.sqlite3-*"):
        stale.unlink()
    (played.folder / "stderr.txt").write_text("")
    index = played.sandbox.world.task_index
    index.jobs = made
    played.sandbox.request_log.violations.clear()
    played.sandbox.world.switch(lenient_ids=False)


def clip_of(task: Task) -> Clip:
    assert task.clip is not None
    return task.clip


def test_a_good_run_is_clean(story: Story) -> None:
    verdict = story.judged()
    assert verdict.is_clean, verdict.notes


def _made_twice(story: Story) -> None:
    story.make_again(story.prompts[0], external_task_id="f" * 32)


def _made_twice_under_one_id(story: Story) -> None:
    story.sandbox.world.switch(lenient_ids=True)
    task = story.tasks()[0]
    story.make_again(task.extension.prompt, external_task_id=task.id)


def _prompt_cut(story: Story) -> None:
    story.make_again(story.prompts[0][:20], external_task_id="d" * 32)


def _forgotten(story: Story) -> None:
    library = Library.open(story.folder / "library.sqlite3")
    library.forget(story.tasks()[0].id)
    library.close()


def _asked_and_gone(story: Story) -> None:
    Acts(story.folder).note("asked", task="e" * 32)


def _file_gone(story: Story) -> None:
    file = clip_of(story.tasks()[0]).file
    assert file is not None
    file.unlink()


def _file_cut(story: Story) -> None:
    file = clip_of(story.tasks()[0]).file
    assert file is not None
    file.write_bytes(file.read_bytes()[:-4000])


def _files_swapped(story: Story) -> None:
    first, second = (clip_of(task).file for task in story.tasks())
    assert first is not None
    assert second is not None
    shutil.copyfile(first, second)


def _copy_is_the_plain_film(story: Story) -> None:
    clip = clip_of(story.tasks()[1])
    assert clip.file is not None
    assert clip.watermark_file is not None
    shutil.copyfile(clip.file, clip.watermark_file)


def _copy_not_kept(story: Story) -> None:
    task = story.tasks()[1]
    library = Library.open(story.folder / "library.sqlite3")
    copy = clip_of(task).watermark_file
    assert copy is not None
    library.forget_files(clip_of(task).id, [copy])
    library.close()


def _units_lost(story: Story) -> None:
    story.put(replace(story.tasks()[0], units=None))


def _units_wrong(story: Story) -> None:
    story.put(replace(story.tasks()[0], units=Decimal(7)))


def _draft_lost(story: Story) -> None:
    library = Library.open(story.folder / "library.sqlite3")
    draft = library.draft()
    assert draft is not None
    library.save_draft(Draft(replace(draft.extension, prompt=""), draft.saved_at))
    library.close()


def _sent_unwritten(story: Story) -> None:
    Acts(story.folder).note("unwritten", task=story.tasks()[0].id)


def _named_too_early(story: Story) -> None:
    Acts(story.folder).note("unsound", file="take.mp4: its end is missing")


def _token_to_media(story: Story) -> None:
    customer = customer_of(story.sandbox)
    (task, *_) = customer.get("/v1/videos/video-extend").data
    customer.ask("GET", task["task_result"]["videos"][0]["url"], headers={"Authorization": "Bearer x"})


def _traceback(story: Story) -> None:
    (story.folder / "stderr.txt").write_text("Traceback (most recent call last)\n")


@pytest.mark.parametrize(
    ("spoil", "seen"),
    [
        (_made_twice, {"duplicates": 1, "strays": 1, "losses": 1}),
        (_made_twice_under_one_id, {"duplicates": 1}),
        (_prompt_cut, {"strays": 1, "losses": 1}),
        (_forgotten, {"strays": 1, "losses": 3}),
        (_asked_and_gone, {"losses": 1}),
        (_file_gone, {"losses": 1, "broken": 2}),
        (_file_cut, {"broken": 2}),
        (_files_swapped, {"broken": 1}),
        (_copy_is_the_plain_film, {"broken": 1}),
        (_copy_not_kept, {"broken": 1}),
        (_units_lost, {"mischarged": 1}),
        (_units_wrong, {"mischarged": 1}),
        (_draft_lost, {"drafts": 1}),
        (_named_too_early, {"broken": 1}),
        (_sent_unwritten, {"unwritten": 1}),
        (_token_to_media, {"violations": 1}),
        (_traceback, {"tracebacks": 1}),
    ],
    ids=lambda value: value.__name__.strip("_") if callable(value) else "",
)
def test_the_judge_sees(story: Story, spoil: Callable[[Story], None], seen: dict[str, int]) -> None:
    spoil(story)
    verdict = story.judged()
    assert {name: number for name, number in verdict.faults.items() if number} == seen, verdict.notes


def test_what_never_settles_is_lost(story: Story) -> None:
    assert story.judged(settled=False).losses == 1


def test_a_creator_who_sends_again_may_pay_twice(story: Story) -> None:
    _made_twice_under_one_id(story)
    Acts(story.folder).note("again", task=story.tasks()[0].id)
    assert story.judged().is_clean
