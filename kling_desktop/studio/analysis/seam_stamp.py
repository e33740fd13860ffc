"""Says of kept seams whether they still hold: for the same file, by this version, by every parent that is at hand."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kling_desktop.domain.clips import Clip
from kling_desktop.studio.analysis import findings
from kling_desktop.studio.analysis.chain import Link


@dataclass(frozen=True, slots=True)
class SeamStamp:
    """What seams depend on. As text it is kept beside them.

    A parent's file that is given up, or on a drive that is away, takes nothing from what was found by it; one that has
    come back tells more than was known without it.
    """

    version: int
    """Of the results."""
    film: str
    """Tells the clip's file and what is stated of its hops."""
    at_hand: str
    """Of each hop "1" where the parent's file could be looked at, else "0"."""

    @staticmethod
    def now(clip: Clip, links: Sequence[Link]) -> SeamStamp:
        """As seams would be found now. Looks at the disk: for worker threads."""
        stated = [replace(link, parent_file=None) for link in links]
        told = hashlib.sha256(repr((findings.state_of(clip), stated)).encode()).hexdigest()[:24]
        at_hand = (link.parent_file is not None and link.parent_file.exists() for link in links)
        return SeamStamp(findings.VERSION, told, "".join("01"[here] for here in at_hand))

    @staticmethod
    def read(text: str) -> SeamStamp | None:
        """What was kept; None where that is no stamp of this kind."""
        version, film, at_hand = (text.split(" ") + [""] * 3)[:3]
        return SeamStamp(int(version), film, at_hand) if version.isdecimal() and at_hand else None

    def __str__(self) -> str:
        return f"{self.version} {self.film} {self.at_hand}"

    def serves(self, now: SeamStamp) -> bool:
        """Whether what was found then would not be found better now."""
        return self.version == now.version and self._knew_all(now)

    def places(self, now: SeamStamp) -> bool:
        """Whether places were found then by the file of a parent that is not at hand now."""
        return self._knew_all(now) and self.at_hand != now.at_hand

    def _knew_all(self, now: SeamStamp) -> bool:
        pairs = zip(self.at_hand, now.at_hand, strict=False)
        return self.film == now.film and all(then >= here for then, here in pairs)
