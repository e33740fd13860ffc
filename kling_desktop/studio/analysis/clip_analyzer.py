"""Looks into clips in the background: their seams, drift, tail and filmstrip, each once, kept in the library."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, TypeVar

from kling_desktop.domain.analysis import HopLook, Seam, Strip, Tail
from kling_desktop.domain.clips import Clip
from kling_desktop.domain.seam_limits import SeamLimits
from kling_desktop.errors import DownloadFailed, FileTrouble, KlingDesktopError, LinkExpired, Unreachable
from kling_desktop.studio.analysis.chain import Link, chain_of
from kling_desktop.studio.analysis.findings import (
    DRIFT,
    SEAMS,
    STRIP,
    TAIL,
    Findings,
    is_known_outdated,
    known_stamp,
    stamp_of,
)
from kling_desktop.studio.analysis.seam_stamp import SeamStamp
from kling_desktop.studio.feed import DriftMeasured, Feed, SeamsFound, StripMade, TailExamined
from kling_desktop.studio.naming import id_name, seen_name

if TYPE_CHECKING:
    from kling_desktop.store.library import Library

log = logging.getLogger(__name__)

Found = TypeVar("Found")

_SWEPT = 500
"""The newest clips, whose findings are brought up to date by themselves; others when they are looked at."""


class _CalledOff(Exception):
    """Nobody waits for the answer any more."""


@dataclass(frozen=True, slots=True)
class Joint:
    """Where a hop begins in a film that was joined here."""

    hop: int
    frame: int
    """The first new one, counted from the film's first."""
    prompt: str


