"""The badge on the program's icon reaches the docks of Linux, and the program keeps its name."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import which

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kling_desktop.ui.shell.badge import show_badge

_LISTENED = """
import signal, subprocess
signal.alarm(8)  # nobody is left listening where nothing is told
from PySide6.QtWidgets import QApplication
from pathlib import Path
from kling_desktop.domain.exports import ExportJob, ExportState
from kling_desktop.ui.shell.badge import ExportProgress, show_badge
monitor = subprocess.Popen(["dbus-monitor", "--session", "interface=com.canonical.Unity.LauncherEntry"],
                           stdout=subprocess.PIPE, text=True)
for line in monitor.stdout:
    if "NameLost" in line:  # from here on it listens
        break
app = QApplication(["kling-desktop"])
app.setApplicationName("Kling Desktop")
app.setDesktopFileName("kling-desktop")
show_badge(3)
show_badge(0)
progress = ExportProgress()
for name, state, done in (
    ("a", ExportState.RUNNING, 30), ("a", ExportState.RUNNING, 30), ("b", ExportState.WAITING, 0),
    ("a", ExportState.DONE, 120), ("c", ExportState.WAITING, 0), ("c", ExportState.STOPPED, 0),
    ("b", ExportState.RUNNING, 60), ("b", ExportState.FAILED, 60),
):
    progress.hear(ExportJob(name, "film", "h264", Path("f.mp4"), state, done, 120))
said, gone = [], 0
for line in monitor.stdout:
    said.append(line)
    gone += "boolean false" in line
    if gone == 2:  # the number, and the progress
        break
monitor.terminate()
print("".join(said))
"""


@pytest.fixture
def known(qapp: QApplication) -> Iterator[QApplication]:
    """A program that docks know."""
    former = qapp.desktopFileName()
    qapp.setDesktopFileName("kling-desktop")
    yield qapp
    qapp.setDesktopFileName(former)


def test_the_program_keeps_its_name_and_tells_nobody_of_another(known: QApplication, qtbot: QtBot) -> None:
    app, name = known, known.applicationName()
    with qtbot.assertNotEmitted(app.applicationNameChanged):
        show_badge(2)
        show_badge(0)
    assert app.applicationName() == name
    assert not app.signalsBlocked()


_HAS_BUS = sys.platform == "linux" and all(map(which, ("dbus-run-session", "dbus-monitor")))


@pytest.mark.skipif(
    not _HAS_BUS or not os.environ.get("DISPLAY"),
    reason="needs a bus of its own and a screen: without one Qt has no badge",
)
def test_a_dock_hears_the_number_and_that_it_is_gone() -> None:
    package = str(Path(__file__).parents[3])
    environment = {**os.environ, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": package}
    asked = ["dbus-run-session", "--", sys.executable, "-c", _LISTENED]
    ran = subprocess.run(asked, env=environment, capture_output=True, text=True, timeout=20, check=True)
    assert "application://kling-desktop.desktop" in ran.stdout
    assert "int64 3" in ran.stdout
    shares = [float(line.split()[-1]) for line in ran.stdout.splitlines() if "double" in line]
    assert shares == [0.25, 0.12, 0.5, 0.33, 0.5, 0.75, 0], "of all that are in the queue, each told once"
    assert "Invalid object path" not in ran.stderr
