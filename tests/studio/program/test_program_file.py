"""A program that was exchanged or removed while it runs is noticed, and no other."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

import kling_desktop
from kling_desktop.studio.program.program_file import ProgramFile, own_file


def test_an_update_lays_another_file_into_its_place(tmp_path: Path) -> None:
    file = tmp_path / "program"
    file.write_text("one version")
    running = ProgramFile(file)
    assert not running.was_exchanged
    (tmp_path / "new").write_text("the next version")
    (tmp_path / "new").replace(file)
    assert running.was_exchanged


def test_a_program_that_was_removed_is_noticed(tmp_path: Path) -> None:
    file = tmp_path / "program"
    file.write_text("one version")
    running = ProgramFile(file)
    file.unlink()
    assert running.was_exchanged


def test_the_same_file_installed_once_more_is_no_other(tmp_path: Path) -> None:
    file = tmp_path / "program"
    file.write_text("one version")
    running = ProgramFile(file)
    shutil.copy2(file, tmp_path / "copy")
    os.replace(tmp_path / "copy", file)  # noqa: PTH105 - as installers do it
    assert not running.was_exchanged


def test_where_there_is_no_file_nothing_is_exchanged(tmp_path: Path) -> None:
    assert not ProgramFile(tmp_path / "program").was_exchanged


def test_it_is_the_frozen_program_or_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    assert own_file() == Path(kling_desktop.__file__)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert own_file() == Path(sys.executable)
