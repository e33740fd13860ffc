"""The program as it lies installed: whether the menu leads to it, and whether its tour plays."""

from __future__ import annotations

import configparser
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from installers.workshop import NAME, version
from screen import virtual_screen
from system import NotReady

TOUR_SECONDS = 900
"""A machine that builds something else meanwhile is waited for."""
STEPS = 11
"""Of the tour: each prints a line that begins with "ok"."""


def in_the_menu(share: Path, programs: Path) -> Iterator[str]:
    """What the desktop's menu shows is there, and leads to the program."""
    reader = configparser.RawConfigParser()
    reader.optionxform = str  # type: ignore[assignment,method-assign] # the documented way to keep letters as they are
    reader.read(share / "applications" / f"{NAME}.desktop", encoding="utf-8")
    entry = reader["Desktop Entry"]
    started = Path(entry["Exec"].removesuffix(" %F").strip('"')).name
    if not os.access(programs / started, os.X_OK):
        raise NotReady(f"The menu starts {entry['Exec']}, and that is not there.")
    if not list((share / "icons" / "hicolor").glob(f"*/apps/{entry['Icon']}.*")):
        raise NotReady(f"The menu shows the icon {entry['Icon']}, and that is not there.")
    yield "the menu's entry, its icon and the program that it starts are there"


def start_and_play(program: Path, folder: Path, seconds: int = TOUR_SECONDS) -> Iterator[str]:
    """`--version`, then the tour on a virtual screen with a home of its own. Raises NotReady with the last words."""
    told = run_out([program, "--version"], 60, _bare({}))
    if told.stdout.strip() != f"{NAME} {version()}":
        raise NotReady(f"{program} --version said: {told.stdout}{told.stderr}")
    yield f"`{NAME} --version` prints {version()}"
    tour, home = folder / "tour", folder / "player"
    home.mkdir(exist_ok=True)
    arguments = ["--sandbox", "--data-dir", str(folder / "data"), "--tour", str(tour)]
    with virtual_screen() as variables:
        played = run_out([program, *arguments], seconds, _bare({**variables, "HOME": str(home)}))
    yield toured(played, tour)


def run_out(
    command: Sequence[str | Path], seconds: int = TOUR_SECONDS, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """A command until it ends, with what it said. Raises NotReady when that takes longer."""
    try:
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=seconds)
    except subprocess.TimeoutExpired as error:
        raise NotReady(f"{command[0]} has not ended after {seconds} s; is the machine busy?") from error


def toured(played: subprocess.CompletedProcess[str], tour: Path) -> str:
    """A sentence about a tour that went well. Raises NotReady for any other."""
    steps = sum(line.startswith("ok ") for line in played.stdout.splitlines())
    if played.returncode or steps != STEPS or not (tour / "extended.mp4").is_file():
        raise NotReady(f"The tour failed:\n{(played.stdout + played.stderr)[-3000:]}")
    pictures = len(list(tour.glob("*.png")))
    return f"started on a virtual screen, the tour's {steps} steps play: {pictures} pictures, and the film it saved"


def nothing_left(paths: list[Path]) -> None:
    """Raises NotReady that names the paths, if there are any."""
    if paths:
        raise NotReady(f"Uninstalling left {', '.join(map(str, paths))}.")


def _bare(more: Mapping[str, str]) -> dict[str, str]:
    """An environment in which no variable leads to the checkout or its `.venv`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV", "QT_"))}
    return {**kept, "PATH": "/usr/bin:/bin", **more}
