"""The noun: one thing that an installer carries."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

HERE = "local"


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that a bundle carries and somebody else has made, or that we have."""

    name: str
    version: str
    licence: str
    """SPDX where that is known, else the maker's own words."""
    origin: str
    """"python" for a distribution, "debian" for a package of the system it was built on, "inside" for a library that
    a distribution carries, HERE for ourselves and the interpreter."""
    texts: tuple[Path, ...] = ()
    """Files with the licence's full words."""
    note: str = ""
    """What somebody who passes the bundle on has to know."""
