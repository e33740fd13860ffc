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
from kling_desktop.ui.shell.badge import show_badge
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
said = []
for line in monitor.stdout:
    said.append(line)
    if "boolean false" in line:
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
    assert "Invalid object path" not in ran.stderr
