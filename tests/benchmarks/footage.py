"""Judges seams, meters, tail and drift on films whose truth a manifest states; prints misses beside hits."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from kling_desktop.domain.analysis import Event, Measure, Seam, Tolerance, Verdict
from kling_desktop.errors import KlingDesktopError
from kling_desktop.media.analysis.drift import drift
from kling_desktop.media.analysis.seams import Hop, seams, seams_and_drift
from kling_desktop.media.analysis.tail import examine

SURE = 0.9
"""Confidence from which on a seam in the wrong place is a lie."""

RIGHT: dict[str, set[str]] = {
    "colour": {Measure.COLOUR},
    "ramp_colour": {Measure.COLOUR},
    "brightness": {Measure.BRIGHTNESS},
    "blur": {Measure.SHARPNESS},
    "ramp_blur": {Measure.SHARPNESS},
    "sharpen": {Measure.SHARPNESS},
    "denoise": {Measure.SHARPNESS},
    "grain_lost": {Measure.SHARPNESS},
    "grain_gain": {Measure.SHARPNESS},
    "freeze": {Measure.FREEZE},
    "stop": {Measure.MOTION, Measure.FREEZE},
    "cut": {Event.CUT},
    "kling": {Measure.COLOUR, Measure.BRIGHTNESS, Measure.SHARPNESS, Measure.MOTION},
}
"""The words that are right for a fault; motion for all others."""

FAINT = {
    ("colour", 1),
    ("brightness", 2),
    ("blur", 0.4),
    ("freeze", 1),
    ("skip", 1),
    ("lost", 1),
    ("zoom", 0.5),
    ("shift", 1),
    ("denoise", 1),
    ("kling", 0.5),
}
"""Faults that a person hardly notices; all others count for "noticeable faults without any chip"."""


@dataclass(frozen=True)
class Judged:
    """A film of the manifest, and what was found in it."""

    row: dict[str, Any]
    by_parent: Seam | None
    by_other: Seam | None
    by_hint: Seam | None
    by_whole_seconds: Seam | None
    seconds: float

    @property
    def truth(self) -> int:
        return int(self.row["seam"])

    @property
    def chips(self) -> dict[str, tuple[Verdict, float]]:
        """Word, verdict and bar of everything that the screen would show about the seam."""
        seam = self.by_parent
        if seam is None:
            return {}
        shown: dict[str, tuple[Verdict, float]] = {
            meter.measure: (meter.verdict, meter.bar) for meter in seam.meters if meter.verdict is not Verdict.CLEAN
        }
        if seam.event is Event.CUT:
            shown[Event.CUT] = (seam.verdict, 1.0)
        return shown

    @property
    def word(self) -> str:
        """What is most wrong; empty when nothing is."""
        shown = self.chips
        return max(shown, key=lambda word: shown[word][1], default="")

    def value(self, measure: Measure) -> float | None:
        meters = self.by_parent.meters if self.by_parent else ()
        return next((abs(meter.value) for meter in meters if meter.measure is measure), None)


def say(line: str = "") -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def judge(films: Path, only: Callable[[str], bool] = lambda shot: True) -> None:
    """Print all tables for a folder with a manifest.json, as packaging of real footage makes it."""
    rows = [row for row in json.loads((films / "manifest.json").read_text()) if only(row["shot"])]
    rows = [row for row in rows if (films / row["film"]).exists()]
    groups = Counter(row["group"] for row in rows)
    say(f"{len(rows)} films of {len({row['shot'] for row in rows})} shots: {dict(groups)}")
    with ProcessPoolExecutor(2) as pool:
        seamed = [row for row in rows if row["group"] in ("clean", "plant", "near", "odd")]
        judged = list(pool.map(_judged, [films] * len(seamed), seamed, chunksize=4))
        by_group = defaultdict(list)
        for each in judged:
            by_group[each.row["group"]].append(each)
        _tell_places(by_group)
        _tell_alarms(by_group["clean"])
        _tell_faults(by_group["clean"], by_group["plant"])
        _tell_events(by_group["near"])
        _tell_odd(by_group["odd"])
        _tell_tails(films, rows, pool)
        _tell_drift(films, [row for row in rows if row["group"] == "chain"], pool)
    _tell_times(judged, films)


def _judged(films: Path, row: dict[str, Any]) -> Judged:
    film, stated = films / row["film"], str(row["stated"])
    whole = str(round(float(stated)))
    begin = perf_counter()
    by_parent = _seam(film, stated, films / row["parent"])
    spent = perf_counter() - begin
    return Judged(
        row,
        by_parent,
        _seam(film, stated, films / row["parent_other"]),
        _seam(film, stated, None),
        _seam(film, whole, None),
        spent,
    )


def _seam(film: Path, stated: str, parent: Path | None) -> Seam | None:
    digits = len(stated.partition(".")[2])
    try:
        found = seams(film, (Hop(1, float(stated), 0.5 * 10.0**-digits, parent),))
    except KlingDesktopError:
        return None
    return found[0] if found else None


# --- places ---


def _tell_places(groups: dict[str, list[Judged]]) -> None:
    say("\nPLACES: within one frame (exact); sure and wrong; median confidence")
    lost = [each for each in groups["plant"] if each.row["plant"] == "lost"]
    kinds = {"perfect": groups["clean"], "faults": groups["plant"], "lost frames": lost, "near": groups["near"]}
    ways: dict[str, Callable[[Judged], Seam | None]] = {
        "parent's file": lambda each: each.by_parent,
        "parent, coded otherwise": lambda each: each.by_other,
        "stated length": lambda each: each.by_hint,
        "whole seconds": lambda each: each.by_whole_seconds,
    }
    for way, seam_of in ways.items():
        for kind, rows in kinds.items():
            if rows:
                _tell_place(f"{way}, {kind}", rows, seam_of, misses=way != "whole seconds")


def _off(each: Judged, seam: Seam | None) -> int:
    return abs(seam.frame - each.truth) if seam else 999


def _tell_place(title: str, rows: list[Judged], seam_of: Callable[[Judged], Seam | None], misses: bool) -> None:
    off = np.array([_off(each, seam_of(each)) for each in rows])
    confidence = [seam.confidence for each in rows if (seam := seam_of(each))]
    wrong = [each for each in rows if (seam := seam_of(each)) and _off(each, seam) > 1 and seam.confidence >= SURE]
    say(
        f"  {title:40} n {len(rows):4}  {np.mean(off <= 1):7.2%} ({np.mean(off == 0):7.2%})"
        f"   sure and wrong {len(wrong):2}   confidence {np.median(confidence or [0]):.2f}"
    )
    if misses:
        _tell_misses([f"{_name(each)} off {away}" for each, away in zip(rows, off, strict=True) if away > 1])


def _tell_misses(names: Sequence[str], most: int = 12) -> None:
    if names:
        say(f"      missed: {', '.join(names[:most])}{f' and {len(names) - most} more' if len(names) > most else ''}")


def _name(each: Judged) -> str:
    return Path(each.row["film"]).with_suffix("").as_posix()


# --- chips ---


def _tell_alarms(clean: list[Judged]) -> None:
    if not clean:
        return
    say("\nFALSE ALARMS at perfect joins: any chip, a bad chip")
    _tell_alarm("all", clean)
    for key, title in (("encoder", "encoder"), ("shot", "shot")):
        for name in sorted({str(each.row[key]) for each in clean}):
            _tell_alarm(f"{title} {name}", [each for each in clean if str(each.row[key]) == name])
    for measure in Measure:
        shown = [each.chips.get(measure) for each in clean]
        slight = np.mean([chip is not None for chip in shown])
        bad = np.mean([chip is not None and chip[0] is Verdict.BAD for chip in shown])
        say(f"  {measure:24} any {slight:6.1%}   bad {bad:6.1%}")


def _tell_alarm(title: str, rows: list[Judged]) -> None:
    bad = [each for each in rows if any(verdict is Verdict.BAD for verdict, _ in each.chips.values())]
    shown = np.mean([bool(each.chips) for each in rows])
    say(f"  {title:24} n {len(rows):4}   any {shown:6.1%}   bad {len(bad) / len(rows):6.1%}")
    if title == "all":
        _tell_misses([f"{_name(each)} {each.word}" for each in bad])


def area(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Area under the ROC curve by ranks (Mann-Whitney): how often a positive lies above a negative."""
    ours, others = np.asarray(positive), np.asarray(negative)
    above = (ours[:, None] > others).mean() + 0.5 * (ours[:, None] == others).mean()
    return float(above)


