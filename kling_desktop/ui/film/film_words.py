"""What the film lane says: lengths, counts, money, and a card as a screen reader says it."""

from __future__ import annotations

import math

from kling_desktop.ui.film.film_view import Card, CardKind, Estimate, FilmView
from kling_desktop.ui.formatting import elapsed, lasting, length, plain_seconds
from kling_desktop.ui.i18n import tr, tr_count
from kling_desktop.ui.painted.shapes import shape_word


def clock(seconds: float) -> str:
    """A length in whole minutes and seconds: "3:00"; the nearest second."""
    whole = round(max(0.0, seconds))
    return f"{whole // 60}:{whole % 60:02}"


def units_words(units: float) -> str:
    """ "2 units", "0.5 units"."""
    said = f"{units:g}"
    return tr("1 unit") if said == "1" else tr("{n} units", n=said)


def about(seconds: float) -> str:
    """About how long something takes, in minutes: "~8 min", "~2 h 5 min"."""
    minutes = math.ceil(seconds / 60)
    return f"~{lasting(minutes * 60)}"


def takes_words(card: Card) -> str:
    """How many takes a made hop has; the root is a clip."""
    return tr("clip") if card.hop == 0 else tr_count(card.takes, "{n} take", "{n} takes")


def added_words(card: Card) -> str:
    """What a hop adds."""
    seconds = tr("{n} s", n=plain_seconds(card.seconds))
    if card.kind is CardKind.PLANNED:
        return f"≈ +{seconds}"
    return seconds if card.hop == 0 else f"+{seconds}"


def progress_words(card: Card) -> str:
    """How long a running hop has been going, and how long is usual."""
    if card.elapsed is None:
        return ""
    if card.usual is None:
        return elapsed(card.elapsed)
    return tr("{elapsed} of {usual}", elapsed=elapsed(card.elapsed), usual=about(card.usual))


def under_way(card: Card) -> str:
    """How many takes of a hop are rendering and how many wait."""
    said = []
    if card.rendering:
        said.append(tr("{n} rendering", n=card.rendering))
    if card.waiting:
        said.append(waiting_words(card))
    return tr(", ").join(said)


def waiting_words(card: Card) -> str:
    """How many takes of a hop wait; where it is the budget that keeps one, how many it keeps."""
    if card.over_budget:
        return tr("{n} over budget", n=card.over_budget)
    return tr("{n} waiting", n=card.waiting)


def estimate_words(estimate: Estimate) -> str:
    """What the planned hops are likely to take: "2 hops ≈ 4 units, $0.56, ~8 min"."""
    return f"{tr_count(estimate.hops, '{n} hop', '{n} hops')} ≈ {_costs(estimate)}"


def _costs(estimate: Estimate) -> str:
    """Units and money, and the time where this account has finished enough tasks to tell."""
    money = "" if estimate.money is None else f"${estimate.money:.2f}"
    time = about(estimate.seconds) if estimate.seconds is not None else ""
    return ", ".join(part for part in (units_words(estimate.units), money, time) if part)


def rest_words(view: FilmView) -> str:
    """What it would take to the limit: "To 3:00: 31 more hops ≈ 62 units, $8.68, ~2 h 5 min"."""
    if view.rest is None or view.limit is None or view.rest.hops <= 0:
        return ""
    hops = tr_count(view.rest.hops, "{n} more hop", "{n} more hops")
    costs = f"{hops} ≈ {_costs(view.rest)}"
    return tr("To {limit}: {costs}", limit=clock(view.limit), costs=costs)


def drift_words(view: FilmView) -> str:
    """At which hop the film drifts, or is likely to: what the creator should know before planning on."""
    if view.drift_hop is None:
        return ""
    made = sum(card.kind is CardKind.MADE for card in view.cards) - 1
    n = view.drift_hop
    return tr("drifts since hop {n}", n=n) if n <= made else tr("drift likely at hop {n}", n=n)


def expiry_words(view: FilmView) -> str:
    """When Kling deletes the first clip of the film, or that it has: nothing is extended from it then."""
    days, hop = view.first_dies_in_days, view.first_dies_hop
    if days is None:
        return ""
    if hop and days == 0:
        return tr("hop {hop} expired", hop=hop)
    if hop:
        return tr_count(days, "hop {hop} expires in {n} day", "hop {hop} expires in {n} days", hop=hop)
    if days == 0:
        return tr("first clip expired")
    return tr_count(days, "first clip expires in {n} day", "first clip expires in {n} days")


def spoken(card: Card) -> str:
    """A card as a screen reader says it."""
    hop = tr("hop {n}", n=card.hop)
    match card.kind:
        case CardKind.ADD:
            return tr("Add a hop")
        case CardKind.PLANNED:
            state = card.refused or (tr("waits") if card.held else tr("planned"))
            return _joined(hop, state, card.words or tr("nothing written yet"), added_words(card))
        case CardKind.RUNNING:
            return _joined(hop, under_way(card), progress_words(card), card.words)
    take = tr("take {take} of {takes}", take=card.take, takes=card.takes) if card.hop else tr("clip")
    stars = tr_count(card.stars, "{n} star", "{n} stars") if card.stars else ""
    seam = tr("seam {words}", words=card.seam_words or shape_word(card.seam)) if card.seam else ""
    if coming := card.rendering + card.waiting:
        take = tr("{take}, {n} being made", take=take, n=coming)
    return _joined(hop, take, _shares(card), progress_words(card), seam, stars, card.words, added_words(card))


def _shares(card: Card) -> str:
    """How many of those being made wait; nothing where Kling has them all."""
    return under_way(card) if card.waiting else ""


def tip_words(card: Card) -> str:
    """What a card could not say in its room: all its words, and how what is made of the hop comes on."""
    if card.refused:
        return card.refused
    n = card.rendering + card.waiting
    takes = tr("{takes}, {n} being made", takes=tr_count(card.takes, "{n} take", "{n} takes"), n=n) if n else ""
    coming = _joined(takes, _shares(card), progress_words(card)) if n else ""
    return "\n".join(filter(None, (card.words, coming)))


def _joined(*said: str) -> str:
    return tr(", ").join(filter(None, said))


def payer_words(view: FilmView) -> str:
    """Whose units the plan spends, where that is not the account that is chosen."""
    return tr("sent with {name}", name=view.payer) if view.payer else ""


def wordless_words(view: FilmView) -> str:
    """That planned hops have no words: they cost as much, and Kling goes on as it likes."""
    n = view.wordless
    return tr_count(n, "{n} hop is sent without words", "{n} hops are sent without words") if n else ""


def made_words(view: FilmView) -> tuple[str, str, str, str]:
    """What is made, what is to come, their sum, and the limit (empty without one)."""
    whole = clock(view.made + view.coming)
    return length(view.made), length(view.coming), whole, clock(view.limit) if view.limit is not None else ""
