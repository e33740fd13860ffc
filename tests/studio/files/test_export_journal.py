"""An export that is killed at any moment is whole after the next start, once, with what belongs beside it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kling_desktop.domain.exports import ExportState
from kling_desktop.export.papers.carriers import read_papers
from kling_desktop.export.papers.record import from_json
from kling_desktop.export.request import Request
from kling_desktop.media.frame_times import frame_times
from kling_desktop.studio.feed import Feed
from kling_desktop.studio.files.export_journal import Noted, read_journal, write_journal
from kling_desktop.studio.files.exports import Exports
from tests.export.films import joined
from tests.harness.waiting import until


@pytest.mark.parametrize("moment", ["frame 3", "after name 1", "after name 3"])
async def test_it_goes_on_from_there(moment: str, tmp_path: Path) -> None:
    film, journal, out = joined(tmp_path), tmp_path / "exports.json", tmp_path / "out"
    request = Request(film, "h264-small", out, Path("fox.mp4"), sidecar=True, poster=True)
    write_journal(journal, [Noted("e1", request)])
    command = [sys.executable, "-m", "tests.studio.files.exporting_child", str(journal), moment]
    child = await asyncio.to_thread(subprocess.run, command, capture_output=True, env=os.environ, check=False)
    assert child.returncode == -signal.SIGKILL, child.stderr
    assert len(read_journal(journal)) == 1
    left = {file.name for file in out.iterdir()}
    assert left - {"fox.mp4", "fox.json", "fox.png"} or moment == "after name 3"

    exports = Exports(Feed(), journal)
    assert exports.resume() == 1
    running = asyncio.create_task(exports.run())
    await until(lambda: exports.jobs[0].state.ended, 30)
    running.cancel()
    await asyncio.wait([running])
    assert exports.jobs[0].state is ExportState.DONE
    assert exports.jobs[0].file == out / "fox.mp4"
    assert {file.name for file in out.iterdir()} == {"fox.mp4", "fox.json", "fox.png"}
    assert frame_times(out / "fox.mp4").count == 35
    assert read_papers(out / "fox.mp4") is not None
    assert from_json((out / "fox.json").read_text("utf-8")) == read_papers(out / "fox.mp4")
    assert read_journal(journal) == []