def right_words(plant: str) -> set[str]:
    return RIGHT.get(plant, {Measure.MOTION})


def _tell_faults(clean: list[Judged], planted: list[Judged]) -> None:
    if not planted:
        return
    say("\nFAULTS: any chip, a bad one, the right word where there is one, AUC of its meter against perfect joins")
    by_kind = defaultdict(list)
    for each in planted:
        by_kind[each.row["plant"], each.row["level"]].append(each)
    for (plant, level), rows in sorted(by_kind.items(), key=str):
        _tell_fault(plant, level, rows, clean)
    told = [each for each in planted if each.word]
    right = np.mean([float(each.word in right_words(each.row["plant"])) for each in told] or [0.0])
    plain = [each for each in planted if (each.row["plant"], each.row["level"]) not in FAINT]
    say(f"  the word names the right fault {right:.1%}")
    say(f"  noticeable faults without any chip {np.mean([not each.chips for each in plain]):.1%} of {len(plain)}")
    for measure in Measure:
        ours = [each for each in plain if right_words(each.row["plant"]) == {measure}]
        say(f"  AUC {measure:12} {_area(ours, clean, measure):.3f} (n {len(ours)})")


def _tell_fault(plant: str, level: float, rows: list[Judged], clean: list[Judged]) -> None:
    words = [each.word for each in rows if each.word]
    right = np.mean([float(word in right_words(plant)) for word in words] or [0.0])
    bad = np.mean([any(verdict is Verdict.BAD for verdict, _ in each.chips.values()) for each in rows])
    (measure, *more) = right_words(plant)
    auc = f"{_area(rows, clean, Measure(measure)):.3f}" if not more and measure in set(Measure) else "  -  "
    say(
        f"  {plant:12} {level!s:4}  n {len(rows):3}   any {np.mean([bool(each.chips) for each in rows]):6.1%}"
        f"   bad {bad:6.1%}   right word {right:6.1%}   AUC {auc}"
    )
    _tell_misses([each.row["shot"] for each in rows if not each.chips])


