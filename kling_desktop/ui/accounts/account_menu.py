"""The menu of the account chip: which account new tasks are sent with, and where its keys are changed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from kling_desktop.domain.accounts import SESSION, Profile, Region
from kling_desktop.ui import theme
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.painted.lettering import menu_words


class AccountMenu(QMenu):
    """Lists all profiles, the active one ticked."""

    chosen = Signal(object)
    """A Profile."""
    keys_asked = Signal(object)
    """Keys are to be entered or changed: for this Profile, or None for a new one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setToolTip(tr("The account that new tasks are sent with"))

    def show_profiles(self, profiles: Sequence[Profile], active: Profile) -> None:
        """List these profiles."""
        self.clear()
        group = QActionGroup(self)
        for profile in profiles:
            action = self.addAction(menu_words(shown_name(profile)))
            action.setCheckable(True)
            action.setChecked(profile == active)
            action.setActionGroup(group)
            action.triggered.connect(lambda _=False, profile=profile: self.chosen.emit(profile))
        self.addSeparator()
        if active.region is not Region.SANDBOX:
            change = self.addAction(tr("Change the keys of {name}…", name=menu_words(active.name)))
            change.triggered.connect(lambda: self.keys_asked.emit(active))
        self.addAction(theme.icon("add"), tr("Connect Kling…")).triggered.connect(lambda: self.keys_asked.emit(None))


def shown_name(profile: Profile) -> str:
    """The profile's name; of those that the program named itself, translated."""
    if profile.region is Region.SANDBOX:
        return tr("Sandbox")
    return tr("This session") if profile.name == SESSION else profile.name
