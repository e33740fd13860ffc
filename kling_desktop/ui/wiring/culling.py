"""Connects the screening room: keys that are remembered, stills that are kept, takes one after another."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, QTimer
from PySide6.QtGui import QImage

from kling_desktop.domain.tasks import Pick, Task
from kling_desktop.studio.feed import Fact, Swept, SweptFile
from kling_desktop.studio.films.picks import Picks
from kling_desktop.studio.films.tree import Tree
from kling_desktop.studio.films.undo import Change, Undo
from kling_desktop.studio.preferences import Preferences
from kling_desktop.studio.studio import Studio
from kling_desktop.studio.tasks.trash import Sweeper
from kling_desktop.ui.i18n import tr, tr_count
from kling_desktop.ui.takes.culling import OF_THE_LIST
from kling_desktop.ui.viewer.snapshot import Snapshots
from kling_desktop.ui.window import Window
from kling_desktop.ui.wiring.takes import open_folder

_TRASH_MS, _HOUR_MS = 20_000, 3_600_000
"""The trash is looked through when the program has long been up."""
_UNDO_SECONDS = 20


class CullingWiring(QObject):
    """Everything about judging takes."""

    def __init__(
        self,
        window: Window,
        studio: Studio,
        sweeper: Sweeper,
        preferences: Preferences,
        tree: Tree,
        picks: Picks,
        undo: Undo,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._preferences = preferences
        self._tree, self._picks, self._undo = tree, picks, undo
        self._refilled: list[SweptFile] | None = None
        """The list of a sweep that is made again: what is in the trash now goes there."""
        self._snapshots = Snapshots(self)
        viewer = window.viewer
        viewer.take_asked.connect(window.tasks.go_on)
        viewer.snapshot_asked.connect(self._keep)
        self._snapshots.saved.connect(self._tell_kept)
        self._snapshots.failed.connect(self._tell_lost)
        window.keys.restore(preferences.now.key_profile, preferences.now.keys)
        window.keys.changed.connect(self._remember_keys)
        self._studio, self._sweeper = studio, sweeper
        self._connect_cull()

        self._emptying = QTimer(self, interval=_TRASH_MS)
        self._emptying.timeout.connect(self._empty_trash)
        self._emptying.start()

    def on_facts(self, facts: Sequence[Fact]) -> None:
        """Show what happened."""
        for fact in facts:
            if isinstance(fact, Swept):
                self._tell_swept(fact)

    def _empty_trash(self) -> None:
        """A little after the start, and hourly: at first Kling may not have told the time, without which all stays."""
        self._emptying.setInterval(_HOUR_MS)
        self._studio.background.run(self._sweeper.empty())

    def _remember_keys(self) -> None:
        keys = self._window.keys
        self._preferences.change(key_profile=keys.profile, keys=keys.own())

    # --- culling ---

    def _connect_cull(self) -> None:
        cull = self._window.cull
        cull.set_advancing(self._preferences.now.advances)
        cull.advancing_changed.connect(lambda advances: self._preferences.change(advances=advances))
        cull.judged.connect(self._judge)
        cull.sweep_asked.connect(lambda: self._studio.background.run(self._preview_sweep()))
        for name, action in cull.commands.items():
            if name not in OF_THE_LIST:
                self._window.viewer.adopt(action)

    def _judge(self, tasks: Sequence[Task], pick: Pick | None, stars: int | None) -> None:
        with self._undo.as_one(Change.REJECT_SEVERAL if pick is Pick.REJECTED else Change.JUDGE_SEVERAL):
            for task in tasks:
                self._judge_one(task, pick, stars)
        said = {Pick.PICKED: tr("Picked"), Pick.REJECTED: tr("Rejected"), Pick.UNDECIDED: tr("Neither")}
        self._window.viewer.picture.tell("★" * (stars or 0) or (tr("No stars") if pick is None else said[pick]))

    def _judge_one(self, task: Task, pick: Pick | None, stars: int | None) -> None:
        state = self._tree.take_of_task(task.id)
        if state is None:  # of no film: the list alone knows it
            self._judge_alone(task, pick, stars)
            return
        if stars is not None:
            self._picks.star(state.take.id, stars)
        match pick:
            case Pick.PICKED:
                self._picks.pick(state.take.id)
            case Pick.REJECTED:
                self._picks.reject([state.take.id])
            case Pick.UNDECIDED if state.is_picked:
                self._picks.unpick(state.take.id)
            case Pick.UNDECIDED:
                self._picks.restore([state.take.id])

    def _judge_alone(self, task: Task, pick: Pick | None, stars: int | None) -> None:
        labels = {Pick.PICKED: Change.PICK, Pick.REJECTED: Change.REJECT, Pick.UNDECIDED: Change.RESTORE}
        self._undo.make(
            Change.STARS if pick is None else labels[pick],
            lambda: self._studio.judge(task.id, pick=pick, stars=stars),
            lambda: self._studio.judge(task.id, pick=task.pick, stars=task.stars),
        )

    async def _preview_sweep(self) -> None:
        """What would go is shown before anything does."""
        # rarely wanted: not before the window stands
        from kling_desktop.ui.sweep.sweep_dialog import SweepDialog, needed_words
        from kling_desktop.ui.sweep.sweep_rows import SweepRow

        weighed = await self._sweeper.weighed()
        needed = self._sweeper.count_needed()
        if not weighed:
            self._window.notices.toast(needed_words(needed) if needed else tr("No rejected take has a file to sweep."))
            return
        rows = [SweepRow(each.task, each.files, each.size_bytes) for each in weighed]
        clips = self._studio.clips
        dialog = SweepDialog(rows, self._window.posters, lambda clip: clips.poster(clip.id), self._window, needed)
        dialog.sweep_asked.connect(self._sweep)
        dialog.open()

    def _sweep(self, task_ids: Sequence[str]) -> None:
        shown = self._window.viewer.clip
        if shown and any(
            task.clip and task.clip.id == shown.id for task in self._sweeper.rejected() if task.id in task_ids
        ):
            self._window.viewer.show_clip(None)  # a file that plays cannot be moved on every system
        self._studio.background.run(self._sweeper.sweep(frozenset(task_ids)))

    def _sweep_again(self, files: list[SweptFile]) -> None:
        self._refilled = files
        self._sweep([file.task_id for file in files])

    def _bring_back(self, files: Sequence[SweptFile]) -> None:
        self._studio.background.run(self._sweeper.bring_back(tuple(files)))

    def _tell_swept(self, fact: Swept) -> None:
        if fact.files:
            n = len(fact.files)
            words = tr_count(n, "{n} file is in the trash for 7 days.", "{n} files are in the trash for 7 days.")
            if self._refilled is not None:
                self._refilled[:] = fact.files
                self._window.notices.toast(words)
            else:
                self._remember_sweep(list(fact.files), words)
        self._refilled = None
        if fact.failed:
            text = tr_count(fact.failed, "{n} file could not be moved.", "{n} files could not be moved.")
            self._window.notices.show_banner("swept", text, level="warning")

    def _remember_sweep(self, files: list[SweptFile], words: str) -> None:
        step = self._undo.remember(Change.SWEEP, partial(self._sweep_again, files), partial(self._bring_back, files))
        self._window.notices.toast(words, tr("Undo"), partial(self._undo.take_back, step), seconds=_UNDO_SECONDS)

    # --- stills ---

    def _keep(self, image: QImage, name: str) -> None:
        pictures = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
        self._snapshots.save(image, self._preferences.now.export_folder or Path(pictures), name)

    def _tell_kept(self, file: Path) -> None:
        said = tr("Saved {name}", name=file.name)
        self._window.viewer.picture.tell(said)
        self._window.notices.toast(said, tr("Show in folder"), lambda: open_folder(file))

    def _tell_lost(self, file: Path) -> None:
        text = tr("The picture could not be written to {folder}.", folder=file.parent)
        self._window.notices.show_banner("snapshot", text, level="error")
