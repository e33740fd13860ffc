"""The mark of a run says afterwards whether it was closed in order."""

from __future__ import annotations

from pathlib import Path

import pytest

from kling_desktop.running.run_marker import RunMarker


def test_a_run_that_ended_in_order_leaves_no_mark(tmp_path: Path) -> None:
    first = RunMarker(tmp_path / "mark")
    assert not first.ended_badly_before
    first.begin()
    first.end()
    assert not RunMarker(tmp_path / "mark").ended_badly_before


def test_a_run_that_never_ended_is_noticed(tmp_path: Path) -> None:
    RunMarker(tmp_path / "mark").begin()
    assert RunMarker(tmp_path / "mark").ended_badly_before


def test_a_start_that_came_to_nothing_keeps_the_older_mark(tmp_path: Path) -> None:
    RunMarker(tmp_path / "mark").begin()
    RunMarker(tmp_path / "mark").end()
    assert RunMarker(tmp_path / "mark").ended_badly_before


@pytest.mark.expects_log("cannot be written")
def test_a_place_that_takes_no_mark_is_no_reason_not_to_start(tmp_path: Path) -> None:
    run = RunMarker(tmp_path / "nowhere" / "mark")
    run.begin()
    run.end()
