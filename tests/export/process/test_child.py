"""An export in a process of its own ends as one here does, whatever becomes of that process."""

from __future__ import annotations

import os
import signal
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from kling_desktop.errors import ExportUnfit, FileTrouble, KlingDesktopError
from kling_desktop.export import exporting
from kling_desktop.export.film import ExportFilm, ExportPart
from kling_desktop.export.process.child import export
from kling_desktop.export.request import Request
from kling_desktop.media.frames import Abandoned
from tests.export.films import joined
from tests.harness.media.films import make_film


def _children() -> set[int]:
    """Of this process, by their ids."""
    found: set[int] = set()
    for thread in Path("/proc/self/task").iterdir():
        found |= {int(child) for child in (thread / "children").read_text().split()}
    return found


def _request(folder: Path, frames: int = 600) -> Request:
    clip = make_film(folder / "slow.mp4", frames=frames, height=360)
    return Request(ExportFilm("Slow", (ExportPart(clip),)), "h264-small", folder / "out", Path("slow.mp4"))


def test_it_writes_what_is_written_here(tmp_path: Path) -> None:
    film = joined(tmp_path)
    apart = export(Request(film, "h264-small", tmp_path / "apart", Path("fox.mp4")))
    here = exporting.export(Request(film, "h264-small", tmp_path / "here", Path("fox.mp4")))
    assert (apart.frames, apart.seconds, apart.notes) == (here.frames, here.seconds, here.notes) == (
        35, Fraction(35, 24), here.notes,
    )  # fmt: skip
    # Not to the byte: on a loaded machine x264's threads decide a little differently from one run to the next.
    assert apart.file.stat().st_size == pytest.approx(here.file.stat().st_size, rel=0.01)


def test_progress_is_told_up_to_the_last_picture(tmp_path: Path) -> None:
    heard: list[tuple[int, int]] = []
    export(_request(tmp_path, 60), progress=lambda done, total: heard.append((done, total)))
    assert heard[-1] == (60, 60)
    assert heard == sorted(heard)


def test_its_errors_are_those_of_the_tree(tmp_path: Path) -> None:
    request = _request(tmp_path, 2)
    with pytest.raises(ExportUnfit, match="leaves the folder"):
        export(Request(request.film, "h264-small", tmp_path / "out", Path("../slow.mp4")))
    (tmp_path / "slow.mp4").unlink()
    with pytest.raises(FileTrouble):
        export(request)


@pytest.mark.skipif(sys.platform != "linux", reason="finds the child in /proc")
@pytest.mark.parametrize("at", [1, 30, 300])
def test_a_process_that_is_killed_leaves_no_trace_and_is_told(tmp_path: Path, at: int) -> None:
    before = _children()

    def kill(done: int, total: int) -> None:
        if done >= at:
            for child in _children() - before:
                os.kill(child, signal.SIGKILL)

    with pytest.raises(KlingDesktopError, match="ended with code -9"):
        export(_request(tmp_path), progress=kill)
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="finds the child in /proc")
def test_what_another_program_is_writing_into_the_same_folder_stays(tmp_path: Path) -> None:
    request = _request(tmp_path, 60)
    request.folder.mkdir()
    theirs: set[str] = set()
    before = _children()

    def begun(*_: object) -> None:  # while ours is under way; on another computer a process has the very same id
        for child in _children() - before:
            name = f".{child & 0xFFFF:04x}cafe.part"
            (request.folder / name).write_text("half")
            theirs.add(name)

    export(request, progress=begun)
    assert theirs
    assert {file.name for file in request.folder.iterdir()} == theirs | {"slow.mp4"}


def test_stopped_it_ends_and_leaves_no_trace(tmp_path: Path) -> None:
    stops: list[int] = []
    with pytest.raises(Abandoned):
        export(_request(tmp_path), progress=lambda done, _: stops.append(done), stopped=lambda: len(stops) > 1)
    assert stops[-1] < 600
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no niceness to ask for")
def test_the_window_goes_first(tmp_path: Path) -> None:
    own, before = os.getpriority(os.PRIO_PROCESS, 0), _children()
    seen: list[int] = []

    def look(done: int, total: int) -> None:
        seen.extend(os.getpriority(os.PRIO_PROCESS, child) for child in _children() - before)

    export(_request(tmp_path, 60), progress=look)
    assert min(seen) == min(own + 10, 19)


@pytest.mark.expects_log("the export's process broke off")
def test_an_error_of_ours_is_logged_and_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    request = _request(tmp_path, 2)
    monkeypatch.setattr("kling_desktop.export.process.child.record_of", lambda _: {"format": 1})
    with pytest.raises(KlingDesktopError, match="KeyError"):
        export(request)


def test_a_module_of_the_creators_in_the_folder_it_is_started_from_does_not_stop_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "random.py").write_text("raise SystemExit(9)")
    monkeypatch.chdir(tmp_path)
    assert export(_request(tmp_path, 2)).frames == 2
