"""Takes the creator's keys: readable while they are typed, covered once they are complete, told apart by themselves."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QToolButton, QVBoxLayout, QWidget

from kling_desktop.domain.accounts import ApiKey, Credentials, KeyPair
from kling_desktop.ui import theme
from kling_desktop.ui.finding_lines import Sentence
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.theme.layouts import nest

Recognise = Callable[[str], Credentials | None]
"""Tells what was pasted: a key pair, an API key, or nothing of the kind."""

_LINES = 3
_LONGEST = 20_000
"""Characters of a paste that are looked through: a whole page of the console; a million would stop the window."""
_DOTS = 24
"""So many stand for a secret, however long it is."""


class KeyBox(QPlainTextEdit):
    """A text that is replaced as a whole by what is pasted or dropped, and tells when it is left."""

    pasted = Signal(str)
    typed_over = Signal()
    """A key was pressed while the text is covered."""
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.covered = False
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)  # a secret must not come back by Ctrl+Z
        self.setAccessibleName(tr("Paste what the console gave you"))
        self.setPlaceholderText(tr("Access key and secret key, or an API key"))

    def sizeHint(self) -> QSize:
        return QSize(200, _LINES * self.fontMetrics().lineSpacing() + 20)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def insertFromMimeData(self, source: QMimeData) -> None:
        self.pasted.emit(source.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        copies = event.matches(QKeySequence.StandardKey.Copy) or event.matches(QKeySequence.StandardKey.Cut)
        if self.covered and copies:
            return
        changes = event.text() and not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if self.covered and changes and event.key() not in (Qt.Key.Key_Escape, Qt.Key.Key_Tab):
            self.typed_over.emit()
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


class KeyEntry(QWidget):
    """Credentials, or None while they are not complete."""

    edited = Signal()

    def __init__(self, recognise: Recognise, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recognise = recognise
        self._text = ""
        """What was entered, also while it is covered."""
        self.box = KeyBox(self)
        self.told = Sentence(parent=self)
        self.eye = QToolButton(self)
        self.eye.setIcon(theme.icon("eye"))
        self.eye.setText(tr("Show"))
        self.eye.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.eye.setCheckable(True)
        self.eye.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        kept = self.eye.sizePolicy()
        kept.setRetainSizeWhenHidden(True)  # the dialog must not grow under the words that are being typed
        self.eye.setSizePolicy(kept)
        self.setFocusProxy(self.box)
        self._lay_out()
        self._connect()
        self.show_stored(False)

    def credentials(self) -> Credentials | None:
        """What the text holds."""
        return self._recognise(self._text) if self._text.strip() else None

    @property
    def is_begun(self) -> bool:
        """Whether anything was entered, complete or not."""
        return bool(self._text.strip())

    def show_stored(self, is_stored: bool) -> None:
        """Empty the field; say in it when keys are stored already."""
        words = tr("stored; enter a new one to change it")
        self.box.setPlaceholderText(words if is_stored else tr("Access key and secret key, or an API key"))
        self._text = ""
        self._put("", covered=False)
        self._tell("")

    def take(self, text: str) -> None:
        """Take pasted text in place of what stood there, cover it when it is complete, or say that it is no key."""
        self._text = text[:_LONGEST].strip()
        self._say_kind()
        self._cover()
        self.edited.emit()

    def cover(self) -> None:
        """Cover what is complete."""
        if self.credentials() is not None:
            self._cover()

    # --- how it is built -----------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.addWidget(self.told, 1)
        foot.addWidget(self.eye, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP // 2)
        column.addWidget(self.box)
        nest(column, foot)

    def _connect(self) -> None:
        self.box.pasted.connect(self.take)
        self.box.typed_over.connect(lambda: self._put("", covered=False))
        self.box.textChanged.connect(self._type)
        self.box.left.connect(self.cover)
        self.eye.toggled.connect(lambda _: self._cover())

    def _type(self) -> None:
        if not self.box.covered:
            self._text = self.box.toPlainText()
            self._say_kind(is_typed=True)
            self.edited.emit()

    def _cover(self) -> None:
        found = self.credentials()
        if found is None or self.eye.isChecked():
            self._put(self._text, covered=False)
        elif isinstance(found, KeyPair):
            lines = (f"{tr('Access key')}: {found.access_key}", f"{tr('Secret key')}: {'●' * _DOTS}")
            self._put("\n".join(lines), covered=True)
        else:
            self._put(f"{tr('API key')}: {'●' * _DOTS}", covered=True)

    def _put(self, text: str, *, covered: bool) -> None:
        self.box.blockSignals(True)
        self.box.covered = covered
        if self.box.toPlainText() != text:
            self.box.setPlainText(text)
        self.box.blockSignals(False)
        if not text:
            self._text = ""

    def _say_kind(self, *, is_typed: bool = False) -> None:
        found = self.credentials()
        if isinstance(found, KeyPair):
            self._tell(tr("An access key and its secret key."))
        elif isinstance(found, ApiKey):
            self._tell(tr("An API key."))
        elif is_typed or not self.is_begun:
            self._tell("")
        else:
            words = tr("No keys were found in this. Paste the access key together with its secret key, or an API key.")
            self._tell(words, wrong=True)

    def _tell(self, words: str, *, wrong: bool = False) -> None:
        self.told.setText(words)
        self.told.dress(danger=wrong, quiet=not wrong)
        self.eye.setVisible(self.is_begun)
