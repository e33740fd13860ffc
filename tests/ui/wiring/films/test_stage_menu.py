"""The menu of the take over the stage offers what makes sense for it, and does it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from kling_desktop.domain.takes import Way
from kling_desktop.domain.tasks import Pick
from kling_desktop.ui.wiring.films.stage_menu import StageVerbs, fill_stage_menu
from tests.harness.tasks import asked, done
from tests.ui.wiring.films.states import state_of


def _verbs(heard: list[tuple[object, ...]]) -> StageVerbs:
    def note(name: str) -> object:
        return lambda *arguments: heard.append((name, *arguments))

    names = ("pick", "reject", "star", "extend", "sibling", "seam", "join", "compare")
    return StageVerbs(*(note(name) for name in names))  # type: ignore[arg-type]  # each takes what it is given


def _filled(menu: QMenu, state: object, heard: list[tuple[object, ...]]) -> dict[str, QAction]:
    fill_stage_menu(menu, state, _verbs(heard))  # type: ignore[arg-type]  # None, or a state
    return {action.text(): action for action in menu.actions() if action.text()}


def test_a_made_take_can_be_judged_extended_and_compared(qtbot: QtBot) -> None:
    menu, heard = QMenu(), list[tuple[object, ...]]()
    qtbot.addWidget(menu)
    task = replace(done(1), stars=3)
    actions = _filled(menu, state_of(task), heard)
    for words in ("Pick for the film", "Reject", "Extend from here", "Another take of this hop", "Compare"):
        actions[words].trigger()
    stars = actions["Stars"].menu()
    assert isinstance(stars, QMenu)
    assert [action.isChecked() for action in stars.actions()] == [False, False, False, True, False, False]
    stars.actions()[5].trigger()
    assert heard == [
        ("pick", task.id),
        ("reject", task.id, True),
        ("extend", task.id),
        ("sibling", task.id),
        ("compare", task.id),
        ("star", task.id, 5),
    ]


def test_the_join_of_a_continued_take_alone_can_be_adjusted(qtbot: QtBot) -> None:
    menu, heard = QMenu(), list[tuple[object, ...]]()
    qtbot.addWidget(menu)
    extended = state_of(done(1))
    assert "Adjust the join…" not in _filled(menu, extended, heard)
    continued = replace(extended, take=replace(extended.take, way=Way.CONTINUE))
    _filled(menu, continued, heard)["Adjust the join…"].trigger()
    assert heard == [("join", continued.take.id)]


def test_a_rejected_one_is_taken_back_and_one_in_the_making_is_not_judged(qtbot: QtBot) -> None:
    menu, heard = QMenu(), list[tuple[object, ...]]()
    qtbot.addWidget(menu)
    rejected = replace(done(1), pick=Pick.REJECTED)
    _filled(menu, state_of(rejected), heard)["Take back from the rejected"].trigger()
    assert heard == [("reject", rejected.id, False)]
    assert "Reject" not in _filled(menu, state_of(asked(2)), heard)
    assert _filled(menu, None, heard) == {}
