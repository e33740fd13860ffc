"""Guidance from 0 to 1, which is Kling's default until the creator touches it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from kling_desktop.studio.tasks.checks import Finding
from kling_desktop.ui import theme
from kling_desktop.ui.finding_lines import FindingLines
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.theme.layouts import nest

_DEFAULT = 50
"""Hundredths: where the handle rests while Kling's default of 0.5 holds."""


class GuidanceSlider(QWidget):
    """A slider with "Kling's default" as its first state; moving it leaves that state, the check box returns to it."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = QLabel(tr("Guidance"), self)
        self._value = QLabel(self)
        self.default = QCheckBox(tr("Kling's default (0.5)"), self)
        self.default.setChecked(True)
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setRange(0, 100)
        self.slider.setSingleStep(1)
        self.slider.setPageStep(10)
        self.slider.setValue(_DEFAULT)
        self.slider.setAccessibleName(tr("Guidance"))
        self.slider.setToolTip(tr("How closely Kling follows the prompt: 0 leaves it free, 1 holds it to your words."))
        self._title.setBuddy(self.slider)
        self._findings = FindingLines(self)
        self._lay_out()
        self.setFocusProxy(self.default)  # the first of the two, or Tab would pass it over
        self.slider.valueChanged.connect(self._moved)
        self.default.toggled.connect(self._toggled)
        self._say()

    def guidance(self) -> float | None:
        """cfg_scale in [0, 1], or None for Kling's default."""
        return None if self.default.isChecked() else self.slider.value() / 100

    def show_guidance(self, guidance: float | None) -> None:
        """Put a value in; one outside the bounds is moved to the nearest."""
        if guidance is None:
            self.default.setChecked(True)
            return
        self.slider.setValue(round(max(0.0, min(1.0, guidance)) * 100))
        self.default.setChecked(False)

    def show_findings(self, findings: Sequence[Finding]) -> None:
        self._findings.show_findings(findings)
        self.slider.setAccessibleDescription(self._findings.text())

    def findings_text(self) -> str:
        return self._findings.text()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._shade()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.GAP)
        head.addWidget(self._title)
        head.addWidget(self._value)
        head.addStretch(1)
        head.addWidget(self.default)
        ends = QGridLayout()
        for column, words in ((0, tr("freer")), (2, tr("closer to the prompt"))):
            end = QLabel(words, self)
            end.setProperty("quiet", True)
            ends.addWidget(end, 0, column)
        ends.setColumnStretch(1, 1)
        column_of_all = QVBoxLayout(self)
        column_of_all.setContentsMargins(0, 0, 0, 0)
        column_of_all.setSpacing(theme.GAP // 2)
        nest(column_of_all, head)
        column_of_all.addWidget(self.slider)
        nest(column_of_all, ends)
        column_of_all.addWidget(self._findings)

    def _moved(self) -> None:
        if self.default.isChecked():
            self.default.setChecked(False)  # says and tells by itself
        else:
            self._say()
            self.edited.emit()

    def _toggled(self, to_default: bool) -> None:
        if to_default:
            self.slider.blockSignals(True)
            self.slider.setValue(_DEFAULT)
            self.slider.blockSignals(False)
        self._say()
        self.edited.emit()

    def _say(self) -> None:
        guidance = self.guidance()
        self._value.setText("" if guidance is None else f"{guidance:.2f}")
        self._shade()

    def _shade(self) -> None:
        """The groove is filled only when the creator chose the value."""
        worn = theme.colours()
        palette = self.slider.palette()
        fill = QColor(worn.line if self.default.isChecked() else worn.fill)
        if palette.color(QPalette.ColorRole.Highlight) != fill:
            palette.setColor(QPalette.ColorRole.Highlight, fill)
            palette.setColor(QPalette.ColorRole.Accent, fill)
            self.slider.setPalette(palette)
