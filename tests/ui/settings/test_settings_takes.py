"""The page of takes says what the joined films take, and what is left of them once they are deleted."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from kling_desktop.ui.settings.settings_takes import TakesPage


def test_what_stays_of_the_joined_films_is_in_use(qtbot: QtBot) -> None:
    page = TakesPage()
    qtbot.addWidget(page)
    said = []
    for size, cleared in ((12_400_000, False), (4_000_000, True), (0, True), (4_000_000, False)):
        page.show_joined(size, cleared=cleared)
        said.append((page.joined.text(), page.clear.isEnabled()))
    assert said == [("12.4 MB", True), ("4.0 MB, in use now", False), ("none", False), ("4.0 MB", True)]
