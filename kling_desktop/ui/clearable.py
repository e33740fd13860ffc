"""Dresses a line to write in: the button that empties it and the sign before it have names for who cannot see them."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QToolButton

from kling_desktop.ui import theme
from kling_desktop.ui.i18n import tr


def make_clearable(box: QLineEdit) -> None:
    """A button at the end empties the line. Qt gives it neither name nor tip."""
    box.setClearButtonEnabled(True)
    for button in box.findChildren(QToolButton):
        if not button.accessibleName():
            button.setAccessibleName(tr("Clear"))
            button.setToolTip(tr("Clear"))


def make_searchable(box: QLineEdit) -> None:
    """As `make_clearable`, and what is written is looked for: a sign says so."""
    box.addAction(theme.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
    for sign in box.findChildren(QToolButton):
        sign.setAccessibleName(tr("Search"))
    make_clearable(box)
