"""The one style sheet, made of the tokens: what a palette cannot say."""

from __future__ import annotations

import re
from dataclasses import asdict
from functools import cache

from kling_desktop.ui.theme.tokens import Tokens


@cache
def sheet(worn: Tokens) -> str:
    """The style rules in the colours of a set of tokens."""
    colours = asdict(worn)
    return re.sub("@([a-z0-9]+)", lambda found: str(colours[found[1]]), _RULES)


_RULES = """
QToolTip { color: @text; background-color: @raised; border: 1px solid @line; padding: 4px; }
QToolButton { color: @text; background: transparent; border: 1px solid transparent; border-radius: 5px; padding: 4px; }
QToolButton:hover { background: @hover; }
QToolButton:pressed { background: @line; }
QToolButton:checked { background: @hover; }
QToolButton:focus { border-color: @accent; }
QToolButton:disabled { color: @faint; }
QToolButton::menu-indicator { image: none; }
QLineEdit, QPlainTextEdit, QTextEdit {
    color: @text; background: @base; border: 1px solid @rim; border-radius: 5px; padding: 4px;
}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus { border-color: @accent; }
QLineEdit:disabled, QPlainTextEdit:disabled, QTextEdit:disabled { color: @faint; border-color: @line; }
QCheckBox::indicator:unchecked, QTreeView::indicator:unchecked {
    background: @base; border: 1px solid @rim; border-radius: 3px; }
QRadioButton::indicator:unchecked { background: @base; border: 1px solid @rim; border-radius: 7px; }
QSpinBox QLineEdit, QDoubleSpinBox QLineEdit, QComboBox QLineEdit { border: none; padding: 0; }
QLabel[quiet="true"] { color: @quiet; }
QLabel[danger="true"] { color: @bad; }
QLabel[heading="true"] { font-weight: 600; }
QPushButton[primary="true"] {
    color: @onfill; background: @fill; font-weight: 600;
    border: 1px solid @fill; border-radius: 5px; padding: 6px 16px;
}
QPushButton[primary="true"]:hover { border-color: @text; }
QPushButton[primary="true"]:focus { border: 2px solid @accent; padding: 5px 15px; }
QPushButton[primary="true"]:disabled { color: @faint; background: @raised; border-color: @line; }
QSplitter::handle { background: transparent; }
QSplitter::handle:hover { background: @hover; }
QMainWindow::separator { background: transparent; width: 6px; height: 6px; }
QMainWindow::separator:hover { background: @hover; }
"""
