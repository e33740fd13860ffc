"""A theme is worn at once, and the system is followed while that is wished."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QFrame, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

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


class _Restyled(QObject):
    """How often a widget was given another style."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, seen: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt calls it so
        self.count += event.type() == QEvent.Type.StyleChange
        return super().eventFilter(seen, event)


def test_what_is_put_together_from_its_innermost_parts_is_styled_once(qapp: QApplication, qtbot: QtBot) -> None:
    theme.apply(qapp, "dark")
    rules = qapp.styleSheet()
    with theme.sheet_at_end():
        innermost: QWidget = QPushButton("Send")
        seen, outer = _Restyled(innermost), innermost
        for _ in range(5):
            inner, outer = outer, QFrame()
            QVBoxLayout(outer).addWidget(inner)
        qtbot.addWidget(outer)
        assert seen.count == 0
    assert seen.count == 1
    assert qapp.styleSheet() == rules


def test_the_sheet_is_worn_again_whatever_happens(qapp: QApplication) -> None:
    theme.apply(qapp, "light")
    rules = qapp.styleSheet()
    with pytest.raises(LookupError), theme.sheet_at_end(), theme.sheet_at_end():
        raise LookupError
    assert qapp.styleSheet() == rules
