"""Plans: what comes after the path's end, hop by hop, and why a plan stands still."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kling_desktop.domain.accounts import Profile
from kling_desktop.domain.takes import Gate, Way
from kling_desktop.domain.tasks import Generation

MOST_TAKES = 4
"""Takes that one planned hop may ask for."""

MOST_HOPS = 400
"""Hops that one plan may hold; half an hour of film."""


PLAN_RANK = 1e10
"""Tasks of plans have ranks from here on (others are seconds since 1970): what is sent by hand goes first."""


class PlanState(StrEnum):
    """How a plan stands."""

    READY = "ready"
    """Nothing runs; it was never started, or its last stop was answered."""
    RUNNING = "running"
    PAUSED = "paused"
    """The creator holds it; what is at Kling finishes there."""
    STOPPED = "stopped"
    """It stands still for a reason, and waits for one of two ways on."""
    DONE = "done"


class StopReason(StrEnum):
    """Why a plan stands still."""

    NONE = ""
    ASKED = "asked"
    """The gate asks after each hop."""
    AFTER_THIS = "after this"
    """The creator wanted it to stop after this hop."""
    BAD_SEAM = "bad seam"
    DRIFT = "drift"
    BROKEN = "broken"
    """The take came, and its file cannot be read or was never whole."""
    FAILED = "failed"
    """No take of the hop came to be."""
    WORDS_REFUSED = "words refused"
    """Kling's content check refused these words."""
    REFUSED_TWICE = "refused twice"
    """These very words were refused twice in this film: the runner does not send them a third time."""
    NO_WORDS = "no words"
    """A new clip needs words, and the hop has none."""
    UNDECIDED = "undecided"
    """Kling does not seem to have a task; the creator decides whether it is sent again."""
    PARENT_GONE = "parent gone"
    """Kling no longer has the clip that this hop extends; it can be continued from our file."""
    PARENT_MISSING = "parent missing"
    """There is no finished take to go on from."""
    NO_PICTURE = "no picture"
    """What the hop is to be made from cannot be taken: the file is away, or not fit for it."""
    NOT_EXTENDED = "not extended"
    """Kling does not extend what this hop goes on from: a video of the creator's, or a clip of a newer model."""
    TOO_LONG = "too long"
    """Kling extends no film beyond three minutes; it can be continued."""
    REJECTED = "rejected"
    """The creator rejected, forgot or withdrew every take of the hop."""


class HopState(StrEnum):
    """How a planned hop stands."""

    PLANNED = "planned"
    SENT = "sent"
    """Its tasks are written down; from here on it can be bought only once."""
    DONE = "done"


@dataclass(frozen=True, slots=True)
class PlannedHop:
    """What one hop is to be made of."""

    id: str
    prompt: str = ""
    way: Way = Way.EXTEND
    """EXTEND or CONTINUE."""
    takes: int = 1
    """1 to MOST_TAKES."""
    gate: Gate | None = None
    """None: the plan's own."""
    negative_prompt: str = ""
    guidance: float | None = None
    watermark: bool | None = None
    generation: Generation | None = None
    """With what a CONTINUE hop is made; its first frame is set when it is sent."""
    state: HopState = HopState.PLANNED
    parent_id: str = ""
    """The take that it goes on from, once it is sent. Before that the one of which something was sent by hand: the hop
    waits for it, and goes on behind it.
    """
    task_ids: tuple[str, ...] = ()
    """Of all tries, oldest first; on disk before the first of them leaves."""
    newest: int = 0
    """How many of `task_ids`, counted from the end, belong to the last try."""
    take_id: str = ""
    """The take with which the plan went on. Before that the one at which it stood still: its pick binds it no more."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Why a plan stands still, as far as a program can say it."""

    reason: StopReason = StopReason.NONE
    hop_id: str = ""
    """Empty where it is about what was sent by hand before the next hop."""
    take_id: str = ""
    """The take that is meant, if one is."""
    detail: str = ""
    """What was measured, or Kling's own words. Of a bad seam its worst meter, and behind a space "drift" when the film
    has drifted too far as well. Of a picture that cannot be taken the name of its error, and behind a space which file.
    """

    @property
    def can_accept(self) -> bool:
        """Whether "Accept and go on" is one of the ways on: there is a take to go on from. It never spends."""
        return self.reason in _ACCEPTABLE

    @property
    def can_try_again(self) -> bool:
        """Whether "Try again" is one of the ways on: it spends, so its price is to be named."""
        return self.reason not in (*_NOT_AGAIN, StopReason.NONE)

    @property
    def can_continue(self) -> bool:
        """Whether "Continue instead" is one of the ways on: Kling cannot extend what the hop goes on from, but a new
        clip can be made from its last frame. It spends, and otherwise than planned: its price is to be named.
        """
        return self.reason in _CONTINUABLE

    @property
    def is_of_nothing(self) -> bool:
        """Whether nothing came of what was asked for: its place in the film is vacant."""
        return self.reason in _NOTHING_CAME


_NOTHING_CAME = (
    StopReason.FAILED, StopReason.WORDS_REFUSED, StopReason.REFUSED_TWICE, StopReason.REJECTED, StopReason.PARENT_GONE,
    StopReason.NOT_EXTENDED, StopReason.NO_WORDS,
)  # fmt: skip
_CONTINUABLE = (StopReason.PARENT_GONE, StopReason.NOT_EXTENDED, StopReason.TOO_LONG)
_ACCEPTABLE = (StopReason.ASKED, StopReason.AFTER_THIS, StopReason.BAD_SEAM, StopReason.DRIFT, StopReason.BROKEN)
_NOT_AGAIN = (
    StopReason.AFTER_THIS, StopReason.REFUSED_TWICE, StopReason.UNDECIDED, StopReason.PARENT_GONE,
    StopReason.PARENT_MISSING, StopReason.NO_PICTURE, StopReason.NOT_EXTENDED, StopReason.TOO_LONG, StopReason.NO_WORDS,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """Planned hops after the path's end."""

    id: str
    film_id: str
    profile: Profile
    """With which it is sent."""
    made_at: datetime
    name: str = ""
    state: PlanState = PlanState.READY
    gate: Gate = Gate.CLEAN
    takes: int = 1
    """For hops that are written from now on."""
    stop_after_this: bool = False
    stop: Stop = Stop()
    hops: tuple[PlannedHop, ...] = ()

    def gate_of(self, hop: PlannedHop) -> Gate:
        return hop.gate or self.gate

    @property
    def current(self) -> PlannedHop | None:
        """The hop that is to be sent, or is under way."""
        return next((hop for hop in self.hops if hop.state is not HopState.DONE), None)

    @property
    def to_come(self) -> tuple[PlannedHop, ...]:
        """Hops that are not done."""
        return tuple(hop for hop in self.hops if hop.state is not HopState.DONE)
