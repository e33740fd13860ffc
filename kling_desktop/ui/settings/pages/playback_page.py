"""Settings, Playback: how loud takes play, whether they begin again, and whether judging goes on to the next."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QSlider, QWidget

from kling_desktop.ui.i18n import tr
from kling_desktop.ui.settings.setting_rows import SettingRows


class PlaybackPage(QWidget):
    """Tells each choice at once."""

    volume_chosen = Signal(float)
    """0 to 1."""
    looping_chosen = Signal(bool)
    advancing_chosen = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.volume = QSlider(Qt.Orientation.Horizontal, self)
        self.volume.setRange(0, 100)
        self.volume.setPageStep(10)
        self.loop = QCheckBox(tr("Begin again at the end"), self)
        self.advances = QCheckBox(tr("Go on to the next take"), self)
        rows = SettingRows(self)
        rows.add("volume", tr("Volume"), self.volume, tr("It starts low, so that the first take shocks nobody."))
        rows.add("loop", tr("Loop"), self.loop, tr("A short take is judged by seeing it more than once."))
        rows.add("advances", tr("After judging"), self.advances, tr("Pick, reject or star with one key a take."))
        self.labels = rows.labels
        """By the names of the settings."""
        self.volume.valueChanged.connect(lambda per_cent: self.volume_chosen.emit(per_cent / 100))
        self.loop.clicked.connect(self.looping_chosen)
        self.advances.clicked.connect(self.advancing_chosen)

    def show_choices(self, volume: float, loops: bool, advances: bool) -> None:
        """Show what is chosen now; nothing is told."""
        self.volume.blockSignals(True)
        self.volume.setValue(round(volume * 100))
        self.volume.blockSignals(False)
        self.loop.setChecked(loops)
        self.advances.setChecked(advances)
