"""Words of the creator and of Kling are shown letter by letter: no sign in them is taken for markup or for a key."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QDialog, QLabel

from kling_desktop.domain.tasks import Status
from kling_desktop.ui.rail.rail import ALL_TAKES, QUEUE, TREE
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator
from tests.journeys.films.lane import in_front, paste

SIGNS = "<b>cut</b> R&D <img src=x>"
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def _taken_otherwise() -> Iterator[str]:
    """What the screen says now in which one of these signs is lost."""
    for widget in QApplication.allWidgets():
        if not widget.isVisible():
            continue
        where = f"{type(widget).__name__} {widget.objectName()} in {type(widget.parent()).__name__}"
        if isinstance(widget, QLabel) and "R&D" in widget.text() and widget.textFormat() != Qt.TextFormat.PlainText:
            yield f"{where}: {widget.text()}"
        if isinstance(widget, QAbstractButton) and "R&D" in widget.text():
            yield f"{where}: {widget.text()}"
        if "<b>cut" in widget.toolTip():
            yield f"tip of {where}: {widget.toolTip()}"
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            yield from (f"tip in {where}: {tip}" for tip in _tips(widget))
        yield from (f"action in {where}: {action.text()}" for action in widget.actions() if "R&D" in action.text())


def _tips(view: QAbstractItemView) -> Iterator[str]:
    model = view.model()
    for row in range(min(30, model.rowCount())):
        tip = model.index(row, 0).data(Qt.ItemDataRole.ToolTipRole)
        if isinstance(tip, str) and "<b>cut" in tip:
            yield tip


async def test_signs_in_words_stay_signs(start: Start) -> None:
    async with start() as creator:
        source = creator.clip_id("dawn-lake")
        creator.asks(source, f"A {SIGNS}")
        await creator.sees_take()
        creator.tell("faults", on="create", do="refuse", code=1301, message=f"Refused: {SIGNS}")
        creator.asks(source, f"B {SIGNS}")
        await creator.sees(lambda: (task := creator.newest()) and task.status is Status.FAILED, "the refusal")
        await paste(creator, f"C {SIGNS}")
        wrong: list[str] = []
        for page in (TREE, QUEUE, ALL_TAKES):
            creator.window.show_rail(page)
            await _look(creator, wrong)
        creator.clicks_row(0)
        await creator.sees(creator.window.doctor.isVisible, "why it was refused")
        await _look(creator, wrong)
        creator.clicks_row(1)
        for key, modifiers in ((Qt.Key.Key_K, CTRL), (Qt.Key.Key_S, CTRL | SHIFT)):
            await in_front(creator)
            creator.presses(creator.window, key, modifiers)
            dialog = await creator.sees(lambda: _dialog(creator), "the dialog")
            await _look(creator, wrong)
            dialog.close()
        await in_front(creator)
        creator.window.film_menu.aboutToShow.emit()
        names = [action.text() for action in creator.window.film_menu.actions() if "cut" in action.text()]
        assert names, "the film is called by its words"
        wrong += [name for name in names if "R&&D" not in name]
        assert not wrong, "\n".join(wrong)


async def _look(creator: Creator, wrong: list[str]) -> None:
    await creator.sees(creator.window.isVisible, "the window")
    wrong += _taken_otherwise()


def _dialog(creator: Creator) -> QDialog | None:
    return next((each for each in creator.window.findChildren(QDialog) if each.isVisible()), None)
