"""System packages that pip cannot bring: installed on Debian and Ubuntu by root, named everywhere else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence

PACKAGES = {
    "venv": ["python{0}.{1}-venv"],
    "windows": [
        "libegl1",
        "libgl1",
        "libglib2.0-0",
        "libfontconfig1",
        "libdbus-1-3",
        "libpulse0",
        "libxrandr2",
        "libxkbcommon0",
        "libxkbcommon-x11-0",
        "libxcb-cursor0",
        "libxcb-icccm4",
        "libxcb-image0",
        "libxcb-keysyms1",
        "libxcb-randr0",
        "libxcb-render-util0",
        "libxcb-shape0",
        "libxcb-xkb1",
    ],
    "screen": ["xvfb"],
    "tests": ["xvfb", "dbus-daemon", "gnome-keyring"],
}
"""What Debian and Ubuntu call what is needed, by purpose; {0} and {1} are the version of this Python."""


class NotReady(Exception):
    """Something is missing that the person at the terminal has to see to; the text says what and how."""


def say(sentence: str) -> None:
    """One line of progress."""
    print(f"* {sentence}", flush=True)


def absent(*programs: str) -> list[str]:
    """Those of the programs that are not installed."""
    return [program for program in programs if shutil.which(program) is None]


def provide(purpose: str, missing: Sequence[str]) -> None:
    """Have what is `missing` for "venv", "windows", "screen" or "tests" installed; nothing to do when that is empty.

    Raises NotReady where that cannot be done here.
    """
    if missing and sys.platform.startswith("linux") and shutil.which("apt-get"):
        _install_on_debian(purpose)
    elif missing:
        raise NotReady(f"Missing on this system: {', '.join(missing)}. Have it installed, then start again.")


def _install_on_debian(purpose: str) -> None:
    """How root installs them there."""
    packages = [name.format(*sys.version_info) for name in PACKAGES[purpose]]
    install = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    if os.geteuid() != 0:
        raise NotReady(
            "System packages are missing, and only root may install them. Have this done, then start again:\n"
            f"  sudo apt-get update && sudo {' '.join(install)}"
        )
    say(f"Installing system packages: {' '.join(packages)}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["apt-get", "update"], install):
        done = subprocess.run(step, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode:
            raise NotReady(f"`{' '.join(step)}` failed. It said:\n{(done.stdout + done.stderr).strip()[-2000:]}")
