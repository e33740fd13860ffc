"""How continued takes are joined to what was before them: found once, and kept with the take."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from kling_desktop.domain.clips import Clip
from kling_desktop.domain.takes import ColourMap, Part, TakeState, Way
from kling_desktop.errors import NotAVideo
from kling_desktop.studio.films.joining.seed_frames import SeedFrames
from kling_desktop.studio.films.joining.stretches import Stretch, stretches_of
from kling_desktop.studio.films.tree import Tree

MOST_TRIMMED = 12
"""Frames that may be left out at a clip's beginning: half a second, which holds any stall that was seen."""


@dataclass(frozen=True, slots=True)
class Join:
    """How a continued take is joined to what was before it."""

    trim: int
    """Frames left out behind the one that repeats the seed, 0 to MOST_TRIMMED."""
    matched: bool
    """Whether its colours are brought to the film's."""
    suggested_trim: int
    """What would leave out a stall at its beginning."""
    can_match: bool
    """Whether there is a colour map that helps."""


@dataclass(frozen=True, slots=True)
class _Found:
    start: Fraction
    """When the first picture is due that does not repeat the seed, in the clip."""
    step: Fraction
    """From one of its pictures to the next."""
    trim: int
    colour: ColourMap | None


class Joins:
    """Lives on the loop's thread; clips are looked at in worker threads."""

    def __init__(self, tree: Tree, clip: Callable[[str], Clip | None], seeds: SeedFrames) -> None:
        self._tree = tree
        self._clip = clip
        self._seeds = seeds

    async def fit(self, take_id: str) -> None:
        """Have every join of the film up to a take found, so that it is exported as it will be shown.

        Raises KlingDesktopError when a file is not here or cannot be read.
        """
        path = self._tree.path_to(take_id).takes
        continued = [state for state in path if state.take.way is Way.CONTINUE and state.clip is not None]
        known = self._tree.joined_among([state.take.id for state in continued])  # of a long film, as good as all
        for state in continued:
            if state.take.id not in known:
                await self.fitted(state)

    async def fitted(self, state: TakeState) -> tuple[Part, ...]:
        """The parts as they are joined: the repeated frame left out, the colours brought together. Kept, once found."""
        noted = self._tree.noted_parts(state.take.id)
        if noted:
            return noted
        found = await self._looked_at(state)
        if noted := self._tree.noted_parts(state.take.id):  # meanwhile, perhaps by the creator's hand
            return noted
        parts = self._tree.parts(state.take.id)
        whole = (*parts[:-1], Part(parts[-1].clip_id, found.start, None, found.colour))
        self._tree.note_parts(state.take.id, whole)
        return whole

    async def of(self, state: TakeState) -> Join:
        """How a continued take is joined now, and what is known of its beginning."""
        found = await self._looked_at(state)
        noted = self._tree.noted_parts(state.take.id)
        start = noted[-1].start if noted else found.start
        matched = bool(noted and noted[-1].colour) or (not noted and found.colour is not None)
        trim = round((start - found.start) / found.step) if start > found.start else 0
        return Join(min(trim, MOST_TRIMMED), matched, found.trim, found.colour is not None)

    async def changed(self, state: TakeState, trim: int, *, matched: bool) -> tuple[Part, ...]:
        """The parts of a take joined otherwise, not yet noted: see `Continuation.rejoin`."""
        found = await self._looked_at(state)
        start = found.start + max(0, min(trim, MOST_TRIMMED)) * found.step
        parts = self._tree.parts(state.take.id)
        return (*parts[:-1], Part(parts[-1].clip_id, start, None, found.colour if matched else None))

    async def _looked_at(self, state: TakeState) -> _Found:
        """How its clip begins behind the film before it, by the picture that it was made from.

        One that is not on the disk, as of an archive, is taken once more: the film is the same. A take whose task is
        known no more has no picture, and the usual join.
        """
        clip, task = state.clip, state.task
        if clip is None or clip.file is None or state.take.way is not Way.CONTINUE:
            raise NotAVideo(f"take {state.take.id} is not joined here")
        generation = task.extension.generation if task is not None else None
        before = stretches_of(self._tree.parts(state.take.id)[:-1], self._clip)
        if generation is not None and (generation.first_frame is None or not generation.first_frame.exists()):
            generation = await self._seeds.taken(before, generation)
        return await asyncio.to_thread(_found, before, generation.first_frame if generation else None, clip.file)


def _found(before: Sequence[Stretch], seed: Path | None, clip: Path) -> _Found:
    # In a worker thread. The libraries are loaded here: they would slow the start.
    from kling_desktop.media.film.colour_match import match_clip
    from kling_desktop.media.film.conform import film_shape
    from kling_desktop.media.film.duplicate_frame import find_start
    from kling_desktop.media.frame_times import frame_times

    step = frame_times(clip).step
    if seed is None or not seed.exists():  # the picture was thrown away: the usual join
        return _Found(Fraction(0), step, 0, None)
    last = before[-1]
    start = find_start(seed, last.file, clip, last.part.end)
    shape = film_shape(before[0].file)
    match = match_clip(seed, clip, shape.width, shape.height)
    return _Found(start.start, step, start.trim, match.colour)
