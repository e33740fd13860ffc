"""What was checked before an export, as lines with a sign before each."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kling_desktop.ui import theme
from kling_desktop.ui.export.export_lines import Line
from kling_desktop.ui.finding_lines import Sentence, Sign


class CheckedLines(QWidget):
    """What was checked, a sign before each."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._said: list[Line] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.GAP // 2)

    def text(self) -> str:
        """All that is said."""
        return "\n".join(line.text for line in self._said)

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Say these in place of what stood here."""
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._said = list(lines)
        for line in lines:
            self._column.addWidget(_said(line, self))


def _said(line: Line, parent: QWidget) -> QWidget:
    row_widget = QWidget(parent)
    row = QHBoxLayout(row_widget)
    row.setContentsMargins(0, 0, 0, 0)
    sign = Sign(row_widget)
    sign.show_sign(
        "info" if line.is_note else "check" if line.good else "warning",
        "quiet" if line.is_note else "ok" if line.good else "bad",
    )
    row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(Sentence(line.text, row_widget), 1)
    return row_widget
