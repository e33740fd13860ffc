"""Puts seams and their meters into the creator's words, and gives each verdict a colour and a shape."""

from __future__ import annotations

from kling_desktop.domain.analysis import Event, Measure, Meter, Seam, TailWarning, Verdict
from kling_desktop.domain.seam_limits import USUAL
from kling_desktop.ui import formatting
from kling_desktop.ui.i18n import tr, tr_count
from kling_desktop.ui.painted.shapes import shape_of, shape_word

COLOURS = {Verdict.CLEAN: "ok", Verdict.SLIGHT: "warn", Verdict.BAD: "bad"}
"""Names of fields of `Tokens`."""

SHAPES = {Verdict.CLEAN: "check", Verdict.SLIGHT: "seam-slight", Verdict.BAD: "warning"}
"""Names of icons."""

_CERTAIN = 0.9
"""Confidence from which on nothing is left to doubt."""

_LARGE = 9.95
"""Percent from which on no tenths are told."""

_RANKS = {Verdict.CLEAN: 0, Verdict.SLIGHT: 1, Verdict.BAD: 2}


def worst_meter(seam: Seam) -> Meter | None:
    """What is most wrong with a seam; None when it was not measured."""
    return max(seam.meters, key=_badness, default=None)


def worst_seam(seams: tuple[Seam, ...]) -> int | None:
    """Number (from 0) of the seam that most wants to be looked at; None when all are clean."""
    rough = [number for number, seam in enumerate(seams) if seam.verdict is not Verdict.CLEAN]
    return max(rough, key=lambda number: _roughness(seams[number]), default=None)


def name(seam: Seam) -> str:
    return tr("Seam {n}", n=seam.hop)


def place(seam: Seam) -> str:
    """When it is, as a clock says it; only about then, where nothing but the stated length tells the place."""
    when = formatting.length(seam.seconds)
    return tr("about {time}", time=when) if seam.doubtful else when


def verdict_word(seam: Seam) -> str:
    """What is most wrong with a seam, in one to three words."""
    if seam.event is Event.CUT:
        return tr("a cut")
    worst = worst_meter(seam)
    if worst is None:
        return tr("not measured")
    if worst.verdict is not Verdict.CLEAN:
        return meter_word(worst)
    return tr("clean") if seam.event is None else event_word(seam.event)


def judged(seam: Seam) -> str:
    """The same for rows, cards, marks and the seam view: what is wrong, and whether that is only about there."""
    return f"{verdict_word(seam)} · {about_here()}" if seam.doubtful else verdict_word(seam)


def in_full(seam: Seam) -> str:
    """The same with all numbers, for what is handed out; empty where nothing is known."""
    if seam.told is None:
        return ""
    numbers = tr(", ").join(f"{measure_name(meter.measure)} {meter_number(meter)}" for meter in seam.meters)
    return f"{judged(seam)} ({numbers})" if numbers else judged(seam)


def title(number: int, seam: Seam | None) -> str:
    """ "Seam 2: colour shifts", for what is handed out; None where it was not found yet."""
    return tr("Seam {n}: {words}", n=number, words=judged(seam) if seam is not None else tr("not measured"))


def about_here() -> str:
    """Of a seam whose place nothing but the stated length tells."""
    return tr("about here")


def event_word(event: Event) -> str:
    """What the film itself does at a seam."""
    words = {
        Event.CUT: tr("a cut"),
        Event.FADE: tr("in a fade"),
        Event.DISSOLVE: tr("in a dissolve"),
        Event.PAN: tr("in a fast pan"),
    }
    return words[event]


def strip_word(seam: Seam) -> str:
    """What is most wrong with a seam, in one word; empty where nothing is."""
    if seam.doubtful:
        return about_here()
    if seam.event is Event.CUT:
        return tr("a cut")
    worst = worst_meter(seam)
    return measure_name(worst.measure).lower() if worst and worst.verdict is not Verdict.CLEAN else ""


def whole(seam: Seam) -> str:
    """ "Seam 2 · 0:10.2 · colour shifts"."""
    return f"{name(seam)} · {place(seam)} · {judged(seam)}"


def sentence(seam: Seam) -> str:
    """What is seen, what it means to an eye, and how sure the place is."""
    worst = worst_meter(seam)
    if worst is None and seam.event is None:
        return tr("The pictures at this seam could not be measured.")
    seen = verdict_word(seam)
    if worst is not None and worst.verdict is not Verdict.CLEAN:
        seen = tr("{what} ({number})", what=seen, number=meter_number(worst))
    meanings = {
        Verdict.CLEAN: tr("Nothing a viewer would notice: {what}.", what=seen),
        Verdict.SLIGHT: tr("A step that is seen by who looks for it: {what}.", what=seen),
        Verdict.BAD: tr("A step a viewer would notice: {what}.", what=seen),
    }
    return f"{meanings[seam.verdict]} {_how_sure(seam)}"


def _how_sure(seam: Seam) -> str:
    if seam.doubtful:
        return tr("Only the stated length tells the place.")
    return tr("The place is certain.") if seam.confidence >= _CERTAIN else tr("The place is likely.")


