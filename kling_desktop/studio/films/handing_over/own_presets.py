"""The creator's own presets of exports, kept with the settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kling_desktop.export.presets import Preset, from_json, to_json
from kling_desktop.studio.preferences import Preferences


class OwnPresets:
    """Belongs to the loop's thread."""

    def __init__(self, preferences: Preferences) -> None:
        self._preferences = preferences

    @property
    def titles(self) -> tuple[str, ...]:
        """Their names, oldest first."""
        return tuple(preset.title for preset in self.kept())

    def kept(self) -> tuple[Preset, ...]:
        """All of them, oldest first."""
        return from_json(self._preferences.now.export_presets)

    def keep(self, preset: Preset) -> None:
        """Add one, in the place of that of the same name where there is one. Raises ValueError without a name."""
        if not preset.title.strip():
            raise ValueError("a preset has a name")
        known = self.kept()
        if any(each.title == preset.title for each in known):
            self._note([preset if each.title == preset.title else each for each in known])
        else:
            self._note([*known, preset])

    def drop(self, title: str) -> None:
        """Forget one."""
        self._note([each for each in self.kept() if each.title != title])

    def rename(self, title: str, wanted: str) -> None:
        """Call one otherwise. Raises ValueError where the name is empty or another's."""
        if not wanted.strip() or (wanted != title and wanted in self.titles):
            raise ValueError("a preset has a name of its own")
        self._note([replace(each, title=wanted) if each.title == title else each for each in self.kept()])

    def _note(self, presets: Sequence[Preset]) -> None:
        self._preferences.change(export_presets=to_json(presets))
