"""The dialog says whom it asks, asks once a press, and downloads nothing."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kling_desktop.ui.help.updates_dialog import UpdatesDialog

ADDRESS = "https://kling-desktop.invalid/updates.json"


def _dialog(qtbot: QtBot, address: str) -> UpdatesDialog:
    dialog = UpdatesDialog(address)
    qtbot.addWidget(dialog)
    dialog.open()
    return dialog


def test_whom_it_asks_is_said_before_anybody_is_asked(qtbot: QtBot) -> None:
    dialog = _dialog(qtbot, ADDRESS)
    assert ADDRESS in dialog.sentence.text()
    with qtbot.assertNotEmitted(dialog.asked):
        dialog.reject()


def test_a_program_without_an_address_cannot_ask(qtbot: QtBot) -> None:
    dialog = _dialog(qtbot, "")
    assert not dialog.ask.isEnabled()
    assert "named nobody" in dialog.sentence.text()
    assert not dialog.open_page.isVisible()


def test_one_press_asks_once_until_an_answer_is_there(qtbot: QtBot) -> None:
    dialog = _dialog(qtbot, ADDRESS)
    presses: list[bool] = []
    dialog.asked.connect(lambda: presses.append(True))
    for _ in range(3):
        QTest.mouseClick(dialog.ask, Qt.MouseButton.LeftButton)
    assert len(presses) == 1
    dialog.show_trouble("Not learnt.")
    QTest.mouseClick(dialog.ask, Qt.MouseButton.LeftButton)
    assert len(presses) == 2


def test_a_newer_version_is_told_with_what_is_new_and_where(qtbot: QtBot) -> None:
    dialog = _dialog(qtbot, ADDRESS)
    dialog.show_release("2.0", "2030-01-02", "<b>Faster</b>", "https://kling-desktop.invalid/2")
    assert "2.0" in dialog.sentence.text()
    assert dialog.changes.toPlainText() == "<b>Faster</b>"
    with qtbot.waitSignal(dialog.page_asked) as opened:
        QTest.mouseClick(dialog.open_page, Qt.MouseButton.LeftButton)
    assert opened.args == ["https://kling-desktop.invalid/2"]


def test_without_a_page_there_is_nothing_to_open(qtbot: QtBot) -> None:
    dialog = _dialog(qtbot, ADDRESS)
    dialog.show_release("2.0", "2030-01-02", "", "")
    assert dialog.open_page.isHidden()
    assert dialog.changes.isHidden()
