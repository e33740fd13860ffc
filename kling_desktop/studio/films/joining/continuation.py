"""Continues a film with a clip that begins with its last frame: the frame is taken, the clip is joined, the film made.

Everything that costs is decided before: the picture lies on the disk before the task is written down, and a second try
sends the same picture. What comes after the download costs nothing and can be made again at any time.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from threading import Event
from typing import Any

from kling_desktop.domain.analysis import LastFrame
from kling_desktop.domain.clips import Clip
from kling_desktop.domain.plans import PlannedHop
from kling_desktop.domain.takes import ColourMap, Part, TakeState, Way
from kling_desktop.domain.tasks import Extension, Generation, Status, Task
from kling_desktop.errors import FileGone, FileTrouble, KlingDesktopError, NotAVideo
from kling_desktop.export.film import ExportFilm
from kling_desktop.studio.analysis.clip_analyzer import ClipAnalyzer
from kling_desktop.studio.feed import ClipChanged, DriftMeasured, Fact, Feed, FilmRendered, SeamsFound, TaskChanged
from kling_desktop.studio.files.folder import make_folder
from kling_desktop.studio.films.joining.asked_records import AskedRecords
from kling_desktop.studio.films.joining.joined_seams import JoinedSeams
from kling_desktop.studio.films.tree import Tree
from kling_desktop.studio.naming import cleaned

log = logging.getLogger(__name__)

MOST_TRIMMED = 12
"""Frames that may be left out at a clip's beginning: half a second, which holds any stall that was seen."""