class ClipAnalyzer:
    """One file is decoded at a time, so that the player keeps a core for itself.

    Lives on the loop's thread; all decoding is in worker threads. Asking again while an answer is on its way costs
    nothing. Every question is answered by one fact, unless it was called off.
    """

    def __init__(
        self, library: Library, feed: Feed, folder: Path, limits: Callable[[], SeamLimits] = SeamLimits
    ) -> None:
        """`limits` are the creator's: all seams are told as judged by them."""
        self._library = library
        self._limits = limits
        self._feed = feed
        self._folder = folder
        self._findings = Findings(library)
        self._under_way: dict[tuple[str, str, Path | None], Event] = {}
        self._decoder = asyncio.Semaphore(1)
        self._idle = asyncio.Event()
        self._idle.set()
        self._closed = False

    def close(self) -> None:
        """Call everything off; the threads stop after their next frame."""
        self._closed = True
        self._idle.set()
        for stop in self._under_way.values():
            stop.set()

    def call_off(self, clip_id: str) -> None:
        """Nobody looks at this clip any more: what is under way for it ends without a fact."""
        for (_, clip, _), stop in self._under_way.items():
            if clip == clip_id:
                stop.set()

    # --- what is known already: reads the library, at once ---

    def seams(self, clip_id: str) -> tuple[Seam, ...]:
        """First hop first, as found last."""
        return self._judged(self._findings.seams(clip_id))

    def newest_seam(self, clip: Clip | None) -> Seam | None:
        """The one at which the clip's newest stretch begins, if it was found."""
        seam = self._findings.newest_seam(clip.id) if clip is not None else None
        return self._limits().judged(seam) if seam is not None else None

    def drift(self, clip_id: str) -> tuple[HopLook, ...]:
        """Hop 0 first, as measured last."""
        return self._findings.drift(clip_id)

    def tail_still(self, clip_id: str) -> Path | None:
        """The still of a clip's last frame, if it was made. Costs one look at the folder."""
        still = self._folder / "tails" / f"{id_name(clip_id)}.jpg"
        return still if still.exists() else None

    def strip(self, clip_id: str) -> Strip | None:
        """The filmstrip, if its file is still there."""
        strip = self._findings.strip(clip_id)
        return strip if strip is not None and strip.file.exists() else None

    # --- what is to be found out: each answers with its fact ---

    async def find_seams(self, clip: Clip) -> None:
        """SeamsFound, from the library when the file and its chain are the same as then."""

        def tell(seams: tuple[Seam, ...] | None, error: KlingDesktopError | None) -> None:
            self._feed.publish(SeamsFound(clip.id, self._judged(seams or ()), error.trouble if error else None))

        await self._answer(SEAMS, clip, lambda stop: self._seams(clip, stop), tell)

    async def measure_known(
        self, clip: Clip, film: Path, inherited: tuple[Seam, ...], joins: tuple[Joint, ...]
    ) -> None:
        """SeamsFound for a take that was joined here: where hops begin in `film` is known, and nothing is searched.

        `inherited` are the seams that were measured already, `joins` those that were not; its own is the last of
        them. Kept under the clip that the take added.
        """

        def tell(seams: tuple[Seam, ...] | None, error: KlingDesktopError | None) -> None:
            self._feed.publish(SeamsFound(clip.id, self._judged(seams or ()), error.trouble if error else None))

        async def measure(stop: Event) -> tuple[Seam, ...]:
            places = [(seam.hop, seam.frame) for seam in inherited] + [(join.hop, join.frame) for join in joins]
            stamp = known_stamp(await asyncio.to_thread(stamp_of, replace(clip, file=film), *places))
            if self._findings.stamp(clip.id, SEAMS) == stamp:
                return self._findings.seams(clip.id)
            measured = await self._decoded(stop, _measure_known, film, joins, stop)
            found = tuple(sorted((*inherited, *measured), key=_frame))
            self._keep(stop, clip.id, SEAMS, stamp, found)
            return found

        await self._answer(SEAMS, clip, measure, tell)

    async def measure_drift(self, clip: Clip, film: Path | None = None) -> None:
        """DriftMeasured, after the seams were found; of `film`, where the clip is the last part of one joined here."""

        def tell(hops: tuple[HopLook, ...] | None, error: KlingDesktopError | None) -> None:
            self._feed.publish(DriftMeasured(clip.id, hops or (), error.trouble if error else None))

        await self._answer(DRIFT, clip, lambda stop: self._drift(clip, film, stop), tell)

    async def examine_tail(self, clip: Clip) -> None:
        """TailExamined; of a clip without a file by its address."""

        def tell(tail: Tail | None, error: KlingDesktopError | None) -> None:
            self._feed.publish(TailExamined(clip.id, tail, error.trouble if error else None))

        await self._answer(TAIL, clip, lambda stop: self._tail(clip, stop), tell)

    async def make_strip(self, clip: Clip) -> None:
        """StripMade; of a clip without a file by its address."""

        def tell(strip: Strip | None, error: KlingDesktopError | None) -> None:
            self._feed.publish(StripMade(clip.id, strip, error.trouble if error else None))

        await self._answer(STRIP, clip, lambda stop: self._strip(clip, stop), tell)

    async def measure_again(self, joined: Callable[[Clip], Awaitable[None]], pause: float = 5.0) -> None:
        """Find anew what an older version of this program found, oldest clip first, so that hops inherit what is new.
        Rests so many seconds before it begins and before each, and as long as anything else is looked for.

        `joined` does it for a clip that was joined to a film here: the film is not this room's.
        """
        await asyncio.sleep(pause)
        for clip in reversed(self._library.clips(_SWEPT)):
            if not self._findings.stamp(clip.id, SEAMS):
                await asyncio.sleep(0)  # there may be hundreds of them, and the loop is the window's too
                if self._closed:
                    break
                continue
            await asyncio.sleep(pause)
            await self._idle.wait()
            if self._closed:
                break
            if is_known_outdated(self._findings.stamp(clip.id, SEAMS)) and not clip.parent_id:
                await joined(clip)
            elif await self._is_outdated(clip):
                await self.find_seams(clip)

    # --- inside ---

    async def _is_outdated(self, clip: Clip) -> bool:
        """Whether its seams would be found otherwise now; not, where there is no file to find them in."""
        links = chain_of(clip, self._library)
        if not links or clip.file is None or not await asyncio.to_thread(clip.file.exists):
            return False
        then = SeamStamp.read(self._findings.stamp(clip.id, SEAMS))
        return then is None or not then.serves(await asyncio.to_thread(SeamStamp.now, clip, links))

    def _judged(self, seams: tuple[Seam, ...]) -> tuple[Seam, ...]:
        limits = self._limits()
        return tuple(limits.judged(seam) for seam in seams)

    async def _answer(
        self,
        kind: str,
        clip: Clip,
        find: Callable[[Event], Awaitable[Found]],
        tell: Callable[[Found | None, KlingDesktopError | None], None],
    ) -> None:
        """The one frame of all four: once at a time per file of a clip, which may be the film that it was joined to;
        called off when asked, troubles told as facts.
        """
        key = (kind, clip.id, clip.file)
        if self._closed or (key in self._under_way and not self._under_way[key].is_set()):
            return
        stop = self._under_way[key] = Event()
        self._idle.clear()
        try:
            found = await find(stop)
        except (DownloadFailed, FileTrouble, Unreachable) as error:
            log.info("%s of %s not found: %s", kind, clip.id, type(error).__name__)
            if not stop.is_set():
                tell(None, error)
        except _CalledOff:
            log.debug("%s of %s called off", kind, clip.id)
        else:
            if not stop.is_set():
                tell(found, None)
        finally:
            stop.set()  # a thread whose task was cancelled ends too
            if self._under_way.get(key) is stop:
                del self._under_way[key]
            if not self._under_way:
                self._idle.set()

    async def _seams(self, clip: Clip, stop: Event) -> tuple[Seam, ...]:
        links = chain_of(clip, self._library)
        if not links:
            return ()
        if clip.file is None:
            raise FileTrouble(f"clip {clip.id} has no file yet")
        now = await asyncio.to_thread(SeamStamp.now, clip, links)
        then, known = SeamStamp.read(self._findings.stamp(clip.id, SEAMS)), self._findings.seams(clip.id)
        if then is not None and then.serves(now):
            return known
        if then is not None and then.places(now):
            places = tuple(Joint(seam.hop, seam.frame, seam.prompt) for seam in known)
            measured = await self._decoded(stop, _measure_known, clip.file, places, stop)
            pairs = zip(measured, known, strict=True)
            found = tuple(replace(seam, confidence=before.confidence) for seam, before in pairs)
            now = replace(now, at_hand=then.at_hand)
        else:
            inherited = self._findings.seams(links[-1].parent_id) if len(links) > 1 else ()
            found = await self._decoded(stop, _find_seams, clip.file, links, inherited, stop)
        self._keep(stop, clip.id, SEAMS, str(now), found)
        return found

    async def _drift(self, clip: Clip, film: Path | None, stop: Event) -> tuple[HopLook, ...]:
        seams = await self._seams(clip, stop) if film is None else self._findings.seams(clip.id)
        clip = replace(clip, file=film or clip.file)
        if clip.file is None:
            raise FileTrouble(f"clip {clip.id} has no file yet")
        frames = tuple(seam.frame for seam in seams)
        stamp = await asyncio.to_thread(stamp_of, clip, frames)
        if self._findings.stamp(clip.id, DRIFT) == stamp:
            return self._findings.drift(clip.id)
        found = await self._decoded(stop, _measure_drift, clip.file, frames, stop)
        self._keep(stop, clip.id, DRIFT, stamp, found)
        return found

    async def _tail(self, clip: Clip, stop: Event) -> Tail:
        stamp = await asyncio.to_thread(stamp_of, clip)
        kept = self._findings.tail(clip.id)
        if kept is not None and self._findings.stamp(clip.id, TAIL) == stamp and kept.still.exists():
            return kept
        still = self._folder / "tails" / f"{id_name(clip.id)}.jpg"
        found = await self._decoded(stop, _examine_tail, _source(clip), still, stop)
        self._keep(stop, clip.id, TAIL, stamp, found)
        return found

    async def _strip(self, clip: Clip, stop: Event) -> Strip:
        stamp = await asyncio.to_thread(stamp_of, clip)
        kept = self.strip(clip.id)
        if kept is not None and self._findings.stamp(clip.id, STRIP) == stamp:
            return kept
        target = self._folder / "strips" / f"{seen_name(clip)}.jpg"
        found = await self._decoded(stop, _make_strip, _source(clip), target, stop)
        self._keep(stop, clip.id, STRIP, stamp, found)
        return found

    async def _decoded(self, stop: Event, work: Callable[..., Found | None], *arguments: object) -> Found:
        """What `work` finds in a thread, when it is its turn. Raises _CalledOff."""
        async with self._decoder:
            found = None if stop.is_set() else await asyncio.to_thread(work, *arguments)
        if found is None:
            raise _CalledOff
        return found

    def _keep(self, stop: Event, clip_id: str, kind: str, stamp: str, found: object) -> None:
        if not stop.is_set():
            self._findings.keep(clip_id, kind, stamp, found)


