"""Continues a film with a clip that begins with its last frame: the frame is taken, the clip is joined, the film made.

Everything that costs is decided before: the picture lies on the disk before the task is written down, and a second try
sends the same picture. What comes after the download costs nothing and can be made again at any time.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from kling_desktop.domain.analysis import LastFrame
from kling_desktop.domain.clips import Clip
from kling_desktop.domain.plans import PlannedHop
from kling_desktop.domain.takes import Part, TakeState, Way
from kling_desktop.domain.tasks import Extension, Generation, Status, Task
from kling_desktop.errors import FileGone, FileTrouble, KlingDesktopError
from kling_desktop.export.film import ExportFilm
from kling_desktop.studio.analysis.clip_analyzer import ClipAnalyzer
from kling_desktop.studio.feed import ClipChanged, DriftMeasured, Fact, Feed, FilmRendered, SeamsFound, TaskChanged
from kling_desktop.studio.films.joining.asked_records import AskedRecords
from kling_desktop.studio.films.joining.joined_seams import JoinedSeams
from kling_desktop.studio.films.joining.joins import Join, Joins
from kling_desktop.studio.films.joining.missing_files import MissingFiles
from kling_desktop.studio.films.joining.renders import Renders
from kling_desktop.studio.films.joining.seed_frames import SeedFrames
from kling_desktop.studio.films.joining.stretches import Stretch, stretches_of
from kling_desktop.studio.films.tree import Tree
from kling_desktop.studio.pace import Pace

log = logging.getLogger(__name__)


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
        pace: Pace | None = None,
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
        self._seed_frames, self._renders = SeedFrames(folder / "seeds"), Renders(folder / "renders")
        self._joins = Joins(tree, clip, self._seed_frames)
        self.asked = AskedRecords(folder / "asked", self._seed_frames.folder)
        """What continued takes go on from, should the library be lost."""
        self._recorded: set[str] = set()
        self._seams = JoinedSeams(tree, clip, analyzer, run_in_background)
        self._rendering = asyncio.Semaphore(1)
        self._under_way: set[str] = set()
        self._missing = MissingFiles(tree, clip, self.want, run_in_background, pace or Pace())
        self._wished: dict[str, tuple[int, bool]] = {}

    def close(self) -> None:
        """What is being made ends after its next frame; it is made again when it is wanted."""
        self._renders.close()

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
        return replace(extension, generation=await self._seed_frames.taken(stretches, generation))

    async def seed(self, parent: TakeState, hop: PlannedHop) -> Generation:
        """The same for a planned hop."""
        stretches = await self._shown(parent.take.clip_id, parent)
        return await self._seed_frames.taken(stretches, hop.generation or Generation(model="kling-v3"))

    async def _shown(self, clip_id: str, state: TakeState | None) -> list[Stretch]:
        """The film up to a clip as it will be seen, its files fetched and its joins found.

        They may not be yet when the creator, or a plan, is quicker than the render. A picture in the colours that the
        last clip came with would hand its shift on to the next, where nothing could take it back.
        """
        for part in self._parts(clip_id, state):
            if (clip := self._clip(part.clip_id)) is not None and clip.file is None and clip.url:
                await self._fetch(clip)
        if state is not None:
            await self._joins.fit(state.take.id)
        return stretches_of(self._parts(clip_id, state), self._clip)

    def _parts(self, clip_id: str, state: TakeState | None) -> tuple[Part, ...]:
        return self._tree.parts(state.take.id) if state is not None else (Part(clip_id),)

    async def last_frames(self, clip_id: str) -> tuple[LastFrame, ...]:
        """The last frames of the film up to a clip, the very last one first. Raises as `prepared` does."""
        state = self._tree.take_of_clip(clip_id)
        parts = self._parts(clip_id, state)
        if (clip := self._clip(parts[-1].clip_id if parts else clip_id)) and clip.file is None and clip.url:
            await self._fetch(clip)
        return await self._seed_frames.offered(stretches_of(self._parts(clip_id, state), self._clip))

    # --- after the clip has come ---------------------------------------------------------------------------------

    def on_facts(self, facts: Sequence[Fact]) -> None:
        """A continued take whose clip is on the disk is joined and made into a film; a seam that was found in what it
        was joined to is one of its film's too.
        """
        came: list[Task] = []
        for fact in facts:
            if isinstance(fact, TaskChanged):
                self._record(fact.task)
            if isinstance(fact, (TaskChanged, ClipChanged)) and self._missing:
                self._run_in_background(
                    self._missing.come_home(fact.task.clip if isinstance(fact, TaskChanged) else fact.clip)
                )
            if isinstance(fact, SeamsFound) and (behind := self._seams.behind(fact)):
                self._run_in_background(self._handed_down(fact.clip_id, behind))
            elif isinstance(fact, TaskChanged) and fact.task.status is Status.SUCCEEDED:
                clip, generation = fact.task.clip, fact.task.extension.generation
                if generation is not None and fact.task.extension.video_id and clip is not None and clip.file:
                    came.append(fact.task)
        for task in came[:1]:
            self._want_of(task)
        if len(came) > 1:
            self._run_in_background(self._wanted_in_turn(came[1:]))

    async def _wanted_in_turn(self, tasks: Sequence[Task]) -> None:
        """An archive brings all takes of a film at once, and what each is joined to reaches back to the first hop."""
        for task in tasks:
            await asyncio.sleep(0)
            self._want_of(task)

    def _want_of(self, task: Task) -> None:
        state = self._tree.take_of_task(task.id)
        if state is not None and self._is_at_hand(state):
            self.want(state)

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
        file = self._renders.file(parts)
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
        await self._joins.fit(take_id)

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
        return await self._joins.of(state)

    def rejoin(self, state: TakeState, trim: int, matched: bool) -> None:
        """Join a continued take otherwise: so many more frames left out at its beginning (0 to MOST_TRIMMED), colours
        brought to the film's or left as Kling made them. The film is rendered anew; FilmRendered tells.
        """
        self._wished[state.take.id] = trim, matched
        self._run_in_background(self._rejoined(state, trim, matched))

    async def _rejoined(self, state: TakeState, trim: int, matched: bool) -> None:
        try:
            parts = await self._joins.changed(state, trim, matched=matched)
        except KlingDesktopError as error:
            self._feed.publish(FilmRendered(state.take.id, None, error.trouble))
            return
        if self._wished.get(state.take.id) != (trim, matched):
            return  # wished otherwise while the clip was looked at
        self._tree.note_parts(state.take.id, parts)
        await self._made(state)
        for later in self._later(state):  # in this order: each takes over the seams of the one before
            await self._made(later)

    def _later(self, state: TakeState) -> list[TakeState]:
        """The joined takes behind one on the picked path, which is the film that is seen and exported."""
        path = self._tree.path(state.take.film_id).takes
        if state.take.id not in [each.take.id for each in path]:
            return []
        return [each for each in path[state.take.hop + 1 :] if each.take.way is Way.CONTINUE and each.clip is not None]

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
                self._missing.missed(state.take.id)
        else:
            self._missing.made(state.take.id)
        finally:
            self._under_way.discard(state.take.id)
        if trouble is not None or (file is not None and tells_film):
            self._feed.publish(FilmRendered(state.take.id, file, trouble.trouble if trouble else None))
        return trouble

    async def _joined(self, state: TakeState) -> Path | None:
        """None: the program ends before the film is made."""
        async with self._rendering:
            await self._joins.fit(state.take.id)  # a join before it may not be found yet: of a library that was lost
            parts = await self._joins.fitted(state)
            target = self._renders.file(parts)
            stretches = stretches_of(parts, self._clip)
            joins = await self._renders.made(stretches, self._as_handed(state.take.id))
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
