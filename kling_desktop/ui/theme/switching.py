"""Wears a theme: palette, style sheet and tokens change together, at once, and with the system if that is wished."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication

from kling_desktop.ui.theme import fonts
from kling_desktop.ui.theme.palette import palette
from kling_desktop.ui.theme.sheet import sheet
from kling_desktop.ui.theme.style import Style, write_letters
from kling_desktop.ui.theme.tokens import DARK, LIGHT, wear


def apply(app: QApplication, theme: str) -> None:
    """Dress the program as "light", "dark" or, following its changes, as the "system" is."""
    worn_by = app.findChild(ThemeController) or ThemeController(app)
    worn_by.choose(theme)


def apply_text_size(app: QApplication, per_cent: int) -> None:
    """Write everything in this size from now on; held to `fonts.SCALES`."""
    worn_by = app.findChild(ThemeController) or ThemeController(app)
    worn_by.choose_text_size(per_cent)


@contextmanager
def sheet_at_end() -> Iterator[None]:
    """Whatever is built within wears the style sheet at the end only, all at once.

    Qt matches the whole sheet again against everything that hangs below a widget whenever that widget gets another
    parent: a window that is put together from its innermost parts outwards pays that five times for each of them.
    """
    app = QApplication.instance()
    if not isinstance(app, QApplication) or not (rules := app.styleSheet()):
        yield
        return
    app.setStyleSheet("")
    try:
        yield
    finally:
        app.setStyleSheet(rules)


class ThemeController(QObject):
    """Remembers which theme was chosen, and changes when the system does."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._theme = "dark"
        fonts.use(app)
        app.setStyle(Style())
        app.styleHints().colorSchemeChanged.connect(self._dress)

    def choose(self, theme: str) -> None:
        """As `apply` says."""
        self._theme = theme
        schemes = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
        # Lets native title bars and file dialogs follow; where a platform cannot, only our palette changes.
        self._app.styleHints().setColorScheme(schemes.get(theme, Qt.ColorScheme.Unknown))
        self._dress()

    def choose_text_size(self, per_cent: int) -> None:
        """As `apply_text_size` says."""
        fonts.use(self._app, per_cent)
        self._dress()
        for widget in self._app.allWidgets():  # other rules do not make Qt ask the style anew
            write_letters(widget)

    def _dress(self) -> None:
        light = self._theme == "light"
        if self._theme == "system":
            light = self._app.styleHints().colorScheme() == Qt.ColorScheme.Light
        worn = LIGHT if light else DARK
        wear(worn)
        self._app.setPalette(palette(worn))
        rules = sheet(worn, fonts.scale())
        if self._app.styleSheet() != rules:  # another size gives other rules: every widget is then measured anew
            self._app.setStyleSheet(rules)
