"""The creator's own presets of exports, kept with the settings."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from kling_desktop.export.presets import Preset, from_records, preset_of, record_of, records_of
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
        return from_records(self._records())

    def keep(self, preset: Preset) -> None:
        """Add one, in the place of that of the same name where there is one. Raises ValueError without a name."""
        preset = replace(preset, title=preset.title.strip())
        if not preset.title:
            raise ValueError("a preset has a name")
        made = record_of(preset)
        if preset.title in self.titles:
            self._note([made if _title(each) == preset.title else each for each in self._records()])
        else:
            self._note([*self._records(), made])

    def drop(self, title: str) -> None:
        """Forget one."""
        self._note([each for each in self._records() if _title(each) != title])

    def rename(self, title: str, wanted: str) -> None:
        """Call one otherwise. Raises ValueError where the name is empty or another's."""
        wanted = wanted.strip()
        if not wanted or (wanted != title and wanted in self.titles):
            raise ValueError("a preset has a name of its own")
        self._note([{**each, "title": wanted} if _title(each) == title else each for each in self._records()])

    def _records(self) -> list[Any]:
        return records_of(self._preferences.now.export_presets)

    def _note(self, records: list[Any]) -> None:
        """What cannot be read here stays as it is: it may be of a newer version."""
        self._preferences.change(export_presets=json.dumps(records, ensure_ascii=False))


def _title(record: object) -> str | None:
    """None of what is no preset here."""
    preset = preset_of(record)
    return None if preset is None else preset.title
