"""The settings show a topic at a time, and find a setting by its words."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from kling_desktop.ui import theme
from kling_desktop.ui.settings.settings_dialog import SettingsDialog

TOPICS = ["General", "Takes", "Playback", "Accounts", "Budget", "Export", "Notices", "Advanced"]


@pytest.fixture
def dialog(qtbot: QtBot) -> SettingsDialog:
    dialog = SettingsDialog()
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    return dialog


def topics(dialog: SettingsDialog) -> list[str]:
    return [dialog.topics.item(number).text() for number in range(dialog.topics.count())]


def test_a_topic_shows_its_page(dialog: SettingsDialog) -> None:
    assert dialog.general.isVisible()
    dialog.topics.setCurrentRow(1)
    assert dialog.takes.isVisible()
    assert not dialog.general.isVisible()
    dialog.turn_to(dialog.callbacks)
    assert dialog.callbacks.isVisible()


def test_a_search_turns_to_what_it_finds_and_counts(dialog: SettingsDialog) -> None:
    dialog.search.setText("speed LIMIT")
    assert dialog.takes.isVisible()
    assert topics(dialog) == [topic.replace("Takes", "Takes   1") for topic in TOPICS]
    dialog.search.setText("")
    assert topics(dialog) == TOPICS


def test_a_search_stays_where_something_is_found(dialog: SettingsDialog) -> None:
    dialog.turn_to(dialog.callbacks)
    dialog.search.setText("e")
    assert dialog.callbacks.isVisible()


def test_what_is_found_is_marked_until_the_search_is_over(dialog: SettingsDialog) -> None:
    page = QWidget()
    check = QCheckBox("Remember the folder", page)
    QVBoxLayout(page).addWidget(check)
    dialog.add_page("Export", page)
    dialog.search.setText("remember")
    assert check.property("found")
    assert check.isVisible()
    dialog.search.setText("")
    assert not check.property("found")


@pytest.mark.parametrize(("words", "field"), [("text size", "text_size"), ("appear", "theme")])
def test_return_leads_to_the_field_that_was_found(dialog: SettingsDialog, qtbot: QtBot, words: str, field: str) -> None:
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    QTest.keyClicks(dialog.search, words)
    QTest.keyClick(dialog.search, Qt.Key.Key_Return)
    assert getattr(dialog.general, field).hasFocus()


def test_return_stays_with_words_that_are_nowhere(dialog: SettingsDialog, qtbot: QtBot) -> None:
    dialog.activateWindow()
    dialog.search.setFocus()
    qtbot.waitUntil(dialog.search.hasFocus)
    QTest.keyClicks(dialog.search, "nowhere at all")
    QTest.keyClick(dialog.search, Qt.Key.Key_Return)
    assert dialog.search.hasFocus()


def test_what_is_nowhere_changes_no_page(dialog: SettingsDialog) -> None:
    dialog.turn_to(dialog.takes)
    dialog.search.setText("nowhere at all")
    assert dialog.takes.isVisible()
    assert topics(dialog) == TOPICS


def test_a_text_size_is_told_when_it_is_chosen_and_not_when_it_is_shown(dialog: SettingsDialog, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(dialog.general.text_size_chosen):
        dialog.general.show_choices("", "dark", 150)
    with qtbot.waitSignal(dialog.general.text_size_chosen) as told:
        dialog.general.text_size.stepUp()
    assert told.args == [160]


def test_the_focus_is_seen_on_a_topic(dialog: SettingsDialog, qtbot: QtBot, qapp: QApplication) -> None:
    theme.apply(qapp, "dark")
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    dialog.search.setFocus()
    assert _accents(dialog.topics) == 0
    dialog.topics.setFocus()
    assert _accents(dialog.topics) > 50


def _accents(widget: QWidget) -> int:
    image, accent = widget.grab().toImage(), QColor(theme.tokens().accent)
    return sum(image.pixelColor(x, y) == accent for x in range(image.width()) for y in range(60))


def test_topics_stay_readable_in_letters_of_another_size(
    dialog: SettingsDialog, qtbot: QtBot, qapp: QApplication
) -> None:
    theme.apply(qapp, "dark")
    size = dialog.size()
    low = dialog.topics.visualItemRect(dialog.topics.item(0)).height()
    try:
        theme.apply_text_size(qapp, 200)
        qtbot.waitUntil(lambda: dialog.topics.visualItemRect(dialog.topics.item(0)).height() > 1.5 * low)
        assert dialog.size() == size, "the arrows of the text size stay under the pointer"
    finally:
        theme.apply_text_size(qapp, 100)


@pytest.mark.parametrize("per_cent", [100, 200])
def test_it_opens_no_larger_than_the_screen(qtbot: QtBot, qapp: QApplication, per_cent: int) -> None:
    theme.apply(qapp, "dark")
    theme.apply_text_size(qapp, per_cent)
    try:
        dialog = SettingsDialog()
        qtbot.addWidget(dialog)
        screen = dialog.screen().availableGeometry()
        assert dialog.width() <= screen.width()
        assert dialog.height() <= screen.height()
    finally:
        theme.apply_text_size(qapp, 100)
