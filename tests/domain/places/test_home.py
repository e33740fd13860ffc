"""Where dialogs for files begin: at home, unless nothing can be kept there."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from kling_desktop.domain.places.home import home_folder

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows asks no HOME")

ELSEWHERE = Path(tempfile.gettempdir())


def test_it_is_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert home_folder() == tmp_path


def _loop(folder: Path) -> Path:
    (folder / "loop").symlink_to(folder / "loop")
    return folder / "loop"


def _file(folder: Path) -> Path:
    (folder / "file").touch(mode=0o700)
    return folder / "file"


@pytest.mark.parametrize("home", [_loop, _file, lambda folder: folder / "gone", lambda folder: folder / ("x" * 5000)])
def test_one_that_is_no_folder_is_passed_by(home: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert callable(home)
    monkeypatch.setenv("HOME", str(home(tmp_path)))
    assert home_folder() == ELSEWHERE


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="Linux alone has such a folder")
def test_a_folder_of_the_systems_own_facts_is_passed_by(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/proc")
    assert home_folder() == ELSEWHERE


def test_a_home_that_nobody_knows_is_passed_by(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(folder: type[Path]) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", classmethod(unknown))
    assert home_folder() == ELSEWHERE
