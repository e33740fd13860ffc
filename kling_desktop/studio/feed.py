"""The facts, and the Feed that carries them up: whoever listens hears what happened, in batches."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from kling_desktop.domain.accounts import Pack, Profile
from kling_desktop.domain.analysis import HopLook, Seam, SeamStills, Strip, Tail
from kling_desktop.domain.clips import Clip, Progress
from kling_desktop.domain.exports import ExportJob
from kling_desktop.domain.plans import Plan
from kling_desktop.domain.seam_limits import SeamLimits
from kling_desktop.domain.takes import Take
from kling_desktop.domain.tasks import Task, Trouble
from kling_desktop.domain.units import BudgetStanding


@dataclass(frozen=True, slots=True)
class TaskChanged:
    """A task is new or stands otherwise than before; it is already in the library."""

    task: Task


@dataclass(frozen=True, slots=True)
class TaskForgotten:
    """A task was taken out of the library; its files stay where they are."""

    task_id: str


@dataclass(frozen=True, slots=True)
class ClipChanged:
    """A clip is new, or has a file or address that it had not."""

    clip: Clip


@dataclass(frozen=True, slots=True)
class TransferMoved:
    """Bytes of a take arrived. `progress` is None when the transfer ended, well or not."""

    task_id: str
    progress: Progress | None


@dataclass(frozen=True, slots=True)
class PosterMade:
    """A still of a clip was made and lies in a file."""

    clip_id: str
    file: Path


@dataclass(frozen=True, slots=True)
class ProfileTroubled:
    """A profile's queue stopped (`trouble`), or goes again (None)."""

    profile: Profile
    trouble: Trouble | None


@dataclass(frozen=True, slots=True)
class QueueChanged:
    """A profile's local queue is another than it was."""

    profile: Profile
    waiting: tuple[str, ...]
    """Ids of the tasks that wait here, in the order in which they will be sent."""
    running: int
    """Tasks that Kling has, or may have."""
    limit: int | None
    """Tasks that the account seems to run at once; None until Kling has refused one too many."""
    paused: bool
    """Whether the creator holds the queue."""


@dataclass(frozen=True, slots=True)
class CallbacksChanged:
    """The receiver of callbacks was opened, closed, or could not be opened."""

    address: str
    """Where it listens, such as http://127.0.0.1:8787/kling; empty while it does not."""
    signed: bool
    """Whether only callbacks that are signed with the secret are believed."""
    trouble: Trouble | None
    """Why it does not listen though it should."""


@dataclass(frozen=True, slots=True)
class CallbackSecretKept:
    """The secret of the callbacks was stored or deleted, or looked for."""

    known: bool
    """Whether there is one."""
    trouble: Trouble | None
    """What the keyring said against it; a secret is then kept for this session only."""


@dataclass(frozen=True, slots=True)
class ClipsListed:
    """The clips that can be picked: the library's and the account's, newest first."""

    profile: Profile
    clips: tuple[Clip, ...]
    complete: bool
    """False while the account is still being asked."""
    trouble: Trouble | None
    """Why the account's clips are missing from it; None when all was read."""
    stills: Mapping[str, Path] = field(default_factory=dict)
    """Of those clips that have one, by their ids."""


@dataclass(frozen=True, slots=True)
class Identified:
    """What a pasted id turned out to be."""

    pasted: str
    clip: Clip | None
    """The clip it stands for; None when neither the library nor the account knows it."""
    was_task: bool
    """True when the id is a task's: the clip is that task's result."""
    trouble: Trouble | None
    """Why it could not be looked up, if so."""


@dataclass(frozen=True, slots=True)
class KeysChecked:
    """The verdict of a test connection."""

    profile: Profile
    trouble: Trouble | None
    """None: Kling accepted the keys."""
    packs: tuple[Pack, ...]
    clock_skew_seconds: float | None
    """Our clock minus Kling's; None when Kling sent no time."""


@dataclass(frozen=True, slots=True)
class KeysKept:
    """Keys are stored under this profile's name."""

    profile: Profile
    trouble: Trouble | None
    """Why they are kept for this session only; None: they are in the system's keyring."""
    session_only: bool
    """True when they end with this session, by wish or for want of a keyring."""
    is_late: bool = False
    """A keyring that was waited for has answered at last; an earlier one told that the keys hold meanwhile."""


