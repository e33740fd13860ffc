"""What each of the player's commands does, in terms of the viewer's own face."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import SignalInstance

from kling_desktop.ui.formatting import length
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.viewer.playing.picture import Picture
from kling_desktop.ui.viewer.timeline.marks import Marks

RATES = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0)
"""The speeds on offer."""

_VOLUME_STEP = 0.05


class ViewerControl(Protocol):
    """As much of the viewer as its commands need; it is written down here because the viewer is made of them."""

    picture: Picture
    marks: Marks

    @property
    def take_asked(self) -> SignalInstance: ...
    @property
    def playing(self) -> bool: ...
    @property
    def looping(self) -> bool: ...
    @property
    def muted(self) -> bool: ...
    @property
    def volume(self) -> float: ...
    @property
    def rate(self) -> float: ...
    @property
    def aimed_seconds(self) -> float: ...
    @property
    def duration_seconds(self) -> float: ...

    def toggle(self) -> None: ...
    def play(self) -> None: ...
    def pause(self) -> None: ...
    def set_rate(self, rate: float) -> None: ...
    def set_looping(self, looping: bool) -> None: ...
    def set_volume(self, volume: float, *, muted: bool = ...) -> None: ...
    def seek(self, seconds: float) -> None: ...
    def step(self, frames: int) -> None: ...
    def seek_seam(self, steps: int) -> None: ...
    def seek_segment(self, *, end: bool) -> None: ...
    def ask_place(self) -> None: ...
    def take_snapshot(self) -> None: ...
    def copy_frame(self) -> None: ...
    def show_keys(self) -> None: ...


def acts(viewer: ViewerControl) -> dict[str, Callable[[], None]]:
    """A act for each command that the viewer can do by itself."""
    return {**_playing(viewer), **_going(viewer), **_marking(viewer), **_hearing(viewer), **_looking(viewer)}


def _playing(viewer: ViewerControl) -> dict[str, Callable[[], None]]:
    return {
        "toggle": viewer.toggle,
        "pause": viewer.pause,
        "slower": lambda: _shift_rate(viewer, -1),
        "faster": lambda: _shift_rate(viewer, 1),
        "shuttle": lambda: _shift_rate(viewer, 1) if viewer.playing else viewer.play(),
        "normal_speed": lambda: _set_rate(viewer, 1.0),
        "loop": lambda: viewer.set_looping(not viewer.looping),
        "next_take": lambda: viewer.take_asked.emit(1),
        "previous_take": lambda: viewer.take_asked.emit(-1),
    }


def _going(viewer: ViewerControl) -> dict[str, Callable[[], None]]:
    def move(seconds: float) -> Callable[[], None]:
        return lambda: viewer.seek(viewer.aimed_seconds + seconds)

    return {
        "frame_back": lambda: viewer.step(-1),
        "frame_forward": lambda: viewer.step(1),
        "second_back": move(-1),
        "second_forward": move(1),
        "five_back": move(-5),
        "five_forward": move(5),
        "seam_back": lambda: viewer.seek_seam(-1),
        "seam_forward": lambda: viewer.seek_seam(1),
        "segment_start": lambda: viewer.seek_segment(end=False),
        "segment_end": lambda: viewer.seek_segment(end=True),
        "to_start": lambda: viewer.seek(0.0),
        "to_end": lambda: viewer.seek(viewer.duration_seconds),
        "go_to": viewer.ask_place,
    }


def _marking(viewer: ViewerControl) -> dict[str, Callable[[], None]]:
    marks = viewer.marks

    def mark_in() -> None:
        marks.mark_start(viewer.aimed_seconds)
        viewer.picture.tell(tr("Range from {time}", time=length(viewer.aimed_seconds)))

    def mark_out() -> None:
        marks.mark_end(viewer.aimed_seconds)
        viewer.picture.tell(tr("Range to {time}", time=length(viewer.aimed_seconds)))

    return {
        "mark_in": mark_in,
        "mark_out": mark_out,
        "clear_in": lambda: marks.mark_start(None),
        "clear_out": lambda: marks.mark_end(None),
        "loop_range": lambda: marks.set_looping(not marks.loops),
    }


def _hearing(viewer: ViewerControl) -> dict[str, Callable[[], None]]:
    def louder(steps: int) -> Callable[[], None]:
        return lambda: change_volume(viewer, steps)

    return {
        "mute": lambda: viewer.set_volume(viewer.volume, muted=not viewer.muted),
        "quieter": louder(-1),
        "louder": louder(1),
    }


def _looking(viewer: ViewerControl) -> dict[str, Callable[[], None]]:
    return {"snapshot": viewer.take_snapshot, "copy_frame": viewer.copy_frame, "cheat_sheet": viewer.show_keys}


def change_volume(viewer: ViewerControl, steps: int) -> None:
    """Make it so many steps louder, or quieter if negative."""
    viewer.set_volume(viewer.volume + steps * _VOLUME_STEP)
    viewer.picture.tell(tr("Volume {percent} %", percent=round(viewer.volume * 100)))


def _shift_rate(viewer: ViewerControl, steps: int) -> None:
    at = RATES.index(viewer.rate) + steps
    _set_rate(viewer, RATES[max(0, min(at, len(RATES) - 1))])


def _set_rate(viewer: ViewerControl, rate: float) -> None:
    viewer.set_rate(rate)
    viewer.picture.tell(f"{rate:g}×")
