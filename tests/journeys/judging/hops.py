"""Hops of a film with known faults at their seams, and what is chosen over a seam."""

from __future__ import annotations

from kling_desktop.domain.tasks import Task
from tests.journeys.creator import Creator


async def hop(creator: Creator, clip_id: str, prompt: str, *, plant: str = "", amount: float = 0) -> Task:
    """Extend a clip, with a fault at the join if one is named, and wait until the take is kept."""
    if plant:
        creator.tell("faults", do="seam", plant=plant, amount=amount)
    creator.asks(clip_id, prompt)
    await creator.sees(lambda: (task := creator.newest()) and task.extension.prompt == prompt, "the task in the list")
    take = await creator.sees_take()
    await creator.sees(lambda: creator.form.sent, "the words to be safe")
    return take


def newest_clip(creator: Creator) -> str:
    """Id of the clip of the newest take."""
    task = creator.newest()
    assert task is not None
    assert task.clip is not None
    return task.clip.id


def more(creator: Creator, words: str) -> None:
    """Choose a line in the menu over the seam."""
    menu = creator.window.seams.take_head.menu
    menu.aboutToShow.emit()
    next(action for action in menu.actions() if action.text() == words).trigger()
