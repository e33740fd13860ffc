"""Plays a clip: from its file, or from Kling's address until the file is there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer, QUrl, Signal
from PySide6.QtGui import QCloseEvent, QImage
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kling_desktop.domain import Clip
from kling_desktop.ui.picture import Notice
from kling_desktop.ui.preview_player import Player, Shot
from kling_desktop.ui.preview_source import fault_notice, invitation, opening_notice, source_of
from kling_desktop.ui.screen import Screen
from kling_desktop.ui.transport import RATES
from kling_desktop.ui.words import tr

FIRST_VOLUME = 0.3
"""Loudness before the user chooses one: nobody shall be startled."""

_VOLUME_STEP = 0.05
_OPENING_SHOWS_MS = 400
"""A film that opens faster than this is not worth a word."""


class Preview(QWidget):
    """One viewer for the program's life. Times are seconds from the film's start.

    Qt's player is made after the first paint, so that the window is up as fast as one without a player.
    """

    failed = Signal(str)
    """The clip cannot be played: why, in a sentence."""
    position_changed = Signal(float)
    frame_shown = Signal()
    """A new frame came to the sink."""
    playing_changed = Signal(bool)
    volume_changed = Signal(float)
    looping_changed = Signal(bool)
    full_screen_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None, *, volume: float = FIRST_VOLUME, looping: bool = False) -> None:
        super().__init__(parent)
        self._clip: Clip | None = None
        self._source = QUrl()
        self._player = Player(self)
        self._plays_after_scrub = False
        self._slow = QTimer(self, singleShot=True, interval=_OPENING_SHOWS_MS)
        self._screen = Screen(self._deeds(), self)
        self.picture, self.transport = self._screen.picture, self._screen.transport
        self.commands = self._screen.commands
        """The player's actions by name, for a menu too."""
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._screen)
        self.setFocusProxy(self.picture)
        self._connect_player()
        self._connect_screen()
        self.set_looping(looping)
        self.set_rate(1.0)
        self.set_volume(volume)
        self._present(None)

    # what it is asked to do ------------------------------------------------------------------------------

    def show_clip(self, clip: Clip | None, poster: Path | None = None, *, title: str = "") -> None:
        """Open a clip paused on its first frame; None empties the stage.

        The same clip again changes nothing, unless its file has come meanwhile: then it goes on from the file.
        """
        source, trouble = source_of(clip)
        same = clip is not None and self._clip is not None and clip.id == self._clip.id
        self._clip = clip
        self.picture.setAccessibleName(title or tr("Film"))
        self._screen.setWindowTitle(title)
        if same and (source == self._source or self._goes_on_well(source)):
            self._fill_with(poster)
            return
        self._source = source
        if not same:
            self.picture.show_still(_still(poster))
        seconds, plays = (self.position_seconds, self.playing) if same else (0.0, False)
        self._open(seconds, play=plays)
        self._present(trouble)

    def show_poster(self, poster: Path) -> None:
        """Show a still of the clip until its first frame is there."""
        self._fill_with(poster)

    def play(self) -> None:
        """Play on; from the start when it is at its end. What failed is tried once more."""
        if self._player.is_faulty:
            self._open(self.position_seconds, play=True)
            self._present(None)
        else:
            self._player.play()

    def pause(self) -> None:
        self._player.pause()

    def toggle(self) -> None:
        """Play if it stands, pause if it plays."""
        if self.playing:
            self.pause()
        else:
            self.play()

    def seek(self, seconds: float) -> None:
        """Show the frame at a time (or the nearest end), playing on if it plays."""
        self.picture.hint("")
        self._player.seek(max(0.0, seconds))

    def step(self, frames: int) -> None:
        """Pause, and show exactly the frame so many further on, or back if negative."""
        self.picture.hint("")
        self._player.step(frames)

    def set_rate(self, rate: float) -> None:
        """Play at one of `RATES`."""
        self._player.set_rate(rate)
        self.transport.show_rate(rate)

    def set_volume(self, volume: float, *, muted: bool = False) -> None:
        """Loudness from 0 to 1."""
        self._player.set_volume(max(0.0, min(1.0, round(volume, 2))), muted=muted)
        self.transport.show_volume(self.volume, muted=muted)
        self.volume_changed.emit(self.volume)

    def set_looping(self, looping: bool) -> None:
        """Whether a clip starts again at its end."""
        self._player.set_looping(looping)
        self.commands["loop"].setChecked(looping)
        self.looping_changed.emit(looping)

    def toggle_full_screen(self) -> None:
        self._screen.toggle_full()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Leave full screen, stop, let go of the file: `close()` comes before the program ends, while its loop runs."""
        if self._screen.is_full:
            self._screen.toggle_full()
        self.show_clip(None)
        super().closeEvent(event)

    # what it knows ---------------------------------------------------------------------------------------

    @property
    def clip(self) -> Clip | None:
        return self._clip

    @property
    def playing(self) -> bool:
        """Whether it plays or is about to."""
        return self._player.playing

    @property
    def position_seconds(self) -> float:
        """When the frame shown begins."""
        return self._player.shown

    @property
    def duration_seconds(self) -> float:
        """0 while unknown."""
        return self._player.clock.seconds

    @property
    def fps(self) -> float:
        """Frames per second; 0 while unknown."""
        return self._player.clock.fps

    @property
    def frames_seen(self) -> int:
        """Frames that came to the sink since the program started."""
        return self._player.frames_seen

    @property
    def rate(self) -> float:
        return self._player.rate

    @property
    def volume(self) -> float:
        return self._player.volume

    @property
    def looping(self) -> bool:
        return self._player.loops

    # wiring ----------------------------------------------------------------------------------------------

    def _deeds(self) -> dict[str, Callable[[], None]]:
        return {
            "toggle": self.toggle,
            "pause": self.pause,
            "slower": lambda: self._shift_rate(-1),
            "faster": lambda: self._shift_rate(1),
            "shuttle": lambda: self._shift_rate(1) if self.playing else self.play(),
            "normal_speed": lambda: self.set_rate(1.0),
            "frame_back": lambda: self.step(-1),
            "frame_forward": lambda: self.step(1),
            "second_back": lambda: self._move(-1),
            "second_forward": lambda: self._move(1),
            "five_back": lambda: self._move(-5),
            "five_forward": lambda: self._move(5),
            "to_start": lambda: self.seek(0.0),
            "to_end": lambda: self.seek(self.duration_seconds),
            "loop": lambda: self.set_looping(not self.looping),
            "mute": lambda: self.set_volume(self.volume, muted=not self._player.is_muted),
            "quieter": lambda: self.set_volume(self.volume - _VOLUME_STEP),
            "louder": lambda: self.set_volume(self.volume + _VOLUME_STEP),
        }

    def _connect_player(self) -> None:
        self._player.opened.connect(self._show_time)
        self._player.framed.connect(self._take_shot)
        self._player.failed.connect(lambda fault: self._complain(fault_notice(fault, self._source)))
        self._player.playing_changed.connect(self._take_playing)

    def _connect_screen(self) -> None:
        self._slow.timeout.connect(lambda: self.picture.say(opening_notice(self._source)))
        self._screen.full_screen_changed.connect(self.full_screen_changed)
        self.picture.painted.connect(lambda: QTimer.singleShot(0, self._player, self._player.wake))
        self.picture.clicked.connect(self.toggle)
        self.picture.double_clicked.connect(self.toggle)  # takes back what its first click did
        self.picture.wheel_turned.connect(lambda notches: self.set_volume(self.volume + notches * _VOLUME_STEP))
        self.transport.rate_chosen.connect(self.set_rate)
        self.transport.volume_chosen.connect(self.set_volume)
        self.transport.seek_bar.sought.connect(self.seek)
        self.transport.seek_bar.scrub_began.connect(self._begin_scrub)
        self.transport.seek_bar.scrub_ended.connect(self._end_scrub)

    def _shift_rate(self, steps: int) -> None:
        at = RATES.index(self.rate) + steps
        self.set_rate(RATES[max(0, min(at, len(RATES) - 1))])

    def _move(self, seconds: float) -> None:
        self.seek(self._player.aimed + seconds)

    def _begin_scrub(self) -> None:
        self._plays_after_scrub = self.playing
        self.pause()

    def _end_scrub(self) -> None:
        if self._plays_after_scrub:
            self.play()

    # what the player tells -------------------------------------------------------------------------------

    def _take_shot(self, shot: Shot) -> None:
        self._slow.stop()
        if self.picture.notice is not None:
            self.picture.say(None)
        self.picture.show_frame(shot.image)
        self._show_time()
        self.position_changed.emit(shot.seconds)
        self.frame_shown.emit()

    def _take_playing(self, playing: bool) -> None:
        if playing:
            self.picture.hint("")
        self.transport.show_playing(playing)
        self.playing_changed.emit(playing)

    # what it shows ---------------------------------------------------------------------------------------

    def _open(self, seconds: float, *, play: bool) -> None:
        self._player.open(self._source, seconds, play=play)
        if self._source.isEmpty():
            self._slow.stop()
        else:
            self._slow.start()

    def _present(self, trouble: Notice | None) -> None:
        """Set the stage for the source chosen, or say why there is none."""
        is_remote = bool(self._source.scheme()) and not self._source.isLocalFile()
        self.picture.say(invitation() if self._clip is None else None)
        self.picture.hint("" if self._source.isEmpty() or self.playing else tr("Press Space to play"))
        self.picture.badge(tr("Not downloaded yet: playing from Kling") if is_remote else "")
        self.transport.show_ready(not self._source.isEmpty())
        self._show_time()
        if trouble is not None:
            self._complain(trouble)

    def _complain(self, notice: Notice) -> None:
        self._slow.stop()
        self.picture.hint("")
        self.picture.badge("")
        self.picture.say(notice)
        self.failed.emit(notice.title)

    def _goes_on_well(self, source: QUrl) -> bool:
        """Whether to stay with an address that plays though a fresh one has come for it."""
        return bool(self._source.host() and source.host()) and not self._player.is_faulty

    def _fill_with(self, poster: Path | None) -> None:
        if self.picture.image.isNull():
            self.picture.show_still(_still(poster))

    def _show_time(self) -> None:
        clock = self._player.clock
        self.transport.show_time(self.position_seconds, clock.seconds)
        known = bool(clock.seconds and clock.fps)
        self.transport.show_frame(clock.index(self.position_seconds) if known else None, clock.frames)


def _still(poster: Path | None) -> QImage:
    return QImage(str(poster)) if poster is not None else QImage()
