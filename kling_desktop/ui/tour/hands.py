"""What the tour does with keys and mouse, and how it waits: for what is to be seen, never for a while."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Literal, TypeVar

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton, QWidget

from kling_desktop.domain.tasks import Status, Task
from kling_desktop.ui.film.cards.card_model import CardRole
from kling_desktop.ui.film.film_view import Card, CardKind
from kling_desktop.ui.painted.segments import Segments
from kling_desktop.ui.rail.rail import TREE
from kling_desktop.ui.rail.tree_row import RowKind
from kling_desktop.ui.window import Window

PATIENCE_SECONDS = 900.0
"""A bound for what never comes; a machine that is busy with other things is waited for."""

_LOOK_AGAIN_SECONDS = 0.02
_REST_SECONDS = 0.15
_MOST_LOOKS = 20
"""Something may turn all the time: a take in the making."""

Found = TypeVar("Found")


class StepFailed(Exception):
    """A step of the tour did not happen; the message says what was waited for."""


class Hands:
    """Hands and eyes before the window."""

    def __init__(self, window: Window, folder: Path) -> None:
        self.window = window
        self.folder = folder
        """Where the pictures go."""

    # --- eyes ----------------------------------------------------------------------------------------------------

    def tasks(self) -> list[Task]:
        """All of the list, newest first."""
        model = self.window.tasks.model
        listed = [task for row in range(model.rowCount()) if (task := model.task(row))]
        return sorted(listed, key=lambda task: task.asked_at, reverse=True)

    async def kept(self, count: int) -> list[Task]:
        """Wait until so many takes are on the disk; newest first."""

        def done() -> list[Task] | None:
            kept = [task for task in self.tasks() if _is_kept(task)]
            return kept if len(kept) >= count else None

        return await until(done, f"{count} takes on disk")

    def cards(self, kind: CardKind) -> list[Card]:
        """Cards of the film lane."""
        model = self.window.film.cards.model()
        cards = [model.index(row, 0).data(CardRole) for row in range(model.rowCount())]
        return [card for card in cards if isinstance(card, Card) and card.kind is kind]

    async def rest(self, widget: QWidget | None = None) -> None:
        """Wait until the window, or another, looks the same twice in a row: its stills have come, nothing moves."""
        before = QByteArray()
        for _ in range(_MOST_LOOKS):
            await asyncio.sleep(_REST_SECONDS)
            now = _look(widget or self.window)
            if now == before:
                return
            before = now

    def picture(self, name: str, widget: QWidget | None = None) -> Path:
        """Keep how the window, or a part of it, looks."""
        # No processEvents before it: inside a coroutine that would wake other tasks, and break them for good.
        file = self.folder / f"{name}.png"
        if not (widget or self.window).grab().save(str(file)):
            raise StepFailed(f"{file} to be written")
        return file

    # --- hands ---------------------------------------------------------------------------------------------------

    async def write(self, prompt: str) -> None:
        """Put a prompt in place of what stands in the form."""
        edit = self.window.form.fields.prompt.edit
        self.window.activateWindow()
        QTest.mouseClick(edit.viewport(), Qt.MouseButton.LeftButton)
        await until(edit.hasFocus, "the cursor in the prompt")
        edit.selectAll()
        QTest.keyClick(edit, Qt.Key.Key_Delete)
        QTest.keyClicks(edit, prompt)

    def press(self, widget: QWidget, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
        """Press a key in a widget."""
        together = Qt.KeyboardModifier.NoModifier
        for modifier in modifiers:
            together |= modifier
        QTest.keyClick(widget, key, together)

    def click(self, widget: QWidget) -> None:
        """Click into the middle of a widget; a hidden or locked one cannot be clicked."""
        if not (widget.isVisible() and widget.isEnabled()):
            raise StepFailed(f"{widget.accessibleName() or type(widget).__name__} to be there for a click")
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=widget.rect().center())

    async def click_take(self, words: str, take: int = 1) -> None:
        """Click a take in the tree by the words that made it, and its number among its siblings."""
        self.window.show_rail(TREE)
        tree = self.window.tree.tree

        def found() -> int | None:
            for number in range(tree.rows.rowCount()):
                row = tree.rows.row(number)
                if row and row.words == words and row.take == take and row.kind in (RowKind.FILM, RowKind.OTHER):
                    return number + 1
            return None

        number = await until(found, f"take {take} of “{words}” in the tree") - 1
        tree.scrollTo(tree.rows.index(number, 0))
        place = tree.visualRect(tree.rows.index(number, 0)).center()
        QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
        await until(lambda: (row := tree.current) and row.words == words and row.take == take, "it to be current")


async def until(
    condition: Callable[[], Found | Literal[False] | None], what: str, seconds: float = PATIENCE_SECONDS
) -> Found:
    """Wait until it is so. Raises StepFailed when it never is."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while not (found := condition()):
        if loop.time() > end:
            raise StepFailed(what)
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)
    return found


def segment(segments: Segments, number: int) -> QWidget:
    """The button of a choice, from 0."""
    return segments.findChildren(QToolButton)[number]


def say(line: str) -> None:
    """On the terminal, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _is_kept(task: Task) -> bool:
    clip = task.clip
    return task.status is Status.SUCCEEDED and clip is not None and clip.file is not None


def _look(window: QWidget) -> QByteArray:
    """A small copy tells as well whether something still comes."""
    picture = window.grab().toImage().scaled(QSize(480, 300))
    return QByteArray(bytes(picture.constBits()))
