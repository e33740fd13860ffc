"""A slice of the budget campaign that fits a test run, always the same stories; and proof that the judge can say no."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from time import monotonic

import pytest

from kling_desktop.sandbox.server import Sandbox
from tests.faults import budget
from tests.faults.budget import Campaign, Verdict, judged

_SEED = 20261125
_FEWEST, _MOST, _SECONDS = 6, 40, 20


@pytest.mark.timeout(1200)
def test_the_cap_holds_and_nothing_stays_reserved_whatever_happens(media_cache: Path, tmp_path: Path) -> None:
    """As many of the seeded stories as fit the time, at least six."""
    stage, whole, end = Campaign(media_cache, tmp_path), Verdict(), monotonic() + _SECONDS
    while whole.runs < _FEWEST or (whole.runs < _MOST and monotonic() < end):
        whole.add(stage.run(_SEED + whole.runs))
    assert whole.is_clean, "\n".join([str(whole), *whole.notes])
    assert whole.kills > 0, "nobody died: this proves nothing"


def test_the_judge_sees_what_was_spent_beyond_the_cap_or_told_otherwise(media_cache: Path, tmp_path: Path) -> None:
    stage, folder = Campaign(media_cache, tmp_path), tmp_path / "story"
    folder.mkdir()
    with Sandbox(folder / "sandbox", speed="instant", size="small", cache_dir=media_cache) as sandbox:
        drawn = budget._spender(sandbox, folder, random.Random(1))  # noqa: S311 - repeatable by its seed
        spender = replace(drawn, prompts=("A heron lands",), hops=("Night falls",), takes=2, cap=Decimal(100))
        assert stage._start(spender, None) == budget.SETTLED
        assert judged(sandbox, spender, 0, settled=True).is_clean
        sandbox.world.made()[0].units += 1
        verdict = judged(sandbox, replace(spender, cap=Decimal(1)), 0, settled=False)
    assert (verdict.overspent, verdict.stuck, verdict.differing) == (1, 1, 1)
