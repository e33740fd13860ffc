"""Connects what comes back from elsewhere, archives and exports with their papers, to the library and the form."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFileDialog
from shiboken6 import isValid

from kling_desktop.domain.clips import Clip, Progress
from kling_desktop.domain.places.home import home_folder
from kling_desktop.domain.tasks import Extension, Generation
from kling_desktop.errors import ArchiveNewer, FileTrouble, KlingDesktopError, kind_of
from kling_desktop.studio.feed import ArchiveMoved, Fact
from kling_desktop.studio.films.taking_in.adoption import Adoption, is_known_here
from kling_desktop.studio.films.taking_in.awaited import AwaitedFilms
from kling_desktop.studio.films.taking_in.openings import Openings
from kling_desktop.studio.films.taking_in.search import QUIET_SECONDS, Search, SearchStopped
from kling_desktop.studio.films.tree import Tree
from kling_desktop.studio.preferences import Preferences
from kling_desktop.studio.studio import Studio
from kling_desktop.ui import formatting
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.navigator import Navigator
from kling_desktop.ui.window import Window

if TYPE_CHECKING:
    from kling_desktop.studio.films.taking_in.homecoming import ExportFilm, Papers

_BANNER = "handed over"


class HandedOverWiring(QObject):
    """Everything that was a film in this or another library before."""

    def __init__(
        self,
        window: Window,
        studio: Studio,
        tree: Tree,
        adoption: Adoption,
        openings: Openings,
        preferences: Preferences,
        navigator: Navigator,
        clip_of_file: Callable[[Path], Clip | None],
        awaited: AwaitedFilms,
    ) -> None:
        """`clip_of_file` says which clip of the library has this file."""
        super().__init__(window)
        self._window = window
        self._studio = studio
        self._tree = tree
        self._adoption = adoption
        self._openings = openings
        self._preferences = preferences
        self._navigator = navigator
        self._clip_of_file = clip_of_file
        self._awaited = awaited
        self._numbers = count()
        """Of looks for files: two may be under way."""
        self._quiet_seconds = QUIET_SECONDS
        self._reminded = asyncio.Event()
        window.menu_bar.archive_open_asked.connect(self.ask_for_archive)

    def on_facts(self, facts: Sequence[Fact]) -> None:
        """Say how far the archives that are being opened have come."""
        for fact in facts:
            if isinstance(fact, ArchiveMoved):
                self._tell_opening(fact)

    async def go_on(self) -> None:
        """Say which files an earlier session waits for, and take in what it left in the middle; once, at the start."""
        half = None
        try:
            half = await self._adoption.resume()
        finally:
            try:
                await self._remind((half.papers,) if half is not None and half.papers is not None else ())
            finally:
                self._reminded.set()
        if half is not None:
            await self._say_here(half.film.name, half.library)

    async def _remind(self, resumed: Sequence[Papers]) -> None:
        names: list[str] = []
        for papers in (*await asyncio.to_thread(self._awaited.read), *resumed):
            if all(self._tree.take_of_clip(part.clip_id) is None for part in papers.film.parts):
                continue  # the film was thrown away meanwhile
            _, missing = await asyncio.to_thread(_linked, papers, self._known_files(papers.film), None, None)
            if missing:
                self._awaited.add(papers)
                names += missing
        if names:
            self._say_missing(list(dict.fromkeys(names)))
        if resumed:
            await asyncio.to_thread(self._awaited.write)

    async def take(self, file: Path) -> bool:
        """Take a dropped file or folder in, if it is an archive, has papers, or is one that a film misses."""
        if self._clip_of_file(file) is not None:
            return False
        await self._reminded.wait()  # a file that is missed would else be taken for the start of another film
        try:
            archived = await asyncio.to_thread(_papers_in, file)
        except ArchiveNewer as error:
            self._refuse(file, error)
            return True
        if archived is not None:
            await self._open_archive(file, archived)
            return True
        with self._searching() as search:
            if await self._relink([file], search):
                return True
            papers = await asyncio.to_thread(_papers_of, file)
            if papers is None:
                return False
            files = [file, *self._known_files(papers.film)]
            film, missing = await asyncio.to_thread(_linked, papers, files, file.parent, search)
            await self._take_papers(papers, film, missing, file.parent)
        return True

    def ask_for_archive(self) -> None:
        """Let the creator choose an archive."""
        chooser = QFileDialog(self._window, tr("Open archive"), str(home_folder()))
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.setNameFilters([tr("Archives of films (*.zip kling_desktop.json)"), tr("All files (*)")])
        chooser.fileSelected.connect(lambda chosen: self.open_archive(Path(chosen)))
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.open()

    def open_archive(self, archive: Path) -> None:
        """Bring the film of an archive in; of one that is a folder, its record stands for it."""
        folder = archive.parent if archive.name == "kling_desktop.json" else archive
        self._studio.background.run(self._open_chosen(folder))

    # --- archives ------------------------------------------------------------------------------------------------

    async def _open_chosen(self, archive: Path) -> None:
        try:
            papers = await asyncio.to_thread(_papers_in, archive)
        except ArchiveNewer as error:
            self._refuse(archive, error)
            return
        if papers is None:
            self._refuse(archive, FileTrouble("this is no archive of a film"))
        else:
            await self._open_archive(archive, papers)

    async def _open_archive(self, archive: Path, papers: Papers) -> None:
        known = self._known_files(papers.film)
        try:
            came = await self._openings.open(archive, self._preferences.takes_folder, known)
        except KlingDesktopError as error:
            self._refuse(archive, error)
            return
        if came is None:
            return
        film_id, opened = came
        await asyncio.sleep(0)  # its last takes were taken in in this turn
        self._navigator.show_film(film_id)
        await self._say_here(opened.film.name, opened.library)
        await self._await_files(opened.papers, opened.missing)

    def _tell_opening(self, fact: ArchiveMoved) -> None:
        key = f"opening {fact.archive}"
        if fact.progress is None:
            self._window.notices.hide_banner(key)
            return
        if not fact.can_stop:
            words = tr("Opening {name}… Its takes are being written.", name=fact.archive.name)
            self._window.notices.show_banner(key, words, closable=False)
            return
        text = tr("Opening {name}… {progress}", name=fact.archive.name, progress=formatting.so_far(fact.progress))
        if not self._window.notices.update_banner(key, text):
            stop = partial(self._openings.stop, fact.archive)
            self._window.notices.show_banner(key, text, tr("Stop"), stop, closable=False)

    # --- papers --------------------------------------------------------------------------------------------------

    async def _take_papers(self, papers: Papers, film: ExportFilm, missing: Sequence[str], near: Path) -> None:
        try:
            film_id = await self._adoption.adopt_papers(film, papers)
        except KlingDesktopError as error:
            self._refuse(near, error)
            return
        self._navigator.show_film(film_id)
        self._fill_form(film)
        if not missing:
            self._window.notices.toast(tr("{name} is here, with its path and its words.", name=film.name))
        await self._await_files(papers, missing)

    async def _await_files(self, papers: Papers, missing: Sequence[str]) -> None:
        """Say what is missing, and remember it over the end of the program; or that nothing is."""
        if missing:
            self._awaited.add(papers)
            self._say_missing(missing)
        else:
            self._awaited.drop(papers)
            self._window.notices.hide_banner(_BANNER)
        await asyncio.to_thread(self._awaited.write)

    async def _relink(self, files: Sequence[Path], search: Search) -> bool:
        """Whether one of these files is one that an awaited film misses."""
        for papers in self._awaited.films:
            known = self._known_files(papers.film)
            _, missed = await asyncio.to_thread(_linked, papers, known, None, search)
            film, missing = await asyncio.to_thread(_linked, papers, [*known, *files], None, search)
            if len(missing) < len(missed):
                near, found = files[0].parent, _files_of(film)
                film, missing = await asyncio.to_thread(_linked, papers, found, near, search)
                await self._take_papers(papers, film, missing, near)
                return True
        return False

    @contextmanager
    def _searching(self) -> Iterator[Search]:
        """A look whose files lie many or large: a banner says how far it is, and stops it."""
        key, notices = f"searching {next(self._numbers)}", self._window.notices

        def tell(progress: Progress) -> None:
            far = formatting.so_far(progress) if progress.total_bytes else ""
            text = tr("Looking for the missing files… {progress}", progress=far).rstrip()
            if not notices.update_banner(key, text):
                notices.show_banner(key, text, tr("Stop"), search.stop, closable=False)

        search = Search(tell, self._quiet_seconds)
        try:
            yield search
        except SearchStopped:
            """As the creator wished: what is missing is named as before."""
        finally:
            search.stop()
            if isValid(notices):  # else the program has ended meanwhile
                notices.hide_banner(key)

    def _known_files(self, film: ExportFilm) -> list[Path]:
        clips = [self._studio.clips.find(part.clip_id) for top in film.parts for part in (top, *top.alternates)]
        return [clip.file for clip in clips if clip is not None and clip.file is not None]

    def _fill_form(self, film: ExportFilm) -> None:
        """The words and options with which its last hop was asked for."""
        last = film.parts[-1]
        form = dict(last.form)
        prompt = last.seams[-1].prompt if last.seams and last.seams[-1].prompt else last.prompt
        generation = None
        if form.get("way") == "continue" and "model" in form:
            seconds = int(form["seconds"]) if form.get("seconds", "").isdecimal() else 5
            generation = Generation(form["model"], form.get("mode", "std"), seconds, form.get("sound") == "yes")
        wish = Extension(last.clip_id, prompt, last.negative_prompt, generation=generation)
        guidance = form.get("guidance", "")
        if guidance.replace(".", "", 1).isdecimal() and 0 <= float(guidance) <= 1:
            wish = replace(wish, guidance=float(guidance))
        self._navigator.repeat(wish)

    # --- what is said --------------------------------------------------------------------------------------------

    async def _say_here(self, name: str, library: Mapping[str, Any]) -> None:
        """Other takes, marks and plan come only with a record of the library that this version reads."""
        if await asyncio.to_thread(is_known_here, library):
            self._window.notices.toast(tr("{name} is here, as it was archived.", name=name))
        else:
            self._window.notices.toast(tr("{name} is here, with its path and its words.", name=name))

    def _say_missing(self, names: Sequence[str]) -> None:
        words = tr("The film is here, but not these files: {names}. Drop them on the window.", names=", ".join(names))
        look = tr("Look in a folder…")
        self._window.notices.show_banner(_BANNER, words, look, self._ask_for_folder, level="warning")

    def _ask_for_folder(self) -> None:
        chooser = QFileDialog(self._window, tr("Where the missing files are"), str(home_folder()))
        chooser.setFileMode(QFileDialog.FileMode.Directory)
        chooser.fileSelected.connect(lambda chosen: self.look_in(Path(chosen)))
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.open()

    def look_in(self, folder: Path) -> None:
        """Look for the missing files, by what is in them, in a folder and those below it."""
        self._studio.background.run(self._look_in(folder))

    async def _look_in(self, folder: Path) -> None:
        with self._searching() as search:
            files = await asyncio.to_thread(_files_in, folder, search)
            if not files or not await self._relink(files, search):
                self._window.notices.toast(tr("None of the missing files is in this folder."))

    def _refuse(self, file: Path, error: KlingDesktopError) -> None:
        kind = kind_of(error.trouble)
        words = f"{file.name}: {tr(kind.title)}. {tr(kind.advice)} {error.message}".rstrip()
        self._window.notices.show_banner(_BANNER, words, level="error")


def _files_of(film: ExportFilm) -> list[Path]:
    """Those that were found."""
    return [each.file for top in film.parts for each in (top, *top.alternates) if each.file.is_absolute()]


# In worker threads. The media library is loaded here: it would slow the start.


def _papers_in(archive: Path) -> Papers | None:
    from kling_desktop.studio.films.taking_in.homecoming import papers_in

    return papers_in(archive)


def _papers_of(file: Path) -> Papers | None:
    from kling_desktop.studio.films.taking_in.homecoming import read_papers

    return read_papers(file)


def _linked(
    papers: Papers, files: Sequence[Path], near: Path | None, search: Search | None
) -> tuple[ExportFilm, tuple[str, ...]]:
    from kling_desktop.studio.films.taking_in.homecoming import linked

    return linked(papers, files, near) if search is None else linked(papers, files, near, search.moved)


def _files_in(folder: Path, search: Search) -> list[Path]:
    from kling_desktop.studio.films.taking_in.homecoming import files_in

    return files_in(folder, search.moved)
