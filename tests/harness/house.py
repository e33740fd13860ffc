"""Reads a tree of Python files by `ast` and says where it breaks the laws of the house.

Imports count wherever they stand: inside functions and under TYPE_CHECKING too, where tangled houses hide
their circles. Every law is a function that yields one line for each breach, so that a test can show it
failing on a small bad tree.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

NAME = "kling_desktop"

Law = Callable[[Path], Iterator[str]]
"""Takes the folder of a package, or of any files; yields the breaches."""

FLOORS = (
    {"__main__"},
    {"app"},
    {"running"},
    {"ui"},
    {"studio"},
    {"kling", "store", "media", "export"},
    {"domain", "errors"},
)
"""From the roof to the ground: a room may import what lies on a floor below its own."""

STAIRS = {("export", "media"), ("errors", "domain")}
"""The only ways between two rooms of one floor."""

INNER_FLOORS = {
    "studio": (
        {"history", "imports", "report"},
        {"studio"},
        {"films"},
        {"tasks"},
        {"clips"},
        {"files", "analysis"},
        {"account", "drafts"},
        {"background"},
        {"feed", "preferences"},
        {"pace", "naming"},
    ),
}
"""Inside a room, likewise. A folder of `studio/` that is not named here stands on no floor."""

CUT_FROM = 13
"""So many files in one folder want an inner cut."""

ASIDE = "sandbox"
"""Stands beside the house: imports nothing of ours, and only these are let in from the house."""
VISITORS = {"__main__", "app", "running"}

SKIPPED = {("ui", room) for room in ("kling", "store", "media", "export")}
"""Floors that may not be jumped: the screen speaks with the studio only."""

DOORS = {
    "httpx": ("kling/",),
    "jwt": ("kling/",),
    "starlette": ("sandbox/", "kling/callbacks/"),
    "uvicorn": ("sandbox/", "kling/callbacks/"),
    "sqlite3": ("store/",),
    "keyring": ("store/vault.py",),
    "av": ("media/", "sandbox/"),
    "numpy": ("media/", "sandbox/"),
    "opentimelineio": ("export/timelines/",),
    "qasync": ("app.py",),
    "platformdirs": ("running/places.py",),
    "PySide6": ("ui/", "running/", "app.py", "__main__.py"),
    "PySide6.QtMultimedia": ("ui/viewer/playing/player.py", "ui/viewer/playing/deep_colour.py"),
}
"""Where each foreign library may be imported: beginnings of paths inside the package."""

BAGS = {"utils", "util", "common", "helpers", "helper", "manager", "controller", "misc"}
"""Names that say nothing about what is inside."""


@dataclass(frozen=True)
class Import:
    """One imported module and where that is written."""

    room: str
    """Path inside the package, as "kling/client.py"."""
    line: int
    module: str
    """Full dotted name; for `from a import b` once as "a" and once as "a.b"."""

    def __str__(self) -> str:
        return f"{self.room}:{self.line} imports {self.module}"


def imports(package: Path) -> list[Import]:
    """All imports of all files of a package, relative ones resolved."""
    return [
        found
        for path in sorted(package.rglob("*.py"))
        for found in _imports_of(package.name, path.relative_to(package).as_posix(), path.read_text(encoding="utf-8"))
    ]


@cache  # each law reads the same files
def _imports_of(package: str, room: str, text: str) -> tuple[Import, ...]:
    return tuple(
        Import(room, getattr(node, "lineno", 0), module)
        for node in ast.walk(ast.parse(text))
        for module in _modules(node, package, room)
    )


def _modules(node: ast.AST, package: str, room: str) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    parents = [package, *Path(room).parent.parts]
    base = ".".join(parents[: len(parents) - node.level + 1]) if node.level else ""
    origin = ".".join(part for part in (base, node.module) if part)
    return [origin, *(f"{origin}.{alias.name}" for alias in node.names)]


def back_arrows(package: Path) -> Iterator[str]:
    """Imports that go up, sideways, or past a floor that may not be jumped."""
    level = {room: number for number, floor in enumerate(FLOORS) for room in floor}
    for found in imports(package):
        here, there = _top(found.room), _target(found.module, package.name)
        if there not in level or here not in level or here == there or (here, there) in STAIRS:
            continue
        if level[there] <= level[here] or (here, there) in SKIPPED:
            yield str(found)


def inner_back_arrows(package: Path) -> Iterator[str]:
    """Imports inside a room that go up or sideways between its inner rooms, and inner rooms on no floor."""
    for found in imports(package):
        parts, target = Path(found.room).with_suffix("").parts, found.module.split(".")
        if parts[0] not in INNER_FLOORS or target[:2] != [package.name, parts[0]] or len(target) < 3:
            continue
        level = {room: number for number, floor in enumerate(INNER_FLOORS[parts[0]]) for room in floor}
        here, there = parts[1], target[2]
        if here == "__init__" or here == there:
            continue
        if here not in level or there not in level or level[there] <= level[here]:
            yield str(found)


def crowded(package: Path) -> Iterator[str]:
    """Folders with so many files that nobody finds one of them in a glance."""
    for folder in sorted({path.parent for path in package.rglob("*.py")}):
        files = [path for path in folder.glob("*.py") if path.name != "__init__.py"]
        if len(files) >= CUT_FROM:
            yield f"{folder.relative_to(package.parent)}: {len(files)} files"


def unmirrored(tests: Path, package: Path, exempt: Iterable[str]) -> Iterator[str]:
    """Test files that do not lie where what they test lies."""
    for path in sorted(tests.rglob("test_*.py")):
        inner = path.relative_to(tests)
        if inner.parts[0] in exempt or len(inner.parts) == 1:
            continue
        home = package / inner.parent / path.name.removeprefix("test_")
        if not (home.exists() or home.with_suffix("").is_dir()):
            yield str(inner)


def homeless(package: Path) -> Iterator[str]:
    """Rooms that stand on no floor."""
    known = {ASIDE, "__init__"}.union(*FLOORS)
    yield from sorted({_top(path.relative_to(package).as_posix()) for path in package.rglob("*.py")} - known)


def visits_aside(package: Path) -> Iterator[str]:
    """Imports of ours in the sandbox, and imports of the sandbox where it is not let in."""
    for found in imports(package):
        here, there = _top(found.room), _target(found.module, package.name)
        leaves = here == ASIDE and there not in (ASIDE, None)
        enters = there == ASIDE and here not in (VISITORS | {ASIDE})
        if leaves or enters:
            yield str(found)


def wrong_doors(package: Path) -> Iterator[str]:
    """Foreign libraries that are imported elsewhere than at their door."""
    for found in imports(package):
        for library, doors in DOORS.items():
            inside = found.module == library or found.module.startswith(f"{library}.")
            if inside and not found.room.startswith(doors):
                yield str(found)


def circles(package: Path) -> Iterator[str]:
    """Rings of modules that import each other."""
    files = {_module(package, path) for path in package.rglob("*.py")}
    graph: dict[str, set[str]] = {name: set() for name in files}
    for found in imports(package):
        here = _module(package, package / found.room)
        if found.module in files and found.module != here and not _opens_own_package(found, here):
            graph[here].add(found.module)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as ring:
        yield " > ".join(ring.args[1])


def _opens_own_package(found: Import, here: str) -> bool:
    """`from package import module` names the package as well; that is no dependence on what it says itself."""
    return here.startswith(f"{found.module}.")


def bags(root: Path) -> Iterator[str]:
    """Files and folders whose name says nothing."""
    for path in sorted(root.rglob("*.py")):
        if BAGS & set(re.split(r"[/_]", path.relative_to(root).with_suffix("").as_posix())):
            yield str(path.relative_to(root))


def untold(root: Path) -> Iterator[str]:
    """Modules whose first line is not one sentence that says what they are for."""
    for path in sorted(root.rglob("*.py")):
        told = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        first = told.partition("\n\n")[0]
        if not re.fullmatch(r"\S.{8,}[.:]", first.replace("\n", " ")):
            yield f"{path.relative_to(root)}: {first!r}"


_SUPPRESSION = re.compile(r"#\s*(noqa(:\s*[\w, ]+?)?|type:\s*ignore(\[[\w, -]+\])?|pragma: no \w+)(?P<rest>\s.*|$)")


def unreasoned(root: Path) -> Iterator[str]:
    """Suppressions of a check without a reason in the same line."""
    for path in sorted(root.rglob("*.py")):
        for line, comment in _comments(path):
            found = _SUPPRESSION.search(comment)
            if found and not re.search(r"[^\W\d]{3,}", found["rest"]):
                yield f"{path.relative_to(root)}:{line} {comment}"


def _comments(path: Path) -> Iterable[tuple[int, str]]:
    text = path.read_text(encoding="utf-8")
    if not _SUPPRESSION.search(text):
        return []
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return [(token.start[0], token.string) for token in tokens if token.type == tokenize.COMMENT]


def roomless_tests(tests: Path, homes: Iterable[Path]) -> Iterator[str]:
    """Test files that are named after no file or folder of the `homes`."""
    rooms = {path.stem for home in homes for path in home.rglob("*")}
    for path in sorted(tests.glob("test_*.py")):
        if path.stem.removeprefix("test_") not in rooms:
            yield path.name


def _top(room: str) -> str:
    return Path(room).parts[0].removesuffix(".py")


def _target(module: str, package: str) -> str | None:
    parts = module.split(".")
    return parts[1] if parts[0] == package and len(parts) > 1 else None


def _module(package: Path, path: Path) -> str:
    parts = [package.name, *path.relative_to(package).with_suffix("").parts]
    return ".".join(parts).removesuffix(".__init__")