@dataclass(frozen=True, slots=True)
class CopyMoved:
    """A copy that takes a while went on. `progress` is None when it ended: done, stopped, or failed."""

    file: Path
    """What the copy will be."""
    progress: Progress | None


@dataclass(frozen=True, slots=True)
class FileSaved:
    """A copy was handed out, or could not be."""

    file: Path
    trouble: Trouble | None


@dataclass(frozen=True, slots=True)
class ExportChanged:
    """An export is new, went on, or ended."""

    job: ExportJob


@dataclass(frozen=True, slots=True)
class ExportForgotten:
    """An ended export was taken off the list; its file stays."""

    job_id: str


@dataclass(frozen=True, slots=True)
class ExportsPaused:
    """The queue of exports is held, or goes on."""

    paused: bool


@dataclass(frozen=True, slots=True)
class SweptFile:
    """A file that was moved into the trash."""

    task_id: str
    file: Path
    """Where it was."""
    trashed: Path
    """Where it is now."""


@dataclass(frozen=True, slots=True)
class Swept:
    """The files of rejected takes are in the trash."""

    files: tuple[SweptFile, ...]
    failed: int
    """Files that could not be moved and stay where they are."""


@dataclass(frozen=True, slots=True)
class SeamsFound:
    """The seams of a clip, first hop first, as `studio.analyzer.seams` gives them from now on."""

    clip_id: str
    seams: tuple[Seam, ...]
    """Empty for a base clip, and when nothing could be found."""
    trouble: Trouble | None = None
    """Why they could not be looked for, if so."""


@dataclass(frozen=True, slots=True)
class SeamLimitsMoved:
    """From now on every seam is judged by other limits: what is shown of any clip may be another verdict."""

    limits: SeamLimits


@dataclass(frozen=True, slots=True)
class DriftToleranceMoved:
    """From now on another drift of a film is told of."""


@dataclass(frozen=True, slots=True)
class VerdictsJudged:
    """By which takes are put in order and chosen: after limits were moved, all of them."""


@dataclass(frozen=True, slots=True)
class SeamStillsMade:
    """The pictures on either side of a join are there, or cannot be made."""

    clip_id: str
    frame: int
    """The first new frame."""
    stills: SeamStills | None
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class DriftMeasured:
    """How far each hop of a clip is from its base."""

    clip_id: str
    hops: tuple[HopLook, ...]
    """Hop 0 first; empty when it could not be measured."""
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class TailExamined:
    """The last frame of a clip was looked at."""

    clip_id: str
    tail: Tail | None
    """None when it could not be had."""
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class StripMade:
    """The filmstrip of a clip is there, or cannot be made."""

    clip_id: str
    strip: Strip | None
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class FrameTimesRead:
    """When each picture of a clip's file is due, in seconds from its first one."""

    clip_id: str
    file: Path
    starts: tuple[float, ...]
    """Rising from 0, at least one."""
    end: float
    """When the last one is over."""
    lead: float
    """Seconds from the file's first moment, of sound or picture, to its first picture."""


@dataclass(frozen=True, slots=True)
class Recovered:
    """The program did not close properly last time; this much goes on from where it stood."""

    tasks: int
    """Tasks that are followed, or wait to be sent, again."""
    downloads: int
    """Finished takes that were not whole on the disk yet."""
    has_draft: bool


@dataclass(frozen=True, slots=True)
class HistoryRead:
    """One more page of what an account has was read."""

    profile: Profile
    tasks_read: int
    """In all, since this reading began."""
    found: tuple[Task, ...]
    """What the library lacks of this page, as it would be adopted. A `clip.file` is one that is called like the clip's
    and has not been looked into."""


@dataclass(frozen=True, slots=True)
class HistoryAdopted:
    """A find is in the library now."""

    kling_id: str
    left: int
    """How many are still to be adopted in this run."""


@dataclass(frozen=True, slots=True)
class HistoryEnded:
    """The reading, or the adopting, has ended."""

    complete: bool
    """False when it was stopped or broke off."""
    trouble: Trouble | None


@dataclass(frozen=True, slots=True)
class FilmChanged:
    """A film is new or gone, has another name, note or label, or its tree or path is another."""

    film_id: str


@dataclass(frozen=True, slots=True)
class FilmRendered:
    """The film up to and including a continued take was made, or could not be."""

    take_id: str
    file: Path | None
    trouble: Trouble | None


