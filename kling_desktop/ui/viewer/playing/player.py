"""Runs the one media player of the program: commands go in queued, frames and facts come out.

Every command travels through a queued signal to a C++ slot, so that Python's lock is free while Qt waits for
its audio thread: calling `stop()` straight after `play()` would otherwise hang the window for ever.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import partial
from typing import cast

from PySide6.QtCore import QObject, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QImage
from PySide6.QtMultimedia import (
    QAudioOutput,
    QMediaMetaData,
    QMediaPlayer,
    QPlaybackOptions,
    QVideoFrame,
    QVideoSink,
)

from kling_desktop.ui.viewer.playing.deep_colour import image_of
from kling_desktop.ui.viewer.playing.frame_clock import FrameClock

_NETWORK_PATIENCE_MS = 8000
_SEEK_PATIENCE_MS = 1500
"""A seek that brought no frame for so long is given up, and the next one goes out."""

_PICTURE_PATIENCE_MS = 3000
"""A film on this disk of which no picture came for so long cannot be shown."""

_FASTEST = 1000.0
"""Frames a second beyond which a file's word for its rate is not believed; NaN is not either."""

_PADDING_LIMIT = 4
"""Frames by which the sound may outlast the picture."""


class Fault(Enum):
    """Why a source does not play."""

    UNPLAYABLE = auto()
    """Not reached, or nothing that can be read as a video."""
    PICTURELESS = auto()
    """It opened, but holds no picture that this computer can show."""
    BROKEN_OFF = auto()
    """It played, and then could not be read any further."""
    UNSHOWN = auto()
    """It opened, but no picture of it comes: this computer does not know its codec."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One frame as it came to the sink."""

    seconds: float
    """When it begins in the film."""
    index: int | None
    """Its number, from 0; None while the film's frame rate is unknown."""
    image: Callable[[], QImage]
    """Makes the picture, full size, at the first call (2-5 ms for 720p)."""


