"""The options of a new clip with what is to be said about them beneath."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kling_desktop.studio.tasks.checks import Finding
from kling_desktop.ui.extend.generation_options import GenerationOptions
from kling_desktop.ui.finding_lines import FindingLines


class OptionNote(QWidget):
    """Stands under the name "model" among the fields."""

    edited = Signal()

    def __init__(self, options: GenerationOptions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._findings = FindingLines(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(options)
        column.addWidget(self._findings)
        options.edited.connect(self.edited)
        self.setFocusProxy(options.model)

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Say what is wrong with the choices."""
        self._findings.show_findings(findings)

    def findings_text(self) -> str:
        return self._findings.text()
