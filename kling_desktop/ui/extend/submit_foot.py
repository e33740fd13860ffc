"""The foot of the extend form, always in sight: the button, its keys, and what it may cost."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from kling_desktop.ui import theme
from kling_desktop.ui.finding_lines import Sentence
from kling_desktop.ui.i18n import tr


class SubmitFoot(QWidget):
    """Asks to submit; knows nothing of what."""

    pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.button = QPushButton(theme.icon("extend", QColor(theme.tokens().onfill)), tr("Extend"), self)
        self.button.setProperty("primary", True)
        self.button.clicked.connect(self.pressed)
        self._lay_out()

    def show_readiness(self, ready: bool) -> None:
        """While not ready, a request is on its way."""
        self.button.setEnabled(ready)
        self.button.setText(tr("Extend") if ready else tr("Sending…"))

    def _lay_out(self) -> None:
        keys = QLabel(_keys(), self)
        keys.setProperty("quiet", True)
        self.button.setToolTip(tr("Send the extension to Kling ({keys})", keys=_keys()))
        press = QHBoxLayout()
        press.setSpacing(theme.GAP)
        press.addWidget(self.button, 1)
        press.addWidget(keys)
        price = Sentence(
            tr("Usually 1–3.5 units, by the clip's model and mode. Kling says the exact charge when it is done."), self
        )
        price.dress(quiet=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.GAP, theme.GAP, theme.GAP, theme.GAP)
        column.setSpacing(theme.GAP)
        column.addLayout(press)
        column.addWidget(price)


def _keys() -> str:
    native = QKeySequence("Ctrl+Return").toString(QKeySequence.SequenceFormat.NativeText)
    return native if native.startswith("⌘") else "Ctrl+Enter"  # "Return" is on no key of most keyboards
