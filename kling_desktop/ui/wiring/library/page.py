"""Connects the library's page to films, clips and accounts: what is listed, opened, named, labelled, put away."""

from __future__ import annotations

import logging
import shutil
from asyncio import to_thread
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QInputDialog, QMenu

from kling_desktop.domain.accounts import SANDBOX, Region
from kling_desktop.domain.clips import LONGEST_SECONDS, Clip
from kling_desktop.domain.kling_time import KLING_TIME
from kling_desktop.domain.takes import Label
from kling_desktop.errors import KlingDesktopError, kind_of
from kling_desktop.studio.feed import (
    ClipsListed,
    Fact,
    FilmChanged,
    PosterMade,
    SeamLimitsMoved,
    SeamsFound,
    TakePicked,
    TaskChanged,
    TaskForgotten,
)
from kling_desktop.studio.films.films import Films
from kling_desktop.studio.films.tree import Tree
from kling_desktop.studio.preferences import Preferences
from kling_desktop.studio.studio import Studio
from kling_desktop.studio.tasks.checks import why_not_extended
from kling_desktop.ui import formatting
from kling_desktop.ui.i18n import tr, tr_count
from kling_desktop.ui.library import clip_words
from kling_desktop.ui.library.film_cards import FilmCard
from kling_desktop.ui.library.film_names import shown_name, told_apart
from kling_desktop.ui.navigator import Navigator
from kling_desktop.ui.painted.lettering import menu_words
from kling_desktop.ui.painted.shapes import Shape, shape_of
from kling_desktop.ui.rail.rail import ALL_TAKES
from kling_desktop.ui.window import Window
from kling_desktop.ui.wiring.films.film_faces import Faces
from kling_desktop.ui.wiring.library.imports import ImportWiring

if TYPE_CHECKING:
    from kling_desktop.ui.library.library_page import LibraryPage

log = logging.getLogger(__name__)

_MOST_FILMS = 500
_TO_MERGE = 20
"""Films that are offered to be merged with: those touched last."""
_SOON_MS = 100


