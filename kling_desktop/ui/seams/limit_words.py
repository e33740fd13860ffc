"""What is said when the creator moves the limits of seams by example: how far they went, or why they did not."""

from __future__ import annotations

import math

from kling_desktop.domain.analysis import Event, Measure, Seam, Verdict
from kling_desktop.ui.i18n import tr, tr_count
from kling_desktop.ui.seams.seam_words import measure_name


def moved(measure: Measure, before: float, after: float) -> str:
    """From where on a step is told now, and was until now, in the measure's unit."""
    return tr(
        "{measure} is now told of from {after} on; before: {before}.",
        measure=measure_name(measure),
        after=limit_number(measure, after),
        before=limit_number(measure, before),
    )


def outcome(judged: Seam, *, is_fine: bool, has_moved: bool) -> str:
    """That a seam was called before what the creator wants, or why, by the limits as they are now, it still is not;
    empty where a limit `has_moved` and that was enough.
    """
    if judged.told is not (Verdict.CLEAN if is_fine else Verdict.BAD):
        return _why_not(judged, is_fine=is_fine)
    if has_moved:
        return ""
    return tr("Such a seam is called clean already.") if is_fine else tr("Such a seam is called bad already.")


def _why_not(judged: Seam, *, is_fine: bool) -> str:
    if judged.told is None:
        return tr("The pictures at this seam could not be measured.")
    if judged.event is Event.CUT and is_fine:
        return tr("A cut is always told: no limit decides about it.")
    if judged.doubtful and not is_fine:
        return tr("Only the stated length tells the place, so that it is never called bad.")
    if not is_fine and all(meter.bar == 0 for meter in judged.meters):
        return tr("Nothing that could be held against it was measured at this seam.")
    return tr("The limit goes no further.")


def limit_number(measure: Measure, limit: float) -> str:
    """From where on a step is told, with its unit: with more digits than meters have, since it lies between them."""
    match measure:
        case Measure.COLOUR:
            return f"ΔE {limit:.3g}"
        case Measure.BRIGHTNESS | Measure.SHARPNESS:
            return f"{limit:.3g} %"
        case Measure.MOTION:
            return f"× {limit:.3g}"
        case Measure.FREEZE:
            return tr_count(math.ceil(limit), "{n} frame", "{n} frames")
