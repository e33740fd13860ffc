"""Plays two to four films as one: one player a lane, and only frames that belong together are handed out.

The lane that leads (A, or the longest) is the clock. While playing, each lane keeps its latest frames, and a set is
presented when every lane has the frame that belongs to the leader's; a lane that drifts runs a little faster or
slower until it is back. While paused, all lanes are sent to exact frames and presented together once all arrived.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic

from PySide6.QtCore import QObject, QTimer, QUrl, Signal

from kling_desktop.ui.compare.compare_times import Film, last_frame, leader, local_seconds, wanted
from kling_desktop.ui.viewer.preview_player import Fault, Player, Shot

MOST = 4
"""Films at once."""
_KEPT_SHOTS = 6
"""Latest frames that a lane keeps while playing: as far as lanes may be apart without being told so by the eye."""
_PATIENCE_MS = 900
"""A set of frames that has not come together for so long is presented as it is."""
_NUDGE, _PUSH = 0.08, 0.3
"""Shares by which a lane that drifts, little or far, is sped up or slowed down."""
_CAUGHT_UP_FRAMES, _DRIFT_FRAMES, _FAR_FRAMES = 0.15, 0.5, 2.5
_LOST_SECONDS = 0.4
"""A lane that is so far off is not nudged any more: all stop, meet at one frame, and go on."""
_SMOOTHING = 0.25


@dataclass(eq=False)
class Lane:
    """One film's place; its player lives on when the film is gone."""

    player: Player
    seam: float = 0.0
    is_open: bool = False
    fault: Fault | None = None
    shots: deque[Shot] = field(default_factory=lambda: deque(maxlen=_KEPT_SHOTS))
    presented: Shot | None = None
    arrived: float = 0.0
    """When the latest frame came, by the monotonic clock."""
    drift: float = 0.0
    """Seconds by which it is ahead of the leader, smoothed."""
    nudge: float = 0.0

    @property
    def film(self) -> Film:
        return Film(self.player.clock, self.seam)

    @property
    def latest(self) -> int | None:
        """Number of the latest frame."""
        return self.index(self.shots[-1]) if self.shots else None

    def index(self, shot: Shot) -> int:
        return self.player.clock.index(shot.seconds)

    def nearest(self, index: int, tolerance: int) -> Shot | None:
        """The kept frame that is nearest to a number, within a tolerance."""
        near = min(self.shots, key=lambda shot: abs(self.index(shot) - index), default=None)
        return near if near is not None and abs(self.index(near) - index) <= tolerance else None

    def seconds_now(self) -> float:
        """Where the film is at this moment, between two frames."""
        return self.shots[-1].seconds + (monotonic() - self.arrived) * self.player.rate


