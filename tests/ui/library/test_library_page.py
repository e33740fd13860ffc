"""The library's page: its tiles fill the row at any width, and the place to drop a video is the first of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kling_desktop.domain.clips import Clip
from kling_desktop.ui.key_map import KeyMap
from kling_desktop.ui.library.clip_tiles import EDGE
from kling_desktop.ui.library.library_page import LibraryPage
from kling_desktop.ui.menu.menu_keys import menu_commands
from kling_desktop.ui.painted.words_line import WordsLine
from kling_desktop.ui.stills.posters import Posters

ENDS = datetime.now(UTC) + timedelta(days=20)
CLIPS = [Clip(str(900000000000000001 + n), seconds=Decimal(5 + n), expires_at=ENDS) for n in range(30)]


@pytest.fixture
def page(qtbot: QtBot) -> LibraryPage:
    made = LibraryPage(Posters(), lambda clip: clip.id, KeyMap(menu_commands()))
    qtbot.addWidget(made)
    made.resize(1440, 900)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.show_clips(CLIPS, {})
    return made


@pytest.mark.parametrize(("width", "columns"), [(900, 4), (1120, 5), (1400, 6), (1440, 6), (1920, 9), (3840, 18)])
def test_a_row_of_tiles_takes_the_width(page: LibraryPage, width: int, columns: int) -> None:
    page.resize(width, 900)
    view = page.clip_view
    view.doItemsLayout()
    tiles = [view.visualRect(page.cards.index(row)) for row in range(page.cards.rowCount())]
    row = [tile for tile in tiles if tile.top() == tiles[0].top()]
    assert len(row) == columns
    left = view.mapTo(page, row[0].topLeft()).x() + EDGE - 2
    right = view.mapTo(page, row[-1].topRight()).x() - EDGE + 2
    assert left == 32
    assert width - 32 - columns - 2 <= right <= width - 32  # but for what division leaves


def test_the_first_tile_is_where_a_video_is_dropped(page: LibraryPage, qtbot: QtBot) -> None:
    place = page.clip_view.visualRect(page.cards.index(0)).center()
    with qtbot.waitSignal(page.files_asked):
        QTest.mouseClick(page.clip_view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    with qtbot.waitSignal(page.files_asked):
        QTest.keyClick(page.clip_view, Qt.Key.Key_Return)
    opened: list[Clip] = []
    page.clip_opened.connect(opened.append)
    page.search.setText("nothing is called so")
    assert page.cards.rowCount() == 1  # it stays when no clip matches
    QTest.keyClick(page.search, Qt.Key.Key_Return)
    assert opened == []
    page.search.setText(CLIPS[3].id)
    QTest.keyClick(page.search, Qt.Key.Key_Return)
    assert opened == [CLIPS[3]]


def test_the_keyboard_comes_to_the_first_clip(page: LibraryPage) -> None:
    assert page.current_clip() is None
    page.clip_view.setFocus(Qt.FocusReason.TabFocusReason)
    assert page.current_clip() == CLIPS[0]


def test_the_foot_names_the_keys_that_are_set_now(page: LibraryPage) -> None:
    line = next(line for line in page.findChildren(WordsLine) if "new film" in line.words)
    assert line.words.startswith("Enter open or extend")
    assert "Ctrl+N new film" in line.words
    page._keys.assign("new_film", ("Ctrl+Alt+F",))
    assert "Ctrl+Alt+F new film" in line.words
    page._keys.assign("new_film", ())
    assert "new film" not in line.words
