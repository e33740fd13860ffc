"""Calling a seam fine moves a limit, is kept in the settings, told as a fact, and undone."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from kling_desktop.domain.analysis import Measure, Seam, Verdict
from kling_desktop.domain.seam_limits import metered
from kling_desktop.store.library import Library
from kling_desktop.studio.analysis.clip_analyzer import ClipAnalyzer
from kling_desktop.studio.analysis.findings import SEAMS, Findings
from kling_desktop.studio.analysis.limits_by_example import LimitMoved, LimitsByExample, kept_limits
from kling_desktop.studio.feed import Fact, Feed, SeamLimitsMoved
from kling_desktop.studio.preferences import Preferences
from tests.harness.waiting import until

ROUGH = Seam(1, 24, 1.0, 0.9, meters=(metered(Measure.COLOUR, 0.9),))


async def test_an_example_moves_the_limit_and_is_undone(tmp_path: Path) -> None:
    library, preferences, feed = Library.open(tmp_path / "library.sqlite3"), Preferences(tmp_path), Feed()
    facts: list[Fact] = []
    feed.subscribe(facts.extend)
    Findings(library).keep("clip", SEAMS, "stamp", (ROUGH,))
    analyzer = ClipAnalyzer(library, feed, tmp_path, lambda: kept_limits(preferences))
    limits = LimitsByExample(preferences, feed)
    assert analyzer.seams("clip")[0].verdict is Verdict.SLIGHT

    (moved,) = limits.call_fine(analyzer.seams("clip")[0])
    assert moved == LimitMoved(Measure.COLOUR, 1.0, moved.factor)
    assert moved.before == 0.45
    assert moved.after > 0.9
    await until(lambda: facts)
    assert isinstance(facts[-1], SeamLimitsMoved)
    assert facts[-1].limits.judged(ROUGH).verdict is Verdict.CLEAN
    assert limits.call_fine(analyzer.seams("clip")[0]) == ()

    await preferences.flush()
    assert asdict(Preferences(tmp_path).now)["seam_limits"] == preferences.now.seam_limits
    assert limits.take_back((moved,)) == (LimitMoved(Measure.COLOUR, moved.factor, 1.0),)
    assert analyzer.seams("clip")[0].verdict is Verdict.SLIGHT
    assert limits.take_back((moved,)) == ()
    assert limits.now.are_usual
    await preferences.flush()
    library.close()


async def test_one_move_is_taken_back_whatever_was_moved_after_it(tmp_path: Path) -> None:
    preferences = Preferences(tmp_path)
    limits = LimitsByExample(preferences, Feed())
    darker = Seam(1, 24, 1.0, 0.9, meters=(metered(Measure.BRIGHTNESS, -1.0),))
    first, later = limits.call_fine(ROUGH), limits.call_fine(darker)

    limits.take_back(first)
    assert limits.now.judged(ROUGH).verdict is Verdict.SLIGHT
    assert limits.now.judged(darker).verdict is Verdict.CLEAN
    limits.take_back(later)
    assert limits.now.are_usual
    await preferences.flush()
