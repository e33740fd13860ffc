"""Settings, Notices: what is told by the system's notifications while the window is not in front."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from kling_desktop.ui import theme
from kling_desktop.ui.finding_lines import Sentence
from kling_desktop.ui.i18n import tr


class NoticesPage(QWidget):
    """Tells each choice at once."""

    quiet_chosen = Signal(tuple)
    """Names of what is not told."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        words = {
            "take": tr("A take is here"),
            "failed": tr("A take failed"),
            "plan": tr("A plan has stopped"),
            "queue": tr("The queue is empty"),
            "sound": tr("With a sound"),
        }
        why = Sentence(tr("Told by the system's notifications while this window is not in front."), self)
        why.dress(quiet=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.GAP, 2 * theme.GAP, theme.GAP)
        column.setSpacing(theme.GAP)
        column.addWidget(why)
        self.boxes: dict[str, QCheckBox] = {}
        for name, shown in words.items():
            box = QCheckBox(shown, self)
            box.setChecked(True)
            box.clicked.connect(self._tell)
            self.boxes[name] = box
            column.addWidget(box)
        column.addStretch(1)

    def show_quiet(self, quiet: tuple[str, ...]) -> None:
        """Show what is chosen now; nothing is told."""
        for name, box in self.boxes.items():
            box.setChecked(name not in quiet)

    def _tell(self) -> None:
        self.quiet_chosen.emit(tuple(name for name, box in self.boxes.items() if not box.isChecked()))
