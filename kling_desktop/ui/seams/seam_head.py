"""The line above the seam view: which seam it is, how it is looked at, and the way out."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QMenu, QToolButton, QWidget

from kling_desktop.domain.analysis import Seam, Verdict
from kling_desktop.ui import formatting, theme
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.painted.segments import Segments
from kling_desktop.ui.painted.shapes import shape_of
from kling_desktop.ui.painted.words_line import Run, WordsLine
from kling_desktop.ui.seams import seam_words
from kling_desktop.ui.seams.seam_stage import Look
from kling_desktop.ui.theme.fonts import WORDS, scaled
from kling_desktop.ui.viewer.head.act_button import ActButton
from kling_desktop.ui.viewer.head.stage_head import HEIGHT

LOOKS = (Look.SPLIT, Look.PAIR, Look.BLINK, Look.DIFFERENCE)
"""In the order of the buttons."""
_ROOM = 720
"""Width in pixels below which the head says less."""
_LEAST = 560
"""Pixels of width that it is content with."""
_TAUGHT = ("seam_blink", "seam_difference", "seam_loop")
RATES = (0.25, 0.5, 1.0)
"""Speeds of the loop."""


class SeamHead(QWidget):
    """Buttons for every command of the seam view."""

    stepped = Signal(int)
    """The seam so many further on is wanted; negative: before."""
    rate_chosen = Signal(float)
    look_chosen = Signal(object)
    """A `Look`."""
    left = Signal()

    def __init__(self, commands: Mapping[str, QAction], parent: QWidget) -> None:
        super().__init__(parent)
        self._line = WordsLine(self)
        self.looks = Segments(
            (tr("Split"), tr("Side by side"), tr("Blink"), tr("Difference")),
            name=tr("How the two frames are seen"),
            small=True,
            may_shrink=True,
            parent=self,
        )
        self._commands = commands
        self._is_short = False
        self.looks.chosen.connect(lambda at: self.look_chosen.emit(LOOKS[at]))
        self.loop = ActButton(tr("Loop ±1 s"), "loop", checkable=True, parent=self)
        self.loop.clicked.connect(lambda: commands["seam_loop"].trigger())
        self._speeds = self._make_speeds()
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 0, 4, 0)
        line.setSpacing(4)
        line.addWidget(self._line, 1)
        line.addWidget(self.looks)
        line.addSpacing(theme.GAP)
        line.addWidget(self.loop)
        for speed in self._speeds.buttons():
            line.addWidget(speed)
        line.addSpacing(theme.GAP)
        self._ways = (
            self._way("chevron-left", tr("Previous seam"), -1),
            self._way("chevron-right", tr("Next seam"), 1),
        )
        for way in self._ways:
            line.addWidget(way)
        line.addSpacing(theme.GAP // 2)
        line.addWidget(self._more())
        line.addWidget(self._close())
        self.setFixedHeight(scaled(HEIGHT))
        for action in (commands["seam_blink"], commands["seam_difference"], commands["seam_loop"]):
            action.changed.connect(self._teach)
        self._teach()

    def minimumSizeHint(self) -> QSize:
        """No more than it needs once it says less: else what it says now would keep it from ever being so narrow."""
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), scaled(_LEAST)), hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where room is scarce the seam's name goes before keys, and before arrows that the transport has too."""
        super().resizeEvent(event)
        self._is_short = event.size().width() < scaled(_ROOM)
        for way in self._ways:
            way.setVisible(not self._is_short)
        self.loop.set_short(self._is_short)
        self._teach()

    def _teach(self) -> None:
        """The keys beside the words follow the key map."""
        key = {name: self._commands[name].toolTip().rpartition("(")[2].rstrip(")") for name in _TAUGHT}
        self.looks.set_word(2, tr("Blink"), "" if self._is_short else key["seam_blink"])
        self.looks.set_word(3, tr("Difference"), "" if self._is_short else key["seam_difference"])
        self.loop.say(tr("Loop ±1 s"), key["seam_loop"])
        self.loop.setChecked(self._commands["seam_loop"].isChecked())

    @property
    def rate(self) -> float:
        """The speed that is chosen for the loop."""
        return RATES[self._speeds.checkedId()]

    def show_seam(self, seam: Seam, count: int) -> None:
        """One of so many."""
        shape, word = shape_of(None, seam.told), seam_words.judged(seam)
        role = seam_words.COLOURS[seam.told] if seam.told not in (None, Verdict.CLEAN) else "quiet"
        self._line.say(
            (
                Run(tr("Seam {n} of {count}", n=seam.hop, count=count), "text", WORDS, bold=True),
                Run(f"· {seam_words.place(seam)} ·", before=6),
                Run(word, role, WORDS, bold=role != "quiet", before=6),
            ),
            shape,
            dashed=seam.doubtful,
        )
        asked = tr("Asked for: {prompt}", prompt=seam.prompt) if seam.prompt else ""
        self._line.setToolTip(formatting.tip("\n".join(filter(None, (self.title, seam_words.sentence(seam), asked)))))

    def say(self, text: str) -> None:
        """Say something instead of a seam's name."""
        self._line.say((Run(text, "text", WORDS, bold=True),))

    def show_look(self, look: Look) -> None:
        """Light the way in which the frames are seen."""
        self.looks.choose(LOOKS.index(look))

    def show_looping(self, looping: bool) -> None:
        """The speeds are there while it loops."""
        for speed in self._speeds.buttons():
            speed.setVisible(looping)

    @property
    def title(self) -> str:
        return self._line.words

    def _make_speeds(self) -> QButtonGroup:
        group = QButtonGroup(self)
        for at, rate in enumerate(RATES):
            speed = self._button(f"{rate:g}×", tr("Loop at this speed"))
            speed.setCheckable(True)
            speed.setChecked(rate == 1.0)
            speed.hide()
            group.addButton(speed, at)
        group.idClicked.connect(lambda at: self.rate_chosen.emit(RATES[at]))
        return group

    def _button(self, text: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setToolTip(tip)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _way(self, sign: str, tip: str, steps: int) -> QToolButton:
        button = self._button("", tip)
        button.setAccessibleName(tip)
        button.setIcon(theme.icon(sign))
        button.clicked.connect(lambda: self.stepped.emit(steps))
        return button

    def share_menu(self, menu: QMenu) -> None:
        """What can be done with the take, the same as over the film."""
        self.more.setMenu(menu)

    def _more(self) -> QToolButton:
        self.more = self._button("", tr("More"))
        self.more.setIcon(theme.icon("more"))
        self.more.setAccessibleName(tr("More for this take"))
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return self.more

    def _close(self) -> QToolButton:
        button = self._button("", tr("Back to the film (Esc)"))
        button.setAccessibleName(tr("Back to the film"))
        button.setIcon(theme.icon("close"))
        button.clicked.connect(self.left)
        return button

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.colours().window))
        painter.end()
