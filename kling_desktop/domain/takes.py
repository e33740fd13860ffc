"""Films: takes, the parts that they are made of, and how they hang together as a tree with one picked path."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from kling_desktop.domain.analysis import Verdict
from kling_desktop.domain.clips import Clip
from kling_desktop.domain.tasks import Pick, Status, Task


class Way(StrEnum):
    """How a take came to be."""

    ROOT = "root"
    """It begins a film: made from words or a picture, or brought in from a file."""
    EXTEND = "extend"
    """Kling extended the parent; one file holds parent and new stretch."""
    CONTINUE = "continue"
    """A new clip made from the parent's last frame, joined here."""


class Gate(StrEnum):
    """What must be true before the next hop of a plan is sent."""

    ASK = "ask"
    """The creator says go after each hop."""
    CLEAN = "clean"
    """Stops on a bad seam, on drift, on a broken take."""
    RUN = "run"


@dataclass(frozen=True, slots=True)
class ColourMap:
    """One constant map for all frames of a clip, on Y'CbCr of its own range: luma 0 to 1, chroma -0.5 to 0.5."""

    luma: tuple[float, float, float] = (1.0, 0.0, 0.0)
    """a, b, c of Y = a·Y + b·Y² + c."""
    chroma: tuple[float, float, float, float, float, float] = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
    """Cb from Cb, Cb from Cr, offset of Cb; Cr from Cb, Cr from Cr, offset of Cr."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a clip, by the presentation times of that clip's own file, in seconds from its first frame."""

    clip_id: str
    start: Fraction = Fraction(0)
    """When the first frame that is shown is due."""
    end: Fraction | None = None
    """When the first frame that is no longer shown is due; None shows the clip to its end."""
    colour: ColourMap | None = None
    """None leaves the clip's colours as they are."""


class Label(StrEnum):
    """A colour that the creator gives to a film or a take; what it means is the creator's."""

    NONE = ""
    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    GREEN = "green"
    BLUE = "blue"
    PURPLE = "purple"


@dataclass(frozen=True, slots=True)
class Film:
    """A root take and everything that grew from it, under a name."""

    id: str
    name: str
    made_at: datetime
    touched_at: datetime
    """When a take was last added, or something about the film was changed."""
    note: str = ""
    label: Label = Label.NONE
    archived: bool = False
    way: Way | None = None
    """How the creator wants it to go on, EXTEND or CONTINUE; None while nothing was chosen."""
    takes: int = 0
    """How many takes hang in its tree, whatever became of them."""


@dataclass(frozen=True, slots=True)
class Take:
    """A node of the tree. It never changes: asking again makes a sibling."""

    id: str
    """The task's id where a task made it; else "clip:" and the clip's id."""
    film_id: str
    parent_id: str
    """Empty for a root."""
    way: Way
    hop: int
    """How deep it lies: a root is 0."""
    made_at: datetime
    """When it was asked for; of a clip without a task, when it was made."""
    path: str
    """Where it stands among all takes of its film: sorts parents before children and siblings by age."""
    task_id: str = ""
    clip_id: str = ""
    """Empty until Kling has made it."""

    @property
    def slot(self) -> str:
        """What all takes of one place share: their parent, or for roots the film."""
        return self.parent_id or self.film_id


@dataclass(frozen=True, slots=True)
class TakeMark:
    """What the creator noted beside a take; stars and rejection of a task's take lie with the task."""

    note: str = ""
    label: Label = Label.NONE
    stars: int = 0
    """Of a take that no task made."""


@dataclass(frozen=True, slots=True)
class TakeState:
    """A take with everything that is known of it now."""

    take: Take
    task: Task | None
    """None for a clip that no task of the library made."""
    clip: Clip | None
    mark: TakeMark
    number: int
    """Which one among its siblings, from 1."""
    siblings: int
    """How many there are, itself among them."""
    is_picked: bool
    """Whether the creator, or the runner for him, picked it explicitly."""

    @property
    def words(self) -> str:
        """What was asked for."""
        return self.task.extension.prompt if self.task else ""

    @property
    def stars(self) -> int:
        """0, when nothing was said, to MOST_STARS."""
        return self.task.stars if self.task else self.mark.stars

    @property
    def is_rejected(self) -> bool:
        return self.task is not None and self.task.pick is Pick.REJECTED

    @property
    def is_finished(self) -> bool:
        """Whether there is a film up to and including it."""
        return bool(self.take.clip_id) and (self.task is None or self.task.status is Status.SUCCEEDED)

    @property
    def parent_end(self) -> Fraction | None:
        """Where what it was continued from ends for it, in seconds of that clip; None leaves that whole."""
        generation = self.task.extension.generation if self.task else None
        return generation.parent_end if generation else None

    @property
    def added_seconds(self) -> float | None:
        """How long its new stretch is, as Kling states it; None while nobody knows."""
        if self.clip is None or self.clip.seconds is None:
            return None
        if self.take.way is Way.EXTEND and self.clip.parent_seconds is not None:
            return float(self.clip.seconds - self.clip.parent_seconds)
        return float(self.clip.seconds) if self.take.way is not Way.EXTEND else None


