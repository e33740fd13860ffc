"""The list of tasks with its filter, its count and its menu: what the creator picks a take from."""

from __future__ import annotations

from collections.abc import Collection
from itertools import islice

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLabel, QMenu, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from kling_desktop.domain.tasks import Filter, Order, Task
from kling_desktop.ui import formatting, theme
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.key_map import KeyMap, Place, written
from kling_desktop.ui.stills.posters import Posters
from kling_desktop.ui.takes.task_commands import QUEUE_COMMANDS, TaskCommand, list_commands, request_id, task_commands
from kling_desktop.ui.takes.task_filter import TaskFilter
from kling_desktop.ui.takes.task_model import TaskModel
from kling_desktop.ui.takes.task_table import TaskTable
from kling_desktop.ui.takes.task_words import state
from kling_desktop.ui.theme.fonts import scaled

_LOOKED_AT = 200
"""Selected tasks that are asked whether a command makes sense; the command itself then takes all."""


class TaskList(QWidget):
    """Every task, under its heads. It decides nothing: each wish of the creator leaves as a signal."""

    chosen = Signal(object)
    """Task of the current row, or None when there is none."""
    activated = Signal(object)
    """Task to play."""
    extend_asked = Signal(object)
    save_asked = Signal(object)
    folder_asked = Signal(object)
    explain_asked = Signal(object)
    retry_asked = Signal(object)
    look_up_asked = Signal(object)
    send_again_asked = Signal(object)
    stop_watching_asked = Signal(object)
    compare_asked = Signal(object)
    """List of two to four tasks whose takes are to be seen side by side."""
    refused = Signal(str)
    """Why a key did nothing."""
    forget_asked = Signal(object)
    """List of tasks to forget, never empty."""
    queue_asked = Signal(str, object)
    """A command of the queue, and the list of waiting tasks that it is wished for, never empty."""

    def __init__(
        self,
        model: TaskModel,
        posters: Posters | None = None,
        parent: QWidget | None = None,
        keys: KeyMap | None = None,
    ) -> None:
        super().__init__(parent)
        self._keys = keys or KeyMap(list_commands(), self)
        self.model = model
        self.filter = TaskFilter(self)
        self._awaited = ""
        """Id of a task that is to be chosen once its row is there."""
        self._is_entered = False
        """Whether the keyboard came to rows that are still counted: then the first of them is to be chosen."""
        self.table = TaskTable(model, posters or Posters(self), self)
        self._commands = {command.name: command for command in task_commands()}
        self.actions_by_name = {name: self._action(command) for name, command in self._commands.items()}
        """Of the context menu, for a menu bar that wants them too."""
        self._menu = self._context_menu()
        self._counted = QLabel(self)
        self._empty_words = QLabel(self)
        self._clear = QPushButton(tr("Clear filter"), self)
        self._stack = QStackedWidget(self)
        self._lay_out()
        self._connect()
        self._teach_keys()
        self.filter.sort(model.order)
        self._recount()
        self._judge_deeds()

    # --- faces ---------------------------------------------------------------------------------------------------

    def selected(self) -> Task | None:
        """The task of the current row."""
        return self.table.current_task()

    def select(self, task_id: str) -> bool:
        """Choose a task and bring it into sight, past a filter that hides it; False when there is no such task.

        While rows are counted, it is chosen as soon as its row is there, unless another one is chosen by then.
        """
        self._awaited = ""
        if self._select_shown(task_id):
            return True
        if not self.model.is_known(task_id):
            return False
        if self.model.hides(task_id):
            self.filter.clear()
        if self._select_shown(task_id):
            return True
        self._awaited = task_id if self.model.is_counting else ""
        return bool(self._awaited)

    def _select_shown(self, task_id: str) -> bool:
        if self.table.select_task(task_id):
            return True
        self.model.unfold_task(task_id)
        return self.table.select_task(task_id)

    def stand(self, order: Order, folds: Collection[str]) -> None:
        """Be in the order and with the folds that another list had (`TaskModel.folds`)."""
        self.filter.sort(order)
        self.model.stand(order, folds)

    def show_dying(self) -> None:
        """Show the takes that Kling deletes within a week."""
        self.filter.pick_dying()
        self._enter_rows()

    def go_on(self, steps: int) -> bool:
        """Choose the next take that can be watched, so many below the current one (above it, if negative)."""
        row, way = self.table.currentIndex().row(), 1 if steps > 0 else -1
        for _ in range(abs(steps)):
            row = self._watchable(row + way, way)
        task = self.model.task(row)
        return task is not None and self.table.select_task(task.id)

    def _watchable(self, row: int, way: int) -> int:
        """The first row from `row` on whose task has a clip; -1 when there is none near."""
        for candidate in range(row, row + _LOOKED_AT * way, way):
            task = self.model.task(candidate)
            if task is None and self.model.head(candidate) is None:
                break
            if task is not None and task.clip is not None:
                return candidate
        return -1

    def show_new(self, task: Task) -> None:
        """Choose a task that was just made, as soon as the feed has brought its row; until then others stand there.

        A filter that hides it goes.
        """
        self._awaited = task.id
        if self.model.hides(task.id):
            self.filter.clear()
        else:
            self._choose_awaited()

    def _choose_awaited(self) -> None:
        if self._awaited and self._select_shown(self._awaited):
            self._awaited = ""
        if self._is_entered and not self.model.is_counting:
            self._is_entered = False
            self._choose_first()

    # --- how it is built -----------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self._counted.setProperty("quiet", True)
        self._counted.setProperty("foot", True)
        self._counted.setIndent(scaled(12))
        self._counted.setMinimumHeight(scaled(28))
        self.table.setAccessibleName(tr("Takes"))
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty_page())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP // 2)
        column.addWidget(self.filter)
        column.addWidget(self._stack, 1)
        column.addWidget(self._counted)

    def _empty_page(self) -> QWidget:
        page = QWidget(self)
        film = QLabel(page)
        film.setPixmap(theme.icon("film").pixmap(48))
        self._empty_words.setWordWrap(True)
        self._empty_words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty_words.setProperty("quiet", True)
        column = QVBoxLayout(page)
        column.addStretch()
        column.addWidget(film, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._empty_words)
        column.addWidget(self._clear, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch()
        return page

    def _action(self, command: TaskCommand) -> QAction:
        action = QAction(theme.icon(command.icon), command.words, self.table)
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda: self._do(command))
        self.table.addAction(action)
        return action

    def _context_menu(self) -> QMenu:
        menu = QMenu(self)
        for name, command in self._commands.items():
            if command.begins_group:
                menu.addSeparator()
            menu.addAction(self.actions_by_name[name])
        return menu

    def _teach_keys(self) -> None:
        """The commands take their keys from the map, and the gates of other panels hear which those are."""
        for name, action in self.actions_by_name.items():
            action.setShortcuts([QKeySequence(key) for key in self._keys.keys(name)])
        self.table.setProperty("own_keys", self._keys.keys_at(Place.LIST))

    def _connect(self) -> None:
        self._keys.changed.connect(self._teach_keys)
        self.filter.changed.connect(self.model.show_only)
        self.filter.sorted.connect(self.model.order_by)
        self.filter.left.connect(self._enter_rows)
        self._clear.clicked.connect(self.filter.clear)
        self.table.chosen.connect(self.chosen)
        self.table.menu_asked.connect(self._open_menu)
        self.table.doubleClicked.connect(self.actions_by_name["play"].trigger)
        self.table.selectionModel().currentRowChanged.connect(self._judge_deeds)
        self.table.selectionModel().selectionChanged.connect(self._judge_deeds)
        self.model.dataChanged.connect(self._judge_if_current)
        self.model.recounted.connect(self._recount)
        self.model.recounted.connect(self._judge_deeds)
        self.model.recounted.connect(self._choose_awaited)

    # --- rows and their number -----------------------------------------------------------------------------------

    def _enter_rows(self) -> None:
        self.table.setFocus()
        if self.model.is_counting:
            self._is_entered = True
        else:
            self._choose_first()

    def _choose_first(self) -> None:
        if self.selected() is None:
            first = next((row for row in range(self.model.rowCount()) if self.model.head(row) is None), 0)
            self.table.setCurrentIndex(self.model.index(first, 0))

    def _recount(self) -> None:
        shown, filtered = self.model.layout.total, self.model.filter != Filter()
        total = self.model.total if filtered else shown
        films = len(self.model.layout.stretches) if self.model.order is Order.FILM else 0
        self._counted.setText(_counted(shown, total, films, filtered=filtered))
        self._counted.setVisible(total > 0)
        self._empty_words.setText(_nothing_words(total))
        self._clear.setVisible(filtered and total > 0)
        self._stack.setCurrentIndex(0 if shown else 1)

    # --- commands ---------------------------------------------------------------------------------------------------

    def _judge_deeds(self) -> None:
        current = self.selected()
        selected = list(islice(self.table.selected_tasks(), _LOOKED_AT))
        for name, command in self._commands.items():
            tasks = selected if command.for_many else [current] if current else []
            makes_sense = command.takes(sum(map(command.makes_sense, tasks)))
            self.actions_by_name[name].setEnabled(makes_sense)
            self.actions_by_name[name].setVisible(makes_sense or not command.rare)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A key whose command does not go with the take says so: Qt hands on the keys of commands that are off."""
        pressed, current = QKeySequence(event.keyCombination()), self.selected()
        for name, action in self.actions_by_name.items():
            if current is not None and not action.isEnabled() and pressed in action.shortcuts():
                words = self._commands[name].words.rstrip("…")
                self.refused.emit(
                    tr("“{command}” does not go with this take: {state}.", command=words, state=state(current, None))
                )
                return
        super().keyPressEvent(event)

    def _judge_if_current(self, first: QModelIndex, last: QModelIndex) -> None:
        if first.row() <= self.table.currentIndex().row() <= last.row():
            self._judge_deeds()

    def open_menu_of(self, task: Task, place: QPoint) -> None:
        """The menu of a task that stands elsewhere on the screen; it is chosen first."""
        if self.select(task.id):
            self._open_menu(place)

    def _open_menu(self, place: QPoint) -> None:
        self._menu.popup(place)

    def _do(self, command: TaskCommand) -> None:
        current = self.selected()
        tasks = list(self.table.selected_tasks()) if command.for_many else [current] if current else []
        tasks = [task for task in tasks if command.makes_sense(task)]
        if not command.takes(len(tasks)):
            return
        if command.name == "compare":
            self.compare_asked.emit(tasks)
        elif command.name in QUEUE_COMMANDS:
            self.queue_asked.emit(command.name, tasks)
        elif command.for_many:
            self.forget_asked.emit(tasks)
        elif command.name.startswith("copy_"):
            QGuiApplication.clipboard().setText(_copied(command.name, tasks[0]))
        else:
            self._ask(command.name, tasks[0])

    def _ask(self, name: str, task: Task) -> None:
        signals = {
            "play": self.activated,
            "extend": self.extend_asked,
            "save": self.save_asked,
            "folder": self.folder_asked,
            "explain": self.explain_asked,
            "retry": self.retry_asked,
            "look_up": self.look_up_asked,
            "send_again": self.send_again_asked,
            "stop_watching": self.stop_watching_asked,
        }
        signals[name].emit(task)


def _copied(name: str, task: Task) -> str:
    if name == "copy_video":
        return task.clip.id if task.clip else ""
    return task.kling_id if name == "copy_task" else request_id(task)


def _counted(shown: int, total: int, films: int, *, filtered: bool) -> str:
    if filtered:
        return tr("{shown} of {total} takes", shown=formatting.number(shown), total=formatting.number(total))
    if films > 1:
        return tr("{total} takes in {films} films", total=formatting.number(total), films=formatting.number(films))
    return tr("1 take") if total == 1 else tr("{total} takes", total=formatting.number(total))


def _nothing_words(total: int) -> str:
    if total:
        return tr("No take matches the filter.")
    return tr(
        "No takes yet. Pick a clip or begin a new film, write what happens next, and press {key}.",
        key=written("Ctrl+Return"),
    )
