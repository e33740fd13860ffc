"""From where on a step at a seam counts: the usual limits, and how far the creator has moved them by example."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kling_desktop.domain.analysis import Measure, Meter, Seam, Verdict

USUAL: dict[Measure, tuple[float, float]] = {
    Measure.COLOUR: (0.45, 1.5),
    Measure.BRIGHTNESS: (0.6, 2.5),
    Measure.SHARPNESS: (5.0, 12.0),
    Measure.MOTION: (0.8, 3.5),
    Measure.FREEZE: (1.0, 3.0),
}
"""Where SLIGHT and BAD begin. From true and faulty continuations of real footage: tests/benchmarks/seams.py --films."""

NARROWEST, WIDEST = 0.25, 8.0
"""How many times as wide as usual a limit may be."""

_CLEAR = 1.02
"""So far beyond the example goes the limit, for the example itself to be on the right side of it."""


def metered(measure: Measure, value: float, factor: float = 1.0) -> Meter:
    """What a number means, with limits so many times as wide as usual."""
    slight, bad = (factor * limit for limit in USUAL[measure])
    size = abs(value)
    verdict = Verdict.BAD if size >= bad else Verdict.SLIGHT if size >= slight else Verdict.CLEAN
    return Meter(measure, value, min(1.0, size / (2 * bad)), verdict)


def quiet(meter: Meter) -> Meter:
    """The same number, not held against the seam."""
    return replace(meter, bar=0.0, verdict=Verdict.CLEAN)


def doubted(meter: Meter) -> Meter:
    """The same number, at worst slight."""
    return replace(meter, bar=min(meter.bar, 0.5), verdict=Verdict.SLIGHT) if meter.verdict is Verdict.BAD else meter


@dataclass(frozen=True, slots=True)
class SeamLimits:
    """The creator's own limits."""

    factors: tuple[tuple[Measure, float], ...] = ()
    """How many times as wide as usual; measures that are not named have 1."""

    def factor(self, measure: Measure) -> float:
        return dict(self.factors).get(measure, 1.0)

    def slight(self, measure: Measure) -> float:
        """From where on a step is told, in the measure's unit."""
        return self.factor(measure) * USUAL[measure][0]

    def bad(self, measure: Measure) -> float:
        """From where on a step is bad, in the measure's unit."""
        return self.factor(measure) * USUAL[measure][1]

    @property
    def are_usual(self) -> bool:
        """Whether the creator has moved none."""
        return all(factor == 1.0 for _, factor in self.factors)

    def with_factor(self, measure: Measure, factor: float) -> SeamLimits:
        """The same with another limit of this measure, so many times as wide as usual."""
        return self._with({measure: factor})

    def judged(self, seam: Seam) -> Seam:
        """The same seam by these limits. What was not held against it before is not now; where the place is in doubt,
        no number is bad: it may be another place's.
        """
        meters = tuple(self._judged(meter) for meter in seam.meters)
        return replace(seam, meters=tuple(map(doubted, meters)) if seam.doubtful else meters)

    def as_fine(self, seam: Seam) -> SeamLimits:
        """Limits, no narrower than these, by which nothing is wrong with this seam."""
        rough = [meter for meter in self.judged(seam).meters if meter.verdict is not Verdict.CLEAN]
        wider = {meter.measure: _CLEAR * abs(meter.value) / USUAL[meter.measure][0] for meter in rough}
        return self._with(wider)

    def as_not_fine(self, seam: Seam) -> SeamLimits:
        """Limits, no wider than these, by which what stands out most at this seam, by these limits, is bad. None move
        for a seam whose place is in doubt: its numbers may be another place's.
        """
        counted = [] if seam.doubtful else [meter for meter in seam.meters if meter.bar > 0]
        if not counted:
            return self
        worst = max(counted, key=lambda meter: abs(meter.value) / self.bad(meter.measure))
        narrower = abs(worst.value) / USUAL[worst.measure][1] / _CLEAR
        return self._with({worst.measure: min(self.factor(worst.measure), narrower)})

    def _judged(self, meter: Meter) -> Meter:
        is_quiet = meter.bar == 0
        judged = metered(meter.measure, meter.value, self.factor(meter.measure))
        return quiet(judged) if is_quiet else judged

    def _with(self, changed: dict[Measure, float]) -> SeamLimits:
        bounded = {measure: min(WIDEST, max(NARROWEST, factor)) for measure, factor in changed.items()}
        return SeamLimits(tuple(sorted({**dict(self.factors), **bounded}.items())))
