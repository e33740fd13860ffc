"""Keeps the verdict of each take's seam beside its task, by the creator's limits, so that lists can be put in order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any

from kling_desktop.domain.analysis import Seam, Verdict
from kling_desktop.domain.seam_limits import SeamLimits
from kling_desktop.studio.analysis.findings import SEAMS, VERSION
from kling_desktop.studio.feed import Fact, Feed, SeamLimitsMoved, SeamsFound, VerdictsJudged

if TYPE_CHECKING:
    from kling_desktop.store.films.listing import Listing
    from kling_desktop.store.library import Library

_AT_ONCE = 20
"""Clips judged between two looks at what else there is to do: a few milliseconds."""
_JUDGED = "judged"
"""Kind of the one finding that says by which limits all were judged last."""


class Verdicts:
    """Lives on the loop's thread. Hand it every batch of facts before the screen hears it."""

    def __init__(
        self,
        library: Library,
        listing: Listing,
        seams: Callable[[str], tuple[Seam, ...]],
        limits: Callable[[], SeamLimits],
        feed: Feed,
        run_in_background: Callable[[Coroutine[Any, Any, None]], object],
    ) -> None:
        """`seams` gives those of a clip, judged by the limits as they are now."""
        self._library = library
        self._listing = listing
        self._seams = seams
        self._limits = limits
        self._feed = feed
        self._run_in_background = run_in_background

    def hear(self, facts: Sequence[Fact]) -> None:
        """Note what was found."""
        for fact in facts:
            if isinstance(fact, SeamsFound) and fact.trouble is None:
                self._listing.note_verdict(fact.clip_id, _newest(fact.seams))
            elif isinstance(fact, SeamLimitsMoved):
                self._run_in_background(self.judge_all())

    async def judge_all(self) -> None:
        """Judge every take again, if the limits are others than last time. VerdictsJudged tells."""
        stamp = repr((VERSION, self._limits().factors))
        kept = self._library.finding("", _JUDGED)
        if kept is not None and kept[0] == stamp:
            return
        last = ""
        while clips := self._listing.clips_with_findings(SEAMS, last, _AT_ONCE):
            for clip_id in clips:
                self._listing.note_verdict(clip_id, _newest(self._seams(clip_id)))
            last = clips[-1]
            await asyncio.sleep(0)
        self._library.put_finding("", _JUDGED, stamp, "")
        self._feed.publish(VerdictsJudged())


def _newest(seams: Sequence[Seam]) -> Verdict | None:
    """Of the seam at which a clip's own part begins."""
    return seams[-1].told if seams else None
