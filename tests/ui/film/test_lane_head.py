"""The lane's head says how the film stands, and every control in it asks for what it says."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from kling_desktop.domain.takes import Gate
from kling_desktop.ui.film.film_view import FilmView, PlanState, Stop
from kling_desktop.ui.film.lane_head import LaneHead
from kling_desktop.ui.painted.shapes import Shape
from kling_desktop.ui.theme.tokens import tokens
from tests.gallery.lantern_lake import Stills, stopped, view

_FILM, _STOPPED = view(Stills(None)), stopped(Stills(None))


@pytest.fixture
def head(qtbot: QtBot) -> LaneHead:
    head = LaneHead()
    qtbot.addWidget(head)
    head.resize(1440, 37)
    head.show_view(_FILM)
    head.show()
    qtbot.waitExposed(head)
    return head


def _click(button: QAbstractButton) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_it_says_what_is_made_and_what_is_to_come(head: LaneHead) -> None:
    assert head.words.words == "0:23.3 made + 0:13.8 to come = 0:37 of 3:00"
    head.show_view(replace(_FILM, cards=_FILM.cards[:5], limit=None))
    assert head.words.words == "0:23.3 made"
    head.show_view(replace(_FILM, drift_hop=9))
    assert head.words.words.endswith("drift likely at hop 9")
    head.show_view(replace(_FILM, drift_hop=9, first_dies_in_days=30))
    assert head.words.words.endswith("drift likely at hop 9 · first clip expires in 30 days")


def test_hops_that_would_be_sent_without_words_are_told_before_they_are_paid(head: LaneHead) -> None:
    head.show_view(replace(_FILM, wordless=31))
    assert head.words.words.endswith("31 hops are sent without words")
    assert head.run.toolTip() == "31 hops are sent without words"
    head.show_view(replace(_FILM, wordless=1, awaited_hop=7))
    assert head.words.words.endswith("hop 7 is sent once you have written it")
    head.show_view(_FILM)
    assert head.run.toolTip() == ""


def test_it_says_with_which_account_the_plan_goes_on_where_that_is_not_the_chosen_one(head: LaneHead) -> None:
    head.show_view(replace(_FILM, payer="Second"))
    assert head.words.words.endswith("of 3:00 sent with Second")
    head.show_view(replace(_STOPPED, payer="Second"))
    assert head.words.words.endswith("sent with Second")


def _inks(head: LaneHead) -> set[str]:
    """The colours of all pixels of the words."""
    picture = head.words.grab().toImage()
    places = itertools.product(range(picture.width()), range(picture.height()))
    return {picture.pixelColor(x, y).name() for x, y in places}


@pytest.mark.parametrize(("days", "is_warned_of"), [(0, False), (1, True), (7, True), (8, False)])
def test_only_what_can_still_be_saved_soon_is_warned_of(head: LaneHead, days: int, *, is_warned_of: bool) -> None:
    head.show_view(replace(_FILM, first_dies_in_days=days))
    assert (tokens().warn in _inks(head)) is is_warned_of


def test_a_plan_that_stopped_where_it_should_is_no_alarm(head: LaneHead) -> None:
    head.show_view(_STOPPED)
    assert tokens().bad in _inks(head)
    assert _STOPPED.stop is not None
    head.show_view(replace(_STOPPED, stop=replace(_STOPPED.stop, was_asked_for=True, shape=Shape.HELD)))
    assert tokens().bad not in _inks(head)


def test_the_plan_runs_pauses_and_goes_on(head: LaneHead, qtbot: QtBot) -> None:
    assert head.run.text() == "Run plan"
    with qtbot.waitSignal(head.run_asked):
        _click(head.run)
    head.show_view(replace(_FILM, plan=PlanState.RUNNING))
    assert head.run.text() == "Pause plan"
    with qtbot.waitSignal(head.pause_asked):
        _click(head.run)
    head.show_view(replace(_FILM, plan=PlanState.PAUSED))
    assert head.run.text() == "Go on"
    with qtbot.waitSignal(head.run_asked):
        _click(head.run)


def test_without_a_planned_hop_the_plan_cannot_run_and_says_why(head: LaneHead) -> None:
    head.show_view(FilmView())
    assert not head.run.isEnabled()
    assert head.run.toolTip() == "No hop is planned"


def test_gate_and_takes_per_hop_are_chosen(head: LaneHead, qtbot: QtBot) -> None:
    assert (head.gates.choice, head.takes.choice) == (1, 0)
    with qtbot.waitSignal(head.gate_chosen) as heard:
        _click(head.gates.findChildren(QAbstractButton)[2])
    assert heard.args == [Gate.RUN]
    with qtbot.waitSignal(head.takes_chosen) as heard:
        _click(head.takes.findChildren(QAbstractButton)[3])
    assert heard.args == [4]
    with qtbot.assertNotEmitted(head.gate_chosen):
        head.show_view(replace(_FILM, gate=Gate.ASK))
    assert head.gates.choice == 0


def test_a_stop_says_its_reason_and_offers_two_ways(head: LaneHead, qtbot: QtBot) -> None:
    head.show_view(_STOPPED)
    assert head.words.words.startswith("Stopped after hop 4: colour shifts at seam 4 ΔE 6.2")
    assert not head.run.isVisible()
    assert head.again.text() == "Try hop 4 again · 2 units"
    with qtbot.waitSignal(head.accepted):
        _click(head.accept)
    with qtbot.waitSignal(head.again_asked):
        _click(head.again)


def test_a_way_that_is_not_there_is_not_offered(head: LaneHead) -> None:
    head.show_view(replace(_STOPPED, stop=Stop("Stopped: the budget is spent", acceptable=False)))
    assert not head.accept.isVisible()
    assert not head.again.isVisible()
    assert head.run.isVisible(), "a plan that stands still can always be judged anew"
    head.show_view(replace(_STOPPED, cards=(), estimate=None, stop=Stop("Stopped: it is not known", acceptable=False)))
    assert head.run.isEnabled(), "also when its last hop is the one that is meant"


def test_what_could_not_be_read_is_looked_at_again_for_nothing(head: LaneHead, qtbot: QtBot) -> None:
    head.show_view(replace(_STOPPED, stop=Stop("Stopped after hop 4: its file cannot be read", unseen=True)))
    assert (head.run.text(), head.run.isVisible(), head.accept.isVisible()) == ("Look again", True, True)
    with qtbot.waitSignal(head.run_asked):
        _click(head.run)


def test_a_plan_runs_though_nobody_knows_what_it_costs(head: LaneHead) -> None:
    head.show_view(replace(_FILM, estimate=None))
    assert head.run.isEnabled()


def test_folding_is_told_and_shown(head: LaneHead, qtbot: QtBot) -> None:
    with qtbot.waitSignal(head.folded) as heard:
        _click(head.fold)
    assert heard.args == [True]
    assert head.fold.accessibleName() == "Unfold the film"
    with qtbot.assertNotEmitted(head.folded):
        head.show_folded(False)
    assert head.fold.accessibleName() == "Fold the film"


@pytest.mark.parametrize("width", [1440, 1200, 980, 880, 700])
@pytest.mark.parametrize("film", [_FILM, _STOPPED], ids=["plan", "stopped"])
def test_nothing_lies_over_anything_at_any_width(head: LaneHead, film: FilmView, width: int) -> None:
    head.show_view(film)
    head.resize(width, 37)
    head.grab()
    children = [child for child in head.findChildren(QAbstractButton) if child.isVisible()]
    places = sorted((child.mapTo(head, child.rect().topLeft()).x(), child.width()) for child in children)
    assert all(left + wide <= following + 1 for (left, wide), (following, _) in itertools.pairwise(places))
    assert places[-1][0] + places[-1][1] <= width
    assert all(child.width() >= child.minimumSizeHint().width() for child in children)


@pytest.mark.parametrize("film", [_FILM, _STOPPED], ids=["plan", "stopped"])
def test_controls_give_way_before_words_are_cut(head: LaneHead, film: FilmView) -> None:
    head.show_view(film)
    head.resize(1440, 37)
    head.grab()
    assert head.gates.isVisible()
    assert head.takes.isVisible() == head.estimate.isVisible() == (film is _FILM)
    for width in range(1440, 1100, -20):
        head.resize(width, 37)
        head.grab()
        assert head.words.width() >= head.words.sizeHint().width()
    assert not head.estimate.isVisible()
    if film is _FILM:
        assert head.gates.isVisible(), "what is read more often goes later"


def test_every_control_has_a_name(head: LaneHead) -> None:
    head.show_view(_STOPPED)
    for child in head.findChildren(QAbstractButton):
        if child.isVisible():
            assert child.text() or child.accessibleName()


def test_the_film_is_pulled_out_by_its_name_or_its_lengths(head: LaneHead, qtbot: QtBot) -> None:
    told: list[int] = []
    head.dragged.connect(lambda: told.append(1))
    for handle, times in ((head.words, 1), (head.more, 1)):
        place = handle.geometry().center()
        QTest.mousePress(head, Qt.MouseButton.LeftButton, pos=place)
        QTest.mouseMove(head, place + QPoint(3, 0))
        QTest.mouseMove(head, place + QPoint(40, 0))
        QTest.mouseMove(head, place + QPoint(80, 0))
        QTest.mouseRelease(head, Qt.MouseButton.LeftButton, pos=place + QPoint(80, 0))
        assert len(told) == times
