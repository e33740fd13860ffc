"""The commands of dev.py: what each makes ready, and what it starts."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from project_venv import PYTHON, ROOT, forget, make_ready
from screen import ScreenMissing, has_display, virtual_screen
from system import NotReady, absent, provide, say

TOUR = ROOT / "build" / "tour"
_CACHES = (".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", "build", "dist", "kling_desktop.egg-info")

LINT = {
    "lint": ["ruff", "check", "."],
    "format": ["ruff", "format", "--check", "."],
    "types": ["mypy"],
    "import contracts": ["pytest", "-q", "-p", "no:cacheprovider", "tests/test_house.py"],
}
"""Steps that look at the code without running the program: what they are called, and the module with its arguments."""

COUNTED = ("kling", "store", "studio")
"""Folders of tests that `coverage` runs: those of the rooms that have a floor, each held by its own tests."""

COVERAGE_FLOORS = {"studio": 86, "kling": 96, "store": 95}
"""Per cent of lines and branches that must have run, a room each; a little under what was measured."""

ALL_TESTS = ["-n", "3", "--dist", "loadfile", "--max-worker-restart", "0"]
"""How pytest is started when nothing particular is asked: three processes, each with its own screen and keyring. On two
processors that is a sixth quicker than two, since journeys wait for what takes its time. None is replaced when one of
them crashes: the run would wait for its last tests for ever, and is red anyway.
"""


def run_command(arguments: Sequence[str]) -> int:
    """Carry out one command line; failures that we expect come out as one sentence and exit code 1."""
    if not arguments or arguments[0] not in COMMANDS:
        print(f"Usage: python3 packaging/dev.py {' | '.join(COMMANDS)}")
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that screens and children are ended on the way out
    try:
        return COMMANDS[arguments[0]](list(arguments[1:]))
    except (NotReady, ScreenMissing) as trouble:
        say(str(trouble))
        return 1


def run(arguments: list[str]) -> int:
    """Start the program in a window; on a machine without a display, show what it does by the tour."""
    make_ready("run")
    if has_display() or "QT_QPA_PLATFORM" in os.environ:
        return _doubted(_start(["kling_desktop", *arguments]))
    say("There is no display here, so the tour is played on a virtual screen instead.")
    return _tour(TOUR, arguments)


def tour(arguments: list[str]) -> int:
    """Play the main job in the sandbox on a virtual screen; leaves pictures, the film and a line for each step."""
    make_ready("run")
    return _tour(Path(arguments[0]).absolute() if arguments else TOUR, arguments[1:])


def test(arguments: list[str]) -> int:
    """Lint, types, import contracts and tests; stops at the first step that fails unless told `--keep-going`."""
    make_ready("test")
    keep_going = "--keep-going" in arguments
    rest = [argument for argument in arguments if argument != "--keep-going"]
    return _steps({**LINT, "tests": ["pytest", *(rest or ALL_TESTS)]}, keep_going)


def coverage(arguments: list[str]) -> int:
    """Tests of the rooms below the screen, counted; fails where a room is under its floor in COVERAGE_FLOORS.

    A command of its own, because counting slows down what is counted.
    """
    make_ready("test")
    for old in ROOT.glob(".coverage*"):
        old.unlink()
    counted = ["coverage", "run", "-m", "pytest", *ALL_TESTS, *(arguments or [f"tests/{room}" for room in COUNTED])]
    codes = [_start(counted), _start(["coverage", "combine", "--quiet"])]
    for room, floor in COVERAGE_FLOORS.items():
        say(f"{room}, at least {floor} % of lines and branches:")
        report = ["coverage", "report", "--skip-covered", f"--include=kling_desktop/{room}/*", f"--fail-under={floor}"]
        codes.append(_start(report))
    return max(codes)


def package(arguments: list[str]) -> int:
    """Build what this system can build into build/dist, and try each; `installers.order` knows names and options."""
    make_ready("test")
    from installers.order import carry_out

    return carry_out(arguments)


def lowest(arguments: list[str]) -> int:
    """Run tests with the oldest libraries that are allowed: those asked for, or of the rooms that have a door."""
    make_ready("test")
    from lowest import run_with_lowest

    with _screen() as variables:
        os.environ |= variables
        return run_with_lowest(arguments)


def lint(arguments: list[str]) -> int:
    """The steps of `test` that do not start the program; all of them, whatever fails."""
    make_ready("test")
    return _steps(LINT, keep_going=True)


def bench(arguments: list[str]) -> int:
    """Run the named benchmarks, or all, one after the other on a virtual screen."""
    make_ready("test")
    known = sorted(path.stem for path in (ROOT / "tests" / "benchmarks").glob("[!_]*.py"))
    unknown = set(arguments) - set(known)
    if unknown:
        raise NotReady(f"There is no benchmark {', '.join(sorted(unknown))}. There are: {', '.join(known)}.")
    quiet = {"QT_LOGGING_RULES": "qt.multimedia*=false"}  # Qt would print every film that it opens
    with _screen() as variables:
        codes = [_start([f"tests.benchmarks.{name}"], {**variables, **quiet}) for name in arguments or known]
    return max(codes, default=0)


def clean(arguments: list[str]) -> int:
    """Remove everything that this script and the tools made, `.venv` included."""
    for name in (".venv", *_CACHES):
        shutil.rmtree(ROOT / name, ignore_errors=True)
    for folder in ("kling_desktop", "packaging", "tests"):
        for cache in (ROOT / folder).rglob("__pycache__"):
            shutil.rmtree(cache, ignore_errors=True)
    return 0


def _tour(folder: Path, arguments: list[str]) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    with _screen() as variables:
        code = _start(["kling_desktop", "--sandbox", "--tour", str(folder), *arguments], variables)
    say(f"The tour is over; what it left is in {folder}." if code == 0 else f"The tour failed with exit code {code}.")
    return _doubted(code)


def _doubted(code: int) -> int:
    """After a failure the next start looks at everything again: a library may have gone since the last look."""
    if code:
        forget()
    return code


@contextmanager
def _screen() -> Iterator[dict[str, str]]:
    """Variables of a virtual screen; Xvfb is installed when it is missing. Windows and macOS use the display."""
    if not sys.platform.startswith("linux"):
        yield {}
        return
    provide("screen", absent("Xvfb"))
    with virtual_screen() as variables:
        yield variables


def _steps(steps: dict[str, list[str]], keep_going: bool) -> int:
    failed: dict[str, int] = {}
    for name, command in steps.items():
        say(f"{name} ...")
        code = _start(command)
        if code:
            failed[name] = code
            print(f"FAILED: {name} (exit code {code})", file=sys.stderr)
            if not keep_going:
                break
    return next(iter(failed.values()), 0)


def _start(module: Sequence[str], variables: dict[str, str] | None = None) -> int:
    """Run a module in `.venv` from the checkout's folder and wait for it; gives its exit code."""
    command = [str(PYTHON), "-m", *module]
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, **(variables or {})}) as child:
        try:
            return _patient(child.wait)
        finally:
            if child.returncode is None:
                child.terminate()


def _patient(wait: Callable[[], int]) -> int:
    """Ctrl+C reaches the child too: let it end in its own way."""
    while True:
        try:
            return wait()
        except KeyboardInterrupt:
            continue


COMMANDS = {
    "run": run,
    "test": test,
    "coverage": coverage,
    "lint": lint,
    "tour": tour,
    "bench": bench,
    "package": package,
    "lowest": lowest,
    "clean": clean,
}
"""What is asked for on the command line, and who does it."""
