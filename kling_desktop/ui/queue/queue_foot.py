"""The foot of the queue's page: the units charged today, and what can be done with the queue as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from kling_desktop.ui import formatting, theme
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.painted.foot_line import FootLine


class QueueFoot(FootLine):
    """Stays below the list, whether anything is listed or not."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.more = QToolButton()
        super().__init__(self.more, parent)
        self.menu = QMenu(self)
        self.more.setIcon(theme.icon("more"))
        self.more.setToolTip(tr("More about the queue"))
        self.more.setAccessibleName(tr("More about the queue"))
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setMenu(self.menu)
        self.show_charged(Decimal(0))

    def offer(self, verbs: Sequence[QAction]) -> None:
        """What the menu holds: the menu bar's own verbs, so that their words and keys are the same."""
        self.menu.addActions(list(verbs))

    def show_charged(self, units: Decimal) -> None:
        """Say what the chosen account was charged today; what is only reserved is no part of it."""
        self.say(charged_words(units))


def charged_words(units: Decimal) -> str:
    """Units charged today, as a sentence."""
    if not units:
        return tr("Nothing charged today")
    if units == 1:
        return tr("1 unit charged today")
    return tr("{n} units charged today", n=formatting.units(units))
