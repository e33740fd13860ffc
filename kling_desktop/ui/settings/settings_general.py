"""Settings, General: the language, and how the program looks."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QSpinBox, QWidget

from kling_desktop.ui import theme
from kling_desktop.ui.finding_lines import Sentence
from kling_desktop.ui.i18n import LANGUAGES, tr
from kling_desktop.ui.settings.setting_label import SettingLabel
from kling_desktop.ui.theme.fonts import SCALES


class GeneralPage(QWidget):
    """Tells each choice at once."""

    language_chosen = Signal(str)
    """A code of `words.LANGUAGES`, or empty for the system's."""
    theme_chosen = Signal(str)
    """"system", "light" or "dark"."""
    text_size_chosen = Signal(int)
    """Per cent, within `fonts.SCALES`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.language = _choice({"": tr("As the system"), **LANGUAGES}, self)
        self.theme = _choice({"system": tr("As the system"), "light": tr("Light"), "dark": tr("Dark")}, self)
        self.text_size = QSpinBox(self)
        self.text_size.setRange(*SCALES)
        self.text_size.setSingleStep(10)
        self.text_size.setSuffix(" %")
        self.text_size.setKeyboardTracking(False)  # a number is meant when it is typed to its end
        later = Sentence(tr("At once; what you have written stays as it is."), self)
        later.dress(quiet=True)
        self.language.setAccessibleDescription(later.text())
        form = QFormLayout(self)
        form.setContentsMargins(0, theme.GAP, 2 * theme.GAP, theme.GAP)
        form.setSpacing(theme.GAP)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        dark = Sentence(tr("Dark lets the picture be the brightest thing."), self)
        dark.dress(quiet=True)
        larger = Sentence(tr("Of all words and controls; the picture keeps its size."), self)
        larger.dress(quiet=True)
        self.labels = {
            "language": SettingLabel(tr("Language"), self.language, self),
            "theme": SettingLabel(tr("Appearance"), self.theme, self),
            "text_size": SettingLabel(tr("Text size"), self.text_size, self),
        }
        """By the names of the settings."""
        rows: tuple[tuple[str, QWidget, QWidget], ...] = (
            ("language", self.language, later),
            ("theme", self.theme, dark),
            ("text_size", self.text_size, larger),
        )
        for name, field, why in rows:
            form.addRow(self.labels[name], field)
            form.addRow("", why)
        self.language.activated.connect(lambda: self.language_chosen.emit(self.language.currentData()))
        self.text_size.valueChanged.connect(self.text_size_chosen)
        self.theme.activated.connect(lambda: self.theme_chosen.emit(self.theme.currentData()))

    def show_choices(self, language: str, worn: str, text_size: int = 100) -> None:
        """Show what is chosen now; nothing is told."""
        self.text_size.blockSignals(True)
        self.text_size.setValue(text_size)
        self.text_size.blockSignals(False)
        self.language.setCurrentIndex(max(0, self.language.findData(language)))
        self.theme.setCurrentIndex(max(0, self.theme.findData(worn)))


def _choice(words: dict[str, str], parent: QWidget) -> QComboBox:
    box = QComboBox(parent)
    for value, shown in words.items():
        box.addItem(shown, value)
    return box
