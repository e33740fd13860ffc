"""Why a plan stands still: what its takes, its next hop and what was found in them say against going on."""

from __future__ import annotations

from collections.abc import Sequence
from errno import ENOENT

from kling_desktop.domain.analysis import Verdict
from kling_desktop.domain.clips import Clip
from kling_desktop.domain.kling_time import KLING_TIME
from kling_desktop.domain.plans import PlannedHop, Stop, StopReason
from kling_desktop.domain.takes import TakeState, Way
from kling_desktop.domain.tasks import Status, Task
from kling_desktop.errors import (
    ContentRefused,
    DiskFull,
    DownloadInterrupted,
    FileGone,
    KeyringTrouble,
    KeysMissing,
    KlingDesktopError,
    ModelRetired,
    RiskControl,
    Untraced,
    VideoIneligible,
    VideoUnknown,
    kind_of,
    unreadable,
)
from kling_desktop.studio.films.planning.judge import Judgement
from kling_desktop.studio.tasks.checks import CLIP_TOO_LONG, EXPIRED, why_not_extended

MOST_REFUSALS = 2
"""So often the same words may be refused in a film; the runner does not send them once more."""

_NOT_EXTENDED = {EXPIRED: StopReason.PARENT_GONE, CLIP_TOO_LONG: StopReason.TOO_LONG}
_COMES_STILL = (DownloadInterrupted, DiskFull, KeysMissing, KeyringTrouble)


def has_picture(hop: PlannedHop) -> bool:
    """Whether what a CONTINUE hop is made from lies ready."""
    return hop.generation is not None and hop.generation.first_frame is not None


def obstacle(hop: PlannedHop, parent: TakeState | None, *, can_seed: bool) -> tuple[StopReason, str]:
    """Why a hop cannot go on from a take, and what is known of that; NONE when it can.

    `can_seed` says whether pictures of last frames are made.
    """
    if parent is None:
        return StopReason.PARENT_MISSING, ""
    clip = parent.clip or Clip(parent.take.clip_id)
    if hop.way is Way.CONTINUE:
        away = None if has_picture(hop) else _away(clip)
        if away is not None:
            return StopReason.NO_PICTURE, told(away)
        return (StopReason.NONE if can_seed or has_picture(hop) else StopReason.PARENT_MISSING), ""
    why = why_not_extended(clip, KLING_TIME.surely())
    return (_NOT_EXTENDED.get(why.sentence, StopReason.NOT_EXTENDED) if why else StopReason.NONE), ""


def _away(clip: Clip) -> KlingDesktopError | None:
    """Why the file of a clip is not at hand. One that was never fetched is, as long as Kling may have it."""
    if clip.file is None:
        return None if clip.url else FileGone(f"the file of clip {clip.id} is not here")
    return None if clip.file.exists() else unreadable(clip.file, FileNotFoundError(ENOENT, "it is not there"))


def told(error: KlingDesktopError) -> str:
    """An error as the detail of a stop."""
    return f"{type(error).__name__} {error}"


def is_undecided(task: Task) -> bool:
    """Whether the creator has to say if it was made: it was looked for in vain."""
    trouble = task.trouble
    return task.status is Status.UNCERTAIN and trouble is not None and trouble.error == Untraced.__name__


def is_coming(state: TakeState) -> bool:
    """Whether its file is still on its way: nothing, or nothing lasting, is said against it."""
    task, clip = state.task, state.clip
    if task is None or (clip is not None and clip.file is not None) or not task.watched:
        return False
    return task.trouble is None or issubclass(kind_of(task.trouble), _COMES_STILL)


def failure(hop: PlannedHop, tasks: Sequence[Task], refusals: int) -> Stop:
    """Why no take of the hop came to be, whose words were refused so often in its film."""
    failed = [task for task in tasks if task.status is Status.FAILED]
    if not failed:
        return Stop(StopReason.REJECTED, hop.id)
    kinds = [kind_of(task.trouble) for task in failed if task.trouble]
    detail = next((task.message or (task.trouble.message if task.trouble else "") for task in reversed(failed)), "")
    return Stop(_why_failed(hop, kinds, refusals), hop.id, failed[-1].id, detail)


def _why_failed(hop: PlannedHop, kinds: Sequence[type[KlingDesktopError]], refusals: int) -> StopReason:
    if hop.way is Way.EXTEND and (why := _why_no_extension(kinds)) is not StopReason.NONE:
        return why
    if not any(issubclass(kind, (ContentRefused, RiskControl)) for kind in kinds):
        return StopReason.FAILED
    return StopReason.REFUSED_TWICE if refusals >= MOST_REFUSALS else StopReason.WORDS_REFUSED


def _why_no_extension(kinds: Sequence[type[KlingDesktopError]]) -> StopReason:
    """Whether Kling refused to extend the clip itself, which the same again would not change; a new clip would."""
    if any(issubclass(kind, VideoUnknown) for kind in kinds):
        return StopReason.PARENT_GONE
    closed = any(issubclass(kind, (VideoIneligible, ModelRetired)) for kind in kinds)
    return StopReason.NOT_EXTENDED if closed else StopReason.NONE


def against(judgement: Judgement | None) -> tuple[StopReason, str]:
    """What speaks against going on from a take."""
    if judgement is None:
        return StopReason.NONE, ""
    if judgement.is_broken:
        return StopReason.BROKEN, ""
    if judgement.verdict is Verdict.BAD:
        also = f" {StopReason.DRIFT}" if judgement.drifts else ""
        return StopReason.BAD_SEAM, judgement.detail + also
    return (StopReason.DRIFT, "") if judgement.drifts else (StopReason.NONE, "")
