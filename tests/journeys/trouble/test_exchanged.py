"""An update that comes while the program runs is told as what it is."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from kling_desktop.ui.notices import Bar
from kling_desktop.ui.resume_detector import Waking
from tests.journeys.conftest import Start


async def test_an_update_while_the_program_runs_is_told_once(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "kling-desktop"
    program.write_text("one version")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(program))
    async with start() as creator:
        monkeypatch.undo()
        waking = creator.window.findChild(Waking)
        assert waking is not None
        waking.look()
        assert "updated" not in creator.banners()
        program.write_text("the next version")
        waking.look()
        await creator.sees(lambda: "was updated or removed" in creator.banners(), "that it is another version now")
        (told,) = [text for text in creator.window.notices.texts() if "was updated" in text]
        bar = creator.window.notices.bar(told)
        assert isinstance(bar, Bar)
        bar.close_button.click()
        waking.look()
        assert "updated" not in creator.banners(), "whoever closed it has read it"
