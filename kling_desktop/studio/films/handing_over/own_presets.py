"""The creator's own presets of exports, kept with the settings."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from kling_desktop.studio.preferences import Preferences

if TYPE_CHECKING:
    from kling_desktop.export.presets import Preset


class OwnPresets:
    """Belongs to the loop's thread. Loads the media library only where presets themselves are wanted."""

    def __init__(self, preferences: Preferences) -> None:
        self._preferences = preferences

    @property
    def titles(self) -> tuple[str, ...]:
        """Their names, oldest first; quick."""
        try:
            records = json.loads(self._preferences.now.export_presets or "[]")
            return tuple(str(record["title"]) for record in records)
        except (ValueError, TypeError, KeyError):
            return ()

    def kept(self) -> tuple[Preset, ...]:
        """All that can still be used, oldest first."""
        from kling_desktop.export.presets import from_json

        return from_json(self._preferences.now.export_presets or "[]")

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

    def _note(self, presets: Sequence[Preset]) -> None:
        from kling_desktop.export.presets import to_json

        self._preferences.change(export_presets=to_json(presets))
