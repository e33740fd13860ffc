"""Settings, Notices: what is told by the system's notifications while the window is not in front."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from kling_desktop.ui.finding_lines import Sentence
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.settings.setting_rows import SettingRows


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
        reasons = {
            "take": tr("Its file is on this disk."),
            "failed": tr("What helps is said in the window."),
            "plan": tr("It waits for you to go on."),
            "queue": tr("Nothing renders and nothing waits."),
            "sound": tr("The system's own, whatever is told."),
        }
        why = Sentence(tr("Told by the system's notifications while this window is not in front."), self)
        why.dress(quiet=True)
        rows = SettingRows(self)
        rows.addRow(why)
        self.boxes: dict[str, QCheckBox] = {}
        for name, shown in words.items():
            box = self.boxes[name] = QCheckBox(tr("On"), self)
            box.setChecked(True)
            box.clicked.connect(self._tell)
            rows.add(f"quiet:{name}", shown, box, reasons[name])
        self.labels = rows.labels
        """By "quiet:" and what is told."""

    def show_quiet(self, quiet: tuple[str, ...]) -> None:
        """Show what is chosen now; nothing is told."""
        for name, box in self.boxes.items():
            box.setChecked(name not in quiet)

    def _tell(self) -> None:
        self.quiet_chosen.emit(tuple(name for name, box in self.boxes.items() if not box.isChecked()))
