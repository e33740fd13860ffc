"""One window a data directory: the second comes forward as the first; a dead one's leftovers are no obstacle."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLockFile
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from kling_desktop.errors import AlreadyRunning, DataFolderUnusable
from kling_desktop.running import single_instance
from kling_desktop.running.single_instance import SingleInstance, acquire, bring_forward

_HOLDER = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from kling_desktop.running.single_instance import acquire
app = QApplication([])
place = acquire(Path(sys.argv[1]), [Path(file) for file in sys.argv[3:]])
print("holds" if place else "raised the other", flush=True)
if place:
    place.asked.connect(lambda files: print("asked", *map(ascii, map(str, files)), flush=True))
    if sys.argv[2] == "deaf":
        sys.stdin.read()
    app.exec()
"""


def start(folder: Path, manner: str = "well", *files: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(folder), manner, *files],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )


def said(child: subprocess.Popen[str]) -> str:
    assert child.stdout is not None
    return child.stdout.readline().strip()


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    child = start(tmp_path)
    assert said(child) == "holds"
    yield child
    child.kill()
    child.communicate()


def test_the_second_raises_the_first_and_leaves(holder: subprocess.Popen[str], tmp_path: Path) -> None:
    second = start(tmp_path)
    assert second.communicate(timeout=20)[0].strip() == "raised the other"
    assert second.returncode == 0
    assert said(holder) == "asked"


def test_files_of_the_second_are_the_first_s_whatever_their_names(
    holder: subprocess.Popen[str], tmp_path: Path
) -> None:
    names = ["/影片 with spaces.mp4", '/quo"te\nline.mov', os.fsdecode(b"/no \xff text.mp4")]
    second = start(tmp_path, "well", *names)
    assert second.communicate(timeout=20)[0].strip() == "raised the other"
    assert said(holder) == " ".join(["asked", *map(ascii, names)])


def test_what_is_asked_before_there_is_a_window_is_done_when_it_is_there(qtbot: QtBot, tmp_path: Path) -> None:
    place = acquire(tmp_path)
    assert isinstance(place, SingleInstance)
    others = [start(tmp_path, "well", "/Pond.mp4") for _ in range(2)]
    qtbot.waitUntil(lambda: all(other.poll() is not None for other in others), timeout=20_000)
    window, taken = QWidget(), list[Path]()
    qtbot.addWidget(window)
    place.raises(window, taken.extend)
    assert window.isVisible()
    assert taken == [Path("/Pond.mp4")]
    for other in others:
        other.communicate()
    place.close()


def test_another_directory_is_another_matter(holder: subprocess.Popen[str], tmp_path: Path, qapp: QApplication) -> None:
    other = tmp_path / "other"
    other.mkdir()
    place = acquire(other)
    assert isinstance(place, SingleInstance)
    place.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL; its pipes leave nothing behind")
def test_what_a_killed_program_leaves_is_no_obstacle(
    holder: subprocess.Popen[str], tmp_path: Path, qapp: QApplication
) -> None:
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    place = acquire(tmp_path)
    assert isinstance(place, SingleInstance)
    place.close()


@pytest.mark.skipif(sys.platform == "win32", reason="the file's format is the one of Unix")
def test_a_lock_whose_number_another_program_has_now_is_no_obstacle(tmp_path: Path, qapp: QApplication) -> None:
    """The process is alive and named like ours, but it does not hold the file."""
    own = QLockFile(str(tmp_path / "model"))
    assert own.lock()
    left = (tmp_path / "model").read_bytes()
    (tmp_path / "running.lock").write_bytes(left)
    own.unlock()
    place = acquire(tmp_path)
    assert isinstance(place, SingleInstance)
    place.close()


def test_one_that_does_not_answer_is_told_of(
    tmp_path: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(single_instance, "_WAIT_SECONDS", 0.3)
    monkeypatch.setattr(single_instance, "_ANSWER_MS", 200)
    child = start(tmp_path, "deaf")
    assert said(child) == "holds"
    with pytest.raises(AlreadyRunning):
        acquire(tmp_path)
    child.kill()
    child.communicate()


def test_one_that_is_just_closing_is_waited_for(tmp_path: Path, qapp: QApplication) -> None:
    place = acquire(tmp_path)
    assert isinstance(place, SingleInstance)
    place.stop_listening()
    second = start(tmp_path)
    with pytest.raises(subprocess.TimeoutExpired):
        second.wait(0.7)
    place.close()
    assert said(second) == "holds"
    second.kill()
    second.communicate()


def test_a_minimised_window_comes_back(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.showMinimized()
    bring_forward(window)
    assert window.isVisible()
    assert not window.isMinimized()


@pytest.mark.skipif(sys.platform != "linux", reason="a limit on file sizes stands for the full disk")
def test_a_lock_that_cannot_be_written_is_told_at_once(tmp_path: Path) -> None:
    limit = "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    limit += "resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n"
    told = subprocess.run(
        [sys.executable, "-c", limit + _HOLDER, str(tmp_path), "well"],
        capture_output=True,
        text=True,
        timeout=15,  # it was an endless loop
        check=False,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert "DataFolderUnusable" in told.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has pipes")
def test_the_socket_lies_where_only_the_owner_gets(tmp_path: Path, qapp: QApplication) -> None:
    place = acquire(tmp_path)
    assert isinstance(place, SingleInstance)
    socket = Path(place._server.fullServerName())
    assert socket.parent.stat().st_mode & 0o022 == 0
    assert socket.stat().st_mode & 0o777 == 0o600
    assert Path("/tmp") not in (socket.parent, socket.parent.parent)  # noqa: S108 - nothing is written there
    place.close()
    assert not socket.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has pipes")
def test_a_folder_open_to_others_gets_no_socket(
    tmp_path: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    tmp_path.chmod(0o777)
    place = acquire(tmp_path)
    assert isinstance(place, SingleInstance)
    assert place._server.fullServerName() == ""
    place.close()


@pytest.mark.parametrize("kind", ["folder", "full folder", "dangling link"])
def test_what_is_no_lock_is_said_at_once_and_not_taken_for_another_program(
    tmp_path: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(single_instance, "_WAIT_SECONDS", 0.0)  # then AlreadyRunning, which nobody is
    place = tmp_path / "running.lock"
    if kind == "dangling link":
        place.symlink_to(tmp_path / "nowhere" / "lock")
    else:
        place.mkdir()
    if kind == "full folder":
        (place / "kept").touch()
    with pytest.raises(DataFolderUnusable, match=r"running\.lock|no right|cannot be written"):
        acquire(tmp_path)
