"""What each chip of the bar shows: shape, word and colour for a fact."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from kling_desktop.ui import formatting
from kling_desktop.ui.bar.chip import Face, Part
from kling_desktop.ui.i18n import tr, tr_count

_WARN_FROM = Decimal("0.9")
"""Of the budget: from here on the gauge warns."""


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """How the tasks of all accounts stand."""

    rendering: int = 0
    """At Kling."""
    waiting: int = 0
    """Here, to be sent as soon as there is room."""
    held: int = 0
    """By a plan."""
    late: int = 0
    """Rendering for longer than is usual."""
    paused: bool = False
    seconds: float | None = None
    """Until all is usually done."""


class AccountState(StrEnum):
    """How an account stands with Kling."""

    READY = "ready"
    SANDBOX = "sandbox"
    REFUSED = "refused"
    OFFLINE = "offline"


def film_face(name: str) -> Face:
    """The film that is open."""
    return Face((Part(name, name, "film", bold=True),), told=tr("Film: {name}", name=name))


def queue_face(counts: QueueCounts) -> Face:
    """How many tasks are under way; no parts when there are none."""
    if counts.paused:
        words = tr("paused · {n} wait", n=counts.waiting)
        return Face((Part(words, str(counts.waiting), "status-held", sign_ink="quiet"),))
    signs: list[tuple[int, str, str, str]] = [
        (counts.late, tr("{n} late", n=counts.late), "status-uncertain", "warn"),
        (counts.rendering, tr("{n} rendering", n=counts.rendering), "status-processing", "accent"),
        (counts.waiting, tr("{n} waiting", n=counts.waiting), "status-queued", "quiet"),
        (counts.held, tr("{n} held", n=counts.held), "status-held", "quiet"),
    ]
    there = [sign for sign in signs if sign[0]]
    if not there:
        return Face()
    about = f"~{formatting.lasting(counts.seconds)}" if counts.seconds else ""
    whole = " · ".join(filter(None, (*(words for _, words, _, _ in there), about)))
    # In full one sign stands for all; in short each number needs its own.
    first, *others = there
    parts = [Part(whole, str(first[0]), first[2], "warn" if counts.late else "text", first[3])]
    return Face((*parts, *(Part("", str(n), name, sign_ink=ink) for n, _, name, ink in others)), told=whole)


def budget_face(spent: Decimal, cap: Decimal | None, waiting: int = 0) -> Face:
    """Units that were charged today, and of how many; warns at 90 %. At 100 %, and while some are `waiting` because
    what is left is too little for them, it says that takes wait.
    """
    if cap is None:
        words = tr("{n} units today", n=_plain(spent))
        return Face((Part(words, _plain(spent), "gauge", sign_ink="quiet"),) if spent else ())
    share = float(spent / cap) if cap else 1.0
    short = tr("{spent} of {cap}", spent=_plain(spent), cap=_plain(cap))
    words = tr("{spent} of {cap} units today", spent=_plain(spent), cap=_plain(cap))
    if spent >= cap or waiting:
        words = tr("{spent} of {cap}, takes wait", spent=_plain(spent), cap=_plain(cap))
        return Face((Part(words, short, "verdict-bad", "bad"),), share, "bad")
    if spent >= cap * _WARN_FROM:
        return Face((Part(words, short, "verdict-slight", "warn"),), share, "warn")
    return Face((Part(words, short),), share)


def expiry_face(clips: int, days: int) -> Face:
    """How many clips Kling deletes, the first in so many days; no parts when there are none."""
    if not clips:
        return Face()
    when = tr_count(days, "in {n} day", "in {n} days") if days else tr("today")
    words = tr_count(clips, "{n} expires {when}", "{n} expire, the first {when}", when=when)
    return Face((Part(words, str(clips), "clock", "warn"),))


def account_face(name: str, units: Decimal | None, state: AccountState = AccountState.READY) -> Face:
    """The account that takes are sent with, and the units it has left where that is known."""
    if state is AccountState.SANDBOX:
        sandbox = Part(tr("Sandbox"), tr("Sandbox"), "sandbox", "warn", bold=True)
        return Face((sandbox, Part(tr("nothing is sent or charged"), ink="warn")), ground="warnbg")
    if state is AccountState.REFUSED:
        return Face(
            (Part(tr("Keys refused"), tr("Keys refused"), "key", "bad"),), told=tr("{name}: keys refused", name=name)
        )
    if state is AccountState.OFFLINE:
        return Face((Part(tr("Offline"), tr("Offline"), "warning", "warn"),), told=tr("{name}: offline", name=name))
    left = tr_count(int(units), "{n} unit", "{n} units") if units is not None else ""
    return Face(
        (Part(" · ".join(filter(None, (name, left))), left or name, "globe"),), told=tr("Account: {name}", name=name)
    )


def _plain(units: Decimal) -> str:
    return formatting.units(units)
