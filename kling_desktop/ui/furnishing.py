"""The panels of the window: made, and put into their places in the shell."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QMainWindow, QMenu, QVBoxLayout, QWidget

from kling_desktop.domain.tasks import Order
from kling_desktop.ui import theme
from kling_desktop.ui.accounts.account_menu import AccountMenu
from kling_desktop.ui.bar.top_bar import TopBar
from kling_desktop.ui.export.export_queue import ExportQueue
from kling_desktop.ui.extend.extend_form import ExtendForm
from kling_desktop.ui.film.cards.card_keys import card_commands
from kling_desktop.ui.film.film_lane import FilmLane
from kling_desktop.ui.film.lane_head import LaneHead
from kling_desktop.ui.help.doctor import Doctor
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.key_map import KeyMap
from kling_desktop.ui.menu.menu_bar import MenuBar
from kling_desktop.ui.menu.menu_keys import menu_commands
from kling_desktop.ui.notices import Notices
from kling_desktop.ui.queue.queue_bar import QueueBar
from kling_desktop.ui.queue.queue_foot import QueueFoot
from kling_desktop.ui.queue.queue_list import QueueList
from kling_desktop.ui.rail.rail import ALL_TAKES, QUEUE, Rail
from kling_desktop.ui.rail.tree_keys import tree_commands
from kling_desktop.ui.rail.tree_panel import TreePanel
from kling_desktop.ui.seams.seam_keys import seam_commands
from kling_desktop.ui.seams.seam_view import SeamView
from kling_desktop.ui.shell.first_look import Patch
from kling_desktop.ui.shell.folding import Arrangement
from kling_desktop.ui.shell.rail_strip import RailPage
from kling_desktop.ui.shell.shell import Panels, Shell
from kling_desktop.ui.shell.shell_keys import ShellKeys, shell_commands
from kling_desktop.ui.stills.posters import Posters
from kling_desktop.ui.takes import culling
from kling_desktop.ui.takes.rows.task_rows import TaskRows
from kling_desktop.ui.takes.task_commands import list_commands
from kling_desktop.ui.takes.task_list import TaskList
from kling_desktop.ui.takes.task_model import TaskModel
from kling_desktop.ui.theme.fonts import scaled
from kling_desktop.ui.viewer import viewer_keys
from kling_desktop.ui.viewer.viewer import Viewer


class Furniture:
    """Everything that stands in a window. `shell` and `menu_bar` are the window's to put into their places."""

    def __init__(self, window: QMainWindow, rows: TaskRows) -> None:
        self.keys = _key_map(window)
        self.posters = Posters(window)
        self.viewer = Viewer(window, keys=self.keys)
        self.seams = SeamView(self.viewer, self.keys, window)
        self.notices = Notices(self.viewer.picture)
        self.doctor = Doctor(window)
        self.viewer.cover(self.doctor)
        self.form = ExtendForm(window)
        self.queue = QueueBar(window)
        self.exports = ExportQueue(window)
        self.tasks = TaskList(TaskModel(rows, order=Order.FILM), self.posters, keys=self.keys)
        self.queue_list = QueueList(self.tasks.model, self.posters, window)
        self.queue_foot = QueueFoot(window)
        self.tree = TreePanel(self.posters, keys=self.keys)
        self.film = FilmLane(self.posters, keys=self.keys)
        self.film_bar = LaneHead()
        self.cull = culling.Cull(self.tasks, self.keys, window)
        self.film_menu = QMenu(window)
        self.account = AccountMenu(window)
        self.bar = TopBar(self.film_menu, self.account, window)
        self.rail = Rail(self.tree, self.tasks, self._queue_page(window))
        self._centre, self._panel = _centre(window, self.seams), _panel(window, self.form)
        self.shell = Shell(self._panels(), _rail_pages(), window)
        self.shell_keys = ShellKeys(self.shell, self.keys)
        self.menu_bar = MenuBar(self.keys, window)
        self._connect()

    def patches(self) -> tuple[Patch, ...]:
        """The grounds of what can be seen, the undermost first."""
        window, worn = self.shell.window(), theme.tokens()
        grounds = (
            (window, worn.window),
            (self.rail, worn.panel),
            (self._centre, worn.window),
            (self.viewer.picture, worn.stage),
            (self._panel, worn.panel),
            (self.film, worn.window),
        )
        return tuple(
            Patch(place.rect().translated(place.mapTo(window, place.rect().topLeft())), colour)
            for place, colour in grounds
            if place is window or place.isVisibleTo(window)
        )

    def _panels(self) -> Panels:
        return Panels(
            bar=self.bar,
            rail=self.rail,
            centre=self._centre,
            panel=self._panel,
            film=self.film,
            film_bar=self.film_bar,
        )

    def _queue_page(self, window: QMainWindow) -> QWidget:
        page = QWidget(window)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.queue)
        column.addWidget(self.exports)
        column.addWidget(self.queue_list, 1)
        column.addWidget(self.queue_foot)
        return page

    def _connect(self) -> None:
        self.shell.arranged.connect(self._fold_insides)
        self.shell.rail_page_asked.connect(self.rail.turn_to)
        self.film.head.folded.connect(lambda _: self.shell.toggle_film())
        self.film_bar.folded.connect(lambda _: self.shell.toggle_film())
        self.bar.queue_asked.connect(lambda: self.shell.open_page(QUEUE))
        verbs = self.menu_bar.commands
        self.queue_foot.offer([verbs[name] for name in ("pause_queue", "clear_queue", "retry_all", "budget")])
        self.rail.turn_to(ALL_TAKES)

    def _fold_insides(self, now: Arrangement) -> None:
        self.bar.set_short(not now.chip_words)
        self.form.give_room(large_source=now.large_source, is_cramped=now.is_cramped)
        self.film_bar.show_folded(now.film_bar)


def _key_map(window: QMainWindow) -> KeyMap:
    commands = (
        *viewer_keys.commands(),
        *seam_commands(),
        *list_commands(),
        *culling.commands(),
        *shell_commands(),
        *tree_commands(),
        *card_commands(),
        *menu_commands(),
    )
    return KeyMap(commands, window)


def _rail_pages() -> tuple[RailPage, ...]:
    return RailPage("tree", tr("Tree")), RailPage("list", tr("All takes")), RailPage("queue", tr("Queue"))


def _centre(window: QMainWindow, seams: SeamView) -> QWidget:
    centre = QWidget(window)
    column = QVBoxLayout(centre)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(seams, 1)
    return centre


def _panel(window: QMainWindow, form: ExtendForm) -> QWidget:
    panel = QFrame(window)
    panel.setProperty("ground", "panel")
    column = QVBoxLayout(panel)
    side = scaled(16)
    column.setContentsMargins(side, theme.GAP // 2, side, 0)
    column.addWidget(form)
    return panel
