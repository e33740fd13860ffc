"""What the film lane shows: the cards of a film, its plan, what is made and to come, and why a plan stands still."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from kling_desktop.domain.takes import Gate
from kling_desktop.ui.painted.shapes import Shape

LIMIT = 180.0
"""Seconds that Kling lets a clip be extended to."""


class CardKind(StrEnum):
    """What a card stands for."""

    MADE = "made"
    """A take of the path."""
    RUNNING = "running"
    """A hop whose takes are in the making."""
    PLANNED = "planned"
    """A hop that is written, or to be written, and not sent."""
    ADD = "add"
    """The place where a hop is added; made by the lane itself."""


@dataclass(frozen=True, slots=True)
class Card:
    """One hop of the film."""

    id: str
    """Of the take, or of the planned hop."""
    kind: CardKind
    hop: int
    words: str = ""
    seconds: float = 0.0
    """What it adds to the film; of what is not made yet, an estimate."""
    first: Path | None = None
    """Still of its first frame; of a running hop the last frame of the one before."""
    last: Path | None = None
    """Still of its last frame."""
    take: int = 1
    """Which of its takes is in the film, from 1."""
    takes: int = 1
    """How many takes the hop has, or is to have."""
    seam: Shape | None = None
    """Verdict of the seam before it; None while it is not measured, or of the root."""
    seam_words: str = ""
    """What is seen at the seam: "a little brighter"."""
    is_doubtful: bool = False
    """Nothing but the stated length tells where that seam is."""
    stars: int = 0
    rendering: int = 0
    """Takes at Kling."""
    waiting: int = 0
    """Takes that wait here."""
    over_budget: int = 0
    """How many of those wait for the budget."""
    elapsed: float | None = None
    """Seconds since its first take was sent."""
    usual: float | None = None
    """Seconds that such a take usually takes."""
    units: float | None = None
    """What it is likely to cost."""
    held: bool = False
    """It waits for a seam to be judged, or for money."""
    refused: str = ""
    """Why it cannot be sent as it is written, in a few words."""


class PlanState(StrEnum):
    """How the plan of a film stands."""

    IDLE = "idle"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    """It stands still until the creator decides."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Why a plan stopped, and the ways on."""

    reason: str
    """"Stopped after hop 4: colour shifts at seam 4"."""
    detail: str = ""
    """Numbers, and what waits: "ΔE 6.2, your limit is 5.0 · 3 hops wait, uncharged"."""
    again: str = ""
    """Words of the way that spends, its price named: "Try hop 4 again · 2 units"; empty when there is none."""
    acceptable: bool = True
    """Whether the plan can go on as things stand, which never spends anew for this hop."""
    unseen: bool = False
    """What came could not be looked at, and may be by now: looking once more costs nothing."""
    shape: Shape = Shape.BAD
    was_asked_for: bool = False
    """The creator wanted it to stop here: that is no alarm."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What so many hops are likely to take."""

    hops: int
    units: float
    seconds: float | None
    """None while this account has finished too few tasks to tell."""
    money: float | None = None
    """US dollars at the creator's price of a unit."""


@dataclass(frozen=True, slots=True)
class FilmView:
    """All that the lane shows."""

    cards: tuple[Card, ...] = ()
    """In order: made, running, planned."""
    current: str = ""
    """Id of the card that the viewer shows, or in whose place it shows another take."""
    is_beside: bool = False
    """Whether that is another take than the card's."""
    limit: float | None = LIMIT
    """Seconds the film can reach, or is wanted to reach; None when there is no end to it."""
    takes_per_hop: int = 1
    """1 to 4."""
    gate: Gate = Gate.CLEAN
    plan: PlanState = PlanState.IDLE
    stop: Stop | None = None
    estimate: Estimate | None = None
    """Of the planned hops."""
    rest: Estimate | None = None
    """From what is planned to the limit."""
    drift_hop: int | None = None
    """Hop at which drift is likely to leave the tolerance."""
    first_dies_in_days: int | None = None
    """Days until the first clip of the path is deleted at Kling."""
    first_dies_hop: int = 0
    """Which one that is: a film that begins with the creator's own file has no first clip at Kling."""
    awaited_hop: int = 0
    """The hop that the plan would send, if it were not being written; 0 for none."""
    wordless: int = 0
    """Planned hops without words: those that are extended are sent so. At one that is continued the plan stops."""
    payer: str = ""
    """Name of the account that the plan is sent with, while another one is chosen for what is sent by hand."""
    chosen_account: str = ""
    """Name of that other one, where the plan can be given to it now."""
    made: float = field(init=False, compare=False, default=0.0)
    """Seconds that are made."""
    coming: float = field(init=False, compare=False, default=0.0)
    """Seconds that are in the making or planned."""

    def __post_init__(self) -> None:
        """Added up once: a ruler of hundreds of hops asks for each of them, with every picture of a film that plays."""
        made = sum(card.seconds for card in self.cards if card.kind is CardKind.MADE)
        coming = sum(card.seconds for card in self.cards if card.kind in (CardKind.RUNNING, CardKind.PLANNED))
        object.__setattr__(self, "made", made)
        object.__setattr__(self, "coming", coming)

    @property
    def has_planned(self) -> bool:
        """Whether a hop waits to be sent, be its price known or not."""
        return any(card.kind is CardKind.PLANNED for card in self.cards)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A hop on the ruler."""

    start: float
    end: float
    kind: CardKind
    bad: bool = False
    """Its seam is bad."""


def stretches(cards: tuple[Card, ...]) -> list[Stretch]:
    """Where each hop lies in the film, in seconds."""
    found: list[Stretch] = []
    at = 0.0
    for card in cards:
        found.append(Stretch(at, at + card.seconds, card.kind, card.seam is Shape.BAD))
        at += card.seconds
    return found
