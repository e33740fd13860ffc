"""The line over the compared takes: what is compared, how they are laid on each other, and the way back."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QAction, QActionGroup, QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from kling_desktop.ui.compare.compare_stage import Mode
from kling_desktop.ui.i18n import tr, tr_count
from kling_desktop.ui.painted.segments import Segments
from kling_desktop.ui.painted.words_line import Run, WordsLine
from kling_desktop.ui.theme.fonts import WORDS, scaled
from kling_desktop.ui.theme.tokens import tokens
from kling_desktop.ui.viewer.head.act_button import ActButton

_HEIGHT = 40
_MODES = tuple(Mode)


class CompareHead(QWidget):
    """Knows no player: its buttons are the comparison's commands."""

    left = Signal()
    """Back to the film."""

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        modes = QActionGroup(self)  # one holds at a time, whoever chooses it
        for mode in Mode:
            modes.addAction(actions[mode])
        self._line = WordsLine(self)
        self.modes = Segments(
            (tr("Side by side"), tr("Wipe"), tr("Overlay"), tr("Difference")),
            name=tr("How the takes are compared"),
            parent=self,
        )
        self.modes.set_word(_MODES.index(Mode.DIFFERENCE), tr("Difference"), "0")
        self.modes.chosen.connect(lambda at: actions[_MODES[at]].trigger())
        self.swap = ActButton(tr("Swap A and B"), "swap", "S", parent=self)
        self.swap.clicked.connect(actions["swap"].trigger)
        self.back = ActButton(tr("Back to the film"), "close", tr("Esc"), parent=self)
        self.back.clicked.connect(self.left)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 8, 0)
        row.setSpacing(8)
        row.addWidget(self._line, 1)
        for part in (self.modes, self.swap, self.back):
            row.addWidget(part)
        self.setFixedHeight(scaled(_HEIGHT))

    def show_takes(self, words: str, takes: int) -> None:
        """What is compared: so many takes, asked for with these words."""
        count = tr_count(takes, "{n} take", "{n} takes")
        said = " ".join(words.split())
        self._line.say(
            (
                Run(tr("Compare"), "text", WORDS, bold=True),
                Run(f"{count} · {said}" if said else count, before=8),
            )
        )

    def show_mode(self, mode: Mode) -> None:
        """Light the way in which they are compared."""
        self.modes.choose(_MODES.index(mode))
        self._actions[mode].setChecked(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens().window))
        painter.fillRect(QRect(0, self.height() - 1, self.width(), 1), QColor(tokens().line))
        painter.end()
