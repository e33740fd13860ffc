"""On the page of keys one finds a command, is told who has a key, and changes it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kling_desktop.ui.key_map import KeyMap
from kling_desktop.ui.settings.keys_page import KeysPage
from kling_desktop.ui.viewer.viewer_keys import commands


@pytest.fixture
def page(qtbot: QtBot) -> KeysPage:
    made = KeysPage(KeyMap(commands()))
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


def shown(page: KeysPage) -> list[str]:
    return [name for name, row in page._rows.items() if not row.isHidden()]


def test_it_is_searched_by_words_and_by_keys(page: KeysPage, qtbot: QtBot) -> None:
    QTest.keyClicks(page.search, "seam")
    assert shown(page) == ["seam_back", "seam_forward"]
    page.search.clear()
    QTest.keyClicks(page.search, "shift+c")
    assert shown(page) == ["copy_frame"]
    page.search.clear()
    assert len(shown(page)) == len(commands())


def test_a_free_key_is_taken_at_once(page: KeysPage, qtbot: QtBot) -> None:
    page.choose("mute")
    QTest.keyClick(page.edit, Qt.Key.Key_N)
    assert page.warning.text() == "This key is free."
    QTest.mouseClick(page.add, Qt.MouseButton.LeftButton)
    assert page._keys.keys("mute") == ("M", "N")
    assert page._rows["mute"].text(1) == "● M   N"


def test_a_taken_key_is_told_before_it_changes_hands(page: KeysPage, qtbot: QtBot) -> None:
    page.choose("mute")
    QTest.keyClick(page.edit, Qt.Key.Key_G)
    assert "Go to a time or frame" in page.warning.text()
    QTest.mouseClick(page.use, Qt.MouseButton.LeftButton)
    assert (page._keys.keys("mute"), page._keys.keys("go_to")) == (("G",), ())
    assert page._rows["go_to"].text(1) == "● none"
    QTest.mouseClick(page.reset_all, Qt.MouseButton.LeftButton)
    assert page._keys.keys("go_to") == ("G",)


def test_without_a_command_there_is_nothing_to_change(page: KeysPage) -> None:
    assert not any(button.isEnabled() for button in (page.use, page.add, page.reset, page.reset_all, page.edit))


def test_the_profile_is_chosen_and_shown(page: KeysPage, qtbot: QtBot) -> None:
    page.profiles.setFocus()
    QTest.keyClick(page.profiles, Qt.Key.Key_Down)
    assert page._keys.profile == "editor"
    assert "Left" in page._rows["frame_back"].text(1)
