"""What the library knows of a film, as it travels in an archive; how such a record, or papers, become a film here."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kling_desktop.domain.accounts import Profile
from kling_desktop.domain.clips import Clip, Kind, video_id_of
from kling_desktop.domain.takes import ColourMap, Film, Label, Part, TakeMark, TakeState
from kling_desktop.domain.tasks import Extension, Generation, Status, Task
from kling_desktop.errors import FileTrouble
from kling_desktop.export.film import ExportFilm, ExportPart
from kling_desktop.export.papers.record import exact
from kling_desktop.store.rows import clip_of, clip_values, task_of, task_values
from kling_desktop.studio.feed import Feed, FilmChanged

if TYPE_CHECKING:
    from kling_desktop.store.films.films import FilmRecords

VERSION = 1

_NO_ACCOUNT = Profile("")


def extract(
    film: Film, states: Sequence[TakeState], before: Sequence[TakeState], parts: Callable[[str], tuple[Part, ...]]
) -> dict[str, Any]:
    """The finished takes of a film with all that the creator noted: no account, no address, no path of this computer.

    `before` are takes of the film that it was split off from, to which it is joined; `parts` gives how a take was
    joined. Goes into JSON.
    """
    finished = sorted((state for state in states if state.is_finished), key=lambda state: state.take.path)
    return {
        "version": VERSION,
        "film": {"name": film.name, "note": film.note, "label": film.label.value},
        "before": [_take_record(state, parts(state.take.id)) for state in before],
        "takes": [_take_record(state, parts(state.take.id)) for state in finished],
    }


class Adoption:
    """Brings films in that were handed over. Belongs to the loop's thread; what is here already is not changed."""

    def __init__(
        self,
        records: FilmRecords,
        feed: Feed,
        note_task: Callable[[Task], object],
        note_clip: Callable[[Clip], object],
        known_task: Callable[[str], Task | None],
        known_clip: Callable[[str], Clip | None],
    ) -> None:
        """`note_task` and `note_clip` write into the library and tell it."""
        self._records = records
        self._feed = feed
        self._note_task = note_task
        self._note_clip = note_clip
        self._known_task = known_task
        self._known_clip = known_clip

    def adopt(self, library: Mapping[str, Any], film: ExportFilm) -> str:
        """The film of an archive: its id here. `film` says where its files are now; a record that cannot be read
        leaves what the papers say. Raises FileTrouble when neither makes a film.
        """
        files = _files_of(film)
        before, takes = _takes_of(library, "before", files), _takes_of(library, "takes", files)
        if not takes:
            return self.adopt_papers(film)
        is_new = all(self._take_id(take) is None for take in takes)
        alone = all(self._take_id(take) is None for take in before)
        for take in (*before, *takes):
            self._plant(take)
        film_id = self._gathered(takes, film.name, alone=alone)
        for take in (*before, *takes):
            self._mark(take)
        if is_new:
            self._describe(film_id, library)
        self._feed.publish(FilmChanged(film_id))
        return film_id

    def adopt_papers(self, film: ExportFilm) -> str:
        """A film of which only an export is here, or a kept file: a root, and a continuation for each further part."""
        if not film.parts:
            raise FileTrouble("the papers tell of no film")
        parent, noted = "", list[Part]()
        for part in film.parts:
            clip_id = part.clip_id or f"lost:{part.file.name}"
            self._note_file(clip_id, part)
            for other in part.alternates:  # of an archive: their takes are here, perhaps without their files
                if other.file.is_absolute() and self._known_clip(other.clip_id) is not None:
                    self._note_file(other.clip_id, other)
            noted.append(Part(clip_id, part.start, part.end, part.colour))
            if self._records.of_clip(clip_id) is None:
                if parent:
                    self._note_task(_continuation(part, clip_id, noted[-2], self._known_clip(clip_id)))
                else:
                    self._records.plant(self._known_clip(clip_id) or Clip(clip_id), datetime.now(UTC))
                self._note_parts(clip_id, noted)
            parent = clip_id
        state = self._records.of_clip(parent)
        if state is None:
            raise FileTrouble("the film could not be taken in")
        self._name(state.take.film_id, film.name)
        self._feed.publish(FilmChanged(state.take.film_id))
        return state.take.film_id

    # --- one take after the other --------------------------------------------------------------------------------

    def _take_id(self, take: _Taken) -> str | None:
        state = self._records.state(take.id)
        return state.take.id if state is not None else None

    def _plant(self, take: _Taken) -> None:
        known = self._known_clip(take.clip.id)
        has_file = known is not None and known.file is not None and known.file.exists()
        clip = replace(take.clip, file=None) if has_file else take.clip
        if take.task is not None and self._known_task(take.task.id) is None:
            self._note_task(replace(take.task, clip=clip, watched=clip.file is not None or has_file))
        else:
            self._note_clip(clip)
            if take.task is None:
                self._records.plant(clip, take.made_at)

    def _gathered(self, takes: Sequence[_Taken], name: str, *, alone: bool) -> str:
        """All its roots in one film, which a film that was split off shares with what it is joined to, where that came
        here with it `alone`; else it is split off here too.
        """
        states = [state for take in takes if (state := self._records.state(take.id)) is not None]
        ids = {state.take.id for state in states}
        tops = [state.take for state in states if state.take.parent_id not in ids]
        if not tops:
            raise FileTrouble("the film could not be taken in")
        film_id = next((top.film_id for top in tops if not top.parent_id), tops[0].film_id if alone else "")
        if not film_id:
            film_id = self._records.split(tops[0].id, name, datetime.now(UTC)).id
        for top in tops:
            state = self._records.state(top.id)
            if state is not None and state.take.film_id != film_id:
                self._records.move(top.id, film_id)
        return film_id

    def _mark(self, take: _Taken) -> None:
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


