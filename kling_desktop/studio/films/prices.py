"""What a task is thought to cost, before Kling says what it did cost."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING

from kling_desktop.domain.clips import Clip
from kling_desktop.domain.tasks import Extension

if TYPE_CHECKING:
    from kling_desktop.store.films.units import UnitRecords

NewClipUnits = Callable[[str, str, int, bool], Decimal | None]
"""Units of a new clip, by model, mode, seconds and whether it has sound."""

ExtensionUnits = Callable[[str, str], tuple[Decimal, Decimal]]
"""Least and most units of Kling's own extension, by model and mode of its source, "" where unknown."""


class Prices:
    """Estimates; what Kling charged already is believed more than any table."""

    def __init__(
        self,
        records: UnitRecords,
        clip: Callable[[str], Clip | None],
        new_clip: NewClipUnits,
        extension: ExtensionUnits,
    ) -> None:
        self._records = records
        self._clip = clip
        self._new_clip = new_clip
        self._extension = extension

    def estimate(self, asked: Extension) -> Decimal | None:
        """Units; None when nobody knows. Of two possible prices the higher: a budget must hold it."""
        made_with = asked.generation
        if made_with is not None:
            return self._new_clip(made_with.model, made_with.mode, made_with.seconds, made_with.sound)
        if (charged := self._records.last_extension(asked.video_id)) is not None:
            return charged
        source = self._clip(asked.video_id)
        return self._extension(source.model if source else "", "")[1]
