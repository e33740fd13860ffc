"""A Debian with nothing in it, into which the .deb is installed, and from which it is removed again."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from installers.trials.playing import in_the_menu, nothing_left, run_out, toured
from installers.workshop import NAME, Workshop
from screen import virtual_screen
from system import NotReady, say

_WATCHED = ("usr", "etc", "opt", "var/lib", "root", "home")
_FORGETFUL = ("var/lib/dpkg", "var/lib/apt", "etc/ld.so.cache")
"""Where Debian itself keeps account of what was installed."""
_HOME = "home/creator"
_OWN = (f"{_HOME}/data", f"{_HOME}/tour")
"""What the creator asked to have: it stays."""
_SHARED = tuple(f"{_HOME}/{name}" for name in (".cache/fontconfig", ".config/pulse", ".config/QtProject.conf"))
"""What the libraries keep for all programs of a user: none of it is ours to remove."""


def try_in_debian(made: Path, workshop: Workshop) -> Iterator[str]:
    """Install with apt, start, play the tour as a user, purge; raises NotReady for a failure or a trace."""
    folder = workshop.work / "debian"
    if not (folder / "base" / "usr" / "bin" / "apt-get").exists():
        _bootstrap(folder / "base", workshop)
    root = folder / "try"
    shutil.rmtree(root, ignore_errors=True)
    subprocess.run(["cp", "--archive", folder / "base", root], check=True)
    shutil.copy(made, root / "tmp" / "package.deb")
    with _mounted(root):
        before = _state(root)
        _inside(workshop, root, "apt-get install --yes --no-install-recommends /tmp/package.deb")
        came = _packages(root) - _packages(folder / "base")
        yield f"installed by apt into a fresh Debian ({_suite(root)}, debootstrap minbase) with {len(came) - 1} others"
        yield from in_the_menu(root / "usr" / "share", root / "usr" / "bin")
        _inside(workshop, root, "useradd --create-home --shell /bin/sh creator")
        home = _state(root)
        yield _play(root)
        kept = (*_OWN, *_SHARED)
        strays = [path for path in _state(root) - home if not any(_belongs(path, one) for one in kept)]
        nothing_left([Path("/", path) for path in sorted(strays)])
        yield (
            "the program wrote nothing outside of its data folder, but for what fontconfig, PulseAudio and Qt keep for "
            "all programs"
        )
        _inside(workshop, root, f"apt-get purge --yes --autoremove {NAME}")
        left = sorted(path for path in _state(root) - before if NAME in path and not path.startswith(_HOME))
        nothing_left([Path("/", path) for path in left])
        others = _packages(root) - _packages(folder / "base")
        if others:
            raise NotReady(f"Purging left packages: {', '.join(sorted(others))}.")
        if not (root / _HOME / "data" / "library.sqlite3").is_file():
            raise NotReady("Removing the .deb took the creator's data along.")
        yield "purged by apt with what had come along: nothing of it is left but the creator's data"
    shutil.rmtree(root, ignore_errors=True)


def _belongs(path: str, kept: str) -> bool:
    """Whether a path is what is kept, lies in it, or is a folder on the way to it."""
    return path.startswith(kept) or kept.startswith(f"{path}/")


def _suite(root: Path) -> str:
    lines = (root / "etc" / "os-release").read_text(encoding="utf-8").splitlines()
    return next((line.partition("=")[2] for line in lines if line.startswith("VERSION_CODENAME=")), "unknown")


def _packages(root: Path) -> set[str]:
    """Names of all packages that dpkg counts as installed."""
    command = ["dpkg-query", "--admindir", str(root / "var/lib/dpkg"), "-W", "-f", "${db:Status-Abbrev} ${Package}\n"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return {line.split()[1] for line in told.splitlines() if line.startswith("ii")}


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


def _play(root: Path) -> str:
    """The tour inside, on a screen outside: X's socket is shared, nothing else."""
    tour = f"/{_HOME}/tour"
    program = f"{NAME} --sandbox --data-dir /{_HOME}/data --tour {tour}"
    with virtual_screen() as variables:
        (root / "tmp" / ".X11-unix").mkdir(exist_ok=True)
        subprocess.run(["mount", "--bind", "/tmp/.X11-unix", root / "tmp" / ".X11-unix"], check=True)  # noqa: S108 - X's place
        try:
            words = " ".join(f"{name}={value}" for name, value in variables.items())
            command = ["chroot", str(root), "su", "creator", "-c", f"cd; {words} {program}"]
            played = run_out(command)
        finally:
            subprocess.run(["umount", root / "tmp" / ".X11-unix"], check=True)
    return f"as a user who is not root: {toured(played, root / tour.lstrip('/'))}"


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


def _state(root: Path) -> set[str]:
    """Paths of all files that a package, or the program, could have brought."""
    found = (path.relative_to(root).as_posix() for top in _WATCHED for path in (root / top).rglob("*"))
    return {path for path in found if not path.startswith(_FORGETFUL)}
