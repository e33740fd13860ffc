"""What `dev.py package` builds, which tools each needs, and in which order things go."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from installers import bundle, linux, python_packages
from installers.contents import bill
from installers.reproducible import differences
from installers.trials import trial
from installers.trials.record import Record
from installers.workshop import Workshop, checksum, source_epoch
from project_venv import ROOT
from system import NotReady, absent, say

_BUILT = ROOT / "build"


@dataclass(frozen=True, slots=True)
class Installer:
    """One thing that a creator can download."""

    files: str
    """How what is made is called in `dist`; the bundle lies elsewhere."""
    make: Callable[[Workshop], Path]
    try_out: Callable[[Path, Workshop], Iterator[str]]
    needs: tuple[str, ...] = ()
    """Programs without which it cannot be made."""
    helped_by: tuple[str, ...] = ()
    """Programs without which less of it is tried."""


_TO_FREEZE = ("objdump", "ldd") if sys.platform.startswith("linux") else ()
"""PyInstaller follows libraries by itself on Windows and macOS."""

INSTALLERS = {
    "wheel": Installer("*.whl", python_packages.make_wheel, trial.try_wheel, (), ("Xvfb",)),
    "sdist": Installer("*.tar.gz", python_packages.make_sdist, trial.try_sdist),
    "bundle": Installer("", bundle.make_bundle, trial.try_bundle, _TO_FREEZE, ("Xvfb", "strip")),
    "deb": Installer(
        "*.deb", linux.make_deb, trial.try_deb, ("dpkg-deb", "objdump"), ("lintian", "debootstrap", "Xvfb")
    ),
    "rpm": Installer("*.rpm", linux.make_rpm, trial.try_rpm, ("rpmbuild", "objdump"), ("rpm", "Xvfb")),
    "run": Installer("*.run", linux.make_run, trial.try_run, ("objdump",), ("Xvfb",)),
}
_ON_LINUX = {"deb", "rpm", "run"}

VALIDATORS = {
    "desktop-file-validate": ["packaging/definitions/linux/kling-desktop.desktop"],
    "appstreamcli": [
        "validate",
        "--no-net",
        "packaging/definitions/linux/local.kling_desktop.KlingDesktop.metainfo.xml",
    ],
}
"""Programs that judge definitions, with what they are given."""

_OPTIONS = ("--try", "--no-trial", "--twice")


def carry_out(arguments: list[str]) -> int:
    """Build and try what is asked for, or all that this system can build; 1 when something failed.

    `--try` tries what a build before has left in `dist`, `--no-trial` only builds, `--twice` builds once more and
    says what differs.
    """
    if unknown := {each for each in arguments if each.startswith("-")} - set(_OPTIONS):
        raise NotReady(f"There is no option {', '.join(sorted(unknown))}. There are: {', '.join(_OPTIONS)}.")
    names = [name for name in arguments if not name.startswith("--")] or list(INSTALLERS)
    if unknown := set(names) - set(INSTALLERS):
        raise NotReady(f"There is no installer {', '.join(sorted(unknown))}. There are: {', '.join(INSTALLERS)}.")
    workshop = Workshop(_BUILT / "dist", _BUILT / "package", source_epoch())
    for folder in (workshop.dist, workshop.work):
        folder.mkdir(parents=True, exist_ok=True)
    if "--try" not in arguments and set(names) - {"wheel", "sdist"}:
        shutil.rmtree(workshop.bundle, ignore_errors=True)  # of another state of the source
    record = Record(workshop.dist / "TRIALS.md")
    failed = _validate(workshop)
    for name in names:
        try:
            made = _built_before(name, workshop) if "--try" in arguments else _make(name, workshop)
            if made and "--no-trial" not in arguments:
                _try(name, made, workshop, record)
            if made and "--twice" in arguments:
                record.note(name, _make_again(name, made, workshop))
        except NotReady as trouble:
            say(f"{name}: {trouble}")
            record.note(name, f"**failed**: {str(trouble).splitlines()[0]}")
            failed.append(name)
    record.write()
    _sum_up(workshop)
    if failed:
        say(f"Failed: {', '.join(failed)}.")
    return 1 if failed else 0


def _validate(workshop: Workshop) -> list[str]:
    failed = []
    for program, arguments in VALIDATORS.items():
        if absent(program):
            say(f"{program} is not installed: what it would judge is not judged.")
            continue
        try:
            workshop.call([program, *arguments])
        except NotReady as trouble:
            say(str(trouble))
            failed.append(program)
        else:
            say(f"{program} finds nothing wrong.")
    return failed


def _make(name: str, workshop: Workshop) -> Path | None:
    """What was made; an installer whose tools are missing is named and passed over."""
    installer = INSTALLERS[name]
    if missing := absent(*installer.needs):
        say(f"{name}: not built, because of what is missing here: {', '.join(missing)}.")
        return None
    if name in _ON_LINUX and not sys.platform.startswith("linux"):
        say(f"{name}: only built on Linux.")
        return None
    began = time.monotonic()
    made = installer.make(workshop)
    if made.is_file():
        bill.beside(made, workshop)
    say(f"{name}: {made.name}, {_size(made) / 1e6:.1f} MB, built in {time.monotonic() - began:.0f} s.")
    return made


def _built_before(name: str, workshop: Workshop) -> Path:
    """The newest that `dist` has. Raises NotReady when there is none."""
    if name == "bundle":
        found = [workshop.bundle] if workshop.bundle.is_dir() else []
    else:
        found = sorted(workshop.dist.glob(INSTALLERS[name].files), key=lambda path: path.stat().st_mtime)
    if not found:
        raise NotReady("There is none yet to try. Build it first, without --try.")
    return found[-1]


def _try(name: str, made: Path, workshop: Workshop, record: Record) -> None:
    installer = INSTALLERS[name]
    missing = absent(*installer.helped_by)
    if missing:
        say(f"{name}: tried less closely, because of what is missing here: {', '.join(missing)}.")
        record.note(name, f"tried without {', '.join(missing)}")
    if "Xvfb" in missing:
        return
    record.begin(name, made, _size(made))
    began = time.monotonic()
    for sentence in installer.try_out(made, workshop):
        say(f"{name}: {sentence}.")
        record.note(name, sentence)
    say(f"{name}: tried, {time.monotonic() - began:.0f} s.")


def _make_again(name: str, first: Path, workshop: Workshop) -> str:
    """Build once more in another folder and say what differs."""
    again = Workshop(workshop.work / "again" / "dist", workshop.work / "again" / "work", workshop.epoch)
    for folder in (again.dist, again.work):
        folder.mkdir(parents=True, exist_ok=True)
    found = differences(first, INSTALLERS[name].make(again))
    words = "built twice, " + (f"differs in {', '.join(found)}" if found else "the same to the last byte")
    say(f"{name}: {words}.")
    return words


def _sum_up(workshop: Workshop) -> None:
    """SHA256SUMS, as `sha256sum --check` reads it, and the list of licences."""
    if workshop.papers.is_dir():
        shutil.copy(workshop.papers / "LICENCES.md", workshop.dist / "LICENCES.md")
    kept = sorted(path for path in workshop.dist.iterdir() if path.is_file() and path.name != "SHA256SUMS")
    lines = "".join(f"{checksum(path)}  {path.name}\n" for path in kept)
    (workshop.dist / "SHA256SUMS").write_text(lines, encoding="utf-8")
    say(f"Everything is in {workshop.dist}; TRIALS.md there says what was tried and how.")


def _size(path: Path) -> int:
    files = [path] if path.is_file() else [file for file in path.rglob("*") if not file.is_symlink()]
    return sum(file.stat().st_size for file in files if file.is_file())
