"""Shows the main job by doing it: the real window, the real engine, a pretended Kling; pictures and a film remain."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog, QLineEdit

from kling_desktop.domain.exports import ExportState
from kling_desktop.domain.models import USUAL_MODEL
from kling_desktop.domain.takes import Gate, Way
from kling_desktop.domain.tasks import Task
from kling_desktop.studio.films.handing_over.pieces import What
from kling_desktop.ui.export.export_dialog import ExportDialog
from kling_desktop.ui.film.film_view import CardKind
from kling_desktop.ui.film.lane_head import GATES
from kling_desktop.ui.library.clip_picker import ClipPicker
from kling_desktop.ui.rail.rail import ALL_TAKES, TREE
from kling_desktop.ui.tour.hands import Hands, StepFailed, say, segment, until
from kling_desktop.ui.window import Window

FIRST, SECOND, THIRD, FOURTH, FIFTH = (
    "A paper boat with a small candle drifts into the picture, the water mirrors its light",
    "The camera rises, and far away the first lights of a town appear",
    "Fog comes in over the water, and the boat becomes a glow",
    "Wind comes up, petals drift across the picture",
    "The light fades to blue, fireflies rise from the reeds",
)
FILM = "extended.mp4"
EXPORTED_AS = "h264-small"
CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier

_ENDS = (ExportState.DONE, ExportState.FAILED, ExportState.STOPPED)

_FRAMES = 24
"""Frames that must have come to the screen before a take counts as played."""

_STILLS = 5
"""Clips that must show their still before the picture of the picker is taken."""


class Tour:
    """Extends a clip, plays it, goes on with it in every way there is, and saves it: by keyboard and mouse."""

    def __init__(self, window: Window, folder: Path) -> None:
        self._window = window
        self._folder = folder
        self._hands = Hands(window, folder)
        self._pictures = 0

    async def take(self) -> int:
        """Go through all steps and say each on the terminal. 0 only if every one really happened."""
        self._folder.mkdir(parents=True, exist_ok=True)
        steps: tuple[tuple[str, Callable[[], Awaitable[None]]], ...] = (
            ("The window opens on the sandbox, with no account", self._open),
            ("The clips of the account are listed to pick from", self._pick),
            ("What happens next is written, and sent with Ctrl+Enter", self._ask),
            ("The take is made, kept on disk, and plays in the window", self._play_first),
            ("The take is extended once more, with two takes to choose from", self._extend_again),
            ("The take is continued with a living model, and joined to one film", self._continue),
            ("The frames at a seam are shown side by side, with their meters", self._look_at_seam),
            ("Two hops are planned, and the plan runs to its end", self._run_plan),
            ("Another take of the last hop is picked for the film", self._pick_sibling),
            (f"The take is saved as {FILM}", self._save),
            ("The film is coded anew and exported", self._export),
        )
        for words, step in steps:
            try:
                await step()
            except StepFailed as failure:
                self._keep("failed")
                say(f"failed  {words}: waited for {failure}")
                return 1
            say(f"ok      {words}")
        say(f"Pictures and film: {self._folder}")
        return 0

    async def _open(self) -> None:
        await until(self._window.windowHandle().isExposed, "the window")
        self._window.activateWindow()  # a bare virtual screen has no window manager to do it
        await until(self._window.isActiveWindow, "the window to be active")
        await until(self._window.bar.account.accessibleName, "the account")
        await self._picture("first-start")

    async def _pick(self) -> None:
        self._window.form.clip_wanted.emit()
        picker = await until(lambda: self._window.findChild(ClipPicker), "the clip picker")
        await until(picker.current, "clips to pick from")
        await until(lambda: _stills(picker) >= _STILLS, "stills of the clips")
        await self._picture("pick-a-clip", picker)
        QTest.keyClick(picker.search, Qt.Key.Key_Return)
        await until(lambda: not picker.isVisible() and self._window.form.extension().video_id, "the clip in the form")

    async def _ask(self) -> None:
        await self._hands.write(FIRST)
        await self._picture("what-happens-next")
        self._hands.press(self._window.form.fields.prompt.edit, Qt.Key.Key_Return, CTRL)
        await until(lambda: (tasks := self._hands.tasks()) and tasks[0].status.at_kling, "Kling to take the task")
        await until(lambda: self._window.form.sent, "the words to be safe")
        self._window.show_rail(TREE)
        await self._picture("being-made")

    async def _play_first(self) -> None:
        await self._hands.kept(1)
        await self._play(FIRST)
        await self._picture("playing")

    async def _extend_again(self) -> None:
        first = (await self._hands.kept(1))[0]
        await self._offer(FIRST, first)
        await self._hands.write(SECOND)
        self._hands.click(segment(self._window.form.foot.takes, 1))
        self._hands.click(self._window.form.button)
        both = (await self._hands.kept(3))[:2]
        if not all(_seconds(take) > _seconds(first) for take in both):
            raise StepFailed("longer films")
        await self._play(SECOND)
        await self._picture("extended-twice")

    async def _continue(self) -> None:
        form = self._window.form
        parent = next(task for task in await self._hands.kept(3) if task.extension.prompt == SECOND)
        await self._offer(SECOND, parent, take=2 if parent is (await self._hands.kept(3))[0] else 1)
        self._hands.click(segment(form.fields.way.segments, 1))
        await until(lambda: form.fields.way.way is Way.CONTINUE, "the way of continuing")
        await self._hands.write(THIRD)
        self._hands.click(segment(form.foot.takes, 0))
        generation = form.extension().generation
        if generation is None or generation.model != USUAL_MODEL:
            raise StepFailed(f"{USUAL_MODEL} in the form")
        await self._picture("continue")
        self._hands.click(form.button)
        made = (await self._hands.kept(4))[0]
        if made.extension.prompt != THIRD or made.extension.generation is None:
            raise StepFailed("the continuation to be the newest take")
        await self._hands.click_take(THIRD)
        whole = _seconds(parent) + 1
        await until(lambda: self._window.viewer.duration_seconds > whole, "the film, joined from parent and new clip")
        await self._picture("continued")

    async def _look_at_seam(self) -> None:
        seams, strip = self._window.seams, self._window.viewer.transport.strip
        await until(lambda: seams.seams and seams.seams[-1].meters, "a measured seam")
        QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=strip.mark_place(len(strip.marks)))
        await until(lambda: seams.is_open and seams.stage.stills, "the two frames at the seam")
        await until(lambda: len(seams.seams) < 2 or seams.drift.hops, "the drift of the film")
        await self._picture("seam")
        QTest.keyClick(seams.stage, Qt.Key.Key_Escape)
        await until(lambda: not seams.is_open, "the film again")

    async def _run_plan(self) -> None:
        form, head = self._window.form, self._window.film.head
        before = len(await self._hands.kept(4))
        for words, takes in ((FOURTH, 1), (FIFTH, 2)):
            await self._hands.write(words)
            self._hands.click(segment(form.foot.takes, takes - 1))
            self._hands.press(form.fields.prompt.edit, Qt.Key.Key_Return, CTRL, ALT)
            await until(
                lambda words=words: any(card.words == words for card in self._hands.cards(CardKind.PLANNED)),  # type: ignore[misc]  # a lambda's default
                "the planned hop in the lane",
            )
        self._hands.click(segment(head.gates, GATES.index(Gate.RUN)))
        await self._picture("planned")
        self._hands.click(head.run)
        await until(lambda: self._hands.cards(CardKind.RUNNING), "the first hop to run")
        await self._picture("plan-running")
        await self._hands.kept(before + 3)
        await until(lambda: not self._hands.cards(CardKind.PLANNED), "nothing left to do")
        await until(lambda: not self._hands.cards(CardKind.RUNNING), "the plan to be done")
        if [card.words for card in self._hands.cards(CardKind.MADE)][-2:] != [FOURTH, FIFTH]:
            raise StepFailed("the planned hops in the film")
        await self._picture("plan-done")

    async def _pick_sibling(self) -> None:
        tip = self._hands.cards(CardKind.MADE)[-1]
        other = 3 - tip.take
        await self._hands.click_take(FIFTH, other)
        self._hands.press(self._window.tree.tree, Qt.Key.Key_P)
        await until(
            lambda: (made := self._hands.cards(CardKind.MADE)) and made[-1].words == FIFTH and made[-1].take == other,
            "the other take in the film",
        )
        await self._picture("picked")

    async def _save(self) -> None:
        target = self._folder / FILM
        target.unlink(missing_ok=True)
        task = self._window.tasks.selected()
        source = task.clip.file if task and task.clip else None
        if source is None:
            raise StepFailed("the picked take in the list")
        self._window.show_rail(ALL_TAKES)
        await until(self._window.tasks.table.isVisible, "the list of takes")
        self._window.tasks.table.setFocus()
        await until(self._window.tasks.table.hasFocus, "the cursor in the list")
        self._hands.press(self._window.tasks.table, Qt.Key.Key_S, CTRL)
        dialog = await until(lambda: self._window.findChild(QFileDialog), "the save dialog")
        name = await until(lambda: dialog.findChild(QLineEdit), "the file name")
        name.setText(str(target.absolute()))
        buttons = await until(lambda: dialog.findChild(QDialogButtonBox), "the dialog's buttons")
        self._hands.click(buttons.button(QDialogButtonBox.StandardButton.Save))
        size = source.stat().st_size
        await until(lambda: target.exists() and target.stat().st_size == size, "the saved film")
        await self._picture("saved")
        self._window.show_rail(TREE)

    async def _export(self) -> None:
        self._hands.press(self._window, Qt.Key.Key_S, CTRL, Qt.KeyboardModifier.ShiftModifier)
        dialog = await until(lambda: self._window.findChild(ExportDialog), "the dialog of exports")
        dialog.folder.setText(str(self._folder.absolute()))
        dialog.choose(What.FILM, EXPORTED_AS)
        await until(lambda: dialog.preview.text() and dialog.export_button.isEnabled(), "the export to be allowed")
        self._hands.click(dialog.export_button)
        job = await until(
            lambda: next((job for job in self._window.exports.jobs if job.state in _ENDS), None), "the export to end"
        )
        dialog.close()
        if job.state is not ExportState.DONE or job.file is None or not job.file.stat().st_size:
            raise StepFailed(f"an exported film; it was told {job.trouble}")
        await self._picture("exported")

    # --- what several steps do -----------------------------------------------------------------------------------

    async def _offer(self, words: str, task: Task, take: int = 1) -> None:
        """Ask in the tree to go on from a take."""
        await self._hands.click_take(words, take)
        self._hands.press(self._window.tree.tree, Qt.Key.Key_E)
        clip_id = task.clip.id if task.clip else ""
        await until(lambda: self._window.form.extension().video_id == clip_id, "the take in the form")

    async def _play(self, words: str) -> None:
        viewer = self._window.viewer
        await self._hands.click_take(words)
        before = viewer.frames_seen
        self._hands.press(self._window.tree.tree, Qt.Key.Key_Return)
        await until(lambda: viewer.frames_seen >= before + _FRAMES, "frames on the screen")
        viewer.pause()
        await self._hands.rest()

    async def _picture(self, name: str, picker: ClipPicker | None = None) -> None:
        await self._hands.rest()
        self._keep(name, picker)

    def _keep(self, name: str, picker: ClipPicker | None = None) -> None:
        self._pictures += 1
        self._hands.picture(f"{self._pictures:02}-{name}", picker)


def _seconds(task: Task) -> float:
    return float((task.clip.seconds if task.clip else None) or 0)


def _stills(picker: ClipPicker) -> int:
    clips = [picker.cards.clip_at(row) for row in range(picker.cards.rowCount())]
    return sum(clip is not None and picker.cards.poster_of(clip) is not None for clip in clips)
