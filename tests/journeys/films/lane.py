"""The lane of a film, as a creator uses it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from subprocess import PIPE, Popen

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QToolButton

from kling_desktop.domain.tasks import Task
from kling_desktop.sandbox.server import Sandbox
from kling_desktop.ui.film.cards.card_model import CardRole
from kling_desktop.ui.film.film_view import Card, CardKind
from kling_desktop.ui.library.clip_picker import ClipPicker
from tests.journeys.creator import Creator

SIX = "The boat turns\nBirds cross the lake\nNight falls\nLamps are lit\nA gull calls\nMorning comes"
TWO = "The boat turns\nBirds cross the lake"
THREE = "The boat turns\nBirds cross the lake\nNight falls"
CTRL = Qt.KeyboardModifier.ControlModifier


def cards(creator: Creator, *kinds: CardKind) -> list[Card]:
    """Cards of the lane, as a screen reader would count them."""
    model = creator.window.film.cards.model()
    every: Sequence[object] = [model.index(row, 0).data(CardRole) for row in range(model.rowCount())]
    return [card for card in every if isinstance(card, Card) and card.kind in kinds]


def made(creator: Creator) -> list[str]:
    return [card.words for card in cards(creator, CardKind.MADE)]


async def pick_first_clip(creator: Creator) -> None:
    creator.form.clip_wanted.emit()
    picker = await creator.sees(lambda: creator.window.findChild(ClipPicker), "the picker")
    await creator.sees(picker.current, "clips to pick from", 30)
    creator.presses(picker.search, Qt.Key.Key_Return)
    await creator.sees(lambda: len(made(creator)) == 1, "its film")


async def in_front(creator: Creator) -> None:
    """After a dialog: a bare virtual screen has no window manager to do it."""
    creator.window.activateWindow()
    await creator.sees(creator.window.isActiveWindow, "the window to be active")


async def paste(creator: Creator, text: str) -> None:
    """As from an editor: the text comes from the clipboard, and goes into the lane."""
    QApplication.clipboard().setText(text)
    creator.presses(creator.window.film.cards, Qt.Key.Key_V, CTRL)
    hops = len(text.splitlines())
    await creator.sees(lambda: len(cards(creator, CardKind.PLANNED)) == hops, "the planned hops")


async def accept_drift_until(creator: Creator, condition: Callable[[], object], what: str) -> None:
    """Until it is so. What was accepted counts on: the gate may say once more that the film has left its beginning,
    which is accepted, and nothing else.
    """
    head = creator.window.film.head

    def accepted_or_so() -> object:
        if head.accept.isVisible() and "drifted" in said_by_head(creator):
            creator.clicks(head.accept)
        return condition()

    try:
        await creator.sees(lambda: bool(accepted_or_so()), what, 120)
    except AssertionError as error:
        raise AssertionError(f"{error} The plan: {said_by_head(creator)}") from None


async def plan_six_by_two(creator: Creator) -> None:
    """Six hops in one paste, two takes of each."""
    await pick_first_clip(creator)
    await paste(creator, SIX)
    creator.clicks(creator.window.film.head.takes.findChildren(QToolButton)[1])
    await creator.sees(lambda: {card.takes for card in cards(creator, CardKind.PLANNED)} == {2}, "two takes each")


def start_and_kill(data_dir: Path, sandbox: Sandbox, step: str = "plan") -> None:
    """The next start of the program, killed while a hop is under way, or once a step of `child` is done."""
    keys = {"KLING_ACCESS_KEY": sandbox.access_key, "KLING_SECRET_KEY": sandbox.secret_key}
    command = [sys.executable, "-m", "tests.journeys.child", str(data_dir), sandbox.url, step]
    with Popen(command, env={**os.environ, **keys}, stdout=PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == f"{step}\n"
        assert child.stdout.readline() == "running\n"
        child.kill()


def listed_tasks(creator: Creator) -> list[Task]:
    rows = creator.tasks.model.rowCount()
    return [task for row in range(rows) if (task := creator.tasks.model.task(row))]


def is_kept(task: Task) -> bool:
    return task.clip is not None and task.clip.file is not None


def click_card(creator: Creator, hop: int) -> None:
    lane = creator.window.film.cards
    row = next(row for row in range(lane.cards.rowCount()) if (card := lane.cards.card(row)) and card.hop == hop)
    creator.clicks(lane.viewport(), lane.visualRect(lane.cards.index(row, 0)).center())


def said_by_head(creator: Creator) -> str:
    """How the film and its plan stand, as the lane's head says it."""
    words = creator.window.film.head.words
    return words.accessibleName() or words.toolTip()


def at_kling(creator: Creator) -> list[str]:
    """Kling's ids of what is under way there."""
    return [task.kling_id for task in listed_tasks(creator) if task.status.at_kling and task.kling_id]


async def finish_what_is_stuck(creator: Creator) -> None:
    """What stayed at Kling ends there, once all that was sent is known to be there: after a kill it may first have to
    be looked up.
    """

    def all_at_kling() -> list[str]:
        known = at_kling(creator)
        sent = [task for task in listed_tasks(creator) if task.sent_at and not task.status.ended]
        return known if len(known) == len(sent) else []

    for task_id in await creator.sees(all_at_kling, "what is at Kling"):
        creator.tell("finish", id=task_id)
