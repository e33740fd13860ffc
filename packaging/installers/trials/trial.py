"""Tries what was built as a creator would: install, start, play the tour, remove, and look for what is left.

Each trial yields a sentence for each thing that turned out to be true, and raises NotReady at the first that did not.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from installers.bundle import unresolved
from installers.python_packages import unpacked
from installers.trials import chroot
from installers.trials.playing import in_the_menu, nothing_left, start_and_play
from installers.workshop import NAME, Workshop, version
from project_venv import PYTHON
from system import NotReady, absent

_OPTIONAL = ("libwayland-cursor.so", "libwayland-egl.so")
"""What only the Wayland plug-in asks for: Qt takes X11's where that does not load."""


def try_wheel(made: Path, workshop: Workshop) -> Iterator[str]:
    """Into a clean environment without our pins, as pip on a creator's computer does it."""
    folder = workshop.fresh("try-wheel")
    workshop.call([sys.executable, "-m", "venv", folder / "venv"])
    python = folder / "venv" / "bin" / "python"
    workshop.call([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", made])
    workshop.call([python, "-m", "pip", "check"])
    yield "installed by pip into a clean environment, without our pins"
    yield from start_and_play(folder / "venv" / "bin" / NAME, folder)
    workshop.call([python, "-m", "pip", "uninstall", "--quiet", "--yes", NAME])
    libraries = next((folder / "venv" / "lib").glob("python*")) / "site-packages"
    nothing_left(sorted(libraries.glob("kling_desktop*")) + sorted((folder / "venv" / "bin").glob(f"{NAME}*")))
    yield "uninstalled by pip: nothing of it is left"


def try_sdist(made: Path, workshop: Workshop) -> Iterator[str]:
    """Unpacked, it runs tests of its own with the libraries of `.venv`."""
    root = unpacked(made, workshop.fresh("try-sdist"))
    tests = ["tests/domain", "tests/test_house.py", "tests/test_translations.py"]
    workshop.call([PYTHON, "-m", "pytest", "-q", *tests], cwd=root, more={"PYTHONPATH": str(root)})
    yield f"unpacked, and its own {', '.join(tests)} pass"


def try_bundle(made: Path, workshop: Workshop) -> Iterator[str]:
    """Every library finds its own, and the tour plays."""
    lacking = [line for line in unresolved(made) if not line.split(": ")[1].startswith(_OPTIONAL)]
    if lacking:
        raise NotReady("The bundle lacks libraries:\n" + "\n".join(lacking))
    yield "every library in it finds the libraries that it asks for (ldd)"
    yield from start_and_play(made / NAME, workshop.fresh("try-bundle"))


def try_deb(made: Path, workshop: Workshop) -> Iterator[str]:
    """Judged by lintian, then installed into a Debian with nothing in it; where that cannot be made, unpacked."""
    if shutil.which("lintian"):
        # Older ones know only gz and xz inside a .deb; dpkg itself has read zstd since 1.21.18.
        unknown = ["--suppress-tags", "malformed-deb-archive"]
        workshop.call(["lintian", "--fail-on", "error", "--allow-root", *unknown, made])
        yield "lintian finds no error"
    if not absent("debootstrap") and os.geteuid() == 0:
        yield from chroot.try_in_debian(made, workshop)
        return
    folder = workshop.fresh("try-deb")
    workshop.call(["dpkg-deb", "--extract", made, folder / "root"])
    yield "unpacked, not installed: no debootstrap, or not root"
    yield from in_the_menu(folder / "root" / "usr" / "share", folder / "root" / "usr" / "bin")
    yield from start_and_play(folder / "root" / "usr" / "bin" / NAME, folder)


def try_rpm(made: Path, workshop: Workshop) -> Iterator[str]:
    """Installed by rpm into an empty root, whose dependencies no system of rpm's family has looked at."""
    folder = workshop.fresh("try-rpm")
    told = workshop.call(["rpm", "--query", "--package", "--queryformat", "%{NAME} %{VERSION}", made])
    if told != f"{NAME} {version()}":
        raise NotReady(f"The .rpm says that it is {told}.")
    workshop.call(["rpm", "--checksig", "--nosignature", made])
    yield "read by rpm, its digests are right"
    root = folder / "root"
    root.mkdir()
    rpm: list[str | Path] = ["rpm", "--root", root, "--dbpath", "/database", "--nodeps"]
    workshop.call([*rpm, "--install", "--ignoreos", made])
    workshop.call([*rpm, "--verify", NAME])
    yield "installed by rpm into an empty root, without looking at dependencies, and verified there"
    yield from in_the_menu(root / "usr" / "share", root / "usr" / "bin")
    yield from start_and_play(root / "usr" / "bin" / NAME, folder)
    workshop.call([*rpm, "--erase", NAME])
    nothing_left([path for path in root.rglob("*") if NAME in path.name and "database" not in path.parts])
    yield "removed by rpm: nothing of it is left"


def try_run(made: Path, workshop: Workshop) -> Iterator[str]:
    """Installed for a user with an empty home, played, installed over itself, removed: only the data is left."""
    folder = workshop.fresh("try-run")
    home = folder / "home of a creator"
    home.mkdir()
    own_take = home / ".local" / "share" / "Kling Desktop" / "library.sqlite3"
    own_take.parent.mkdir(parents=True)
    own_take.write_text("a creator's takes")
    own = {**os.environ, "HOME": str(home)}
    own.pop("XDG_DATA_HOME", None)
    for _ in range(2):
        _run_script(["sh", str(made)], own)
    yield "installed for one user, and once more over itself as an update does"
    yield from in_the_menu(home / ".local" / "share", home / ".local" / "bin")
    yield from start_and_play(home / ".local" / "bin" / NAME, folder)
    _run_script(["sh", str(home / ".local" / "lib" / NAME / "uninstall"), "--uninstall"], own)
    left = sorted(path for path in home.rglob("*") if path != own_take and path not in own_take.parents)
    if not own_take.is_file():
        raise NotReady("Uninstalling took the creator's data along.")
    nothing_left(left)
    yield "uninstalled: nothing is left in the home folder but the creator's data"


def _run_script(command: list[str], environment: Mapping[str, str]) -> None:
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise NotReady(f"`{' '.join(command)}` failed:\n{done.stdout}{done.stderr}")
