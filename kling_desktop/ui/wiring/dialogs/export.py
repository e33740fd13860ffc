"""Connects the dialog of exports to the films, and the exports, which go on when it is closed, to the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDrag, QGuiApplication, QPixmap
from PySide6.QtWidgets import QMenu

from kling_desktop.domain.exports import ExportJob, ExportState
from kling_desktop.domain.places.home import home_folder
from kling_desktop.errors import KlingDesktopError
from kling_desktop.studio.feed import ExportChanged, ExportForgotten, ExportsPaused, Fact
from kling_desktop.studio.films.films import Films
from kling_desktop.studio.films.handing_over.choices import Preset
from kling_desktop.studio.films.handing_over.desk import Desk, Range
from kling_desktop.studio.films.handing_over.own_presets import OwnPresets
from kling_desktop.studio.films.handing_over.pieces import What
from kling_desktop.studio.films.tree import Tree
from kling_desktop.studio.preferences import Preferences
from kling_desktop.studio.studio import Studio
from kling_desktop.ui.export.export_words import job_words, reason, refusal
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.library.film_names import shown_name
from kling_desktop.ui.rail.rail import QUEUE
from kling_desktop.ui.shell.badge import ExportProgress
from kling_desktop.ui.window import Window

if TYPE_CHECKING:
    from kling_desktop.studio.files.exports import Exports, Request
    from kling_desktop.studio.films.handing_over.choices import Wish
    from kling_desktop.ui.export.export_dialog import ExportDialog


class ExportWiring(QObject):
    """Everything that leaves the program as files. The media library is loaded when the first export is wanted."""

    def __init__(
        self,
        window: Window,
        studio: Studio,
        films: Films,
        tree: Tree,
        desk: Desk,
        preferences: Preferences,
        data_dir: Path,
        shown: Callable[[], tuple[str, str]],
        file_of: Callable[[str], Path | None],
    ) -> None:
        """`shown` gives the ids of the film that is open and of the take that is shown, empty for none; `file_of` the
        film up to and including a take as one file, if there is one.
        """
        super().__init__(window)
        self._window = window
        self._studio = studio
        self._films = films
        self._tree = tree
        self._desk = desk
        self._preferences = preferences
        self._presets = OwnPresets(preferences)
        self._journal = data_dir / "exports.json"
        self._shown = shown
        self._file_of = file_of
        self._exports: Exports | None = None
        self._progress = ExportProgress()
        self._film_id = self._take_id = ""
        self._asked = 0
        self.dialog: ExportDialog | None = None
        bar, queue = window.menu_bar, window.exports
        bar.export_asked.connect(lambda: self.open(What.FILM))
        bar.archive_asked.connect(lambda: self.open(What.FILM, "archive"))
        head = window.seams.take_head.menu
        head.aboutToShow.connect(lambda: self._fill_more(head))
        for view in (window.tree.tree, window.film.cards):
            view.export_asked.connect(lambda take_id: self.open(What.TAKE, take_id=take_id))
            view.dragged.connect(self._drag)
        window.film.head.dragged.connect(self._drag_film)
        queue.pause_asked.connect(lambda paused: self.exports.pause(paused))
        queue.stop_asked.connect(lambda job_id: self.exports.stop(job_id))
        queue.again_asked.connect(self._again)
        queue.forget_asked.connect(lambda job_id: self.exports.forget(job_id))
        queue.show_asked.connect(_show_in_folder)
        queue.copy_asked.connect(_copy_path)

    def resume(self) -> None:
        """Go on with what an earlier session did not finish; once, when the loop runs."""
        if self._journal.exists():
            self.exports  # noqa: B018 - the first use takes up what was left

    def go_on_with(self, former: ExportWiring) -> None:
        """Take over the queue of panels that have gone."""
        self._exports = former._exports

    def on_facts(self, facts: Sequence[Fact]) -> None:
        """Show how the exports stand."""
        for fact in facts:
            match fact:
                case ExportChanged(job):
                    self._show(job)
                    self._progress.hear(job)
                case ExportForgotten(job_id):
                    self._window.exports.forget(job_id)
                    self._progress.forget(job_id)
                case ExportsPaused(paused):
                    self._window.exports.show_paused(paused)
                case _:
                    pass

    @property
    def exports(self) -> Exports:
        """The queue of exports, begun when it is first wanted."""
        if self._exports is None:
            from kling_desktop.studio.files.exports import Exports  # loads the media library: not at the start

            self._exports = Exports(self._studio.feed, self._journal)
            self._exports.resume()
            self._studio.background.run(self._exports.run())
        return self._exports

    # --- the dialog ----------------------------------------------------------------------------------------------

    def open(self, what: What, format_key: str = "", take_id: str = "") -> None:
        """Show the dialog for the film that is open, beginning with this choice."""
        film_id, shown_take = self._shown()
        self._take_id = take_id or shown_take
        state = self._tree.take(self._take_id)
        self._film_id = state.take.film_id if state is not None else film_id
        film = self._films.film(self._film_id)
        if film is None or self._tree.path(film.id).tip is None:
            self._window.notices.toast(tr("There is no finished take to export yet."))
            return
        dialog = self.dialog or self._made()
        dialog.formats.show_own(self._presets.kept())
        marks = self._window.viewer.marks
        dialog.show_film(shown_name(film), can_cut=marks.start is not None or marks.end is not None)
        dialog.choose(what, format_key)
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()

    def _made(self) -> ExportDialog:
        from kling_desktop.ui.export.export_dialog import ExportDialog  # most starts never show it

        chosen = self._preferences.now
        dialog = ExportDialog(chosen.export_folder or home_folder() / "Videos", self._window, chosen.export_names)
        dialog.changed.connect(self._preview)
        dialog.asked.connect(self._export)
        dialog.keep_asked.connect(self._keep_preset)
        dialog.forget_asked.connect(self._forget_preset)
        dialog.stop_asked.connect(self._stop_running)
        self.dialog = dialog
        return dialog

    def _keep_preset(self, title: str) -> None:
        if self.dialog is not None:
            wish = self.dialog.wish()
            self._presets.keep(Preset(title, wish.format_key, wish.options))
            self.dialog.formats.show_own(self._presets.kept(), title)

    def _forget_preset(self, title: str) -> None:
        self._presets.drop(title)
        if self.dialog is not None:
            self.dialog.formats.show_own(self._presets.kept())

    def _stop_running(self) -> None:
        for job in self.exports.jobs:
            if job.state is ExportState.RUNNING:
                self.exports.stop(job.id)

    def _preview(self, wish: Wish) -> None:
        self._asked += 1
        self._studio.background.run(self._look_at(wish, self._asked))

    async def _look_at(self, wish: Wish, number: int) -> None:
        """What the wish would make; an older answer than the newest question is thrown away."""
        from kling_desktop.ui.export.export_lines import Preview, lines_of  # not before the dialog asks

        requests, refusal = await self._requests(wish)
        if self.dialog is None or number != self._asked:
            return
        self.dialog.show_preview(Preview(tuple(request.name.as_posix() for request in requests), refusal))
        if requests:
            checked = await self._desk.check(requests)
            if number == self._asked:
                self.dialog.show_lines(lines_of(checked))
        await self._show_takes(wish, requests, number)

    async def _show_takes(self, wish: Wish, requests: Sequence[Request], number: int) -> None:
        from kling_desktop.ui.export.take_rows import TakeRow

        take_id = self._range()[0] if wish.what is What.RANGE else self._take_id
        takes = await self._desk.contents(wish, self._film_id, take_id, requests)
        if self.dialog is not None and number == self._asked:
            self.dialog.show_takes([TakeRow(take, self._studio.clips.poster(take.clip_id)) for take in takes])

    def _export(self, wish: Wish) -> None:
        self._studio.background.run(self._put_in_line(wish))

    async def _put_in_line(self, wish: Wish) -> None:
        requests, _ = await self._requests(wish)
        if requests:
            self._preferences.change(export_folder=wish.folder, export_names=wish.template)
            self.exports.add(requests)

    async def _requests(self, wish: Wish) -> tuple[tuple[Request, ...], str]:
        """One a file; or none, and why."""
        take_id, marked = self._range() if wish.what is What.RANGE else (self._take_id, Range())
        try:
            return await self._desk.requests(wish, self._film_id, take_id, marked), ""
        except KlingDesktopError as error:
            return (), f"{tr(error.title)}. {reason(error.message)}"
        except ValueError as error:  # a template that is refused, or a range that holds nothing
            return (), refusal(error)

    def _range(self) -> tuple[str, Range]:
        """The take that plays, and what is marked in it: in its film, or in its clip alone while that is not joined."""
        viewer = self._window.viewer
        marks, frame = viewer.marks, 1 / (viewer.fps or 24)
        end = None if marks.end is None else _exact(marks.end + frame)
        state = self._tree.take_of_clip(viewer.clip.id) if viewer.clip is not None else None
        if viewer.clip is None or state is None or state.clip is None:
            return self._take_id, Range(_exact(marks.first), end)
        alone = viewer.clip.file == state.clip.file
        return state.take.id, Range(_exact(marks.first), end, of_clip=alone)

    # --- menus and dragging ------------------------------------------------------------------------------------

    def _fill_more(self, menu: QMenu) -> None:
        """Behind what the menu of the stage has already."""
        menu.addSeparator()
        menu.addAction(tr("Export take…")).triggered.connect(lambda: self.open(What.TAKE))
        menu.addAction(tr("Export film…")).triggered.connect(lambda: self.open(What.FILM))

    def _drag(self, take_id: str) -> None:
        """Into whatever takes it: the finished file of the film up to here."""
        mime = self.dragged(take_id)
        if mime is None:
            self._window.notices.toast(tr("The file of this take is not here yet."))
            return
        drag = QDrag(self._window)
        drag.setMimeData(mime)
        drag.setPixmap(self._picture(take_id))
        drag.exec(Qt.DropAction.CopyAction)

    def _drag_film(self) -> None:
        """By the head of its lane: the whole film, whatever take is shown."""
        tip = self._tree.path(self._shown()[0]).tip
        if tip is not None:
            self._drag(tip.take.id)

    def _picture(self, take_id: str) -> QPixmap:
        from kling_desktop.ui.export.drag_picture import drag_picture

        state = self._tree.take(take_id)
        film = self._films.film(state.take.film_id) if state is not None else None
        name = (state.words.strip() if state is not None else "") or (film.name if film is not None else "")
        still = self._studio.clips.poster(state.take.clip_id) if state is not None else None
        return drag_picture(still, name, self._window.devicePixelRatioF())

    def dragged(self, take_id: str) -> QMimeData | None:
        """What a drag of this take carries; None while there is no file."""
        file = self._file_of(take_id)
        if file is None or not file.exists():
            return None
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(file))])
        return mime

    # --- the exports under way -----------------------------------------------------------------------------------

    def _again(self, job_id: str) -> None:
        self._window.exports.forget(job_id)
        self.exports.again(job_id)

    def _show(self, job: ExportJob) -> None:
        before = self._window.exports.state_of(job.id)
        self._window.exports.show_job(job)
        if self.dialog is not None:
            self.dialog.foot.show_jobs(self._window.exports.jobs, job)
        if before is job.state or (self.dialog is not None and self.dialog.isVisible()):
            return
        if job.state is ExportState.DONE and job.file is not None:
            file = job.file
            words = tr("{name} is written.", name=file.name)
            self._window.notices.toast(words, tr("Show in folder"), lambda: _show_in_folder(file))
        elif job.state is ExportState.FAILED:
            words = f"{job.target.name}: {job_words(job)}"
            show = tr("Exports")
            self._window.notices.show_banner(
                f"export {job.id}", words, show, lambda: self._window.show_rail(QUEUE), level="error"
            )


def _exact(seconds: float) -> Fraction:
    return Fraction(seconds).limit_denominator(1_000_000)


def _show_in_folder(file: Path | None) -> None:
    if file is not None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(file.parent)))


def _copy_path(file: Path | None) -> None:
    if file is not None:
        QGuiApplication.clipboard().setText(str(file))
