"""The tree of a film on the screen: rows of a few heights, read by page, ruled by single keys."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractScrollArea,
    QFrame,
    QHeaderView,
    QMenu,
    QTableView,
    QWidget,
)

from kling_desktop.ui.i18n import tr
from kling_desktop.ui.key_map import KeyMap
from kling_desktop.ui.painted.menu_place import menu_place
from kling_desktop.ui.painted.panel_keys import PanelKeys
from kling_desktop.ui.painted.shapes import Shape
from kling_desktop.ui.painted.turning import Turning
from kling_desktop.ui.rail.tree_delegate import TreeDelegate, row_height
from kling_desktop.ui.rail.tree_keys import STARS, Act, tree_commands
from kling_desktop.ui.rail.tree_menu import TreeVerbs, tree_menu
from kling_desktop.ui.rail.tree_model import TreeModel
from kling_desktop.ui.rail.tree_row import RowKind, TreePages, TreeRow, WayOn
from kling_desktop.ui.stills.posters import Posters
from kling_desktop.ui.theme.tokens import tokens


class TakeTree(QTableView):
    """A QTableView, because a QListView lays out all of its rows at each change (170 ms for 100 000)."""

    chosen = Signal(str)
    """A take became the current one."""
    picked = Signal(str)
    """The creator wants this take in the film."""
    rejected = Signal(str, bool)
    """A take is rejected (True), or taken back from there."""
    starred = Signal(str, int)
    extend_asked = Signal(str)
    sibling_asked = Signal(str)
    """Another take of the same parent is wanted."""
    seam_asked = Signal(str)
    join_asked = Signal(str)
    """How this take is joined to its parent is to be adjusted."""
    compare_asked = Signal(list)
    """Ids of the takes to compare, two or more; of one, the take whose brothers are to be compared."""
    export_asked = Signal(str)
    dragged = Signal(str)
    """A take is being pulled out: whoever takes it gets its file."""
    played = Signal(str)
    unfolded = Signal(str)
    """The rejected takes of this parent are to be shown."""
    folded = Signal(str)
    """This rejected take and its rejected brothers are to be folded."""
    way_chosen = Signal(str, WayOn)
    """What is to be done with a take that hangs below one that is not picked."""

    def __init__(self, posters: Posters, parent: QWidget | None = None, *, keys: KeyMap | None = None) -> None:
        """`keys` is the program's map, with `tree_commands` in it; without one the tree has its first keys."""
        super().__init__(parent)
        self._keys = PanelKeys(self, "tree", Act, keys or KeyMap(tree_commands(), self), STARS)
        self.rows = TreeModel(parent=self)
        self._posters = posters
        self._delegate = TreeDelegate(posters, self)
        self._current_id = ""
        self._pressed: QPoint | None = None
        self._quiet = False
        self.turning = Turning(self)
        self._delegate.turns = self.turning.go_on
        self._look()
        self.setModel(self.rows)
        self._listen()

    def show_film(self, pages: TreePages) -> None:
        """Show a film, or the same one with its rows moved: the current take stays the current one. Where it was folded
        the line that holds it is: the arrows go on from there.
        """
        self._quiet = True
        at = self.currentIndex().row()
        self.rows.show(pages)
        self._measure_rows()
        row = pages.row_of(self._current_id) if self._current_id else None
        if row is None and at >= 0:
            folds = (number for number, kind in pages.unusual() if kind is RowKind.FOLDED)
            row = min(folds, key=lambda number: abs(number - at), default=None)
        if row is not None:
            self.setCurrentIndex(self.rows.index(row, 0))
        self._quiet = False

    def refresh(self) -> None:
        """The rows stand where they stood, and say what is known of them now."""
        self.rows.refresh(self.rows_in_sight() if self.isVisible() else range(0))

    def choose(self, take_id: str) -> None:
        """Make a take the current one and bring it into sight, without a word to who listens."""
        row = self.rows.pages.row_of(take_id)
        if row is None:
            return
        self._quiet = True
        self._current_id = take_id
        self.setCurrentIndex(self.rows.index(row, 0))
        self._quiet = False

    @property
    def current(self) -> TreeRow | None:
        """The current row."""
        index = self.currentIndex()
        return self.rows.row(index.row()) if index.isValid() else None

    def rows_in_sight(self) -> range:
        """Numbers of the rows that can be seen now."""
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        if first < 0:
            return range(0)
        return range(first, (last if last >= 0 else self.rows.rowCount() - 1) + 1)

    def _look(self) -> None:
        self.setItemDelegate(self._delegate)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setAccessibleName(tr("Takes of the film"))
        across, down = self.horizontalHeader(), self.verticalHeader()
        for header in (across, down):
            header.hide()
            header.setMinimumSectionSize(1)
        across.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def _listen(self) -> None:
        self.selectionModel().currentRowChanged.connect(self._announce)
        self._posters.loaded.connect(self._repaint_still)
        self.turning.turned.connect(self._turn)
        self.doubleClicked.connect(lambda index: self._play(self.rows.row(index.row())))

    def _measure_rows(self) -> None:
        down = self.verticalHeader()
        down.setDefaultSectionSize(row_height(RowKind.OTHER))
        heights = {kind: row_height(kind) for kind in RowKind}
        for row, kind in self.rows.pages.unusual():
            down.resizeSection(row, heights[kind])
        self.verticalScrollBar().setSingleStep(heights[RowKind.OTHER])

    # --- painting ------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        self._delegate.scrolled = self.verticalScrollBar().value()
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), QColor(tokens().panel))
        painter.end()
        super().paintEvent(event)

    def _turn(self, step: int) -> None:
        """Paint the turning shapes in sight, and only them."""
        self._delegate.turn = step
        for number in self.rows_in_sight():
            row = self.rows.row(number)
            if row is not None and row.shape is Shape.RENDERING:
                self.update(self.rows.index(number, 0))

    def _repaint_still(self, file: Path) -> None:
        for number in self.rows_in_sight():
            row = self.rows.row(number)
            if row is not None and row.still == file:
                self.update(self.rows.index(number, 0))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and hasattr(self, "rows"):
            self._measure_rows()
        super().changeEvent(event)

    # --- choosing and acting -------------------------------------------------------------------------------------

    def _announce(self, index: QModelIndex) -> None:
        row = self.rows.row(index.row()) if index.isValid() else None
        if row is None or self._quiet or row.kind is RowKind.FOLDED:
            return
        self._current_id = row.take_id
        self.chosen.emit(row.take_id)

    def _selected(self) -> list[TreeRow]:
        numbers = sorted(index.row() for index in self.selectionModel().selectedRows())
        rows = [self.rows.row(number) for number in numbers]
        return [row for row in rows if row is not None and row.kind is not RowKind.FOLDED]

    def _play(self, row: TreeRow | None) -> None:
        if row is None:
            return
        if row.kind is RowKind.FOLDED:
            self.unfolded.emit(row.take_id)
        else:
            self.played.emit(row.take_id)

    def act(self, what: Act) -> None:
        """Do to the current row (to compare, to the selected ones) what a key or the menu asks for."""
        row = self.current
        if row is None:
            return
        if row.kind is RowKind.FOLDED:
            if what in (Act.UNFOLD, Act.PLAY):
                self.unfolded.emit(row.take_id)
            return
        match what:
            case Act.PICK:
                self.picked.emit(row.take_id)
            case Act.REJECT:
                self.rejected.emit(row.take_id, not row.rejected)
            case Act.EXTEND:
                self.extend_asked.emit(row.take_id)
            case Act.SIBLING:
                self.sibling_asked.emit(row.take_id)
            case Act.SEAM:
                self.seam_asked.emit(row.take_id)
            case Act.JOIN:
                self.join_asked.emit(row.take_id)
            case Act.PLAY:
                self.played.emit(row.take_id)
            case Act.COMPARE:
                self.compare_asked.emit([chosen.take_id for chosen in self._selected()] or [row.take_id])
            case Act.EXPORT:
                self.export_asked.emit(row.take_id)
            case Act.FOLD if row.rejected:
                self.folded.emit(row.take_id)

    def star(self, stars: int) -> None:
        """Give the current take 0 to 5 stars."""
        row = self.current
        if row is not None and row.kind is not RowKind.FOLDED:
            self.starred.emit(row.take_id, stars)

    def menu(self) -> QMenu | None:
        """The menu of the current row, its keys shown; None without a take."""
        row = self.current
        if row is None or row.kind is RowKind.FOLDED:
            return None
        menu = tree_menu(row, self, TreeVerbs(self.act, self.star, self.way_chosen.emit, self._keys.shown))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """By mouse on the row under it, by the Menu key on the current one."""
        index, place = menu_place(self, event)
        if not index.isValid():
            return
        self.setCurrentIndex(index)
        if (menu := self.menu()) is not None:
            menu.popup(place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = event.position().toPoint()
        least = QGuiApplication.styleHints().startDragDistance()
        if self._pressed is None or (place - self._pressed).manhattanLength() < least:
            super().mouseMoveEvent(event)
            return
        row = self.rows.row(self.rowAt(self._pressed.y()))
        self._pressed = None
        if row is not None and row.kind in (RowKind.FILM, RowKind.OTHER):
            self.dragged.emit(row.take_id)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pressed = None
        super().mouseReleaseEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        is_left = event.button() == Qt.MouseButton.LeftButton
        self._pressed = event.position().toPoint() if is_left else None
        super().mousePressEvent(event)
        row = self.rows.row(self.rowAt(round(event.position().y())))
        if row is not None and row.kind is RowKind.FOLDED and event.button() == Qt.MouseButton.LeftButton:
            self.unfolded.emit(row.take_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        act, stars = self._keys.act(event), self._keys.digit(event)
        if act is not None:
            self.act(act)
        elif stars is not None:
            self.star(stars)
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Nothing: a search from here would read every page."""

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Home and End lead to the first and the last row: to a table of one column they are the ends of its row."""
        if self.rows.rowCount() and action is QAbstractItemView.CursorAction.MoveHome:
            return self.rows.index(0, 0)
        if self.rows.rowCount() and action is QAbstractItemView.CursorAction.MoveEnd:
            return self.rows.index(self.rows.rowCount() - 1, 0)
        return super().moveCursor(action, modifiers)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Focus alone chooses nothing: Qt would choose the first row, even on the way to the one that is clicked."""
        if self.currentIndex().isValid():
            super().focusInEvent(event)
        else:
            QAbstractScrollArea.focusInEvent(self, event)
