"""Where installers are built: folders, version, the one time that every file carries, and how tools are called."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from project_venv import PYTHON, ROOT
from system import NotReady

DEFINITIONS = ROOT / "packaging" / "definitions"
NAME = "kling-desktop"
APP_ID = "local.kling_desktop.KlingDesktop"
"""Reverse domain name of the program. `.local` is nobody's: a publisher puts a domain of their own here."""
SUMMARY = "Extend AI videos with Kling, judge the takes, keep the film"
MAINTAINER = "Kling Desktop maintainers <maintainers@kling-desktop.invalid>"
"""Every package format asks for one. `.invalid` is nobody's: a publisher puts themselves here."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """One run of `dev.py package`."""

    dist: Path
    """Where what is finished goes."""
    work: Path
    """Where it is made; may be removed at any time."""
    epoch: int
    """Seconds since 1970 that every file in a package carries: the same source makes the same bytes."""

    @property
    def bundle(self) -> Path:
        """The folder with the frozen program."""
        return self.work / "bundle" / NAME

    @property
    def papers(self) -> Path:
        """The folder with licences and SBOM of what is bundled."""
        return self.work / "papers"

    @property
    def icons(self) -> Path:
        """The folder with the program's icon in every shape that an installer wants."""
        return self.work / "icons"

    def call(self, command: Sequence[str | Path], cwd: Path = ROOT, more: Mapping[str, str] | None = None) -> str:
        """Run a tool and give what it printed. Raises NotReady with the end of its words when it fails."""
        fixed = {"SOURCE_DATE_EPOCH": str(self.epoch), "PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        done = subprocess.run(
            [str(part) for part in command],
            cwd=cwd,
            env={**os.environ, **fixed, **(more or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise NotReady(f"`{command[0]}` failed. It said:\n{(done.stdout + done.stderr).strip()[-3000:]}")
        return done.stdout

    def python(self, *arguments: str | Path, more: Mapping[str, str] | None = None) -> str:
        """Run Python of `.venv`."""
        return self.call([PYTHON, *arguments], more=more)

    def fresh(self, name: str) -> Path:
        """An empty folder of this name."""
        folder = self.work / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder

    def date_all(self, folder: Path) -> None:
        """Give every file below `folder` the one time, and the rights that a package gives."""
        for path in sorted(folder.rglob("*"), reverse=True):
            if not path.is_symlink():
                runs = path.is_dir() or os.access(path, os.X_OK)
                path.chmod(0o755 if runs else 0o644)
            os.utime(path, (self.epoch, self.epoch), follow_symlinks=False)


def version() -> str:
    """The program's version, read from its source."""
    text = (ROOT / "kling_desktop" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "([^"]+)"', text, re.MULTILINE)
    if found is None:
        raise NotReady("kling_desktop/__init__.py names no version.")
    return found[1]


def source_epoch() -> int:
    """SOURCE_DATE_EPOCH if that is set, else the time of the last commit, else that of the newest source."""
    if told := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(told)
    asked = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True)
    if asked.returncode == 0 and asked.stdout.strip():
        return int(asked.stdout)
    return int(max(path.stat().st_mtime for path in (ROOT / "kling_desktop").rglob("*.py")))


def checksum(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def filled(template: Path, **values: str) -> str:
    """The text of a definition with `@NAME@` replaced. Raises NotReady when one of its names has no value."""
    text = template.read_text(encoding="utf-8")
    for name, value in values.items():
        text = text.replace(f"@{name}@", value)
    if left := re.findall(r"@[A-Z_]+@", text):
        raise NotReady(f"{template.name} asks for {', '.join(sorted(set(left)))}.")
    return text
