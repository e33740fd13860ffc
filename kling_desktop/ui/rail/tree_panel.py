"""The page of the rail that shows a film's tree, and below it how many takes it has and how many are hidden."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from kling_desktop.ui.i18n import tr, tr_count
from kling_desktop.ui.key_map import KeyMap
from kling_desktop.ui.painted.lettering import lettering, write
from kling_desktop.ui.rail.take_tree import TakeTree
from kling_desktop.ui.stills.posters import Posters
from kling_desktop.ui.theme import icon
from kling_desktop.ui.theme.fonts import ROW, scaled
from kling_desktop.ui.theme.tokens import tokens


class TreePanel(QWidget):
    """The tree and its foot."""

    rejected_shown = Signal(bool)
    """All rejected takes are to be shown, or folded."""

    def __init__(self, posters: Posters, parent: QWidget | None = None, *, keys: KeyMap | None = None) -> None:
        super().__init__(parent)
        self.tree = TakeTree(posters, keys=keys)
        self._foot = _Foot()
        self._foot.eye.toggled.connect(self.rejected_shown)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tree, 1)
        column.addWidget(self._foot)

    def tell(self, takes: int, hidden: int) -> None:
        """Say how many takes the film has, and how many of them are rejected and hidden."""
        said = [tr_count(takes, "{n} take", "{n} takes")]
        if hidden:
            said.append(tr_count(hidden, "{n} rejected hidden", "{n} rejected hidden"))
        self._foot.say(" · ".join(said))


class _Foot(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._words = ""
        self.eye = QToolButton()
        self.eye.setCheckable(True)
        self.eye.setIcon(icon("eye"))
        self.eye.setAutoRaise(True)
        self.eye.setAccessibleName(tr("Show the rejected takes"))
        self.eye.setToolTip(tr("Show the rejected takes"))
        self.eye.setFixedSize(QSize(scaled(24), scaled(24)))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 1, scaled(8), 0)
        row.addStretch(1)
        row.addWidget(self.eye)
        self.setFixedHeight(scaled(28))

    def say(self, words: str) -> None:
        self._words = words
        self.setAccessibleName(words)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, worn = QPainter(self), tokens()
        painter.fillRect(self.rect(), QColor(worn.panel))
        painter.fillRect(QRect(0, 0, self.width(), 1), QColor(worn.line))
        box = QRect(scaled(12), 1, self.width() - scaled(48), self.height() - 1)
        write(painter, box, self._words, lettering(ROW), QColor(worn.quiet), Qt.AlignmentFlag.AlignLeft)
