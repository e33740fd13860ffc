"""Shows one page of help: headings and sentences, to be read and copied."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QTextBrowser, QVBoxLayout, QWidget

from kling_desktop.ui import theme
from kling_desktop.ui.help.help_pages import Page
from kling_desktop.ui.theme.room import roomy


class HelpDialog(QDialog):
    """Show it with `open()`; Escape and Close end it."""

    def __init__(self, page: Page, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(page.title)
        title = QLabel(page.title, self)
        title.setProperty("page_title", True)
        self.text = QTextBrowser(self)
        self.fill(page)
        self.text.setAccessibleName(page.title)
        self.text.setTabChangesFocus(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(4 * (2 * theme.GAP,)))
        column.setSpacing(theme.GAP)
        column.addWidget(title)
        column.addWidget(self.text, 1)
        column.addWidget(buttons)

    def fill(self, page: Page) -> None:
        """Show this page in place of what stands there, from its beginning."""
        paragraphs = "".join(_paragraph(heading, words) for heading, words in page.paragraphs)
        rows = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in page.rows)
        self.text.setHtml(paragraphs + (f'<table cellpadding="2">{rows}</table>' if rows else ""))

    def sizeHint(self) -> QSize:
        return roomy(self, 520, 480)


def _paragraph(heading: str, words: str) -> str:
    lead = f"<b>{escape(heading)}</b><br>" if heading else ""
    return f"<p>{lead}{escape(words)}</p>"
