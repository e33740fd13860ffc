"""The viewer with its seams: chips beneath the film, and in its place the frames and meters of one seam."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from kling_desktop.domain.analysis import HopLook, Seam, SeamStills
from kling_desktop.ui import theme
from kling_desktop.ui.finding_lines import Sentence
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.key_map import KeyMap
from kling_desktop.ui.seams import seam_words
from kling_desktop.ui.seams.drift_chart import DriftChart
from kling_desktop.ui.seams.meter_bars import MeterBars
from kling_desktop.ui.seams.seam_bar import SeamBar
from kling_desktop.ui.seams.seam_head import SeamHead
from kling_desktop.ui.seams.seam_loop import SeamLoop
from kling_desktop.ui.seams.seam_stage import Look, SeamStage
from kling_desktop.ui.viewer.key_gate import KeyGate
from kling_desktop.ui.viewer.viewer import Viewer
from kling_desktop.ui.viewer.viewer_keys import actions, menu

_HALF_FRAME_SECONDS = 0.01
_NARROWEST, _WIDEST = 196, 240
"""Pixels of what stands beside the frames."""
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1}
_OWN_KEYS = ["Up", "Down", "Left", "Right", "Space"]
"""Keys that the player leaves to the frames, which do not move."""


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
        self._loop = SeamLoop(viewer)
        self.commands = actions(self, KeyGate(self), self._commands(), keys)
        self.bar = SeamBar(self)
        self.head = SeamHead(self.commands, self)
        self.stage = SeamStage(self)
        self.meters = MeterBars(self)
        self.drift = DriftChart(self)
        self._prompt = Sentence(parent=self)
        self._prompt.dress(quiet=True)
        self._prompt.setContentsMargins(4, 0, 4, 0)
        self._stack = QStackedWidget(self)
        self._side = self._beside()
        self._leaver = QShortcut(QKeySequence(Qt.Key.Key_Escape), self, enabled=False)
        self._lay_out()
        self._connect()
        self._show_state()

    # what it is told ---------------------------------------------------------------------------------------

    def clear(self) -> None:
        """There is no film, or one that was never extended."""
        self._forget()
        self.leave()
        self.bar.clear()

    def wait(self) -> None:
        """The film's seams are being looked for; an open view stays open for them."""
        self._forget()
        self._loop.end()
        self.bar.say(tr("Looking for the seams…"))
        if self.is_open:
            self.head.say(tr("Looking for the seams…"))
            self.stage.say(tr("Looking for the seams…"))
        self._show_state()

    def fail(self, why: str) -> None:
        """The seams could not be found."""
        self._forget()
        self.leave()
        self.bar.say(why)

    def show_seams(self, seams: tuple[Seam, ...]) -> None:
        """At least one, first hop first."""
        self._seams = seams
        self.bar.show_seams(seams)
        if self.is_open:
            self._go(min(self.at or 0, len(seams) - 1))
            self.drift_wanted.emit()
        else:
            self._follow(self._viewer.position_seconds)
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
        self.drift.show_hops(hops)

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
        else:
            self.open(self.at or 0)
        self._show_state()

    def _toggle_difference(self) -> None:
        self._loop.end()
        self.stage.choose(Look.PAIR if self.stage.look is Look.DIFFERENCE else Look.DIFFERENCE)
        self._show_state()

    def _toggle_loop(self) -> None:
        if self._loop.runs:
            self._loop.end()
        elif self.at is not None:
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
        self.bar.mark(number)
        if self._loop.runs:
            self._loop.begin(seam, self.head.rate)
        else:
            self._viewer.seek_frame(seam.frame)
        if self.is_open:
            self._present(seam)

    def _present(self, seam: Seam) -> None:
        self.head.show_seam(seam, len(self._seams))
        self.meters.show_seam(seam)
        self._prompt.setText(tr("Asked for: {prompt}", prompt=seam.prompt) if seam.prompt else "")
        self._prompt.setVisible(bool(seam.prompt))
        self.stage.say(tr("Fetching the two frames…"))
        self.stills_wanted.emit(seam.frame)

    def _follow(self, seconds: float) -> None:
        """The seam at hand is the last one that the film has passed."""
        if self.is_open:
            return
        passed = bisect_right([seam.seconds for seam in self._seams], seconds + _HALF_FRAME_SECONDS) - 1
        at = passed if passed >= 0 else None
        if at != self.at:
            self.at = at
            self.bar.mark(at)

    def _forget(self) -> None:
        self._seams = ()
        self.drift.show_hops(())
        self.meters.show_seam(None)
        if not self.is_open:
            self.at = None
        self._show_state()

    def _is_at(self, frame: int) -> bool:
        at_hand = self._seams[self.at] if self.at is not None and self.at < len(self._seams) else None
        return self.is_open and at_hand is not None and at_hand.frame == frame

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._side.fit(self.width())

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
        self._stack.setCurrentWidget(self.stage if self.is_open and not looping else self._viewer)
        self.head.setVisible(self.is_open)
        self._side.setVisible(self.is_open)
        self._leaver.setEnabled(self.is_open)
        self.head.show_looping(looping)
        for name in ("seam_back", "seam_forward"):
            self._viewer.commands[name].setEnabled(not self.is_open)  # open, the arrows are the view's
        self.commands["seam_view"].setChecked(self.is_open)
        self.commands["seam_loop"].setChecked(looping)
        self.commands["seam_difference"].setChecked(self.stage.look is Look.DIFFERENCE and not looping)
        for name, action in self.commands.items():
            needs_view = name in ("seam_blink", "seam_difference", "seam_loop")
            action.setEnabled(bool(self._seams) and (self.is_open or not needs_view))

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
        self.bar.opened.connect(self.open)
        self.bar.chosen.connect(self._go)
        self.head.stepped.connect(self.step)
        self.head.left.connect(self.leave)
        self.head.rate_chosen.connect(self._loop_at)
        self.head.blink_began.connect(self._blink)
        self.head.blink_ended.connect(self._rest)
        self._leaver.activated.connect(self.leave)
        self._viewer.position_changed.connect(self._follow)

    def _beside(self) -> _Side:
        """What stands to the right of the frames; scrolled where the window is low."""
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(theme.GAP // 2, 0, theme.GAP // 2, theme.GAP)
        column.setSpacing(theme.GAP)
        for widget in (self.meters, self._prompt, self.drift):
            column.addWidget(widget)
        column.addStretch(1)
        side = _Side(self)
        side.setWidget(page)
        return side

    def _lay_out(self) -> None:
        self._stack.addWidget(self._viewer)
        self._stack.addWidget(self.stage)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self._stack, 1)
        middle.addWidget(self._side)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addLayout(middle, 1)
        column.addWidget(self.bar)


class _Side(QScrollArea):
    """As wide as its meters need, a little less where the frames need it more, whatever the height."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def fit(self, room: int) -> None:
        """Take no more than a third of so many pixels."""
        self.setFixedWidth(max(_NARROWEST, min(_WIDEST, room // 3)))

    def minimumSizeHint(self) -> QSize:
        return QSize(_NARROWEST, 80)
