"""From the first start to an exported film of three hops, by keys alone: each goes to what has the focus."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from PySide6.QtGui import QAccessible, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from kling_desktop.domain.tasks import Status, Task
from kling_desktop.media.frame_times import frame_times
from kling_desktop.running.first_paint import painted
from kling_desktop.ui.library.library_page import LibraryPage
from kling_desktop.ui.takes.task_model import TaskModel
from kling_desktop.ui.window import Window
from tests.harness.engine import QUICK
from tests.harness.waiting import until
from tests.journeys.handing_over.exporting import shown_dialog

if TYPE_CHECKING:
    from kling_desktop.sandbox.server import Sandbox

_ROUND = 120
"""More stops than a window has."""


class Keyboard:
    """Presses keys as a hand does: they go to whatever has the focus, and there is no mouse."""

    def press(self, keys: str) -> None:
        """One stroke, as "Ctrl+Return"."""
        stroke = QKeySequence(keys)[0]  # type: ignore[index]  # PySide's stubs leave it out
        QTest.keyClick(self.focus(), stroke.key(), stroke.keyboardModifiers())

    def type(self, words: str) -> None:
        QTest.keyClicks(self.focus(), words)

    def focus(self) -> QWidget:
        """What has the keyboard."""
        widget = QApplication.focusWidget()
        assert widget is not None, "nothing has the focus"
        return widget

    def tab_to(self, name: str) -> None:
        """Go on with Tab until a screen reader would say this name."""
        heard = []
        for _ in range(_ROUND):
            heard.append(self._heard())
            if heard[-1].startswith(name):
                return
            self.press("Tab")
        pytest.fail(f"Tab never comes to {name!r}; it comes to {list(dict.fromkeys(heard))}")

    def _heard(self) -> str:
        interface = QAccessible.queryAccessibleInterface(self.focus())
        return interface.text(QAccessible.Text.Name) if interface is not None else ""


def _kept(model: TaskModel) -> list[Task]:
    """The takes whose films are on the disk."""
    tasks = [task for row in range(model.rowCount()) if (task := model.task(row))]
    return [task for task in tasks if task.status is Status.SUCCEEDED and task.clip is not None and task.clip.file]


def _has_focus(widget: QWidget) -> Callable[[], bool]:
    return lambda: (now := QApplication.focusWidget()) is not None and (now is widget or widget.isAncestorOf(now))


async def _is_kept(window: Window, words: str) -> None:
    await until(lambda: any(task.extension.prompt == words for task in _kept(window.tasks.model)), 40, f"take: {words}")


async def test_from_the_first_start_to_an_exported_film_without_a_mouse(
    qapp: QApplication, sandbox: Sandbox, data_dir: Path, tmp_path: Path
) -> None:
    from kling_desktop.app import Options, opened

    qapp.setQuitOnLastWindowClosed(False)
    environment = {"KLING_ACCESS_KEY": sandbox.access_key, "KLING_SECRET_KEY": sandbox.secret_key}
    keyboard = Keyboard()
    shown = painted(data_dir)  # as the program begins: the panels come into a window that is there already
    options = Options(data_dir=data_dir, api_base=sandbox.url, pace=QUICK)
    async with opened(options, environment, shown) as program:
        window = program.window
        window.resize(1440, 900)
        window.reveal()
        await until(window.windowHandle().isExposed, 30, "the window")
        window.activateWindow()  # a bare virtual screen has no window manager to do it
        await until(window.isActiveWindow, 30, "the window to be active")

        page = cast(LibraryPage, window.findChild(LibraryPage, "library"))
        await until(page.isVisible, 30, "the library of a first start")
        await until(page.sample.hasFocus, 30, "the keyboard at the way in")
        await until(lambda: page.cards.count >= 10, 30, "the clips of the account")
        keyboard.tab_to("Clips")
        keyboard.press("Return")
        prompt = window.form.fields.prompt.edit
        await until(lambda: window.form.extension().video_id and _has_focus(prompt)(), 30, "the clip in the form")

        keyboard.type("A heron lands")
        keyboard.press("Ctrl+Return")
        await _is_kept(window, "A heron lands")

        tree = window.tree.tree
        for words in ("It looks about", "It flies off"):
            await until(partial(_goes_to, keyboard, window.rail), 30, "the rail, by F6")
            keyboard.tab_to(tree.accessibleName())
            keyboard.press("End")
            keyboard.press("E")
            await until(_has_focus(prompt), 30, "the cursor in the prompt")
            keyboard.press("Ctrl+A")
            keyboard.type(words)
            keyboard.press("Ctrl+Return")
            await _is_kept(window, words)
            await until(lambda: tree.rows.rowCount() == 1 + len(_kept(window.tasks.model)), 30, "it in the tree")

        folder = tmp_path / "film"
        keyboard.press("Ctrl+Shift+S")
        dialog = await until(shown_dialog, 30, "the export")
        dialog.activateWindow()
        await until(dialog.isActiveWindow, 30, "it to have the keys")
        keyboard.tab_to("Folder")
        keyboard.press("Ctrl+A")
        keyboard.type(str(folder))
        await until(
            lambda: dialog.place.text().endswith(folder.name) and dialog.export_button.isEnabled(),
            30,
            "leave to",
        )
        keyboard.press("Return")
        file = (await until(lambda: list(folder.rglob("*.mp4")), 60, "the film in its folder"))[0]
        times = frame_times(file)
        longest = max(float(task.clip.seconds or 0) for task in _kept(window.tasks.model) if task.clip)
        assert longest > 15, "a clip and three hops"
        assert abs(times.end - longest) < 0.2
        keyboard.press("Escape")
        await until(lambda: not dialog.isVisible(), 30, "the dialog to be gone")
        window.close()


def _goes_to(keyboard: Keyboard, panel: QWidget) -> bool:
    """Whether a further F6 has brought the focus into the panel."""
    if not _has_focus(panel)():
        keyboard.press("F6")
    return _has_focus(panel)()
