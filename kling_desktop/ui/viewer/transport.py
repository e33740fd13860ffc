"""The bar with the player's buttons, its time and its sound."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPoint, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSlider, QToolButton, QVBoxLayout, QWidget

from kling_desktop.ui.formatting import length
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.theme import GAP, ICON, icon
from kling_desktop.ui.theme.fonts import WORDS, font, scaled
from kling_desktop.ui.viewer.seam_place import SeamPlace
from kling_desktop.ui.viewer.timeline.hop_strip import HopStrip
from kling_desktop.ui.viewer.viewer_commands import RATES
from kling_desktop.ui.viewer.viewer_keys import tip

HEIGHT = 40
"""Pixels of the row of buttons, at 100 % text size."""
_ROOM_FOR_VOLUME = 720
_ROOM_FOR_FRAMES = 640
_ROOM_FOR_SEAM = 520
_ROOM_FOR_WHOLE = 440
"""Widths in pixels below which lesser parts give way."""


class Transport(QWidget):
    """Shows how the player stands and passes on what the user wants; knows no player."""

    rate_chosen = Signal(float)
    volume_chosen = Signal(float)
    compare_asked = Signal()

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAutoFillBackground(True)
        self._actions = actions
        self.strip = HopStrip(self)
        self._left = [self._button(name) for name in ("frame_back", "toggle", "frame_forward", "loop")]
        self.time, self.whole, self.frame = QLabel(self), QLabel(self), QLabel(self)
        self.seam = SeamPlace(self)
        self.speed, self._rates = self._speed_button()
        self._mute = self._button("mute")
        self.volume = self._volume_slider()
        self.compare = self._compare_button()
        self._right = [self._button(name) for name in ("snapshot", "full_screen")]
        self._lay_out()
        self.show_time(0.0, 0.0)
        self.show_frame(None, None)

    # parts -----------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        """As they stand, so Tab goes: everything is made in the order of the row."""
        self.time.setFont(font(WORDS, bold=True))
        for quiet in (self.whole, self.frame):
            quiet.setProperty("quiet", True)
        row = QHBoxLayout()
        row.setContentsMargins(GAP // 2, 0, GAP // 2, 0)
        row.setSpacing(GAP // 4)
        for button in self._left:
            row.addWidget(button)
        row.addSpacing(GAP)
        row.addWidget(self.time)
        row.addSpacing(GAP // 4)
        row.addWidget(self.whole)
        row.addSpacing(GAP)
        row.addWidget(self.frame)
        row.addStretch(3)
        row.addWidget(self.seam)
        row.addStretch(3)
        for part in (self.speed, self._mute, self.volume):
            row.addWidget(part)
        row.addSpacing(GAP // 2)
        for button in (self.compare, *self._right):
            row.addWidget(button)
        self._row = QWidget(self)
        self._row.setLayout(row)
        self._row.setFixedHeight(scaled(HEIGHT))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.strip)
        column.addWidget(self._row)

    def _compare_button(self) -> QToolButton:
        button = QToolButton(self)
        button.setIcon(icon("compare"))
        button.setIconSize(QSize(ICON, ICON))
        button.setAccessibleName(tr("Compare the takes of this hop"))
        button.setToolTip(tr("Compare the takes of this hop"))
        button.clicked.connect(self.compare_asked)
        return button

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
        self.time.setText(length(seconds) if whole else "–:–")
        self.whole.setText(f"/ {length(whole)}" if whole else "/ –:–")
        if round(whole * 1000) != self.strip.maximum() or not whole:
            self.strip.set_length(whole)
        self.strip.stand_at(seconds)

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
        self.compare.setEnabled(ready)

    @property
    def clock(self) -> str:
        """Time and frame in one line."""
        return " · ".join(filter(None, (f"{self.time.text()} {self.whole.text()}", self.frame.text())))

    # room ------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        width = event.size().width()
        self.volume.setVisible(width >= scaled(_ROOM_FOR_VOLUME))
        self.frame.setVisible(self.has_room_for_frames)
        self.whole.setVisible(width >= scaled(_ROOM_FOR_WHOLE))
        roomy = width >= scaled(_ROOM_FOR_SEAM)
        self.seam.setMaximumWidth(16777215 if roomy else 0)
        for part in (self.compare, self._right[0]):
            part.setVisible(roomy)

    @property
    def has_room_for_frames(self) -> bool:
        """Whether the frame's number is on the bar."""
        return self.width() >= scaled(_ROOM_FOR_FRAMES)

    def sizeHint(self) -> QSize:
        return QSize(scaled(_ROOM_FOR_VOLUME), self.strip.sizeHint().height() + scaled(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(scaled(320), self.strip.sizeHint().height() + scaled(HEIGHT))


def rate_words(rate: float) -> str:
    """A speed as its button says it: "0.25×", "1×"."""
    return f"{rate:g}×"
