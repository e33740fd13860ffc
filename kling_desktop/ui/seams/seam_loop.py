"""Plays a second before and after a seam again and again, and leaves the player as it was."""

from __future__ import annotations

from kling_desktop.domain.analysis import Seam
from kling_desktop.ui.viewer.viewer import Viewer

_AROUND_SECONDS = 1.0


class SeamLoop:
    """One loop at a time."""

    def __init__(self, viewer: Viewer) -> None:
        self._viewer = viewer
        self._before: tuple[float | None, float | None, bool, float] | None = None
        """Marks, their loop and the speed from before; None while no seam is looped."""
        self._clip_id = ""

    @property
    def runs(self) -> bool:
        return self._before is not None

    def begin(self, seam: Seam, rate: float) -> None:
        """Loop this seam at a speed; from another seam's loop it goes over."""
        viewer, marks = self._viewer, self._viewer.marks
        if self._before is None:
            self._before = marks.start, marks.end, marks.loops, viewer.rate
        self._clip_id = viewer.clip.id if viewer.clip else ""
        start = max(0.0, seam.seconds - _AROUND_SECONDS)
        end = seam.seconds + _AROUND_SECONDS
        marks.mark_start(None)
        marks.mark_end(min(end, viewer.duration_seconds or end))
        marks.mark_start(start)
        marks.set_looping(True)
        viewer.set_rate(rate)
        viewer.seek(start)
        viewer.play()

    def end(self) -> None:
        """Pause, and give back marks and speed; another clip's marks are its own."""
        if self._before is None:
            return
        start, end, loops, rate = self._before
        self._before = None
        marks = self._viewer.marks
        same = self._viewer.clip is not None and self._viewer.clip.id == self._clip_id
        self._viewer.pause()
        self._viewer.set_rate(rate)
        marks.clear()
        marks.mark_start(start if same else None)
        marks.mark_end(end if same else None)
        marks.set_looping(loops)
