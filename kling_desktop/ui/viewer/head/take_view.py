"""What the stage says of the take that is chosen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kling_desktop.ui.i18n import tr
from kling_desktop.ui.painted.shapes import Shape


@dataclass(frozen=True, slots=True)
class TakeView:
    """A take as the head over the stage shows it; the empty one shows nothing."""

    take_id: str = ""
    hop: int = 0
    """0 is the film's first clip."""
    hops: int = 0
    """How many hops the film has; 0 is not said."""
    number: int = 1
    """Which take of its place it is, from 1."""
    takes: int = 1
    """How many takes its place has."""
    words: str = ""
    """What was asked for."""
    stars: int = 0
    picked: bool = False
    rejected: bool = False
    judged: bool = False
    """Whether it is made, so that it can be picked, rejected and starred."""
    shape: Shape | None = None
    """How it stands, while that is not "made"."""
    state: str = ""
    """The same in words; they stand where the words of a made take stand."""
    since: datetime | None = None
    """When Kling began with it, aware: the head counts on from there."""
    usual_seconds: tuple[float, float] | None = None
    """In how many seconds half of such takes were done, and nine in ten."""
    has_film: bool = False
    """Whether there is a film up to its parent that can be played meanwhile."""

    @property
    def place(self) -> str:
        """As "Hop 4 of 5"."""
        if not self.hop:
            return tr("First clip")
        return tr("Hop {n} of {all}", n=self.hop, all=self.hops) if self.hops >= self.hop else tr("Hop {n}", n=self.hop)

    @property
    def which(self) -> str:
        """As "take 1 of 2"; nothing where there is only one."""
        return tr("take {n} of {all}", n=self.number, all=self.takes) if self.takes > 1 else ""
