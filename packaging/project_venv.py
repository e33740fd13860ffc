"""Makes `.venv` ready: the pinned packages, the project itself, and the proof that Qt loads."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

from system import NotReady, absent, provide, say

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
CONSTRAINTS = ROOT / "packaging" / "constraints.txt"
PROBE = ROOT / "packaging" / "probe.py"


def make_ready(purpose: str) -> None:
    """Leave a `.venv` in which the program ("run") or its tests ("test") can start; quick when nothing changed.

    Raises NotReady with a sentence for the person at the terminal.
    """
    current = fingerprint()
    if PYTHON.exists() and current in (_stamp(purpose), _stamp("test")):  # what can test can run
        return
    _make_venv()
    _install(purpose)
    _provide_libraries()
    if purpose == "test":
        _provide_test_tools()
    (VENV / f"ready-to-{purpose}").write_text(current)


def forget() -> None:
    """Have the next `make_ready` look at everything again."""
    for stamp in VENV.glob("ready-to-*"):
        stamp.unlink()


def _stamp(purpose: str) -> str:
    path = VENV / f"ready-to-{purpose}"
    return path.read_text() if path.is_file() else ""


def fingerprint() -> str:
    """What `.venv` depends on: the packages asked for, their pins, this Python, and where the checkout lies."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [project["project"], project["build-system"], project["tool"]["setuptools"]]
    parts = [json.dumps(asked, sort_keys=True), CONSTRAINTS.read_text(encoding="utf-8"), sys.version, str(ROOT)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _make_venv() -> None:
    if PYTHON.exists() and _version_of(VENV) == sys.version_info[:2]:
        return
    provide("venv", [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None])
    say(f"Making {VENV.name} with Python {sys.version.split()[0]}.")
    # A new process: ensurepip may have been installed a moment ago, and this one has looked already.
    _call([sys.executable, "-m", "venv", "--clear", str(VENV)], "The virtual environment could not be made.")


def _version_of(folder: Path) -> tuple[int, ...]:
    """Major and minor version of the Python that a virtual environment was made with; empty when it cannot be told."""
    lines = (folder / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
    settings = dict(line.split(" = ", 1) for line in lines if " = " in line)
    return tuple(int(number) for number in settings.get("version", "").split(".")[:2] if number.isdigit())


def _install(purpose: str) -> None:
    say("Installing the packages (the first time about 400 MB, some minutes on a slow line).")
    trouble = "The packages could not be installed. Is there a network? What pip said is above."
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "2"]
    pip += ["--constraint", str(CONSTRAINTS)]
    _call([*pip, "setuptools"], trouble)
    # compat: one line in a .pth file; the default would slow every start with an import hook.
    editable = ["--no-build-isolation", "--config-settings", "editable_mode=compat", "--editable"]
    _call([*pip, *editable, f"{ROOT}[dev]" if purpose == "test" else str(ROOT)], trouble)


def _provide_libraries() -> None:
    say("Checking that Qt and its multimedia part load.")
    provide("windows", _missing())
    if missing := _missing():
        raise NotReady("Qt does not load: " + "; ".join(missing))


def _provide_test_tools() -> None:
    """A screen and a keyring for tests; where they cannot be had, the tests that need them say so and are skipped."""
    if not sys.platform.startswith("linux"):
        return
    try:
        provide("tests", absent("Xvfb", "dbus-daemon", "gnome-keyring-daemon"))
    except NotReady as trouble:
        if os.environ.get("CI") == "true":
            raise
        say(f"{trouble}\n  Until then the tests that need it are skipped.")


def _missing() -> list[str]:
    """What keeps Qt from loading, by a process of its own: a library that is missing may end it."""
    probe = subprocess.run([PYTHON, PROBE], capture_output=True, text=True)
    if probe.returncode == 0:
        return []
    said = probe.stdout.splitlines()
    return said or [f"the check ended with exit code {probe.returncode}: {probe.stderr.strip()[-300:]}"]


def _call(command: list[str], trouble: str) -> None:
    if subprocess.run(command, cwd=ROOT).returncode:
        raise NotReady(trouble)
