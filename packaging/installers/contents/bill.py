"""Bills of materials in CycloneDX: one beside each file that is handed out, saying what is in it."""

from __future__ import annotations

import json
import re
import tarfile
import uuid
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path
from typing import Any

from installers.contents.part import HERE, Part
from installers.workshop import Workshop, checksum

_KINDS = {"python": "pypi", "debian": "deb/debian", "inside": "generic", HERE: "generic"}
_EXPRESSION = re.compile(r"[A-Za-z0-9.+-]+( (AND|OR|WITH) [A-Za-z0-9.+-]+)*")
"""Of SPDX; other words are a name."""


def write(path: Path, bill: dict[str, Any]) -> None:
    """In the same order each time."""
    path.write_text(json.dumps(bill, indent=2, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")


def beside(made: Path, workshop: Workshop) -> Path:
    """`FILE.cdx.json` next to a file that is handed out, with that file's checksum."""
    if made.suffix == ".whl" or made.name.endswith(".tar.gz"):
        bill = _asked_for(_metadata(made), workshop.epoch)
    else:
        bill = json.loads((workshop.papers / "sbom.cdx.json").read_text(encoding="utf-8"))
    digest = checksum(made)
    bill["metadata"]["component"]["hashes"] = [{"alg": "SHA-256", "content": digest}]
    bill["serialNumber"] = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, digest)}"
    path = made.with_name(f"{made.name}.cdx.json")
    write(path, bill)
    return path


def cyclonedx(parts: list[Part], epoch: int) -> dict[str, Any]:
    """What is carried, ourselves first, in CycloneDX 1.5."""
    components = [
        {
            "type": "library",
            "bom-ref": f"{part.origin}:{part.name}@{part.version}",
            "name": part.name,
            "version": part.version,
            "licenses": _licences(part.licence),
            "purl": f"pkg:{_KINDS[part.origin]}/{part.name.lower()}" + (f"@{part.version}" if part.version else ""),
        }
        for part in parts[1:]
    ]
    return _bill(parts[0].name, parts[0].version, components, epoch)


def _bill(name: str, version: str, components: list[dict[str, Any]], epoch: int) -> dict[str, Any]:
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(components))}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.fromtimestamp(epoch, UTC).isoformat(),
            "component": {"type": "application", "bom-ref": name, "name": name, "version": version},
        },
        "components": components,
    }


def _licences(words: str) -> list[dict[str, Any]]:
    """One expression where it is one, else the words as a name."""
    plain = words.replace("(", "").replace(")", "")
    return [{"expression": words}] if _EXPRESSION.fullmatch(plain) else [{"license": {"name": words}}]


def _asked_for(head: Message, epoch: int) -> dict[str, Any]:
    """A wheel or sdist carries nothing of others: what pip brings along is named, with the bounds that it has."""
    components = [
        {
            "type": "library",
            "bom-ref": f"asked:{requirement}",
            "name": requirement,
            "purl": f"pkg:pypi/{requirement.lower()}",
            "scope": "optional" if is_optional else "required",
            "properties": [{"name": "requirement", "value": bounds}],
        }
        for requirement, bounds, is_optional in _requirements(head.get_all("Requires-Dist") or [])
    ]
    return _bill(str(head["Name"]), str(head["Version"]), components, epoch)


def _requirements(lines: Iterable[str]) -> list[tuple[str, str, bool]]:
    """Name, bounds and whether it can be left out, each name once; what only developers need is left out."""
    told: dict[str, tuple[str, str, bool]] = {}
    for line in lines:
        asked, _, marker = (part.strip() for part in line.partition(";"))
        name = re.match(r"[\w.-]+", asked)
        if name and "dev" not in marker:
            told.setdefault(name[0], (name[0], asked[name.end() :], "extra" in marker))
    return list(told.values())


def _metadata(made: Path) -> Message:
    if made.suffix == ".whl":
        with zipfile.ZipFile(made) as archive:
            (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
            return HeaderParser().parsestr(archive.read(name).decode())
    with tarfile.open(made) as archive:
        (member,) = (one for one in archive if one.name.count("/") == 1 and one.name.endswith("/PKG-INFO"))
        stream = archive.extractfile(member)
        return HeaderParser().parsestr(stream.read().decode() if stream else "")
