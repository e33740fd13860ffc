"""The viewer with its seams: marked on the strip, and over the picture the frames and meters of one seam."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from kling_desktop.domain.analysis import HopLook, Seam, SeamStills
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.key_map import KeyMap
from kling_desktop.ui.painted.shapes import shape_of
from kling_desktop.ui.seams import seam_words
from kling_desktop.ui.seams.seam_foot import SeamFoot
from kling_desktop.ui.seams.seam_head import SeamHead
from kling_desktop.ui.seams.seam_loop import SeamLoop
from kling_desktop.ui.seams.seam_stage import Look, SeamStage
from kling_desktop.ui.seams.strip_mark import strip_mark
from kling_desktop.ui.viewer.head.stage_head import StageHead
from kling_desktop.ui.viewer.key_gate import KeyGate
from kling_desktop.ui.viewer.viewer import Viewer
from kling_desktop.ui.viewer.viewer_keys import actions, menu

_HALF_FRAME_SECONDS = 0.01
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1}
_OWN_KEYS = ["Up", "Down", "Left", "Right", "Shift+Left", "Shift+Right", "Space"]
"""Keys that the player leaves to the frames, which do not move."""

_NEWEST = 10_000
"""Number of a seam that no film has: the last one is meant."""


class SeamView(QWidget):
    """Lays out the viewer. Open, it shows the seam at hand; what it needs for that it asks for."""

    stills_wanted = Signal(int)
    """The pictures of the seam whose first new frame is this one: `show_stills` is hoped for."""
    drift_wanted = Signal()
    """The drift of the film's chain: `show_drift` is hoped for."""

    def __init__(self, viewer: Viewer, keys: KeyMap, parent: QWidget) -> None:
        super().__init__(parent)
        self._viewer = viewer
        self._keys = keys
        self._seams: tuple[Seam, ...] = ()
        self.at: int | None = None
        """Number (from 0) of the seam at hand; None before the first."""
        self.is_open = False
        self._is_waiting = False
        self._why_none = ""
        """Why there is no seam to look at, once that is known."""
        self._loop = SeamLoop(viewer)
        self.commands = actions(self, KeyGate(self), self._commands(), keys)
        self.take_head = StageHead(keys, self)
        self.head = SeamHead(self.commands, self)
        self.head.share_menu(self.take_head.menu)
        self.place = viewer.transport.seam
        self.stage = SeamStage(viewer)
        self.foot = SeamFoot(viewer)
        self.meters, self.drift = self.foot.meters, self.foot.drift
        self._heads = QStackedWidget(self)
        self._leaver = QShortcut(QKeySequence(Qt.Key.Key_Escape), self, enabled=False)
        self._lay_out()
        self._connect()
        self._show_state()

    # what it is told ---------------------------------------------------------------------------------------

    def clear(self) -> None:
        """There is no film, or one that was never extended."""
        self._forget(tr("There is no seam in this film yet."))
        self.leave()
        self.place.say("")

    def wait(self) -> None:
        """The film's seams are being looked for; an open view stays open for them."""
        self._forget()
        self._is_waiting = True
        self._loop.end()
        self.place.say(tr("Looking for the seams…"))
        if self.is_open:
            self.head.say(tr("Looking for the seams…"))
            self.stage.say(tr("Looking for the seams…"))
        self._show_state()

    def fail(self, why: str) -> None:
        """The seams could not be found."""
        self._forget(why)
        self.leave()
        self.place.say(why)

    def show_seams(self, seams: tuple[Seam, ...]) -> None:
        """At least one, first hop first."""
        self._seams, self._is_waiting = seams, False
        self._viewer.show_marks(tuple(strip_mark(number, seam) for number, seam in enumerate(seams, 1)))
        if self.is_open:
            self._go(min(self.at or 0, len(seams) - 1))
            self.drift_wanted.emit()
        else:
            self._follow(self._viewer.position_seconds, anew=True)
        self._show_state()

    def show_stills(self, frame: int, stills: SeamStills) -> None:
        """The pictures of the seam with this first new frame."""
        if self._is_at(frame):
            self.stage.show_stills(stills, frame)

    def show_no_stills(self, frame: int, why: str) -> None:
        if self._is_at(frame):
            self.stage.say(why)

    def show_drift(self, hops: tuple[HopLook, ...]) -> None:
        """Hop 0 first."""
        self.foot.show_drift(hops)

    def menu(self) -> list[QAction]:
        """The commands as a menu shows them."""
        return menu(self, self.commands, self._keys)

    @property
    def seams(self) -> tuple[Seam, ...]:
        return self._seams

    # what the creator does -----------------------------------------------------------------------------------

    def open(self, number: int) -> None:
        """Look at a seam, counted from 0."""
        if not 0 <= number < len(self._seams):
            return
        was_open, self.is_open = self.is_open, True
        self._show_state()
        self._viewer.pause()
        self._go(number)
        if not was_open:
            self.drift_wanted.emit()
        self.stage.setFocus(Qt.FocusReason.OtherFocusReason)

    def open_when_found(self, number: int, look: Look) -> None:
        """Open at this seam, from 0, as soon as the seams are here; they may be already."""
        self.choose_look(look)
        if self._seams:
            self.open(min(number, len(self._seams) - 1))
        else:
            self.at, self.is_open = number, True
            self._viewer.pause()
            for place in (self.head, self.stage):
                place.say(tr("Looking for the seams…"))
            self._show_state()

    def leave(self) -> None:
        """Back to the film, which stands at the seam."""
        if not self.is_open:
            return
        self._loop.end()
        self.stage.rest()
        self.is_open = False
        self._show_state()
        self._viewer.setFocus(Qt.FocusReason.OtherFocusReason)

    def open_worst(self) -> None:
        worst = seam_words.worst_seam(self._seams)
        if worst is not None:
            self.open(worst)

    def step(self, steps: int) -> None:
        """The next seam, or one before; at the ends it stays."""
        if self._seams:
            self._go(max(0, min((self.at or 0) + steps, len(self._seams) - 1)))

    def _toggle(self) -> None:
        if self.is_open:
            self.leave()
        elif self._is_waiting:
            self.open_when_found(_NEWEST, self.stage.look)
        elif self._seams:
            self.open(self.at or 0)
        elif self._viewer.clip is not None:
            self._viewer.picture.tell(self._why_none)
        self._show_state()

    def _toggle_difference(self) -> None:
        self._loop.end()
        self.choose_look(Look.SPLIT if self.stage.look is Look.DIFFERENCE else Look.DIFFERENCE)

    def choose_look(self, look: Look) -> None:
        """See the two frames in this way."""
        self._loop.end()
        self.stage.choose(look)
        self._show_state()

    def _toggle_loop(self) -> None:
        if self._loop.runs:
            self._loop.end()
        elif self.at is not None and self.at < len(self._seams):
            self._loop.begin(self._seams[self.at], self.head.rate)
        self._show_state()
        shown = self._viewer if self._loop.runs else self.stage
        shown.setFocus(Qt.FocusReason.OtherFocusReason)

    def _loop_at(self, rate: float) -> None:
        if self._loop.runs and self.at is not None:
            self._loop.begin(self._seams[self.at], rate)

    # blinking, which lasts as long as its key or button is held ----------------------------------------------

    def _blink(self) -> None:
        self._loop.end()
        self._show_state()
        self.stage.blink()
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self)

    def _rest(self) -> None:
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)
        self.stage.rest()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        released = event.type() == QEvent.Type.KeyRelease and isinstance(event, QKeyEvent) and not event.isAutoRepeat()
        if released or event.type() in (QEvent.Type.ApplicationDeactivate, QEvent.Type.MouseButtonRelease):
            self._rest()
        return False

    # inside ----------------------------------------------------------------------------------------------------

    def _go(self, number: int) -> None:
        """Be at a seam: mark it, and show it in the film or in the view."""
        self.at = number
        seam = self._seams[number]
        self._show_place()
        if self._loop.runs:
            self._loop.begin(seam, self.head.rate)
        else:
            self._viewer.seek_frame(seam.frame)
        if self.is_open:
            self._present(seam)

    def _present(self, seam: Seam) -> None:
        self.head.show_seam(seam, len(self._seams))
        self.meters.show_seam(seam)
        self.stage.say(tr("Fetching the two frames…"))
        self.stills_wanted.emit(seam.frame)

    def _follow(self, seconds: float, *, anew: bool = False) -> None:
        """The seam at hand is the last one that the film has passed."""
        if self.is_open:
            self._leave_for(self._viewer.aimed_seconds)
            return
        passed = bisect_right([seam.seconds for seam in self._seams], seconds + _HALF_FRAME_SECONDS) - 1
        at = passed if passed >= 0 else None
        if at != self.at or anew:
            self.at = at
            self._show_place()

    def _leave_for(self, seconds: float) -> None:
        """Whoever goes elsewhere in the film wants to see it."""
        if self._loop.runs or self.at is None or self.at >= len(self._seams):
            return
        frame = 1 / (self._viewer.fps or 24)
        if self._viewer.playing or abs(seconds - self._seams[self.at].seconds) > 1.5 * frame:
            self.leave()

    def _show_place(self) -> None:
        """Which seam is at hand, beneath the film."""
        if not self._seams:
            return
        at = self.at if self.at is not None and self.at < len(self._seams) else None
        seam = self._seams[at] if at is not None else None
        shape = shape_of(None, seam.told if seam else None)
        word = seam_words.judged(seam) if seam else ""
        key = self._keys.shown("seam_view")
        number, dashed = (0 if at is None else at + 1), seam is not None and seam.doubtful
        self.place.show_seam(number, len(self._seams), shape, word, key, dashed=dashed)
        self._viewer.transport.strip.show_open(at + 1 if self.is_open and at is not None else 0)

    def _step_place(self, steps: int) -> None:
        """To the seam before or after the film's place; open, to that of the one at hand."""
        if self.is_open:
            self.step(steps)
        else:
            self._viewer.seek_seam(steps)

    def _forget(self, why_none: str = "") -> None:
        self._seams, self._is_waiting, self._why_none = (), False, why_none
        self.foot.show_drift(())
        self.meters.show_seam(None)
        if not self.is_open:
            self.at = None
        self._show_state()

    def _is_at(self, frame: int) -> bool:
        at_hand = self._seams[self.at] if self.at is not None and self.at < len(self._seams) else None
        return self.is_open and at_hand is not None and at_hand.frame == frame

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that nothing inside has taken, while the view is open."""
        steps = _STEPS.get(Qt.Key(event.key()))
        if not self.is_open or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif steps is not None:
            self.step(steps)
        elif event.key() == Qt.Key.Key_Space:
            self._toggle_loop()
        else:
            super().keyPressEvent(event)

    def _show_state(self) -> None:
        looping = self._loop.runs
        self.setProperty("own_keys", _OWN_KEYS if self.is_open and not looping else [])
        self._heads.setCurrentWidget(self.head if self.is_open else self.take_head)
        self.stage.setVisible(self.is_open and not looping)
        self.foot.setVisible(self.is_open)
        self.head.show_look(self.stage.look)
        self._show_place()
        self._leaver.setEnabled(self.is_open)
        self.head.show_looping(looping)
        for name in ("seam_back", "seam_forward"):
            self._viewer.commands[name].setEnabled(not self.is_open)  # open, the arrows are the view's
        self.commands["seam_view"].setChecked(self.is_open)
        self.commands["seam_loop"].setChecked(looping)
        self.commands["seam_difference"].setChecked(self.stage.look is Look.DIFFERENCE and not looping)
        for name, action in self.commands.items():
            needs_view = name in ("seam_blink", "seam_difference", "seam_loop")
            says_why = name == "seam_view"
            action.setEnabled(says_why or (bool(self._seams) and (self.is_open or not needs_view)))

    # building ------------------------------------------------------------------------------------------------

    def _commands(self) -> dict[str, Callable[[], None]]:
        return {
            "seam_view": self._toggle,
            "worst_seam": self.open_worst,
            "seam_blink": self._blink,
            "seam_difference": self._toggle_difference,
            "seam_loop": self._toggle_loop,
        }

    def _connect(self) -> None:
        self.head.stepped.connect(self.step)
        self.head.left.connect(self.leave)
        self.head.rate_chosen.connect(self._loop_at)
        self.head.look_chosen.connect(self.choose_look)
        self.place.asked.connect(self._toggle)
        self.place.stepped.connect(self._step_place)
        self._leaver.activated.connect(self.leave)
        self._viewer.transport.strip.seam_opened.connect(lambda number: self.open(number - 1))
        self._viewer.position_changed.connect(self._follow)

    def _lay_out(self) -> None:
        self._viewer.cover(self.stage)
        self._viewer.set_foot(self.foot)
        for head in (self.take_head, self.head):
            self._heads.addWidget(head)
        self._heads.setFixedHeight(self.take_head.height())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._heads)
        column.addWidget(self._viewer, 1)
