"""Runs tests with the oldest libraries that `pyproject.toml` allows: a lower bound that nobody tries is a guess."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Sequence

from project_venv import ROOT
from system import NotReady, say

FOLDER = ROOT / "build" / "lowest"
TRIED = ("tests/domain", "tests/kling", "tests/store", "tests/media", "tests/export", "tests/sandbox")
"""Unless others are asked for: the rooms that a foreign library has its door in."""


def run_with_lowest(arguments: Sequence[str]) -> int:
    """Make the environment anew and run pytest in it; its exit code. Raises NotReady when pip does not find one."""
    subprocess.run([sys.executable, "-m", "venv", "--clear", FOLDER], check=True)
    python = FOLDER / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    asked = lower_bounds([*project["dependencies"], *extras["timelines"]])
    say(f"Installing {', '.join(asked)}.")
    # The tools of the tests are not what is tried: pip takes the newest that goes with the rest.
    tools = [one for one in extras["dev"] if not one.startswith(("mypy", "ruff", "coverage"))]
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if subprocess.run([*pip, *asked, *tools, *project_build_tools()], cwd=ROOT).returncode:
        raise NotReady("The oldest versions cannot be installed together. What pip said is above.")
    return subprocess.run([python, "-m", "pytest", "-q", *(arguments or TRIED)], cwd=ROOT).returncode


def project_build_tools() -> list[str]:
    """What builds the package, in the newest version allowed: tests build a wheel."""
    return list(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]["requires"])


def lower_bounds(requirements: Sequence[str]) -> list[str]:
    """Each requirement at its lower bound. Raises NotReady for one that has none."""
    found = []
    for one in requirements:
        parts = re.fullmatch(r"([\w.-]+(?:\[\w+\])?)>=([\w.]+)(,.*)?", one)
        if parts is None:
            raise NotReady(f"{one} has no lower bound.")
        found.append(f"{parts[1]}=={parts[2]}")
    return found
