"""The shell's commands: folding the panels and going from one to the next."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence

from kling_desktop.ui.i18n import tr
from kling_desktop.ui.key_map import Command, KeyMap
from kling_desktop.ui.shell.folding import Arrangement
from kling_desktop.ui.shell.shell import Shell


def shell_commands() -> tuple[Command, ...]:
    """All of them, in the order in which menu and cheat sheet list them."""
    group = tr("Panels")
    return (
        Command("fold_rail", tr("Fold the rail"), ("Ctrl+1",), "panel-left", group=group, repeats=False),
        Command("fold_film", tr("Fold the film"), ("Ctrl+2",), "film-lane", group=group, repeats=False),
        Command("fold_panel", tr("Fold the right panel"), ("Ctrl+3",), "panel-right", group=group, repeats=False),
        Command("next_panel", tr("Next panel"), ("F6",), group=group),
        Command("previous_panel", tr("Previous panel"), ("Shift+F6",), group=group),
        Command("reset_layout", tr("Reset layout"), (), group=group, repeats=False),
    )


class ShellKeys(QObject):
    """The actions behind those commands, for menu and keys."""

    def __init__(self, shell: Shell, keys: KeyMap) -> None:
        super().__init__(shell)
        self._keys = keys
        acts: dict[str, Callable[[], None]] = {
            "fold_rail": shell.toggle_rail,
            "fold_film": shell.toggle_film,
            "fold_panel": shell.toggle_panel,
            "next_panel": lambda: shell.cycle(1),
            "previous_panel": lambda: shell.cycle(-1),
            "reset_layout": shell.reset_layout,
        }
        self.actions_by_name = {command.name: QAction(command.text, shell) for command in shell_commands()}
        for name, action in self.actions_by_name.items():
            action.triggered.connect(lambda _=False, act=acts[name]: act())
            action.setCheckable(name.startswith("fold_"))
            shell.addAction(action)
        shell.arranged.connect(self._check)
        keys.changed.connect(self._take_keys)
        self._take_keys()
        self._check(shell.arrangement)

    def menu(self) -> tuple[QAction, ...]:
        """For the View menu."""
        return tuple(self.actions_by_name.values())

    def _take_keys(self) -> None:
        for name, action in self.actions_by_name.items():
            action.setShortcuts([QKeySequence(key) for key in self._keys.keys(name)])

    def _check(self, now: Arrangement) -> None:
        folded = {"fold_rail": now.rail_strip, "fold_film": now.film_bar, "fold_panel": not now.panel}
        for name, is_folded in folded.items():
            self.actions_by_name[name].setChecked(is_folded)
