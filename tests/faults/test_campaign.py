"""A slice of the campaign that fits a test run, always the same stories."""

from __future__ import annotations

from pathlib import Path
from time import monotonic

import pytest

from tests.faults.campaign import Campaign
from tests.faults.judge import Verdict

_SEED = 20261122
_FEWEST, _MOST, _SECONDS = 8, 60, 40


@pytest.mark.timeout(1200)
def test_nothing_is_doubled_lost_or_broken_whatever_happens(media_cache: Path, tmp_path: Path) -> None:
    """As many of the seeded stories as fit the time, at least eight."""
    stage = Campaign(media_cache, tmp_path)
    whole, end = Verdict(), monotonic() + _SECONDS
    while whole.runs < _FEWEST or (whole.runs < _MOST and monotonic() < end):
        whole.add(stage.run(_SEED + whole.runs))
    assert whole.is_clean, "\n".join([str(whole), *whole.notes])
    assert whole.kills > 0, "nobody died: this proves nothing"
