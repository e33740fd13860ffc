"""What the stage shows of a take: the line over it, and where its film opens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kling_desktop.domain.analysis import Seam
from kling_desktop.domain.clips import Clip
from kling_desktop.domain.takes import TakeState
from kling_desktop.domain.tasks import Status, Task
from kling_desktop.errors import Charge, kind_of
from kling_desktop.studio.tasks.recovery import trouble_of
from kling_desktop.ui.formatting import status_words
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.painted.shapes import Shape, shape_of
from kling_desktop.ui.viewer.head.take_view import TakeView

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
