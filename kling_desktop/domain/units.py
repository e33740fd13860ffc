"""Units: what tasks cost, what may be spent, and every movement as it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from enum import StrEnum

TAKEN_OUT = "forgotten"
"""The outcome, in the ledger, of a task that was taken out of the library before it ended."""
PRICE_PER_UNIT = Decimal("0.14")
"""US dollars (Kling's price page); the creator may set another."""

NEARLY = Decimal("0.9")
"""The share of a cap from which the screen warns."""


class Movement(StrEnum):
    """What happened to units."""

    ESTIMATE = "estimate"
    """What a task was thought to cost when it was asked for; counts nothing."""
    RESERVATION = "reservation"
    """Held when a task is about to leave."""
    RELEASE = "release"
    """No longer held: refused, failed uncharged, or settled."""
    CHARGE = "charge"
    """By Kling's own figure; an amendment may be negative."""


class CapScope(StrEnum):
    """Over what a cap is summed up."""

    DAY = "day"
    FILM = "film"
    PLAN = "plan"


@dataclass(frozen=True, slots=True)
class Cap:
    """What may be spent at most, in units."""

    profile_name: str
    scope: CapScope
    units: Decimal
    """0 lets nothing go."""
    subject: str = ""
    """Id of the one film or plan that it is for; empty: for each that has none of its own."""


@dataclass(frozen=True, slots=True)
class Reservation:
    """What a task that is about to leave asks of the budget."""

    task_id: str
    units: Decimal
    """An estimate; 0 when nobody knows."""
    day: date
    """The creator's local day."""
    at: datetime
    model: str = ""
    way: str = ""


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One movement of units, as it is kept for ever."""

    number: int
    at: datetime
    day: date
    """The day against whose cap it counts: that of the reservation, whenever Kling settles."""
    movement: Movement
    units: Decimal
    task_id: str
    film_id: str
    plan_id: str
    profile_name: str
    model: str
    way: str
    outcome: str
    """How the task stood."""


@dataclass(frozen=True, slots=True)
class BudgetStanding:
    """How a profile's budget of a day stands."""

    profile_name: str
    day: date
    cap: Decimal | None
    """None: no cap."""
    charged: Decimal
    held: Decimal
    """Reserved, not settled yet."""
    waiting: int
    """Tasks that wait here because they do not fit."""
    waiting_for_tomorrow: int = 0
    """How many of them do not fit into this day; the others wait for the budget of their film or plan."""

    @property
    def spent(self) -> Decimal:
        """What counts against the cap."""
        return self.charged + self.held

    @property
    def left(self) -> Decimal | None:
        """None without a cap; below 0 when Kling charged more than was thought."""
        return None if self.cap is None else self.cap - self.spent

    @property
    def warns(self) -> bool:
        """Whether nine tenths are gone."""
        return self.cap is not None and self.spent >= self.cap * NEARLY


@dataclass(frozen=True, slots=True)
class PressFit:
    """How many takes of one press may go at once, and how many would wait."""

    takes: int
    waiting: int = 0
    scope: CapScope | None = None
    """Whose cap lets the fewest go; None: no cap holds any back."""
    left: Decimal = Decimal(0)
    """What may still be spent under it; below 0 when Kling charged more than was thought."""
    cap: Decimal = Decimal(0)
    exceeds: bool = False
    """One take alone costs more than the whole cap: no other day lets it go either."""

    @property
    def going(self) -> int:
        return self.takes - self.waiting


@dataclass(frozen=True, slots=True)
class UnitSums:
    """Sums over a stretch of the ledger."""

    charged: Decimal
    held: Decimal
    rejected: Decimal
    """Charged for takes that the creator then rejected."""
    failed: Decimal
    """Charged though the task failed."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the ledger; an empty field narrows nothing."""

    profile_name: str = ""
    first_day: date | None = None
    last_day: date | None = None
    film_id: str = ""
    plan_id: str = ""
    model: str = ""
    way: str = ""
    outcome: str = ""


def local_day(moment: datetime, zone: tzinfo | None = None) -> date:
    """The day it was for the creator: of this computer's zone, daylight saving included, unless another is given."""
    return moment.astimezone(zone).date()
