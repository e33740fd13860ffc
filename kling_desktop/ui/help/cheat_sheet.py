"""All keys at a glance: what `?` opens."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from kling_desktop.ui.i18n import tr
from kling_desktop.ui.key_map import KeyMap
from kling_desktop.ui.settings.keys_page import KeysPage
from kling_desktop.ui.theme.room import roomy


class CheatSheet(QDialog):
    """The page of Settings > Keys in a window of its own, with the cursor where one searches."""

    def __init__(self, keys: KeyMap, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("All keys"))
        self.page = KeysPage(keys, self)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.close)
        for button in buttons.buttons():
            button.setProperty("autoDefault", False)  # Enter in the search must not close what is searched
        column = QVBoxLayout(self)
        column.addWidget(self.page)
        column.addWidget(buttons)
        self.resize(roomy(self, 620, 560))
        self.page.search.setFocus()
