"""A Debian with nothing in it, into which the .deb is installed, and from which it is removed again."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from installers.workshop import NAME, Workshop
from screen import virtual_screen
from system import NotReady, say

_WATCHED = ("usr", "etc", "opt", "var/lib", "root", "home")
_FORGETFUL = ("var/lib/dpkg", "var/lib/apt", "etc/ld.so.cache")
"""Where Debian itself keeps account of what was installed."""


def try_in_debian(made: Path, workshop: Workshop) -> None:
    """Install with apt, start, play the tour as a user, purge; raises NotReady for a failure or a trace."""
    folder = workshop.work / "debian"
    if not (folder / "base" / "usr" / "bin" / "apt-get").exists():
        _bootstrap(folder / "base", workshop)
    root = folder / "try"
    shutil.rmtree(root, ignore_errors=True)
    subprocess.run(["cp", "--archive", folder / "base", root], check=True)
    shutil.copy(made, root / "tmp" / "package.deb")
    with _mounted(root):
        say("Installing the .deb with apt in a fresh Debian.")
        _inside(workshop, root, "dpkg --unpack /tmp/package.deb || true")
        _inside(workshop, root, "apt-get --fix-broken install --yes --no-install-recommends")
        needed = _state(root)
        _inside(workshop, root, "useradd --create-home creator")
        _play(root)
        _inside(workshop, root, f"apt-get purge --yes {NAME}")
        left = [path for path in _state(root) if NAME in path and "/home/creator/" not in path]
    if left:
        raise NotReady(f"Removing the .deb left: {', '.join(left)}")
    if not any(NAME in path for path in needed):
        raise NotReady("The .deb installed nothing.")
    if not (root / "home" / "creator" / "data" / "library.sqlite3").is_file():
        raise NotReady("Removing the .deb took the creator's data along.")
    shutil.rmtree(root, ignore_errors=True)


def _bootstrap(base: Path, workshop: Workshop) -> None:
    """From the archive that this system itself installs from."""
    shutil.rmtree(base, ignore_errors=True)
    base.parent.mkdir(parents=True, exist_ok=True)
    told = workshop.call(["apt-get", "indextargets", "--format", "$(REPO_URI) $(CODENAME)", "Created-By: Packages"])
    places = [line.split() for line in told.splitlines() if len(line.split()) == 2 and "-" not in line.split()[1]]
    if not places:
        raise NotReady("apt does not say where this system's packages come from.")
    address, suite = places[0]
    say(f"Making a fresh Debian ({suite}).")
    command = ["debootstrap", "--variant=minbase", "--no-check-gpg", suite, str(base), address]
    workshop.call(command, more={"PATH": os.environ["PATH"] + ":/usr/sbin:/sbin"})
    for name in ("etc/apt/apt.conf.d/99artifact-registry", "etc/resolv.conf"):
        if Path("/", name).is_file():
            shutil.copy(Path("/", name), base / name)


def _play(root: Path) -> None:
    """The tour inside, on a screen outside: X's socket is shared, nothing else."""
    tour = "/home/creator/tour"
    program = f"{NAME} --sandbox --data-dir /home/creator/data --tour {tour}"
    with virtual_screen() as variables:
        (root / "tmp" / ".X11-unix").mkdir(exist_ok=True)
        subprocess.run(["mount", "--bind", "/tmp/.X11-unix", root / "tmp" / ".X11-unix"], check=True)  # noqa: S108 - X's place
        try:
            words = " ".join(f"{name}={value}" for name, value in variables.items())
            command = ["chroot", str(root), "su", "creator", "-c", f"cd; {words} {program}"]
            played = subprocess.run(command, capture_output=True, text=True, timeout=300)
        finally:
            subprocess.run(["umount", root / "tmp" / ".X11-unix"], check=True)
    if played.returncode or not (root / tour.lstrip("/") / "extended.mp4").is_file():
        raise NotReady(f"The tour from the .deb failed:\n{(played.stdout + played.stderr)[-3000:]}")


@contextmanager
def _mounted(root: Path) -> Iterator[None]:
    for name in ("proc", "dev"):
        subprocess.run(["mount", "--bind", f"/{name}", root / name], check=True)
    try:
        yield
    finally:
        for name in ("dev", "proc"):
            subprocess.run(["umount", "--lazy", root / name], check=True)


def _inside(workshop: Workshop, root: Path, command: str) -> None:
    workshop.call(
        ["chroot", root, "sh", "-c", command],
        more={"DEBIAN_FRONTEND": "noninteractive", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
    )


def _state(root: Path) -> list[str]:
    """Paths of all files that a package could have brought."""
    found = (path.relative_to(root).as_posix() for top in _WATCHED for path in (root / top).rglob("*"))
    return sorted(path for path in found if not path.startswith(_FORGETFUL))
