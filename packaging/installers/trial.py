"""Tries what was built as a creator would: install, start, play the tour, remove, and look for what is left."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from pathlib import Path

from installers import chroot
from installers.bundle import unresolved
from installers.workshop import NAME, Workshop, version
from project_venv import PYTHON
from screen import virtual_screen
from system import NotReady, absent, say

TOUR_SECONDS = 300
_OPTIONAL = ("libwayland-cursor.so", "libwayland-egl.so")
"""What only the Wayland plug-in asks for: Qt takes X11's where that does not load."""


def try_wheel(made: Path, workshop: Workshop) -> None:
    """Into a clean environment without our pins, as pip on a creator's computer does it."""
    folder = workshop.fresh("try-wheel")
    workshop.call([sys.executable, "-m", "venv", folder / "venv"])
    python = folder / "venv" / "bin" / "python"
    workshop.call([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", made])
    start_and_play(folder / "venv" / "bin" / NAME, folder)


def try_sdist(made: Path, workshop: Workshop) -> None:
    """Unpacked, it runs tests of its own with the libraries of `.venv`."""
    folder = workshop.fresh("try-sdist")
    with tarfile.open(made) as archive:
        archive.extractall(folder, filter="data")
    (root,) = folder.iterdir()
    tests = ["tests/domain", "tests/test_house.py", "tests/test_translations.py"]
    workshop.call([PYTHON, "-m", "pytest", "-q", *tests], cwd=root, more={"PYTHONPATH": str(root)})


def try_bundle(made: Path, workshop: Workshop) -> None:
    """Every library finds its own, and the tour plays."""
    lacking = [line for line in unresolved(made) if not line.split(": ")[1].startswith(_OPTIONAL)]
    if lacking:
        raise NotReady("The bundle lacks libraries:\n" + "\n".join(lacking))
    start_and_play(made / NAME, workshop.fresh("try-bundle"))


def try_deb(made: Path, workshop: Workshop) -> None:
    """Judged by lintian, then installed into a Debian with nothing in it; where that cannot be made, unpacked."""
    if shutil.which("lintian"):
        workshop.call(["lintian", "--fail-on", "error", "--allow-root", made])
    if not absent("debootstrap") and os.geteuid() == 0:
        chroot.try_in_debian(made, workshop)
        return
    say("No debootstrap, or not root: the .deb is unpacked instead of installed.")
    folder = workshop.fresh("try-deb")
    workshop.call(["dpkg-deb", "--extract", made, folder / "root"])
    start_and_play(folder / "root" / "usr" / "bin" / NAME, folder)


def try_rpm(made: Path, workshop: Workshop) -> None:
    """Read by rpm, its files unpacked; installing needs a system of rpm's family."""
    folder = workshop.fresh("try-rpm")
    told = workshop.call(["rpm", "--query", "--package", "--queryformat", "%{NAME} %{VERSION}", made])
    if told != f"{NAME} {version()}":
        raise NotReady(f"The .rpm says that it is {told}.")
    with (folder / "files.cpio").open("wb") as kept:
        subprocess.run(["rpm2cpio", made], stdout=kept, check=True)
    (folder / "root").mkdir()
    with (folder / "files.cpio").open("rb") as kept:
        command = ["cpio", "--extract", "--make-directories", "--quiet"]
        subprocess.run(command, stdin=kept, cwd=folder / "root", check=True)
    start_and_play(folder / "root" / "usr" / "bin" / NAME, folder)


def try_run(made: Path, workshop: Workshop) -> None:
    """Installed for a user with an empty home, played, installed over itself, removed: only the data is left."""
    folder = workshop.fresh("try-run")
    home = folder / "home"
    home.mkdir()
    (home / "own.txt").write_text("not ours")
    own = {**os.environ, "HOME": str(home)}
    own.pop("XDG_DATA_HOME", None)
    run = ["sh", str(made)]
    for _ in range(2):
        subprocess.run(run, env=own, check=True, stdout=subprocess.DEVNULL)
    start_and_play(home / ".local" / "bin" / NAME, folder)
    uninstall = ["sh", str(home / ".local" / "lib" / NAME / "uninstall"), "--uninstall"]
    subprocess.run(uninstall, env=own, check=True, stdout=subprocess.DEVNULL)
    left = sorted(path.relative_to(home).as_posix() for path in home.rglob("*") if not path.is_dir())
    if left != ["own.txt"]:
        raise NotReady(f"Uninstalling left {', '.join(left)}.")


def start_and_play(program: Path, folder: Path, seconds: int = TOUR_SECONDS) -> None:
    """`--version`, then the tour on a virtual screen with a home of its own. Raises NotReady with the last words."""
    told = subprocess.run([program, "--version"], capture_output=True, text=True, env=_bare({}), timeout=60)
    if told.stdout.strip() != f"{NAME} {version()}":
        raise NotReady(f"{program} --version said: {told.stdout}{told.stderr}")
    tour, home = folder / "tour", folder / "player"
    home.mkdir(exist_ok=True)
    arguments = ["--sandbox", "--data-dir", str(folder / "data"), "--tour", str(tour)]
    with virtual_screen() as variables:
        played = subprocess.run(
            [program, *arguments],
            env=_bare({**variables, "HOME": str(home)}),
            capture_output=True,
            text=True,
            timeout=seconds,
        )
    if played.returncode or not (tour / "extended.mp4").is_file():
        raise NotReady(f"The tour from {program} failed:\n{(played.stdout + played.stderr)[-3000:]}")


def _bare(more: Mapping[str, str]) -> dict[str, str]:
    """An environment in which no variable leads to the checkout or its `.venv`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV", "QT_"))}
    return {**kept, "PATH": "/usr/bin:/bin", **more}
