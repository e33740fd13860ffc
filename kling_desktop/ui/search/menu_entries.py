"""The entries of a menu bar, as the command field lists them: each action once, with its menu and its key."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar

from kling_desktop.ui.search.entries import Entry, Kind

_LEFT_OUT = ("search", "merge")
"""Who types here has found it; and a film's name is to find the film, not what would be done to it."""


def menu_entries(bar: QMenuBar) -> list[Entry]:
    """Every action of the menus, also those that cannot be done now."""
    return [
        Entry(
            Kind.COMMAND,
            action.objectName() or words,
            words,
            action.trigger,
            action.shortcut().toString(QKeySequence.SequenceFormat.NativeText) or key,
            path,
            can_be_done=action.isEnabled(),
        )
        for action, path in _actions(bar)
        # After a tab a menu shows a key that others listen for.
        for words, _, key in (action.text().replace("&&", "\0").replace("&", "").replace("\0", "&").partition("\t"),)
        if words and action.objectName() not in _LEFT_OUT
    ]


def _actions(owner: QMenuBar | QMenu, path: str = "") -> Iterator[tuple[QAction, str]]:
    for action in owner.actions():
        menu = action.menu()
        if isinstance(menu, QMenu) and menu.objectName() not in _LEFT_OUT:
            title = menu.title().replace("&", "")
            yield from _actions(menu, f"{path} › {title}" if path else title)
        elif menu is None and not action.isSeparator() and action.isVisible():
            yield action, path
