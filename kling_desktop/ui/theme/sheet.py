"""The one style sheet, made of the tokens: what a palette cannot say."""

from __future__ import annotations

import re
from dataclasses import asdict
from functools import cache

from kling_desktop.ui.theme.tokens import Tokens


@cache
def sheet(worn: Tokens, scale: int = 100) -> str:
    """The style rules in the colours of a set of tokens, for a text size in per cent."""
    values = {**asdict(worn), "menu": f"{round(_MENU * scale / 100)}px"}
    return re.sub("@([a-z0-9]+)", lambda found: str(values[found[1]]), _RULES)


_MENU = 4
"""Pixels over and under an entry of the menu bar: it becomes 24 high."""


_RULES = """
QToolTip { color: @text; background: @raised; border: 1px solid @edge; padding: 3px 6px; }
QMenuBar { background: @window; border: none; padding: 0; spacing: 0; }
QMenuBar::item { background: transparent; padding: @menu 8px; margin: 0; }
QMenuBar::item:selected { background: @hover; }
QMenu { background: @raised; border: 1px solid @edge; padding: 4px 0; }
QMenu::item { padding: 3px 24px 3px 12px; }
QMenu::icon { padding-left: 12px; }
QMenu::item:selected { background: @fill; color: @onfill; }
QMenu::item:disabled { color: @quiet; background: transparent; }
QMenu::separator { height: 1px; background: @edge; margin: 4px 0; }
QToolButton::menu-indicator { image: none; }
QToolButton[chip="true"] { background: @raised; border: 1px solid @edge; border-radius: 4px; padding: 2px 4px 2px 6px; }
QToolButton[chip="true"]:hover, QToolButton[chip="true"]:pressed { background: @hover; }
QToolButton[chip="true"]:focus { border: 2px solid @accent; padding: 1px 3px 1px 5px; }
QPushButton[link="true"] { color: @accent; padding: 0; }
QFrame[ground="panel"] { background: @panel; }
QAbstractItemView[ground="rail"] { background: @panel; border: none; }
QLabel[quiet="true"] { color: @quiet; }
QLabel[foot="true"] { border-top: 1px solid @line; }
QLabel[danger="true"] { color: @bad; }
QLabel[warning="true"] { color: @warn; }
QLabel[good="true"] { color: @ok; }
QPlainTextEdit, QTextEdit { background: @base; border: 1px solid @rim; border-radius: 4px; padding: 3px 5px; }
QPlainTextEdit:focus, QTextEdit:focus { border: 2px solid @accent; padding: 2px 4px; }
QPlainTextEdit:disabled, QTextEdit:disabled { color: @faint; background: transparent; border-color: @line; }
QCheckBox::indicator, QRadioButton::indicator { width: 16px; height: 16px; }
QCheckBox, QRadioButton { spacing: 8px; }
QFrame[ground="panel"] { background: @panel; border: none; border-left: 1px solid @line; }
QFrame[ground="panel"] QScrollArea, QFrame[ground="panel"] QScrollArea > QWidget > QWidget { background: transparent; }
QDialog QScrollArea, QDialog QScrollArea > QWidget > QWidget { background: transparent; }
QSplitter::handle { background: transparent; }
QScrollBar { background: transparent; border: none; }
QScrollBar:vertical { width: 10px; }
QScrollBar:horizontal { height: 10px; }
QScrollBar::handle { background: @edge; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover, QScrollBar::handle:pressed { background: @rim; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QDialog, QMessageBox { background: @panel; }
QTabWidget::pane { border: none; border-top: 1px solid @line; }
QTabBar { background: transparent; }
QTabBar::tab { color: @quiet; padding: 6px 12px; border: none; border-bottom: 2px solid transparent; }
QTabBar::tab:hover { color: @text; }
QTabBar::tab:selected { color: @text; border-bottom-color: @accent; }
QTabBar::tab:focus { color: @accent; }
QHeaderView::section {
    color: @quiet; background: @panel; border: none; border-bottom: 1px solid @line; padding: 4px 8px;
}
QAbstractItemView { border: none; outline: none; }
QAbstractItemView[columns="true"]::item { padding: 0 5px; }
QAbstractItemView[columns="true"]::item:selected { background: @sel; color: @text; }
QListWidget[topics="true"] { background: transparent; }
QListWidget[topics="true"]::item { padding: 0 8px; border-radius: 4px; }
QListWidget[topics="true"]::item:hover { background: @hover; }
QListWidget[topics="true"]::item:selected { background: @sel; color: @text; }
QListWidget[topics="true"]::item:focus { border: 2px solid @accent; }
QLabel[found="true"], QCheckBox[found="true"], QPushButton[found="true"] { color: @accent; }
QComboBox QAbstractItemView { background: @raised; border: 1px solid @edge; }
QProgressBar { background: @edge; border: none; border-radius: 2px; max-height: 4px; }
QProgressBar::chunk { background: @accent; border-radius: 2px; }
QGroupBox { border: none; margin-top: 20px; }
QGroupBox::title { subcontrol-origin: margin; color: @quiet; }
"""
