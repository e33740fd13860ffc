"""The page of the rail that shows a film's tree, and below it how many takes it has and how many are hidden."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from kling_desktop.ui.i18n import tr, tr_count
from kling_desktop.ui.key_map import KeyMap
from kling_desktop.ui.painted.foot_line import FootLine
from kling_desktop.ui.rail.take_tree import TakeTree
from kling_desktop.ui.stills.posters import Posters
from kling_desktop.ui.theme import icon


class TreePanel(QWidget):
    """The tree and its foot."""

    rejected_shown = Signal(bool)
    """All rejected takes are to be shown, or folded."""

    def __init__(self, posters: Posters, parent: QWidget | None = None, *, keys: KeyMap | None = None) -> None:
        super().__init__(parent)
        self.tree = TakeTree(posters, keys=keys)
        eye = QToolButton()
        eye.setCheckable(True)
        eye.setIcon(icon("eye"))
        eye.setAccessibleName(tr("Show the rejected takes"))
        eye.setToolTip(tr("Show the rejected takes"))
        eye.toggled.connect(self.rejected_shown)
        self._foot = FootLine(eye)
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
