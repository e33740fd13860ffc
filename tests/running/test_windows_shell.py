"""Windows is told the program's id, and its console is joined where we have none; other systems are left alone."""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from kling_desktop.__main__ import main
from kling_desktop.running.windows_shell import APP_ID, name_for_taskbar, reach_console

elsewhere = pytest.mark.skipif(sys.platform == "win32", reason="there it is the real Windows that answers")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[object]:
    """What Windows' libraries are asked; they stand in for the real ones, whose names and arguments are documented."""
    told: list[object] = []

    def attach(process: int) -> int:
        told.append(process)
        return 1

    libraries = SimpleNamespace(
        shell32=SimpleNamespace(SetCurrentProcessExplicitAppUserModelID=told.append),
        kernel32=SimpleNamespace(AttachConsole=attach),
    )
    monkeypatch.setattr(ctypes, "windll", libraries, raising=False)
    monkeypatch.chdir(tmp_path)
    return told


@elsewhere
def test_other_systems_are_not_asked(asked: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    name_for_taskbar()
    reach_console()
    assert asked == []


@elsewhere
def test_the_task_bar_is_told_one_id(asked: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    name_for_taskbar()
    assert asked == [APP_ID]


@elsewhere
def test_the_version_is_printed_in_the_console_that_it_was_asked_in(
    asked: list[object], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    with pytest.raises(SystemExit):
        main(["--version"])
    sys.stdout.close()
    assert asked == [-1]
    assert (tmp_path / "CONOUT$").read_text(encoding="utf-8").startswith("kling-desktop ")


@elsewhere
def test_a_program_that_prints_already_is_left_as_it_is(asked: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    before = sys.stdout
    reach_console()
    assert (asked, sys.stdout) == ([], before)
