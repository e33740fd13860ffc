"""Banners and toasts: what they say, when they go, what their one button does."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from kling_desktop.ui.notices import Bar, Notices


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(600, 300)
    return made


@pytest.fixture
def notices(window: QWidget, qtbot: QtBot) -> Notices:
    made = Notices(window)
    column = QVBoxLayout(window)
    column.addWidget(made)
    column.addStretch(1)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    return made


def bar(notices: Notices, text: str) -> Bar:
    found = notices.bar(text)
    assert found is not None
    return found


def click_action(found: Bar) -> None:
    assert found.action is not None
    QTest.mouseClick(found.action, Qt.MouseButton.LeftButton)


def test_without_news_it_takes_no_room(notices: Notices) -> None:
    assert notices.height() == 0
    notices.show_banner("keys", "No keys")
    QApplication.processEvents()
    assert notices.height() > 0


def test_a_banner_stays_until_it_is_closed(notices: Notices) -> None:
    notices.show_banner("keys", "No keys", level="warning")
    QTest.mouseClick(bar(notices, "No keys").close_button, Qt.MouseButton.LeftButton)
    assert notices.texts() == []


def test_a_banner_with_the_same_key_is_replaced_in_place(notices: Notices) -> None:
    notices.show_banner("a", "first")
    notices.show_banner("b", "second")
    notices.show_banner("a", "first again")
    assert notices.texts() == ["first again", "second"]
    QApplication.processEvents()
    assert bar(notices, "first again").y() < bar(notices, "second").y()


def test_hiding_what_is_not_there_is_no_error(notices: Notices) -> None:
    notices.hide_banner("never shown")
    assert notices.texts() == []


def test_a_banner_does_its_one_thing_and_stays(notices: Notices) -> None:
    pressed: list[str] = []
    notices.show_banner("keys", "No keys", "Check keys", lambda: pressed.append("keys"))
    click_action(bar(notices, "No keys"))
    assert pressed == ["keys"]
    assert notices.texts() == ["No keys"]


def test_a_toast_goes_by_itself_below_the_banners(notices: Notices, qtbot: QtBot) -> None:
    notices.toast("Forgotten", seconds=0.05)
    notices.show_banner("keys", "No keys")
    assert notices.texts() == ["No keys", "Forgotten"]
    qtbot.waitUntil(lambda: notices.texts() == ["No keys"])


def test_undo_works_once_and_takes_the_toast_away(notices: Notices) -> None:
    undone: list[bool] = []
    notices.toast("Forgotten", "Undo", lambda: undone.append(True))
    click_action(bar(notices, "Forgotten"))
    assert undone == [True]
    assert notices.texts() == []


def test_undo_is_in_reach_of_the_keyboard(notices: Notices) -> None:
    undone: list[bool] = []
    notices.toast("Forgotten", "Undo", lambda: undone.append(True))
    action = bar(notices, "Forgotten").action
    assert action is not None
    action.setFocus()
    QTest.keyClick(action, Qt.Key.Key_Space)
    assert undone == [True]


def test_a_toast_waits_while_it_has_the_focus(notices: Notices, qtbot: QtBot) -> None:
    notices.toast("Forgotten", "Undo", lambda: None, seconds=0.02)
    found = bar(notices, "Forgotten")
    assert found.action is not None
    found.action.setFocus()
    with qtbot.waitSignals([found._timer.timeout, found._timer.timeout]):
        pass
    assert notices.texts() == ["Forgotten"]
    found.action.clearFocus()
    qtbot.waitUntil(lambda: notices.texts() == [])


def test_a_toast_waits_under_the_pointer(notices: Notices, qtbot: QtBot) -> None:
    notices.toast("Forgotten", seconds=0.02)
    found = bar(notices, "Forgotten")
    QApplication.sendEvent(found, QEnterEvent(QPointF(1, 1), QPointF(1, 1), QPointF(1, 1)))
    assert not found._timer.isActive()
    QApplication.sendEvent(found, QEvent(QEvent.Type.Leave))
    qtbot.waitUntil(lambda: notices.texts() == [])


def test_toasts_do_not_pile_up(notices: Notices) -> None:
    for number in range(5):
        notices.toast(f"news {number}")
    assert notices.texts() == ["news 2", "news 3", "news 4"]


def test_a_long_text_wraps_and_is_not_cut(notices: Notices) -> None:
    notices.show_banner("a", "word " * 60, "Do it", lambda: None)
    notices.window().resize(320, 400)
    QApplication.processEvents()
    found = bar(notices, "word " * 60)
    assert notices.width() <= 320
    assert found.height() >= found.heightForWidth(found.width()) > 60
