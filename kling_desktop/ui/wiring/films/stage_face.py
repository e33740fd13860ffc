"""What the stage shows of a take: the line over it, and where its film opens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from kling_desktop.domain.analysis import Seam
from kling_desktop.domain.clips import Clip
from kling_desktop.domain.takes import TakeState
from kling_desktop.domain.tasks import Status, Task
from kling_desktop.errors import Charge, kind_of
from kling_desktop.studio.films.joining.continuation import Continuation
from kling_desktop.studio.films.tree import Tree
from kling_desktop.studio.tasks.recovery import trouble_of
from kling_desktop.ui.formatting import status_words
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.library import clip_words
from kling_desktop.ui.painted.shapes import Shape, shape_of
from kling_desktop.ui.viewer.head.take_view import TakeView
from kling_desktop.ui.viewer.shown import Shown

_COUNTED = (Status.SUBMITTED, Status.PROCESSING)


@dataclass(frozen=True, slots=True)
class StageFace:
    """What is at hand for it; each call answers at once."""

    clip: Callable[[str], Clip | None]
    seams: Callable[[str], tuple[Seam, ...]]
    usual: Callable[[str], tuple[float, float] | None]
    """How long tasks of a profile usually take, in seconds."""

    def view(self, state: TakeState, hops: int) -> TakeView:
        """A take as the head shows it, of a film of so many hops."""
        task = state.task
        waits = task is not None and not (state.is_finished and state.clip is not None)
        return TakeView(
            take_id=state.take.id,
            hop=state.take.hop,
            hops=hops,
            number=state.number,
            takes=state.siblings,
            words=state.words or _of_root(state),
            stars=state.stars,
            picked=state.is_picked,
            rejected=state.is_rejected,
            judged=state.is_finished,
            shape=_shape(task) if task is not None and waits else None,
            state=_state(task) if task is not None and waits else "",
            since=(task.accepted_at or task.sent_at) if task is not None and task.status in _COUNTED else None,
            usual_seconds=self.usual(task.profile.name) if task is not None and waits else None,
            has_film=task is not None and waits and self.meanwhile(task) is not None,
        )

    def meanwhile(self, task: Task) -> Clip | None:
        """The film that is seen while a take is made or has failed: its parent's."""
        parent = self.clip(task.extension.video_id) if task.extension.video_id else None
        return parent if parent is not None and (parent.file or parent.url) else None

    def start_of(self, clip: Clip, *, joined: bool = False) -> float:
        """Second at which its film opens: where its new stretch begins, as was measured or as Kling says it.

        A continued clip has no parent at Kling: alone it opens at its beginning, and `joined` where it meets its film.
        """
        if not (clip.parent_id or joined):
            return 0.0
        if seams := self.seams(clip.id):
            return seams[-1].seconds
        return float(clip.parent_seconds or 0.0)


class ShownTakes:
    """Tells the viewer what to show of a take: of a continued one the whole film, which is made if it is not there."""

    def __init__(
        self, face: StageFace, poster: Callable[[str], Path | None], tree: Tree, continuation: Continuation
    ) -> None:
        self.face = face
        self._poster = poster
        self._tree = tree
        self._continuation = continuation
        self._joint: tuple[str, Path | None] = "", None
        """What the continued take on show goes on from, and its film: another one made of the same is its sibling."""

    def of_task(self, task: Task, before: Clip | None) -> Shown:
        """A take; `before` is on the stage."""
        state = self._tree.take_of_task(task.id)
        clip, shown_take = self._as_film(task, state)
        shown = self._with_facts(
            Shown(
                clip,
                title=task.extension.prompt,
                film=state.take.film_id if state is not None else "",
                is_awaited=not task.status.ended,
            ),
            shown_take,
            before,
        )
        if clip is None or task.clip is None:
            return shown
        return self._at_its_beginning(shown, task.clip, task.extension.video_id, before)

    def of_take(self, state: TakeState, clip: Clip, before: Clip | None) -> Shown:
        """A take that no task in the list made, with its clip: a root, or one whose task was taken out of the list."""
        film = self._film_of(state, clip)
        title = state.words or clip_words.name(clip)
        shown = self._with_facts(Shown(film, title=title, film=state.take.film_id), state, before)
        return self._at_its_beginning(shown, clip, state.take.parent_id, before) if film.file != clip.file else shown

    def _as_film(self, task: Task, state: TakeState | None) -> tuple[Clip | None, TakeState | None]:
        """What is played of a take, and of which one that is: its clip; of a continued one the whole film, as soon as
        it is made; while Kling makes it, what it goes on from.
        """
        clip = task.clip
        if clip is None:
            clip = self.face.clip(task.extension.video_id)
            state = self._tree.take_of_clip(clip.id) if clip else None
        if clip is None or state is None:
            return clip, None
        return self._film_of(state, clip), state

    def _film_of(self, state: TakeState, clip: Clip) -> Clip:
        """A film is a cache: thrown away, or never finished, it is made again."""
        if clip.file is not None:
            self._continuation.want(state)
        film = self._continuation.film_of(state)
        return replace(clip, file=film) if film else clip

    def _with_facts(self, shown: Shown, state: TakeState | None, before: Clip | None) -> Shown:
        clip = shown.clip
        if clip is None:
            return shown
        own = self.face.clip(clip.id)
        return replace(
            shown,
            poster=self._poster(clip.id),
            # a joined film is a cache, with a name for nobody
            named=own.file.stem if own is not None and own.file else "",
            later=self._later(own, clip, state, before) if own is not None else 0.0,
        )

    def _at_its_beginning(self, shown: Shown, own: Clip, parent_id: str, before: Clip | None) -> Shown:
        """Opened where its new stretch begins; `own` is its clip as it came."""
        file = shown.clip.file if shown.clip is not None else None
        joined = file != own.file
        joint = parent_id if joined else ""
        beside = bool(joint) and before is not None and self._joint == (joint, before.file)
        self._joint = joint, file
        return replace(shown, start=self.face.start_of(own, joined=joined), beside=beside)

    def _later(self, own: Clip, shown: Clip, state: TakeState | None, before: Clip | None) -> float:
        """By how many seconds what stands on the stage comes later in what is shown now: a clip that was seen alone
        until the film was made that it is joined to.
        """
        if before is None or shown.file == own.file or (before.id, before.file) != (own.id, own.file):
            return 0.0
        parts = self._tree.parts(state.take.id) if state is not None else ()
        left_out = float(parts[-1].start) if parts else 0.0
        return self.face.start_of(own, joined=True) - left_out


def _of_root(state: TakeState) -> str:
    """What a root without words is called: whose it is."""
    if state.take.parent_id:
        return ""
    return tr("Your video") if state.take.clip_id.startswith("file:") else tr("Kling's clip")


def _shape(task: Task) -> Shape:
    return Shape.RENDERING if task.status is Status.SUCCEEDED else shape_of(task.status)


def _state(task: Task) -> str:
    """How it stands, and of a failed one whether it was charged."""
    if task.status is Status.SUCCEEDED:
        return tr("being fetched")
    if task.status is not Status.FAILED:
        return status_words(task.status)
    trouble = trouble_of(task)
    error = kind_of(trouble) if trouble else None
    said = tr(error.title) if error else tr("Failed")
    if task.units is not None:
        return f"{said} · {tr('charged') if task.units > 0 else tr('not charged')}"
    charge = error.charge if error else Charge.NO
    if charge is Charge.UNKNOWN:
        return said
    return f"{said} · {tr('charged') if charge is Charge.YES else tr('not charged')}"
