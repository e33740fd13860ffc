"""The seams of films that were joined here: where parts meet is known, the rest is told by what they were made of."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from kling_desktop.domain.analysis import Seam
from kling_desktop.domain.clips import Clip
from kling_desktop.domain.takes import Part, TakeState
from kling_desktop.studio.analysis.clip_analyzer import ClipAnalyzer, Joint
from kling_desktop.studio.feed import SeamsFound
from kling_desktop.studio.films.tree import Tree


class JoinedSeams:
    """Lives on the loop's thread. What a film's first part was extended at is found in that clip, perhaps later than
    the film is made; what an earlier join looks like was measured when its own film was made, if it was.
    """

    def __init__(
        self,
        tree: Tree,
        clip: Callable[[str], Clip | None],
        analyzer: ClipAnalyzer,
        run_in_background: Callable[[Coroutine[Any, Any, None]], object],
    ) -> None:
        self._tree = tree
        self._clip = clip
        self._analyzer = analyzer
        self._run_in_background = run_in_background
        self._heard: dict[str, tuple[int, ...]] = {}
        """Frames at which a clip's seams were told to be last: they are told whenever it is looked at."""

    def lack(self, state: TakeState) -> bool:
        """Whether seams of a take's film are not told: nobody waited while they were measured, or by now its first part
        is known to have others.
        """
        parts, seams = self._tree.noted_parts(state.take.id), self._analyzer.seams(state.take.clip_id)
        joins = len(parts) - 1
        if joins < 1:
            return False
        if len(seams) < joins:
            return True
        told, first_join = seams[:-joins], seams[-joins].frame
        known = [seam.frame for seam in self._analyzer.seams(parts[0].clip_id) if seam.frame < first_join]
        return bool(known) and known != [seam.frame for seam in told]

    def behind(self, fact: SeamsFound) -> list[str]:
        """Takes that may begin with a clip of which something new is told. There can be very many."""
        frames = tuple(seam.frame for seam in fact.seams)
        if not frames or self._heard.get(fact.clip_id) == frames:
            return []
        self._heard[fact.clip_id] = frames
        state = self._tree.take_of_clip(fact.clip_id)
        return self._tree.joined_behind(state.take.id) if state is not None else []

    def begin_with(self, state: TakeState, clip_id: str) -> bool:
        """Whether the film of a take begins with this clip: then it has its seams."""
        parts = self._tree.noted_parts(state.take.id)
        return bool(parts) and parts[0].clip_id == clip_id

    async def measure(self, clip: Clip, film: Path, parts: Sequence[Part], frames: Sequence[int]) -> None:
        """SeamsFound for the clip that `film` ends with; its later parts begin at these frames."""
        inherited = [seam for seam in self._analyzer.seams(parts[0].clip_id) if seam.frame < frames[0]]
        if not inherited:
            self._want(parts[0].clip_id)
        joins = list[Joint]()
        for part, frame in zip(parts[1:], frames, strict=True):
            known = self._analyzer.newest_seam(self._clip(part.clip_id)) if part.clip_id != clip.id else None
            if known is not None:
                inherited.append(_moved(known, frame))
            else:
                state = self._tree.take_of_clip(part.clip_id)
                hop = state.take.hop if state is not None else len(inherited) + len(joins) + 1
                joins.append(Joint(hop, frame, state.words if state is not None else ""))
        await self._analyzer.measure_known(clip, film, tuple(inherited), tuple(joins))

    def _want(self, clip_id: str) -> None:
        """Of a clip that Kling extended: told to all that is joined to it once they are found."""
        clip = self._clip(clip_id)
        if clip is not None and clip.parent_id and clip.file is not None:
            self._run_in_background(self._analyzer.find_seams(clip))


def _moved(seam: Seam, frame: int) -> Seam:
    """A join where it is in another film: one before it may have been trimmed since."""
    seconds = seam.seconds * frame / seam.frame if seam.frame else seam.seconds
    return replace(seam, frame=frame, seconds=seconds)
