"""Settings, General: the language, and how the program looks."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QSpinBox, QWidget

from kling_desktop.ui.i18n import LANGUAGES, tr
from kling_desktop.ui.settings.setting_rows import SettingRows
from kling_desktop.ui.theme.fonts import SCALES


class GeneralPage(QWidget):
    """Tells each choice at once."""

    language_chosen = Signal(str)
    """A code of `words.LANGUAGES`, or empty for the system's."""
    theme_chosen = Signal(str)
    """"system", "light" or "dark"."""
    text_size_chosen = Signal(int)
    """Per cent, within `fonts.SCALES`."""
    calm_chosen = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.language = _choice({"": tr("As the system"), **LANGUAGES}, self)
        self.theme = _choice({"system": tr("As the system"), "light": tr("Light"), "dark": tr("Dark")}, self)
        self.text_size = QSpinBox(self)
        self.text_size.setRange(*SCALES)
        self.text_size.setSingleStep(10)
        self.text_size.setSuffix(" %")
        self.text_size.setKeyboardTracking(False)  # a number is meant when it is typed to its end
        self.calm = QCheckBox(tr("Nothing turns by itself"), self)
        rows = SettingRows(self)
        rows.add("language", tr("Language"), self.language, tr("At once; what you have written stays as it is."))
        rows.add("theme", tr("Appearance"), self.theme, tr("Dark lets the picture be the brightest thing."))
        larger = tr("Of all words and controls; the picture keeps its size.")
        rows.add("text_size", tr("Text size"), self.text_size, larger)
        stands = tr("A take in the making stands still, as where the system asks for it; its words tell the time.")
        rows.add("calm", tr("Less movement"), self.calm, stands)
        self.labels = rows.labels
        """By the names of the settings."""
        self.language.activated.connect(lambda: self.language_chosen.emit(self.language.currentData()))
        self.text_size.valueChanged.connect(self.text_size_chosen)
        self.calm.toggled.connect(self.calm_chosen)
        self.theme.activated.connect(lambda: self.theme_chosen.emit(self.theme.currentData()))

    def show_choices(self, language: str, worn: str, text_size: int = 100, *, calm: bool = False) -> None:
        """Show what is chosen now; nothing is told."""
        self.text_size.blockSignals(True)
        self.text_size.setValue(text_size)
        self.text_size.blockSignals(False)
        with QSignalBlocker(self.calm):
            self.calm.setChecked(calm)
        self.language.setCurrentIndex(max(0, self.language.findData(language)))
        self.theme.setCurrentIndex(max(0, self.theme.findData(worn)))


def _choice(words: dict[str, str], parent: QWidget) -> QComboBox:
    box = QComboBox(parent)
    for value, shown in words.items():
        box.addItem(shown, value)
    return box
