"""Asks whether there is a newer version, when the creator presses the button and only then."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from kling_desktop import __version__
from kling_desktop.ui import theme
from kling_desktop.ui.finding_lines import Sentence
from kling_desktop.ui.i18n import tr


class UpdatesDialog(QDialog):
    """Says whom it would ask, asks once a press, tells what came. Shown by `open()`."""

    asked = Signal()
    """Ask now."""
    page_asked = Signal(str)
    """Open this https address in the browser."""

    def __init__(self, address: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page = ""
        self.setWindowTitle(tr("Check for updates"))
        self.sentence = Sentence(self._about(address), self)
        self.changes = QPlainTextEdit(self)
        self.changes.setReadOnly(True)
        self.changes.setTabChangesFocus(True)
        self.changes.setAccessibleName(tr("What is new"))
        self.changes.hide()
        self.ask = QPushButton(tr("Ask now"), self)
        self.ask.setEnabled(bool(address))
        self.open_page = QPushButton(theme.icon("globe"), tr("Open its page"), self)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.addButton(self.ask, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(self.open_page, QDialogButtonBox.ButtonRole.ActionRole)
        self.open_page.hide()  # the box shows what is added to it
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.sentence)
        column.addWidget(self.changes, 1)
        column.addWidget(buttons)
        self.ask.clicked.connect(self._ask)
        self.open_page.clicked.connect(lambda: self.page_asked.emit(self._page))

    def _about(self, address: str) -> str:
        own = tr("This is version {version}.", version=__version__)
        if not address:
            nobody = tr("Whoever built this program has named nobody to ask for a newer one: nothing is asked or sent.")
            return f"{own} {nobody}"
        return own + " " + tr("Nothing is asked until you press the button: then {address}, once.", address=address)

    def _ask(self) -> None:
        self.ask.setEnabled(False)
        self.sentence.setText(tr("Asking…"))
        self.asked.emit()

    def show_newest(self) -> None:
        """There is nothing newer."""
        self.ask.setEnabled(True)
        self.sentence.setText(tr("This is the newest version."))

    def show_release(self, version: str, date: str, changes: str, page: str) -> None:
        """There is a newer one; `changes` is plain text, `page` may be empty."""
        self.ask.setEnabled(True)
        self._page = page
        self.sentence.setText(
            tr("Version {version} of {date} is there. Nothing is downloaded.", version=version, date=date)
        )
        self.changes.setPlainText(changes)
        self.changes.setVisible(bool(changes))
        self.open_page.setVisible(bool(page))

    def show_trouble(self, words: str) -> None:
        """It could not be learnt."""
        self.ask.setEnabled(True)
        self.sentence.setText(words)
