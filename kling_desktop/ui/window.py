"""The window: on the screen before its panels are loaded, remembers how it was left, and closes in order.

Loads only what a bare window needs; the panels come with `furnish`.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QObject, Qt, Signal
from PySide6.QtGui import QCloseEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QMainWindow

from kling_desktop.ui.shell.first_look import FirstLook, from_text, to_text

if TYPE_CHECKING:
    from kling_desktop.ui.takes.rows.task_rows import TaskRows

_WIDTH, _HEIGHT = 1440, 900
_TITLE_BAR = 40  # the tallest of the common desktops; its height is known only when the window is on the screen


class Window(QMainWindow):
    """Rail, stage and form side by side under the bar, the film below them; each folds, and stays as it was left."""

    files_given = Signal(object)
    """Sequence[Path] that the program was started with, or a second start of it: as if they were dropped."""

    def __init__(self, rows: TaskRows | None = None) -> None:
        super().__init__()
        self.may_leave: Callable[[], bool] = lambda: True
        """Asked when the creator closes the window; who says no calls `leave` when he has been heard."""
        self._is_furnished = False
        self._former: list[QObject] = []
        self._was_left = False
        self.setWindowTitle("Kling Desktop")
        self._spread()
        if rows is not None:
            self.furnish(rows)

    def look_as_left(self, text: str) -> FirstLook:
        """Stand where the window was left, with the grounds of its panels, until they are there."""
        geometry, patches = from_text(text)
        look = FirstLook(patches)
        self.setCentralWidget(look)
        if geometry:
            self.restoreGeometry(QByteArray.fromBase64(QByteArray(geometry.encode())))
        return look

    def furnish(self, rows: TaskRows) -> None:
        """Make the panels. A window that is on the screen shows them from `reveal` on, all at once."""
        import asyncio

        from kling_desktop.ui.furnishing import Furniture

        if not self._is_furnished:
            self.closed = asyncio.Event()
            """Set when the creator has closed the window; the program then ends in order."""
        made = self._furniture = Furniture(self, rows)
        self.keys = made.keys
        """Which keys do what, in all panels."""
        self.posters = made.posters
        """One store of stills for rail, lane and list."""
        self.viewer, self.seams, self.notices, self.doctor = made.viewer, made.seams, made.notices, made.doctor
        self.form, self.queue, self.queue_list, self.exports = made.form, made.queue, made.queue_list, made.exports
        self.queue_foot = made.queue_foot
        self.tasks, self.tree, self.rail, self.cull = made.tasks, made.tree, made.rail, made.cull
        self.film, self.film_bar, self.film_menu = made.film, made.film_bar, made.film_menu
        self.account, self.bar, self.menu_bar = made.account, made.bar, made.menu_bar
        self.shell, self.shell_keys = made.shell, made.shell_keys
        self._is_furnished = True
        if self.isVisible():
            self.shell.hide()
            self.menu_bar.hide()
        else:
            self._put_in_place()

    def clear(self) -> None:
        """Take all panels, dialogs and wirings out, so that others can be made in their place.

        They live on unseen until the next time or the end: an answer that is under way may still come to them.
        """
        self.viewer.close()
        self._bury_former()
        for action in self.actions():
            self.removeAction(action)
        self._former = [child for child in self.children() if child not in (self.layout(), self.menu_bar)]
        self.takeCentralWidget()
        for child in self._former:
            child.setParent(None)

    def _bury_former(self) -> None:
        for gone in self._former:
            gone.deleteLater()
        self._former = []

    def reveal(self) -> None:
        """Show the window with its panels, unless it has been closed already."""
        if self._was_left:
            self.closed.set()
            return
        if self.centralWidget() is not self.shell:
            self._put_in_place()
            self._begin()
        self.show()

    def _put_in_place(self) -> None:
        from kling_desktop.ui.shell.folding import MINIMUM

        self.setMenuBar(self.menu_bar)
        self.setCentralWidget(self.shell)
        self.setMinimumSize(*MINIMUM)
        self.menu_bar.show()
        self.shell.show()

    # --- where things are ----------------------------------------------------------------------------------------

    def show_form(self) -> None:
        """Unfold the panel with the form."""
        if not self.shell.arrangement.panel:
            self.shell.toggle_panel()

    def show_lane(self) -> None:
        """Unfold the film's cards."""
        if self.shell.arrangement.film_bar:
            self.shell.toggle_film()

    def show_rail(self, page: int) -> None:
        """Turn the rail to `TREE`, `ALL_TAKES` or `QUEUE`."""
        self.rail.turn_to(page)

    def open_rail(self, page: int) -> None:
        """As `show_rail`, and have it in sight: where the rail is a strip, it opens over the stage."""
        self.shell.open_page(page)

    def let_turn(self, moves: bool) -> None:
        """Whether the shapes of takes in the making turn, or stand still."""
        self.tree.tree.turning.moves = moves
        self.film.cards.turning.moves = moves

    # --- as it was left ------------------------------------------------------------------------------------------

    def look_text(self) -> str:
        """What `look_as_left` needs at the next start."""
        return to_text(_encoded(self.saveGeometry().data()), self._furniture.patches())

    def layout_text(self) -> str:
        """Size, place and folds, as text for the settings."""
        return f"{_encoded(self.saveGeometry().data())} {_encoded(self.shell.state_text().encode())}"

    def restore_layout(self, text: str) -> None:
        """Be as the window was left. A text that is not understood changes nothing."""
        geometry, _, folds = text.partition(" ")
        if geometry and folds:
            if not self.isVisible():  # else it stands there, and may have been moved since
                self.restoreGeometry(QByteArray.fromBase64(QByteArray(geometry.encode())))
            self.shell.restore_state(_decoded(folds))

    def show_work(self, running: int, waiting: int) -> None:
        """Say in the title, and on the program's icon, how many tasks are under way."""
        from kling_desktop.ui.i18n import tr
        from kling_desktop.ui.shell.badge import show_badge

        counts = (
            tr("{n} rendering", n=running) if running else "",
            tr("{n} waiting", n=waiting) if waiting else "",
        )
        work = " · ".join(count for count in counts if count)
        title = f"{work} — Kling Desktop" if work else "Kling Desktop"
        if title != self.windowTitle():
            self.setWindowTitle(title)
            show_badge(running + waiting)

    def showEvent(self, event: QShowEvent) -> None:
        """The keyboard begins where there is something to do."""
        super().showEvent(event)
        if self._is_furnished:
            self._begin()

    def _begin(self) -> None:
        """At the takes, or where the first words are written; a page that lies over both has taken it already."""
        if not self._has_begun:
            self._has_begun = True
            for first in (self.tree.tree, self.form.fields.prompt):
                if first.isVisible():  # Qt gives it to hidden ones too, who then swallow every letter unseen
                    first.setFocus(Qt.FocusReason.OtherFocusReason)
                    return

    _has_begun = False

    def closeEvent(self, event: QCloseEvent) -> None:
        """Loses nothing: running tasks are followed again at the next start. `may_leave` may want to say so first."""
        event.ignore()  # the loop must live until everything is closed
        if _session_ends() or self.may_leave():
            self.leave()

    def leave(self) -> None:
        """Close without a word: the program then ends in order."""
        self._was_left = True
        if self._is_furnished:
            self.form.flush()
        self.hide()
        if self._is_furnished:
            self.closed.set()

    def put_away(self) -> None:
        """Let go of the player and of Qt's own things, while the loop still runs."""
        self.viewer.close()
        self._bury_former()
        self.deleteLater()

    def _spread(self) -> None:
        """The first size: as large as a good screen allows, its title bar included."""
        available = self.screen().availableGeometry().size()
        self.resize(min(_WIDTH, available.width()), min(_HEIGHT, available.height() - _TITLE_BAR))


def _session_ends() -> bool:
    """Whether the system logs the creator out: no question may hold it up."""
    app = QApplication.instance()
    return isinstance(app, QApplication) and app.isSavingSession()


def _encoded(data: bytes | bytearray | memoryview) -> str:
    return base64.b64encode(data).decode("ascii")


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text).decode()
    except ValueError:
        return ""
