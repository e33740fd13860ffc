"""Plays a clip: from its file, or from Kling's address until the file is there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QAction, QCloseEvent, QGuiApplication, QImage, QKeySequence
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kling_desktop.domain.clips import Clip
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.key_map import KeyMap
from kling_desktop.ui.painted.shapes import Shape
from kling_desktop.ui.viewer.playing.picture import Notice
from kling_desktop.ui.viewer.playing.player import Fault, Player, Shot
from kling_desktop.ui.viewer.playing.screen import Screen
from kling_desktop.ui.viewer.playing.source import awaited_notice, fault_notice, invitation, opening_notice, source_of
from kling_desktop.ui.viewer.shown import Shown
from kling_desktop.ui.viewer.snapshot import picture_name
from kling_desktop.ui.viewer.timeline.hop_strip import SeamMark as StripMark
from kling_desktop.ui.viewer.timeline.marks import Marks
from kling_desktop.ui.viewer.timeline.seam_marks import SeamMark, beyond, segment
from kling_desktop.ui.viewer.viewer_commands import acts, change_volume
from kling_desktop.ui.viewer.viewer_keys import commands, menu

FIRST_VOLUME = 0.3
"""Loudness before the user chooses one: nobody shall be startled."""

NATIVE = QKeySequence.SequenceFormat.NativeText
_MEDIA_KEYS = (QKeySequence(Qt.Key.Key_MediaPlay), QKeySequence(Qt.Key.Key_MediaTogglePlayPause))
_RETURN_MS = 500
"""A jump back into the range that has not arrived for so long is asked for again."""
_OPENING_SHOWS_MS = 400
"""A film that opens faster than this is not worth a word."""


class Viewer(QWidget):
    """One viewer as long as the panels stand. Times are seconds from the film's start.

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
    clip_shown = Signal(object)
    """Another Clip is on show, or the same one with other facts; None when the stage is empty."""
    compare_asked = Signal()
    """The takes of this hop are to be compared."""
    take_asked = Signal(int)
    """The take so many further on in the list is wanted; negative: before."""
    snapshot_asked = Signal(QImage, str)
    """A frame, full size, is to be kept as a picture of this name (without an ending)."""

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        volume: float = FIRST_VOLUME,
        looping: bool = False,
        keys: KeyMap | None = None,
    ) -> None:
        super().__init__(parent)
        self.keys = keys or KeyMap(commands(), self)
        self.marks = Marks(self)
        """The range that was marked, and whether it is looped."""
        self._seams: tuple[SeamMark, ...] = ()
        self._looping = looping
        self._shown = Shown()
        self._source = QUrl()
        self._player = Player(self)
        self._plays_after_scrub = False
        self._invites = False
        """Whether the key that plays is named on the film."""
        self._shows_film = False
        """Whether what is seen is a frame of the film, not a poster."""
        self._slow = QTimer(self, singleShot=True, interval=_OPENING_SHOWS_MS)
        self._returning = QTimer(self, singleShot=True, interval=_RETURN_MS)
        self._screen = Screen(acts(self), self.keys, self)
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

    def show_clip(self, clip: Clip | None) -> None:
        """Open a clip of which nothing more is known; None empties the stage."""
        self.open(Shown(clip))

    def open(self, shown: Shown) -> None:
        """Open a clip paused on the frame at its start, or on its first one.

        The same clip again changes nothing, unless its file has come meanwhile: then it goes on from the file, so much
        `later`, marks included, and at its start what it leaves out there.
        Another take of the same parent goes on from where the film stands, and the marks stay; so does a clip that is
        longer than that, while it plays or where no start is given. Nothing goes on in another film.
        """
        source, trouble = source_of(shown.clip)
        before, self._shown = self._shown, shown
        same = shown.is_same_as(before)
        goes_on = same or self._goes_on_from(before)
        self.picture.setAccessibleName(shown.title or tr("Film"))
        self._screen.setWindowTitle(shown.title)
        if same and (source == self._source or self._goes_on_well(source)):
            self._fill_with(shown.poster)
            self.clip_shown.emit(shown.clip)
            return
        self._source = source
        if not same:
            self.picture.tell("")  # what was said of the clip before is not true of this one
            self.picture.show_still(_still(shown.poster))
            self.show_seams(())
            self.show_strip(None, 0)
        seconds, plays = self._place_of(shown, goes_on=goes_on)
        self._open(seconds, play=plays)
        self._present(trouble)
        self.clip_shown.emit(shown.clip)

    def _place_of(self, shown: Shown, *, goes_on: bool) -> tuple[float, bool]:
        """Where it opens and whether it plays; the marks go along, or go."""
        start = shown.start or 0.0
        if not goes_on:
            self.marks.clear()
            return start, False
        if not shown.later:
            return self.position_seconds, self.playing
        self.marks.shift(shown.later)
        return max(self.position_seconds + shown.later, start), self.playing  # what it leaves out lies before its start

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
        self._stop_inviting()
        self._player.seek(max(0.0, seconds))

    def step(self, frames: int) -> None:
        """Pause, and show exactly the frame so many further on, or back if negative."""
        self._stop_inviting()
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
        self._looping = looping
        self._loop_player()
        self.commands["loop"].setChecked(looping)
        self.looping_changed.emit(looping)

    def use_frame_times(self, file: Path, starts: tuple[float, ...], end: float, lead: float) -> None:
        """Reckon with the table of this file's pictures, where it is the one on show; see `Player.use_times`."""
        self._player.use_times(QUrl.fromLocalFile(str(file)), starts, end, lead)

    def show_seams(self, seams: tuple[tuple[int, float, str], ...]) -> None:
        """Where the clip's hops join, in order: first new frame, the seconds at which it begins, the hop's prompt."""
        self._seams = tuple(SeamMark(*seam) for seam in seams)
        self.show_marks(
            tuple(
                StripMark(seam.seconds, Shape.UNMEASURED, number, prompt=seam.prompt)
                for number, seam in enumerate(self._seams, 1)
            )
        )

    def show_marks(self, marks: Sequence[StripMark]) -> None:
        """How the seams are, on the strip. The newest hop is the one that is judged."""
        self.transport.strip.show_marks(marks, len(marks) if marks else -1)

    def show_strip(self, file: Path | None, count: int) -> None:
        """Show the clip's thumbnails in the strip: a picture that holds `count` of them in one row; None: no more."""
        self.transport.strip.stills.show(file, count)

    def seek_seam(self, steps: int) -> None:
        """Show the first frame of a hop: the next for 1, the one before for -1; past the last, the film's end."""
        clock = self._player.clock
        seam = beyond(self._seams, clock.index(self.aimed_seconds), steps)
        if seam is not None:
            self.seek_frame(seam.frame)
        else:
            self.seek(clock.seconds if steps > 0 else 0.0)

    def seek_segment(self, *, end: bool) -> None:
        """Show the first or the last frame of the hop in which the film stands."""
        clock = self._player.clock
        if clock.frames:
            self.seek_frame(segment(self._seams, clock.index(self.aimed_seconds), clock.frames)[end])

    def seek_frame(self, index: int) -> None:
        """Show a frame by its number, from 0."""
        self.seek(self._player.clock.middle_ms(index) / 1000)

    def ask_place(self) -> None:
        """Let the creator type a time or a frame to go to."""
        if self.duration_seconds:
            self._screen.go_to.open(self._player.clock)

    def take_snapshot(self) -> None:
        """Ask for the very frame shown to be kept as a picture, named after the take and the frame."""
        if self._has_frame:
            self.snapshot_asked.emit(self.picture.image, picture_name(self._shown.picture_name, self._frame + 1))

    def copy_frame(self) -> None:
        """Put the very frame shown on the clipboard, full size."""
        if self._has_frame:
            QGuiApplication.clipboard().setImage(self.picture.image)
            self.picture.tell(tr("Copied frame {n}", n=self._frame + 1))

    def show_keys(self) -> None:
        """Open the cheat sheet."""
        from kling_desktop.ui.help.cheat_sheet import CheatSheet  # not needed to show the first frame

        CheatSheet(self.keys, self._screen.window()).open()

    def menu(self) -> list[QAction]:
        """The commands as a menu lists them: those of playing, and the others by groups."""
        return menu(self, self.commands, self.keys)

    def cover(self, widget: QWidget) -> None:
        """Let a widget lie over the picture whenever it is shown."""
        self._screen.cover(widget)

    def set_foot(self, widget: QWidget) -> None:
        """Let a widget stand between picture and strip whenever it is shown."""
        self._screen.set_foot(widget)

    def adopt(self, action: QAction) -> None:
        """Let the keys of another panel's action work in full screen as well."""
        self._screen.addAction(action)

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
        return self._shown.clip

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
        """Whether a clip starts again at its end."""
        return self._looping

    @property
    def muted(self) -> bool:
        return self._player.is_muted

    @property
    def aimed_seconds(self) -> float:
        """Where the film stands once all seeks have arrived."""
        return self._player.aimed

    @property
    def seams(self) -> tuple[SeamMark, ...]:
        return self._seams

    @property
    def _has_frame(self) -> bool:
        return self._player.clock.seconds > 0 and self._shows_film

    @property
    def _frame(self) -> int:
        return self._player.clock.index(self.position_seconds)

    # wiring ----------------------------------------------------------------------------------------------

    def _connect_player(self) -> None:
        self._player.opened.connect(self._show_time)
        self._player.framed.connect(self._take_shot)
        self._player.failed.connect(self._take_fault)
        self._player.playing_changed.connect(self._take_playing)

    def _connect_screen(self) -> None:
        self._slow.timeout.connect(lambda: self.picture.say(opening_notice(self._source)))
        self._screen.full_screen_changed.connect(self.full_screen_changed)
        self.picture.painted.connect(lambda: QTimer.singleShot(0, self._player, self._player.wake))
        self.picture.clicked.connect(self.toggle)
        self.picture.double_clicked.connect(self.toggle)  # takes back what its first click did
        self.picture.wheel_turned.connect(lambda notches: change_volume(self, notches))
        self.picture.tab_pressed.connect(lambda: self.take_asked.emit(1))
        self._screen.go_to.chosen.connect(self.seek)
        self.marks.changed.connect(self._show_marks)
        self.transport.rate_chosen.connect(self.set_rate)
        self.transport.volume_chosen.connect(self.set_volume)
        self.transport.compare_asked.connect(self.compare_asked)
        self.transport.strip.sought.connect(self._scrub)
        self.transport.strip.scrub_began.connect(self._begin_scrub)
        self.transport.strip.scrub_ended.connect(self._end_scrub)
        self.commands["toggle"].changed.connect(self._invite)
        self.keys.changed.connect(self._say_empty)

    def _scrub(self, seconds: float) -> None:
        """Show the nearest thumbnail at once when the place is far from what is seen, and the exact frame after."""
        strip, whole = self.transport.strip.stills, self.duration_seconds
        if strip.there and whole and abs(seconds - self.position_seconds) > whole / strip.count:
            self.picture.show_glimpse(strip.tile(seconds / whole))
        self.seek(seconds)

    def _begin_scrub(self) -> None:
        self._plays_after_scrub = self.playing
        self.pause()

    def _end_scrub(self) -> None:
        if self._plays_after_scrub:
            self.play()

    # what the player tells -------------------------------------------------------------------------------

    def _take_shot(self, shot: Shot) -> None:
        if self.playing and self.marks.strays(shot.seconds, 1 / (self.fps or 24)):
            self._return_into_range()
            return
        self._returning.stop()
        self._slow.stop()
        if self.picture.notice is not None:
            self.picture.say(None)
        self._shows_film = True
        self.picture.show_frame(shot.image)
        self._show_time()
        self.position_changed.emit(shot.seconds)
        self.frame_shown.emit()

    def _return_into_range(self) -> None:
        """Jump back to the mark, once: frames that are under way meanwhile stray as well."""
        if not self._returning.isActive():
            self._returning.start()
            self._player.seek(self.marks.first)

    def _take_playing(self, playing: bool) -> None:
        if playing:
            self._stop_inviting()
        self.transport.show_playing(playing)
        self.playing_changed.emit(playing)

    # what it shows ---------------------------------------------------------------------------------------

    def _open(self, seconds: float, *, play: bool) -> None:
        self._shows_film = False
        self._player.open(self._source, seconds, play=play)
        if self._source.isEmpty():
            self._slow.stop()
        else:
            self._slow.start()

    def _present(self, trouble: Notice | None) -> None:
        """Set the stage for the source chosen, or say why there is none."""
        is_remote = bool(self._source.scheme()) and not self._source.isLocalFile()
        self.picture.say(None)
        self._say_empty()
        self._invites = not self._source.isEmpty() and not self.playing
        self._invite()
        self.picture.badge(tr("Not downloaded yet: playing from Kling") if is_remote else "")
        self.picture.takes_tab = self._shown.clip is not None
        self.transport.show_ready(not self._source.isEmpty())
        self._show_time()
        if trouble is not None:
            self._complain(trouble)

    def _say_empty(self) -> None:
        """What to do where nothing is shown, with the key that does it now."""
        if self._shown.clip is None:
            awaited = self._shown.is_awaited
            self.picture.say(awaited_notice() if awaited else invitation(self.keys.shown("new_film")))

    def _take_fault(self, fault: Fault) -> None:
        self._complain(fault_notice(fault, self._source, self._player.codec, self.keys.shown("toggle")))

    def _invite(self) -> None:
        """Name the key that plays while it does: where letters are typed, it types. Media keys are on few keyboards."""
        keys = [each for each in self.commands["toggle"].shortcuts() if each not in _MEDIA_KEYS]
        said = tr("Press {key} to play", key=keys[0].toString(NATIVE)) if keys else tr("Click to play")
        self.picture.hint(said if self._invites else "")

    def _stop_inviting(self) -> None:
        self._invites = False
        self.picture.hint("")

    def _complain(self, notice: Notice) -> None:
        self._slow.stop()
        self._stop_inviting()
        self.picture.badge("")
        self.picture.say(notice)
        self.failed.emit(notice.title)

    def _goes_on_from(self, before: Shown) -> bool:
        """Whether what is shown now is to be seen from where the clip before stands: to compare takes at the same
        place, and in a clip that reaches that far, where no place of its own was given or while it plays.
        """
        clip, shown = self._shown.clip, self._shown
        if clip is None or before.clip is None or not self._shows_film or shown.is_of_another_film(before):
            return False
        at_end = self.position_seconds + 1.5 / (self.fps or 24) >= self.duration_seconds
        reaches = clip.seconds is not None and float(clip.seconds) > self.position_seconds + 0.1
        anywhere = shown.start is None or self.playing
        return (shown.is_sibling_of(before) and not at_end) or (reaches and anywhere)

    def _goes_on_well(self, source: QUrl) -> bool:
        """Whether to stay with an address that plays though a fresh one has come for it."""
        return bool(self._source.host() and source.host()) and not self._player.is_faulty

    def _fill_with(self, poster: Path | None) -> None:
        if self.picture.image.isNull():
            self.picture.show_still(_still(poster))

    def _loop_player(self) -> None:
        loops = self._looping or self.marks.loops
        if self._player.loops != loops:
            self._player.set_looping(loops)

    def _show_marks(self) -> None:
        self._loop_player()
        self.commands["loop_range"].setChecked(self.marks.loops)
        frame = 1 / self.fps if self.fps else 0.0
        end = self.marks.end
        self.transport.strip.show_range(self.marks.start, None if end is None else end + frame)

    def _show_time(self) -> None:
        clock = self._player.clock
        self.transport.show_time(self.position_seconds, clock.seconds)
        known = bool(clock.seconds and clock.frames)
        self.transport.show_frame(clock.index(self.position_seconds) if known else None, clock.frames)
        self._screen.show_clock(self.transport.clock if clock.seconds else "")


def _still(poster: Path | None) -> QImage:
    return QImage(str(poster)) if poster is not None else QImage()