@dataclass(frozen=True, slots=True)
class Making:
    """The takes of one place that have not ended, however many."""

    first: TakeState
    """The oldest of them."""
    takes: int
    rendering: int
    """How many of them Kling has; the others wait here."""
    began_at: datetime | None
    """When Kling took the first of them, or it was sent; None while all of them wait."""
    over_budget: int = 0
    """How many of those that wait here wait for the budget."""


@dataclass(frozen=True, slots=True)
class TreeRow:
    """One row of the tree as it is shown: a take, and the lines beside it."""

    state: TakeState
    on_path: bool
    """Whether it is part of the film as it is picked."""
    is_grey: bool
    """Whether it hangs below a take that is not part of the film."""
    lane: int
    """Column of its dot: the path is 0, what stands beside it begins at 1."""
    parent_lane: int | None
    """Column in which its parent stands; None for a root."""
    through: tuple[int, ...]
    """Columns whose lines pass this row, or begin or end at its dot, on to rows below: ascending."""
    has_more_below: bool
    """Whether the line of its own column goes on below its dot."""
    verdict: Verdict | None = None
    """Of the seam at which it begins; None while it was not measured, or where there is none."""


@dataclass(frozen=True, slots=True)
class TreeNode:
    """A row of the tree as far as its place, its height and its lines are concerned."""

    take_id: str
    parent_id: str
    hop: int
    on_path: bool
    is_making: bool
    """Asked for from the path's tip and not failed: the path will go on with it."""
    is_rejected: bool
    path: str
    """See `Take.path`."""


@dataclass(frozen=True, slots=True)
class Path:
    """The picked path: what plays, what is exported, what a plan goes on from."""

    film_id: str
    takes: tuple[TakeState, ...]
    """From the root to the tip, each finished; empty for a film in which nothing is finished yet."""
    left_out: Mapping[str, float] = field(default_factory=dict)
    """Seconds at the beginning of a clip, by its id, that the film leaves out where it was joined."""
    before: tuple[TakeState, ...] = ()
    """Takes of the film that this one was split off from, if its root is joined to them: what it shows first."""

    @property
    def tip(self) -> TakeState | None:
        return self.takes[-1] if self.takes else None

    @property
    def seconds(self) -> float:
        """Length as Kling states it, without what was cut off behind a chosen frame or left out at a join; stretches of
        unknown length count nothing.
        """
        clips = [number for number in range(len(self._shown)) if self._ends_clip(number)]
        return sum(max(0.0, self._shown_seconds(number) - self._left_out(number)) for number in clips)

    @property
    def stretches(self) -> tuple[float, ...]:
        """How much of the film is each take's, in seconds: together they are as long as it, where lengths are known.
        The first one's holds what is shown before it, as the file of an extended take that is a root does.
        """
        shares, before = self._shares, len(self.before)
        return (sum(shares[: before + 1]), *shares[before + 1 :]) if self.takes else ()

    @property
    def _shown(self) -> tuple[TakeState, ...]:
        return self.before + self.takes

    @property
    def _shares(self) -> tuple[float, ...]:
        """The same of all takes that are shown, those before the root among them."""
        found, first = list[float](), 0
        for number in range(len(self._shown)):
            new = self._new_seconds(number)
            if self._ends_clip(number):
                new = self._shown_seconds(number) - sum(found[first:])
                found.append(new)
                found[first] -= self._left_out(number)
                first = number + 1
            else:
                found.append(new)
        return tuple(max(0.0, each) for each in found)

    def _left_out(self, number: int) -> float:
        clip = self._shown[number].clip
        return self.left_out.get(clip.id, 0.0) if clip is not None else 0.0

    def _ends_clip(self, number: int) -> bool:
        """Whether the film shows the clip of take `number`, and not that of one by which it was extended."""
        return number + 1 == len(self._shown) or self._shown[number + 1].take.way is Way.CONTINUE

    def _shown_seconds(self, number: int) -> float:
        """How much is seen of the clip of take `number`, which holds what it extends."""
        cut = self._shown[number + 1].parent_end if number + 1 < len(self._shown) else None
        clip = self._shown[number].clip
        if cut is not None:
            return float(cut)
        if clip is not None and clip.seconds is not None:
            return float(clip.seconds)
        first = number
        while first and self._shown[first].take.way is Way.EXTEND:
            first -= 1
        return sum(self._new_seconds(each) for each in range(first, number + 1))

    def _new_seconds(self, number: int) -> float:
        """How much take `number` adds to the one before it, as far as lengths are known."""
        state = self._shown[number]
        if state.added_seconds is not None:
            return state.added_seconds
        clip, before = state.clip, self._shown[number - 1].clip if number else None
        if clip is None or clip.seconds is None:
            return 0.0
        return max(0.0, float(clip.seconds - (before.seconds if before and before.seconds else 0)))
