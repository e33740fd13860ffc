"""The bar with the player's buttons, its time and its sound."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPoint, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSlider, QToolButton, QVBoxLayout, QWidget

from kling_desktop.ui.formatting import length
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.theme import GAP, ICON, icon
from kling_desktop.ui.viewer.timeline.seek_bar import SeekBar
from kling_desktop.ui.viewer.viewer_commands import RATES
from kling_desktop.ui.viewer.viewer_keys import tip

_ROOM_FOR_VOLUME = 600
_ROOM_FOR_FRAMES = 500
"""Widths in pixels below which lesser parts give way."""


class Transport(QWidget):
    """Shows how the player stands and passes on what the user wants; knows no player."""

    rate_chosen = Signal(float)
    volume_chosen = Signal(float)

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAutoFillBackground(True)
        self._actions = actions
        self.seek_bar = SeekBar(self)
        self.time = QLabel(self)
        self.frame = QLabel(self)
        self.frame.setProperty("quiet", True)
        self.volume = self._volume_slider()
        self.speed, self._rates = self._speed_button()
        self._lay_out()
        self.show_time(0.0, 0.0)
        self.show_frame(None, None)

    # parts -----------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(GAP // 4)
        for name in ("frame_back", "toggle", "frame_forward"):
            row.addWidget(self._button(name))
        row.addSpacing(GAP)
        row.addWidget(self.time)
        row.addSpacing(GAP)
        row.addWidget(self.frame)
        row.addStretch()
        row.addWidget(self._button("loop"))
        row.addWidget(self.speed)
        row.addWidget(self._button("mute"))
        row.addWidget(self.volume)
        row.addWidget(self._button("full_screen"))
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP // 2, GAP // 2, GAP // 2, GAP // 2)
        column.setSpacing(GAP // 4)
        column.addWidget(self.seek_bar)
        column.addLayout(row)

    def _button(self, name: str) -> QToolButton:
        button = QToolButton(self)
        button.setDefaultAction(self._actions[name])
        button.setIconSize(QSize(ICON, ICON))
        button.setAccessibleName(self._actions[name].text())
        return button

    def _volume_slider(self) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal, self)
        slider.setRange(0, 100)
        slider.setFixedWidth(84)
        slider.setAccessibleName(tr("Volume"))
        slider.setToolTip(tr("Volume (9 and 0, or the wheel over the film)"))
        slider.valueChanged.connect(lambda value: self.volume_chosen.emit(value / 100))
        return slider

    def _speed_button(self) -> tuple[QToolButton, dict[float, QAction]]:
        button = QToolButton(self)
        button.setToolTip(tip(tr("Speed: J or [ slower, L or ] faster, normal"), ("Backspace",)))
        button.setMinimumWidth(button.fontMetrics().horizontalAdvance("0.75×") + 2 * GAP)
        menu, group = QMenu(button), QActionGroup(button)
        entries = {}
        for rate in RATES:
            entry = menu.addAction(rate_words(rate))
            entry.setCheckable(True)
            group.addAction(entry)
            entry.triggered.connect(lambda _checked, chosen=rate: self.rate_chosen.emit(chosen))
            entries[rate] = entry
        button.clicked.connect(lambda: menu.popup(button.mapToGlobal(QPoint(0, -menu.sizeHint().height()))))
        return button, entries

    # what it shows ---------------------------------------------------------------------------------------

    def show_time(self, seconds: float, whole: float) -> None:
        self.time.setText(f"{length(seconds)} / {length(whole)}" if whole else "–:– / –:–")
        self.seek_bar.set_length(whole)
        self.seek_bar.set_position(seconds)

    def show_frame(self, index: int | None, frames: int | None) -> None:
        """Frame number, counted from 1 as people count; nothing when it is not known."""
        known = index is not None and frames is not None
        self.frame.setText(tr("frame {n} of {all}", n=(index or 0) + 1, all=frames) if known else "")

    def show_playing(self, playing: bool) -> None:
        self._actions["toggle"].setIcon(icon("pause" if playing else "play"))

    def show_rate(self, rate: float) -> None:
        self.speed.setText(rate_words(rate))
        self.speed.setAccessibleName(tr("Speed {rate}", rate=rate_words(rate)))
        self._rates[rate].setChecked(True)

    def show_volume(self, volume: float, *, muted: bool) -> None:
        with QSignalBlocker(self.volume):
            self.volume.setValue(round(volume * 100))
        self._actions["mute"].setChecked(muted)
        self._actions["mute"].setIcon(icon("volume-off" if muted or not volume else "volume"))

    def show_ready(self, ready: bool) -> None:
        """Grey out what needs a film."""
        for name in ("toggle", "frame_back", "frame_forward"):
            self._actions[name].setEnabled(ready)

    # room ------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.volume.setVisible(event.size().width() >= _ROOM_FOR_VOLUME)
        self.frame.setVisible(self.has_room_for_frames)

    @property
    def has_room_for_frames(self) -> bool:
        """Whether the frame's number is on the bar."""
        return self.width() >= _ROOM_FOR_FRAMES

    def minimumSizeHint(self) -> QSize:
        whole = super().minimumSizeHint()
        spare = [part for part in (self.volume, self.frame) if not part.isHidden()]
        widths = [max(part.minimumWidth(), part.minimumSizeHint().width()) + GAP for part in spare]
        return QSize(whole.width() - sum(widths), whole.height())


def rate_words(rate: float) -> str:
    """A speed as its button says it: "0.25×", "1×"."""
    return f"{rate:g}×"
