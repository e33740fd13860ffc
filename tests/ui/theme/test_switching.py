"""A theme is worn at once, and the system is followed while that is wished."""

from __future__ import annotations

import os
import subprocess
import sys

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


_PUT_TOGETHER = """
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QFrame, QPushButton, QVBoxLayout
from kling_desktop.ui import theme


class Restyled(QObject):
    count = 0

    def eventFilter(self, seen, event):
        self.count += event.type() == QEvent.Type.StyleChange
        return False


app = QApplication([])
theme.hold_sheet(app)
theme.apply(app, "dark")
theme.apply_text_size(app, 110)
seen, outer = Restyled(), QPushButton("Send")
outer.installEventFilter(seen)
for _ in range(5):
    inner, outer = outer, QFrame()
    QVBoxLayout(outer).addWidget(inner)
print(seen.count, bool(app.styleSheet()))
theme.wear_sheet(app)
rules = app.styleSheet()
print(seen.count, bool(rules))
theme.hold_sheet(app)
theme.apply(app, "light")
print(app.styleSheet() not in ("", rules))
"""


def test_what_is_put_together_at_a_start_wears_the_sheet_once_and_keeps_it_on() -> None:
    """In a process of its own: in this one a sheet is worn already, and is not to be taken off."""
    told = subprocess.run(
        [sys.executable, "-c", _PUT_TOGETHER],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        check=True,
        text=True,
        timeout=60,
    )
    assert told.stdout.split() == ["0", "False", "1", "True", "True"]
