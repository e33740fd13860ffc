"""What the program is made of, and under which licences: what is really there, not what somebody once wrote down."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

_OURS = "kling-desktop"


@dataclass(frozen=True, slots=True)
class Ingredient:
    """Something of others that the program runs with."""

    name: str
    version: str
    """Empty where its maker tells none."""
    licence: str
    """SPDX where that is known, else its maker's own words."""


def read_ingredients(listed: Path) -> tuple[Ingredient, ...]:
    """Takes some hundredths of a second: call it from a worker thread.

    `listed` is the list that an installer has written of all that it carries. A program that pip has installed has
    none, and tells what pip has brought along for it.
    """
    if listed.is_file():
        rows = json.loads(listed.read_text(encoding="utf-8"))
        return tuple(Ingredient(name, version, licence) for name, version, licence, _ in rows)
    return tuple(sorted(_installed(), key=lambda one: one.name.lower()))


def _installed() -> Iterator[Ingredient]:
    """Everything that is installed of what we ask for, of what that asks for, and so on."""
    seen, asked = {_OURS}, [_OURS]
    while asked:
        name = asked.pop()
        try:
            found = metadata.distribution(name)
        except metadata.PackageNotFoundError:  # of another system, or an extra that nobody wanted
            continue
        if name != _OURS:
            yield Ingredient(found.name, found.version, _licence(found))
        wanted = {_plain(one) for one in found.requires or [] if not _is_for_developers(one)}
        asked += sorted(wanted - seen)
        seen |= wanted


def _is_for_developers(requirement: str) -> bool:
    """Extras of others are not ours, and of our own only that of timelines is something the program runs with."""
    return "extra ==" in requirement and "timelines" not in requirement


def _plain(requirement: str) -> str:
    return re.split(r"[^\w.-]", requirement, maxsplit=1)[0].lower().replace("_", "-")


def _licence(found: metadata.Distribution) -> str:
    head = found.metadata
    if "License-Expression" in head:
        return head["License-Expression"]
    kinds = [kind.split(" :: ")[-1] for kind in head.get_all("Classifier") or [] if kind.startswith("License ::")]
    words = head["License"] if "License" in head else ""  # noqa: SIM401 - the type of metadata has no get()
    return ", ".join(kinds) or words.partition("\n")[0]
