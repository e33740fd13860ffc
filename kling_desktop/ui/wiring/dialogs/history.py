"""Connects "Find my takes" to the studio: opens the dialog, and offers it where takes may be missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from kling_desktop.domain.accounts import Profile
from kling_desktop.domain.tasks import Task, Trouble
from kling_desktop.errors import StoreDamaged, kind_of
from kling_desktop.studio.feed import Fact, HistoryAdopted, HistoryEnded, HistoryRead, KeysKept, Noticed
from kling_desktop.studio.history import History
from kling_desktop.studio.preferences import Preferences
from kling_desktop.ui.accounts.account_menu import shown_name
from kling_desktop.ui.i18n import tr, tr_count
from kling_desktop.ui.window import Window

if TYPE_CHECKING:
    from kling_desktop.ui.history.history_dialog import HistoryDialog

_OFFER_SECONDS = 30.0


class HistoryWiring(QObject):
    """Everything about what the account has and the library lacks. Hears facts after the other wirings."""

    def __init__(self, window: Window, history: History, preferences: Preferences) -> None:
        super().__init__(window)
        self._window = window
        self._history = history
        self._preferences = preferences
        self._dialog: HistoryDialog | None = None
        self._read_profile: Profile | None = None
        self._offered: set[str] = set()
        self._steps: list[Callable[[], None]] = []
        """What is left to do until the dialog is open."""
        window.menu_bar.history_asked.connect(self.open)

    def on_facts(self, facts: Sequence[Fact]) -> None:
        """Show what happened."""
        if self._dialog and (adopted := [fact for fact in facts if isinstance(fact, HistoryAdopted)]):
            self._dialog.show_adopted(adopted)
        for fact in facts:
            match fact:
                case HistoryRead() if self._dialog and fact.profile == self._read_profile:
                    self._dialog.show_read(fact)
                case HistoryEnded() if self._dialog:
                    self._end(self._dialog, fact)
                case KeysKept():
                    self._offer(fact.profile)
                case Noticed(trouble) if issubclass(kind_of(trouble), StoreDamaged):
                    self._offer_to_rebuild(trouble)
                case _:
                    pass

    def open(self) -> None:
        """Show the dialog, and read the account that is chosen now; not while finds are still being adopted.

        In steps, each in a turn of its own: the window moves on between them.
        """
        if self._steps:
            return
        first = (self._build, self._dress) if self._dialog is None else ()
        self._steps = [*first, self._begin, self._show]
        self._step()

    def _step(self) -> None:
        self._steps.pop(0)()
        if self._steps:
            QTimer.singleShot(0, self, self._step)

    def _build(self) -> None:
        from kling_desktop.ui.history.history_dialog import (
            HistoryDialog,  # not before it is wanted: it slows the start
        )

        self._dialog = HistoryDialog(self._window)
        self._dialog.read_asked.connect(self._read)
        self._dialog.stop_asked.connect(self._history.stop)
        self._dialog.adopt_asked.connect(self._adopt)

    def _dress(self) -> None:
        """What Qt would else do while it shows it: each widget's place in the style sheet is looked up."""
        if self._dialog:
            for widget in self._dialog.findChildren(QWidget):
                widget.ensurePolished()

    def _begin(self) -> None:
        if self._dialog and self._dialog.is_idle:
            self._read()

    def _show(self) -> None:
        if self._dialog:
            self._dialog.open()

    def _read(self) -> None:
        if self._dialog:
            self._read_profile = self._preferences.profile
            self._dialog.begin_reading(shown_name(self._read_profile))
            self._history.read(self._read_profile)

    def _adopt(self, tasks: list[Task]) -> None:
        if self._dialog:
            self._dialog.begin_adopting(len(tasks))
            self._history.adopt(tasks)

    def _end(self, dialog: HistoryDialog, fact: HistoryEnded) -> None:
        adopted = dialog.adopted if dialog.is_adopting else 0
        dialog.show_ended(fact)
        if adopted and not dialog.isVisible():
            self._window.notices.toast(tr_count(adopted, "Added {n} take.", "Added {n} takes."))

    def _offer(self, profile: Profile) -> None:
        """Once a session for each account that was connected."""
        if profile.name in self._offered:
            return
        self._offered.add(profile.name)
        words = tr("This account may have takes that are not in your library yet.")
        self._window.notices.toast(words, tr("Find my takes…"), self.open, seconds=_OFFER_SECONDS)

    def _offer_to_rebuild(self, trouble: Trouble) -> None:
        """The banner stands already; now with the button that its advice names."""
        kind = kind_of(trouble)
        self._window.notices.show_banner(
            f"noticed {trouble.error}",
            " ".join(filter(None, (f"{tr(kind.title)}.", trouble.message, tr(kind.advice)))),
            tr("Find my takes…"),
            self.open,
            level="warning",
        )
