"""A slice of the campaign that fits a test run, always the same stories; and proof that the judge can say no."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from time import monotonic

import pytest

from kling_desktop.domain.tasks import Filter
from kling_desktop.sandbox.server import Sandbox
from kling_desktop.store.library import Library
from tests.faults.campaign import Campaign, Verdict, judged

_SEED = 20261122
_FEWEST, _MOST, _SECONDS = 8, 60, 40


@pytest.mark.timeout(180)
def test_nothing_is_doubled_lost_or_broken_whatever_happens(media_cache: Path, tmp_path: Path) -> None:
    """As many of the seeded stories as fit the time, at least eight."""
    stage, whole, end = Campaign(media_cache, tmp_path), Verdict(), monotonic() + _SECONDS
    while whole.runs < _FEWEST or (whole.runs < _MOST and monotonic() < end):
        whole.add(stage.run(_SEED + whole.runs))
    assert whole.is_clean, "\n".join([str(whole), *whole.notes])
    assert whole.kills > 0, "nobody died: this proves nothing"


def test_the_judge_sees_what_is_lost_broken_or_told_badly(media_cache: Path, tmp_path: Path) -> None:
    stage, folder = Campaign(media_cache, tmp_path), tmp_path / "story"
    folder.mkdir()
    with Sandbox(folder / "sandbox", speed="instant", size="small", cache_dir=media_cache) as sandbox:
        stage.play_undisturbed(sandbox, folder)
        assert judged(sandbox, folder, 0, settled=True).is_clean
        library = Library.open(folder / "library.sqlite3")
        first, second = library.page(Filter(), 0, 2)
        assert first.clip is not None
        assert first.clip.file is not None
        first.clip.file.write_bytes(first.clip.file.read_bytes()[:-4000])
        library.forget(second.id)
        library.put(replace(second, id="another"))
        library.close()
        (folder / "stderr.txt").write_text("Traceback (most recent call last)\n")
        verdict = judged(sandbox, folder, 0, settled=False)
    assert (verdict.losses, verdict.broken, verdict.tracebacks) == (2, 1, 1)
