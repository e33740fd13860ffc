"""A theme is worn at once, and the system is followed while that is wished."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from kling_desktop.ui import theme
from kling_desktop.ui.theme.tokens import DARK, LIGHT, Tokens


@pytest.mark.parametrize(("name", "worn"), [("dark", DARK), ("light", LIGHT)])
def test_a_theme_is_worn_at_once(qapp: QApplication, name: str, worn: Tokens) -> None:
    theme.apply(qapp, name)
    assert theme.tokens() is worn
    assert qapp.palette().color(QPalette.ColorRole.Base).name() == worn.base
    assert worn.rim in qapp.styleSheet()


def test_the_system_is_followed_while_it_is_chosen(qapp: QApplication) -> None:
    theme.apply(qapp, "system")
    hints = qapp.styleHints()
    hints.setColorScheme(Qt.ColorScheme.Light)
    hints.colorSchemeChanged.emit(hints.colorScheme())
    worn = LIGHT if hints.colorScheme() == Qt.ColorScheme.Light else DARK
    assert theme.tokens() is worn
    qapp.setPalette(QPalette(Qt.GlobalColor.magenta))
    hints.colorSchemeChanged.emit(hints.colorScheme())  # where a platform has no schemes, that it is heard still shows
    assert qapp.palette().color(QPalette.ColorRole.Base).name() == worn.base
    theme.apply(qapp, "light")
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert theme.tokens() is LIGHT
