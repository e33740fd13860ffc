"""Takes side by side: a page in which two to four takes play as one and the better one is picked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QCloseEvent, QImage, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kling_desktop.domain.analysis import Seam
from kling_desktop.domain.seam_limits import SeamLimits
from kling_desktop.domain.tasks import Pick, Task
from kling_desktop.ui.compare.compare_bar import CompareBar
from kling_desktop.ui.compare.compare_head import CompareHead
from kling_desktop.ui.compare.compare_keys import HIDES, commands
from kling_desktop.ui.compare.compare_side import CompareSide
from kling_desktop.ui.compare.compare_stage import Label, Mode, Stage
from kling_desktop.ui.compare.compare_table import TakeNumbers
from kling_desktop.ui.compare.player_panes import MOST, PlayerPanes
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.key_map import KeyMap, Place
from kling_desktop.ui.painted.shapes import Shape, shape_of
from kling_desktop.ui.seams import seam_words
from kling_desktop.ui.theme.layouts import nest
from kling_desktop.ui.viewer.key_gate import KeyGate
from kling_desktop.ui.viewer.playing.picture import Notice
from kling_desktop.ui.viewer.playing.player import Fault
from kling_desktop.ui.viewer.playing.source import fault_notice, source_of
from kling_desktop.ui.viewer.viewer_commands import RATES
from kling_desktop.ui.viewer.viewer_keys import actions

_LETTERS = "ABCD"
_LINE_STEP = 0.02
"""Share of the film's width by which a key moves the wipe's line."""


@dataclass(frozen=True, slots=True)
class Entrant:
    """One take to be compared."""

    task: Task
    seam: float | None = None
    """When its new part was found to begin, in seconds; None: not found (yet)."""
    measured: Seam | None = None
    """The same seam with its meters, once it was measured."""
    drift: float | None = None
    """How far its colours are from the first clip's, CIEDE2000."""
    name: str = ""
    """Which take it is: "Take 2"."""
    is_alone: bool = False
    """Seen without the film that it was joined to, in which its seam was measured: all of it is new."""
    is_joining: bool = False
    """That film is being made."""

    @property
    def told(self) -> float | None:
        """When it begins as Kling tells the parent's length."""
        clip = self.task.clip
        return float(clip.parent_seconds) if clip is not None and clip.parent_seconds else None


