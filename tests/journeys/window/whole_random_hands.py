"""Hands that press anything: clicks, keys, drags and words at random in the running window, with films in it.

Nothing may be raised, nothing warned of, and no unit charged that the ledger does not know. Too slow for every run, so
pytest does not find it by itself; the seed and the number of deeds come from the environment:

    HANDS=3000 SEED=7 .venv/bin/pytest -o faulthandler_timeout=2400 tests/journeys/window/whole_random_hands.py
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from PySide6.QtCore import QObject, QPoint, Qt, QTimer, QUrl, Slot
from PySide6.QtGui import QAction, QDesktopServices, QGuiApplication, QKeySequence, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QApplication, QDialog, QFileDialog, QMenu, QWidget
from shiboken6 import isValid

from kling_desktop.domain.accounts import SESSION
from kling_desktop.domain.tasks import Status, Task
from kling_desktop.domain.units import Span
from kling_desktop.store.films.units import UnitRecords
from kling_desktop.store.library import Library
from tests.harness.desk.wrappers import unheard
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator

Key = Qt.Key
_NONE, _CTRL, _SHIFT, _ALT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
_KEYS = (
    *(Key.Key_Left, Key.Key_Right, Key.Key_Up, Key.Key_Down, Key.Key_Home, Key.Key_End, Key.Key_PageUp),
    *(Key.Key_PageDown, Key.Key_Return, Key.Key_Escape, Key.Key_Tab, Key.Key_Backtab, Key.Key_Space, Key.Key_Delete),
    *(Key.Key_Backspace, Key.Key_F1, Key.Key_F2, Key.Key_F6, Key.Key_F11, Key.Key_Menu, Key.Key_Comma, Key.Key_Period),
    *(Key(Key.Key_A + number) for number in range(26)),
    *(Key(Key.Key_0 + number) for number in range(10)),
)
_LEFT_ALONE = {"Ctrl+Q", "Alt+F4", "Ctrl+Alt+Q"}
"""They end the program."""
_WORDS = ("A heron lands", "雪落在湖面上", "مطر", "🦆 <b>x</b> & y", "one\n\ntwo\nthree", "x" * 200, "-", "100 %", "..")
_QUIT = {"Quit", "退出"}


class Desktop(QObject):
    """Takes the place of the system's programs that a folder or page would be opened with."""

    @Slot(QUrl)
    def open(self, address: QUrl) -> None:
        pass


