"""The range that the creator has marked in a film, and the loop inside it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class Marks(QObject):
    """In and out as beginnings of frames, in seconds; both frames belong to the range. None: not marked."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.start: float | None = None
        self.end: float | None = None
        self.loops = False
        """Whether playing stays inside the range; without marks that is the whole film."""

    @property
    def first(self) -> float:
        """Where the range begins."""
        return self.start or 0.0

    def mark_start(self, seconds: float | None) -> None:
        """Begin here; an end that lies before is let go. None clears the mark."""
        self.start = seconds
        if seconds is not None and self.end is not None and self.end < seconds:
            self.end = None
        self.changed.emit()

    def mark_end(self, seconds: float | None) -> None:
        """End with this frame; a start that lies behind is let go. None clears the mark."""
        self.end = seconds
        if seconds is not None and self.start is not None and self.start > seconds:
            self.start = None
        self.changed.emit()

    def shift(self, seconds: float) -> None:
        """The same frames lie so much later now: what was seen alone is seen in its film."""
        self.start = None if self.start is None else self.start + seconds
        self.end = None if self.end is None else self.end + seconds
        self.changed.emit()

    def clear(self) -> None:
        self.start = self.end = None
        self.changed.emit()

    def set_looping(self, loops: bool) -> None:
        self.loops = loops
        self.changed.emit()

    def strays(self, seconds: float, frame_seconds: float) -> bool:
        """Whether the frame that begins at `seconds` lies outside a range that is looped."""
        if not self.loops:
            return False
        leave = frame_seconds / 2
        return seconds < self.first - leave or (self.end is not None and seconds > self.end + leave)
