"""Makes films here of what comes back from elsewhere: a record of an archive, or papers; a few takes at a time."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Generator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from kling_desktop.domain.clips import Clip, Kind
from kling_desktop.domain.takes import Label, Part, TakeMark, TakeState
from kling_desktop.domain.tasks import Extension, Generation, Status, Task
from kling_desktop.errors import FileTrouble
from kling_desktop.export.film import ExportFilm, ExportPart
from kling_desktop.studio.feed import Fact, Feed, FilmChanged
from kling_desktop.studio.films.handing_over.extract import NO_ACCOUNT, VERSION, Taken
from kling_desktop.studio.films.taking_in.half_taken import Half, HalfTaken
from kling_desktop.studio.films.taking_in.turns import TURN_SECONDS, in_turns, unbroken

if TYPE_CHECKING:
    from kling_desktop.export.papers.record import Papers
    from kling_desktop.store.films.films import FilmRecords

_Result = TypeVar("_Result")
Steps = Generator[None, None, _Result]

_ALONE = "alone"
"""In the record of what is being taken in: whether it came without the film that it was split off from."""


class Adoption:
    """Brings films in that were handed over, one after the other. Belongs to the loop's thread; what is here already is
    not changed.

    The window gets its turn every few takes. A film that is half in when the program is killed is kept, and `resume`
    takes in the rest.
    """

    def __init__(
        self,
        records: FilmRecords,
        feed: Feed,
        note_task: Callable[[Task], object],
        note_clip: Callable[[Clip], object],
        known_task: Callable[[str], Task | None],
        known_clip: Callable[[str], Clip | None],
        half_taken: HalfTaken,
        turn_seconds: float = TURN_SECONDS,
    ) -> None:
        """`note_task` and `note_clip` write into the library and tell it."""
        self._records = records
        self._feed = feed
        self._note_task = note_task
        self._note_clip = note_clip
        self._known_task = known_task
        self._known_clip = known_clip
        self._half_taken = half_taken
        self._turn_seconds = turn_seconds
        self._one = asyncio.Lock()

    async def adopt(
        self,
        library: Mapping[str, Any],
        film: ExportFilm,
        papers: Papers | None = None,
        begun: Callable[[], object] = lambda: None,
    ) -> str:
        """The film of an archive: its id here. `film` says where its files are now, `papers` how those are known that
        it lacks; a record that cannot be read leaves what the papers say.

        `begun` is called when its turn has come and nothing is written yet: what it raises leaves the library as it is.
        Raises FileTrouble when neither makes a film, or the disk does not take the note that it has begun. Cancelled,
        it is taken in whole before that is raised.
        """
        async with self._one:
            alone = await in_turns(self._comes_alone(library), self._turn_seconds)
            begun()
            return await self._taken_in(Half({**library, _ALONE: alone}, film, papers))

    async def adopt_papers(self, film: ExportFilm, papers: Papers | None = None) -> str:
        """A film of which only an export is here, or a kept file: a root, and a continuation for each further part."""
        return await self.adopt({}, film, papers)

    async def resume(self) -> Half | None:
        """Take in the rest of the film that an earlier session left in the middle, and give it; None when there is
        none. Raises what `adopt` does.
        """
        async with self._one:
            left = await asyncio.to_thread(self._half_taken.read)
            if left is not None:
                await self._taken_in(left)
            return left

    async def _taken_in(self, half: Half) -> str:
        try:
            await unbroken(asyncio.to_thread(self._half_taken.keep, half))
            return await in_turns(self._untold(self._steps(half.library, half.film)), self._turn_seconds)
        finally:
            self._half_taken.drop()

    def _untold(self, steps: Steps[str]) -> Steps[str]:
        """Told when the last take is in: who shows the film would draw it anew for every few of them."""
        facts: list[Fact] = []
        try:
            while True:
                with self._feed.held_back(facts):
                    next(steps)
                yield
        except StopIteration as done:
            return str(done.value)
        finally:
            for fact in facts:
                self._feed.publish(fact)

    # --- steps: between any two, the window has its turn ---------------------------------------------------------

    def _steps(self, library: Mapping[str, Any], film: ExportFilm) -> Steps[str]:
        files = _files_of(film)
        before = yield from _takes_of(library, "before", files)
        takes = yield from _takes_of(library, "takes", files)
        if not takes:
            return (yield from self._papers_planted(film))
        is_new = all(self._records.state(take.id) is None for take in takes)
        alone = bool(library.get(_ALONE, True))
        yield from self._planted([*before, *takes], library if alone else {})
        film_id = yield from self._gathered(takes, film.name, alone=alone)
        if is_new and not alone:
            self._describe(film_id, library)
        for take in (*before, *takes):
            self._mark(take)
            yield
        self._feed.publish(FilmChanged(film_id))
        return film_id

    def _planted(self, takes: list[Taken], library: Mapping[str, Any]) -> Steps[None]:
        """A film that is new is named with its first root, so that one left in the middle has its name as well."""
        is_nameless = True
        for take in takes:
            is_nameless = is_nameless and self._records.state(take.id) is None
            yield
        for take in takes:
            self._plant(take)
            state = self._records.state(take.id) if is_nameless else None
            if state is not None and not state.take.parent_id:
                is_nameless = False
                self._describe(state.take.film_id, library)
            yield

    def _papers_planted(self, film: ExportFilm) -> Steps[str]:
        if not film.parts:
            raise FileTrouble("the papers tell of no film")
        parent, noted = "", list[Part]()
        for part in film.parts:
            clip_id = part.clip_id or f"lost:{part.file.name}"
            self._note_file(clip_id, part)
            for other in part.alternates:  # of an archive: their takes are here, perhaps without their files
                if other.file.is_absolute() and self._known_clip(other.clip_id) is not None:
                    self._note_file(other.clip_id, other)
                    yield
            noted.append(Part(clip_id, part.start, part.end, part.colour))
            if self._records.of_clip(clip_id) is None:
                if parent:
                    self._note_task(_continuation(part, clip_id, noted[-2], self._known_clip(clip_id)))
                else:
                    self._records.plant(self._known_clip(clip_id) or Clip(clip_id), datetime.now(UTC))
                self._note_parts(clip_id, noted)
            parent = clip_id
            yield
        state = self._records.of_clip(parent)
        if state is None:
            raise FileTrouble("the film could not be taken in")
        self._name(state.take.film_id, film.name)
        self._feed.publish(FilmChanged(state.take.film_id))
        return state.take.film_id

    def _comes_alone(self, library: Mapping[str, Any]) -> Steps[bool]:
        """Whether nothing of the film is here that it was split off from."""
        before = yield from _takes_of(library, "before", {})
        return all(self._records.state(take.id) is None for take in before)

    # --- one take after the other --------------------------------------------------------------------------------

    def _plant(self, take: Taken) -> None:
        known = self._known_clip(take.clip.id)
        has_file = known is not None and known.file is not None and known.file.exists()
        clip = replace(take.clip, file=None) if has_file else take.clip
        if take.task is not None and self._known_task(take.task.id) is None:
            self._note_task(replace(take.task, clip=clip, watched=clip.file is not None or has_file))
        else:
            self._note_clip(clip)
            if take.task is None:
                self._records.plant(clip, take.made_at)

    def _gathered(self, takes: list[Taken], name: str, *, alone: bool) -> Steps[str]:
        """All its roots in one film, which a film that was split off shares with what it is joined to, where that came
        here with it `alone`; else it is split off here too. Gives the id of that film.
        """
        states: list[TakeState] = []
        for take in takes:
            states += [state] if (state := self._records.state(take.id)) is not None else []
            yield
        ids = {state.take.id for state in states}
        tops = [state.take for state in states if state.take.parent_id not in ids]
        if not tops:
            raise FileTrouble("the film could not be taken in")
        film_id = next((top.film_id for top in tops if not top.parent_id), tops[0].film_id if alone else "")
        if not film_id:
            film_id = self._records.split(tops[0].id, name, datetime.now(UTC)).id
        for top in tops:
            yield
            state = self._records.state(top.id)
            if state is not None and state.take.film_id != film_id:
                self._records.move(top.id, film_id)
        return film_id

    def _mark(self, take: Taken) -> None:
        state = self._records.state(take.id)
        if state is None:
            return
        if take.parts and not self._records.parts(take.id):
            self._records.set_parts(take.id, take.parts)
        if take.mark != TakeMark() and state.mark == TakeMark():
            self._records.mark(take.id, take.mark)
        if take.picked and not self._records.pick(state.take.slot):
            self._records.set_pick(state.take.slot, take.id)

    def _describe(self, film_id: str, library: Mapping[str, Any]) -> None:
        found, told = self._records.film(film_id), library.get("film")
        if found is None or not isinstance(told, dict):
            return
        label = str(told.get("label", ""))
        known = Label(label) if label in {each.value for each in Label} else Label.NONE
        name = str(told.get("name", "")).strip() or found.name
        self._records.change(replace(found, name=name, note=str(told.get("note", "")), label=known))

    def _name(self, film_id: str, name: str) -> None:
        """A film that was called by its clip's id gets its own name."""
        found = self._records.film(film_id)
        if found is not None and name.strip() and found.takes and not found.note and found.name != name:
            self._records.change(replace(found, name=name.strip()))

    def _note_file(self, clip_id: str, part: ExportPart) -> None:
        file = part.file if part.file.is_absolute() else None
        known = self._known_clip(clip_id)
        if known is None:
            self._note_clip(Clip(clip_id, kling_id=part.task_ids[-1] if part.task_ids else "", file=file))
        elif known.file is None and file is not None:
            self._note_clip(replace(known, file=file))

    def _note_parts(self, clip_id: str, parts: list[Part]) -> None:
        state = self._records.of_clip(clip_id)
        if state is not None and (len(parts) > 1 or parts[0] != Part(clip_id)):
            self._records.set_parts(state.take.id, parts)


