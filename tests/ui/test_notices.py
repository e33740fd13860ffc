"""Banners and toasts: what they say, when they go, what their one button does."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from kling_desktop.ui.notices import Bar, Notices
from kling_desktop.ui.shell.toasts import Toast


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(600, 300)
    return made


@pytest.fixture
def notices(window: QWidget, qtbot: QtBot) -> Notices:
    made = Notices(window)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    return made


def bar(notices: Notices, text: str) -> Bar | Toast:
    found = notices.bar(text)
    assert found is not None
    return found


def click_action(found: Bar | Toast) -> None:
    assert found.action is not None
    QTest.mouseClick(found.action, Qt.MouseButton.LeftButton)


def test_without_news_it_is_not_there_and_news_lie_over_the_stage(notices: Notices, window: QWidget) -> None:
    assert not notices.isVisible()
    notices.show_banner("keys", "No keys")
    QApplication.processEvents()
    assert notices.isVisible()
    assert notices.geometry().topLeft() == window.rect().topLeft()
    assert notices.width() == window.width()
    assert 0 < notices.height() < 60
    window.resize(500, 300)
    assert notices.width() == 500
    notices.hide_banner("keys")
    assert not notices.isVisible()


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


def test_a_toast_stands_over_the_foot_of_the_stage(notices: Notices, window: QWidget) -> None:
    notices.toast("Forgotten")
    toast = bar(notices, "Forgotten")
    assert toast.parentWidget() is window
    assert toast.geometry().bottom() < window.height()
    assert toast.geometry().top() > window.height() * 2 // 3
    QTest.mouseClick(toast.close_button, Qt.MouseButton.LeftButton)
    assert notices.texts() == []


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


def test_news_go_over_to_another_stage_and_back(notices: Notices, window: QWidget, qtbot: QtBot) -> None:
    notices.show_banner("keys", "No keys")
    notices.toast("Picked")
    page = QWidget()
    qtbot.addWidget(page)
    page.resize(400, 200)
    page.show()
    notices.hang_over(page)
    assert notices.texts() == ["No keys", "Picked"]
    assert notices.parentWidget() is page
    assert notices.isVisible()
    assert notices.width() == 400
    assert bar(notices, "Picked").parentWidget() is page
    assert bar(notices, "Picked").isVisible()
    notices.hang_over(window)
    assert notices.width() == window.width()
