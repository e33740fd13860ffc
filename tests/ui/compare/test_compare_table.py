"""The table tells what is out of its limit by colour and weight, and options that differ by weight."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from kling_desktop.domain.analysis import Measure, Meter, Seam, Verdict
from kling_desktop.domain.tasks import Generation
from kling_desktop.ui.compare.compare_table import Cell, TakeNumbers, rows_of
from tests.harness.tasks import done

CLEAN = Seam(1, 120, 5.0, 1.0, meters=tuple(Meter(measure, 0.0, 0.0, Verdict.CLEAN) for measure in Measure))
BRIGHTER = Meter(Measure.BRIGHTNESS, 7.0, 0.4, Verdict.SLIGHT)
SHIFTED = Meter(Measure.COLOUR, 5.8, 0.9, Verdict.BAD)


def _rows(*takes: TakeNumbers) -> dict[str, list[Cell]]:
    return dict(rows_of(takes))


def test_what_is_out_of_its_limit_is_coloured_and_bad_is_bold() -> None:
    bad = TakeNumbers(done(2), Seam(1, 120, 5.0, 1.0, meters=(SHIFTED, BRIGHTER)), 9.3)
    rows = _rows(TakeNumbers(done(1), CLEAN, 4.1), bad)
    assert rows["Seam"] == [Cell("clean", "ok", False, "clean"), Cell("bad", "bad", True, "colour shifts")]
    assert rows["Colour, ΔE"][0] == Cell("0.0")
    assert rows["Colour, ΔE"][1] == Cell("5.8", "bad", True)
    assert rows["Brightness, %"][1] == Cell("+7.0", "warn")
    assert rows["Freeze, frames"][1] == Cell(), "not measured"
    assert [cell.words for cell in rows["Drift, ΔE"]] == ["4.1", "9.3"]


def test_a_verdict_in_doubt_is_called_unsure() -> None:
    doubtful = replace(CLEAN, confidence=0.1)
    assert _rows(TakeNumbers(done(1), doubtful))["Seam"] == [Cell("unsure", "ok", False, "clean · about here")]


def test_the_option_that_differs_is_bold() -> None:
    task = done(1)
    usual, other = (
        TakeNumbers(replace(task, extension=replace(task.extension, guidance=guidance))) for guidance in (0.5, 0.7)
    )
    assert _rows(usual, other, usual)["Guidance"] == [Cell("0.5"), Cell("0.7", bold=True), Cell("0.5")]


def test_continued_takes_are_told_by_their_models_and_modes() -> None:
    task = done(1)
    first, other, extended = (
        TakeNumbers(replace(task, extension=replace(task.extension, generation=made)))
        for made in (Generation("kling-v3"), Generation("kling-v2-6", "pro"), None)
    )
    rows = _rows(first, first, other)
    assert [cell.words for cell in rows["Model"]] == ["V3.0", "V3.0", "V2.6"]
    assert rows["Mode"] == [Cell("std"), Cell("std"), Cell("pro", bold=True)]
    assert "Guidance" not in rows, "living models take none"
    assert [cell.words for cell in _rows(first, extended)["Guidance"]] == ["–", "–"]


def test_length_charge_and_time_are_said_as_far_as_they_are_known() -> None:
    task = done(1)
    assert task.clip is not None
    known = replace(
        task,
        clip=replace(task.clip, seconds=Decimal("9.6"), parent_seconds=Decimal("5")),
        units=Decimal(2),
        accepted_at=task.asked_at,
        ended_at=task.asked_at + timedelta(seconds=200),
    )
    rows = _rows(TakeNumbers(known), TakeNumbers(replace(known, units=None, ended_at=None)))
    assert [cell.words for cell in rows["Length added"]] == ["4.6 s", "4.6 s"]
    assert rows["Charged, units"][0].words.startswith("2")
    assert rows["Charged, units"][1] == Cell()
    assert [cell.words for cell in rows["Made in"]] == ["3:20", "–"]