def is_known_here(library: Mapping[str, Any]) -> bool:
    """Whether the record of an archive is one that is taken in whole, and not one of which only the papers help. For a
    thread: there may be thousands of takes in it.
    """
    steps = _takes_of(library, "takes", {})
    while True:
        try:
            next(steps)
        except StopIteration as done:
            return bool(done.value)


def _takes_of(library: Mapping[str, Any], which: str, files: Mapping[str, Path]) -> Steps[list[Taken]]:
    """Parents before children; empty when the record is not one of ours."""
    takes: list[Taken] = []
    try:
        if library["version"] != VERSION:
            return []
        for record in library.get(which, []):
            takes.append(Taken(record, files))
            yield
    except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError):
        return []
    return takes


def _files_of(film: ExportFilm) -> dict[str, Path]:
    """Clip -> where its file is now; two clips that Kling gave one id are told apart by their tasks."""
    files: dict[str, Path] = {}
    for part in (each for top in film.parts for each in (top, *top.alternates)):
        if part.file.is_absolute() and part.clip_id:
            files.setdefault(part.clip_id, part.file)
            if part.task_ids:
                files[f"{part.clip_id}#{part.task_ids[-1]}"] = part.file
    return files


def _continuation(part: ExportPart, clip_id: str, before: Part, clip: Clip | None) -> Task:
    """A task in place of the one that made the part, which this library never had. Its id is always the same."""
    form, parent = dict(part.form), before.clip_id
    guidance = form.get("guidance", "")
    generation = Generation(
        form.get("model", "kling-v3"),
        form.get("mode", "std"),
        int(form["seconds"]) if form.get("seconds", "").isdecimal() else 5,
        form.get("sound") == "yes",
        parent_end=before.end,
    )
    extension = Extension(parent, part.prompt, part.negative_prompt, _number(guidance), generation=generation)
    own_id = hashlib.sha256(f"{parent} {clip_id}".encode()).hexdigest()[:24]
    made = replace(clip or Clip(clip_id), kind=Kind.IMAGE)  # at Kling it has no parent: no seam is searched in it
    kling_id = part.task_ids[-1] if part.task_ids else ""
    now = datetime.now(UTC)
    has_file = made.file is not None
    return Task(
        f"papers-{own_id}", extension, NO_ACCOUNT, Status.SUCCEEDED, now, Kind.IMAGE, kling_id, clip=made,
        watched=has_file,
    )  # fmt: skip


def _number(text: str) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None
