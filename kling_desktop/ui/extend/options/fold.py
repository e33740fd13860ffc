"""A part of a form that is folded away until one wants it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from kling_desktop.ui import theme
from kling_desktop.ui.finding_lines import Sentence
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.theme.layouts import nest


class Fold(QWidget):
    """A title to click, or to press Space on, and what it opens."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content = QWidget(self)
        self.title = QToolButton(self)
        self.title.setText(title)
        self.title.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.title.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.title.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._summary = Sentence(parent=self)
        self._summary.dress(quiet=True)
        self._summary.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._summary.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        head = QHBoxLayout()
        head.setSpacing(theme.GAP)
        head.addWidget(self.title)
        head.addWidget(self._summary, 1)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP // 2)
        nest(column, head)
        column.addWidget(self._content)
        self._show(False)
        self.title.clicked.connect(self._toggle)

    def hold(self, content: QWidget) -> None:
        """What it opens. Given after it was made, because Tab goes through widgets in the order of their making."""
        before, self._content = self._content, content
        before.deleteLater()
        self._column.replaceWidget(before, content)
        self._show(False)

    @property
    def is_open(self) -> bool:
        return not self._content.isHidden()

    def open(self) -> None:
        """Show what is folded away; the focus stays where it is."""
        self._show(True)

    def summarize(self, words: str) -> None:
        """Say at the right of the title what is inside, so that it need not be opened."""
        self._summary.setText(words)

    def _show(self, wanted: bool) -> None:
        self.title.setArrowType(Qt.ArrowType.DownArrow if wanted else Qt.ArrowType.RightArrow)
        self.title.setAccessibleDescription(tr("open") if wanted else tr("folded away"))
        self._content.setVisible(wanted)

    def _toggle(self) -> None:
        self._show(not self.is_open)
        if self.is_open:  # whoever opens it by hand wants to write
            self.title.setFocus(Qt.FocusReason.OtherFocusReason)
            self.title.focusNextChild()
