"""A dialog to pick the clip that is to be extended, from the library's and the account's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QPixmap, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from kling_desktop.domain.clips import Clip
from kling_desktop.domain.kling_time import KLING_TIME
from kling_desktop.domain.tasks import Trouble
from kling_desktop.errors import kind_of
from kling_desktop.ui import formatting, theme
from kling_desktop.ui.clearable import make_searchable
from kling_desktop.ui.finding_lines import Sentence, Sign
from kling_desktop.ui.i18n import tr, tr_count
from kling_desktop.ui.library.card_view import CardView
from kling_desktop.ui.library.clip_cards import STILL, CardPainter, ClipCards, is_pickable, is_usable, sentences_of
from kling_desktop.ui.stills.posters import Posters
from kling_desktop.ui.theme.layouts import nest
from kling_desktop.ui.theme.room import roomy

_STEPS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
_UNMODIFIED = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)


class ClipPicker(QDialog):
    """Open it with `open()`. It asks for nothing itself: `refresh_asked` and `poster_wanted` say what it lacks."""

    chosen = Signal(object)
    """The Clip that was picked; the dialog has closed."""
    refresh_asked = Signal()
    poster_wanted = Signal(object)
    """A Clip in sight without a poster; once per clip until the next refresh."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Pick a clip to extend"))
        self._busy = False
        self._trouble: Trouble | None = None
        self._wanted: set[str] = set()
        self.cards = ClipCards(self)
        self.view = CardView(self)
        self._posters = Posters(self)
        self.view.setModel(self.cards)
        self.view.setItemDelegate(CardPainter(self.cards, self._still_of, self.view))
        self._looking = QTimer(self)
        self._looking.setSingleShot(True)
        self._looking.setInterval(0)
        self._make_head()
        self._make_empty()
        self._make_foot()
        self._lay_out()
        self._connect()
        self.setMinimumSize(QSize(320, 360))
        self.resize(roomy(self, 652, 560))  # three cards wide; what has wrapping labels ignores its size hint
        self._say()

    def show_clips(self, clips: Sequence[Clip], posters: Mapping[str, Path]) -> None:
        """Replace the clips; what is selected and where one has scrolled to stays when it is still there."""
        current = self.current()
        self.cards.show_clips(clips, posters)
        self._select(self.cards.row_of(current.id) if current else 0)
        self._say()
        self._looking.start()

    def show_poster(self, clip_id: str, poster: Path) -> None:
        self.cards.show_poster(clip_id, poster)

    def show_busy(self, is_busy: bool) -> None:
        """Say that clips are being fetched."""
        self._busy = is_busy
        self._say()

    def show_trouble(self, trouble: Trouble | None) -> None:
        """Say why the account's clips could not be fetched; None takes it back."""
        self._trouble = trouble
        self._say()

    def current(self) -> Clip | None:
        """The selected clip."""
        return self.cards.clip_at(self.view.currentIndex().row())

    def empty_text(self) -> str:
        """What stands in place of the cards; "" while there are some."""
        return f"{self._empty_title.text()}. {self._empty_words.text()}" if self._empty.isVisible() else ""

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)
        self.search.selectAll()
        self._looking.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows typed into the search field walk the cards."""
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            sideways = (Qt.Key.Key_Left, Qt.Key.Key_Right) if not self.search.text() else ()
            if event.key() in (*_STEPS, *sideways) and event.modifiers() in _UNMODIFIED:
                self.view.keyPressEvent(event)
                return True
        return super().eventFilter(watched, event)

    def _make_head(self) -> None:
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(tr("Search by ID, length, kind or age"))
        self.search.setAccessibleName(tr("Search"))
        make_searchable(self.search)
        self.search.installEventFilter(self)
        self.refresh = QPushButton(theme.icon("retry"), tr("Refresh"), self)
        self.refresh.setAutoDefault(False)
        self.refresh.setToolTip(tr("Ask Kling again for this account's clips"))

    def _make_empty(self) -> None:
        self._empty = QWidget(self)
        self._empty_sign = Sign(self._empty, 40)
        self._empty_title = QLabel(self._empty)
        self._empty_title.setProperty("heading", True)
        self._empty_title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty_words = Sentence(parent=self._empty)
        self._empty_words.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._empty_words.dress(quiet=True)
        self.retry = QPushButton(tr("Try again"), self._empty)
        self.retry.setAutoDefault(False)
        column = QVBoxLayout(self._empty)
        column.setContentsMargins(6 * theme.GAP, theme.GAP, 6 * theme.GAP, theme.GAP)
        column.setSpacing(theme.GAP)
        column.addStretch(1)
        column.addWidget(self._empty_sign, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._empty_title)
        column.addWidget(self._empty_words)
        column.addWidget(self.retry, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)

    def _make_foot(self) -> None:
        self._notes = Sentence(parent=self)
        self._notes.dress(quiet=True)
        self._count = QLabel(self)
        self._count.setProperty("quiet", True)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.buttons.button(QDialogButtonBox.StandardButton.Cancel).setIcon(QIcon())
        self.use = self.buttons.addButton(tr("Extend this clip"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.use.setDefault(True)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.GAP)
        head.addWidget(self.search, 1)
        head.addWidget(self.refresh)
        self._middle = QStackedLayout()
        self._middle.addWidget(self.view)
        self._middle.addWidget(self._empty)
        foot = QHBoxLayout()
        foot.setSpacing(theme.GAP)
        foot.addWidget(self._count, 1)
        foot.addWidget(self.buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(4 * (2 * theme.GAP,)))
        column.setSpacing(theme.GAP)
        nest(column, head)
        nest(column, self._middle, 1)
        column.addWidget(self._notes)
        nest(column, foot)

    def _connect(self) -> None:
        self.search.textChanged.connect(self._search)
        self.refresh.clicked.connect(self._refresh)
        self.retry.clicked.connect(self._refresh)
        self.buttons.accepted.connect(self._choose)
        self.buttons.rejected.connect(self.reject)
        self.view.doubleClicked.connect(self._choose)
        self.view.typed.connect(self._search_for)
        self.view.scrolled.connect(self._looking.start)
        self.view.selectionModel().currentChanged.connect(self._say)
        self.cards.modelReset.connect(self._looking.start)
        self._looking.timeout.connect(self._want_posters)
        self._posters.loaded.connect(self.view.viewport().update)

    def _still_of(self, file: Path) -> QPixmap | None:
        return self._posters.pixmap(file, STILL * self.devicePixelRatioF())

    def _search(self, text: str) -> None:
        current = self.current()
        self.cards.search(text)
        self._select(max(0, self.cards.row_of(current.id)) if current else 0)
        self._say()

    def _search_for(self, letter: str) -> None:
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)
        self.search.setText(letter)

    def _select(self, row: int) -> None:
        index = self.cards.index(max(0, row), 0)
        if index.isValid():
            self.view.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _refresh(self) -> None:
        self._wanted.clear()
        self.refresh_asked.emit()

    def _choose(self, _index: QModelIndex | None = None) -> None:
        clip = self.current()
        if clip is not None and self.use.isEnabled():
            self.accept()
            self.chosen.emit(clip)

    def _want_posters(self) -> None:
        if not self.isVisible():
            return
        for row in self.view.rows_in_sight():
            clip = self.cards.clip_at(row)
            if clip is not None and clip.id not in self._wanted and self.cards.poster_of(clip) is None:
                self._wanted.add(clip.id)
                self.poster_wanted.emit(clip)

    def _say(self) -> None:
        """Bring every word of the dialog up to date."""
        now = KLING_TIME.now()
        clip = self.current()
        can_extend = clip is None or is_pickable(clip, now)
        self.use.setEnabled(clip is not None and is_usable(clip, now))
        self.use.setText(tr("Extend this clip") if can_extend else tr("Continue this clip"))
        self.refresh.setEnabled(not self._busy)
        self.refresh.setText(tr("Fetching…") if self._busy else tr("Refresh"))
        self._count.setText(tr_count(self.cards.rowCount(), "{n} clip", "{n} clips"))
        self._notes.setText(self._note(clip, now))
        self._notes.setVisible(bool(self._notes.text()))
        self._show_empty()

    def _note(self, clip: Clip | None, now: datetime) -> str:
        if self._trouble is not None and self.cards.total:
            title = tr(kind_of(self._trouble).title)
            return tr("The account's clips could not be fetched: {why}. These are the ones known here.", why=title)
        return sentences_of(clip, now) if clip else ""

    def _show_empty(self) -> None:
        empty = self.cards.rowCount() == 0
        self._middle.setCurrentIndex(1 if empty else 0)
        self._count.setVisible(not empty)
        if not empty:
            return
        icon, colour, title, words = self._why_empty()
        self._empty_sign.show_sign(icon, colour)
        self._empty_title.setText(title)
        self._empty_words.setText(words)
        self.retry.setVisible(self._trouble is not None and not self.cards.total)

    def _why_empty(self) -> tuple[str, str, str, str]:
        """Sign, its colour, title and sentence."""
        if self.cards.total:
            return "search", "quiet", tr("No clip matches"), tr("Change the search to see other clips.")
        if self._busy:
            return "clock", "quiet", tr("Fetching clips…"), tr("Kling is being asked what this account has.")
        if self._trouble is not None:
            kind = kind_of(self._trouble)
            return "warning", "bad", tr(kind.title), formatting.answer_to_asker(kind)
        words = tr("Clips made through the API in the last 30 days appear here. Those of the Kling web app do not.")
        return "film", "quiet", tr("No clips on this account"), words