class Lanes(QObject):
    """One transport for all films. Times and frames are the leader's."""

    presented = Signal()
    """The `shots` are others than before."""
    opened = Signal()
    """All films are open or have failed; lengths are known."""
    failed = Signal(int, object)
    """A lane does not play (any further): its number and a `Fault`."""
    playing_changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.playing = False
        """Whether it plays, or goes on playing once all lanes have met."""
        self.frame = 0
        """The leader's frame that is presented."""
        self.audible = 0
        self.rate, self.volume = 1.0, 0.3
        self._players: list[Player] = []
        self._lanes: list[Lane] = []
        self._lead: int | None = None
        self._has_ended = False
        self._flying: int | None = None
        self._waiting: int | None = None
        self._patience = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        self._patience.timeout.connect(self._land)

    # what it is asked to do ------------------------------------------------------------------------------

    def open(self, sources: Sequence[QUrl], seams: Sequence[float]) -> None:
        """Open up to `MOST` films, laid on each other at their seams (seconds), paused there."""
        self.close()
        sources = sources[:MOST]
        self._make_players(len(sources))
        self._lanes = [Lane(player, seam) for player, seam in zip(self._players, seams, strict=False)]
        self.hear(0)
        for number, (lane, source) in enumerate(zip(self._lanes, sources, strict=True)):
            if source.isEmpty():
                lane.fault = Fault.UNPLAYABLE
            else:
                lane.player.set_rate(self.rate)
                lane.player.open(source)
            QTimer.singleShot(10 * number, lane.player, lane.player.wake)  # one a turn: each takes a moment
        self._meet_when_open()

    def close(self) -> None:
        """Let go of all files."""
        self._note_playing(False)
        self._forget_aims()
        for lane in self._lanes:
            lane.player.open(QUrl())
        self._lanes, self._lead, self.frame, self._has_ended = [], None, 0, False

    def align(self, seams: Sequence[float]) -> None:
        """Lay the films on each other at these seams from now on; who stands at the seam goes on standing there."""
        stands_there = self._lead is not None and self.aimed == self._leading.clock.index(self.seam)
        for lane, seam in zip(self._lanes, seams, strict=False):
            lane.seam = seam
        if self._lead is not None:
            self._choose_leader()
            self._aim(self._leading.clock.index(self.seam) if stands_there else self.aimed)

    def play(self) -> None:
        """Play on; from the start when all are at their end."""
        if self._lead is None:
            return
        self._note_playing(True)
        if self._has_ended:
            self._aim(0)
        elif self._flying is None:
            self._run()

    def pause(self) -> None:
        """Stop, every lane on the frame that belongs to the leader's."""
        self._note_playing(False)
        if self._lead is not None:
            self._aim(self.frame if self._flying is None else self.aimed)

    def toggle(self) -> None:
        if self.playing:
            self.pause()
        else:
            self.play()

    def seek(self, seconds: float) -> None:
        """Go to a time of the leader, playing on if it plays."""
        if self._lead is not None:
            self._aim(self._lanes[self._lead].player.clock.index(max(0.0, seconds)))

    def step(self, frames: int) -> None:
        """Pause, and go exactly so many frames forward, or back if negative."""
        self._note_playing(False)
        if self._lead is not None:
            self._aim(self.aimed + frames)

    def skip(self, seconds: float) -> None:
        """Go so many seconds forward, or back if negative, playing on if it plays."""
        if self._lead is not None:
            clock = self._leading.clock
            self.seek(clock.middle_ms(self.aimed) / 1000 + seconds)

    def hear(self, number: int) -> None:
        """Let one film be heard and the others be silent."""
        self.audible = number
        for at, lane in enumerate(self._lanes):
            lane.player.set_volume(self.volume, muted=at != number)

    def set_rate(self, rate: float) -> None:
        """Speed of playing, 0.25 to 2."""
        self.rate = rate
        for lane in self._lanes:
            lane.nudge = 0.0
            lane.player.set_rate(rate)

    # what it knows ---------------------------------------------------------------------------------------

    @property
    def shots(self) -> list[Shot | None]:
        """The frames that belong together, one a lane; None where none has come."""
        return [lane.presented for lane in self._lanes]

    @property
    def seconds(self) -> float:
        """The leader's length; 0 while unknown."""
        return self._leading.clock.seconds if self._lead is not None else 0.0

    @property
    def frames(self) -> int:
        """How many frames the leader has; 0 while unknown."""
        return last_frame(self._leading) + 1 if self._lead is not None else 0

    @property
    def position(self) -> float:
        """When the presented frame begins in the leader, in seconds."""
        shot = self._lanes[self._lead].presented if self._lead is not None else None
        return shot.seconds if shot is not None else 0.0

    @property
    def seam(self) -> float:
        """When the new parts begin, in the leader's time."""
        return self._leading.seam if self._lead is not None else 0.0

    @property
    def aimed(self) -> int:
        """The leader's frame once all seeks have arrived."""
        aim = self._waiting if self._waiting is not None else self._flying
        return self.frame if aim is None else aim

    @property
    def is_settled(self) -> bool:
        """Whether no lane is on its way."""
        return self._flying is None

    @property
    def drifts(self) -> list[float]:
        """Seconds by which each lane is ahead of the leader; negative: behind."""
        return [lane.drift for lane in self._lanes]

    def has_ended(self, number: int) -> bool:
        """Whether a film is over at the presented frame, while the leader goes on."""
        lane = self._lanes[number]
        if self._lead is None or not lane.is_open:
            return False
        end = (last_frame(lane.film) + 1.5) / (lane.player.clock.fps or 30)
        return local_seconds(self._leading, lane.film, self.frame) > end

    # meeting at one frame --------------------------------------------------------------------------------

    def _aim(self, frame: int) -> None:
        frame = max(0, min(frame, last_frame(self._leading)))
        if self._flying is not None:
            self._waiting = frame
        else:
            self._fly(frame)

    def _fly(self, frame: int) -> None:
        self._flying, self._has_ended = frame, False
        self._patience.start()
        for lane in self._open_lanes():
            index, was_playing = wanted(self._leading, lane.film, frame), lane.player.playing
            lane.player.pause()
            if was_playing or lane.latest != index:
                lane.shots.clear()
                lane.player.seek(lane.player.clock.middle_ms(index) / 1000)
        self._settle()

    def _settle(self) -> None:
        """Land once every lane shows what is wanted of it."""
        flying = self._flying
        if flying is not None and all(
            lane.latest == wanted(self._leading, lane.film, flying) for lane in self._open_lanes()
        ):
            self._land()

    def _land(self) -> None:
        """All that can come has come: present it, and go on with what is wanted next."""
        flying, waiting = self._flying, self._waiting
        self._forget_aims()
        if flying is None or self._lead is None:
            return
        self._present(flying, [lane.shots[-1] if lane.shots else None for lane in self._lanes])
        if waiting is not None and waiting != flying:
            self._fly(waiting)
        elif self.playing:
            self._run()

    def _forget_aims(self) -> None:
        self._flying = self._waiting = None
        self._patience.stop()

    # playing ---------------------------------------------------------------------------------------------

    def _run(self) -> None:
        for lane in self._open_lanes():
            lane.drift = 0.0
            lane.nudge = 0.0
            lane.player.set_rate(self.rate)
            if self._is_within(lane):
                lane.player.play()

    def _is_within(self, lane: Lane) -> bool:
        """Whether a film has frames to come where the leader is now."""
        local = local_seconds(self._leading, lane.film, self.frame)
        return local >= 0 and lane.player.clock.index(local) < last_frame(lane.film)

    def _present_match(self) -> None:
        """Present the newest frame of the leader for which the others have come too."""
        assert self._lead is not None  # noqa: S101 - its only caller has asked
        lead = self._lanes[self._lead]
        lag = (lead.latest or 0) - self.frame
        tolerance = 0 if lag <= 2 else 1 if lag <= _KEPT_SHOTS else lag
        for shot in reversed(lead.shots):
            frame = lead.index(shot)
            if frame <= self.frame:
                return
            found = [self._partner(lane, frame, tolerance) for lane in self._lanes]
            if all(pick is not None or not lane.is_open for pick, lane in zip(found, self._lanes, strict=True)):
                self._present(frame, found)
                return

    def _partner(self, lane: Lane, frame: int, tolerance: int) -> Shot | None:
        if not lane.is_open:
            return lane.presented
        if not lane.player.playing:
            return lane.shots[-1] if lane.shots else None
        return lane.nearest(wanted(self._leading, lane.film, frame), tolerance)

    def _present(self, frame: int, shots: Sequence[Shot | None]) -> None:
        self.frame = frame
        for lane, shot in zip(self._lanes, shots, strict=True):
            lane.presented = shot or lane.presented
        self.presented.emit()

    def _correct(self, lane: Lane) -> None:
        """Bring a lane back that is off by more than half a frame."""
        assert self._lead is not None  # noqa: S101 - its only caller has asked
        lead = self._lanes[self._lead]
        if lane is lead or not (lane.player.playing and lead.player.playing and lead.shots):
            return
        off = (lane.seconds_now() - lane.seam) - (lead.seconds_now() - lead.seam)
        lane.drift += (off - lane.drift) * _SMOOTHING
        if abs(lane.drift) > _LOST_SECONDS:
            self._fly(self.frame)
            return
        frames = lane.drift * (lead.player.clock.fps or 30)
        if abs(frames) > _DRIFT_FRAMES:
            share = _PUSH if abs(frames) > _FAR_FRAMES else _NUDGE
            self._nudge(lane, -share if frames > 0 else share)
        elif abs(frames) < _CAUGHT_UP_FRAMES:
            self._nudge(lane, 0.0)

    def _nudge(self, lane: Lane, share: float) -> None:
        if lane.nudge != share:
            lane.nudge = share
            lane.player.set_rate(self.rate * (1 + share))

    # what the players tell -------------------------------------------------------------------------------

    def _make_players(self, count: int) -> None:
        while len(self._players) < count:
            number, player = len(self._players), Player(self)
            player.framed.connect(lambda shot, at=number: self._take_shot(at, shot))
            player.opened.connect(lambda at=number: self._take_opened(at))
            player.failed.connect(lambda fault, at=number: self._take_fault(at, fault))
            player.playing_changed.connect(lambda playing, at=number: self._take_playing(at, playing))
            self._players.append(player)

    def _take_shot(self, number: int, shot: Shot) -> None:
        if number >= len(self._lanes):
            return
        lane = self._lanes[number]
        lane.shots.append(shot)
        lane.arrived = monotonic()
        if self._lead is None:
            lane.presented = shot
            self.presented.emit()
        elif self._flying is not None:
            self._settle()
        elif self.playing:
            self._start_late(lane if number == self._lead else None)
            self._correct(lane)
            self._present_match()
        elif lane.latest == wanted(self._leading, lane.film, self.frame):
            self._present(self.frame, [shot if other is lane else None for other in self._lanes])  # late, yet right

    def _start_late(self, lead: Lane | None) -> None:
        """Films whose beginning the leader has reached start now."""
        for lane in self._open_lanes() if lead is not None else ():
            if lane is not lead and not lane.player.playing and lane.latest == 0 and self._is_within(lane):
                lane.player.play()

    def _take_opened(self, number: int) -> None:
        if number < len(self._lanes):
            self._lanes[number].is_open = True
            self._meet_when_open()

    def _take_fault(self, number: int, fault: Fault) -> None:
        if number >= len(self._lanes):
            return
        self._lanes[number].fault = fault
        self._lanes[number].is_open = False
        self.failed.emit(number, fault)
        if self._lead is None:
            self._meet_when_open()
            return
        self._choose_leader()
        if self._lead is None:
            self._note_playing(False)
        else:
            self._settle()

    def _meet_when_open(self) -> None:
        if self._lead is not None or not all(lane.is_open or lane.fault for lane in self._lanes):
            return
        self._choose_leader()
        self.opened.emit()
        if self._lead is not None:
            self.seek(self.seam)

    def _take_playing(self, number: int, playing: bool) -> None:
        """A film that stops by itself is at its end; if it is the leader, all are."""
        if playing or number != self._lead or not self.playing or self._flying is not None:
            return
        self._note_playing(False)
        self._aim(last_frame(self._leading))
        self._has_ended = True

    # who leads -------------------------------------------------------------------------------------------

    @property
    def _leading(self) -> Film:
        assert self._lead is not None  # noqa: S101 - asked for while a film leads only
        return self._lanes[self._lead].film

    def _choose_leader(self) -> None:
        self._lead = leader([lane.film if lane.is_open else None for lane in self._lanes])

    def _open_lanes(self) -> list[Lane]:
        return [lane for lane in self._lanes if lane.is_open]

    def _note_playing(self, playing: bool) -> None:
        if playing != self.playing:
            self.playing = playing
            self.playing_changed.emit(playing)
