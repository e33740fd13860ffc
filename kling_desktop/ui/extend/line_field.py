"""One line to fill in, with its name above and its findings beneath."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from kling_desktop.studio.tasks.checks import Finding
from kling_desktop.ui import theme
from kling_desktop.ui.extend.prompt_field import is_passing
from kling_desktop.ui.finding_lines import FindingLines


class _Line(QLineEdit):
    left = Signal()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if not is_passing(event):
            self.left.emit()


class LineField(QWidget):
    """A named line. Spaces around what is written do not count."""

    edited = Signal()
    left = Signal()

    def __init__(self, name: str, placeholder: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = _Line(self)
        self.line.setPlaceholderText(placeholder)
        self.line.setAccessibleName(name)
        title = QLabel(name, self)
        title.setBuddy(self.line)
        self._findings = FindingLines(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP // 2)
        column.addWidget(title)
        column.addWidget(self.line)
        column.addWidget(self._findings)
        self.setFocusProxy(self.line)
        self.line.textChanged.connect(self.edited)
        self.line.left.connect(self.left)

    def text(self) -> str:
        return self.line.text().strip()

    def show_text(self, text: str) -> None:
        self.line.setText(text)

    def show_findings(self, findings: Sequence[Finding]) -> None:
        self._findings.show_findings(findings)
        self.line.setAccessibleDescription(self._findings.text())

    def findings_text(self) -> str:
        return self._findings.text()
