"""The laws of the house hold; and each law is shown to catch a small house that breaks it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness import house

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / house.NAME
WRITTEN = [PACKAGE, ROOT / "packaging", ROOT / "tests"]
ROOMLESS = ["test_contract.py"]
"""Tests of no single room: Kling's own page, read by all of `kling/`."""
NO_ROOMS = {"benchmarks", "faults", "harness", "journeys", "packaging"}
"""Folders of `tests/` that mirror no folder of the package."""


def _build(folder: Path, files: dict[str, str]) -> Path:
    """A package with the given files, each path with its content."""
    package = folder / house.NAME
    for name, text in files.items():
        path = package / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return package


@pytest.mark.parametrize(
    "law",
    [
        house.back_arrows,
        house.inner_back_arrows,
        house.homeless,
        house.visits_aside,
        house.wrong_doors,
        house.circles,
        house.crowded,
    ],
)
def test_the_package_keeps(law: house.Law) -> None:
    assert list(law(PACKAGE)) == []


@pytest.mark.parametrize("law", [house.bags, house.untold, house.unreasoned])
@pytest.mark.parametrize("tree", WRITTEN, ids=lambda tree: tree.name)
def test_all_that_is_written_keeps(law: house.Law, tree: Path) -> None:
    assert list(law(tree)) == []


def test_tests_lie_where_what_they_test_lies() -> None:
    assert list(house.unmirrored(ROOT / "tests", PACKAGE, exempt=NO_ROOMS)) == []


def test_a_test_that_lies_elsewhere_is_caught(tmp_path: Path) -> None:
    package = _build(
        tmp_path, {"store/library.py": "", "tests/kling/test_library.py": "", "tests/store/test_library.py": ""}
    )
    assert list(house.unmirrored(package / "tests", package, exempt=())) == ["kling/test_library.py"]


@pytest.mark.parametrize(
    ("room", "text"),
    [
        ("studio/files/copies.py", "from kling_desktop.studio.tasks.ledger import Ledger"),
        ("studio/feed.py", "from kling_desktop.studio import history"),
        ("studio/files/copies.py", "from kling_desktop.studio.analysis import chain"),
        ("studio/attic/box.py", "from kling_desktop.studio.feed import Feed"),
    ],
)
def test_an_inner_arrow_up_or_sideways_is_caught(tmp_path: Path, room: str, text: str) -> None:
    assert list(house.inner_back_arrows(_build(tmp_path, {room: text})))


def test_an_inner_arrow_down_is_let_through(tmp_path: Path) -> None:
    text = "from kling_desktop.studio.files.copies import Copies\nfrom kling_desktop.studio.feed import Feed"
    assert list(house.inner_back_arrows(_build(tmp_path, {"studio/tasks/ledger.py": text}))) == []


def test_a_crowded_room_is_caught(tmp_path: Path) -> None:
    files = {f"store/room{number}.py": "" for number in range(house.CUT_FROM)}
    assert list(house.crowded(_build(tmp_path, files))) == [f"kling_desktop/store: {house.CUT_FROM} files"]


def test_every_test_has_its_room() -> None:
    assert list(house.roomless_tests(ROOT / "tests", [*WRITTEN, ROOT / "resources"])) == ROOMLESS


@pytest.mark.parametrize(
    ("room", "text"),
    [
        ("studio/studio.py", "from kling_desktop.ui.window import Window"),
        ("studio/studio.py", "def f():\n    import kling_desktop.ui"),
        ("studio/studio.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from kling_desktop import app"),
        ("studio/studio.py", "from ..ui import window"),
        ("kling/client.py", "from kling_desktop.store import library"),
        ("media/probe.py", "from kling_desktop.export import original"),
        ("ui/window.py", "from kling_desktop.kling.client import Kling"),
        ("domain/tasks.py", "import kling_desktop.errors"),
    ],
)
def test_an_arrow_up_or_sideways_is_caught(tmp_path: Path, room: str, text: str) -> None:
    assert list(house.back_arrows(_build(tmp_path, {room: text})))


@pytest.mark.parametrize(
    ("room", "text"),
    [
        ("ui/window.py", "from kling_desktop.studio.studio import Studio"),
        ("export/gif.py", "from kling_desktop.media import probe"),
        ("errors.py", "from kling_desktop.domain.tasks import Trouble"),
        ("studio/studio.py", "from . import feed"),
    ],
)
def test_an_arrow_down_is_let_through(tmp_path: Path, room: str, text: str) -> None:
    assert list(house.back_arrows(_build(tmp_path, {room: text}))) == []