def measure_name(measure: Measure) -> str:
    names = {
        Measure.COLOUR: tr("Colour"),
        Measure.BRIGHTNESS: tr("Brightness"),
        Measure.SHARPNESS: tr("Sharpness"),
        Measure.MOTION: tr("Motion"),
        Measure.FREEZE: tr("Freeze"),
    }
    return names[measure]


def meter_word(meter: Meter) -> str:
    """What a number means for the eye."""
    if is_set_aside(meter):
        return tr("not counted")
    if meter.verdict is Verdict.CLEAN:
        return tr("steady")
    slight, bad = _rough_words(meter)
    return bad if meter.verdict is Verdict.BAD else slight


def is_set_aside(meter: Meter) -> bool:
    """Whether it is a step which is not held against the seam, since the film itself makes it there."""
    return meter.bar == 0 and abs(meter.value) >= USUAL[meter.measure][0]


def _rough_words(meter: Meter) -> tuple[str, str]:
    """When slight, and when bad."""
    rises = meter.value > 0
    words = {
        Measure.COLOUR: (tr("colour shifts a little"), tr("colour shifts")),
        Measure.BRIGHTNESS: (tr("a little brighter"), tr("gets brighter"))
        if rises
        else (tr("a little darker"), tr("gets darker")),
        Measure.SHARPNESS: (tr("a little sharper"), tr("gets sharper"))
        if rises
        else (tr("a little softer"), tr("gets softer")),
        Measure.MOTION: (tr("motion jumps a little"), tr("motion jumps")),
        Measure.FREEZE: (tr("freezes a moment"), tr("freezes")),
    }
    return words[meter.measure]


def meter_number(meter: Meter) -> str:
    """The measurement with its unit."""
    match meter.measure:
        case Measure.COLOUR:
            return f"ΔE {meter.value:.1f}"
        case Measure.BRIGHTNESS | Measure.SHARPNESS:
            return f"{signed(meter.value)} %"
        case Measure.MOTION:
            return f"× {meter.value:.1f}"
        case Measure.FREEZE:
            return tr_count(round(meter.value), "{n} frame", "{n} frames")


def against_limit(meter: Meter) -> str:
    """The bar and the shape beside it as a sentence: how near the limit, and how visible it is."""
    if is_set_aside(meter):
        return tr("Not counted: the film itself changes just there.")
    verdict = shape_word(shape_of(None, meter.verdict))
    if meter.bar >= 1:
        return tr("Twice the limit or more: {verdict}.", verdict=verdict)
    return tr("{n} % of the limit: {verdict}.", n=round(200 * meter.bar), verdict=verdict)


def signed(percent: float) -> str:
    """ "+0.6", "−12", "0": small ones with a digit more, or steps that are told would look like some that are not."""
    digits = 1 if abs(percent) < _LARGE else 0
    return f"{percent:+.{digits}f}".replace("-", "−") if round(percent, digits) else "0"


def explanation(measure: Measure) -> str:
    """How it is measured, in one sentence with the source of its formula."""
    sentences = {
        Measure.COLOUR: tr(
            "How far the colours of the two frames are apart once their brightness is made equal: CIEDE2000 "
            "(CIE 142:2001; Sharma, Wu, Dalal 2005); 1 is just visible. Or how far they turn in the half second after."
        ),
        Measure.BRIGHTNESS: tr(
            "By how much the first new frame is brighter or darker than the last old one: luma after ITU-R BT.709, "
            "less what changes from frame to frame anyway."
        ),
        Measure.SHARPNESS: tr(
            "How much steeper or flatter edges become over the seam: the squared slope of the strongest, which blur "
            "flattens and coding leaves alone. Or how much they flatten in the half second after, or how much grain is "
            "lost or gained."
        ),
        Measure.MOTION: tr(
            "How far the motion over the seam is from going on as just before and after it, in any direction, against "
            "how unsteady this film's motion is anyway (optical flow; Lucas, Kanade 1981). Also whether everything "
            "turns back, or goes on at another speed."
        ),
        Measure.FREEZE: tr(
            "How many frames at the join repeat the one before though the film moves: the same frame differences."
        ),
    }
    return sentences[measure]


def tail_sentence(warning: TailWarning) -> str:
    sentences = {
        TailWarning.BLURRED: tr("The last frame is much softer than the clip was before."),
        TailWarning.BLACK: tr("The last frame is black."),
        TailWarning.FADED: tr("The last frame has faded: next to no contrast."),
        TailWarning.FROZEN: tr("The last frames all stand still, though the clip moves."),
    }
    return sentences[warning]


def _roughness(seam: Seam) -> tuple[int, float]:
    worst = max(map(_badness, seam.meters), default=(0, 0.0))
    return (_RANKS[seam.verdict], 1.0) if seam.event is Event.CUT else worst


def _badness(meter: Meter) -> tuple[int, float]:
    return _RANKS[meter.verdict], meter.bar
