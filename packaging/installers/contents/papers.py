"""Licences of what a bundle really carries, read from PyInstaller's own list of files."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from installers.contents import bill
from installers.contents.inside import INSIDE, SPDX
from installers.contents.part import HERE, Part
from installers.workshop import DEFINITIONS, NAME, Workshop, version
from project_venv import ROOT
from system import NotReady

UNKNOWN = "not stated"


def write(collected: Path, archived: Path, python: Path, workshop: Workshop) -> None:
    """Fill `workshop.papers`: LICENCES.md, licences.json for About, full texts in a folder each, sbom.cdx.json.

    Raises NotReady when the licence of something that is bundled is not known.
    """
    folder = workshop.fresh("papers")
    parts = list(found(collected, archived, python, workshop))
    if unknown := [part.name for part in parts if part.licence == UNKNOWN]:
        raise NotReady(f"contents/inside.py does not know the licences of {', '.join(unknown)}.")
    (folder / "LICENCES.md").write_text(_list(parts), encoding="utf-8")
    told = [[part.name, part.version, part.licence, part.note] for part in parts[1:]]
    (folder / "licences.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    bill.write(folder / "sbom.cdx.json", bill.cyclonedx(parts, workshop.epoch))
    shutil.copytree(DEFINITIONS / "licences", folder / "texts")
    for part in parts:
        for text in part.texts:
            kept = folder / part.name / text.name
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(text, kept)


def found(collected: Path, archived: Path, python: Path, workshop: Workshop) -> Iterable[Part]:
    """Everything in the bundle, ourselves first."""
    sources = _sources(collected) + _sources(archived)
    yield Part(NAME, version(), "MIT", HERE, (ROOT / "LICENSE",), "Our own source; the bundle is under the GPL.")
    yield _interpreter()
    yield from _distributions(sources, python, workshop)
    yield from _insides(sources)
    yield from _of_the_system(sources)


def _sources(toc: Path) -> list[str]:
    """Where each file of a table of contents came from; links inside of the bundle are left out."""

    def rows(value: object) -> Iterable[str]:
        if isinstance(value, tuple) and len(value) == 3 and all(isinstance(part, str) for part in value):
            yield value[1]
        elif isinstance(value, list | tuple):
            for part in value:
                yield from rows(part)

    return sorted({row for row in rows(ast.literal_eval(toc.read_text(encoding="utf-8"))) if Path(row).is_absolute()})


def _interpreter() -> Part:
    base = Path(sys.base_prefix)  # Windows has its text at the top, the others beside the library
    places = (base / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}", base)
    texts = tuple(path for path in (place / "LICENSE.txt" for place in places) if path.is_file())
    return Part("python", sys.version.split()[0], "PSF-2.0", HERE, texts[:1])


_ASK = """
import json, sys
from importlib import metadata
told = []
for each in metadata.distributions():
    head, files = each.metadata, each.files or []
    licences = [str(each.locate_file(path)) for path in files
                if path.name.upper().startswith(("LICEN", "COPYING", "NOTICE")) and path.suffix != ".py"]
    words = head.get("License-Expression") or ""
    if not words:
        kinds = [kind.split(" :: ")[-1] for kind in head.get_all("Classifier") or [] if kind.startswith("License ::")]
        words = ", ".join(kinds) or (head.get("License") or "").split("\\n")[0]
    told.append([head["Name"], each.version, words, licences, [str(each.locate_file(path)) for path in files]])
print(json.dumps(told))
"""


def _distributions(sources: list[str], python: Path, workshop: Workshop) -> Iterable[Part]:
    """Distributions of which at least one file is in the bundle, and PyInstaller, whose loader starts it."""
    bundled = set(sources)
    for name, its_version, licence, texts, files in sorted(json.loads(workshop.call([python, "-c", _ASK]))):
        if name.lower() in (NAME, "pip", "setuptools"):
            continue
        if name.lower() == "pyinstaller" or bundled & set(files):
            known = INSIDE.get(name.lower())
            words = known.licence if known else SPDX.get(licence, licence) or UNKNOWN
            existing = tuple(Path(text) for text in texts if Path(text).is_file())
            yield Part(name, its_version, words, "python", existing, known.note if known else "")


def _insides(sources: list[str]) -> Iterable[Part]:
    """Libraries that wheels carry: their files do not say whose they are, the table in `inside` does."""
    seen: set[str] = set()
    for source in sources:
        path = Path(source)
        stem = f"lib{re.split(r'[-.]', path.name)[0].removeprefix('lib')}"  # Windows leaves "lib" away
        if "/Qt/lib/" in source and not stem.startswith("libQt6"):
            name = f"qt-{stem}"
        elif path.parent.name.endswith((".libs", ".dylibs")):
            name = stem
        else:
            continue
        if name not in seen:
            seen.add(name)
            known = INSIDE.get(name.lower())
            yield Part(name, "", known.licence if known else UNKNOWN, "inside", (), known.note if known else "")


def _of_the_system(sources: list[str]) -> Iterable[Part]:
    """Debian packages whose libraries PyInstaller copied from the system that the bundle was built on."""
    if shutil.which("dpkg-query") is None:
        return
    owners: set[str] = set()
    for source in sources:
        if source.startswith(("/lib/", "/usr/lib/")):
            paths = {source, str(Path(source).resolve()), source.removeprefix("/usr"), f"/usr{source}"}
            asked = subprocess.run(["dpkg-query", "--search", *sorted(paths)], capture_output=True, text=True)
            owners |= {line.split(":")[0] for line in asked.stdout.splitlines() if not line.startswith("diversion")}
    for owner in sorted(owners):
        told = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", owner], capture_output=True, text=True).stdout
        text = Path("/usr/share/doc") / owner / "copyright"
        texts = (text,) if text.is_file() else ()
        yield Part(owner, told.partition("\n")[0], "see its copyright file", "debian", texts)


def _list(parts: list[Part]) -> str:
    """The list that a creator reads."""
    head = (
        "# What this bundle carries\n\n"
        "The source of Kling Desktop is under the MIT licence. This bundle carries x264 and x265, which are under the\n"
        "GNU General Public License, version 2 or later, and is therefore passed on under the GPL as a whole.\n\n"
        "Qt and Qt for Python are used under the GNU Lesser General Public License, version 3. Each of their\n"
        "libraries is a file of its own below `_internal/PySide6/` and may be replaced by your own build of the same\n"
        "version; nothing in the program checks them.\n\n"
        "The letters, Inter, are under the SIL Open Font License 1.1.\n\n"
        "Full texts lie in folders beside the program; those of the GPL and the LGPL in `texts/`, on Debian also as\n"
        "`/usr/share/common-licenses/GPL-2` and `/usr/share/common-licenses/LGPL-3`.\n\n"
        "| what | version | licence | from | note |\n|---|---|---|---|---|\n"
    )
    rows = [f"| {part.name} | {part.version} | {part.licence} | {part.origin} | {part.note} |" for part in parts]
    return head + "\n".join(rows) + "\n"
