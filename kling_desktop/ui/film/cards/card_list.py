"""The film as a row of cards: made hops, running ones, the plan written in place, and a place to add a hop."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QClipboard,
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QAbstractScrollArea, QFrame, QListView, QMenu, QToolTip, QWidget

from kling_desktop.ui.film.cards.card_delegate import GAP, HEIGHT, CardDelegate, card_box, words_box
from kling_desktop.ui.film.cards.card_keys import NUMBERS, Act, card_commands
from kling_desktop.ui.film.cards.card_menu import CardVerbs, card_menu
from kling_desktop.ui.film.cards.card_model import CardModel
from kling_desktop.ui.film.cards.hop_editor import Step
from kling_desktop.ui.film.cards.hop_writing import HopWriting
from kling_desktop.ui.film.cards.plan_drag import PlanDrag
from kling_desktop.ui.film.film_view import Card, CardKind, FilmView
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.key_map import KeyMap
from kling_desktop.ui.painted.menu_place import menu_place
from kling_desktop.ui.painted.panel_keys import PanelKeys
from kling_desktop.ui.painted.shapes import Shape, shape_word
from kling_desktop.ui.painted.turning import Turning
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
    join_asked = Signal(str)
    """How this take is joined to its parent is to be adjusted."""
    compare_asked = Signal(str)
    """The takes of this hop are to be compared."""
    export_asked = Signal(str)
    dragged = Signal(str)
    """A made card is being pulled out: whoever takes it gets its file."""
    hop_added = Signal()
    """A planned hop is wanted at the end."""
    hop_written = Signal(str, str)
    """Id of a planned hop, and its words."""
    writing_changed = Signal(str)
    """Id of the planned hop that is being written now; empty once none is."""
    hop_given_up = Signal(str)
    """This planned hop was not meant, if it has no words: writing it ended by Esc, or it was offered and left."""
    hop_removed = Signal(str)
    hop_duplicated = Signal(str)
    hop_moved = Signal(str, int)
    """Id of a planned hop, and its new place among the planned ones, from 0."""
    pasted = Signal(str)
    """A list of hops came from the clipboard: one a line, or one a block between blank lines."""

    def __init__(self, posters: Posters, parent: QWidget | None = None, *, keys: KeyMap | None = None) -> None:
        """`keys` is the program's map, with `card_commands` in it; without one the cards have their first keys."""
        super().__init__(parent)
        self._keys = PanelKeys(self, "film", Act, keys or KeyMap(card_commands(), self), NUMBERS)
        self.cards = CardModel(self)
        self._posters = posters
        self._delegate = CardDelegate(posters, self)
        self._is_offered = False
        """Whether the hop that is written was added because the one before it was written to its end."""
        self.writing = HopWriting(self)
        self.writing.written.connect(self.hop_written)
        self.writing.ended.connect(self._writing_ended)
        self._quiet = False
        self._shown = ""
        """Id of the card that the viewer showed last."""
        self._is_beside = False
        """Whether it shows another take in that card's place."""
        self._drag = PlanDrag()
        self.turning = Turning(self)
        self._delegate.turns = self.turning.go_on
        self._look()
        self.setModel(self.cards)
        self.selectionModel().currentChanged.connect(self._announce)
        self._posters.loaded.connect(self._repaint_still)
        self.turning.turned.connect(self._turn)

    def show_view(self, view: FilmView) -> None:
        """Show a film's cards; what is being written goes on being written."""
        current = self.current
        self._quiet, self._is_beside = True, view.is_beside
        self.cards.show(view.cards)
        self._drag.keep([card.id for card in self.cards.planned])
        wanted = view.current or (current.id if current else "")
        is_let_go = view.current != self._shown and not (self.writing.card_id or self.hasFocus())
        self._shown = view.current
        kept = wanted if current is None or current.kind is CardKind.MADE or is_let_go else current.id
        row = self.cards.row_of(kept) if kept else None
        if row is None and wanted:
            row = self.cards.row_of(wanted)
        if row is None and current is not None:  # another take stands in its place, or the next hop
            row = next((row for row, card in enumerate(view.cards) if card.hop == current.hop), None)
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
        self.setAccessibleName(tr("The film, hop by hop"))
        self._size()

    def _size(self) -> None:
        self.setFixedHeight(scaled(HEIGHT + 4))
        self.horizontalScrollBar().setSingleStep(scaled(40))

    # --- writing a hop -------------------------------------------------------------------------------------------

    def write_hop(self, card_id: str) -> None:
        """Open the editor over a planned card, the caret behind its words."""
        self.writing.end()
        row = self.cards.row_of(card_id)
        card = self.cards.card(row) if row is not None else None
        if row is None or card is None or card.kind is not CardKind.PLANNED:
            return
        self._quiet = True
        self.setCurrentIndex(self.cards.index(row, 0))
        self._quiet = False
        self._delegate.written_id = card_id
        self.writing.begin(card, self._words_of(card_id))
        self.writing_changed.emit(card_id)

    def end_writing(self) -> None:
        """Take the words of the open editor and close it."""
        self.writing.end()

    def _writing_ended(self, card_id: str, step: Step) -> None:
        self._delegate.written_id = ""
        self.viewport().update()
        planned = [card.id for card in self.cards.planned]
        was_offered, self._is_offered = self._is_offered, False
        if step is Step.GIVEN_UP or (was_offered and step in (Step.LEFT, Step.NONE)):
            self.hop_given_up.emit(card_id)
        elif card_id in planned and step in (Step.ON, Step.NEXT, Step.PREVIOUS):
            self._go_on(planned, planned.index(card_id), step)
        self.writing_changed.emit(self.writing.card_id)

    def _go_on(self, planned: list[str], place: int, step: Step) -> None:
        is_last = place == len(planned) - 1
        if is_last and step in (Step.ON, Step.NEXT):
            self._is_offered = True
            self.hop_added.emit()
        elif step is Step.NEXT or (step is Step.PREVIOUS and place > 0):
            self.write_hop(planned[place + step])

    def _words_of(self, card_id: str) -> QRect | None:
        row = self.cards.row_of(card_id)
        if row is None:
            return None
        return words_box(card_box(self.visualRect(self.cards.index(row, 0)), CardKind.PLANNED, first=row == 0))

    def _place_editor(self) -> None:
        if self.writing.card_id:
            self.writing.place(self._words_of(self.writing.card_id))

    # --- painting ------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), QColor(tokens().window))
        painter.end()
        super().paintEvent(event)
        if self._drag.place is not None:
            painter = QPainter(self.viewport())
            painter.fillRect(self._drop_line(self._drag.place), QColor(tokens().accent))

    def _drop_line(self, place: int) -> QRect:
        planned = self.cards.planned
        last = place >= len(planned)
        rect = self._rect_of(planned[-1 if last else place].id)
        x = rect.right() + scaled(4) if last else rect.left() + scaled(GAP) // 2
        return QRect(x - 1, rect.top() + 2, 2, rect.height() - 4)

    def _turn(self, step: int) -> None:
        self._delegate.turn = step
        for row in range(self.cards.rowCount()):
            card = self.cards.card(row)
            if card is not None and card.rendering:
                self.update(self.cards.index(row, 0))

    def _repaint_still(self, file: Path) -> None:
        for row in range(self.cards.rowCount()):
            card = self.cards.card(row)
            if card is not None and file in (card.first, card.last):
                self.update(self.cards.index(row, 0))

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
            case Act.EXPORT:
                self.export_asked.emit(card.id)
            case Act.SEAM:
                self.seam_asked.emit(card.id)
            case Act.JOIN:
                self.join_asked.emit(card.id)
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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        act, number, card = self._keys.act(event), self._keys.digit(event), self.current
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
        before = self.currentIndex()
        super().mousePressEvent(event)
        card = self.cards.card(self.indexAt(place).row())
        if event.button() == Qt.MouseButton.LeftButton and card is not None:
            if self._is_beside and self.currentIndex() == before:
                self._announce(before)  # the card has not changed, but the viewer shows another take in its place
            self._drag.press(card.id, place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = event.position().toPoint()
        if self._drag.begun:
            planned = [card.id for card in self.cards.planned]
            middles = [self._rect_of(card_id).center().x() for card_id in planned]
            if self._drag.pull(place, planned, middles):
                self.viewport().update()
            elif (pulled := self._drag.pulled_out(place, planned)) and self._is_made(pulled):
                self._drag.release(planned)
                self.dragged.emit(pulled)
            return
        seam = self.seam_at(place)
        hovered = seam.id if seam is not None else ""
        if hovered != self._delegate.hovered_seam:
            self._delegate.hovered_seam = hovered
            self.viewport().update()
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if hovered else Qt.CursorShape.ArrowCursor)
        super().mouseMoveEvent(event)

    def _is_made(self, card_id: str) -> bool:
        row = self.cards.row_of(card_id)
        card = self.cards.card(row) if row is not None else None
        return card is not None and card.kind is CardKind.MADE

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pulled = self._drag.place is not None
        card_id, place = self._drag.release([card.id for card in self.cards.planned])
        super().mouseReleaseEvent(event)
        self.viewport().update()
        if place is not None:
            self.hop_moved.emit(card_id, place)
        card = self.cards.card(self.indexAt(event.position().toPoint()).row())
        if pulled or card is None or card.id != card_id or event.button() != Qt.MouseButton.LeftButton:
            return
        if card.kind is CardKind.PLANNED:
            self.write_hop(card.id)
        elif card.kind is CardKind.ADD:
            self.hop_added.emit()

    def _rect_of(self, card_id: str) -> QRect:
        return self.visualRect(self.cards.index(self.cards.row_of(card_id) or 0, 0))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        card = self.cards.card(self.indexAt(event.position().toPoint()).row())
        if self.seam_at(event.position().toPoint()) is None and card is not None and card.kind is CardKind.MADE:
            self.played.emit(card.id)

    def viewportEvent(self, event: QEvent) -> bool:
        """A seam has a tip of its own: its verdict, and the key that opens it."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            seam = self.seam_at(event.pos())
            if seam is not None:
                words = seam.seam_words or shape_word(seam.seam or Shape.UNMEASURED)
                key = self._keys.shown(Act.SEAM)
                said = f"{tr('Seam {n}', n=seam.hop)}: {words}"
                QToolTip.showText(event.globalPos(), f"{said} ({key})" if key else said, self)
                return True
        return super().viewportEvent(event)

    # --- the menu ------------------------------------------------------------------------------------------------

    def menu(self) -> QMenu | None:
        """The menu of the current card, its keys shown; None without a card."""
        card = self.current
        if card is None:
            return None

        def pick(number: int) -> None:
            self.take_picked.emit(card.id, number)

        menu = card_menu(card, self, CardVerbs(self.act, pick, self._keys.shown), planned=len(self.cards.planned))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """By mouse on the card under it, by the Menu key on the current one."""
        index, place = menu_place(self, event)
        if not index.isValid():
            return
        self.setCurrentIndex(index)
        if (menu := self.menu()) is not None:
            menu.popup(place)

    def sizeHint(self) -> QSize:
        return QSize(scaled(600), scaled(HEIGHT + 4))
