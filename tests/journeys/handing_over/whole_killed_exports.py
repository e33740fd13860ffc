"""Every way to hand a film over is asked for, and the whole program killed at random moments until all is written.

Too slow for every run, so pytest does not find it by itself:

    .venv/bin/pytest -o faulthandler_timeout=2000 tests/journeys/handing_over/whole_killed_exports.py
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kling_desktop.export.formats import FORMATS
from kling_desktop.export.outputs import OUTPUTS
from tests.journeys.conftest import Start
from tests.journeys.handing_over.killing import killed_until_written

if TYPE_CHECKING:
    from kling_desktop.sandbox.server import Sandbox

SEED = int(os.environ.get("KLING_TEST_SEED", "13"))
OF_ONE_FILE = ("original", "mp4-copy")
"""Which a film of several files cannot be."""


@pytest.mark.timeout(2000)
@pytest.mark.parametrize("seed", range(SEED, SEED + 3))
async def test_killed_at_random_moments_every_way_is_written_once(
    seed: int, start: Start, sandbox: Sandbox, data_dir: Path, tmp_path: Path
) -> None:
    ways = [*(form.key for form in FORMATS if form.key not in OF_ONE_FILE), *OUTPUTS]
    await killed_until_written(start, sandbox, data_dir, tmp_path / "out", ways, kills=6, seed=seed)
