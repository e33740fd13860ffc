"""The rows of a page of settings: label with its dot, field, and one line of why."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QLayout, QVBoxLayout, QWidget

from kling_desktop.ui import theme
from kling_desktop.ui.finding_lines import Sentence
from kling_desktop.ui.settings.setting_label import SettingLabel
from kling_desktop.ui.theme.layouts import nest


class SettingRows(QFormLayout):
    """Fills a page from top to bottom, and knows its labels by the names of the settings."""

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self._page = page
        self.labels: dict[str, SettingLabel] = {}
        self.setContentsMargins(0, theme.GAP, 2 * theme.GAP, theme.GAP)
        self.setSpacing(theme.GAP)
        self.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)

    def add(self, name: str, words: str, field: QWidget, why: str = "", beside: QLayout | None = None) -> SettingLabel:
        """A setting under its name; `beside` holds the field and what stands beside it."""
        label = self.labels[name] = SettingLabel(words, field, self._page)
        column = QVBoxLayout()
        column.setSpacing(theme.GAP // 4)
        if beside is not None:
            nest(column, beside)
        else:
            column.addWidget(field)
        if why:
            column.addWidget(self._quiet(why))
            field.setAccessibleDescription(why)
        self.addRow(label, column)
        return label

    def note(self, words: str) -> Sentence:
        """A quiet line under the field above it."""
        line = self._quiet(words)
        self.addRow("", line)
        return line

    def _quiet(self, words: str) -> Sentence:
        line = Sentence(words, self._page)
        line.dress(quiet=True)
        line.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        return line
