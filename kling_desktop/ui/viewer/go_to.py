"""Takes the film to a time or a frame that is typed."""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QWidget

from kling_desktop.ui.formatting import length
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.theme import GAP
from kling_desktop.ui.viewer.playing.frame_clock import FrameClock

_FRAME = re.compile(r"(?:f|#)\s*(\d{1,7})|(\d{1,7})\s*f", re.IGNORECASE)
_TIME = re.compile(r"(?:(\d{1,2}):)?(?:(\d{1,4}):)?(\d{1,5}(?:[.,]\d{1,3})?)\s*s?")


def place_of(typed: str, clock: FrameClock) -> float | None:
    """Seconds of "75", "1:15", "0:01:15.2" or of frame "f12" or "#12", counted from 1; None when it is neither, or
    beyond the film."""
    typed = typed.strip()
    if found := _FRAME.fullmatch(typed):
        index = int(found[1] or found[2]) - 1
        inside = clock.frames is not None and 0 <= index < clock.frames
        return clock.middle_ms(index) / 1000 if inside else None
    if not (found := _TIME.fullmatch(typed)):
        return None
    larger, middle, seconds = found[1], found[2], float(found[3].replace(",", "."))
    hours, minutes = (int(larger or 0), int(middle)) if middle else (0, int(larger or 0))
    whole = hours * 3600 + minutes * 60 + seconds
    return whole if whole <= clock.seconds else None


class GoTo(QFrame):
    """One line over the film. Enter goes there and closes it, Escape closes it."""

    chosen = Signal(float)
    """Seconds to go to."""
    left = Signal()
    """It has closed: the keys belong to the film again."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._clock = FrameClock()
        self.field = _Line(self)
        self.verdict = QLabel(self)
        self.verdict.setProperty("quiet", True)
        self.setAutoFillBackground(True)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP, GAP, GAP, GAP)
        row.addWidget(self.field, 1)
        row.addWidget(self.verdict)
        self.field.setAccessibleName(tr("Go to a time or frame"))
        self.field.setPlaceholderText(tr("1:02.5, or f120 for a frame"))
        self.field.textChanged.connect(self._judge)
        self.field.returnPressed.connect(self._go)
        self.field.abandoned.connect(self.close_up)
        self.hide()

    def open(self, clock: FrameClock) -> None:
        """Ask for a place in a film."""
        self._clock = clock
        self.field.clear()
        self._judge("")
        parent = self.parentWidget()
        assert parent is not None  # noqa: S101 - made with one
        self.resize(min(360, parent.width() - 2 * GAP), self.sizeHint().height())
        self.move((parent.width() - self.width()) // 2, 6 * GAP)
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_up(self) -> None:
        if not self.isHidden():
            self.hide()
            self.left.emit()

    def _judge(self, typed: str) -> None:
        place = place_of(typed, self._clock)
        if place is not None:
            shown = tr("frame {n}", n=self._clock.index(place) + 1)
            self.verdict.setText(f"{length(place)} · {shown}" if self._clock.frames else length(place))
        else:
            whole = tr("of {length}", length=length(self._clock.seconds))
            self.verdict.setText(tr("not in this film") if typed.strip() else whole)

    def _go(self) -> None:
        place = place_of(self.field.text(), self._clock)
        if place is not None:
            self.close_up()
            self.chosen.emit(place)


class _Line(QLineEdit):
    """Keeps Escape and Enter to itself, whatever shortcuts lie around it."""

    abandoned = Signal()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in _OURS:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.abandoned.emit()
        else:
            super().keyPressEvent(event)


_OURS = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter)