def _frame(seam: Seam) -> int:
    return seam.frame


def _source(clip: Clip) -> Path | str:
    if clip.file is None and not clip.url:
        raise LinkExpired("neither file nor address")
    return clip.file or clip.url


# In worker threads. The libraries are loaded here: they would slow the start. None: nobody waits for it any more.


def _find_seams(
    file: Path, links: tuple[Link, ...], inherited: tuple[Seam, ...], stop: Event
) -> tuple[Seam, ...] | None:
    from kling_desktop.media import frames
    from kling_desktop.media.analysis import seams

    hops = tuple(
        seams.Hop(link.hop, link.parent_seconds, link.slack_seconds, link.parent_file, link.prompt) for link in links
    )
    try:
        return seams.seams(file, hops, inherited, stop.is_set)
    except frames.Abandoned:
        return None


def _measure_known(film: Path, joins: tuple[Joint, ...], stop: Event) -> tuple[Seam, ...] | None:
    from kling_desktop.media import frames
    from kling_desktop.media.analysis.known_seams import KnownSeam, known_seams

    try:
        return known_seams(film, [KnownSeam(each.hop, each.frame, each.prompt) for each in joins], stop.is_set)
    except frames.Abandoned:
        return None


def _measure_drift(file: Path, seam_frames: tuple[int, ...], stop: Event) -> tuple[HopLook, ...] | None:
    from kling_desktop.media import frames
    from kling_desktop.media.analysis import drift

    try:
        return drift.drift(file, seam_frames, stop.is_set)
    except frames.Abandoned:
        return None


def _examine_tail(source: Path | str, still: Path, stop: Event) -> Tail | None:
    from kling_desktop.media import frames
    from kling_desktop.media.analysis import tail

    try:
        return tail.examine(source, still, stopped=stop.is_set)
    except frames.Abandoned:
        return None


def _make_strip(source: Path | str, target: Path, stop: Event) -> Strip | None:
    from kling_desktop.media import frames, strip

    try:
        return strip.strip(source, target, stop.is_set)
    except frames.Abandoned:
        return None
