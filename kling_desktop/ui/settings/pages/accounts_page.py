"""Settings, Accounts: which profiles there are, which is used for new tasks, and where their keys are changed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from kling_desktop.domain.accounts import Profile, Region
from kling_desktop.ui import theme
from kling_desktop.ui.accounts.account_menu import shown_name
from kling_desktop.ui.finding_lines import Sentence
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.theme.fonts import scaled
from kling_desktop.ui.theme.layouts import nest

_ROW = 36
"""Pixels of height of an account."""
_SIGN = 16
_MOST_ROWS = 9
"""More than these are scrolled."""

_PROFILE = Qt.ItemDataRole.UserRole


class AccountsPage(QWidget):
    """Tells what is wanted; keys are entered in a dialog of their own."""

    chosen = Signal(object)
    """New tasks are to be sent with this Profile."""
    keys_asked = Signal(object)
    """Keys of this Profile are to be changed, or entered for a new one (None)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = QListWidget(self)
        self.list.setAccessibleName(tr("Accounts"))
        self.list.setProperty("topics", True)
        self.list.setIconSize(QSize(scaled(_SIGN), scaled(_SIGN)))
        self.use = QPushButton(tr("Use for new takes"), self)
        self.change = QPushButton(tr("Keys…"), self)
        self.add = QPushButton(tr("Connect Kling…"), self)
        why = Sentence(tr("A take keeps the account that it was sent with. Keys lie in the system's keyring."), self)
        why.dress(quiet=True)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.GAP)
        for button in (self.use, self.change, self.add):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.GAP, 2 * theme.GAP, theme.GAP)
        column.setSpacing(theme.GAP)
        column.addWidget(why)
        column.addWidget(self.list)
        nest(column, buttons)
        column.addStretch(1)
        self.list.currentRowChanged.connect(lambda _: self._judge())
        self.list.itemActivated.connect(lambda _: self.use.click())
        self.use.clicked.connect(lambda: self.chosen.emit(self._current()))
        self.change.clicked.connect(lambda: self.keys_asked.emit(self._current()))
        self.add.clicked.connect(lambda: self.keys_asked.emit(None))

    def show_profiles(self, profiles: Sequence[Profile], active: Profile) -> None:
        """List these, the one in use marked in words."""
        self._active = active
        self.list.clear()
        for profile in profiles:
            name = shown_name(profile)
            words = tr("{name} — used for new takes", name=name) if profile == active else name
            item = QListWidgetItem(words, self.list)
            item.setData(_PROFILE, profile)
            item.setSizeHint(QSize(0, scaled(_ROW)))
            # Those that are not in use keep its room, so that all names begin at one line.
            item.setIcon(theme.icon("check") if profile == active else _blank())
            if profile == active:
                self.list.setCurrentItem(item)
        rows = max(1, min(self.list.count(), _MOST_ROWS))
        self.list.setFixedHeight(rows * scaled(_ROW) + 2 * self.list.frameWidth())
        self._judge()

    def _current(self) -> Profile | None:
        item = self.list.currentItem()
        profile = item.data(_PROFILE) if item is not None else None
        return profile if isinstance(profile, Profile) else None

    def _judge(self) -> None:
        profile = self._current()
        self.use.setEnabled(profile is not None and profile != self._active)
        self.change.setEnabled(profile is not None and profile.region is not Region.SANDBOX)


def _blank() -> QIcon:
    nothing = QPixmap(scaled(_SIGN), scaled(_SIGN))
    nothing.fill(Qt.GlobalColor.transparent)
    return QIcon(nothing)
