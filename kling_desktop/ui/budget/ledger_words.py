"""What the ledger says: what moved units, how a task stood, and what a sum is over."""

from __future__ import annotations

from decimal import Decimal

from kling_desktop.domain.models import MODELS
from kling_desktop.domain.takes import Way
from kling_desktop.domain.tasks import Status
from kling_desktop.domain.units import TAKEN_OUT, LedgerEntry, Movement, UnitSums
from kling_desktop.ui import formatting
from kling_desktop.ui.budget.cap_entry import price_words
from kling_desktop.ui.i18n import tr

COLUMNS = ("day", "film_id", "model", "way", "outcome")
"""What units can be summed up by; names of columns of the ledger."""


def column_words(column: str) -> str:
    return {
        "day": tr("Day"),
        "film_id": tr("Film"),
        "model": tr("Model"),
        "way": tr("Way"),
        "outcome": tr("Outcome"),
    }[column]


def movement_words(entry: LedgerEntry) -> str:
    """What happened, and how the task stood."""
    words = {
        Movement.ESTIMATE: tr("Estimated"),
        Movement.RESERVATION: tr("Held"),
        Movement.RELEASE: tr("Released"),
        Movement.CHARGE: tr("Charged"),
    }[entry.movement]
    outcome = outcome_words(entry.outcome)
    return f"{words} · {outcome}" if outcome else words


def outcome_words(outcome: str) -> str:
    """How a task stood, in the words of the list; or that it was taken out of it."""
    if outcome == TAKEN_OUT:
        return tr("Removed from the list")
    return formatting.status_words(Status(outcome)) if outcome in set(Status) else outcome


def way_words(way: str) -> str:
    words = {Way.EXTEND.value: tr("Extend"), Way.CONTINUE.value: tr("Continue"), Way.ROOT.value: tr("New clip")}
    return words.get(way, way)


def model_words(model: str) -> str:
    """The name of a model; the model of an extension is its clip's, which Kling does not say."""
    if not model:
        return tr("The clip's own")
    return MODELS[model].label if model in MODELS else model


def sum_sentences(sums: UnitSums, unit_price: Decimal) -> list[str]:
    """What was charged and is held, and what of it was in vain, a sentence each."""
    price = price_words(sums.charged, unit_price)
    said = [tr("{units} units charged, {price}.", units=formatting.units(sums.charged), price=price)]
    if sums.held:
        said.append(tr("{units} units are held for takes under way.", units=formatting.units(sums.held)))
    if sums.rejected:
        said.append(tr("{units} of them charged but rejected.", units=formatting.units(sums.rejected)))
    if sums.failed:
        said.append(tr("{units} of them failed though charged.", units=formatting.units(sums.failed)))
    return said
