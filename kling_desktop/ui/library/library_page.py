"""The library's page: two ways to begin, the films, and the clips of the account."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QListView, QPushButton, QVBoxLayout, QWidget

from kling_desktop.domain.clips import Clip
from kling_desktop.domain.kling_time import KLING_TIME
from kling_desktop.studio.tasks.checks import why_not_extended
from kling_desktop.ui.clearable import make_clearable
from kling_desktop.ui.finding_lines import Sentence
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.key_map import KeyMap, written
from kling_desktop.ui.library.card_view import CardView
from kling_desktop.ui.library.clip_cards import ClipCards
from kling_desktop.ui.library.clip_tiles import EDGE, ClipTiles, expires_this_week
from kling_desktop.ui.library.film_cards import HEIGHT, FilmCard, FilmCards, FilmPainter
from kling_desktop.ui.library.way_box import WayBox
from kling_desktop.ui.painted.segments import Segments
from kling_desktop.ui.painted.words_line import Run, WordsLine
from kling_desktop.ui.stills.posters import Posters
from kling_desktop.ui.theme.fonts import scaled
from kling_desktop.ui.theme.layouts import nest

_MOST_FILMS_IN_SIGHT = 3
_ROOMY = 560
"""Below this height the two ways to begin give their room to films, where there are some."""


class LibraryPage(QWidget):
    """Asks for nothing itself: its signals say what is wanted."""

    film_opened = Signal(str)
    film_played = Signal(str)
    film_menu_asked = Signal(str, QPoint)
    """A film's own menu is wanted there (global coordinates)."""
    rename_asked = Signal(str)
    clip_opened = Signal(object)
    clip_played = Signal(object)
    new_film_asked = Signal()
    sample_asked = Signal()
    connect_asked = Signal()
    files_asked = Signal()
    pasted = Signal()
    """What lies in the clipboard is meant for the library."""
    archived_shown = Signal(bool)
    poster_wanted = Signal(object)
    left = Signal()
    """Back to the film that is open."""

    def __init__(
        self, posters: Posters, name_of: Callable[[Clip], str], keys: KeyMap, parent: QWidget | None = None
    ) -> None:
        """`keys` is the program's map: the page names some of them."""
        super().__init__(parent)
        self._keys = keys
        self.setObjectName("library")
        self._wanted: set[str] = set()
        self.films, self.cards = FilmCards(self), ClipCards(self, is_dropped_on=True)
        self.film_view, self.clip_view = QListView(self), CardView(self)
        self.film_view.setModel(self.films)
        self.film_view.setItemDelegate(FilmPainter(self.films, posters, self.film_view))
        self.clip_view.setModel(self.cards)
        tiles = ClipTiles(self.cards, posters, name_of, lambda: keys.shown("new_film"), self.clip_view)
        self.clip_view.setItemDelegate(tiles)
        self.clip_view.widened.connect(tiles.fit)
        posters.loaded.connect(self.film_view.viewport().update)
        posters.loaded.connect(self.clip_view.viewport().update)
        self._looking = QTimer(self, singleShot=True, interval=0)
        self._looking.timeout.connect(self._want_posters)
        self._make_parts()
        self._lay_out()
        self._connect()
        self._say()

    def show_connected(self, connected: bool) -> None:
        """Whether an account of Kling's is in use: who has one and a film knows the ways in."""
        self._is_connected = connected
        self._fit()

    _is_connected = False

    def show_films(self, film_ids: Sequence[str], fetch: Callable[[str], FilmCard | None]) -> None:
        """List these films; `fetch` says what is shown of one."""
        before = self.current_film()
        self.films.show_films(tuple(film_ids), fetch)
        row = self.films.row_of(before.film_id) if before else 0
        if self.films.rowCount():
            index = self.films.index(max(0, row))
            self.film_view.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self._say()

    def show_clips(self, clips: Sequence[Clip], posters: Mapping[str, Path]) -> None:
        self.cards.show_clips(clips, posters)
        self._say()
        self._looking.start()

    def show_poster(self, clip_id: str, poster: Path) -> None:
        self.cards.show_poster(clip_id, poster)

    def tell_clips(self, words: str) -> None:
        """Say beside the clips that they are being fetched, or why they could not be; empty when all is well."""
        self._told.setText(words)

    def tell_place(self, words: str) -> None:
        """Say where takes are kept and how much room there is."""
        self._place.setText(words)

    def current_film(self) -> FilmCard | None:
        return self.films.card(self.film_view.currentIndex().row())

    def current_clip(self) -> Clip | None:
        return self.cards.clip_at(self.clip_view.currentIndex().row())

    # --- how it is built -----------------------------------------------------------------------------------------

    def _make_parts(self) -> None:
        self.sample, self.connecting = QPushButton(tr("Open the sample film")), QPushButton(tr("Connect Kling…"))
        self.sample.setProperty("primary", True)
        self._ways = QWidget(self)
        row = QHBoxLayout(self._ways)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(
            WayBox(
                "sandbox",
                "warn",
                tr("Try it in the sandbox"),
                tr(
                    "A pretended Kling on this computer. A take comes in about ten seconds; nothing is sent anywhere "
                    "and nothing is charged."
                ),
                self.sample,
            ),
            1,
        )
        row.addWidget(
            WayBox(
                "key",
                "accent",
                tr("Connect your Kling account"),
                tr("Paste your keys; the test is free. You say how much may be spent a day."),
                self.connecting,
            ),
            1,
        )
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(tr("Filter"))
        self.search.setAccessibleName(tr("Filter"))
        make_clearable(self.search)
        self.search.setFixedWidth(scaled(200))
        self.segments = Segments(
            (tr("All"), tr("Can be extended"), tr("Expire this week")),
            name=tr("Which clips are shown"),
            small=True,
            may_shrink=True,
        )
        self.new_film = QPushButton(tr("New film…"), self)
        self.new_film.setToolTip(tr("Begin a film with words, or with a picture"))
        self.archive = Segments((tr("Films"), tr("Archived")), name=tr("Which films are shown"), small=True)
        self._told, self._place = _quiet(), _quiet()
        self._film_count, self._clip_count, self._no_film = _quiet(), _quiet(), Sentence()
        self._no_film.dress(quiet=True)
        self._no_film.setText(
            tr("No film yet. Begin one with words or a picture, open the sample, pick a clip, or drop a video.")
        )
        self.film_view.setAccessibleName(tr("Films"))
        self.film_view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.film_view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.film_view.setUniformItemSizes(True)
        for view in (self.film_view, self.clip_view):
            view.setFrameShape(QFrame.Shape.NoFrame)
            view.viewport().setAutoFillBackground(False)
            view.setProperty("own_keys", ["Space", "F2", "Return", "Esc"])

    def _lay_out(self) -> None:
        title = Sentence(tr("Pick a clip, write what happens next, keep the take that fits."))
        title.setProperty("page_title", True)
        films = _line(_heading(tr("Films")), self._film_count, None, self.new_film, self.archive)
        clips = _line(
            _heading(tr("Clips of this account")), self._clip_count, self._told, None, self.segments, self.search
        )
        bar = self.clip_view.verticalScrollBar().sizeHint().width()
        body = QVBoxLayout()
        body.setContentsMargins(EDGE, 0, EDGE + bar, 0)  # so that stills begin and end where the headings do
        body.setSpacing(8)
        for part in (title, self._ways):
            body.addWidget(part)
        body.addSpacing(scaled(8))
        nest(body, films)
        body.addWidget(self._no_film)
        body.addWidget(self.film_view)
        body.addSpacing(scaled(8))
        nest(body, clips)
        whole = QVBoxLayout()
        whole.setContentsMargins(32 - EDGE, 18, max(0, 32 - EDGE - bar), 8)
        whole.setSpacing(1)
        nest(whole, body)
        whole.addWidget(self.clip_view, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        nest(column, whole, 1)
        column.addWidget(self._foot())

    def _foot(self) -> QWidget:
        foot = QWidget(self)
        row = QHBoxLayout(foot)
        row.setContentsMargins(32, 4, 32, 6)
        row.setSpacing(12)
        self._key_line = WordsLine(foot)
        self._tell_keys()
        row.addWidget(self._key_line, 1)
        row.addWidget(self._place)
        return foot

    def _tell_keys(self) -> None:
        runs: list[Run] = []
        for key, words in (
            (written("Return"), tr("open or extend")),
            (written("Space"), tr("play")),
            (written("F2"), tr("rename")),
            (self._keys.shown("new_film"), tr("new film")),
            (written("Ctrl+V"), tr("paste a video ID")),
            (self._keys.shown("open_video"), tr("open a file")),
            (written("Esc"), tr("back to the film")),
        ):
            if key:
                runs += [Run(key, "text", before=18 if runs else 0), Run(words, before=6)]
        self._key_line.say(runs)
        self.clip_view.viewport().update()

    def _connect(self) -> None:
        self._keys.changed.connect(self._tell_keys)
        self.new_film.clicked.connect(self.new_film_asked)
        self.sample.clicked.connect(self.sample_asked)
        self.connecting.clicked.connect(self.connect_asked)
        self.search.textChanged.connect(self._search)
        self.segments.chosen.connect(self._filter)
        self.archive.chosen.connect(lambda number: self.archived_shown.emit(bool(number)))
        self.film_view.doubleClicked.connect(lambda _: self._open_film())
        self.clip_view.clicked.connect(self._click)
        self.clip_view.doubleClicked.connect(self._open_at)
        self.clip_view.typed.connect(self._search_for)
        self.clip_view.scrolled.connect(self._looking.start)
        self.cards.modelReset.connect(self._looking.start)
        self.film_view.customContextMenuRequested.connect(self._ask_menu)
        for view in (self.film_view, self.clip_view, self.search):
            view.installEventFilter(self)
        paste = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self)
        paste.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        paste.activated.connect(self.pasted)

    # --- keys ----------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Enter opens, Space plays, F2 renames, Escape goes back: of whichever list has the focus."""
        if (
            watched is self.clip_view
            and event.type() == QEvent.Type.FocusIn
            and not self.clip_view.currentIndex().isValid()
        ):
            self.clip_view.setCurrentIndex(self.cards.index(min(1, self.cards.count)))  # who comes by Tab is at a clip
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress or event.modifiers() & ~_KEYPAD:
            return False
        key, of_films = event.key(), watched is self.film_view
        if key == Qt.Key.Key_Escape:
            self.left.emit()
        elif watched is self.search and key not in _ENTERS:
            return False
        elif key in _ENTERS:
            self._open_film() if of_films else self._open_clip(searched=watched is self.search)
        elif key == Qt.Key.Key_Space:
            self._play(of_films)
        elif key == Qt.Key.Key_F2 and of_films and (film := self.current_film()):
            self.rename_asked.emit(film.film_id)
        else:
            return False
        return True

    def _open_film(self) -> None:
        if film := self.current_film():
            self.film_opened.emit(film.film_id)

    def _open_clip(self, *, searched: bool = False) -> None:
        if self.cards.is_drop(self.clip_view.currentIndex().row()) and not searched:
            self.files_asked.emit()
        elif clip := self.current_clip() or self.cards.clip_at(1):
            self.clip_opened.emit(clip)

    def _click(self, index: QModelIndex) -> None:
        if self.cards.is_drop(index.row()):
            self.files_asked.emit()

    def _open_at(self, index: QModelIndex) -> None:
        if clip := self.cards.clip_at(index.row()):
            self.clip_opened.emit(clip)

    def _play(self, of_films: bool) -> None:
        film, clip = self.current_film(), self.current_clip()
        if of_films and film is not None:
            self.film_played.emit(film.film_id)
        elif not of_films and clip is not None:
            self.clip_played.emit(clip)

    def _ask_menu(self, place: QPoint) -> None:
        card = self.films.card(self.film_view.indexAt(place).row())
        if card is not None:
            self.film_menu_asked.emit(card.film_id, self.film_view.viewport().mapToGlobal(place))

    # --- what is shown -------------------------------------------------------------------------------------------

    def _search(self, text: str) -> None:
        self.cards.search(text)
        self._say()

    def _search_for(self, letter: str) -> None:
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)
        self.search.setText(letter)

    def _filter(self, number: int) -> None:
        keeps = (_any, lambda clip, now: why_not_extended(clip, KLING_TIME.surely()) is None, expires_this_week)
        self.cards.keep(keeps[number])
        self._say()

    def _say(self) -> None:
        films = self.films.rowCount()
        self._film_count.setText(str(films) if films else "")
        self._clip_count.setText(str(self.cards.count) if self.cards.total else "")
        self._no_film.setVisible(not films)
        self.film_view.setVisible(bool(films))
        self._fit()

    def _fit(self) -> None:
        """As many films as there are and as the height allows, the rest by scrolling; the clips have what is left."""
        films, row = self.films.rowCount(), scaled(HEIGHT + 6)
        self._ways.setVisible(not films or (not self._is_connected and self.height() >= scaled(_ROOMY)))
        room = max(1, min(_MOST_FILMS_IN_SIGHT, (self.height() - scaled(400)) // row))
        self.film_view.setFixedHeight(row * min(max(films, 1), room) + 2)

    def _want_posters(self) -> None:
        if not self.isVisible():
            return
        for row in self.clip_view.rows_in_sight():
            clip = self.cards.clip_at(row)
            if clip is not None and clip.id not in self._wanted and self.cards.poster_of(clip) is None:
                self._wanted.add(clip.id)
                self.poster_wanted.emit(clip)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()
        self._looking.start()
        (self.film_view if self.films.rowCount() else self.sample).setFocus(Qt.FocusReason.OtherFocusReason)


_ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_KEYPAD = Qt.KeyboardModifier.KeypadModifier


def _any(clip: Clip, now: datetime) -> bool:
    return True


def _quiet() -> QLabel:
    label = QLabel()
    label.setProperty("quiet", True)
    return label


def _heading(words: str) -> QLabel:
    label = QLabel(words)
    label.setProperty("heading", True)
    return label


def _line(*parts: QWidget | None) -> QHBoxLayout:
    """Widgets in a row; None is where it stretches."""
    row = QHBoxLayout()
    row.setSpacing(8)
    for part in parts:
        row.addStretch(1) if part is None else row.addWidget(part)
    return row