class Hands:
    """One deed after the other, the same for the same seed as far as the machine lets it be."""

    def __init__(self, creator: Creator, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 - no secret
        self._creator = creator
        self.deeds: list[str] = []

    async def act(self) -> None:
        """Do anything once."""
        deeds: tuple[tuple[Callable[[QWidget], str], int], ...] = (
            (self._click, 30),
            (self._press, 30),
            (self._type, 6),
            (self._drag, 6),
            (self._wheel, 4),
            (self._choose, 8),
            (self._resize, 1),
            (self._leave, 6),
        )
        deed = self._random.choices([each for each, _ in deeds], [often for _, often in deeds])[0]
        # Not within this coroutine: some buttons of Qt keep whoever presses them until their menu is closed.
        QTimer.singleShot(0, self._creator.window, lambda: self.deeds.append(deed(self._top())))
        await asyncio.sleep(self._random.choice((0, 0, 0.01, 0.05, 0.2)))

    def _top(self) -> QWidget:
        """What takes mouse and keyboard now."""
        found = QApplication.activePopupWidget() or QApplication.activeModalWidget() or QApplication.activeWindow()
        if found is None:
            self._creator.window.activateWindow()  # a bare virtual screen has no window manager to do it
        return found or self._creator.window

    def _anything_in(self, window: QWidget) -> QWidget:
        """Mostly what does something."""
        parts = [part for part in window.findChildren(QWidget) if part.isVisible() and part.window() is window.window()]
        active = [part for part in parts if _does_something(part)]
        return self._random.choice(active if active and self._random.random() < 0.8 else [window, *parts])

    def _place_in(self, part: QWidget) -> QPoint:
        return QPoint(self._random.randrange(max(1, part.width())), self._random.randrange(max(1, part.height())))

    def _click(self, window: QWidget) -> str:
        if isinstance(window, QMenu):
            return self._choose(window)
        part = self._anything_in(window)
        place, name = self._place_in(part), f"{type(part).__name__} {part.objectName()} {part.accessibleName()}"
        button = self._random.choices((Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton), (6, 1))[0]
        if self._random.random() < 0.1:
            QTest.mouseDClick(part, button, _NONE, place)
            return f"double click {name} {place.toTuple()}"
        modifier = self._random.choices((_NONE, _CTRL, _SHIFT), (8, 1, 1))[0]
        QTest.mouseClick(part, button, modifier, place)
        return f"click {button.name} {name} {place.toTuple()}"

    def _press(self, window: QWidget) -> str:
        key = self._random.choice(_KEYS)
        modifiers = self._random.choices((_NONE, _CTRL, _SHIFT, _ALT, _CTRL | _SHIFT), (10, 5, 3, 1, 2))[0]
        said = QKeySequence(int(key) | modifiers.value).toString(QKeySequence.SequenceFormat.PortableText)
        if said in _LEFT_ALONE:
            return ""
        focused = QApplication.focusWidget()
        target = focused if focused is not None and focused.window() is window.window() else window
        QTest.keyClick(target, key, modifiers)
        return f"press {said} in {type(target).__name__ if isValid(target) else 'what is gone'}"

    def _type(self, window: QWidget) -> str:
        words = self._random.choice(_WORDS)
        QGuiApplication.clipboard().setText(words)
        target = QApplication.focusWidget() or window
        QTest.keyClick(target, Key.Key_V, _CTRL)
        return f"paste {words!r} in {type(target).__name__ if isValid(target) else 'what is gone'}"

    def _drag(self, window: QWidget) -> str:
        part = self._anything_in(window)
        name = type(part).__name__
        begun, ended = self._place_in(part), self._place_in(part)
        QTest.mousePress(part, Qt.MouseButton.LeftButton, _NONE, begun)
        for step in range(1, 4):
            if isValid(part):
                QTest.mouseMove(part, begun + (ended - begun) * step / 3)
        if isValid(part):
            QTest.mouseRelease(part, Qt.MouseButton.LeftButton, _NONE, ended)
        return f"drag {name} {begun.toTuple()} {ended.toTuple()}"

    def _wheel(self, window: QWidget) -> str:
        part = self._anything_in(window)
        place, turned = self._place_in(part), QPoint(0, self._random.choice((-120, 120, -480, 480)))
        event = QWheelEvent(
            place.toPointF(),
            part.mapToGlobal(place).toPointF(),
            QPoint(),
            turned,
            Qt.MouseButton.NoButton,
            self._random.choice((_NONE, _CTRL)),
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(part, event)
        return f"wheel {type(part).__name__ if isValid(part) else 'what is gone'}"

    def _choose(self, window: QWidget) -> str:
        """A command of any menu, or of the one that is open."""
        if isinstance(window, QMenu):
            offered = window.actions()
        else:
            if QApplication.activeModalWidget() is not None:
                return self._leave(window)
            self._creator.window.menu_bar.renew()
            offered = list(self._creator.window.menu_bar.actions())
        action = self._leaf(offered)
        if action is None or action.text().replace("&", "") in _QUIT or not action.isEnabled():
            return ""
        words = action.text()
        action.trigger()
        if isValid(window) and isinstance(window, QMenu):
            window.close()
        return f"choose {words}"

    def _leaf(self, actions: list[QAction]) -> QAction | None:
        while actions:
            action = self._random.choice(actions)
            menu = action.menu()
            if not isinstance(menu, QMenu):
                return None if action.isSeparator() else action
            menu.aboutToShow.emit()
            actions = menu.actions()
        return None

    def _resize(self, window: QWidget) -> str:
        width, height = self._random.choice(((900, 600), (1360, 860), (1500, 950)))
        self._creator.window.resize(width, height)
        return f"resize {width} x {height}"

    def _leave(self, window: QWidget) -> str:
        if isinstance(window, QFileDialog | QMenu):
            window.close()
        else:
            QTest.keyClick(window, Key.Key_Escape)
        return "leave"


def _does_something(part: QWidget) -> bool:
    owner = part.parentWidget()
    is_viewport = isinstance(owner, QAbstractScrollArea) and owner.viewport() is part
    return part.focusPolicy() != Qt.FocusPolicy.NoFocus or isinstance(part, QAbstractButton) or is_viewport


@pytest.mark.timeout(2400)
async def test_whatever_is_pressed(start: Start, data_dir: Path) -> None:
    desktop = Desktop()
    for scheme in ("file", "http", "https", "mailto"):
        QDesktopServices.setUrlHandler(scheme, desktop, "open")  # type: ignore[arg-type]  # it takes str
    seed, count = int(os.environ.get("SEED", "1")), int(os.environ.get("HANDS", "600"))
    async with start() as creator:
        hands = Hands(creator, seed)
        try:
            for prompt in ("A red boat", "Snow falls"):
                creator.asks(creator.clip_id("dawn-lake"), prompt)
                await creator.sees_take()
            for _ in range(count):
                await hands.act()
                assert creator.window.isVisible(), "nobody has closed it"
                assert not unheard()
            await _left_alone(creator)
            books = creator.ask("audit")
        finally:
            sys.stderr.write("\n  ".join((f"seed {seed}:", *hands.deeds[-60:])) + "\n")  # what a failure came from
    for scheme in ("file", "http", "https", "mailto"):
        QDesktopServices.unsetUrlHandler(scheme)
    assert all(entry["created"] == 1 for entry in books["tasks"].values())
    with closing(Library.open(data_dir / "library.sqlite3")) as library:
        sums = UnitRecords(library.database).sums(Span(SESSION))
    assert sums.held == 0
    assert sums.charged == Decimal(str(books["totals"]["units_charged"]))


async def _left_alone(creator: Creator) -> None:
    """All dialogs are left, and what was asked for comes to an end, what nobody watched any more too."""
    for _ in range(20):
        for widget in QApplication.topLevelWidgets():
            if isinstance(widget, QDialog | QMenu) and widget.isVisible():
                widget.close()
        await asyncio.sleep(0)
    for task in _at_work(creator):
        if not task.watched:
            creator.program.studio.watch(task.id)
    await creator.sees(lambda: not _at_work(creator), "no task under way", timeout=120)


def _at_work(creator: Creator) -> list[Task]:
    takes = map(creator.take, range(creator.tasks.model.layout.takes))
    return [task for task in takes if task and task.status in (Status.SENDING, Status.SUBMITTED, Status.PROCESSING)]