def _area(rows: Iterable[Judged], clean: Iterable[Judged], measure: Measure) -> float:
    ours = [value for each in rows if (value := each.value(measure)) is not None]
    others = [value for each in clean if (value := each.value(measure)) is not None]
    return area(ours, others) if ours and others else float("nan")


def _tell_events(near: list[Judged]) -> None:
    if not near:
        return
    say("\nEVENTS beside a perfect join: chips (none is right), what was named, and the place by the stated length")
    by_kind = defaultdict(list)
    for each in near:
        by_kind[each.row["plant"], each.row["level"]].append(each)
    for (plant, level), rows in sorted(by_kind.items(), key=str):
        words = Counter(str(word) for each in rows for word in each.chips)
        named = Counter(str(each.by_parent.event) for each in rows if each.by_parent and each.by_parent.event)
        place = np.mean([_off(each, each.by_hint) <= 1 for each in rows])
        say(
            f"  {plant:12} {level!s:4}  n {len(rows):3}   place {place:6.1%}"
            f"   chips {_counts(words)}   named {_counts(named)}"
        )
    say(f"  any chip {np.mean([bool(each.chips) for each in near]):.1%} of {len(near)}")


def _counts(words: Counter[str]) -> str:
    return ", ".join(f"{word} {count}" for word, count in words.items()) or "none"


def _tell_odd(odd: list[Judged]) -> None:
    if odd:
        say("\nODD FILES: frames off with the parent's file, by the stated length; chips")
    by_kind = defaultdict(list)
    for each in odd:
        by_kind[each.row["plant"]].append(each)
    for plant, rows in sorted(by_kind.items()):
        parent = [_off(each, each.by_parent) for each in rows]
        hint = [_off(each, each.by_hint) for each in rows]
        words = Counter(str(word) for each in rows for word in each.chips)
        say(f"  {plant:24} by parent {parent}   by length {hint}   chips {_counts(words)}")


# --- tail and drift ---


