"""Shows the main job by doing it: the real window, the real engine, a pretended Kling; pictures and a film remain."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Literal, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog, QLineEdit, QWidget

from kling_desktop.domain.tasks import Status, Task
from kling_desktop.ui.library.clip_picker import ClipPicker
from kling_desktop.ui.window import Window

PROMPTS = (
    "A paper boat with a small candle drifts into the picture, the water mirrors its light",
    "The camera rises, and far away the first lights of a town appear",
)
FILM = "extended.mp4"
_LOOK_AGAIN = 0.02
_FRAMES = 24
"""Frames that must have come to the screen before a take counts as played."""

_STILLS = 5
"""Clips that must show their still before the picture of the picker is taken."""

Found = TypeVar("Found")


class StepFailed(Exception):
    """A step of the tour did not happen; the message says what was waited for."""


class Tour:
    """Extends a clip, plays it, extends the result, saves it: as a newcomer would, by keyboard and mouse."""

    def __init__(self, window: Window, folder: Path) -> None:
        self._window = window
        self._folder = folder
        self._pictures = 0

    async def take(self) -> int:
        """Go through all steps and say each on the terminal. 0 only if every one really happened."""
        self._folder.mkdir(parents=True, exist_ok=True)
        steps: tuple[tuple[str, Callable[[], Awaitable[None]]], ...] = (
            ("The window opens on the sandbox, with no account", self._open),
            ("The clips of the account are listed to pick from", self._pick),
            ("What happens next is written, and sent with Ctrl+Enter", self._ask),
            ("The take is made and kept on disk", self._wait_for_take),
            ("The take plays in the window", self._play),
            ("The take is extended once more", self._extend_again),
            ("Its seams are found, and the frames at one are shown side by side", self._look_at_seam),
            (f"The film is saved as {FILM}", self._save),
        )
        for words, step in steps:
            try:
                await step()
            except StepFailed as failure:
                self._picture("failed")
                _say(f"failed  {words}: waited for {failure}")
                return 1
            _say(f"ok      {words}")
        _say(f"Pictures and film: {self._folder}")
        return 0

    async def _open(self) -> None:
        await _until(self._window.windowHandle().isExposed, "the window")
        self._window.activateWindow()  # a bare virtual screen has no window manager to do it
        await _until(self._window.isActiveWindow, "the window to be active")
        await _until(self._window.bar.account.accessibleName, "the account")
        await self._settle()
        self._picture("first-start")

    async def _pick(self) -> None:
        self._window.form.clip_wanted.emit()
        picker = await _until(lambda: self._window.findChild(ClipPicker), "the clip picker")
        await _until(picker.current, "clips to pick from", 60)
        await _until(lambda: _stills(picker) >= _STILLS, "stills of the clips", 120)
        await self._settle()
        self._picture("pick-a-clip", picker)
        QTest.keyClick(picker.search, Qt.Key.Key_Return)
        await _until(lambda: not picker.isVisible() and self._window.form.extension().video_id, "the clip in the form")

    async def _ask(self) -> None:
        await self._write(PROMPTS[0])
        self._picture("what-happens-next")
        QTest.keyClick(self._window.form.fields.prompt.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        await _until(lambda: (task := self._newest()) and task.status.at_kling, "Kling to take the task", 30)
        await _until(lambda: self._window.form.sent, "the words to be safe")
        self._picture("being-made")

    async def _wait_for_take(self) -> None:
        await self._until_kept()

    async def _play(self) -> None:
        viewer = self._window.viewer
        before = viewer.frames_seen
        self._click_first_row()
        QTest.keyClick(self._window.tasks.table, Qt.Key.Key_Return)
        await _until(lambda: viewer.frames_seen >= before + _FRAMES, "frames on the screen", 30)
        self._picture("playing")
        viewer.pause()

    async def _extend_again(self) -> None:
        first = self._newest()
        QTest.keyClick(self._window.tasks.table, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
        clip_id = first.clip.id if first and first.clip else ""
        await _until(lambda: self._window.form.extension().video_id == clip_id, "the take in the form")
        await self._write(PROMPTS[1])
        QTest.mouseClick(self._window.form.button, Qt.MouseButton.LeftButton)
        await _until(lambda: (task := self._newest()) and first and task.id != first.id, "the second task")
        second = await self._until_kept()
        if not (first and first.clip and second.clip and (second.clip.seconds or 0) > (first.clip.seconds or 0)):
            raise StepFailed("a longer film")
        await self._play()
        self._picture("extended-twice")

    async def _look_at_seam(self) -> None:
        seams = self._window.seams
        await _until(lambda: len(seams.seams) == len(PROMPTS), "a mark for each seam", 60)
        strip = self._window.viewer.transport.strip
        QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=strip.mark_place(len(PROMPTS)))
        await _until(lambda: seams.stage.stills, "the two frames at the seam", 30)
        await _until(lambda: seams.drift.hops, "the drift of the chain", 30)
        await self._settle()
        self._picture("seam")
        QTest.keyClick(seams.stage, Qt.Key.Key_Escape)
        await _until(lambda: not seams.is_open, "the film again")

    async def _save(self) -> None:
        target = self._folder / FILM
        target.unlink(missing_ok=True)
        task = self._newest()
        self._window.activateWindow()
        self._click_first_row()
        QTest.keyClick(self._window.tasks.table, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
        dialog = await _until(lambda: self._window.findChild(QFileDialog), "the save dialog")
        name = await _until(lambda: dialog.findChild(QLineEdit), "the file name")
        name.setText(str(target.absolute()))
        buttons = await _until(lambda: dialog.findChild(QDialogButtonBox), "the dialog's buttons")
        QTest.mouseClick(buttons.button(QDialogButtonBox.StandardButton.Save), Qt.MouseButton.LeftButton)
        size = task.clip.file.stat().st_size if task and task.clip and task.clip.file else -1
        await _until(lambda: target.exists() and target.stat().st_size == size, "the saved film")
        await self._settle()
        self._picture("saved")

    async def _until_kept(self) -> Task:
        def kept() -> Task | None:
            task = self._newest()
            done = task is not None and task.status is Status.SUCCEEDED and task.clip and task.clip.file
            return task if done else None

        task = await _until(kept, "the take on disk", 180)
        await self._settle()
        return task

    def _click_first_row(self) -> None:
        table = self._window.tasks.table
        place = table.visualRect(table.model().index(0, 0)).center()
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)

    async def _write(self, prompt: str) -> None:
        edit = self._window.form.fields.prompt.edit
        self._window.activateWindow()
        QTest.mouseClick(edit.viewport(), Qt.MouseButton.LeftButton)
        await _until(edit.hasFocus, "the cursor in the prompt")
        QTest.keyClicks(edit, prompt)

    async def _settle(self) -> None:
        """Let the stills arrive and the window paint."""
        await asyncio.sleep(0.5)

    def _newest(self) -> Task | None:
        return self._window.tasks.model.task(0)

    def _picture(self, name: str, widget: QWidget | None = None) -> None:
        # No processEvents before it: inside a coroutine that would wake other tasks, and break them for good.
        self._pictures += 1
        (widget or self._window).grab().save(str(self._folder / f"{self._pictures:02}-{name}.png"))


def _stills(picker: ClipPicker) -> int:
    clips = [picker.cards.clip_at(row) for row in range(picker.cards.rowCount())]
    return sum(clip is not None and picker.cards.poster_of(clip) is not None for clip in clips)


async def _until(condition: Callable[[], Found | Literal[False] | None], what: str, seconds: float = 15) -> Found:
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while not (found := condition()):
        if loop.time() > end:
            raise StepFailed(what)
        await asyncio.sleep(_LOOK_AGAIN)
    return found


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
