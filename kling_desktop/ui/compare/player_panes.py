"""Plays two to four films as one: one player a pane, and only frames that belong together are handed out.

The pane that leads (A, or the longest) is the clock. While playing, each pane keeps its latest frames, and a set is
presented when every pane has the frame that belongs to the leader's; a pane that drifts runs a little faster or
slower until it is back. While paused, all panes are sent to exact frames and presented together once all arrived.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic

from PySide6.QtCore import QObject, QTimer, QUrl, Signal

from kling_desktop.ui.compare.compare_times import Film, last_frame, leader, local_seconds, wanted
from kling_desktop.ui.viewer.playing.player import Fault, Player, Shot

MOST = 4
"""Films at once."""
_KEPT_SHOTS = 6
"""Latest frames that a pane keeps while playing: as far as panes may be apart without being told so by the eye."""
_PATIENCE_MS = 900
"""A set of frames that has not come together for so long is presented as it is."""
_NUDGE, _PUSH = 0.08, 0.3
"""Shares by which a pane that drifts, little or far, is sped up or slowed down."""
_CAUGHT_UP_FRAMES, _DRIFT_FRAMES, _FAR_FRAMES = 0.15, 0.5, 2.5
_LOST_SECONDS = 0.4
"""A pane that is so far off is not nudged any more: all stop, meet at one frame, and go on."""
_SMOOTHING = 0.25


@dataclass(eq=False)
class PlayerPane:
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


class PlayerPanes(QObject):
    """One transport for all films. Times and frames are the leader's."""

    presented = Signal()
    """The `shots` are others than before."""
    opened = Signal()
    """All films are open or have failed; lengths are known."""
    failed = Signal(int, object)
    """A pane does not play (any further): its number and a `Fault`."""
    playing_changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.playing = False
        """Whether it plays, or goes on playing once all panes have met."""
        self.frame = 0
        """The leader's frame that is presented."""
        self.audible = 0
        self.rate, self.volume = 1.0, 0.3
        self._players: list[Player] = []
        self._panes: list[PlayerPane] = []
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
        self._panes = [PlayerPane(player, seam) for player, seam in zip(self._players, seams, strict=False)]
        self.hear(0)
        for number, (pane, source) in enumerate(zip(self._panes, sources, strict=True)):
            if source.isEmpty():
                pane.fault = Fault.UNPLAYABLE
            else:
                pane.player.set_rate(self.rate)
                pane.player.open(source)
            QTimer.singleShot(10 * number, pane.player, pane.player.wake)  # one a turn: each takes a moment
        self._meet_when_open()

    def close(self) -> None:
        """Let go of all files."""
        self._note_playing(False)
        self._forget_aims()
        for pane in self._panes:
            pane.player.open(QUrl())
        self._panes, self._lead, self.frame, self._has_ended = [], None, 0, False

    def align(self, seams: Sequence[float]) -> None:
        """Lay the films on each other at these seams from now on; who stands at the seam goes on standing there."""
        stands_there = self._lead is not None and self.aimed == self._leading.clock.index(self.seam)
        for pane, seam in zip(self._panes, seams, strict=False):
            pane.seam = seam
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
        """Stop, every pane on the frame that belongs to the leader's."""
        self._note_playing(False)
        if self._lead is not None:
            self._aim(self.frame if self._flying is None else self.aimed)

    def toggle(self) -> None:
        if self.playing:
            self.pause()
        else:
            self.play()

    def use_times(self, source: QUrl, starts: tuple[float, ...], end: float, lead: float) -> None:
        """Reckon with the table of this source's pictures in every pane that shows it; see `Player.use_times`."""
        stands_there = self._lead is not None and self.aimed == self._leading.clock.index(self.seam)
        for player in self._players[: len(self._panes)]:
            player.use_times(source, starts, end, lead)
        if self._lead is not None and not self.playing:
            at_hand = self._leading.clock.index(self.seam) if stands_there else self.aimed
            self._aim(min(at_hand, last_frame(self._leading)))

    def seek(self, seconds: float) -> None:
        """Go to a time of the leader, playing on if it plays."""
        if self._lead is not None:
            self._aim(self._panes[self._lead].player.clock.index(max(0.0, seconds)))

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
        for at, pane in enumerate(self._panes):
            pane.player.set_volume(self.volume, muted=at != number)

    def set_rate(self, rate: float) -> None:
        """Speed of playing, 0.25 to 2."""
        self.rate = rate
        for pane in self._panes:
            pane.nudge = 0.0
            pane.player.set_rate(rate)

    # what it knows ---------------------------------------------------------------------------------------

    @property
    def shots(self) -> list[Shot | None]:
        """The frames that belong together, one a pane; None where none has come."""
        return [pane.presented for pane in self._panes]

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
        shot = self._panes[self._lead].presented if self._lead is not None else None
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
        """Whether no pane is on its way: none still opens, and none is sent to a frame."""
        return self._flying is None and self._are_open

    @property
    def drifts(self) -> list[float]:
        """Seconds by which each pane is ahead of the leader; negative: behind."""
        return [pane.drift for pane in self._panes]

    def has_ended(self, number: int) -> bool:
        """Whether a film is over at the presented frame, while the leader goes on."""
        pane = self._panes[number]
        if self._lead is None or not pane.is_open:
            return False
        end = (last_frame(pane.film) + 1.5) / (pane.player.clock.fps or 30)
        return local_seconds(self._leading, pane.film, self.frame) > end

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
        for pane in self._open_lanes():
            index, was_playing = wanted(self._leading, pane.film, frame), pane.player.playing
            pane.player.pause()
            if was_playing or pane.latest != index:
                pane.shots.clear()
                pane.player.seek(pane.player.clock.middle_ms(index) / 1000)
        self._settle()

    def _settle(self) -> None:
        """Land once every pane shows what is wanted of it."""
        flying = self._flying
        if flying is not None and all(
            pane.latest == wanted(self._leading, pane.film, flying) for pane in self._open_lanes()
        ):
            self._land()

    def _land(self) -> None:
        """All that can come has come: present it, and go on with what is wanted next."""
        flying, waiting = self._flying, self._waiting
        self._forget_aims()
        if flying is None or self._lead is None:
            return
        self._present(flying, [pane.shots[-1] if pane.shots else None for pane in self._panes])
        if waiting is not None and waiting != flying:
            self._fly(waiting)
        elif self.playing:
            self._run()

    def _forget_aims(self) -> None:
        self._flying = self._waiting = None
        self._patience.stop()

    # playing ---------------------------------------------------------------------------------------------

    def _run(self) -> None:
        for pane in self._open_lanes():
            pane.drift = 0.0
            pane.nudge = 0.0
            pane.player.set_rate(self.rate)
            if self._is_within(pane):
                pane.player.play()

    def _is_within(self, pane: PlayerPane) -> bool:
        """Whether a film has frames to come where the leader is now."""
        local = local_seconds(self._leading, pane.film, self.frame)
        return local >= 0 and pane.player.clock.index(local) < last_frame(pane.film)

    def _present_match(self) -> None:
        """Present the newest frame of the leader for which the others have come too."""
        assert self._lead is not None  # noqa: S101 - its only caller has asked
        lead = self._panes[self._lead]
        lag = (lead.latest or 0) - self.frame
        tolerance = 0 if lag <= 2 else 1 if lag <= _KEPT_SHOTS else lag
        for shot in reversed(lead.shots):
            frame = lead.index(shot)
            if frame <= self.frame:
                return
            found = [self._partner(pane, frame, tolerance) for pane in self._panes]
            if all(pick is not None or not pane.is_open for pick, pane in zip(found, self._panes, strict=True)):
                self._present(frame, found)
                return

    def _partner(self, pane: PlayerPane, frame: int, tolerance: int) -> Shot | None:
        if not pane.is_open:
            return pane.presented
        if not pane.player.playing:
            return pane.shots[-1] if pane.shots else None
        return pane.nearest(wanted(self._leading, pane.film, frame), tolerance)

    def _present(self, frame: int, shots: Sequence[Shot | None]) -> None:
        self.frame = frame
        for pane, shot in zip(self._panes, shots, strict=True):
            pane.presented = shot or pane.presented
        self.presented.emit()

    def _correct(self, pane: PlayerPane) -> None:
        """Bring a pane back that is off by more than half a frame."""
        assert self._lead is not None  # noqa: S101 - its only caller has asked
        lead = self._panes[self._lead]
        if pane is lead or not (pane.player.playing and lead.player.playing and lead.shots):
            return
        off = (pane.seconds_now() - pane.seam) - (lead.seconds_now() - lead.seam)
        pane.drift += (off - pane.drift) * _SMOOTHING
        if abs(pane.drift) > _LOST_SECONDS:
            self._fly(self.frame)
            return
        frames = pane.drift * (lead.player.clock.fps or 30)
        if abs(frames) > _DRIFT_FRAMES:
            share = _PUSH if abs(frames) > _FAR_FRAMES else _NUDGE
            self._nudge(pane, -share if frames > 0 else share)
        elif abs(frames) < _CAUGHT_UP_FRAMES:
            self._nudge(pane, 0.0)

    def _nudge(self, pane: PlayerPane, share: float) -> None:
        if pane.nudge != share:
            pane.nudge = share
            pane.player.set_rate(self.rate * (1 + share))

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
        if number >= len(self._panes):
            return
        pane = self._panes[number]
        pane.shots.append(shot)
        pane.arrived = monotonic()
        if self._lead is None:
            pane.presented = shot
            self.presented.emit()
        elif self._flying is not None:
            self._settle()
        elif self.playing:
            self._start_late(pane if number == self._lead else None)
            self._correct(pane)
            self._present_match()
        elif pane.latest == wanted(self._leading, pane.film, self.frame):
            self._present(self.frame, [shot if other is pane else None for other in self._panes])  # late, yet right

    def _start_late(self, lead: PlayerPane | None) -> None:
        """Films whose beginning the leader has reached start now."""
        for pane in self._open_lanes() if lead is not None else ():
            if pane is not lead and not pane.player.playing and pane.latest == 0 and self._is_within(pane):
                pane.player.play()

    def _take_opened(self, number: int) -> None:
        if number < len(self._panes):
            self._panes[number].is_open = True
            self._meet_when_open()

    def _take_fault(self, number: int, fault: Fault) -> None:
        if number >= len(self._panes):
            return
        self._panes[number].fault = fault
        self._panes[number].is_open = False
        self.failed.emit(number, fault)
        if self._lead is None:
            self._meet_when_open()
            return
        self._choose_leader()
        if self._lead is None:
            self._note_playing(False)
        else:
            self._settle()

    @property
    def _are_open(self) -> bool:
        """Whether every pane has opened its film, or failed to."""
        return all(pane.is_open or pane.fault for pane in self._panes)

    def _meet_when_open(self) -> None:
        if self._lead is not None or not self._are_open:
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
        return self._panes[self._lead].film

    def _choose_leader(self) -> None:
        self._lead = leader([pane.film if pane.is_open else None for pane in self._panes])

    def _open_lanes(self) -> list[PlayerPane]:
        return [pane for pane in self._panes if pane.is_open]

    def _note_playing(self, playing: bool) -> None:
        if playing != self.playing:
            self.playing = playing
            self.playing_changed.emit(playing)
