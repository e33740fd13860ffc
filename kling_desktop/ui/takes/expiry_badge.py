"""Says how many takes Kling deletes within a week; a click shows them. Not there while there are none."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton, QWidget

from kling_desktop.ui import theme
from kling_desktop.ui.i18n import tr, tr_count


class ExpiryBadge(QToolButton):
    """A button for the status bar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setIcon(theme.icon("clock"))
        self.setAutoRaise(True)
        self.setToolTip(
            tr("Kling deletes these takes within 7 days. Kept ones still play then, but can no longer be extended.")
        )
        self.hide()

    def show_count(self, dying: int) -> None:
        """So many takes die this week."""
        self.setText(tr_count(dying, "{n} take dies this week", "{n} takes die this week"))
        self.setVisible(dying > 0)