class LibraryWiring(QObject):
    """Everything on the library's page. It is built when it is first shown."""

    def __init__(
        self,
        window: Window,
        studio: Studio,
        films: Films,
        tree: Tree,
        faces: Faces,
        preferences: Preferences,
        navigator: Navigator,
        imports: ImportWiring,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._studio = studio
        self._films = films
        self._tree = tree
        self._faces = faces
        self._preferences = preferences
        self._navigator = navigator
        self._imports = imports
        self._page: LibraryPage | None = None
        self._archived = False
        self._sample_wanted = False
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._soon.timeout.connect(self._show_films)
        navigator.open_library, navigator.leave_library = self.open, self.leave
        navigator.fill_film_menu = self.fill_menu
        window.account.chosen.connect(lambda _: self._list_clips())
        window.menu_bar.filter_asked.connect(self._filter)
        if not films.count() and not films.count(archived=True):
            self.open()

    def on_facts(self, facts: Sequence[Fact]) -> None:
        """Show what happened."""
        for fact in facts:
            match fact:
                case ClipsListed():
                    self._show_clips(fact)
                case PosterMade(clip_id, file) if self._page is not None:
                    self._page.show_poster(clip_id, file)
                    if self.is_open:  # else films are read when it is opened
                        self._soon.start()
                case (
                    FilmChanged() | TaskChanged() | TaskForgotten() | TakePicked() | SeamsFound() | SeamLimitsMoved()
                ) if self.is_open:
                    self._soon.start()
                case _:
                    pass

    def open(self) -> None:
        """Show the page over rail, stage and form."""
        page = self._built()
        self._show_films()
        self._list_clips()
        self._studio.background.run(self._tell_place(page))
        self._window.shell.lay_over(page)
        self._window.notices.hang_over(page)  # what is said would lie behind it

    @property
    def is_open(self) -> bool:
        """Whether the page stands in the place of the stage."""
        return self._page is not None and not self._page.isHidden()

    def leave(self) -> None:
        """Back to rail, stage and form, if the page stands in their place."""
        if self.is_open:
            self._window.shell.lay_over(None)
            self._window.notices.hang_over(self._window.viewer.picture)

    def _filter(self) -> None:
        """Put the cursor where what is in sight is filtered: the account's clips, or all takes."""
        if self._page is not None and self.is_open:
            self._page.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self._page.search.selectAll()
        else:
            self._window.open_rail(ALL_TAKES)
            self._window.tasks.filter.begin()

    def _built(self) -> LibraryPage:
        if self._page is None:
            from kling_desktop.ui.library.library_page import LibraryPage  # not before it is wanted: it slows the start

            page = self._page = LibraryPage(self._window.posters, self._name_of, self._window.keys)
            page.film_opened.connect(self._navigator.show_film)
            page.film_played.connect(self._play_film)
            page.film_menu_asked.connect(self._open_menu)
            page.rename_asked.connect(self.rename)
            page.clip_opened.connect(self._extend)
            page.clip_played.connect(self._play_clip)
            page.new_film_asked.connect(lambda: self._navigator.new_film())
            page.sample_asked.connect(self._open_sample)
            page.connect_asked.connect(lambda: self._window.account.keys_asked.emit(None))
            page.files_asked.connect(self._imports.ask_for_files)
            page.pasted.connect(lambda: self._imports.gate.take(QGuiApplication.clipboard().mimeData()))
            page.archived_shown.connect(self._show_archived)
            page.poster_wanted.connect(self._studio.clips.want_poster)
            page.left.connect(self._navigator.show_stage)
        return self._page

    # --- films ---------------------------------------------------------------------------------------------------

    def _show_archived(self, archived: bool) -> None:
        self._archived = archived
        self._show_films()

    def _show_films(self) -> None:
        if self._page is not None:
            films = self._films.page(0, _MOST_FILMS, archived=self._archived)
            self._page.show_films([film.id for film in films], self._card)

    def _card(self, film_id: str) -> FilmCard | None:
        film = self._films.film(film_id)
        if film is None:
            return None
        path = self._tree.path(film_id)
        clips = [state.clip for state in path.takes]
        seams = [self._faces.seam(clip) if clip else None for clip in clips[1:]]
        shapes = tuple(shape_of(None, seam.told if seam else None) for seam in seams)
        bad = sum(shape in (Shape.BAD, Shape.SLIGHT) for shape in shapes)
        hops = max(0, len(clips) - 1)
        counts = [tr_count(hops, "{n} hop", "{n} hops"), tr_count(film.takes, "{n} take", "{n} takes")]
        if bad:
            counts.append(tr_count(bad, "{n} seam to look at", "{n} seams to look at"))
        made, most = formatting.length(path.seconds), formatting.length(LONGEST_SECONDS).rsplit(".", 1)[0]
        return FilmCard(
            film.id,
            shown_name(film),
            tr("{made} of {most}", made=made, most=most),
            " · ".join(counts),
            tuple(self._faces.first(clip) if clip else None for clip in clips),
            shapes,
            frozenset(number for number, seam in enumerate(seams) if seam is not None and seam.doubtful),
            film.label.value,
            film.note,
        )

    def _play_film(self, film_id: str) -> None:
        self._navigator.show_film(film_id)
        self._window.viewer.play()

    # --- what can be done with a film ----------------------------------------------------------------------------

    def _open_menu(self, film_id: str, place: QPoint) -> None:
        menu = QMenu(self._window)
        menu.addAction(tr("Open")).triggered.connect(lambda: self._navigator.show_film(film_id))
        self.fill_menu(menu, film_id)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    def fill_menu(self, menu: QMenu, film_id: str) -> None:
        """Add what can be done with a film: name, note, label, archive, merge."""
        film = self._films.film(film_id)
        if film is None:
            return
        menu.addAction(tr("Rename…")).triggered.connect(lambda: self.rename(film_id))
        menu.addAction(tr("Note…")).triggered.connect(lambda: self._note(film_id))
        labels = menu.addMenu(tr("Colour label"))
        for label, words in _label_words().items():
            action = labels.addAction(words)
            action.setCheckable(True)
            action.setChecked(label is film.label)
            action.triggered.connect(partial(self._label, film_id, label))
        merge = menu.addMenu(tr("Merge into it"))
        merge.setObjectName("merge")
        others = [other for other in self._films.page(0, _TO_MERGE) if other.id != film_id]
        for other, words in zip(others, told_apart(others, KLING_TIME.now()), strict=True):
            merge.addAction(menu_words(words)).triggered.connect(partial(self._merge, film_id, other.id))
        merge.setEnabled(not merge.isEmpty())
        put_away = menu.addAction(tr("Bring back from the archive") if film.archived else tr("Archive"))
        put_away.triggered.connect(lambda: self._films.archive(film_id, archived=not film.archived))

    def rename(self, film_id: str) -> None:
        """Ask for another name of a film."""
        film = self._films.film(film_id)
        if film is not None:
            self._ask(tr("Rename the film"), tr("Name"), shown_name(film), partial(self._films.rename, film_id))

    def _note(self, film_id: str) -> None:
        film = self._films.film(film_id)
        if film is not None:
            self._ask(tr("Note of the film"), tr("Note"), film.note, partial(self._films.note, film_id), lines=True)

    def _ask(self, title: str, words: str, value: str, then: partial[None], *, lines: bool = False) -> None:
        dialog = QInputDialog(self._window)
        dialog.setWindowTitle(title)
        dialog.setLabelText(words)
        dialog.setOption(QInputDialog.InputDialogOption.UsePlainTextEditForTextInput, lines)
        dialog.setTextValue(value)
        dialog.textValueSelected.connect(then)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _label(self, film_id: str, label: Label, _checked: bool = False) -> None:
        self._films.label(film_id, label)

    def _merge(self, film_id: str, other_id: str, _checked: bool = False) -> None:
        self._films.merge(film_id, other_id)

    # --- clips ---------------------------------------------------------------------------------------------------

    def _list_clips(self) -> None:
        if self._page is not None:
            self._page.show_connected(self._preferences.profile.region is not Region.SANDBOX)
            self._page.tell_clips(tr("Fetching…"))
            self._studio.background.run(self._studio.catalogue.list_clips(self._preferences.profile))

    def _show_clips(self, fact: ClipsListed) -> None:
        if self._page is not None and fact.profile == self._preferences.profile:
            self._page.show_clips(fact.clips, fact.stills)
            trouble = tr(kind_of(fact.trouble).title) if fact.trouble else ""
            self._page.tell_clips(trouble if fact.complete else tr("Fetching…"))
        if self._sample_wanted and fact.profile == SANDBOX and fact.complete:
            self._sample_wanted = False
            self._plant_sample(fact)

    def _name_of(self, clip: Clip) -> str:
        """What was asked for, or how the clip came to be."""
        state = self._tree.take_of_clip(clip.id)
        words = state.words.strip() if state else ""
        if words:
            return words.splitlines()[0]
        return clip_words.name(clip) if clip_words.is_file(clip) else clip_words.made_by(clip)

    def _extend(self, clip: Clip) -> None:
        """A clip that hangs in no film yet begins one."""
        self._studio.clips.note(clip)
        self._navigator.show_film(self._films.take_root(clip).film_id)
        self._navigator.extend(clip)

    def _play_clip(self, clip: Clip) -> None:
        self._extend(clip)
        self._window.viewer.play()

    def _open_sample(self) -> None:
        """A film in the sandbox: the newest of its clips that can be extended is the root."""
        self._sample_wanted = True
        if self._preferences.profile != SANDBOX:
            self._window.account.chosen.emit(SANDBOX)
        else:
            self._list_clips()

    def _plant_sample(self, fact: ClipsListed) -> None:
        now = KLING_TIME.surely()
        able = [clip for clip in fact.clips if clip.url and clip.made_at and why_not_extended(clip, now) is None]
        if not able:
            self._window.notices.toast(tr("The sandbox has no clip that can be extended."))
            return
        clip = max(able, key=lambda each: each.made_at or now)
        self._studio.clips.note(clip)
        known = self._tree.take_of_clip(clip.id)
        film_id = known.take.film_id if known else self._films.new(tr("Sample film")).id
        self._films.take_root(clip, film_id)
        if clip.file is None:
            self._studio.background.run(self._keep(clip))
        self._navigator.show_film(film_id)
        self._navigator.extend(clip)

    async def _keep(self, clip: Clip) -> None:
        """The sample is to play without the sandbox too: its address is another at the next start."""
        try:
            await self._studio.clips.keep(clip)
        except KlingDesktopError as error:
            log.info("the sample is played from the sandbox: %s", error)

    async def _tell_place(self, page: LibraryPage) -> None:
        folder = self._preferences.takes_folder
        free = await to_thread(_free_bytes, folder)
        room = tr("{size} free", size=formatting.size(free)) if free is not None else tr("not there now")
        page.tell_place(tr("Takes are kept in {folder} · {room}", folder=_short(folder), room=room))


def _label_words() -> dict[Label, str]:
    return {
        Label.NONE: tr("None"),
        Label.RED: tr("Red"),
        Label.ORANGE: tr("Orange"),
        Label.YELLOW: tr("Yellow"),
        Label.GREEN: tr("Green"),
        Label.BLUE: tr("Blue"),
        Label.PURPLE: tr("Purple"),
    }


def _free_bytes(folder: Path) -> int | None:
    """Of the disk on which a folder lies, or will lie. Blocks."""
    for place in (folder, *folder.parents):
        try:
            return shutil.disk_usage(place).free
        except OSError:
            continue
    return None


def _short(folder: Path) -> str:
    home = Path.home()
    return f"~/{folder.relative_to(home)}" if folder.is_relative_to(home) else str(folder)
