"""One question of the failure doctor with its answer: a sign, the question quietly, the answer in plain words."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from kling_desktop.ui import theme
from kling_desktop.ui.finding_lines import Sentence, Sign
from kling_desktop.ui.theme.fonts import WORDS, font, scaled

_QUESTION = 128
"""Pixels of the question's column, at 100 % text size."""


class DoctorRow(QWidget):
    """A hairline above it, so that rows stand apart."""

    def __init__(self, question: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._sign = Sign(self)
        self._question = QLabel(question, self)
        self._question.setProperty("quiet", True)
        self._question.setFixedWidth(scaled(_QUESTION))
        self._question.setWordWrap(True)
        self.answer = Sentence(parent=self)
        self.answer.setFont(font(WORDS))
        self.answer.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 10, 0, 10)
        self._row.setSpacing(theme.GAP)
        self._row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        self._row.addWidget(self._question, 0, Qt.AlignmentFlag.AlignTop)
        self._row.addWidget(self.answer, 1)

    def rename(self, question: str) -> None:
        """Another question."""
        self._question.setText(question)

    def say(self, answer: str, sign: str, *, good: bool | None = None, quiet: bool = False) -> None:
        """An answer with the name of its icon; whether it is good news colours that."""
        self.answer.setText(answer)
        self.answer.dress(quiet=quiet)
        self._sign.show_sign(sign, {True: "ok", False: "warn", None: "quiet" if quiet else "accent"}[good])

    def add(self, *buttons: QWidget) -> None:
        """Let buttons stand at the row's end."""
        for button in buttons:
            self._row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QColor(theme.tokens().line))
        painter.drawLine(0, 0, self.width(), 0)
        painter.end()
