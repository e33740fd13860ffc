"""The system's wish for less movement is heard from the desktop's portal, and so is its change."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from shutil import which

import pytest
from pytestqt.qtbot import QtBot

from kling_desktop.ui.shell.system_calm import SystemCalm

_PORTAL = """
import sys
from jeepney import DBusAddress, HeaderFields, MessageType, message_bus, new_error, new_method_return, new_signal
from jeepney.io.blocking import Proxy, open_dbus_connection
bus = open_dbus_connection(bus="SESSION")
Proxy(message_bus, bus).RequestName("org.freedesktop.portal.Desktop")
print("there", flush=True)
first, *later = map(int, sys.argv[1:])
settings = DBusAddress("/org/freedesktop/portal/desktop", interface="org.freedesktop.portal.Settings")
while True:
    asked = bus.receive()
    if asked.header.message_type is not MessageType.method_call:
        continue
    if asked.body != ("org.freedesktop.appearance", "reduced-motion") or first < 0:
        bus.send(new_error(asked, "org.freedesktop.portal.Error.NotFound"))
    else:
        bus.send(new_method_return(asked, "v", (("u", first),)))
    for name, value in [("contrast", 1), *(("reduced-motion", value) for value in later)]:
        body = ("org.freedesktop.appearance", name, ("u", value))
        bus.send(new_signal(settings, "SettingChanged", "ssv", body))
"""

_ASKER = """
import subprocess, sys
from PySide6.QtCore import QCoreApplication
from kling_desktop.ui.shell.system_calm import SystemCalm
portal = subprocess.Popen([sys.executable, "-c", *sys.argv[1:]], stdout=subprocess.PIPE, text=True)
assert portal.stdout.readline() == "there\\n"
app = QCoreApplication([])
calm, heard, awaited = SystemCalm(), [], sum(value != "-1" for value in sys.argv[2:])
def hear(value):
    heard.append(value)
    if len(heard) == awaited:
        app.quit()
calm.changed.connect(hear)
calm.ask()
app.exec()
portal.kill()
portal.wait()
print(heard, calm.wanted)
"""

_HAS_BUS = sys.platform == "linux" and which("dbus-run-session") is not None


@pytest.mark.skipif(not _HAS_BUS, reason="needs a bus of its own")
@pytest.mark.parametrize(
    ("told", "heard"),
    [
        (("1",), "[True] True"),
        (("1", "0"), "[True, False] False"),
        (("-1", "1"), "[True] True"),
    ],
    ids=["calm", "calm no more", "a portal that learns it later"],
)
def test_the_portal_is_asked_and_listened_to(told: tuple[str, ...], heard: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    asked = ["dbus-run-session", "--", sys.executable, "-c", _ASKER, _PORTAL, *told]
    ran = subprocess.run(asked, env=environment, capture_output=True, text=True, timeout=20, check=True)
    assert ran.stdout.strip() == heard


def test_nobody_to_ask_is_no_wish(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    calm = SystemCalm()
    with qtbot.assertNotEmitted(calm.changed):
        calm.ask()
    assert not calm.wanted
