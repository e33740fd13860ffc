"""The frozen program: a clean virtual environment, PyInstaller, and the papers of what went in."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from installers.contents import papers
from installers.python_packages import make_wheel
from installers.workshop import DEFINITIONS, NAME, Workshop
from project_venv import CONSTRAINTS
from system import NotReady, say

PYINSTALLER = ("pyinstaller==6.22.3", "pyinstaller-hooks-contrib==2026.9")


def make_bundle(workshop: Workshop) -> Path:
    """The folder of the frozen program, with its papers beside it."""
    python = _clean_venv(workshop)
    workshop.python(Path(__file__).with_name("icons.py"), workshop.icons, more={"QT_QPA_PLATFORM": "offscreen"})
    say("Freezing the program.")
    frozen = workshop.fresh("freezing")
    shutil.rmtree(workshop.bundle, ignore_errors=True)
    command = [str(python), "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    places = ["--distpath", str(workshop.bundle.parent), "--workpath", str(frozen)]
    spec = DEFINITIONS / "kling-desktop.spec"
    workshop.call([*command, *places, spec], more={"KLING_DESKTOP_ICONS": str(workshop.icons)})
    _slim(workshop.bundle)
    _cut_dead_links(workshop.bundle)
    drop_records(workshop.bundle)
    papers.write(frozen / NAME / "COLLECT-00.toc", frozen / NAME / "PYZ-00.toc", python, workshop)
    _carry_papers(workshop, workshop.bundle / "licences", workshop.bundle)
    app = workshop.bundle.with_name("Kling Desktop.app")
    if app.is_dir():  # on macOS, beside the folder
        _carry_papers(workshop, app / "Contents" / "Resources" / "licences", app / "Contents" / "Resources")
    workshop.date_all(workshop.bundle)
    return workshop.bundle


def _clean_venv(workshop: Workshop) -> Path:
    """Python of an environment that holds the program's own needs and PyInstaller, and nothing that tests need."""
    folder = workshop.work / "venv"
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    say("Making a clean environment for the frozen program.")
    workshop.call([sys.executable, "-m", "venv", "--clear", folder])
    wheel = make_wheel(workshop)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
    workshop.call([*pip, "--constraint", CONSTRAINTS, f"{wheel}[timelines]", *PYINSTALLER])
    return python


def _slim(bundle: Path) -> None:
    """Take the symbols out of Python's own library, 25 MB; any other library would no longer load without them."""
    strip = shutil.which("strip")
    for library in bundle.rglob("libpython3*.so*"):
        if strip and not library.is_symlink():
            subprocess.run([strip, "--strip-unneeded", library], check=True)


def _cut_dead_links(bundle: Path) -> None:
    """Links beside the program that lead to a library that was left out."""
    for link in bundle.rglob("*"):
        if link.is_symlink() and not link.exists():
            link.unlink()


def drop_records(bundle: Path) -> None:
    """What pip noted of each package: names and sums of scripts that begin with where the environment lay. They are not
    in the bundle, and would make two builds differ.
    """
    for record in bundle.rglob("*.dist-info/RECORD"):
        record.unlink()


def _carry_papers(workshop: Workshop, folder: Path, frozen: Path) -> None:
    """The papers as a folder to read, and their list where About looks for it: among the program's own files."""
    shutil.copytree(workshop.papers, folder, dirs_exist_ok=True)
    (resources,) = (path for path in frozen.rglob("resources") if path.parent.name == "kling_desktop")
    shutil.move(folder / "licences.json", resources / "licences.json")


def unresolved(bundle: Path) -> list[str]:
    """Libraries that something in the bundle asks for and that neither the bundle nor this system has.

    The Wayland and keyboard plug-ins may stay without: Qt passes over what does not load.
    """
    missing: set[str] = set()
    for library in sorted(bundle.rglob("*.so*")):
        told = subprocess.run(["ldd", library], capture_output=True, text=True).stdout
        missing |= {f"{library.name}: {line.split()[0]}" for line in told.splitlines() if "not found" in line}
    return sorted(missing)


def need_bundle(workshop: Workshop) -> Path:
    """The bundle, made now if it is not there. Raises NotReady where nothing can be frozen."""
    if not workshop.bundle.is_dir():
        make_bundle(workshop)
    if not workshop.bundle.is_dir():
        raise NotReady("PyInstaller left no folder.")
    return workshop.bundle
