"""The template of names, with the tokens below it: a click writes one where the cursor stands."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QPushButton, QToolButton, QVBoxLayout, QWidget

from kling_desktop.studio.films.handing_over.choices import DEFAULT, TOKENS
from kling_desktop.ui import theme
from kling_desktop.ui.i18n import tr

_NEAR = ("project", "date", "title", "hop:02", "take:02", "len")
"""Tokens that have a button; the others are in the menu."""

_IN_A_ROW = 3


class NameField(QWidget):
    """A field with its tokens."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None, template: str = "") -> None:
        """With the usual template, or another."""
        super().__init__(parent)
        self.edit = QLineEdit(template or DEFAULT, self)
        self.edit.setAccessibleName(tr("Template of the names"))
        self.edit.textChanged.connect(lambda _: self.changed.emit())
        self.tokens: list[QPushButton] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP // 2)
        column.addWidget(self.edit)
        column.addLayout(self._token_rows())

    def template(self) -> str:
        """As it stands there."""
        return self.edit.text()

    def insert(self, token: str) -> None:
        """Write a token where the cursor is, before an ending."""
        text, place = self.edit.text(), self.edit.cursorPosition()
        if text.endswith("{ext}") and place > len(text) - len("{ext}"):
            self.edit.setCursorPosition(len(text) - len("{ext}"))
        self.edit.insert(f"{{{token}}}")
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _token_rows(self) -> QVBoxLayout:
        """Two rows, so that the dialog fits into a small window."""
        column = QVBoxLayout()
        column.setSpacing(theme.GAP // 2)
        for tokens in (_NEAR[:_IN_A_ROW], _NEAR[_IN_A_ROW:]):
            row = QHBoxLayout()
            row.setSpacing(theme.GAP // 2)
            for token in tokens:
                row.addWidget(self._token(token))
            column.addLayout(row)
            if len(self.tokens) == len(_NEAR):
                row.addWidget(self._more())
            row.addStretch(1)
        return column

    def _token(self, token: str) -> QPushButton:
        button = QPushButton(f"{{{token}}}", self)
        button.setAutoDefault(False)
        button.setProperty("small", True)
        button.setAccessibleName(tr("Write {token} into the name", token=token))
        button.clicked.connect(lambda: self.insert(token))
        self.tokens.append(button)
        return button

    def _more(self) -> QToolButton:
        more = QToolButton(self)
        more.setText(tr("All {n}…", n=len(TOKENS)))
        more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(more)
        for token in TOKENS:
            menu.addAction(f"{{{token}}}").triggered.connect(lambda _=False, token=token: self.insert(token))
        more.setMenu(menu)
        return more
