"""Any menu can hold what is done with a plan, and offers it as it can be done at that moment."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from kling_desktop.domain.takes import Gate
from kling_desktop.ui.film.film_view import FilmView, PlanState
from kling_desktop.ui.film.plan_menu import PlanMenu
from tests.gallery.lantern_lake import Stills, stopped, view

_FILM, _STOPPED = view(Stills(None)), stopped(Stills(None))


@pytest.fixture
def menu(qtbot: QtBot) -> QMenu:
    made = QMenu()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def plan_menu(qapp: object) -> PlanMenu:
    return PlanMenu()


def _acts(menu: QMenu) -> dict[str, QAction]:
    """By their words, those of the menus below it as well."""
    found: dict[str, QAction] = {}
    for action in menu.actions():
        inner = action.menu()
        found |= _acts(inner) if isinstance(inner, QMenu) else {action.text().partition("\t")[0]: action}
    return found


def test_the_lane_s_menu_offers_what_can_be_done(plan_menu: PlanMenu, menu: QMenu, qtbot: QtBot) -> None:
    plan_menu.fill(menu, replace(_FILM, plan=PlanState.RUNNING, payer="One", chosen_account="Two"))
    acts = _acts(menu)
    for name, signal in {
        "Stop after this hop": plan_menu.stop_after_asked,
        "Send it with Two from now on": plan_menu.account_asked,
        "Paste a list of hops": plan_menu.paste_asked,
        "Open a plan…": plan_menu.open_asked,
        "Save the plan…": plan_menu.save_asked,
        "Use an earlier plan…": plan_menu.reuse_asked,
        "Remove all planned hops": plan_menu.cleared,
    }.items():
        with qtbot.waitSignal(signal):
            acts[name].trigger()


def test_what_cannot_be_done_is_off(plan_menu: PlanMenu, menu: QMenu) -> None:
    plan_menu.fill_whole(menu, FilmView())
    off = {words for words, action in _acts(menu).items() if words and not action.isEnabled()}
    assert off == {"Run plan", "Stop after this hop", "Save the plan…", "Remove all planned hops"}


def test_what_a_narrow_lane_has_no_room_for_is_here(plan_menu: PlanMenu, menu: QMenu, qtbot: QtBot) -> None:
    plan_menu.fill(menu, replace(_FILM, takes_per_hop=2, gate=Gate.ASK))
    acts = _acts(menu)
    assert {words for words, action in acts.items() if action.isChecked()} == {"×2", "Stop after each"}
    with qtbot.waitSignal(plan_menu.takes_chosen, check_params_cb=lambda number: number == 4):
        acts["×4"].trigger()
    with qtbot.waitSignal(plan_menu.gate_chosen, check_params_cb=lambda gate: gate is Gate.RUN):
        acts["Run all"].trigger()


def test_the_whole_menu_does_what_the_lane_s_buttons_do(plan_menu: PlanMenu, qtbot: QtBot) -> None:
    running = replace(_FILM, plan=PlanState.RUNNING)
    for film, words, signal in (
        (_FILM, "Add a hop", plan_menu.hop_asked),
        (_FILM, "Run plan", plan_menu.run_asked),
        (replace(_FILM, plan=PlanState.PAUSED), "Go on", plan_menu.run_asked),
        (running, "Pause plan", plan_menu.pause_asked),
        (_STOPPED, "Accept and go on", plan_menu.accepted),
        (_STOPPED, _STOPPED.stop.again if _STOPPED.stop else "", plan_menu.again_asked),
    ):
        menu = QMenu()
        qtbot.addWidget(menu)
        plan_menu.fill_whole(menu, film)
        with qtbot.waitSignal(signal):
            _acts(menu)[words].trigger()