def test_a_room_on_no_floor_is_caught(tmp_path: Path) -> None:
    assert list(house.homeless(_build(tmp_path, {"domain.py": "", "attic/box.py": ""}))) == ["attic"]


@pytest.mark.parametrize(
    ("room", "text"),
    [
        ("sandbox/server.py", "from kling_desktop.domain.tasks import Task"),
        ("sandbox/server.py", "from kling_desktop import __version__"),
        ("studio/studio.py", "from kling_desktop.sandbox.server import Sandbox"),
    ],
)
def test_the_sandbox_shares_nothing(tmp_path: Path, room: str, text: str) -> None:
    assert list(house.visits_aside(_build(tmp_path, {room: text})))


@pytest.mark.parametrize("library", house.DOORS)
def test_a_library_beside_its_door_is_caught(tmp_path: Path, library: str) -> None:
    package = _build(tmp_path, {"studio/studio.py": f"def f():\n    from {library} import x"})
    assert list(house.wrong_doors(package))


@pytest.mark.parametrize(("library", "doors"), house.DOORS.items())
def test_a_library_at_its_door_is_let_in(tmp_path: Path, library: str, doors: tuple[str, ...]) -> None:
    room = doors[0] if doors[0].endswith(".py") else f"{doors[0].rstrip('/')}/x.py"
    assert list(house.wrong_doors(_build(tmp_path, {room: f"import {library}"}))) == []


def test_a_circle_is_caught_even_when_a_function_hides_it(tmp_path: Path) -> None:
    package = _build(
        tmp_path,
        {
            "__init__.py": "",
            "studio/__init__.py": "",
            "studio/a.py": "from kling_desktop.studio import b",
            "studio/b.py": "def f():\n    from .a import g",
        },
    )
    assert list(house.circles(package))


def test_a_bag_is_caught(tmp_path: Path) -> None:
    package = _build(tmp_path, {"kling/http_utils.py": "", "ui/helpers/x.py": "", "kling/client.py": ""})
    assert list(house.bags(package)) == ["kling/http_utils.py", "ui/helpers/x.py"]


@pytest.mark.parametrize("text", ["", "x = 1", '"""."""', '"""no full stop at the end"""'])
def test_a_module_that_does_not_say_what_it_is_for_is_caught(tmp_path: Path, text: str) -> None:
    assert list(house.untold(_build(tmp_path, {"x.py": text})))


@pytest.mark.parametrize("text", ["x = 1  # noqa", "x = 1  # noqa: E501", "x = 1  # type: ignore[misc]"])
def test_a_suppression_without_a_reason_is_caught(tmp_path: Path, text: str) -> None:
    package = _build(tmp_path, {"x.py": text, "y.py": f"{text}  # the library has no types"})
    assert len(list(house.unreasoned(package))) == 1


def test_a_test_without_a_room_is_caught(tmp_path: Path) -> None:
    package = _build(tmp_path, {"store/library.py": "", "tests/test_library.py": "", "tests/test_attic.py": ""})
    assert list(house.roomless_tests(package / "tests", [package / "store"])) == ["test_attic.py"]


def test_the_program_has_one_ledger() -> None:
    """A second one would not hear of changes that the first must not take back (`Ledger.note_durably`)."""
    made = [path.name for path in PACKAGE.rglob("*.py") for _ in range(path.read_text("utf-8").count(" Ledger("))]
    assert made == ["studio.py"]


def _first_of_av(source: str) -> str:
    """The first line of a module that loads PyAV; "" where none does."""
    lines = source.splitlines()
    return next((line for line in lines if line.startswith(("import av", "from av"))), "")


def test_pyav_is_loaded_whole_before_its_parts() -> None:
    """Two threads that load it at once, one of them by a part, break each other: each holds what the other waits for.

    The part is locked before the whole is, and the whole loads the part; who asks for the whole first just waits.
    """
    sources = {path: _first_of_av(path.read_text(encoding="utf-8")) for path in PACKAGE.rglob("*.py")}
    assert sum(bool(line) for line in sources.values()) > 20
    assert [path.name for path, line in sources.items() if line.startswith("from av.")] == []


def test_one_place_puts_layouts_into_layouts() -> None:
    """Done as Qt has it, PySide keeps wrappers of what Qt may delete unheard, and the program crashes later."""
    calls = (".addLayout(", ".insertLayout(")
    made = [path.name for path in PACKAGE.rglob("*.py") if any(call in path.read_text("utf-8") for call in calls)]
    assert made == ["layouts.py"]
