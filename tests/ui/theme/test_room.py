"""A dialog opens in proportion to its letters, and never larger than the screen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from kling_desktop.ui.theme import fonts
from kling_desktop.ui.theme.room import roomy


@pytest.fixture(autouse=True)
def usual_letters(qapp: QApplication) -> Iterator[None]:
    yield
    fonts.use(qapp)


def test_it_grows_with_the_letters_as_far_as_the_screen_allows(qapp: QApplication, qtbot: QtBot) -> None:
    dialog = QWidget()
    qtbot.addWidget(dialog)
    assert roomy(dialog, 300, 200).toTuple() == (300, 200)
    fonts.use(qapp, 150)
    assert roomy(dialog, 300, 200).toTuple() == (450, 300)
    screen = dialog.screen().availableGeometry().size()
    most = roomy(dialog, screen.width(), screen.height())
    assert most.width() < screen.width()
    assert most.height() < screen.height()
