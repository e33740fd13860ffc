"""The head of the right panel: what it does, and which hop and take would come of it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from kling_desktop.ui.finding_lines import Sign
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.theme.fonts import scaled

_HEIGHT = 32


class PanelHead(QWidget):
    """One line: a title, a quiet place, and at the end the way back, where there is one."""

    back_asked = Signal()

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = QLabel(title, self)
        self._title.setProperty("heading", True)
        self._sign = Sign(self, 12)
        self._sign.show_sign("chevron-right", "quiet")
        self._sign.hide()
        self._place = QLabel(self)
        self._place.setProperty("quiet", True)
        self.back = QPushButton(tr("Back to the clip"), self)
        self.back.setProperty("link", True)
        self.back.setFlat(True)
        self.back.setAutoDefault(False)
        self.back.setCursor(Qt.CursorShape.PointingHandCursor)
        self.back.hide()
        self.back.clicked.connect(self.back_asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._title)
        row.addWidget(self._sign)
        row.addWidget(self._place)
        row.addStretch(1)
        row.addWidget(self.back)
        self.setFixedHeight(scaled(_HEIGHT))

    def show_title(self, title: str) -> None:
        """As "Extend" or "New film"."""
        self._title.setText(title)

    def show_place(self, words: str) -> None:
        """As "hop 5, take 2"; empty says nothing."""
        self._place.setText(words)
        self._sign.setVisible(bool(words))
