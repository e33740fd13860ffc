"""A range keeps its order, and says which frames stray from it."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from kling_desktop.ui.viewer.timeline.marks import Marks

FRAME = 1 / 24


def test_marks_never_cross(qtbot: QtBot) -> None:
    marks = Marks()
    marks.mark_start(1.0)
    marks.mark_end(2.0)
    marks.mark_start(3.0)
    assert (marks.start, marks.end) == (3.0, None)
    with qtbot.waitSignal(marks.changed):
        marks.mark_end(0.5)
    assert (marks.start, marks.end) == (None, 0.5)


def test_marks_go_along_when_the_same_is_seen_later(qtbot: QtBot) -> None:
    marks = Marks()
    marks.mark_end(2.0)
    with qtbot.waitSignal(marks.changed):
        marks.shift(1.25)
    assert (marks.start, marks.end) == (None, 3.25)


@pytest.mark.parametrize(("at", "strays"), [(0.9, True), (1.0, False), (2.0, False), (2.0 + FRAME, True)])
def test_both_marked_frames_belong_to_it(at: float, strays: bool) -> None:
    marks = Marks()
    marks.mark_start(1.0)
    marks.mark_end(2.0)
    assert not marks.strays(at, FRAME)
    marks.set_looping(True)
    assert marks.strays(at, FRAME) is strays


def test_half_a_range_ends_with_the_film() -> None:
    marks = Marks()
    marks.mark_start(1.0)
    marks.set_looping(True)
    assert not marks.strays(99.0, FRAME)
    marks.clear()
    assert not marks.strays(0.0, FRAME)
