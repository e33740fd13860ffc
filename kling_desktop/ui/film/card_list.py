"""The film as a row of cards: made hops, running ones, the plan written in place, and a place to add a hop."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QClipboard,
    QColor,
    QFocusEvent,
    QGuiApplication,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QAbstractScrollArea, QFrame, QListView, QWidget

from kling_desktop.ui.film.card_delegate import GAP, HEIGHT, CardDelegate, card_box, words_box
from kling_desktop.ui.film.card_keys import Act, act_of, number_of
from kling_desktop.ui.film.card_model import CardModel
from kling_desktop.ui.film.film_view import Card, CardKind, FilmView
from kling_desktop.ui.film.hop_editor import HopEditor, Step
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.painted.shapes import TURN_MS, TURNS
from kling_desktop.ui.stills.posters import Posters
from kling_desktop.ui.theme.fonts import scaled
from kling_desktop.ui.theme.tokens import tokens


class CardList(QListView):
    """A list that flows to the right: a screen reader reads its items, the keys are the lane's own."""

    chosen = Signal(str)
    """A made or running card became the current one."""
    played = Signal(str)
    sibling_stepped = Signal(str, int)
    """The next (1) or previous (-1) take of this hop is to be shown in place."""
    take_picked = Signal(str, int)
    """The take of that number, from 1, is to stand for this hop."""
    extend_asked = Signal(str)
    sibling_asked = Signal(str)
    """Another take of this hop is wanted."""
    seam_asked = Signal(str)
    """The seam before this card is to be looked at."""
    compare_asked = Signal(str)
    """The takes of this hop are to be compared."""
    hop_added = Signal()
    """A planned hop is wanted at the end."""
    hop_written = Signal(str, str)
    """Id of a planned hop, and its words."""
    hop_removed = Signal(str)
    hop_duplicated = Signal(str)
    hop_moved = Signal(str, int)
    """Id of a planned hop, and its new place among the planned ones, from 0."""
    pasted = Signal(str)
    """A list of hops came from the clipboard: one a line, or one a block between blank lines."""
    menu_asked = Signal(str, QPoint)
    """The menu of a card is wanted at that place of the screen."""

    def __init__(self, posters: Posters, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards = CardModel(self)
        self._posters = posters
        self._delegate = CardDelegate(posters, self)
        self._editor: HopEditor | None = None
        self._quiet = False
        self._pressed: tuple[str, QPoint] | None = None
        self._drop_at: int | None = None
        """Place among the planned hops where the dragged one would come to lie."""
        self._turning = QTimer(self, interval=TURN_MS)
        self.moves = True
        """Whether shapes may turn; off where the system asks for calm."""
        self._look()
        self.setModel(self.cards)
        self.selectionModel().currentChanged.connect(self._announce)
        self._posters.loaded.connect(self._repaint_still)
        self._turning.timeout.connect(self._turn)

    def show_view(self, view: FilmView) -> None:
        """Show a film's cards; what is being written goes on being written."""
        current = self.current
        self._quiet = True
        self.cards.show(view.cards)
        wanted = view.current or (current.id if current else "")
        kept = current.id if current is not None and current.kind is not CardKind.MADE else wanted
        row = self.cards.row_of(kept) if kept else None
        if row is None and wanted:
            row = self.cards.row_of(wanted)
        if row is not None:
            self.setCurrentIndex(self.cards.index(row, 0))
        self._quiet = False
        self._place_editor()

    @property
    def current(self) -> Card | None:
        """The current card."""
        index = self.currentIndex()
        return self.cards.card(index.row()) if index.isValid() else None

    def _look(self) -> None:
        self.setItemDelegate(self._delegate)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._ask_menu)
        self.setAccessibleName(tr("The film, hop by hop"))
        self._size()

    def _size(self) -> None:
        self.setFixedHeight(scaled(HEIGHT + 4))
        self.horizontalScrollBar().setSingleStep(scaled(40))

    def _ask_menu(self, place: QPoint) -> None:
        index = self.indexAt(place)
        card = self.cards.card(index.row()) if index.isValid() else None
        if card is not None:
            self.setCurrentIndex(index)
            self.menu_asked.emit(card.id, self.viewport().mapToGlobal(place))

    # --- writing a hop -------------------------------------------------------------------------------------------

    def write_hop(self, card_id: str) -> None:
        """Open the editor over a planned card, its words selected by nothing: the caret stands at their end."""
        self.end_writing()
        row = self.cards.row_of(card_id)
        card = self.cards.card(row) if row is not None else None
        if row is None or card is None or card.kind is not CardKind.PLANNED:
            return
        self._quiet = True
        self.setCurrentIndex(self.cards.index(row, 0))
        self._quiet = False
        editor = HopEditor(card, self.viewport())
        editor.written.connect(self.hop_written)
        editor.ended.connect(self._end_from_editor)
        self._editor, self._delegate.written_id = editor, card_id
        self._place_editor()
        editor.show()
        editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def end_writing(self) -> None:
        """Take the words of the open editor and close it."""
        editor, self._editor = self._editor, None
        self._delegate.written_id = ""
        if editor is not None:
            editor.finish()
            if editor.hasFocus():
                self.setFocus(Qt.FocusReason.OtherFocusReason)
            editor.hide()
            editor.deleteLater()
            self.viewport().update()

    def _end_from_editor(self, card_id: str, step: Step) -> None:
        if self._editor is None or self._editor.card_id != card_id:
            return
        planned = [card.id for card in self.cards.planned]
        self.end_writing()
        if step is Step.LEFT:
            return
        place = planned.index(card_id) + step if card_id in planned else -1
        if step is not Step.NONE and 0 <= place < len(planned):
            self.write_hop(planned[place])
            return
        if step is Step.NEXT:
            self.hop_added.emit()

    def _place_editor(self) -> None:
        if self._editor is None:
            return
        row = self.cards.row_of(self._editor.card_id)
        if row is None:
            self.end_writing()
            return
        rect = self.visualRect(self.cards.index(row, 0))
        self._editor.setGeometry(words_box(card_box(rect, CardKind.PLANNED, first=row == 0)).adjusted(-4, -2, 4, 0))

    # --- painting ------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), QColor(tokens().window))
        painter.end()
        super().paintEvent(event)
        if self._drop_at is not None:
            painter = QPainter(self.viewport())
            painter.fillRect(self._drop_line(self._drop_at), QColor(tokens().accent))

    def _drop_line(self, place: int) -> QRect:
        planned = self.cards.planned
        last = place >= len(planned)
        row = self.cards.row_of(planned[-1 if last else place].id) or 0
        rect = self.visualRect(self.cards.index(row, 0))
        x = rect.right() + scaled(4) if last else rect.left() + scaled(GAP) // 2
        return QRect(x - 1, rect.top() + 2, 2, rect.height() - 4)

    def _turn(self) -> None:
        if not self.moves:
            return
        self._delegate.turn = (self._delegate.turn + 1) % TURNS
        for row in range(self.cards.rowCount()):
            card = self.cards.card(row)
            if card is not None and card.kind is CardKind.RUNNING:
                self.update(self.cards.index(row, 0))

    def _repaint_still(self, file: Path) -> None:
        for row in range(self.cards.rowCount()):
            card = self.cards.card(row)
            if card is not None and file in (card.first, card.last):
                self.update(self.cards.index(row, 0))

    def showEvent(self, event: QShowEvent) -> None:
        self._turning.start()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._turning.stop()
        super().hideEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and hasattr(self, "_delegate"):
            self._size()
            self.scheduleDelayedItemsLayout()
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_editor()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        self._place_editor()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A wheel that turns down goes to the right: there is nothing below."""
        turned = event.angleDelta()
        bar = self.horizontalScrollBar()
        bar.setValue(bar.value() - (turned.x() or turned.y()))
        event.accept()

    # --- choosing and acting -------------------------------------------------------------------------------------

    def _announce(self, index: QModelIndex) -> None:
        card = self.cards.card(index.row()) if index.isValid() else None
        if card is not None and not self._quiet and card.kind in (CardKind.MADE, CardKind.RUNNING):
            self.chosen.emit(card.id)

    def act(self, what: Act) -> None:
        """Do to the current card what a key or a menu asks for."""
        if what is Act.PASTE:
            self._paste(QGuiApplication.clipboard())
            return
        card = self.current
        if card is None:
            return
        acts = {
            CardKind.MADE: self._act_on_made,
            CardKind.RUNNING: self._act_on_made,
            CardKind.PLANNED: self._act_on_planned,
        }
        if card.kind is CardKind.ADD:
            if what in (Act.OPEN, Act.WRITE):
                self.hop_added.emit()
            return
        acts[card.kind](what, card)

    def _act_on_made(self, what: Act, card: Card) -> None:
        match what:
            case Act.OPEN:
                self.played.emit(card.id)
            case Act.NEXT_TAKE | Act.PREVIOUS_TAKE:
                self.sibling_stepped.emit(card.id, 1 if what is Act.NEXT_TAKE else -1)
            case Act.EXTEND:
                self.extend_asked.emit(card.id)
            case Act.SIBLING:
                self.sibling_asked.emit(card.id)
            case Act.SEAM:
                self.seam_asked.emit(card.id)
            case Act.COMPARE:
                self.compare_asked.emit(card.id)

    def _act_on_planned(self, what: Act, card: Card) -> None:
        match what:
            case Act.OPEN | Act.WRITE:
                self.write_hop(card.id)
            case Act.REMOVE:
                self.hop_removed.emit(card.id)
            case Act.DUPLICATE:
                self.hop_duplicated.emit(card.id)
            case Act.MOVE_LEFT | Act.MOVE_RIGHT:
                self._move(card.id, -1 if what is Act.MOVE_LEFT else 1)

    def _move(self, card_id: str, step: int) -> None:
        planned = [card.id for card in self.cards.planned]
        place = planned.index(card_id) + step
        if 0 <= place < len(planned):
            self.hop_moved.emit(card_id, place)

    def _paste(self, clipboard: QClipboard) -> None:
        if words := clipboard.text().strip():
            self.pasted.emit(words)

    def event(self, event: QEvent) -> bool:
        """Keys of the lane are the lane's while it has the focus, though menus of the window know them too."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_ours(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        act, number, card = act_of(event), number_of(event), self.current
        if act is not None:
            self.act(act)
        elif number is not None and card is not None:
            if card.kind is CardKind.MADE and number <= card.takes:
                self.take_picked.emit(card.id, number)
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Nothing: letters are commands here."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Focus alone chooses nothing."""
        if self.currentIndex().isValid():
            super().focusInEvent(event)
        else:
            QAbstractScrollArea.focusInEvent(self, event)

    # --- the mouse -----------------------------------------------------------------------------------------------

    def seam_at(self, place: QPoint) -> Card | None:
        """The card whose seam lies there; seams of made hops only."""
        index = self.indexAt(place)
        card = self.cards.card(index.row()) if index.isValid() and index.row() else None
        if card is None or card.kind is not CardKind.MADE:
            return None
        return card if place.x() < self.visualRect(index).left() + scaled(GAP) else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = event.position().toPoint()
        seam = self.seam_at(place)
        if event.button() == Qt.MouseButton.LeftButton and seam is not None:
            self.seam_asked.emit(seam.id)
            return
        super().mousePressEvent(event)
        card = self.cards.card(self.indexAt(place).row())
        if event.button() == Qt.MouseButton.LeftButton and card is not None:
            self._pressed = (card.id, place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = event.position().toPoint()
        if self._pressed is not None:
            self._drag(place)
            return
        seam = self.seam_at(place)
        hovered = seam.id if seam is not None else ""
        if hovered != self._delegate.hovered_seam:
            self._delegate.hovered_seam = hovered
            self.viewport().update()
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if hovered else Qt.CursorShape.ArrowCursor)
        super().mouseMoveEvent(event)

    def _drag(self, place: QPoint) -> None:
        if self._pressed is None:
            return
        card_id, start = self._pressed
        planned = [card.id for card in self.cards.planned]
        if card_id not in planned:
            return
        if (
            self._drop_at is None
            and (place - start).manhattanLength() < QGuiApplication.styleHints().startDragDistance()
        ):
            return
        middles = [self.visualRect(self.cards.index(self.cards.row_of(id) or 0, 0)).center().x() for id in planned]
        self._drop_at = sum(middle < place.x() for middle in middles)
        self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        drop_at, self._drop_at = self._drop_at, None
        super().mouseReleaseEvent(event)
        if pressed is None:
            return
        self.viewport().update()
        if drop_at is not None:
            self._drop(pressed[0], drop_at)
            return
        card = self.cards.card(self.indexAt(event.position().toPoint()).row())
        if card is not None and card.id == pressed[0]:
            if card.kind is CardKind.PLANNED:
                self.write_hop(card.id)
            elif card.kind is CardKind.ADD:
                self.hop_added.emit()

    def _drop(self, card_id: str, place: int) -> None:
        planned = [card.id for card in self.cards.planned]
        before = planned.index(card_id)
        after = place - 1 if place > before else place
        if after != before:
            self.hop_moved.emit(card_id, after)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        card = self.cards.card(self.indexAt(event.position().toPoint()).row())
        if self.seam_at(event.position().toPoint()) is None and card is not None and card.kind is CardKind.MADE:
            self.played.emit(card.id)

    def sizeHint(self) -> QSize:
        return QSize(scaled(600), scaled(HEIGHT + 4))


def _is_ours(event: QKeyEvent) -> bool:
    return act_of(event) is not None or number_of(event) is not None
