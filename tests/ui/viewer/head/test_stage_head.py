"""The head tells hop, take and words, counts on while Kling works, and asks for what the creator says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kling_desktop.ui.key_map import KeyMap
from kling_desktop.ui.painted.shapes import Shape
from kling_desktop.ui.takes import culling
from kling_desktop.ui.viewer import viewer_keys
from kling_desktop.ui.viewer.head.stage_head import StageHead
from kling_desktop.ui.viewer.head.take_view import TakeView

TAKE = TakeView("t1", 4, 4, 1, 2, "The light fades\nto blue", stars=5, picked=True, judged=True)
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def head(qtbot: QtBot) -> StageHead:
    head = StageHead(KeyMap((*viewer_keys.commands(), *culling.commands())))
    qtbot.addWidget(head)
    head.resize(820, 32)
    head.show()
    return head


def _said(head: StageHead) -> str:
    return f"{head.place.words} {head.line.words}"


def test_it_says_hop_take_and_words_in_one_line(head: StageHead) -> None:
    head.show_take(TAKE)
    assert _said(head) == "Hop 4 of 4 · take 1 of 2 · The light fades to blue"
    assert head.pick.text() == "Picked"
    assert head.pick.isChecked()
    assert head.stars.value() == 5
    assert head.film.isHidden()


def test_an_only_take_and_the_first_clip_are_not_counted(head: StageHead) -> None:
    head.show_take(replace(TAKE, hop=0, takes=1))
    assert head.place.words == "First clip ·"


def test_stars_pick_and_reject_are_asked_for_and_shown_only_when_they_hold(head: StageHead, qtbot: QtBot) -> None:
    head.show_take(replace(TAKE, picked=False))
    with qtbot.waitSignal(head.picked) as picked:
        QTest.mouseClick(head.pick, LEFT)
    assert picked.args == ["t1"]
    assert not head.pick.isChecked()
    with qtbot.waitSignal(head.rejected) as rejected:
        QTest.mouseClick(head.reject, LEFT)
    assert rejected.args == ["t1", True]
    head.show_take(replace(TAKE, rejected=True))
    with qtbot.waitSignal(head.rejected) as taken_back:
        QTest.mouseClick(head.reject, LEFT)
    assert taken_back.args == ["t1", False]
    with qtbot.waitSignal(head.starred) as starred:
        QTest.keyClick(head.stars, Qt.Key.Key_3)
    assert starred.args == ["t1", 3]


def test_a_take_in_the_making_counts_on_and_is_not_judged(head: StageHead, qtbot: QtBot) -> None:
    began = datetime.now(UTC) - timedelta(seconds=130)
    head.show_take(
        replace(
            TAKE,
            judged=False,
            shape=Shape.RENDERING,
            state="Rendering",
            since=began,
            usual_seconds=(240.0, 300.0),
            has_film=True,
        )
    )
    assert head.line.words.startswith("Rendering · 2:1")
    assert head.line.words.endswith(", usually 4 min")
    first = head.line.words
    assert head.pick.isHidden()
    assert head.stars.isHidden()
    qtbot.waitUntil(lambda: head.line.words != first)
    with qtbot.waitSignal(head.film_asked):
        QTest.mouseClick(head.film, LEFT)


def test_without_a_take_it_is_empty(head: StageHead) -> None:
    head.show_take(TAKE)
    head.show_take(TakeView())
    assert _said(head).strip() == ""
    assert head.more.isHidden()


def test_keys_beside_the_words_follow_the_key_map(qtbot: QtBot) -> None:
    keys = KeyMap((*viewer_keys.commands(), *culling.commands()))
    head = StageHead(keys)
    qtbot.addWidget(head)
    head.show_take(replace(TAKE, picked=False))
    assert head.pick.toolTip() == "Pick (P)"
    keys.assign("pick", ["Ctrl+P"])
    assert head.pick.toolTip() == "Pick (Ctrl+P)"


def test_in_a_narrow_window_the_buttons_keep_their_signs(head: StageHead, qtbot: QtBot) -> None:
    head.show_take(TAKE)
    wide = head.pick.width()
    head.resize(500, 32)
    qtbot.waitUntil(lambda: head.pick.width() < wide)
