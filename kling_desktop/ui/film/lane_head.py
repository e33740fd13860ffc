"""The head of the film lane: what is made and to come, how the plan is to run, and why it stands still."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QWidget

from kling_desktop.domain.clips import DYING
from kling_desktop.domain.takes import Gate
from kling_desktop.ui.film.film_view import FilmView, PlanState
from kling_desktop.ui.film.film_words import (
    drift_words,
    estimate_words,
    expiry_words,
    made_words,
    payer_words,
    wordless_words,
)
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.painted.lettering import lettering
from kling_desktop.ui.painted.segments import Segments
from kling_desktop.ui.painted.words_line import Run, WordsLine
from kling_desktop.ui.theme import icon
from kling_desktop.ui.theme.fonts import ROW, WORDS, scaled
from kling_desktop.ui.theme.tokens import tokens

HEIGHT = 36
GATES = (Gate.ASK, Gate.CLEAN, Gate.RUN)
TAKES_PER_HOP = (1, 2, 3, 4)

_LEAST = 480
"""Pixels of width that it asks for; a window is never as narrow."""


class LaneHead(QWidget):
    """Everything in it is a real control, but for the line of words."""

    folded = Signal(bool)
    """The lane is to be folded to its head, or opened."""
    takes_chosen = Signal(int)
    """Takes per hop, 1 to 4."""
    gate_chosen = Signal(Gate)
    run_asked = Signal()
    """Run the plan, or go on with a paused one."""
    pause_asked = Signal()
    accepted = Signal()
    """Go on as things stand; spends nothing anew for this hop."""
    again_asked = Signal()
    """Try the hop again, at the price that was named."""
    more_asked = Signal(QPoint)
    """The plan's menu is wanted there on the screen."""
    dragged = Signal()
    """The whole film is pulled out by its name or its lengths."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = FilmView()
        self._pressed: QPoint | None = None
        self._is_folded = False
        self.fold = _tool("chevron-down", tr("Fold the film"))
        self.words = WordsLine()
        self._title = WordsLine()
        self._title.say([Run(tr("The film"), "text", WORDS, bold=True)])
        self._takes_label = _label(tr("Takes per hop"))
        self.takes = Segments([str(number) for number in TAKES_PER_HOP], name=tr("Takes per hop"), small=True)
        self.gates = Segments([gate_words(gate) for gate in GATES], name=tr("When the plan stops"), small=True)
        self.estimate = WordsLine()
        self._run_icon = "play"
        self.run = _button(self._run_icon, "")
        self.accept = _button("check", tr("Accept and go on"))
        self.again = _button("retry", "", primary=True)
        self.more = _tool("more", tr("More about the plan"))
        for handle in (self._title, self.words):
            handle.setCursor(Qt.CursorShape.OpenHandCursor)
            handle.setToolTip(tr("Drag it into another program: the finished film as a file"))
        self._lines = [_Upright() for _ in range(3)]
        self._lay_out()
        self._listen()
        self.show_view(self._view)

    def _lay_out(self) -> None:
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(scaled(8), 1, scaled(12), 0)
        row.setSpacing(scaled(8))
        # What does not fit gives way, so that the controls of now say nothing about how narrow a window may be.
        row.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
        start: tuple[QWidget, ...] = (self.fold, self._title, self._lines[0])
        for widget in start:
            row.addWidget(widget)
        row.addWidget(self.words, 1)
        for widget in (self._takes_label, self.takes, self._lines[1], self.gates, self._lines[2], self.estimate):
            row.addWidget(widget)
        for button in (self.run, self.accept, self.again, self.more):
            row.addWidget(button)
        self.setFixedHeight(scaled(HEIGHT) + 1)

    def _listen(self) -> None:
        self.fold.clicked.connect(self._toggle_fold)
        self.takes.chosen.connect(lambda number: self.takes_chosen.emit(number + 1))
        self.gates.chosen.connect(lambda number: self.gate_chosen.emit(GATES[number]))
        self.run.clicked.connect(self._run_or_pause)
        self.accept.clicked.connect(self.accepted)
        self.again.clicked.connect(self.again_asked)
        self.more.clicked.connect(lambda: self.more_asked.emit(self.more.mapToGlobal(self.more.rect().bottomLeft())))

    def show_view(self, view: FilmView) -> None:
        """Show how the film and its plan stand."""
        self._view = view
        self.takes.choose(max(1, min(4, view.takes_per_hop)) - 1)
        self.gates.choose(GATES.index(view.gate))
        if view.stop is not None:
            self._say_stop()
        else:
            self._say_lengths()
        running = view.plan is PlanState.RUNNING
        looks = view.stop is not None and view.stop.unseen
        self.run.setText(run_words(view))
        self._show_run("pause" if running else "eye" if looks else "play")
        self.run.setEnabled(running or view.stop is not None or view.has_planned)
        self.run.setToolTip(wordless_words(view) if self.run.isEnabled() else tr("No hop is planned"))
        self._show_what_fits()

    def _show_run(self, name: str) -> None:
        """Another icon is laid out anew, the same one as well."""
        if name != self._run_icon:
            self._run_icon = name
            self.run.setIcon(icon(name))

    def show_folded(self, folded: bool) -> None:
        """Turn the arrow without telling."""
        self._is_folded = folded
        self.fold.setIcon(icon("chevron-right" if folded else "chevron-down"))
        words = tr("Unfold the film") if folded else tr("Fold the film")
        self.fold.setAccessibleName(words)
        self.fold.setToolTip(words)

    def _say_stop(self) -> None:
        stop = self._view.stop
        if stop is None:
            return
        runs = [Run(stop.reason, "text" if stop.was_asked_for else "bad", bold=True)]
        if stop.detail:
            runs.append(Run(stop.detail, "quiet", before=scaled(8)))
        self.words.say([*runs, *self._payer()], stop.shape)
        self.again.setText(stop.again)

    def _say_lengths(self) -> None:
        made, coming, whole, limit = made_words(self._view)
        runs = [Run(made, "text"), Run(f" {tr('made')}")]
        if self._view.coming:
            runs += [Run(" + "), Run(coming, "text"), Run(f" {tr('to come')} = "), Run(whole, "text")]
        if limit:
            runs.append(Run(f" {tr('of {limit}', limit=limit)}"))
        drift = drift_words(self._view)
        if drift:
            runs.append(Run(drift, "warn", before=scaled(12)))
        if expiry := expiry_words(self._view):
            days = self._view.first_dies_in_days
            # One that has weeks left, or is gone, is told of; only what can still be acted on is warned of.
            ink = "warn" if days is not None and 0 < days <= DYING.days else "quiet"
            runs.append(Run(f" · {expiry}", ink) if drift else Run(expiry, ink, before=scaled(12)))
        if self._view.awaited_hop:
            words = tr("hop {n} is sent once you have written it", n=self._view.awaited_hop)
            runs.append(Run(words, "warn", before=scaled(12)))
        elif words := wordless_words(self._view):
            runs.append(Run(words, "warn", before=scaled(12)))
        self.words.say([*runs, *self._payer()])
        words = estimate_words(self._view.estimate) if self._view.estimate is not None else ""
        self.estimate.say([Run(words)] if words else [])

    def _payer(self) -> list[Run]:
        words = payer_words(self._view)
        return [Run(words, "warn", before=scaled(12))] if words else []

    def _show_what_fits(self) -> None:
        """The estimate, the takes per hop and the gates give way, in this order, before the words lose a letter."""
        stop = self._view.stop
        ways = {
            self._lines[0]: stop is not None,
            self.run: stop is None or stop.unseen or not (stop.acceptable or stop.again),
            self.accept: stop is not None and stop.acceptable,
            self.again: stop is not None and bool(stop.again),
        }
        groups = {
            "gates": (self.gates, self._lines[2]),
            "takes": (self._takes_label, self.takes, self._lines[1]),
            "estimate": (self.estimate,),
        }
        shown = ["gates"] if stop is not None else ["gates", "takes"]
        if stop is None and self._view.estimate is not None:
            shown.append("estimate")
        always = [self.fold, self._title, self.words, self.more, *(widget for widget, is_on in ways.items() if is_on)]
        while shown and self._room_for([*always, *(widget for name in shown for widget in groups[name])]) < 0:
            shown.pop()
        for widget, is_on in ways.items():
            widget.setVisible(is_on)
        for name, widgets in groups.items():
            for widget in widgets:
                widget.setVisible(name in shown)
        # Now, or one frame would be seen with the new controls at the old places.
        self._row.activate()

    def _room_for(self, widgets: Sequence[QWidget]) -> int:
        """Pixels that are left when these stand side by side; below 0 they do not fit."""
        gap = scaled(8)
        return self.width() - scaled(20) - sum(widget.sizeHint().width() + gap for widget in widgets) + gap

    def _toggle_fold(self) -> None:
        self.show_folded(not self._is_folded)
        self.folded.emit(self._is_folded)

    def _run_or_pause(self) -> None:
        if self._view.plan is PlanState.RUNNING:
            self.pause_asked.emit()
        else:
            self.run_asked.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = event.position().toPoint()
        is_handle = self.childAt(place) in (self._title, self.words)
        self._pressed = place if is_handle and event.button() == Qt.MouseButton.LeftButton else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        far = QGuiApplication.styleHints().startDragDistance()
        if self._pressed is not None and (event.position().toPoint() - self._pressed).manhattanLength() >= far:
            self._pressed = None
            self.dragged.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pressed = None

    def minimumSizeHint(self) -> QSize:
        return QSize(scaled(_LEAST), scaled(HEIGHT))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_what_fits()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, worn = QPainter(self), tokens()
        painter.fillRect(self.rect(), QColor(worn.window))
        painter.fillRect(0, 0, self.width(), 1, QColor(worn.line))


def gate_words(gate: Gate) -> str:
    """When a plan with this gate stops."""
    words = {Gate.ASK: tr("Stop after each"), Gate.CLEAN: tr("Stop on a bad seam"), Gate.RUN: tr("Run all")}
    return words[gate]


def run_words(view: FilmView) -> str:
    """What the one button does that spends nothing by itself: it runs what is planned, or looks at what came."""
    if view.plan is PlanState.RUNNING:
        return tr("Pause plan")
    if view.stop is not None and view.stop.unseen:
        return tr("Look again")
    return tr("Go on") if view.plan is PlanState.PAUSED else tr("Run plan")


class _Upright(QFrame):
    """A hairline between two groups of controls."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        return QSize(scaled(9), scaled(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.width() // 2, 0, 1, self.height(), QColor(tokens().line))


def _label(words: str) -> WordsLine:
    line = WordsLine()
    line.say([Run(words)])
    return line


def _tool(name: str, words: str) -> QToolButton:
    button = QToolButton()
    button.setIcon(icon(name))
    button.setAutoRaise(True)
    button.setAccessibleName(words)
    button.setToolTip(words)
    button.setProperty("small", True)
    button.setFixedSize(scaled(24), scaled(24))
    return button


def _button(name: str, words: str, *, primary: bool = False) -> QPushButton:
    button = QPushButton(icon(name, QColor("#ffffff") if primary else None), words)
    button.setProperty("primary", primary)
    button.setProperty("small", True)
    button.setFont(lettering(ROW, bold=primary))
    button.setFixedHeight(scaled(24))
    button.setIconSize(QSize(scaled(14), scaled(14)))
    button.setAutoDefault(False)
    return button
