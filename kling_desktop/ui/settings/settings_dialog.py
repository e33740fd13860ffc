"""The settings, a page for each topic; a choice is at work at once, so there is nothing to confirm."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QScrollArea, QTabWidget, QVBoxLayout, QWidget

from kling_desktop.ui import theme
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.settings.settings_callbacks import CallbackPage
from kling_desktop.ui.settings.settings_general import GeneralPage
from kling_desktop.ui.settings.settings_takes import TakesPage

_WIDTH, _HEIGHT = 88, 36
"""First size, in characters and lines of the font."""


class SettingsDialog(QDialog):
    """Show it with `show()`: the window stays usable beside it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Settings"))
        self.general = GeneralPage(self)
        self.takes = TakesPage(self)
        self.callbacks = CallbackPage(self)
        self.pages = QTabWidget(self)
        self.pages.setDocumentMode(True)
        self.pages.setAccessibleName(tr("Settings"))
        self.add_page(tr("General"), self.general)
        self.add_page(tr("Takes"), self.takes)
        self.add_page(tr("Advanced"), self.callbacks)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(4 * (theme.GAP,)))
        column.setSpacing(theme.GAP)
        column.addWidget(self.pages, 1)
        column.addWidget(buttons)
        measures = QFontMetrics(self.font())
        self.resize(measures.averageCharWidth() * _WIDTH, measures.lineSpacing() * _HEIGHT)

    def add_page(self, title: str, page: QWidget) -> None:
        """Add a topic behind the others; it may be scrolled where the screen is small."""
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(page)
        scroll.viewport().setAutoFillBackground(False)
        page.setAutoFillBackground(False)
        self.pages.addTab(scroll, title)
