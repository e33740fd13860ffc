"""Set-up as a stranger meets it: the pins, the wheel, the words for what is missing, the speed of a second start."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import commands
import lowest
import probe
import project_venv
import screen
import system

ROOT = Path(__file__).parents[1]
DEV = ROOT / "packaging" / "dev.py"


def _pins() -> dict[str, Requirement]:
    lines = project_venv.CONSTRAINTS.read_text(encoding="utf-8").splitlines()
    pins = [Requirement(line) for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(pin.name): pin for pin in pins}


def _closure(name: str, extra: str = "") -> set[str]:
    """Names of all distributions that one needs on this machine, itself not counted."""
    seen: set[tuple[str, str]] = set()
    waiting = [(name, extra)]
    while waiting:
        current = waiting.pop()
        if current in seen:
            continue
        seen.add(current)
        for line in metadata.requires(current[0]) or []:
            need = Requirement(line)
            if need.marker is None or need.marker.evaluate({"extra": current[1]}):
                waiting += [(canonicalize_name(need.name), of_its_own) for of_its_own in ("", *need.extras)]
    return {found for found, _ in seen} - {name}


def test_all_that_is_installed_for_us_is_pinned_to_what_is_installed() -> None:
    pins = _pins()
    for name in _closure("kling-desktop", "dev"):
        assert name in pins, f"{name} is not in constraints.txt"
        assert pins[name].specifier.contains(metadata.version(name)), f"{name} {metadata.version(name)} is not pinned"


def test_no_pin_is_left_over() -> None:
    here = {name for name, pin in _pins().items() if pin.marker is None or pin.marker.evaluate()}
    assert here - _closure("kling-desktop", "dev") == {"setuptools"}


def test_pins_are_names_and_versions_only() -> None:
    for pin in _pins().values():
        assert pin.url is None
        assert [part.operator for part in pin.specifier] == ["=="]


def _asked() -> list[Requirement]:
    """Every requirement of pyproject.toml, extras included."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"].values()
    lists = [project["build-system"]["requires"], project["project"]["dependencies"], *extras]
    return [Requirement(line) for lines in lists for line in lines]


@pytest.mark.parametrize("need", _asked(), ids=lambda need: need.name)
def test_every_bound_has_two_sides_and_lets_the_pinned_version_in(need: Requirement) -> None:
    """A wheel meets an index without our pins: what may break it has to be kept out by the bounds themselves."""
    assert {part.operator for part in need.specifier} == {">=", "<"}
    (pin,) = _pins()[canonicalize_name(need.name)].specifier
    assert need.specifier.contains(pin.version)


@pytest.mark.parametrize("name", ["PySide6-Essentials", "PySide6-Addons"])
def test_the_qt_that_aborts_on_python_3_11_is_kept_out(name: str) -> None:
    assert [need.specifier.contains("6.12.0") for need in _asked() if need.name == name] == [False]


def test_a_requirement_has_the_same_bounds_wherever_it_is_asked_for() -> None:
    bounds: dict[str, set[str]] = {}
    for need in _asked():
        bounds.setdefault(canonicalize_name(need.name), set()).add(str(need.specifier))
    assert [name for name, different in bounds.items() if len(different) > 1] == []


def test_a_wheel_brings_all_code_and_all_resources(tmp_path: Path) -> None:
    source, unpacked = tmp_path / "source", tmp_path / "installed"
    for name in ("kling_desktop", "resources"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*pip, "--wheel-dir", tmp_path, source], check=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        wheel.extractall(unpacked)
    resources = {path.relative_to(source) for path in (source / "resources").rglob("*") if path.is_file()}
    code = {path.relative_to(source) for path in (source / "kling_desktop").rglob("*.py")}
    installed = {path.relative_to(unpacked) for path in (unpacked / "kling_desktop").rglob("*") if path.is_file()}
    code.add(Path("kling_desktop/py.typed"))
    assert installed == code | {Path("kling_desktop") / path for path in resources}
    assert resources


def test_missing_libraries_are_read_from_the_words_of_the_loader() -> None:
    words = "libpulse.so.0: cannot open shared object file: No such file or directory"
    assert probe._library(words) == "libpulse.so.0"
    assert probe._library("version `GLIBC_2.38' not found") == "version `GLIBC_2.38' not found"


def test_qt_loads_here() -> None:
    assert project_venv._missing() == []