_PREVIEW_CRF = 17
_LOOK_SECONDS = 3.0
"""Pause before a drive that is away is looked for again."""
"""Of the film that is played here; an export is made from the originals again."""


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A part with the file that it is a part of."""

    part: Part
    file: Path


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


class Continuation:
    """Lives on the loop's thread; pictures and films are made in worker threads, one film at a time."""

    def __init__(
        self,
        tree: Tree,
        clip: Callable[[str], Clip | None],
        analyzer: ClipAnalyzer,
        feed: Feed,
        run_in_background: Callable[[Coroutine[Any, Any, None]], object],
        folder: Path,
        fetch: Callable[[Clip], Awaitable[Clip]],
        handed: Callable[[str], ExportFilm] | None = None,
    ) -> None:
        """`fetch` brings a clip home. `handed` tells what the film up to a take is when it leaves: its file carries
        such papers, since it can be dragged out. `folder` is for pictures, which are kept, as a second try sends the
        same, and for renders, which are a cache.
        """
        self._tree = tree
        self._clip = clip
        self._analyzer = analyzer
        self._feed = feed
        self._run_in_background = run_in_background
        self._fetch, self._handed = fetch, handed
        self._seeds, self._renders = folder / "seeds", folder / "renders"
        self.asked = AskedRecords(folder / "asked", self._seeds)
        """What continued takes go on from, should the library be lost."""
        self._recorded: set[str] = set()
        self._seams = JoinedSeams(tree, clip, analyzer, run_in_background)
        self._rendering = asyncio.Semaphore(1)
        self._under_way: set[str] = set()
        self._without_file: set[str] = set()
        """Takes whose films could not be made, as a file was not where it was."""
        self._looking_out = False
        self._wished: dict[str, tuple[int, bool]] = {}
        self._closing = Event()

    def close(self) -> None:
        """What is being made ends after its next frame; it is made again when it is wanted."""
        self._closing.set()

    # --- before a task is sent -----------------------------------------------------------------------------------

    async def prepared(self, extension: Extension) -> Extension:
        """The same with the picture that the new clip begins with, on our disk.

        What has its picture, or begins with words alone, comes back as it is. Raises KlingDesktopError when the frame
        cannot be had: the parent's file is missing, cannot be read, is HDR, or has a shape that Kling does not take.
        """
        generation = extension.generation
        if generation is None or generation.first_frame is not None or not extension.video_id:
            return extension
        stretches = await self._shown(extension.video_id, self._tree.take_of_clip(extension.video_id))
        return replace(extension, generation=await self._with_frame(stretches, generation))

    async def seed(self, parent: TakeState, hop: PlannedHop) -> Generation:
        """The same for a planned hop."""
        stretches = await self._shown(parent.take.clip_id, parent)
        return await self._with_frame(stretches, hop.generation or Generation(model="kling-v3"))

    async def _shown(self, clip_id: str, state: TakeState | None) -> list[_Stretch]:
        """The film up to a clip as it will be seen, its files fetched and its joins found.

        They may not be yet when the creator, or a plan, is quicker than the render. A picture in the colours that the
        last clip came with would hand its shift on to the next, where nothing could take it back.
        """
        for part in self._parts(clip_id, state):
            if (clip := self._clip(part.clip_id)) is not None and clip.file is None and clip.url:
                await self._fetch(clip)
        if state is not None:
            await self.fit(state.take.id)
        return self._stretches(self._parts(clip_id, state))

    def _parts(self, clip_id: str, state: TakeState | None) -> tuple[Part, ...]:
        return self._tree.parts(state.take.id) if state is not None else (Part(clip_id),)

    async def _with_frame(self, stretches: Sequence[_Stretch], generation: Generation) -> Generation:
        last = stretches[-1]
        before = last.part.end if generation.parent_end is None else generation.parent_end
        name = _key((*(stretch.part for stretch in stretches[:-1]), replace(last.part, end=before)))
        target = self._seeds / name
        kept = next((file for suffix in (".png", ".jpg") if (file := target.with_suffix(suffix)).exists()), None)
        picture = kept or await asyncio.to_thread(_take_seed, stretches, target, before)
        return replace(generation, first_frame=picture)

    async def last_frames(self, clip_id: str) -> tuple[LastFrame, ...]:
        """The last frames of the film up to a clip, the very last one first. Raises as `prepared` does."""
        state = self._tree.take_of_clip(clip_id)
        parts = self._parts(clip_id, state)
        if (clip := self._clip(parts[-1].clip_id if parts else clip_id)) and clip.file is None and clip.url:
            await self._fetch(clip)
        stretches = self._stretches(self._parts(clip_id, state))
        return await asyncio.to_thread(_last_frames, stretches[-1], self._seeds / "offered")

    # --- after the clip has come ---------------------------------------------------------------------------------

    def on_facts(self, facts: Sequence[Fact]) -> None:
        """A continued take whose clip is on the disk is joined and made into a film; a seam that was found in what it
        was joined to is one of its film's too.
        """
        for fact in facts:
            if isinstance(fact, TaskChanged):
                self._record(fact.task)
            if isinstance(fact, (TaskChanged, ClipChanged)) and self._without_file:
                self._join_again(fact.task.clip if isinstance(fact, TaskChanged) else fact.clip)
            if isinstance(fact, SeamsFound) and (behind := self._seams.behind(fact)):
                self._run_in_background(self._handed_down(fact.clip_id, behind))
            elif isinstance(fact, TaskChanged) and fact.task.status is Status.SUCCEEDED:
                clip, generation = fact.task.clip, fact.task.extension.generation
                if generation is not None and fact.task.extension.video_id and clip is not None and clip.file:
                    state = self._tree.take_of_task(fact.task.id)
                    if state is not None and self._is_at_hand(state):
                        self.want(state)

    def _join_again(self, clip: Clip | None) -> None:
        """A file has come home: what could not be made without it is."""
        if clip is None or clip.file is None or not clip.file.exists():
            return
        for take_id in list(self._without_file):
            state = self._tree.take(take_id)
            if state is not None and clip.id in [part.clip_id for part in self._tree.parts(take_id)]:
                self.want(state)

    def _look_out(self) -> None:
        if not self._looking_out:
            self._looking_out = True
            self._run_in_background(self._await_drives())

    async def _await_drives(self) -> None:
        """A drive that comes back tells nobody: what could not be made without it is made once its files are there."""
        try:
            while away := [state for id in self._without_file if (state := self._away(id)) is not None]:
                await asyncio.sleep(_LOOK_SECONDS)
                for state in away:
                    files = [stretch.file for stretch in self._stretches(self._tree.parts(state.take.id))]
                    if state.take.id in self._without_file and await asyncio.to_thread(_are_there, files):
                        self._without_file.discard(state.take.id)  # one more failure brings it back
                        self.want(state)
        except FileGone as error:  # a clip was taken out meanwhile
            log.info("a film is no longer waited for: %s", error)
        finally:
            self._looking_out = False

    def _away(self, take_id: str) -> TakeState | None:
        """The take, if all its files have a place, be it one that cannot be reached."""
        state = self._tree.take(take_id)
        return state if state is not None and self._is_at_hand(state) else None

    def _record(self, task: Task) -> None:
        if task.extension.generation is not None and task.extension.video_id and task.id not in self._recorded:
            self._recorded.add(task.id)
            self._run_in_background(self._kept_beside(task))

    async def _kept_beside(self, task: Task) -> None:
        try:
            await asyncio.to_thread(self.asked.keep, task)
        except FileTrouble as error:  # the library has it, and is kept when it changes next
            self._recorded.discard(task.id)
            log.info("what %s goes on from is not kept beside the library: %s", task.id, error)

    async def _handed_down(self, clip_id: str, take_ids: Sequence[str]) -> None:
        """The seams of a clip to all films that begin with it, one after the other: there may be very many, and the
        loop is the window's too.
        """
        for take_id in take_ids:
            await asyncio.sleep(0)
            state = self._tree.take(take_id)
            if state is not None and self._seams.begin_with(state, clip_id):
                await self._completed(state)

    async def _completed(self, state: TakeState) -> None:
        """A film that is not there tells all its seams when it is made again."""
        if state.take.id not in self._under_way and self._seams.lack(state) and self.film_of(state) is not None:
            self._under_way.add(state.take.id)
            await self._attempt(state, tells_film=False)

    def _is_at_hand(self, state: TakeState) -> bool:
        """Whether all files are here: of a library that was lost a take may come back before what it goes on from."""
        parts = self._tree.parts(state.take.id)
        return all((clip := self._clip(part.clip_id)) is not None and clip.file is not None for part in parts)

    def film_of(self, state: TakeState) -> Path | None:
        """The film up to and including a take, if it is made of several parts and has been rendered."""
        parts = self._tree.parts(state.take.id)
        if len(parts) < 2:
            return None
        file = self._render_file(parts)
        return file if file.exists() else None

    def want(self, state: TakeState) -> None:
        """Have the film of a continued take made, unless it is there or under way; FilmRendered tells. One that is
        there, but whose seams were told before all of them were known, has them told once more.
        """
        take_id = state.take.id
        if state.take.way is not Way.CONTINUE or take_id in self._under_way:
            return
        if self.film_of(state) is None:
            self._under_way.add(take_id)
            self._run_in_background(self._made(state))
        elif self._seams.lack(state):
            self._run_in_background(self._completed(state))

    def is_joining(self, clip: Clip) -> bool:
        """Whether the film of the continued take that this clip was made for is on its way."""
        state = self._tree.take_of_clip(clip.id)
        return state is not None and state.take.id in self._under_way

    async def fit(self, take_id: str) -> None:
        """Have every join of the film up to a take found, so that it is exported as it will be shown.

        Raises KlingDesktopError when a file is not here or cannot be read.
        """
        for state in self._tree.path_to(take_id).takes:
            if state.take.way is Way.CONTINUE and state.clip is not None:
                await self._fitted(state)

    async def find_seams(self, clip: Clip) -> None:
        """SeamsFound, for any clip: of a continued take they are known once its film was made; others are searched."""
        state = self._tree.take_of_clip(clip.id)
        if state is None or state.take.way is not Way.CONTINUE:
            await self._analyzer.find_seams(clip)
            return
        trouble: KlingDesktopError | None = None
        if not self._analyzer.seams(clip.id) or self._seams.lack(state):
            if state.take.id in self._under_way:
                return  # its end tells them
            self._under_way.add(state.take.id)
            trouble = await self._attempt(state)
        if trouble is not None or self._analyzer.seams(clip.id):
            told = trouble.trouble if trouble else None
            self._feed.publish(SeamsFound(clip.id, self._analyzer.seams(clip.id), told))

    async def measure_drift(self, clip: Clip) -> None:
        """DriftMeasured, for any clip: of a continued take over the film that it was joined to, which is made first if
        it is not there: a render may be deleted at any time.
        """
        state = self._tree.take_of_clip(clip.id)
        if state is None or state.take.way is not Way.CONTINUE:
            await self._analyzer.measure_drift(clip)
            return
        trouble: KlingDesktopError | None = None
        if self.film_of(state) is None and state.take.id not in self._under_way:
            self._under_way.add(state.take.id)
            trouble = await self._attempt(state)
        if trouble is not None:
            self._feed.publish(DriftMeasured(clip.id, (), trouble.trouble))
        elif (film := self.film_of(state)) is not None:
            await self._analyzer.measure_drift(clip, film)

    async def measure_again(self, clip: Clip) -> None:
        """Measure the seams of a continued take as this version does, if its film is there: it is not made for that."""
        state = self._tree.take_of_clip(clip.id)
        if state is not None and state.take.id not in self._under_way and self.film_of(state) is not None:
            self._under_way.add(state.take.id)
            await self._attempt(state, tells_film=False)

    async def join(self, state: TakeState) -> Join:
        """How a continued take is joined now, and what is known of its beginning. Raises as `prepared` does."""
        found = await self._looked_at(state)
        noted = self._tree.noted_parts(state.take.id)
        start = noted[-1].start if noted else found.start
        matched = bool(noted and noted[-1].colour) or (not noted and found.colour is not None)
        trim = round((start - found.start) / found.step) if start > found.start else 0
        return Join(min(trim, MOST_TRIMMED), matched, found.trim, found.colour is not None)

    def rejoin(self, state: TakeState, trim: int, matched: bool) -> None:
        """Join a continued take otherwise: so many more frames left out at its beginning (0 to MOST_TRIMMED), colours
        brought to the film's or left as Kling made them. The film is rendered anew; FilmRendered tells.
        """
        self._wished[state.take.id] = trim, matched
        self._run_in_background(self._rejoined(state, trim, matched))

    async def _rejoined(self, state: TakeState, trim: int, matched: bool) -> None:
        try:
            found = await self._looked_at(state)
        except KlingDesktopError as error:
            self._feed.publish(FilmRendered(state.take.id, None, error.trouble))
            return
        if self._wished.get(state.take.id) != (trim, matched):
            return  # wished otherwise while the clip was looked at
        start = found.start + max(0, min(trim, MOST_TRIMMED)) * found.step
        parts = self._tree.parts(state.take.id)
        last = Part(parts[-1].clip_id, start, None, found.colour if matched else None)
        self._tree.note_parts(state.take.id, (*parts[:-1], last))
        await self._made(state)
        for later in self._later(state):  # in this order: each takes over the seams of the one before
            await self._made(later)

    def _later(self, state: TakeState) -> list[TakeState]:
        """The joined takes behind one on the picked path, which is the film that is seen and exported."""
        path = self._tree.path(state.take.film_id).takes
        if state.take.id not in [each.take.id for each in path]:
            return []
        return [each for each in path[state.take.hop + 1 :] if each.take.way is Way.CONTINUE and each.clip is not None]

    async def _looked_at(self, state: TakeState) -> _Found:
        """How its clip begins behind the film before it, by the picture that it was made from.

        One that is not on the disk, as of an archive, is taken once more: the film is the same. A take whose task is
        known no more has no picture, and the usual join.
        """
        clip, task = state.clip, state.task
        if clip is None or clip.file is None or state.take.way is not Way.CONTINUE:
            raise NotAVideo(f"take {state.take.id} is not joined here")
        generation = task.extension.generation if task is not None else None
        before = self._stretches(self._tree.parts(state.take.id)[:-1])
        if generation is not None and (generation.first_frame is None or not generation.first_frame.exists()):
            generation = await self._with_frame(before, generation)
        return await asyncio.to_thread(_found, before, generation.first_frame if generation else None, clip.file)

    async def _made(self, state: TakeState) -> None:
        await self._attempt(state)

    async def _attempt(self, state: TakeState, *, tells_film: bool = True) -> KlingDesktopError | None:
        """Tells FilmRendered, unless its film is known to be there. What kept it from being made is also given back."""
        trouble: KlingDesktopError | None = None
        file: Path | None = None
        try:
            file = await self._joined(state)
        except KlingDesktopError as error:
            log.info("the film of take %s cannot be made: %s", state.take.id, error)
            trouble = error
            if isinstance(error, FileGone):
                self._without_file.add(state.take.id)
                self._look_out()
        else:
            self._without_file.discard(state.take.id)
        finally:
            self._under_way.discard(state.take.id)
        if trouble is not None or (file is not None and tells_film):
            self._feed.publish(FilmRendered(state.take.id, file, trouble.trouble if trouble else None))
        return trouble

    async def _joined(self, state: TakeState) -> Path | None:
        """None: the program ends before the film is made."""
        async with self._rendering:
            await self.fit(state.take.id)  # a join before it may not be found yet: of a library that was lost
            parts = await self._fitted(state)
            target = self._render_file(parts)
            joins = await asyncio.to_thread(
                _render, self._stretches(parts), target, self._as_handed(state.take.id), self._closing
            )
        if not joins or state.clip is None:
            return None
        await self._seams.measure(state.clip, target, parts, joins)  # others may be rendered meanwhile
        if self._seams.lack(state):  # found while this was measured
            await self._seams.measure(state.clip, target, parts, joins)
        return target

    def _as_handed(self, take_id: str) -> ExportFilm | None:
        try:
            return self._handed(take_id) if self._handed else None
        except FileTrouble as error:  # of a tree in disorder: the film can be seen all the same
            log.info("the film of take %s has no papers: %s", take_id, error)
            return None

    async def _fitted(self, state: TakeState) -> tuple[Part, ...]:
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

    # --- inside --------------------------------------------------------------------------------------------------

    def _stretches(self, parts: Sequence[Part]) -> list[_Stretch]:
        """Raises FileGone when a file is not at hand."""
        found: list[_Stretch] = []
        for part in parts:
            clip = self._clip(part.clip_id)
            if clip is None or clip.file is None:
                raise FileGone(f"the file of clip {part.clip_id} is not here")
            found.append(_Stretch(part, clip.file))
        if not found:
            raise FileGone("a clip of this film is missing")
        return found

    def _render_file(self, parts: Sequence[Part]) -> Path:
        return self._renders / f"{_key(tuple(parts))}.mp4"