@dataclass(frozen=True, slots=True)
class ImportMoved:
    """How far a file that is being brought in has come; None when that has ended."""

    file: Path
    """The creator's own file."""
    progress: Progress | None


@dataclass(frozen=True, slots=True)
class ArchiveMoved:
    """How far an archive that is being opened has come; None when that has ended."""

    archive: Path
    """The file, or the folder."""
    progress: Progress | None
    can_stop: bool = True
    """No more once the library is being written: it has all of a film or nothing."""


@dataclass(frozen=True, slots=True)
class FileImported:
    """A file was brought in, or why not."""

    file: Path
    """The creator's own file, or the folder in which there was none."""
    clip: Clip | None
    take: Take | None
    """The root that it became, or the take that it has been all along."""
    is_new: bool = False
    """False for a file that the library had already."""
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class TakePicked:
    """Another take is the picked one of its place."""

    film_id: str
    take_id: str
    """Empty when the place is left to the newest finished take."""
    by_plan: bool
    """Whether a running plan picked it, for its seam, and not the creator."""
    before: str = ""
    """The take that was picked there before, if one was."""


@dataclass(frozen=True, slots=True)
class BranchLeft:
    """A take through which its film went was rejected: what was made from it is in the film no more."""

    film_id: str
    take_id: str


@dataclass(frozen=True, slots=True)
class PlanChanged:
    """A plan is new, or stands otherwise than before; it is already in the library."""

    plan: Plan


@dataclass(frozen=True, slots=True)
class PlanDeleted:
    """A plan was taken out of the library; its takes stay."""

    plan_id: str
    film_id: str


@dataclass(frozen=True, slots=True)
class BudgetChanged:
    """Something was reserved, released or charged, a cap is another, or a day has begun."""

    standing: BudgetStanding


@dataclass(frozen=True, slots=True)
class Noticed:
    """Something the creator should read that belongs to no task."""

    trouble: Trouble


Fact = (
    TaskChanged
    | TaskForgotten
    | ClipChanged
    | TransferMoved
    | PosterMade
    | ProfileTroubled
    | QueueChanged
    | CallbacksChanged
    | CallbackSecretKept
    | ClipsListed
    | Identified
    | KeysChecked
    | KeysKept
    | CopyMoved
    | FileSaved
    | ExportChanged
    | ExportForgotten
    | ExportsPaused
    | Swept
    | SeamsFound
    | SeamLimitsMoved
    | VerdictsJudged
    | DriftToleranceMoved
    | SeamStillsMade
    | DriftMeasured
    | TailExamined
    | StripMade
    | FrameTimesRead
    | Recovered
    | HistoryRead
    | HistoryAdopted
    | HistoryEnded
    | FilmChanged
    | FilmRendered
    | ImportMoved
    | ArchiveMoved
    | FileImported
    | TakePicked
    | BranchLeft
    | PlanChanged
    | PlanDeleted
    | BudgetChanged
    | Noticed
)
Listener = Callable[[Sequence[Fact]], None]


class Feed:
    """Carries facts to listeners, all of one turn of the loop in one batch.

    Belongs to the loop's thread; a worker thread reaches it by `loop.call_soon_threadsafe(feed.publish, fact)`.
    """

    def __init__(self) -> None:
        self._listeners: list[Listener] = []
        self._waiting: list[Fact] = []
        self._held_back: list[Fact] | None = None
        self._closed = False

    def publish(self, fact: Fact) -> None:
        """Hand a fact to every listener, soon; to nobody once it is closed."""
        if self._closed:
            return
        if self._held_back is not None:
            self._held_back.append(fact)
            return
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self._deliver)
        self._waiting.append(fact)

    @contextmanager
    def held_back(self, facts: list[Fact]) -> Iterator[None]:
        """What is published in the block goes to the end of `facts` and to no listener: who holds it back publishes it
        when there is more of it. For a block that awaits nothing.
        """
        before, self._held_back = self._held_back, facts
        try:
            yield
        finally:
            self._held_back = before

    def close(self) -> None:
        """Tell nobody anything more: who would hear it is being closed, and the loop may end before it is told."""
        self._closed = True

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Hear every batch from now on; the returned call ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _deliver(self) -> None:
        batch, self._waiting = self._waiting, []
        if self._closed:
            return
        for listener in tuple(self._listeners):
            listener(batch)
