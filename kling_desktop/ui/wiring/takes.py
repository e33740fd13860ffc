"""Connects form, list and viewer to the studio: asking for takes, watching them come, playing, saving."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from kling_desktop.domain.accounts import Profile
from kling_desktop.domain.clips import Clip
from kling_desktop.domain.places.home import home_folder
from kling_desktop.domain.takes import Way
from kling_desktop.domain.tasks import Extension, Order, Status, Task, Trouble
from kling_desktop.errors import (
    DuplicateId,
    FileGone,
    FileOutOfReach,
    FileTrouble,
    KlingDesktopError,
    LibraryFull,
    StoreTrouble,
    kind_of,
)
from kling_desktop.studio.feed import (
    ClipChanged,
    CopyMoved,
    Fact,
    FileSaved,
    FilmRendered,
    Noticed,
    PosterMade,
    QueueChanged,
    TakePicked,
    TaskChanged,
)
from kling_desktop.studio.films.films import Films
from kling_desktop.studio.films.joining.continuation import Continuation
from kling_desktop.studio.films.picks import Picks
from kling_desktop.studio.films.tree import Tree
from kling_desktop.studio.films.undo import Undo
from kling_desktop.studio.preferences import Preferences
from kling_desktop.studio.studio import Studio
from kling_desktop.ui import formatting
from kling_desktop.ui.extend.extend_form import Submission
from kling_desktop.ui.i18n import tr, tr_count
from kling_desktop.ui.navigator import Navigator
from kling_desktop.ui.viewer.shown import Shown
from kling_desktop.ui.window import Window
from kling_desktop.ui.wiring.films.stage_face import ShownTakes


class TakeWiring(QObject):
    """Everything about tasks and their takes."""

    def __init__(
        self,
        window: Window,
        studio: Studio,
        films: Films,
        tree: Tree,
        picks: Picks,
        continuation: Continuation,
        preferences: Preferences,
        navigator: Navigator,
        undo: Undo,
        stage: ShownTakes,
    ) -> None:
        super().__init__(window)
        self._undo = undo
        self._window = window
        self._studio = studio
        self._films = films
        self._tree = tree
        self._picks = picks
        self._continuation = continuation
        self._preferences = preferences
        self._navigator = navigator
        self._asked = ""
        """Our id of the task that came from the form and has no outcome yet."""
        self._sent: tuple[str, ...] = ()
        """Our ids of what was sent by the last press; empty once the form goes on from one of them."""
        self._came: Clip | None = None
        """Its clip, once that is on the disk."""
        self._stage = stage
        self._shown_clip: Clip | None = None
        self._connect_form()
        self._connect_list()
        self._connect_viewer()
        self._restore()

    def on_facts(self, facts: Sequence[Fact]) -> None:
        """Show what happened."""
        self._window.tasks.model.on_facts(facts)
        for fact in facts:
            match fact:
                case TaskChanged(task):
                    self._window.notices.hide_banner(f"noticed {LibraryFull.__name__}")  # it has just been written
                    self._show_outcome(task)
                    self._offer_next(task)
                    self._refresh_viewer(task)
                case TakePicked(take_id=take_id, by_plan=False) if take_id:
                    self._offer_picked(take_id)
                case PosterMade(clip_id, file):
                    self._show_poster(clip_id, file)
                case FilmRendered(take_id, file) if file is not None:
                    for gone in (FileGone, FileOutOfReach):
                        self._window.notices.hide_banner(f"noticed {gone.__name__}")
                    self._show_film(take_id)
                case FilmRendered(trouble=trouble) if trouble is not None:
                    self._tell_noticed(trouble)
                case ClipChanged(clip):
                    self._show_clip_facts(clip)
                case CopyMoved():
                    self._tell_saving(fact)
                case FileSaved():
                    self._tell_saved(fact)
                case QueueChanged(waiting=waiting):
                    self._let_go(waiting)
                case Noticed(trouble):
                    self._tell_noticed(trouble)

    # --- the form ---

    def _connect_form(self) -> None:
        form = self._window.form
        form.asked.connect(lambda submission: self._submit(submission, self._preferences.profile))
        form.draft_changed.connect(self._studio.drafts.save)
        form.go_on_asked.connect(self._go_on)
        form.fields.prompt.edit.escaped.connect(self._navigator.end_writing)

    def _submit(self, submission: Submission, profile: Profile) -> None:
        extension = submission.extension
        if extension.own_id and self._studio.knows(extension.own_id):
            self._window.form.refused(DuplicateId().trouble)
            return
        if extension.generation is not None and extension.generation.first_frame is None and extension.video_id:
            self._studio.background.run(self._prepare(submission, profile))
            return
        try:
            in_front = submission.in_front
            tasks = [self._studio.submit(one, profile, in_front=in_front) for one in takes_of(submission)]
            self._bring_together(tasks)
        except (StoreTrouble, FileTrouble) as error:  # nothing was sent: it must be on the disk first
            self._window.form.refused(error.trouble)
            return
        self._asked = tasks[0].id
        self._sent = tuple(task.id for task in tasks)
        self._navigator.show_take(tasks[0])

    def _bring_together(self, tasks: Sequence[Task]) -> None:
        """Several takes of one new film are roots of that film, not films of their own."""
        if tasks[0].extension.begins_film:
            film_id = self._films.film_of_task(tasks[0].id)
            for task in tasks[1:]:
                self._films.move_root(task.id, film_id)

    async def _prepare(self, submission: Submission, profile: Profile) -> None:
        """A continuation is sent once the picture that it begins with lies on the disk, with the account that was
        chosen when the creator sent it.
        """
        try:
            prepared = await self._continuation.prepared(submission.extension)
        except KlingDesktopError as error:
            self._window.form.refused(error.trouble)
        else:
            self._submit(replace(submission, extension=prepared), profile)

    def _show_outcome(self, task: Task) -> None:
        """The words are safe with the task once Kling has taken it, or it waits in the list."""
        if task.id != self._asked:
            return
        if task.status is Status.FAILED and task.trouble:
            self._asked = ""
            self._window.form.refused(task.trouble)
        elif task.status.at_kling or task.status.ended or task.trouble:
            self._asked = ""
            self._window.form.accepted()
            self._window.form.set_history(self._studio.ledger.prompts())

    def _offer_next(self, task: Task) -> None:
        """The take that the form has sent is there: the form can go on from it. Of several the creator picks one."""
        if self._sent == (task.id,) and self._go_on_from(task):
            self._sent = ()

    def _offer_picked(self, take_id: str) -> None:
        state = self._tree.take(take_id)
        if state is not None and state.task is not None and state.task.id in self._sent:
            self._go_on_from(state.task, is_picked=True)

    def _go_on_from(self, task: Task, *, is_picked: bool = False) -> bool:
        """Whether the form offers it."""
        if task.clip is None or task.clip.file is None or not self._window.form.sent:
            return False
        self._came = task.clip
        self._window.form.take_came(is_picked=is_picked)
        return True

    def _go_on(self) -> None:
        if self._came:
            self._navigator.extend(self._came)

    def _let_go(self, waiting: Sequence[str]) -> None:
        """What waits in the queue is safe in the list: the form is free for the next."""
        if self._asked in waiting:
            self._asked = ""
            self._window.form.accepted()
            self._window.form.set_history(self._studio.ledger.prompts())

    # --- the list and the viewer ---

    def _connect_list(self) -> None:
        tasks = self._window.tasks
        tasks.chosen.connect(self._view)
        tasks.refused.connect(self._window.notices.toast)
        tasks.activated.connect(self._play)
        tasks.extend_asked.connect(self._extend)
        tasks.save_asked.connect(self._save_as)
        tasks.folder_asked.connect(self._open_folder)
        tasks.retry_asked.connect(self._retry)
        tasks.look_up_asked.connect(lambda task: self._studio.look_up(task.id))
        tasks.send_again_asked.connect(lambda task: self._studio.send_again(task.id))
        tasks.stop_watching_asked.connect(lambda task: self._studio.stop_watching(task.id))
        tasks.forget_asked.connect(self._forget)

    def _connect_viewer(self) -> None:
        viewer, chosen = self._window.viewer, self._preferences.now
        viewer.set_volume(chosen.volume)
        viewer.set_looping(chosen.loop)
        viewer.volume_changed.connect(lambda volume: self._preferences.change(volume=volume))
        viewer.looping_changed.connect(lambda loops: self._preferences.change(loop=loops))

    def _view(self, task: Task | None) -> None:
        task = self._studio.check_file(task) if task else None
        self._shown_clip = task.clip if task else None
        self._window.viewer.open(self._stage.of_task(task, self._window.viewer.clip) if task else Shown())
        if (selected := task.id if task else "") != self._preferences.now.selected:
            self._preferences.change(selected=selected, player_seconds=0.0)

    def _show_film(self, take_id: str) -> None:
        """The film of the take on show was made, or of what that goes on from while it has none itself."""
        selected = self._window.tasks.selected()
        state = self._tree.take(take_id)
        if selected is None or state is None:
            return
        shows_parent = selected.clip is None and state.take.clip_id == selected.extension.video_id
        if shows_parent or state.take.task_id == selected.id:
            self._view(selected)

    def _refresh_viewer(self, task: Task) -> None:
        """The selected task has a clip now, or its file has come."""
        selected = self._window.tasks.selected()
        if selected is not None and selected.id == task.id and task.clip != self._shown_clip:
            self._view(task)

    def _play(self, task: Task) -> None:
        if task.clip != self._shown_clip:
            self._view(task)
        self._window.viewer.play()

    def _extend(self, task: Task) -> None:
        if task.clip:
            self._navigator.extend(task.clip)

    def _retry(self, task: Task) -> None:
        self._navigator.show_take(self._studio.retry(task))

    def _forget(self, tasks: Sequence[Task]) -> None:
        states = [self._tree.take_of_task(task.id) for task in tasks]
        step = self._picks.forget([state.take.id for state in states if state is not None])
        self._window.notices.toast(
            tr_count(
                len(tasks),
                "Removed {n} task from the list. Its file stays.",
                "Removed {n} tasks from the list. Their files stay.",
            ),
            tr("Undo"),
            lambda: self._undo.take_back(step),
        )

    def _show_poster(self, clip_id: str, file: Path) -> None:
        if self._shown_clip and self._shown_clip.id == clip_id:
            self._window.viewer.show_poster(file)
        if self._window.form.extension().video_id == clip_id:
            self._window.form.show_clip_facts(self._studio.clips.find(clip_id), file)

    def _show_clip_facts(self, clip: Clip) -> None:
        if self._window.form.extension().video_id == clip.id:
            self._window.form.show_clip_facts(clip, self._studio.clips.poster(clip.id))

    # --- files ---

    def _save_as(self, task: Task) -> None:
        if task.clip is None or task.clip.file is None:
            self._window.notices.toast(tr("There is no file of this take to save yet."))
            return
        sources = self._sources_of(task, task.clip.file)
        folder = self._preferences.now.export_folder or home_folder()
        dialog = QFileDialog(self._window, tr("Save the take"), str(folder))
        dialog.setNameFilters(list(sources))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("mp4")
        dialog.selectFile(task.clip.file.name)
        dialog.fileSelected.connect(lambda chosen: self._save(sources[dialog.selectedNameFilter()], Path(chosen)))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _sources_of(self, task: Task, clip: Path) -> dict[str, Path]:
        """What can be saved of a take, what plays first: of a continued one the film, and its clip as it came."""
        state = self._tree.take_of_task(task.id)
        if state is None or state.take.way is not Way.CONTINUE:
            return {tr("MP4 video (*.mp4)"): clip}
        film, alone = self._continuation.film_of(state), {f"{tr('The clip as Kling made it')} (*.mp4)": clip}
        return {f"{tr('The film up to this take')} (*.mp4)": film, **alone} if film is not None else alone

    def _save(self, source: Path, target: Path) -> None:
        self._preferences.change(export_folder=target.parent)
        self._studio.background.run(self._studio.copies.make(source, target))

    def _tell_saving(self, fact: CopyMoved) -> None:
        key = f"saving {fact.file}"
        if fact.progress is None:
            self._window.notices.hide_banner(key)
            return
        progress = formatting.so_far(fact.progress)
        text = tr("Saving {name}… {progress}", name=fact.file.name, progress=progress)
        if not self._window.notices.update_banner(key, text):
            stop = partial(self._studio.copies.stop, fact.file)
            self._window.notices.show_banner(key, text, tr("Stop"), stop, closable=False)

    def _tell_saved(self, fact: FileSaved) -> None:
        if fact.trouble:
            error = kind_of(fact.trouble)
            text = f"{tr(error.title)}: {fact.file.name}. {tr(error.advice)}"
            self._window.notices.show_banner("saved", text, level="error")
            return
        self._window.notices.toast(
            tr("Saved {name}", name=fact.file.name), tr("Show in folder"), lambda: open_folder(fact.file)
        )

    def _tell_noticed(self, trouble: Trouble) -> None:
        error = kind_of(trouble)
        self._window.notices.show_banner(
            f"noticed {trouble.error}", f"{tr(error.title)}. {tr(error.advice)}", level="warning"
        )

    def _open_folder(self, task: Task) -> None:
        if task.clip and task.clip.file:
            open_folder(task.clip.file)

    # --- as it was left ---

    def _restore(self) -> None:
        if draft := self._studio.drafts.last():
            self._show_draft(draft)
            if clip := self._studio.clips.find(draft.video_id):
                self._window.form.show_clip_facts(clip, self._studio.clips.poster(clip.id))
        self._window.form.set_history(self._studio.ledger.prompts())
        now = self._preferences.now
        self._window.restore_layout(now.window)
        self._window.tasks.stand(Order(now.takes_order), now.takes_folds)
        if selected := now.selected:
            seconds = now.player_seconds
            if self._window.tasks.select(selected):
                self._window.viewer.seek(seconds)

    def _show_draft(self, draft: Extension) -> None:
        """What was sent before the program ended is not sent once more by habit after it."""
        tasks = self._studio.ledger.asked_lately(draft) if draft.prompt else ()
        self._window.form.show_draft(draft, sent=bool(tasks))
        self._sent = tuple(task.id for task in tasks)
        for task in tasks:
            self._offer_next(task)
            state = self._tree.take(task.id)
            if state is not None and state.is_picked:
                self._offer_picked(task.id)

    def remember(self) -> None:
        """Note how the window was left."""
        self._preferences.change(
            window=self._window.layout_text(),
            takes_order=self._window.tasks.model.order.value,
            takes_folds=self._window.tasks.model.folds,
            player_seconds=self._window.viewer.position_seconds,
        )


def takes_of(submission: Submission) -> list[Extension]:
    """One extension a take: an own ID can be the first one's alone."""
    again = replace(submission.extension, own_id="")
    return [submission.extension, *[again] * (submission.takes - 1)]


def open_folder(file: Path) -> None:
    """Show the folder of a file in the system's file manager."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(file.parent)))