def _tell_tails(films: Path, rows: list[dict[str, Any]], pool: ProcessPoolExecutor) -> None:
    planted = [row for row in rows if row["group"] == "tail"]
    sound = {row["film"]: row["shot"] for row in rows if row["group"] == "clean"}
    sound |= {row["parent"]: row["shot"] for row in rows if row["group"] == "clean"}
    files = [*sound, *(row["film"] for row in planted)]
    if not files:
        return
    warned = dict(zip(files, pool.map(_warnings, [films / file for file in files], chunksize=4), strict=True))
    false = {file: warned[file] for file in sound if warned[file]}
    words = Counter(str(word) for found in false.values() for word in found)
    say(f"\nTAIL: real ends warned of {len(false) / max(1, len(sound)):.1%} of {len(sound)} {_counts(words)}")
    _tell_misses([f"{Path(file).with_suffix('')} {'+'.join(found)}" for file, found in false.items()])
    by_kind = defaultdict(list)
    for row in planted:
        by_kind[row["plant"], row["level"]].append(row)
    hits = 0
    for (plant, level), some in sorted(by_kind.items(), key=str):
        right = [row for row in some if plant in warned[row["film"]]]
        hits += len(right)
        say(f"  {plant:12} {level!s:5} n {len(some):3}   {len(right) / len(some):6.1%}")
        _tell_misses([f"{row['shot']} {'+'.join(warned[row['film']])}" for row in some if row not in right])
    if planted:
        say(f"  planted, right word: {hits / len(planted):.1%} of {len(planted)}")


def _warnings(file: Path) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        return [str(warning) for warning in examine(file, Path(folder) / "tail.jpg").warnings]


def _tell_drift(films: Path, chains: list[dict[str, Any]], pool: ProcessPoolExecutor) -> None:
    if not chains:
        return
    say("\nDRIFT: chains with a hop out of tolerance")
    files = [films / row["film"] for row in chains]
    looks = list(pool.map(drift, files, [row["seams"] for row in chains]))
    by_kind = defaultdict(list)
    for row, hops in zip(chains, looks, strict=True):
        by_kind[row["plant"]].append((row["shot"], Tolerance().left_at(hops), hops))
    for plant, some in sorted(by_kind.items()):
        left = [name for name, out, _ in some if out is not None]
        say(f"  {plant or 'undecayed':16} n {len(some):3}   out of tolerance {len(left) / len(some):6.1%}  {left}")
        for name, _, hops in some:
            most = [max(hops, key=lambda hop: abs(getattr(hop, key))) for key in ("colour", "contrast", "sharpness")]
            say(
                f"      {name:14} at most ΔE {most[0].colour:.1f}, contrast {most[1].contrast:+.0f} %,"
                f" sharpness {most[2].sharpness:+.0f} %"
            )


# --- times ---


def _tell_times(judged: list[Judged], films: Path) -> None:
    spent = [1000 * each.seconds for each in judged] or [0.0]
    say("\nTIMES: and in parts of what the ffmpeg program takes for the whole film, by processor (by the clock)")
    say(f"  a seam with its meters {np.median(spent):.0f} ms (median), {np.quantile(spent, 0.95):.0f} (95 %)")
    for folder in sorted(films.glob("films/long-*")):
        _tell_long(folder)


def _tell_long(folder: Path) -> None:
    from tests.benchmarks.seams import decoded_by_program

    film, parents = folder / "film.mp4", sorted(folder.glob("parent-*.mp4"))
    hops = tuple(Hop(number, 5.0 * number, 0.05, _numbered(parents, number)) for number in range(1, 36))
    whole = _spent(lambda: decoded_by_program(film))
    newest = _spent(lambda: seams(film, hops[-1:]))
    everything = _spent(lambda: seams_and_drift(film, hops))
    say(
        f"  {folder.name:12} ffmpeg {whole[0]:.1f} s ({whole[1]:.1f})   a new seam {newest[0] / whole[0]:.2f}"
        f" ({newest[1] / whole[1]:.2f})   35 seams and drift {everything[0] / whole[0]:.2f}"
        f" ({everything[1] / whole[1]:.2f})"
    )


def _spent(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of processor, ours and of programs that were called; and by the clock, which other programs prolong."""
    begin, before = perf_counter(), os.times()
    work()
    after = os.times()
    return sum(after[:4]) - sum(before[:4]), perf_counter() - begin


def _numbered(parents: list[Path], number: int) -> Path | None:
    return next((parent for parent in parents if parent.stem == f"parent-{number:02}"), None)


def half(name: str, which: str) -> bool:
    """Whether a shot belongs to the half that limits were set on ("tune"), or to the other ("check")."""
    return (name in TUNED_ON) == (which == "tune") if which else True


TUNED_ON = {"juggle", "water", "dog", "friday", "aicar", "cups", "cars", "bottles", "juggle720"} | {
    f"{shot}B" for shot in ("juggle", "dog", "cups", "friday", "cars", "water", "bottles")
}
"""Shots of shared footage by which the limits were set; with a B other parts of them, as other_parts.json has them."""
