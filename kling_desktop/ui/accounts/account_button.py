"""Says which account new tasks are sent with, and lets the creator choose another."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from kling_desktop.domain.accounts import Profile, Region
from kling_desktop.ui import theme
from kling_desktop.ui.i18n import tr


class AccountButton(QToolButton):
    """A button with the profile's name; its menu lists all profiles."""

    chosen = Signal(object)
    """A Profile."""
    keys_asked = Signal(object)
    """Keys are to be entered or changed: for this Profile, or None for a new one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._menu = QMenu(self)
        self.setMenu(self._menu)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setIcon(theme.icon("key"))
        self.setAutoRaise(True)
        self.setToolTip(tr("The account that new tasks are sent with"))

    def show_profiles(self, profiles: Sequence[Profile], active: Profile) -> None:
        """List these profiles, the active one ticked."""
        self.setText(shown_name(active))
        self.setAccessibleName(tr("Account: {name}", name=shown_name(active)))
        self._menu.clear()
        group = QActionGroup(self._menu)
        for profile in profiles:
            action = self._menu.addAction(shown_name(profile))
            action.setCheckable(True)
            action.setChecked(profile == active)
            action.setActionGroup(group)
            action.triggered.connect(lambda _=False, profile=profile: self.chosen.emit(profile))
        self._menu.addSeparator()
        if active.region is not Region.SANDBOX:
            change = self._menu.addAction(tr("Change the keys of {name}…", name=active.name))
            change.triggered.connect(lambda: self.keys_asked.emit(active))
        self._menu.addAction(theme.icon("add"), tr("Connect Kling…")).triggered.connect(
            lambda: self.keys_asked.emit(None)
        )


def shown_name(profile: Profile) -> str:
    """The profile's name; the sandbox's is translated."""
    return tr("Sandbox") if profile.region is Region.SANDBOX else profile.name
