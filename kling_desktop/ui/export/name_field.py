"""The template of names, with the tokens below it: a click writes one where the cursor stands."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QMenu, QPushButton, QToolButton, QVBoxLayout, QWidget

from kling_desktop.studio.films.handing_over.choices import DEFAULT, TOKENS
from kling_desktop.ui import theme
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.theme.layouts import nest

_NEAR = ("project", "date", "title", "hop:02", "take:02", "len")
"""Tokens that have a button; the others are in the menu."""

_IN_A_ROW = 4
"""So that the dialog of exports fits into a small window."""


class NameField(QWidget):
    """A field with its tokens."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None, template: str = "", *, columns: int = _IN_A_ROW) -> None:
        """With the usual template, or another; so many tokens stand side by side."""
        super().__init__(parent)
        self.edit = QLineEdit(template or DEFAULT, self)
        self.edit.setAccessibleName(tr("Template of the names"))
        self.edit.textChanged.connect(lambda _: self.changed.emit())
        self.tokens: list[QPushButton] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP // 2)
        column.addWidget(self.edit)
        nest(column, self._token_rows(columns))

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

    def _token_rows(self, columns: int) -> QGridLayout:
        rows = QGridLayout()
        rows.setSpacing(theme.GAP // 2)
        for number, token in enumerate(_NEAR):
            button = QPushButton(f"{{{token}}}", self)
            button.setAutoDefault(False)
            button.setProperty("small", True)
            button.setAccessibleName(tr("Write {token} into the name", token=token))
            button.clicked.connect(lambda _=False, token=token: self.insert(token))
            rows.addWidget(button, *divmod(number, columns))
            self.tokens.append(button)
        more = QToolButton(self)
        more.setText(tr("All {n}…", n=len(TOKENS)))
        more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(more)
        for token in TOKENS:
            menu.addAction(f"{{{token}}}").triggered.connect(lambda _=False, token=token: self.insert(token))
        more.setMenu(menu)
        rows.addWidget(more, *divmod(len(_NEAR), columns))
        rows.setColumnStretch(columns, 1)
        return rows
