"""The films: listed, made, named, labelled, archived, brought together, taken apart; each can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from kling_desktop.domain.clips import Clip
from kling_desktop.domain.takes import Film, Label, Take, TakeState, Way
from kling_desktop.store.films.merging import Merged
from kling_desktop.studio.feed import Feed, FilmChanged, TaskChanged
from kling_desktop.studio.films.undo import Change, Undo

if TYPE_CHECKING:
    from kling_desktop.store.films.films import FilmRecords


class Films:
    """Plain calls that return at once; what comes of them is told by the feed as FilmChanged."""

    def __init__(self, records: FilmRecords, feed: Feed, undo: Undo, now: Callable[[], datetime]) -> None:
        self._records = records
        self._feed = feed
        self._undo = undo
        self._now = now

    # --- what the screen reads ---

    def count(self, text: str = "", *, archived: bool = False) -> int:
        """How many films have this text in their name or note."""
        return self._records.film_count(text, archived=archived)

    def page(self, offset: int, limit: int, text: str = "", *, archived: bool = False) -> list[Film]:
        """Films, those touched last first."""
        return self._records.films(offset, limit, text, archived=archived)

    def film(self, film_id: str) -> Film | None:
        return self._records.film(film_id)

    def film_of_task(self, task_id: str) -> str:
        """Id of the film in which the take of a task hangs; empty for an unknown task."""
        state = self._records.of_task(task_id)
        return state.take.film_id if state else ""

    # --- the verbs ---

    def new(self, name: str) -> Film:
        """A film without a take: `take_root` gives it one."""
        film = self._records.add(name.strip() or "Film", self._now())
        self._tell(film.id)
        return film

    def take_root(self, clip: Clip, film_id: str = "") -> Take:
        """Make of a clip that the library has a root, of the film or of a new one; a clip that has a take keeps it."""
        take = self._records.plant(clip, self._now(), film_id)
        self._tell(take.film_id)
        return take

    def move_root(self, take_id: str, film_id: str) -> None:
        """Make a take, with all that grew from it, a further root of a film: what was asked for from words in it."""
        state = self._sure(take_id)
        if state.take.film_id != film_id:
            with self._changed_marks_told(state.take.film_id, film_id):
                self._records.move(take_id, film_id)
            self._tell(state.take.film_id, film_id)

    def rename(self, film_id: str, name: str) -> None:
        """An empty name changes nothing."""
        if name.strip():
            self._change(Change.RENAME_FILM, film_id, name=name.strip())

    def note(self, film_id: str, note: str) -> None:
        self._change(Change.NOTE, film_id, note=note)

    def label(self, film_id: str, label: Label) -> None:
        self._change(Change.LABEL, film_id, label=label)

    def archive(self, film_id: str, *, archived: bool = True) -> None:
        """Put a film out of the way, or back. Its tasks and plans go on."""
        self._change(Change.ARCHIVE_FILM if archived else Change.UNARCHIVE_FILM, film_id, archived=archived)

    def go_on_by(self, film_id: str, way: Way) -> None:
        """Remember how the creator wants a film to go on. No step to take back: the form shows it, and changes it."""
        film = self._records.film(film_id)
        if film is not None and film.way is not way:
            self._records.change(replace(film, way=way))

    def merge(self, film_id: str, other_id: str) -> None:
        """Bring all takes of the other film into this one, which goes on to show what it showed; its plans come along.
        What was split off, from either of them, hangs again where it grew. Films that turn out to share a root merge by
        themselves.
        """
        film, other = self._records.film(film_id), self._records.film(other_id)
        if film is None or other is None or film_id == other_id:
            raise ValueError(f"films {film_id} and {other_id} cannot be merged")
        roots = {state.take.id: state.take.path for state in self._records.siblings(other_id)}
        places = {state.take.id: state.take.path for state in self._records.siblings(film_id)}
        merged = Merged([])

        def again() -> None:
            nonlocal merged
            with self._changed_marks_told(film_id, other_id):
                merged = self._records.merge(film_id, other_id)
            self._tell(film_id, other_id)

        def back() -> None:
            with self._changed_marks_told(film_id, other_id):
                take_apart()
            self._tell(film_id, other_id)

        def take_apart() -> None:
            self._records.revive(other)
            own = [plan for plan in self._records.plans_of(film_id) if plan not in merged.plans]
            for root in merged.regrown:
                self._records.move(root, film_id, former=places.get(root, ""))
            for root, path in roots.items():
                self._records.move(root, other_id, former=path)
            self._records.give_plans(own, film_id)
            self._records.give_plans(merged.plans, other_id)
            self._records.unmerge(other_id, merged)

        self._undo.make(Change.MERGE_FILMS, again, back)

    def split(self, take_id: str, name: str = "") -> Film:
        """Make of a take, and of all that grew from it, a film of its own. Raises ValueError for a film's only root."""
        take = self._sure(take_id).take
        if not take.parent_id and len(self._records.siblings(take.slot)) == 1:
            raise ValueError(f"take {take_id} is a film of its own")
        film = self._records.split(take_id, name.strip() or self._name_of(take_id), self._now())
        self._tell(take.film_id, film.id)

        def back() -> None:
            self._records.move(take_id, take.film_id, take.parent_id, take.path)
            self._tell(take.film_id, film.id)

        def again() -> None:
            self._records.move(take_id, self._records.revive(film))
            self._tell(take.film_id, film.id)

        self._undo.remember(Change.SPLIT_FILM, again, back)
        return film

    # --- inside ---

    def _change(self, step: Change, film_id: str, **fields: object) -> None:
        before = self._records.film(film_id)
        if before is None:
            return
        after = replace(before, **fields, touched_at=self._now())  # type: ignore[arg-type]  # fields of a Film, by name
        self._undo.make(step, lambda: self._write(after), lambda: self._write(before))

    def _write(self, film: Film) -> None:
        self._records.change(film)
        self._tell(film.id)

    @contextmanager
    def _changed_marks_told(self, *film_ids: str) -> Iterator[None]:
        """Tell of the tasks of these films that are marked otherwise after the block: lists show it beside each."""
        before = self._records.marks(film_ids)
        yield
        after = self._records.marks(film_ids)
        for task_id in (id for id in before | after if before.get(id) != after.get(id)):
            state = self._records.of_task(task_id)
            if state is not None and state.task is not None:
                self._feed.publish(TaskChanged(state.task))

    def _name_of(self, take_id: str) -> str:
        words = self._sure(take_id).words.strip()
        return words.splitlines()[0] if words else "Film"

    def _sure(self, take_id: str) -> TakeState:
        state = self._records.state(take_id)
        if state is None:
            raise ValueError(f"no take {take_id}")
        return state

    def _tell(self, *film_ids: str) -> None:
        for film_id in dict.fromkeys(film_ids):
            self._feed.publish(FilmChanged(film_id))
