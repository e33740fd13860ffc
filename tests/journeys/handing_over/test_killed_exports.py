"""Killed in the middle of exports, the program goes on with them at its next start, and leaves nothing half done."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.journeys.conftest import Start
from tests.journeys.handing_over.killing import killed_until_written

if TYPE_CHECKING:
    from kling_desktop.sandbox.server import Sandbox


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
@pytest.mark.timeout(600)
async def test_killed_in_mid_export_the_queue_goes_on(
    start: Start, sandbox: Sandbox, data_dir: Path, tmp_path: Path
) -> None:
    """`whole_killed_exports` does so with every way."""
    ways = ("prores-422-hq", "archive", "timelines", "prompts-csv")
    await killed_until_written(start, sandbox, data_dir, tmp_path / "out", ways, kills=2, seed=13)