class _Taken:
    """A take as an archive tells it."""

    __slots__ = ("clip", "id", "made_at", "mark", "parts", "picked", "task")

    def __init__(self, record: Mapping[str, Any], files: Mapping[str, Path]) -> None:
        """Raises ValueError, TypeError, KeyError, ArithmeticError for what is no such record."""
        clip = clip_of(record["clip"])
        file = files.get(clip.id) or files.get(video_id_of(clip.id))
        self.clip = replace(clip, url="", watermark_url="", file=file, watermark_file=None)
        self.task = None if record["task"] is None else _task_read(record["task"], self.clip)
        self.id = self.task.id if self.task else f"clip:{self.clip.id}"
        self.made_at = datetime.fromisoformat(record["made_at"])
        mark = record["mark"]
        self.mark = TakeMark(str(mark["note"]), Label(mark["label"]), int(mark["stars"]))
        self.picked = bool(record["picked"])
        self.parts = tuple(_part_read(each) for each in record["parts"])


def _takes_of(library: Mapping[str, Any], which: str, files: Mapping[str, Path]) -> list[_Taken]:
    """Parents before children; empty when the record is not one of ours."""
    try:
        if library["version"] != VERSION:
            return []
        return [_Taken(record, files) for record in library.get(which, [])]
    except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError):
        return []


def _files_of(film: ExportFilm) -> dict[str, Path]:
    """Clip -> where its file is now; two clips that Kling gave one id are told apart by their tasks."""
    files: dict[str, Path] = {}
    for part in (each for top in film.parts for each in (top, *top.alternates)):
        if part.file.is_absolute() and part.clip_id:
            files.setdefault(part.clip_id, part.file)
            if part.task_ids:
                files[f"{part.clip_id}#{part.task_ids[-1]}"] = part.file
    return files


def _take_record(state: TakeState, parts: tuple[Part, ...]) -> dict[str, Any]:
    clip = state.clip or Clip(state.take.clip_id)
    bare = replace(clip, url="", watermark_url="", file=None, watermark_file=None)
    return {
        "made_at": state.take.made_at.isoformat(),
        "clip": clip_values(bare),
        "task": None if state.task is None else _task_record(state.task),
        "mark": {"note": state.mark.note, "label": state.mark.label.value, "stars": state.mark.stars},
        "picked": state.is_picked,
        "parts": [_part_record(part) for part in parts],
    }


def _task_record(task: Task) -> dict[str, Any]:
    generation = task.extension.generation
    if generation is not None:
        generation = replace(generation, first_frame=None, end_frame=None)
    extension = replace(task.extension, callback_url="", generation=generation)
    bare = replace(task, extension=extension, profile=_NO_ACCOUNT, clip=None, units=None, sent_at=None, trouble=None)
    return {name: value for name, value in task_values(bare).items() if name != "search"}


def _task_read(record: Mapping[str, Any], clip: Clip) -> Task:
    task = task_of({**record, "clip_id": None})
    generation = task.extension.generation
    if generation is not None:
        generation = replace(generation, first_frame=None, end_frame=None)
    extension = replace(task.extension, callback_url="", generation=generation)
    return replace(
        task, extension=extension, profile=_NO_ACCOUNT, status=Status.SUCCEEDED, clip=clip, units=None, sent_at=None
    )


def _part_record(part: Part) -> dict[str, Any]:
    colour = part.colour
    return {
        "clip": part.clip_id,
        "start": str(part.start),
        "end": None if part.end is None else str(part.end),
        "colour": None if colour is None else {"luma": colour.luma, "chroma": colour.chroma},
    }


def _part_read(record: Mapping[str, Any]) -> Part:
    end, colour = record["end"], record["colour"]
    return Part(
        str(record["clip"]),
        exact(record["start"]),
        None if end is None else exact(end),
        None if colour is None else _colour_read(colour),
    )


def _colour_read(record: Mapping[str, Any]) -> ColourMap:
    a, b, c = (float(each) for each in record["luma"])
    bb, br, b0, rb, rr, r0 = (float(each) for each in record["chroma"])
    return ColourMap((a, b, c), (bb, br, b0, rb, rr, r0))


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
        f"papers-{own_id}", extension, _NO_ACCOUNT, Status.SUCCEEDED, now, Kind.IMAGE, kling_id, clip=made,
        watched=has_file,
    )  # fmt: skip


def _number(text: str) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None
