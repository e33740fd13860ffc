"""Shows a support report in full before it is saved: the creator sees every word that leaves."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from kling_desktop.ui import theme
from kling_desktop.ui.finding_lines import Sentence
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.theme.room import roomy


class ReportDialog(QDialog):
    """The text, whether the prompts are in it, and where it goes. Shown by `open()`."""

    wanted = Signal(bool)
    """Write the report anew: with prompts or without."""
    save_asked = Signal(str)
    """The text to save, exactly as it is shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Save a report"))
        self._about = Sentence(
            tr(
                "For whoever helps you. Keys, tokens and signed addresses are cut out; read it before you hand it on. "
                "It is saved on this computer only and sent to nobody."
            ),
            self,
        )
        self.text = QPlainTextEdit(self)
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setAccessibleName(tr("The report"))
        self.prompts = QCheckBox(tr("Include my prompts"), self)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        self.save = QPushButton(theme.icon("save"), tr("Save as…"), self)
        self.copy = QPushButton(theme.icon("copy"), tr("Copy"), self)
        self._lay_out()
        self._connect()
        self.show_busy()

    def show_text(self, text: str) -> None:
        """Show the report as it would be saved."""
        self.text.setPlainText(text)
        for button in (self.save, self.copy):
            button.setEnabled(True)

    def show_busy(self) -> None:
        """It is being written."""
        for button in (self.save, self.copy):
            button.setEnabled(False)

    def sizeHint(self) -> QSize:
        return roomy(self, 760, 560)

    def _lay_out(self) -> None:
        self.save.setProperty("primary", True)
        self._buttons.addButton(self.copy, QDialogButtonBox.ButtonRole.ActionRole)
        self._buttons.addButton(self.save, QDialogButtonBox.ButtonRole.ActionRole)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * theme.GAP, 2 * theme.GAP, 2 * theme.GAP, 2 * theme.GAP)
        column.setSpacing(theme.GAP)
        column.addWidget(self._about)
        column.addWidget(self.text, 1)
        column.addWidget(self.prompts)
        column.addWidget(self._buttons)
        self.save.setDefault(True)

    def _connect(self) -> None:
        self.prompts.toggled.connect(self._want)
        self.save.clicked.connect(lambda: self.save_asked.emit(self.text.toPlainText()))
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text.toPlainText()))
        self._buttons.rejected.connect(self.reject)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def _want(self, with_prompts: bool) -> None:
        self.show_busy()
        self.wanted.emit(with_prompts)
