"""The two sets of colours, and how a palette and the few style rules are made of one.

Every text has a contrast of at least 4.5:1 against what it stands on (WCAG 2.2, 1.4.3); a test computes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtGui import QColor, QPalette

from kling_desktop.domain.tasks import Status


@dataclass(frozen=True, slots=True)
class Colours:
    """One set of colours, each as #rrggbb."""

    window: str
    base: str
    alternate: str
    button: str
    line: str
    """Borders and separators."""
    rim: str
    """Outline of what can be written into (3:1, WCAG 1.4.11)."""
    text: str
    quiet: str
    """Text that explains, and placeholders."""
    faint: str
    """Text of what is disabled."""
    accent: str
    """Focus rings, links and what is switched on."""
    highlight: str
    """Behind what is selected."""
    on_highlight: str
    hover: str
    """Behind what the pointer is over."""
    stage: str
    """Around a film."""
    caution: str
    danger: str
    states: Mapping[Status, str]


DARK = Colours(
    window="#1e1f22",
    base="#17181a",
    alternate="#1b1c1f",
    button="#2b2d31",
    line="#3a3c42",
    rim="#686c75",
    text="#e6e6e8",
    quiet="#a3a6ad",
    faint="#6d7077",
    accent="#7fb0ff",
    highlight="#2f5fae",
    on_highlight="#ffffff",
    hover="#34363b",
    stage="#0d0d0f",
    caution="#e9b44c",
    danger="#ff8a80",
    states={
        Status.QUEUED: "#a9adb6",
        Status.SENDING: "#8ec5ff",
        Status.UNCERTAIN: "#e9b44c",
        Status.SUBMITTED: "#8ec5ff",
        Status.PROCESSING: "#7fb0ff",
        Status.SUCCEEDED: "#74d39a",
        Status.FAILED: "#ff8a80",
    },
)

LIGHT = Colours(
    window="#f3f3f4",
    base="#ffffff",
    alternate="#f8f8f9",
    button="#fbfbfc",
    line="#c9cbd1",
    rim="#868992",
    text="#1d1e21",
    quiet="#5a5d66",
    faint="#9a9da5",
    accent="#1f5fc4",
    highlight="#2a66c8",
    on_highlight="#ffffff",
    hover="#e4e6ea",
    stage="#16171a",
    caution="#8a5a00",
    danger="#b3261e",
    states={
        Status.QUEUED: "#5a5d66",
        Status.SENDING: "#1d62b5",
        Status.UNCERTAIN: "#8a5a00",
        Status.SUBMITTED: "#1d62b5",
        Status.PROCESSING: "#1f5fc4",
        Status.SUCCEEDED: "#1b7340",
        Status.FAILED: "#b3261e",
    },
)


def palette(colours: Colours) -> QPalette:
    """The Qt palette of a set of colours."""
    made = QPalette(QColor(colours.button), QColor(colours.window))
    role = QPalette.ColorRole
    for at, colour in {
        role.Window: colours.window,
        role.Base: colours.base,
        role.AlternateBase: colours.alternate,
        role.Button: colours.button,
        role.WindowText: colours.text,
        role.Text: colours.text,
        role.ButtonText: colours.text,
        role.BrightText: colours.danger,
        role.PlaceholderText: colours.quiet,
        role.ToolTipBase: colours.button,
        role.ToolTipText: colours.text,
        role.Highlight: colours.highlight,
        role.HighlightedText: colours.on_highlight,
        role.Accent: colours.accent,
        role.Link: colours.accent,
        role.LinkVisited: colours.accent,
    }.items():
        made.setColor(at, QColor(colour))
    for at in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        made.setColor(QPalette.ColorGroup.Disabled, at, QColor(colours.faint))
    made.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(colours.line))
    return made


def sheet(colours: Colours) -> str:
    """The style rules for what a palette cannot say: flat buttons with a focus ring, tips, handles."""
    rules = _RULES
    for name in (
        "base",
        "button",
        "line",
        "rim",
        "text",
        "quiet",
        "faint",
        "accent",
        "highlight",
        "on_highlight",
        "hover",
        "danger",
    ):
        rules = rules.replace(f"@{name};", f"{getattr(colours, name)};")
    return rules


_RULES = """
QToolTip { color: @text; background-color: @button; border: 1px solid @line; padding: 4px; }
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
QLabel[danger="true"] { color: @danger; }
QLabel[heading="true"] { font-weight: 600; }
QPushButton[primary="true"] {
    color: @on_highlight; background: @highlight; font-weight: 600;
    border: 1px solid @highlight; border-radius: 5px; padding: 6px 16px;
}
QPushButton[primary="true"]:hover { border-color: @text; }
QPushButton[primary="true"]:focus { border: 2px solid @accent; padding: 5px 15px; }
QPushButton[primary="true"]:disabled { color: @faint; background: @button; border-color: @line; }
QSplitter::handle { background: transparent; }
QSplitter::handle:hover { background: @hover; }
QMainWindow::separator { background: transparent; width: 6px; height: 6px; }
QMainWindow::separator:hover { background: @hover; }
"""
