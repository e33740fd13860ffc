"""The line above the seam view: which seam it is, how it is looked at, and the way out."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from kling_desktop.domain.analysis import Seam
from kling_desktop.ui import theme
from kling_desktop.ui.finding_lines import Sign
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.seams import seam_words

RATES = (0.25, 0.5, 1.0)
"""Speeds of the loop."""


class SeamHead(QWidget):
    """Buttons for every command of the seam view."""

    stepped = Signal(int)
    """The seam so many further on is wanted; negative: before."""
    rate_chosen = Signal(float)
    blink_began = Signal()
    blink_ended = Signal()
    left = Signal()

    def __init__(self, commands: Mapping[str, QAction], parent: QWidget) -> None:
        super().__init__(parent)
        self._sign = Sign(self)
        self._title = _Title(self)
        self.blink = self._button(tr("Blink"), commands["seam_blink"].toolTip())
        self.blink.pressed.connect(self.blink_began)
        self.blink.released.connect(self.blink_ended)
        self._speeds = self._make_speeds()
        line = QHBoxLayout(self)
        line.setContentsMargins(theme.GAP, 2, 2, 2)
        line.setSpacing(2)
        line.addWidget(self._sign)
        line.addSpacing(4)
        line.addWidget(self._title, 1)
        line.addWidget(self.blink)
        for name in ("seam_difference", "seam_loop"):
            line.addWidget(self._command(commands[name]))
        for speed in self._speeds.buttons():
            line.addWidget(speed)
        line.addSpacing(theme.GAP // 2)
        line.addWidget(self._way(Qt.ArrowType.LeftArrow, tr("Previous seam"), -1))
        line.addWidget(self._way(Qt.ArrowType.RightArrow, tr("Next seam"), 1))
        line.addWidget(self._close())

    @property
    def rate(self) -> float:
        """The speed that is chosen for the loop."""
        return RATES[self._speeds.checkedId()]

    def show_seam(self, seam: Seam, count: int) -> None:
        """One of so many."""
        self._sign.show_sign(seam_words.SHAPES[seam.verdict], seam_words.COLOURS[seam.verdict])
        self._title.say(
            tr("Seam {n} of {count}", n=seam.hop, count=count)
            + f" · {seam_words.place(seam)} · {seam_words.verdict_word(seam)}"
        )

    def say(self, text: str) -> None:
        """Say something instead of a seam's name."""
        self._sign.show_sign("seam", "quiet")
        self._title.say(text)

    def show_looping(self, looping: bool) -> None:
        """The speeds are there while it loops."""
        for speed in self._speeds.buttons():
            speed.setVisible(looping)

    @property
    def title(self) -> str:
        return self._title.accessibleName()

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

    def _command(self, action: QAction) -> QToolButton:
        button = QToolButton(self)
        button.setDefaultAction(action)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _way(self, arrow: Qt.ArrowType, tip: str, steps: int) -> QToolButton:
        button = self._button("", tip)
        button.setAccessibleName(tip)
        button.setArrowType(arrow)
        button.clicked.connect(lambda: self.stepped.emit(steps))
        return button

    def _close(self) -> QToolButton:
        button = self._button("", tr("Back to the film (Esc)"))
        button.setAccessibleName(tr("Back to the film"))
        button.setIcon(theme.icon("close"))
        button.clicked.connect(self.left)
        return button


class _Title(QLabel):
    """Shortens its words where there is no room, and never asks for any."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("heading", True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def say(self, text: str) -> None:
        self.setAccessibleName(text)
        self.setToolTip(text)
        self._fit()

    def resizeEvent(self, event: object) -> None:
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(60, super().minimumSizeHint().height())

    def _fit(self) -> None:
        room = self.width() - 2
        self.setText(self.fontMetrics().elidedText(self.accessibleName(), Qt.TextElideMode.ElideRight, room))
