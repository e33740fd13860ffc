"""What can be taken back: picks, rejects, forgets and edits of plans, in the order in which they were made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

MOST_STEPS = 200
"""So many steps back; older ones stay as they are."""


@dataclass(frozen=True, slots=True)
class Step:
    """One change, and how it is taken back and made again."""

    label: str
    """What it was, as an English phrase of the screen's own list: "Pick take"."""
    back: Callable[[], None]
    again: Callable[[], None]


class Undo:
    """One stack for the whole program, so that two windows' changes are taken back in the order they were made."""

    def __init__(self, changed: Callable[[], None] = lambda: None) -> None:
        """`changed` is called whenever what can be undone or redone is another."""
        self._changed = changed
        self._done: list[Step] = []
        self._undone: list[Step] = []

    def make(self, label: str, again: Callable[[], None], back: Callable[[], None]) -> None:
        """Make a change now, and remember how to take it back."""
        again()
        self.remember(label, again, back)

    def remember(self, label: str, again: Callable[[], None], back: Callable[[], None]) -> None:
        """Remember a change that was made already."""
        self._done = [*self._done[-(MOST_STEPS - 1) :], Step(label, back, again)]
        self._undone.clear()
        self._changed()

    @property
    def undo_label(self) -> str:
        """What `undo` would take back; empty when there is nothing."""
        return self._done[-1].label if self._done else ""

    @property
    def redo_label(self) -> str:
        """What `redo` would make again; empty when there is nothing."""
        return self._undone[-1].label if self._undone else ""

    def undo(self) -> str:
        """Take the last change back; its label. A change that fails is dropped, so that the ones before can go on."""
        if not self._done:
            return ""
        step = self._done.pop()
        try:
            step.back()
            self._undone.append(step)
        finally:
            self._changed()
        return step.label

    def redo(self) -> str:
        """Make the change again that was taken back last; its label."""
        if not self._undone:
            return ""
        step = self._undone.pop()
        try:
            step.again()
            self._done.append(step)
        finally:
            self._changed()
        return step.label
