"""Connects the pages of settings that stand for a part of the program: playing, exporting, bringing in, accounts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

from kling_desktop.domain.accounts import Profile
from kling_desktop.domain.places.home import home_folder
from kling_desktop.studio.films.handing_over.own_presets import OwnPresets
from kling_desktop.studio.preferences import Preferences
from kling_desktop.ui.settings.settings_dialog import SettingsDialog
from kling_desktop.ui.window import Window

_QUIET = "quiet:"
_OWN: Final = ("volume", "loop", "advances", "links_imports", "export_names", "export_folder")
"""Settings that are put back here; the others by the dialog's own wiring."""


class PagesWiring:
    """Belongs to one dialog."""

    def __init__(self, dialog: SettingsDialog, window: Window, preferences: Preferences) -> None:
        self._dialog = dialog
        self._window = window
        self._preferences = preferences
        self._presets = OwnPresets(preferences)
        self._connect()

    def show(self) -> None:
        """Show what is chosen now."""
        now, dialog = self._preferences.now, self._dialog
        dialog.playback.show_choices(now.volume, now.loop, now.advances)
        dialog.export.show_choices(now.export_names, self._exports_folder)
        dialog.export.show_presets(self._presets.titles)
        dialog.accounts.show_profiles(self._preferences.profiles, self._preferences.profile)
        self.show_changed()

    def show_changed(self) -> None:
        """Put a dot before whatever differs from the usual."""
        now, usual = self._preferences.now, self._preferences.usual
        plain = [name for name in self._dialog.labels() if hasattr(usual, name)]
        names = {name for name in plain if getattr(now, name) != getattr(usual, name)}
        self._dialog.show_changed(names | {f"{_QUIET}{name}" for name in now.quiet})

    def _reset(self, name: str) -> None:
        """One setting as it is at a first start."""
        usual = self._preferences.usual
        viewer = self._window.viewer
        acts: dict[str, Callable[[], object]] = {
            "volume": lambda: viewer.set_volume(usual.volume),
            "loop": lambda: viewer.set_looping(usual.loop),
            "advances": lambda: self._window.cull.set_advancing(usual.advances),
        }
        if name.startswith(_QUIET):
            quiet = self._preferences.now.quiet
            self._preferences.change(quiet=tuple(one for one in quiet if one != name.removeprefix(_QUIET)))
            self._dialog.notices.show_quiet(self._preferences.now.quiet)
        else:
            acts.get(name, lambda: None)()
            self._change(**{name: getattr(usual, name)})
        self.show()

    async def measure(self, free_bytes: Callable[[Path], int]) -> None:
        """Say what fits on the disk of the exports."""
        try:
            free = await asyncio.to_thread(free_bytes, self._exports_folder)
        except OSError:
            return  # the export itself will say what is wrong there
        self._dialog.export.show_room(free)

    @property
    def _exports_folder(self) -> Path:
        return self._preferences.now.export_folder or home_folder() / "Videos"

    def _connect(self) -> None:
        dialog, window = self._dialog, self._window
        dialog.playback.volume_chosen.connect(window.viewer.set_volume)
        dialog.playback.looping_chosen.connect(window.viewer.set_looping)
        dialog.playback.advancing_chosen.connect(window.cull.set_advancing)
        dialog.playback.volume_chosen.connect(lambda volume: self._change(volume=volume))
        dialog.playback.looping_chosen.connect(lambda loops: self._change(loop=loops))
        dialog.playback.advancing_chosen.connect(lambda advances: self._change(advances=advances))
        dialog.takes.linking_chosen.connect(lambda links: self._change(links_imports=links))
        dialog.export.names_chosen.connect(lambda names: self._change(export_names=names))
        dialog.export.folder_chosen.connect(lambda folder: self._change(export_folder=folder))
        dialog.export.folder_chosen.connect(lambda _: self.show())
        dialog.export.renamed.connect(self._rename)
        dialog.export.dropped.connect(self._drop)
        dialog.accounts.chosen.connect(self._use)
        dialog.accounts.keys_asked.connect(window.account.keys_asked)
        window.account.chosen.connect(lambda _: self.show())
        for name, label in dialog.labels().items():
            if name in _OWN or name.startswith(_QUIET):
                label.reset_asked.connect(partial(self._reset, name))

    def _change(self, **values: Any) -> None:
        self._preferences.change(**values)
        self.show_changed()

    def _rename(self, title: str, wanted: str) -> None:
        self._presets.rename(title, wanted)
        self._dialog.export.show_presets(self._presets.titles)

    def _drop(self, title: str) -> None:
        self._presets.drop(title)
        self._dialog.export.show_presets(self._presets.titles)
        self.show_changed()

    def _use(self, profile: Profile) -> None:
        self._window.account.chosen.emit(profile)
