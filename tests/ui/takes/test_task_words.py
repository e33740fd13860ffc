"""What a row says in every state."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from kling_desktop.domain.clips import Progress
from kling_desktop.domain.kling_time import KLING_TIME
from kling_desktop.domain.tasks import Status, Task
from kling_desktop.ui.takes.task_words import RowText, Told, name, painted_lines, row_text, shown_status, tip
from tests.harness.tasks import NOON, asked, done, held_back, refused, uncertain

TYPICAL = (180.0, 300.0)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def said(task: Task, seconds: float = 130, typical: tuple[float, float] | None = TYPICAL) -> RowText:
    return row_text(task, None, typical, at(seconds))


def test_a_running_task_tells_how_long_and_what_is_usual() -> None:
    row = said(asked(0))
    assert (row.state, row.beside, row.below, row.warns) == ("Rendering", ("2:10",), ("usually 3–5 min",), False)


@pytest.mark.parametrize(
    ("typical", "words"),
    [
        (None, ()),
        ((14.2, 61), ("usually 14–61 s",)),
        ((200, 205), ("usually 3 min",)),
        ((10, 29), ("longer than most of yours",)),
    ],
)
def test_what_is_usual_is_told_as_far_as_it_is_known(
    typical: tuple[float, float] | None, words: tuple[str, ...]
) -> None:
    assert said(asked(0), 30, typical).below == words


def test_a_running_clock_becomes_words_after_an_hour() -> None:
    assert said(held_back(0), 3599).beside == ("59:59",)
    assert said(held_back(0), 2 * 86400).beside == ("48 h",)


def test_time_never_runs_backwards() -> None:
    assert said(asked(0), -60).beside == ("0:00",)


def test_a_finished_take_tells_length_cost_and_expiry(tmp_path: Path) -> None:
    row = said(done(0), 3600)
    assert row.state == "Made, on its way here"
    assert said(replace(done(0), watched=False), 3600).state == "Made, not on this disk"
    assert said(done(0, file=tmp_path / "a.mp4"), 3600).state == "Done"
    assert shown_status(done(0)) is not Status.SUCCEEDED
    assert shown_status(done(0, file=tmp_path / "a.mp4")) is Status.SUCCEEDED
    assert row.beside == ("1 h ago", "took 3 min 20 s")
    assert row.below == ("10.2 s", "2 units", "expires in 29 days")
    assert said(done(0, file=tmp_path / "a.mp4"), 3600).below[-1] == "kept on disk"
    in_its_last_week = said(done(0, file=tmp_path / "a.mp4"), 27 * 86_400).below
    assert in_its_last_week[-2:] == ("kept on disk", "expires in 3 days")


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(days=1, hours=3), "expires in 1 day"),
        (timedelta(hours=3, minutes=5), "expires in 3 hours"),
        (timedelta(minutes=5), "expires within the hour"),
        (timedelta(0), "expired"),
    ],
)
def test_the_end_comes_in_ever_smaller_steps(left: timedelta, words: str) -> None:
    KLING_TIME.tell(NOON + timedelta(days=30) - left)
    assert row_text(done(0), None, None, NOON + timedelta(days=30) - left).below[-1] == words


def test_only_what_kling_charged_is_told() -> None:
    assert said(replace(done(0), units=None)).below == ("10.2 s", "expires in 29 days")
    assert said(replace(done(0), units=Decimal("1.0"))).below[1] == "1 unit"
    assert said(replace(done(0), units=Decimal("3.50"))).below[1] == "3.5 units"


def test_a_failure_gives_its_reason_and_whether_it_cost() -> None:
    row = said(refused(0))
    assert (row.state, row.warns) == ("Failed", True)
    assert row.below == ("Kling's content check stopped this take", "Not charged")


def test_a_failure_without_a_known_error_gives_klings_words() -> None:
    assert said(replace(refused(0), trouble=None, message="mystery")).below == ("mystery",)


def test_a_waiting_task_tells_what_it_waits_for() -> None:
    assert said(held_back(0)).below == ("All of the account's slots are in use",)
    assert said(uncertain(0)).state == "Checking whether Kling took it"
    assert said(uncertain(0)).below == ("Kling did not answer in time",)


def test_a_task_that_is_no_longer_watched_has_no_clock() -> None:
    row = said(replace(asked(0), watched=False))
    assert (row.state, row.beside, row.below) == ("No longer watched", ("2 min ago",), ())


def test_a_state_of_klings_that_we_do_not_know_is_quoted() -> None:
    assert said(replace(asked(0), raw_status="paused")).state == "Kling says “paused”"


def test_a_take_that_kling_calls_failed_says_so_beside_it() -> None:
    here = replace(done(0, file=Path("take.mp4")), raw_status="failed")
    assert said(here).below[0] == "Kling says “failed”"
    assert said(replace(done(0), raw_status="failed")).state == "Kling says “failed”"  # and not that it is made
    _, _, below, warns = painted_lines(here, None, None, NOON, 0, Told())
    assert (below[0], warns) == ("Kling says “failed”", True)


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        (Progress(4_500_000, 11_000_000), "Downloading 4.5 of 11 MB"),
        (Progress(512_000, 11_000_000), "Downloading 512 kB of 11 MB"),
        (Progress(4_500_000, None), "Downloading 4.5 MB so far"),
    ],
)
def test_a_transfer_tells_how_much_has_come(progress: Progress, words: str) -> None:
    row = row_text(done(0), progress, None, NOON)
    assert (row.state, row.beside) == (words, ())


def test_without_a_prompt_the_clip_gives_the_name() -> None:
    assert name(asked(0, "A\n puppy  runs")) == "A puppy runs"
    silent = replace(asked(12), extension=replace(asked(12).extension, prompt=" \n"))
    assert name(silent) == "Clip 7000…0012"
    assert name(replace(done(3), extension=silent.extension)) == "Clip 9000…0003"


def test_the_tip_escapes_what_was_typed_and_gives_advice() -> None:
    text = tip(replace(refused(0, "<b>loud</b>"), message="Failure to pass"), None, None, NOON)
    assert "&lt;b&gt;loud" in text
    assert "Change the wording" in text
    assert "Failure to pass" in text


@pytest.mark.parametrize("status", list(Status))
def test_every_state_has_a_row(status: Status) -> None:
    row = said(asked(0, status=status))
    assert row.state
    assert all((*row.beside, *row.below))