class Player(QObject):
    """One source at a time: opens on a frame, plays, seeks to exact frames. Asleep until `wake`."""

    opened = Signal()
    """Length and frame rate are known."""
    framed = Signal(object)
    """A frame has come: a `Shot`."""
    failed = Signal(object)
    """The source does not play (any further): a `Fault`, once per opening."""
    playing_changed = Signal(bool)

    _source_chosen = Signal(QUrl)
    _play_chosen = Signal()
    _pause_chosen = Signal()
    _stop_chosen = Signal()
    _place_chosen = Signal(cast("type", "qlonglong"))  # named as in C++: Python has no such type
    _rate_chosen = Signal(float)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.clock = FrameClock()
        self.shown = 0.0
        """When the frame shown last begins, in seconds."""
        self.playing = False
        """Whether it plays or is about to."""
        self.is_faulty = False
        self.rate, self.volume, self.is_muted, self.loops = 1.0, 1.0, False, False
        self.frames_seen = 0
        """Frames that came to the sink since the program started."""
        self._player: QMediaPlayer | None = None
        self._audio: QAudioOutput | None = None
        self._source = QUrl()
        self._on_the_way = 0
        """Sources that Qt's player is still to be given: until then it tells of the one before."""
        self._is_opening = self._has_ended = False
        self._frames_of_source = 0
        self._start_seconds = 0.0
        self._flying_ms: int | None = None
        self._waiting_ms: int | None = None
        self.codec = ""
        """What the pictures of the source are packed with, as Qt calls it; empty while unknown."""
        self._table: tuple[tuple[float, ...], float, float] | None = None
        """Of the source, read from its packets: beginnings, end, lead."""
        self._blind = QTimer(self, singleShot=True, interval=_PICTURE_PATIENCE_MS)
        self._blind.timeout.connect(self._miss_pictures)
        self._patience = QTimer(self, singleShot=True, interval=_SEEK_PATIENCE_MS)
        self._patience.timeout.connect(self._lose_patience)

    def wake(self) -> None:
        """Make Qt's player (30-70 ms) and let it do what was asked for meanwhile."""
        if self._player is not None:
            return
        self._player, self._audio, sink = QMediaPlayer(self), QAudioOutput(self), QVideoSink(self)
        self._player.setAudioOutput(self._audio)
        self._player.setVideoSink(sink)
        options = QPlaybackOptions()
        options.setNetworkTimeout(_NETWORK_PATIENCE_MS)
        self._player.setPlaybackOptions(options)
        self._connect(self._player, sink)
        self.set_volume(self.volume, muted=self.is_muted)
        self.set_looping(self.loops)
        self._give_source(self._source)

    def _connect(self, player: QMediaPlayer, sink: QVideoSink) -> None:
        queued = Qt.ConnectionType.QueuedConnection
        self._source_chosen.connect(player.setSource, queued)
        self._source_chosen.connect(self._note_given, queued)  # behind the other
        self._play_chosen.connect(player.play, queued)
        self._pause_chosen.connect(player.pause, queued)
        self._stop_chosen.connect(player.stop, queued)
        self._place_chosen.connect(player.setPosition, queued)
        self._rate_chosen.connect(player.setPlaybackRate, queued)
        sink.videoFrameChanged.connect(self._take_frame, queued)
        player.mediaStatusChanged.connect(self._take_status)
        player.errorOccurred.connect(self._take_error)

    # what it is asked to do ------------------------------------------------------------------------------

    def open(self, source: QUrl, at_seconds: float = 0.0, *, play: bool = False) -> None:
        """Open a source at a position, playing or paused on the frame there; an empty one closes what is open."""
        if source == self._source:
            self._give_source(QUrl())  # Qt ignores a source that it has already, even a failed one
        else:
            self._table = None
        self._source = source
        self._is_opening = not source.isEmpty()
        self._has_ended = self.is_faulty = False
        self._frames_of_source = 0
        self._forget_seeks()
        self._blind.stop()
        self.codec = ""
        self.clock = FrameClock()
        self.shown = self._start_seconds = at_seconds
        self._give_source(source)
        self._note_playing(play and self._is_opening)

    def _give_source(self, source: QUrl) -> None:
        if self._player is not None:
            self._on_the_way += 1
            self._source_chosen.emit(source)

    def _note_given(self) -> None:
        self._on_the_way -= 1

    def use_times(self, source: QUrl, starts: tuple[float, ...], end: float, lead: float) -> None:
        """Reckon with the source's own table from now on: when each picture is due and when the last is over, in
        seconds from the first one, and how long the player's clock runs before that. Of another source: nothing.
        """
        if source != self._source or not starts:
            return
        self._table = starts, end, lead
        if self._is_open:
            self._take_table()
            self.opened.emit()

    def _take_table(self) -> None:
        if self._table is not None:
            starts, end, lead = self._table
            self.shown = max(0.0, self.shown - (lead - self.clock.lead))
            self.clock = replace(self.clock, seconds=end, starts=starts, lead=lead, padding=0)

    def play(self) -> None:
        """Play on; from the beginning when the film is at its end."""
        if self._source.isEmpty() or self.is_faulty:
            return
        self._has_ended = False
        self._note_playing(True)
        if not self._is_opening:
            self._play_chosen.emit()

    def pause(self) -> None:
        self._note_playing(False)
        if self._is_open and not self._has_ended:
            self._pause_chosen.emit()

    def seek(self, seconds: float) -> None:
        """Go to the frame at a time; many at once are thinned out to what the decoder can follow."""
        if self._is_opening:
            self._start_seconds = self.shown = seconds
        elif self._is_open:
            self._aim(self.clock.middle_ms(self.clock.index(seconds)))

    def step(self, frames: int) -> None:
        """Pause, and go exactly so many frames forward, or back if negative."""
        self.pause()
        if self._is_open:
            self._aim(self.clock.middle_ms(self.clock.index(self.aimed) + frames))

    def set_rate(self, rate: float) -> None:
        """Speed of playing, 0.25 to 4."""
        self.rate = rate
        self._rate_chosen.emit(rate)

    def set_volume(self, volume: float, *, muted: bool) -> None:
        """Loudness from 0 to 1."""
        self.volume, self.is_muted = volume, muted
        if self._audio is not None:
            self._audio.setVolume(volume)
            self._audio.setMuted(muted)

    def set_looping(self, loops: bool) -> None:
        """Start again at the end, without a gap."""
        self.loops = loops
        if self._player is None:
            return
        self._player.setLoops((QMediaPlayer.Loops.Infinite if loops else QMediaPlayer.Loops.Once).value)
        if self._is_open and not self._has_ended:
            self.seek(self.aimed)  # only a seek makes a running player count its rounds anew

    # what it knows ---------------------------------------------------------------------------------------

    @property
    def aimed(self) -> float:
        """Where the film will be once all seeks have arrived, in seconds."""
        aim = self._waiting_ms if self._waiting_ms is not None else self._flying_ms
        return self.shown if aim is None else aim / 1000

    @property
    def _is_open(self) -> bool:
        return bool(self.clock.seconds) and not self.is_faulty

    # seeking ---------------------------------------------------------------------------------------------

    def _aim(self, milliseconds: int) -> None:
        if self._flying_ms is not None:
            self._waiting_ms = milliseconds
        else:
            self._fly(milliseconds)

    def _fly(self, milliseconds: int) -> None:
        self._flying_ms = milliseconds
        self._has_ended = False
        self._place_chosen.emit(milliseconds + round(self.clock.lead * 1000))
        if not self.playing:
            self._pause_chosen.emit()  # a player that has reached the end shows nothing until it is paused
        self._patience.start()

    def _land(self) -> None:
        waiting = self._waiting_ms
        self._forget_seeks()
        if waiting is not None:
            self._fly(waiting)

    def _forget_seeks(self) -> None:
        self._flying_ms = self._waiting_ms = None
        self._patience.stop()

    def _lose_patience(self) -> None:
        last = (self.clock.frames or 0) - 1
        if self.clock.starts:
            self._land()
            return
        if self._flying_ms == self.clock.middle_ms(last) and self.clock.padding < _PADDING_LIMIT and not self.playing:
            self.clock = replace(self.clock, padding=self.clock.padding + 1)
            self._waiting_ms = self._waiting_ms or self.clock.middle_ms(last - 1)
        self._land()

    # what Qt tells ---------------------------------------------------------------------------------------

    def _take_frame(self, frame: QVideoFrame) -> None:
        if not frame.isValid() or not self._is_open or self._player is None:
            return  # a frame of the source before may still be under way
        start_ms, end_ms = frame.startTime() / 1000, frame.endTime() / 1000
        if start_ms < 0:
            start_ms = end_ms = self._player.position()
        start_ms, end_ms = start_ms - self.clock.lead * 1000, end_ms - self.clock.lead * 1000
        self._blind.stop()
        self.frames_seen += 1
        self._frames_of_source += 1
        self.shown = max(0.0, start_ms / 1000)
        index = self.clock.index(self.shown) if self.clock.frames else None
        self.framed.emit(Shot(self.shown, index, partial(image_of, frame)))
        if self._flying_ms is None:
            return
        if self.playing or start_ms == end_ms or start_ms - 1 <= self._flying_ms <= end_ms + 1:
            self._land()

    def _take_status(self, status: QMediaPlayer.MediaStatus) -> None:
        if self._player is None or not self._is_given(self._player) or self._source.isEmpty():
            return  # told of the source before
        if status == QMediaPlayer.MediaStatus.LoadedMedia and self._is_opening:
            self._begin(self._player)
        elif status == QMediaPlayer.MediaStatus.EndOfMedia and self._is_open and not self._frames_of_source:
            QTimer.singleShot(0, self, self._miss_pictures)  # its last frames may still be queued
        elif status == QMediaPlayer.MediaStatus.EndOfMedia and not self._is_opening:
            self._has_ended = True
            self._note_playing(False)

    def _is_given(self, player: QMediaPlayer) -> bool:
        """Whether what Qt's player tells is of this opening: the one before may have been of the same file."""
        return not self._on_the_way and player.source() == self._source

    def _begin(self, player: QMediaPlayer) -> None:
        self._is_opening = False
        if not player.hasVideo():
            self._fail(Fault.PICTURELESS)
            return
        fps = float(player.metaData().value(QMediaMetaData.Key.VideoFrameRate) or 0.0)
        self.codec = player.metaData().stringValue(QMediaMetaData.Key.VideoCodec)
        self.clock = FrameClock(player.duration() / 1000, fps if 0 < fps < _FASTEST else 0.0)
        self._take_table()
        if self._source.isLocalFile():
            self._blind.start()
        self.set_rate(self.rate)
        self.opened.emit()
        if self._start_seconds:
            self.seek(self._start_seconds)
        (self._play_chosen if self.playing else self._pause_chosen).emit()

    def _take_error(self, error: QMediaPlayer.Error) -> None:
        if self._player is None or not self._is_given(self._player) or error == QMediaPlayer.Error.NoError:
            return
        self._fail(Fault.BROKEN_OFF if self._frames_of_source else Fault.UNPLAYABLE)

    def _miss_pictures(self) -> None:
        if self._is_open and not self._frames_of_source:
            self._fail(Fault.UNSHOWN)

    def _fail(self, fault: Fault) -> None:
        if self.is_faulty:
            return  # a connection that breaks off is told a dozen times
        self.is_faulty, self._is_opening = True, False
        self._forget_seeks()
        self._blind.stop()
        self._stop_chosen.emit()
        self._note_playing(False)
        self.failed.emit(fault)

    def _note_playing(self, playing: bool) -> None:
        if playing != self.playing:
            self.playing = playing
            self.playing_changed.emit(playing)
