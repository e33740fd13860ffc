"""Connects the failure doctor to the studio: says what is wrong with the chosen take, and does what helps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFileDialog

from kling_desktop.domain.models import next_model
from kling_desktop.domain.tasks import Status, Task
from kling_desktop.errors import Remedy
from kling_desktop.studio.feed import Fact, TaskChanged
from kling_desktop.studio.films.budget import Budget
from kling_desktop.studio.preferences import Preferences
from kling_desktop.studio.studio import Studio
from kling_desktop.ui.help.doctor_words import model_of
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.navigator import Navigator
from kling_desktop.ui.window import Window
from kling_desktop.ui.wiring.clips import ClipWiring
from kling_desktop.ui.wiring.dialogs.accounts import AccountWiring


class DoctorWiring(QObject):
    """Everything about takes that something is wrong with."""

    def __init__(
        self,
        window: Window,
        studio: Studio,
        preferences: Preferences,
        navigator: Navigator,
        accounts: AccountWiring,
        clips: ClipWiring,
        budget: Budget,
    ) -> None:
        super().__init__(window)
        self._budget = budget
        self._window = window
        self._studio = studio
        self._preferences = preferences
        self._navigator = navigator
        self._accounts = accounts
        self._clips = clips
        window.tasks.chosen.connect(window.doctor.show_task)
        window.tasks.explain_asked.connect(window.doctor.open)
        window.doctor.asked.connect(self.treat)
        window.doctor.forget_asked.connect(lambda task: window.tasks.forget_asked.emit([task]))
        window.viewer.playing_changed.connect(lambda plays: window.doctor.step_aside() if plays else None)
        window.doctor.show_task(window.tasks.selected())

    def on_facts(self, facts: Sequence[Fact]) -> None:
        """The chosen take may stand otherwise now."""
        selected = self._window.tasks.selected()
        for fact in facts:
            if isinstance(fact, TaskChanged) and selected is not None and fact.task.id == selected.id:
                self._window.doctor.show_task(fact.task)
                if fact.task.status is Status.FAILED and not self._window.doctor.isHidden():
                    self._window.form.fields.refusal.hide()  # the card says it: one fact, one place

    def treat(self, task: Task, remedy: Remedy) -> None:
        """Do what the button says."""
        profile = task.profile
        match remedy:
            case Remedy.EDIT_PROMPT:
                self._navigator.edit(task)
            case Remedy.PICK_CLIP:
                self._navigator.repeat(replace(task.extension, video_id=""))
                self._clips.open_picker()
            case Remedy.USE_MODEL:
                self._use_next_model(task)
            case Remedy.CHECK_KEYS | Remedy.CHECK_CLOCK | Remedy.OPEN_CONSOLE:
                self._accounts.offer(remedy, profile)
            case Remedy.TRY_AGAIN:
                self._navigator.show_take(self._studio.retry(task))
            case Remedy.SEND_AGAIN:
                self._studio.send_again(task.id)
            case Remedy.LOOK_UP if task.watched:
                self._studio.look_up(task.id)
            case Remedy.LOOK_UP:
                self._studio.watch(task.id)
            case Remedy.IDENTIFY:
                self._navigator.repeat(replace(task.extension, video_id=task.id))
                self._clips.identify(task.id)
            case Remedy.SEND_NOW:
                self._studio.lines.reopen(profile.name)
                self._studio.look_up(task.id)
            case Remedy.SEND_ANYWAY:
                self._budget.send_anyway(task.id)
            case Remedy.FETCH:
                self._studio.watch(task.id)
            case Remedy.FREE_SPACE:
                self._choose_folder(task)
            case Remedy.NONE | Remedy.WAIT:
                pass

    def _use_next_model(self, task: Task) -> None:
        if other := next_model(model_of(task.extension)):
            self._navigator.repeat(task.extension)
            self._window.form.use_model(other.name)

    def _choose_folder(self, task: Task) -> None:
        dialog = QFileDialog(self._window, tr("Keep takes in"), str(self._preferences.takes_folder))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda chosen: self._move_in(task, Path(chosen)))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _move_in(self, task: Task, folder: Path) -> None:
        self._preferences.change(library_folder=folder)
        self._studio.watch(task.id)
