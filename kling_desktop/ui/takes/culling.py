"""Judging take after take by single keys: pick, reject, stars, and on to the next."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from kling_desktop.domain.tasks import MOST_STARS, Pick
from kling_desktop.ui.i18n import tr, tr_count
from kling_desktop.ui.key_map import Command, KeyMap, Place
from kling_desktop.ui.takes.task_list import TaskList
from kling_desktop.ui.viewer.key_gate import KeyGate
from kling_desktop.ui.viewer.viewer_keys import actions

OF_THE_LIST = frozenset({"stars_0"})
"""Commands that are heard in the list alone: elsewhere their keys are other commands'."""


def commands() -> tuple[Command, ...]:
    """What judging can do. "0" is the list's: elsewhere that key makes the film louder."""
    group = tr("Judge")
    stars = tuple(
        Command(f"stars_{n}", tr_count(n, "{n} star", "{n} stars"), (str(n),), group=group, repeats=False)
        for n in range(1, MOST_STARS + 1)
    )
    return (
        Command("pick", tr("Pick"), ("P",), "check", group=group, repeats=False),
        Command("reject", tr("Reject"), ("X",), "close", group=group, repeats=False),
        Command("unjudge", tr("Neither"), ("U",), group=group, repeats=False),
        *stars,
        Command("stars_0", tr("No stars"), ("0",), group=group, place=Place.LIST, repeats=False),
        Command("advance", tr("Go on to the next take"), (), switches=True, group=group, repeats=False),
        Command("sweep", tr("Sweep rejected takes from the disk…"), (), "trash", group=group, repeats=False),
    )


class Cull(QObject):
    """Judges what is selected in the list; decides nothing else: the judgement leaves as a signal."""

    judged = Signal(object, object, object)
    """List of tasks, their new Pick or None for as it was, their new stars or None."""
    advancing_changed = Signal(bool)
    sweep_asked = Signal()

    def __init__(self, tasks: TaskList, keys: KeyMap, parent: QWidget) -> None:
        super().__init__(parent)
        self._tasks = tasks
        commands: dict[str, Callable[[], None]] = {
            "pick": lambda: self._judge(pick=Pick.PICKED),
            "reject": lambda: self._judge(pick=Pick.REJECTED),
            "unjudge": lambda: self._judge(pick=Pick.UNDECIDED),
            "advance": lambda: self.advancing_changed.emit(self.advances),
            "sweep": self.sweep_asked.emit,
        }
        wide = {f"stars_{n}": self._starring(n) for n in range(1, MOST_STARS + 1)}
        gate = KeyGate(self)
        self.commands = {
            **actions(parent, gate, {**commands, **wide}, keys),
            **actions(tasks.table, gate, {"stars_0": self._starring(0)}, keys),
        }
        """Actions by name."""

    @property
    def advances(self) -> bool:
        """Whether judging one take goes on to the next."""
        return self.commands["advance"].isChecked()

    def set_advancing(self, advances: bool) -> None:
        self.commands["advance"].setChecked(advances)

    def menu(self, owner: QWidget) -> QAction:
        """All of it as one entry of a menu."""
        menu = QMenu(tr("Judge"), owner)
        for name in [command.name for command in commands()]:
            if name == "advance":
                menu.addSeparator()
            menu.addAction(self.commands[name])
        return menu.menuAction()

    def _starring(self, stars: int) -> Callable[[], None]:
        return lambda: self._judge(stars=stars)

    def _judge(self, *, pick: Pick | None = None, stars: int | None = None) -> None:
        chosen = [task for task in self._tasks.table.selected_tasks() if task.clip is not None]
        if stars and all(task.stars == stars for task in chosen):
            stars = 0  # the same star again
        if chosen:
            self.judged.emit(chosen, pick, stars)
        if self.advances and len(chosen) == 1 and pick is not Pick.UNDECIDED and stars != 0:
            self._tasks.go_on(1)