class Comparison(QWidget):
    """One as long as the panels stand. Closed, it holds no file; its players stay for the next time."""

    picked = Signal(object)
    """The task whose take is a winner."""
    dropped = Signal(object)
    """The task whose take is no winner after all, or not rejected any more."""
    rejected = Signal(object)
    """The task whose take is rejected."""
    starred = Signal(object, int)
    """A task and how many stars its take has now."""
    extended = Signal(object)
    """The task whose take is to be extended."""
    again_asked = Signal(object)
    """The task of which another take is wanted, with the same words."""
    left = Signal()
    """It has closed: the film is to be seen again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        keys = self._keys = KeyMap(commands(), self)
        self.panes = PlayerPanes(self)
        self.setProperty("own_keys", keys.keys_at(Place.VIEWER))
        self.commands = actions(self, KeyGate(self), self._commands(), keys)
        self.head = CompareHead(self.commands, self)
        self.stage = Stage(self)
        self.bar = CompareBar(self.commands, self)
        self.side = CompareSide(self)
        self.words = self.side.words
        self._entrants: tuple[Entrant, ...] = ()
        self._order: tuple[int, ...] = ()
        """Takes by their numbers: the first is A."""
        self._hidden: set[int] = set()
        self._troubles: dict[int, Notice] = {}
        self._winners: set[int] = set()
        self._rejected: set[int] = set()
        self._stars: list[int] = []
        self._mode_before = Mode.SIDE
        self._plays_after_scrub = False
        self._lay_out()
        self._connect()
        self._set_mode(Mode.SIDE)
        self.hide()

    # what it is asked to do ------------------------------------------------------------------------------

    def compare(self, entrants: Sequence[Entrant]) -> None:
        """Open two to four takes where their new parts begin; those of other parents at their start."""
        self._entrants = tuple(entrants[:MOST])
        self._order = tuple(range(len(self._entrants)))
        self._hidden, self._troubles = set(), {}
        self._winners = {at for at, entrant in enumerate(self._entrants) if entrant.task.pick is Pick.PICKED}
        self._rejected = {at for at, entrant in enumerate(self._entrants) if entrant.task.pick is Pick.REJECTED}
        self._stars = [entrant.task.stars for entrant in self._entrants]
        self.stage.clear()
        self.stage.show_reference(QImage(), "")
        self.bar.strip.stills.show(None, 0)
        self.words.show_asked([entrant.task.extension for entrant in self._entrants])
        self.bar.show_time(0.0, 0.0, 0, 0)
        self.head.show_takes(self._entrants[0].task.extension.prompt if self._entrants else "", len(self._entrants))
        self.show()
        self.stage.setFocus()
        self._open()
        self._arrange()

    def renew(self, entrants: Sequence[Entrant]) -> None:
        """Take these for the same takes: what is played of them is another file now. They stand where their new parts
        begin; what was hidden, heard and judged stays.
        """
        renewed = {entrant.task.id: entrant for entrant in entrants}
        self._entrants = tuple(renewed.get(entrant.task.id, entrant) for entrant in self._entrants)
        self._troubles, heard = {}, self.panes.audible
        self._open()
        self._hear(heard)

    def _open(self) -> None:
        sources = []
        for number, entrant in enumerate(self._entrants):
            source, trouble = source_of(entrant.task.clip)
            sources.append(source)
            if trouble is not None:
                self._troubles[number] = trouble
        self.panes.open(sources, aligned(self._entrants))

    @property
    def tasks(self) -> tuple[Task, ...]:
        """Whose takes are compared, the first is A."""
        return tuple(self._entrants[number].task for number in self._order)

    def judge_by(self, limits: SeamLimits) -> None:
        """The seams on show by other limits, and whether these are the creator's own."""
        self.side.table.limits_are_usual = limits.are_usual
        self._arrange()
        for entrant in self._entrants:
            if entrant.measured is not None and (clip_id := _clip_id(entrant)):
                self.show_seam(clip_id, limits.judged(entrant.measured))

    def show_reference(self, image: QImage, words: str) -> None:
        """Where the takes start: the picture, and what it is."""
        self.stage.show_reference(image, words)

    def show_strip(self, file: Path | None, count: int) -> None:
        """Thumbnails of the first take, so many in one row of a picture."""
        self.bar.strip.stills.show(file, count)

    def show_seam(self, clip_id: str, seam: Seam) -> None:
        """The seam of a take was found: lay the takes on each other there."""
        entrants = tuple(
            _measured(entrant, seam) if _clip_id(entrant) == clip_id else entrant for entrant in self._entrants
        )
        if entrants != self._entrants:
            moved = aligned(entrants) != aligned(self._entrants)
            self._entrants = entrants
            if moved:
                self.panes.align(aligned(entrants))
            self._arrange()

    def use_frame_times(self, file: Path, starts: tuple[float, ...], end: float, lead: float) -> None:
        """Count the frames of this file by its own table; see `Player.use_times`."""
        self.panes.use_times(QUrl.fromLocalFile(str(file)), starts, end, lead)

    def set_volume(self, volume: float) -> None:
        """Loudness from 0 to 1 of the one that is heard."""
        self.panes.volume = volume
        self.panes.hear(self.panes.audible)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let go of all films, whichever way it is left."""
        was_open = bool(self._entrants)
        self._release()
        super().closeEvent(event)
        if was_open:
            self.left.emit()

    def _release(self) -> None:
        self.panes.close()
        self.stage.clear()
        self._entrants, self._order = (), ()

    # how it is built -------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.stage.setAccessibleName(tr("Compared takes"))
        across = QHBoxLayout()
        across.setSpacing(0)
        across.addWidget(self.stage, 1)
        across.addWidget(self.side)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        nest(column, across, 1)
        column.addWidget(self.bar)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.side.fit(event.size().width())

    def _connect(self) -> None:
        self.head.left.connect(self.close)
        leave = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        leave.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        leave.activated.connect(self.close)
        self.panes.opened.connect(self._arrange)
        self.panes.presented.connect(self._show_frames)
        self.panes.failed.connect(self._take_fault)
        self.panes.playing_changed.connect(self.bar.show_playing)
        self.stage.chosen.connect(self._hear)
        self.stage.tab_pressed.connect(self._next_take)
        self.words.hear_asked.connect(self._hear)
        self.words.pick_asked.connect(self._pick)
        self.words.reject_asked.connect(self._reject)
        self.words.starred.connect(self._star)
        self.side.extended.connect(self._extend)
        self.side.again_asked.connect(self._ask_again)
        self.bar.strip.sought.connect(self.panes.seek)
        self.bar.strip.scrub_began.connect(self._begin_scrub)
        self.bar.strip.scrub_ended.connect(self._end_scrub)
        self.bar.strip.seam_opened.connect(lambda _: self.panes.seek(self.panes.seam))

    def _commands(self) -> dict[str, Callable[[], None]]:
        panes = self.panes
        return {
            "toggle": panes.toggle,
            "frame_back": lambda: panes.step(-1),
            "frame_forward": lambda: panes.step(1),
            "second_back": lambda: panes.skip(-1.0),
            "second_forward": lambda: panes.skip(1.0),
            "to_start": lambda: panes.seek(0.0),
            "to_end": lambda: panes.seek(panes.seconds),
            "to_seam": lambda: panes.seek(panes.seam),
            "slower": lambda: self._change_rate(-1),
            "faster": lambda: self._change_rate(1),
            "normal_speed": lambda: self._change_rate(0),
            Mode.SIDE: lambda: self._set_mode(Mode.SIDE),
            Mode.WIPE: lambda: self._set_mode(Mode.WIPE),
            Mode.OVERLAY: lambda: self._set_mode(Mode.OVERLAY),
            Mode.DIFFERENCE: self._switch_difference,
            "next_mode": self._next_mode,
            "line_left": lambda: self.stage.set_split(self.stage.split - _LINE_STEP),
            "line_right": lambda: self.stage.set_split(self.stage.split + _LINE_STEP),
            "swap": self._swap,
            "next_take": self._next_take,
            "hear_next": self._hear_next,
            "pick": lambda: self._pick(self.panes.audible),
            "reject": lambda: self._reject(self.panes.audible),
            "extend": lambda: self.side.extend.click(),
            **{name: partial(self._switch_hidden, place) for place, name in enumerate(HIDES)},
            "words_down": lambda: self._scroll(1),
            "words_up": lambda: self._scroll(-1),
        }

    # ways to compare -------------------------------------------------------------------------------------

    def _set_mode(self, mode: Mode) -> None:
        if self.stage.mode != Mode.DIFFERENCE:
            self._mode_before = self.stage.mode
        self.stage.set_mode(mode)
        self.head.show_mode(mode)
        self._arrange()

    def _switch_difference(self) -> None:
        differs = self.stage.mode == Mode.DIFFERENCE
        self._set_mode(self._mode_before if differs else Mode.DIFFERENCE)

    def _next_mode(self) -> None:
        modes = list(Mode)
        self._set_mode(modes[(modes.index(self.stage.mode) + 1) % len(modes)])

    def _swap(self) -> None:
        if len(self._order) > 1:
            self._order = (self._order[1], self._order[0], *self._order[2:])
            self._arrange()

    def _next_take(self) -> None:
        """Another take against the first one; the one that it was goes to the end."""
        if len(self._order) > 2:
            self._order = (self._order[0], *self._order[2:], self._order[1])
            self._arrange()

    def _switch_hidden(self, place: int) -> None:
        """Hide the take at a place, or show it again; one always stays."""
        if place < len(self._order):
            number = self._order[place]
            self._hidden ^= {number}
            if len(self._hidden) == len(self._order):
                self._hidden = {number}
        self._arrange()

    def _change_rate(self, by: int) -> None:
        rates = [rate for rate in RATES if rate <= 2]
        at = rates.index(self.panes.rate)
        self.panes.set_rate(rates[max(0, min(at + by, len(rates) - 1))] if by else 1.0)
        self.bar.show_rate(self.panes.rate)

    def _scroll(self, pages: int) -> None:
        bar = self.words.verticalScrollBar()
        bar.setValue(bar.value() + pages * bar.pageStep())

    # the one that is heard, and the winner ---------------------------------------------------------------

    def _hear(self, number: int) -> None:
        self.panes.hear(number)
        self._arrange()

    def _hear_next(self) -> None:
        if self._order:
            at = self._order.index(self.panes.audible)
            self._hear(self._order[(at + 1) % len(self._order)])

    def _pick(self, number: int) -> None:
        """Pick a take, or take that back."""
        if number < len(self._entrants):
            self._winners ^= {number}
            self._rejected -= {number}
            self._arrange()
            (self.picked if number in self._winners else self.dropped).emit(self._entrants[number].task)

    def _reject(self, number: int) -> None:
        """Reject a take, or take that back; the next one that is not rejected is heard then."""
        if number >= len(self._entrants):
            return
        self._rejected ^= {number}
        self._winners -= {number}
        (self.rejected if number in self._rejected else self.dropped).emit(self._entrants[number].task)
        at = self._order.index(number)
        left = [n for n in (*self._order[at + 1 :], *self._order[:at]) if n not in self._rejected]
        if number in self._rejected and left:
            self._hear(left[0])
        else:
            self._arrange()

    def _star(self, number: int, stars: int) -> None:
        if number < len(self._entrants):
            self._stars[number] = stars
            self._arrange()
            self.starred.emit(self._entrants[number].task, stars)

    def _extend(self, rejects_others: bool) -> None:
        """Go on from the take that is heard; the others are rejected if that is wished."""
        number = self.panes.audible
        if number >= len(self._entrants):
            return
        task = self._entrants[number].task
        if rejects_others:
            for other in set(range(len(self._entrants))) - {number} - self._rejected:
                self.rejected.emit(self._entrants[other].task)
        self.close()
        self.extended.emit(task)

    def _ask_again(self) -> None:
        if self.panes.audible < len(self._entrants):
            self.again_asked.emit(self._entrants[self.panes.audible].task)

    # what it shows ---------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        """Everything that hangs on the order, on what is hidden, heard and picked."""
        shown = [number for number in self._order if number not in self._hidden]
        self.stage.takes_tab = len(self._order) > 2
        self.stage.show_films(shown, [self._label(number) for number in range(len(self._entrants))])
        self.stage.setAccessibleDescription(", ".join(self._described(number) for number in shown))
        self.words.show_order(self._order)
        for place, number in enumerate(self._order):
            entrant = self._entrants[number]
            dashed = entrant.measured is not None and entrant.measured.doubtful
            self.words.columns[place].head.show_take(*_headed(entrant), dashed=dashed)
        self.stage.seat({number: self.words.columns[place].head for place, number in enumerate(self._order)})
        self.words.show_state(_LETTERS, self.panes.audible, self._winners, self._rejected, self._stars)
        if self._order:
            seam = self._entrants[self._order[0]].measured
            self.bar.show_seam(self.panes.seam, seam)
        heard = self._order.index(self.panes.audible) if self.panes.audible in self._order else None
        self.side.show_takes(
            [_numbers(self._entrants[number]) for number in self._order], _LETTERS[: len(self._order)], heard
        )
        self.commands["next_take"].setVisible(self.stage.takes_tab)
        for place, name in enumerate(HIDES):
            self.commands[name].setEnabled(place < len(self._order))
            self.commands[name].setChecked(place < len(self._order) and self._order[place] in self._hidden)

    def _label(self, number: int) -> Label:
        """What stands in the corner of the film: only what is amiss."""
        return Label(self._amiss(number), is_marked=number == self.panes.audible)

    def _amiss(self, number: int) -> str:
        if number in self._troubles:
            return self._troubles[number].title
        if self._entrants[number].is_joining:
            return tr("Joining it to the film…")
        return tr("has ended") if self.panes.has_ended(number) else ""

    def _described(self, number: int) -> str:
        """A film as a screen reader hears of it."""
        parts = [_LETTERS[self._order.index(number)], self._amiss(number)]
        if number in self._winners:
            parts.append(tr("Picked"))
        elif number in self._rejected:
            parts.append(tr("Rejected"))
        return " · ".join(part for part in parts if part)

    def _show_frames(self) -> None:
        shots = self.panes.shots
        self.stage.show_frames([shot.image if shot else None for shot in shots], quick=self.panes.playing)
        self.stage.show_films(
            [number for number in self._order if number not in self._hidden],
            [self._label(number) for number in range(len(self._entrants))],
        )
        self.bar.show_time(self.panes.position, self.panes.seconds, self.panes.frame, self.panes.frames)

    def _take_fault(self, number: int, fault: Fault) -> None:
        source, trouble = source_of(self._entrants[number].task.clip)
        self._troubles[number] = trouble or fault_notice(fault, source, key=self._keys.shown("toggle"))
        self._arrange()

    def _begin_scrub(self) -> None:
        self._plays_after_scrub = self.panes.playing
        self.panes.pause()

    def _end_scrub(self) -> None:
        if self._plays_after_scrub:
            self.panes.play()


def aligned(entrants: Sequence[Entrant]) -> list[float]:
    """Where each take is laid on the others: at its seam when all extend the same clip, else at its start.

    As long as one seam is missing, one length of the parent serves all: a found one and a told one may differ a frame.
    """
    parents = {entrant.task.extension.video_id for entrant in entrants}
    found = [entrant.seam for entrant in entrants if entrant.seam is not None]
    told = [entrant.told for entrant in entrants if entrant.told is not None]
    if len(parents) != 1 or not (found or told):
        return [0.0] * len(entrants)
    return found if len(found) == len(entrants) else [(told or found)[0]] * len(entrants)


def _measured(entrant: Entrant, seam: Seam) -> Entrant:
    return replace(entrant, seam=entrant.seam if entrant.is_alone else seam.seconds, measured=seam)


def _numbers(entrant: Entrant) -> TakeNumbers:
    return TakeNumbers(entrant.task, entrant.measured, entrant.drift)


def _headed(entrant: Entrant) -> tuple[str, str, Shape]:
    """Name, words and shape of what stands over a film."""
    seam = entrant.measured
    if seam is None or seam.told is None:
        return entrant.name, "", Shape.UNMEASURED
    return entrant.name, seam_words.judged(seam), shape_of(None, seam.told)


def _clip_id(entrant: Entrant) -> str:
    return entrant.task.clip.id if entrant.task.clip else ""