def test_a_library_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "av.py"
    broken.write_text("raise ImportError('libx.so.1: cannot open shared object file: No such file')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert project_venv._missing() == ["libx.so.1"]


def test_nothing_missing_asks_for_nothing() -> None:
    system.provide("screen", [])


def test_what_cannot_be_installed_here_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))  # no apt-get
    with pytest.raises(system.NotReady, match=r"libpulse\.so\.0"):
        system.provide("windows", ["libpulse.so.0"])


@pytest.mark.skipif(sys.platform != "linux", reason="apt-get is a matter of Debian")
def test_someone_who_is_not_root_is_told_what_to_have_done(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "apt-get").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(system.NotReady, match=r"sudo apt-get install .* xvfb"):
        system.provide("screen", ["Xvfb"])


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a display")
@pytest.mark.parametrize(
    ("environment", "has"), [({}, False), ({"DISPLAY": ":0"}, True), ({"WAYLAND_DISPLAY": "w"}, True)]
)
def test_a_display_is_known_by_its_variables(environment: dict[str, str], has: bool) -> None:
    assert screen.has_display(environment) is has


@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="Xvfb is not installed")
def test_a_virtual_screen_ends_with_its_block() -> None:
    look = [sys.executable, "-c", "from PySide6.QtWidgets import QApplication; QApplication([])"]
    before = _children()
    with screen.virtual_screen() as variables:
        assert len(_children() - before) == 1
        assert subprocess.run(look, env={**os.environ, **variables}, check=False).returncode == 0
    assert _children() == before


def _children() -> set[str]:
    """Ids of the processes that this one has started and that are still there."""
    return {child for task in Path("/proc/self/task").iterdir() for child in (task / "children").read_text().split()}


def test_a_screen_that_does_not_start_says_why(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "Xvfb").write_text("#!/bin/sh\necho no memory >&2\nexit 1\n")
    (tmp_path / "Xvfb").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(screen.ScreenMissing, match="no memory"), screen.virtual_screen():
        pass


def test_steps_stop_at_the_first_that_fails(capfd: pytest.CaptureFixture[str]) -> None:
    steps = {"one": ["this_module_is_not_there"], "two": ["platform"]}
    assert commands._steps(steps, keep_going=False) == 1
    out, err = capfd.readouterr()
    assert "FAILED: one" in err
    assert "two" not in out


def test_steps_all_run_when_asked_to_keep_going(capfd: pytest.CaptureFixture[str]) -> None:
    assert commands._steps({"one": ["this_module_is_not_there"], "two": ["platform"]}, keep_going=True) == 1
    assert "two ..." in capfd.readouterr().out


def test_a_failure_makes_the_next_start_look_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(project_venv, "VENV", tmp_path)
    (tmp_path / "ready-to-run").write_text("as it was")
    commands._doubted(0)
    assert project_venv._stamp("run") == "as it was"
    assert commands._doubted(1) == 1
    assert project_venv._stamp("run") == ""


def test_an_unknown_command_is_answered_with_the_known_ones() -> None:
    answer = subprocess.run([sys.executable, DEV, "dance"], capture_output=True, text=True, check=False)
    assert answer.returncode == 2
    assert re.search(r"run .*test", answer.stdout)


def test_the_script_says_which_python_it_needs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import dev

    monkeypatch.setattr(dev, "OLDEST", (99, 0))
    assert dev.main() == 1
    assert "needs Python 99.0 or newer" in capsys.readouterr().out


@pytest.mark.skipif(not project_venv._stamp("test"), reason="this .venv was not made by dev.py")
def test_a_second_start_installs_nothing_and_looks_at_nothing_again() -> None:
    """What it says is what it does: each step that takes long is said first."""
    second = subprocess.run([sys.executable, DEV, "bench", "--none"], check=False, capture_output=True, text=True)
    said = second.stdout + second.stderr
    assert "There is no benchmark --none" in said
    assert not [word for word in ("pip", "nstall", "hecking", "virtual environment") if word in said]


def test_the_oldest_versions_tried_are_the_lower_bounds() -> None:
    asked = ["httpx[socks]>=0.28,<0.29", "opentimelineio>=0.18"]
    assert lowest.lower_bounds(asked) == ["httpx[socks]==0.28", "opentimelineio==0.18"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert len(lowest.lower_bounds(project["dependencies"])) == len(project["dependencies"])
    with pytest.raises(system.NotReady, match="av<19 has no lower bound"):
        lowest.lower_bounds(["av<19"])