def _are_there(files: Sequence[Path]) -> bool:
    return all(file.exists() for file in files)


def _key(parts: Sequence[Part]) -> str:
    """The same for the same parts, whatever else has changed."""
    told = "|".join(f"{cleaned(part.clip_id)} {part.start} {part.end} {part.colour}" for part in parts)
    return hashlib.sha256(told.encode()).hexdigest()[:32]


# In worker threads. The libraries are loaded here: they would slow the start.


def _take_seed(stretches: Sequence[_Stretch], target: Path, before: Fraction | None) -> Path:
    from kling_desktop.media.film.conform import film_shape
    from kling_desktop.media.film.seed_frame import take_seed

    make_folder(target.parent)
    last = stretches[-1]
    shape = film_shape(stretches[0].file)
    return take_seed(last.file, target, shape, colour=last.part.colour, before=before).file


def _last_frames(last: _Stretch, folder: Path) -> tuple[LastFrame, ...]:
    from kling_desktop.media.film.seed_frame import candidates
    from kling_desktop.media.frame_times import frame_times

    make_folder(folder)
    times = frame_times(last.file)
    return tuple(
        LastFrame(
            one.still,
            times.time_of(one.frame + 1) if one.cut_frames else None,
            one.cut_frames,
            one.sharpness,
            one.exposure,
            one.best,
        )
        for one in candidates(last.file, last.part.end, folder)
    )


def _found(before: Sequence[_Stretch], seed: Path | None, clip: Path) -> _Found:
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


def _render(stretches: Sequence[_Stretch], target: Path, film: ExportFilm | None, closing: Event) -> tuple[int, ...]:
    """The film's frames with which its second and later parts begin, once the film is there; none: called off."""
    from kling_desktop.export.papers.joined import papers_for
    from kling_desktop.media.film.plan import FilmPart, film_plan
    from kling_desktop.media.film.render import Encoding, render
    from kling_desktop.media.frames import Abandoned

    plan = film_plan([FilmPart(each.file, each.part.start, each.part.end, each.part.colour) for each in stretches])
    if target.exists():
        return plan.seams
    make_folder(target.parent)
    try:
        tags, finish = papers_for(film) if film is not None else ({}, lambda _: None)
        render(plan, target, Encoding(crf=_PREVIEW_CRF), tags=tags, finish=finish, stopped=closing.is_set)
    except Abandoned:
        return ()
    return plan.seams
