"""Takes the creator's keys: pasted in one go and told apart, or typed field by field; shows no secret unasked."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QMimeData, QSize, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QButtonGroup,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from kling_desktop.domain.accounts import ApiKey, Credentials, KeyPair
from kling_desktop.ui import theme
from kling_desktop.ui.finding_lines import Sentence
from kling_desktop.ui.i18n import tr

Recognise = Callable[[str], Credentials | None]
"""Tells what was pasted: a key pair, an API key, or nothing of the kind."""


class PasteBox(QPlainTextEdit):
    """Takes pasted or dropped text and never shows it."""

    pasted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        self.setAccessibleName(tr("Paste your key or keys"))
        self.setPlaceholderText(tr("Paste your key or keys here"))

    def sizeHint(self) -> QSize:
        return QSize(200, self.fontMetrics().lineSpacing() + 20)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def insertFromMimeData(self, source: QMimeData) -> None:
        self.pasted.emit(source.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste) or not event.text().strip():
            super().keyPressEvent(event)  # no letters: they would stand here to be read


class SecretField(QWidget):
    """A line whose text is dots, and readable while the eye is held."""

    edited = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = QLineEdit(self)
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.line.setAccessibleName(name)
        self.eye = QToolButton(self)
        self.eye.setIcon(theme.icon("eye"))
        self.eye.setToolTip(tr("Hold to show"))
        self.eye.setAccessibleName(tr("Hold to show"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP // 2)
        row.addWidget(self.line, 1)
        row.addWidget(self.eye)
        self.setFocusProxy(self.line)
        self.line.textEdited.connect(self.edited)
        self.eye.pressed.connect(lambda: self.line.setEchoMode(QLineEdit.EchoMode.Normal))
        self.eye.released.connect(lambda: self.line.setEchoMode(QLineEdit.EchoMode.Password))


class KeyEntry(QWidget):
    """Credentials, or None while they are not complete."""

    edited = Signal()

    def __init__(self, recognise: Recognise, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recognise = recognise
        self.box = PasteBox(self)
        self.told = Sentence(parent=self)
        self.told.hide()
        self.pair_kind = QRadioButton(tr("Access key and secret key"), self)
        self.api_kind = QRadioButton(tr("API key"), self)
        self.api_kind.setChecked(True)
        self.access = QLineEdit(self)
        self.access.setAccessibleName(tr("Access key"))
        self.secret = SecretField(tr("Secret key"), self)
        self.api = SecretField(tr("API key"), self)
        self.setFocusProxy(self.box)
        self._lay_out()
        self._connect()

    def credentials(self) -> Credentials | None:
        """What stands in the fields of the chosen kind."""
        if self.api_kind.isChecked():
            key = self.api.line.text().strip()
            return ApiKey(key) if key else None
        access, secret = self.access.text().strip(), self.secret.line.text().strip()
        return KeyPair(access, secret) if access and secret else None

    @property
    def is_begun(self) -> bool:
        """Whether anything was entered, complete or not."""
        if self.api_kind.isChecked():
            return bool(self.api.line.text().strip())
        return bool(self.access.text().strip() or self.secret.line.text().strip())

    def show_stored(self, is_stored: bool) -> None:
        """Empty the fields; say in them when keys are stored already."""
        words = tr("stored; enter a new one to change it") if is_stored else ""
        for line in (self.access, self.secret.line, self.api.line):
            line.clear()
            line.setPlaceholderText(words)
        self.told.hide()

    def take(self, text: str) -> None:
        """Sort pasted text into the fields, or say that it is no key."""
        found = self._recognise(text)
        if isinstance(found, KeyPair):
            self.pair_kind.setChecked(True)
            self.access.setText(found.access_key)
            self.secret.line.setText(found.secret_key)
            self._tell(tr("An access key and its secret key."), wrong=False)
        elif isinstance(found, ApiKey):
            self.api_kind.setChecked(True)
            self.api.line.setText(found.key)
            self._tell(tr("An API key."), wrong=False)
        else:
            self._tell(
                tr("No keys were found in this. Paste the access key together with its secret key, or an API key."),
                wrong=True,
            )
        self.edited.emit()

    def _lay_out(self) -> None:
        pair = QWidget(self)
        fields = QFormLayout(pair)
        fields.setContentsMargins(0, 0, 0, 0)
        fields.setSpacing(theme.GAP)
        fields.addRow(tr("Access key"), self.access)
        fields.addRow(tr("Secret key"), self.secret)
        single = QWidget(self)
        field = QFormLayout(single)
        field.setContentsMargins(0, 0, 0, 0)
        field.addRow(tr("API key"), self.api)
        pair.hide()
        self._single, self._pair = single, pair
        kinds = QHBoxLayout()
        kinds.setSpacing(2 * theme.GAP)
        kinds.addWidget(self.api_kind)
        kinds.addWidget(self.pair_kind)
        kinds.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        column.addWidget(self.box)
        column.addWidget(self.told)
        column.addLayout(kinds)
        column.addWidget(single)
        column.addWidget(pair)

    def _connect(self) -> None:
        kinds = QButtonGroup(self)
        kinds.addButton(self.api_kind)
        kinds.addButton(self.pair_kind)
        self.box.pasted.connect(self.take)
        self.pair_kind.toggled.connect(self._pair.setVisible)
        self.pair_kind.toggled.connect(self._single.setHidden)
        self.pair_kind.toggled.connect(self.edited)
        self.access.textEdited.connect(self.edited)
        self.secret.edited.connect(self.edited)
        self.api.edited.connect(self.edited)

    def _tell(self, words: str, *, wrong: bool) -> None:
        self.told.setText(words)
        self.told.dress(danger=wrong, quiet=not wrong)
        self.told.show()
