"""The line over a compared film: which take it is, how its seam was judged, its stars, and what is done with it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from kling_desktop.ui.i18n import tr
from kling_desktop.ui.painted.lettering import lettering
from kling_desktop.ui.painted.shapes import Shape, word_role
from kling_desktop.ui.painted.words_line import Run, WordsLine
from kling_desktop.ui.theme import ICON, icon
from kling_desktop.ui.theme.fonts import ROW, scaled
from kling_desktop.ui.theme.tokens import tokens
from kling_desktop.ui.viewer.head.act_button import ActButton
from kling_desktop.ui.viewer.head.star_row import StarRow

HEIGHT = 28
"""Pixels at a text size of 100 %."""
_ROOMY = 440
"""From this width on the buttons say their words."""


class CellHead(QWidget):
    """Knows no player."""

    hear_asked = Signal()
    pick_asked = Signal()
    reject_asked = Signal()
    starred = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.letter = _Letter(self)
        self._name = QLabel(self)
        self._name.setFont(lettering(ROW, bold=True))
        self._line = WordsLine(self)
        self.stars = StarRow(self)
        self.hear = QToolButton(self)
        self.hear.setIconSize(QSize(ICON, ICON))
        self.hear.setCheckable(True)
        self.hear.setProperty("small", True)
        self.pick = ActButton(tr("Pick"), "check", checkable=True, parent=self)
        self.reject = ActButton(tr("Reject"), "close", checkable=True, parent=self)
        self.hear.clicked.connect(self.hear_asked)
        self.pick.clicked.connect(self.pick_asked)
        self.reject.clicked.connect(self.reject_asked)
        self.stars.starred.connect(self.starred)
        row = QHBoxLayout(self)
        row.setContentsMargins(scaled(4), 0, 0, 0)
        row.setSpacing(scaled(6))
        row.addWidget(self.letter)
        row.addWidget(self._name)
        row.addWidget(self._line, 1)
        for part in (self.stars, self.hear, self.pick, self.reject):
            row.addWidget(part)
        self.setFixedHeight(scaled(HEIGHT))

    def show_take(self, name: str, words: str, shape: Shape, *, dashed: bool = False) -> None:
        """As "Take 2", and how its seam was judged, `dashed` where that is in doubt; no words while it was not."""
        self._name.setText(name)
        self._line.say((Run(words, word_role(shape)),) if words else (), shape if words else None, dashed=dashed)

    def show_state(self, letter: str, stars: int, *, heard: bool, picked: bool, rejected: bool) -> None:
        """Which take it is, and whether it is the one that is heard, and the winner, or rejected; its stars."""
        self.letter.say(letter, lit=heard)
        self.letter.setAccessibleName(tr("Take {letter}", letter=letter))
        self.stars.show_stars(stars)
        self.hear.setChecked(heard)
        self.hear.setIcon(icon("volume" if heard else "volume-off"))
        self.hear.setToolTip(tr("Hear take {letter} (M hears the next one)", letter=letter))
        self.hear.setAccessibleName(tr("Hear take {letter}", letter=letter))
        self.pick.setChecked(picked)
        tip = tr("Take {letter} is the winner (P picks the one that is heard)", letter=letter)
        self.pick.say(tr("Picked") if picked else tr("Pick"), tip=tip)
        self.pick.setAccessibleName(tr("Pick take {letter}", letter=letter))
        self.reject.setChecked(rejected)
        tip = tr("Reject take {letter} (X rejects the one that is heard)", letter=letter)
        self.reject.say(tr("Rejected") if rejected else tr("Reject"), tip=tip)
        self.reject.setAccessibleName(tr("Reject take {letter}", letter=letter))

    def paintEvent(self, event: QPaintEvent) -> None:
        """On the grey stage of the light theme only plain words could be read."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens().window))
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_short = self.width() < scaled(_ROOMY)
        for button in (self.pick, self.reject):
            button.set_short(is_short)
        self.hear.setVisible(self.width() >= scaled(300))


class _Letter(QLabel):
    """A letter in a square, in the colour of what is chosen where its take is heard."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._is_lit = False
        self.setFixedSize(scaled(20), scaled(20))

    def say(self, letter: str, *, lit: bool) -> None:
        self._is_lit = lit
        self.setText(letter)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, worn = QPainter(self), tokens()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(worn.fill if self._is_lit else worn.raised))
        painter.drawRoundedRect(QRectF(self.rect()), 3, 3)
        painter.setPen(QColor(worn.onfill if self._is_lit else worn.text))
        painter.setFont(lettering(ROW, bold=True))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self.text())
        painter.end()
