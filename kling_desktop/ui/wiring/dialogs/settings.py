"""Connects the settings dialog to the preferences, the studio and the receiver of callbacks."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect, QTimer
from PySide6.QtWidgets import QApplication

from kling_desktop.domain.units import CapScope
from kling_desktop.studio.account.callbacks import Callbacks, Ear, is_secret
from kling_desktop.studio.feed import CallbacksChanged, CallbackSecretKept, Fact
from kling_desktop.studio.files.joined_films import JoinedFilms
from kling_desktop.studio.films.budget import Budget
from kling_desktop.studio.preferences import Preferences
from kling_desktop.studio.studio import Studio
from kling_desktop.ui import theme
from kling_desktop.ui.accounts.account_menu import shown_name
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.shell.system_calm import SystemCalm
from kling_desktop.ui.window import Window

if TYPE_CHECKING:
    from kling_desktop.ui.settings.settings_dialog import SettingsDialog
    from kling_desktop.ui.wiring.dialogs.settings_pages import PagesWiring

_ASKED_LATER_MS = 700
"""The system's wish for calm is asked for when the window has long answered: nothing turns before."""


class SettingsWiring(QObject):
    """Everything that the creator sets once. The dialog is made when it is first wanted."""

    def __init__(
        self,
        window: Window,
        studio: Studio,
        preferences: Preferences,
        callbacks: Callbacks,
        budget: Budget,
        joined: JoinedFilms,
        refit: Callable[[], None],
    ) -> None:
        """`refit` has the panels made anew for another text size."""
        super().__init__(window)
        self._refit = refit
        self._fitted = preferences.now.text_size
        self._budget = budget
        self._joined = joined
        self._window = window
        self._studio = studio
        self._preferences = preferences
        self._callbacks = callbacks
        self._state = CallbacksChanged("", signed=False, trouble=None)
        self.dialog: SettingsDialog | None = None
        self._pages: PagesWiring | None = None
        bar = window.menu_bar
        bar.settings_asked.connect(self.open)
        bar.theme_chosen.connect(self._show_choices)
        bar.language_chosen.connect(self._show_choices)
        self._system_calm = SystemCalm(self)
        self._system_calm.changed.connect(self._let_turn)
        self._let_turn()
        QTimer.singleShot(_ASKED_LATER_MS, self, self._system_calm.ask)
        if preferences.now.callbacks:
            studio.background.run(callbacks.listen(self._ear()))

    def on_facts(self, facts: Sequence[Fact]) -> None:
        """Show what happened."""
        for fact in facts:
            match fact:
                case CallbacksChanged():
                    self._show_state(fact)
                case CallbackSecretKept(known, trouble) if self.dialog:
                    self.dialog.callbacks.show_secret(known, trouble)
                case _:
                    pass

    def open(self) -> None:
        """Show the settings as they are now."""
        if self.dialog is None:
            from kling_desktop.ui.settings.keys_page import KeysPage
            from kling_desktop.ui.settings.settings_dialog import SettingsDialog  # most starts never show it

            self.dialog = SettingsDialog(self._window)
            self.dialog.add_page(tr("Keys"), KeysPage(self._window.keys, self.dialog), "key")
            self._connect(self.dialog)
            from kling_desktop.ui.wiring.dialogs.settings_pages import PagesWiring  # as above

            self._pages = PagesWiring(self.dialog, self._window, self._preferences)
        self._show_choices()
        self._show_state(self._state)
        self._studio.background.run(self._measure(self._preferences.takes_folder))
        self._studio.background.run(self._measure_joined())
        if self._pages:
            self._studio.background.run(self._pages.measure(_free_bytes))
        self._studio.background.run(self._callbacks.look_for_secret())
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()

    def find(self, words: str) -> None:
        """Show the settings with what is called so marked, and the keyboard there."""
        self.open()
        if self.dialog:
            self.dialog.search.setText(words)
            self.dialog.enter_found()

    def place(self) -> tuple[int, str, QRect] | None:
        """The topic, the search and the place of the dialog, if it is open."""
        if self.dialog is None or not self.dialog.isVisible():
            return None
        return self.dialog.topics.currentRow(), self.dialog.search.text(), self.dialog.geometry()

    def return_to(self, place: tuple[int, str, QRect]) -> None:
        """Open the dialog as another was left."""
        topic, search, geometry = place
        self.open()
        if self.dialog:
            self.dialog.setGeometry(geometry)
            self.dialog.search.setText(search)
            self.dialog.topics.setCurrentRow(topic)

    def _connect(self, dialog: SettingsDialog) -> None:
        bar, change = self._window.menu_bar, self._preferences.change
        dialog.general.theme_chosen.connect(bar.theme_chosen)
        dialog.general.language_chosen.connect(bar.language_chosen)
        dialog.general.text_size_chosen.connect(self._write_larger)
        dialog.finished.connect(self._fit_panels)
        dialog.general.calm_chosen.connect(self._calm)
        for name in self._resets():
            dialog.labels()[name].reset_asked.connect(partial(self._reset, name))
        dialog.budget.caps.cap_set.connect(self._set_cap)
        dialog.budget.caps.cap_dropped.connect(
            lambda scope: self._budget.drop_cap(self._preferences.profile.name, scope)
        )
        dialog.notices.quiet_chosen.connect(lambda quiet: change(quiet=quiet))
        dialog.notices.quiet_chosen.connect(lambda _: self._show_changed())
        dialog.budget.ledger_asked.connect(self._window.bar.budget_asked)
        for told in (
            dialog.general.text_size_chosen,
            dialog.general.calm_chosen,
            dialog.takes.parallel_chosen,
            dialog.takes.limit_chosen,
        ):
            told.connect(lambda _: QTimer.singleShot(0, self, self._show_changed))
        dialog.takes.folder_chosen.connect(lambda folder: self._studio.background.run(self._move_to(folder)))
        dialog.takes.clear_asked.connect(lambda: self._studio.background.run(self._clear_joined()))
        dialog.takes.parallel_chosen.connect(lambda number: change(parallel_downloads=number))
        dialog.takes.limit_chosen.connect(lambda kilobytes: change(speed_limit_kb=kilobytes))
        dialog.takes.parallel_chosen.connect(self._studio.downloader.apply_download_settings)
        dialog.takes.limit_chosen.connect(self._studio.downloader.apply_download_settings)
        dialog.callbacks.is_secret = is_secret
        dialog.callbacks.changed.connect(self._listen)
        dialog.callbacks.secret_given.connect(
            lambda text: self._studio.background.run(self._callbacks.keep_secret(text))
        )
        dialog.callbacks.secret_dropped.connect(lambda: self._studio.background.run(self._callbacks.forget_secret()))

    def _show_choices(self) -> None:
        now = self._preferences.now
        self._window.menu_bar.show_chosen(now.theme, now.language)
        if self.dialog is None:
            return
        self.dialog.general.show_choices(now.language, now.theme, now.text_size, calm=now.calm)
        self._show_takes()
        self.dialog.budget.show_account(shown_name(self._preferences.profile))
        caps = self._budget.caps(self._preferences.profile.name)
        self.dialog.budget.caps.show_caps(caps, self._preferences.unit_price)
        if self._pages:
            self._pages.show()
        self.dialog.notices.show_quiet(now.quiet)
        self.dialog.callbacks.show_choices(now.callbacks, now.callback_host, now.callback_port, now.callback_path)

    def _show_changed(self) -> None:
        if self._pages:
            self._pages.show_changed()

    def _resets(self) -> dict[str, Callable[[SettingsDialog], object]]:
        """How a setting becomes as it is at a first start, at work at once like any choice."""
        usual, bar = self._preferences.usual, self._window.menu_bar
        return {
            "language": lambda _: bar.language_chosen.emit(usual.language),
            "theme": lambda _: bar.theme_chosen.emit(usual.theme),
            "text_size": lambda dialog: dialog.general.text_size.setValue(usual.text_size),
            "calm": lambda dialog: dialog.general.calm.setChecked(usual.calm),
            "library_folder": lambda dialog: dialog.takes.folder_chosen.emit(None),
            "parallel_downloads": lambda dialog: dialog.takes.parallel.setValue(usual.parallel_downloads),
            "speed_limit_kb": lambda dialog: dialog.takes.limit.setValue(usual.speed_limit_kb),
            "callbacks": lambda dialog: dialog.callbacks.wanted.setChecked(usual.callbacks),
            "callback_host": lambda dialog: dialog.callbacks.host.setCurrentIndex(0),
            "callback_port": lambda dialog: dialog.callbacks.port.setValue(usual.callback_port),
            "callback_path": lambda dialog: dialog.callbacks.put_path(usual.callback_path),
        }

    def _reset(self, name: str) -> None:
        if self.dialog:
            self._resets()[name](self.dialog)
            self._show_changed()

    def _set_cap(self, scope: CapScope, units: Decimal) -> None:
        self._budget.set_cap(self._preferences.profile.name, scope, units)

    def _write_larger(self, per_cent: int) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.apply_text_size(app, per_cent)
        self._preferences.change(text_size=per_cent)

    def _fit_panels(self) -> None:
        """Letters grow at once; panels are measured anew when the size is settled."""
        if self._preferences.now.text_size != self._fitted:
            self._refit()

    def _calm(self, wanted: bool) -> None:
        self._preferences.change(calm=wanted)
        self._let_turn()

    def _let_turn(self) -> None:
        self._window.let_turn(not (self._preferences.now.calm or self._system_calm.wanted))

    # --- takes ---

    def _show_takes(self) -> None:
        if self.dialog:
            now, folder = self._preferences.now, self._preferences.takes_folder
            self.dialog.takes.show_choices(
                folder, now.library_folder is None, now.parallel_downloads, now.speed_limit_kb, now.links_imports
            )

    async def _move_to(self, folder: Path | None) -> None:
        """Keep new takes there, once it is known that they can be written."""
        try:
            if folder is not None:
                await asyncio.to_thread(_try_writing, folder)
        except OSError:
            if folder is not None and self.dialog:
                self.dialog.takes.show_wrong_folder(folder)
            return
        self._preferences.change(library_folder=folder)
        self._show_takes()
        self._show_changed()
        await self._measure(self._preferences.takes_folder)

    async def _measure(self, folder: Path) -> None:
        try:
            free_bytes = await asyncio.to_thread(_free_bytes, folder)
        except OSError:
            if self.dialog:
                self.dialog.takes.show_wrong_folder(folder)
        else:
            if self.dialog:
                self.dialog.takes.show_room(free_bytes)

    async def _measure_joined(self, *, cleared: bool = False) -> None:
        size_bytes = await self._joined.measure()
        if self.dialog:
            self.dialog.takes.show_joined(size_bytes, cleared=cleared)

    async def _clear_joined(self) -> None:
        await self._joined.clear()
        await self._measure_joined(cleared=True)

    # --- callbacks ---

    def _ear(self) -> Ear:
        now = self._preferences.now
        return Ear(now.callback_host, now.callback_port, now.callback_path)

    def _listen(self) -> None:
        if self.dialog is None:
            return
        page = self.dialog.callbacks
        before = self._preferences.now
        self._preferences.change(
            callbacks=page.wanted.isChecked(),
            callback_host=page.host.currentData(),
            callback_port=page.port.value(),
            callback_path=page.chosen_path(),
        )
        self._show_changed()
        if self._preferences.now != before:
            wanted = self._ear() if self._preferences.now.callbacks else None
            self._studio.background.run(self._callbacks.listen(wanted))

    def _show_state(self, fact: CallbacksChanged) -> None:
        self._state = fact
        if self.dialog:
            self.dialog.callbacks.show_state(fact.address, fact.signed, fact.trouble)


def _try_writing(folder: Path) -> None:
    """Raises OSError where no take can be kept."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder):
        pass


def _free_bytes(folder: Path) -> int:
    """Of the disk on which the folder is, or will be made."""
    there = next(place for place in (folder, *folder.parents) if place.exists())
    return shutil.disk_usage(there).free
