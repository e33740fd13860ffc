"""Connects the dialog of exports to the films, and the exports, which go on when it is closed, to the window."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication

from kling_desktop.domain.exports import ExportJob, ExportState
from kling_desktop.errors import FileTrouble, KlingDesktopError, kind_of
from kling_desktop.studio.feed import ExportChanged, ExportForgotten, ExportsPaused, Fact
from kling_desktop.studio.films.extract import extract
from kling_desktop.studio.films.films import Films
from kling_desktop.studio.films.handover import Handover
from kling_desktop.studio.films.pieces import Piece, Pieces, What, cut
from kling_desktop.studio.films.tree import Tree
from kling_desktop.studio.preferences import Preferences
from kling_desktop.studio.studio import Studio
from kling_desktop.ui import formatting
from kling_desktop.ui.export.export_words import job_words, reason
from kling_desktop.ui.i18n import tr, tr_count
from kling_desktop.ui.rail.rail import QUEUE
from kling_desktop.ui.window import Window

if TYPE_CHECKING:
    from kling_desktop.export.request import Request
    from kling_desktop.studio.files.exports import Exports
    from kling_desktop.ui.export.export_dialog import ExportDialog
    from kling_desktop.ui.export.export_wish import Line, Wish

_ENDINGS = {"archive": ".zip", "contact-sheet": ".png", "prompts-csv": ".csv", "prompts-text": ".txt"}
"""Of what is no format; the others are folders."""


class ExportWiring(QObject):
    """Everything that leaves the program as files. The media library is loaded when the first export is wanted."""

    def __init__(
        self,
        window: Window,
        studio: Studio,
        films: Films,
        tree: Tree,
        handover: Handover,
        preferences: Preferences,
        data_dir: Path,
        shown: Callable[[], tuple[str, str]],
    ) -> None:
        """`shown` gives the ids of the film that is open and of the take that is shown, empty for none."""
        super().__init__(window)
        self._window = window
        self._studio = studio
        self._films = films
        self._tree = tree
        self._handover = handover
        self._pieces = Pieces(handover, tree)
        self._preferences = preferences
        self._journal = data_dir / "exports.json"
        self._shown = shown
        self._exports: Exports | None = None
        self._film_id = self._take_id = ""
        self._asked = 0
        self.dialog: ExportDialog | None = None
        bar, queue = window.menu_bar, window.exports
        bar.export_asked.connect(lambda: self.open(What.FILM))
        bar.archive_asked.connect(lambda: self.open(What.FILM, "archive"))
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

    def on_facts(self, facts: Sequence[Fact]) -> None:
        """Show how the exports stand."""
        for fact in facts:
            match fact:
                case ExportChanged(job):
                    self._show(job)
                case ExportForgotten(job_id):
                    self._window.exports.forget(job_id)
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
            self._studio.run_in_background(self._exports.run())
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
        marks = self._window.viewer.marks
        dialog.show_film(film.name, can_cut=marks.start is not None or marks.end is not None)
        dialog.choose(what, format_key)
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()

    def _made(self) -> ExportDialog:
        from kling_desktop.ui.export.export_dialog import ExportDialog  # most starts never show it

        folder = self._preferences.now.export_folder or Path.home() / "Videos"
        self.dialog = ExportDialog(folder, self._window)
        self.dialog.changed.connect(self._preview)
        self.dialog.asked.connect(self._export)
        return self.dialog

    def _preview(self, wish: Wish) -> None:
        self._asked += 1
        self._studio.run_in_background(self._look_at(wish, self._asked))

    async def _look_at(self, wish: Wish, number: int) -> None:
        """What the wish would make; an older answer than the newest question is thrown away."""
        from kling_desktop.ui.export.export_wish import Preview

        requests, refusal = await self._refused_or_requests(wish)
        if self.dialog is None or number != self._asked:
            return
        self.dialog.show_preview(Preview(tuple(request.name.as_posix() for request in requests), refusal))
        if refusal or not requests:
            return
        lines = await asyncio.to_thread(_checked, requests)
        if self.dialog is not None and number == self._asked:
            self.dialog.show_lines(lines)

    def _export(self, wish: Wish) -> None:
        self._studio.run_in_background(self._put_in_line(wish))

    async def _put_in_line(self, wish: Wish) -> None:
        requests, refusal = await self._refused_or_requests(wish)
        if requests and not refusal:
            self._preferences.change(export_folder=wish.folder)
            self.exports.add(requests)

    async def _refused_or_requests(self, wish: Wish) -> tuple[list[Request], str]:
        try:
            return await self._requests(wish), ""
        except KlingDesktopError as error:
            return [], f"{tr(error.title)}. {reason(error.message)}"
        except ValueError as error:  # TemplateRefused, or a range that holds nothing
            return [], reason(str(error))

    async def _requests(self, wish: Wish) -> list[Request]:
        """One request a file. Raises KlingDesktopError, ValueError, each with the reason."""
        from kling_desktop.export.formats import BY_KEY
        from kling_desktop.export.names import preview
        from kling_desktop.export.request import Request

        pieces = await self._pieces_of(wish)
        if not pieces:
            raise FileTrouble("nothing of this kind is here")
        ending = BY_KEY[wish.format_key].suffix if wish.format_key in BY_KEY else _ENDINGS.get(wish.format_key, "")
        values = [piece.values | {"format": wish.format_key} for piece in pieces]
        names = preview(wish.template, list(values), ending)
        library: dict[str, Any] = self._extract() if wish.format_key == "archive" else {}
        return [
            Request(piece.film, wish.format_key, wish.folder, name, wish.options, wish.sidecar, wish.poster, library)
            for piece, name in zip(pieces, names, strict=True)
        ]

    async def _pieces_of(self, wish: Wish) -> tuple[Piece, ...]:
        what = What.FILM if wish.format_key == "archive" else wish.what
        pieces = self._pieces.of(what, self._film_id, self._take_id, others=wish.others)
        if wish.format_key == "archive":
            return tuple(replace(piece, film=self._handover.whole(self._film_id)) for piece in pieces[:1])
        if what is not What.RANGE:
            return pieces
        marks, fps = self._window.viewer.marks, self._window.viewer.fps or 24
        begin = Fraction(marks.first).limit_denominator(1_000_000)
        end = Fraction(1_000_000) if marks.end is None else Fraction(marks.end + 1 / fps).limit_denominator(1_000_000)
        return tuple([await asyncio.to_thread(cut, piece, begin, end) for piece in pieces])

    def _extract(self) -> dict[str, Any]:
        film = self._films.film(self._film_id)
        if film is None:
            raise FileTrouble("the film is gone")
        states = self._tree.states([node.take_id for node in self._tree.skeleton(film.id)])
        return extract(film, states, self._tree.noted_parts)

    # --- the exports under way -----------------------------------------------------------------------------------

    def _again(self, job_id: str) -> None:
        self._window.exports.forget(job_id)
        self.exports.again(job_id)

    def _show(self, job: ExportJob) -> None:
        before = self._window.exports.state_of(job.id)
        self._window.exports.show_job(job)
        if self.dialog is not None:
            self.dialog.show_status(f"{(job.file or job.target).name}: {job_words(job)}")
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


def _checked(requests: Sequence[Request]) -> list[Line]:
    """What can be said before: whether it can be done, how large it becomes, what is lost. For a thread."""
    from kling_desktop.export.exporting import expected_bytes
    from kling_desktop.export.formats import BY_KEY
    from kling_desktop.export.papers import carriers
    from kling_desktop.ui.export.export_wish import Line

    wanted, notes = 0, dict[str, None]()
    for request in requests:
        form = BY_KEY.get(request.format_key)
        try:
            if form is None:
                parts = (each for part in request.film.parts for each in (part, *part.alternates))
                wanted += sum(each.file.stat().st_size for each in parts)
                continue
            if why := form.unfit(request.film, request.options):
                return [Line(f"{request.name.name}: {reason(why)}", good=False)]
            wanted += expected_bytes(request.film, form, request.options)
            if not form.keeps_bytes:
                notes |= dict.fromkeys(carriers.lost(request.film))
        except KlingDesktopError as error:
            kind = kind_of(error.trouble)
            return [Line(f"{request.name.name}: {tr(kind.title)}. {tr(kind.advice)}", good=False)]
        except OSError as error:
            return [Line(f"{request.name.name}: {error.strerror}", good=False)]
    lines = [Line(tr_count(len(requests), "{n} name, of its own", "{n} names, all different"))]
    taken = sum(request.target.exists() for request in requests)
    lines.append(
        Line(tr_count(taken, "{n} exists already: the new one gets -1", "{n} exist already: the new ones get -1"))
        if taken
        else Line(tr("None of them exists yet"))
    )
    lines.append(_space(requests[0].folder, wanted))
    return lines + [Line(reason(note), is_note=True) for note in notes]


def _space(folder: Path, wanted: int) -> Line:
    from kling_desktop.ui.export.export_wish import Line

    near = next((each for each in (folder, *folder.parents) if each.is_dir()), None)
    if near is None:
        return Line(tr("The folder cannot be reached"), good=False)
    free = shutil.disk_usage(near).free
    said = tr("About {size} to write, {free} free", size=formatting.size(wanted), free=formatting.size(free))
    return Line(said, good=wanted < free)


def _show_in_folder(file: Path | None) -> None:
    if file is not None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(file.parent)))


def _copy_path(file: Path | None) -> None:
    if file is not None:
        QGuiApplication.clipboard().setText(str(file))
