"""Wears a theme: palette, style sheet and tokens change together, at once, and with the system if that is wished."""

from __future__ import annotations

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


def hold_sheet(app: QApplication) -> None:
    """Leave the style sheet off until `wear_sheet`, at a start, when none is worn yet.

    Qt matches the whole sheet again against everything that hangs below a widget whenever that widget gets another
    parent: a window that is put together from its innermost parts outwards pays that five times for each of them.

    A sheet that is worn stays: taken off, Qt deletes the style behind it, and PySide would go on knowing that style by
    its address, where something else may lie by then.
    """
    worn_by = app.findChild(ThemeController) or ThemeController(app)
    worn_by.hold()


def wear_sheet(app: QApplication) -> None:
    """All parts are there: they wear the sheet, at once; nothing to do when they do."""
    if worn_by := app.findChild(ThemeController):
        worn_by.wear()


class ThemeController(QObject):
    """Remembers which theme was chosen, and changes when the system does."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._theme = "dark"
        self._rules = ""
        self._holds = False
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

    def hold(self) -> None:
        """As `hold_sheet` says."""
        self._holds = not self._app.styleSheet()

    def wear(self) -> None:
        """As `wear_sheet` says."""
        self._holds = False
        if self._app.styleSheet() != self._rules:  # another size gives other rules: every widget is measured anew then
            self._app.setStyleSheet(self._rules)

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
        self._rules = sheet(worn, fonts.scale())
        if not self._holds:
            self.wear()
