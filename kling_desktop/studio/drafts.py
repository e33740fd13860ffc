"""What stands in the form, kept while it is written, so that no crash costs more than a word."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from kling_desktop.domain.tasks import Draft, Extension
from kling_desktop.errors import StoreBusy
from kling_desktop.studio.background import Background

if TYPE_CHECKING:
    from kling_desktop.store.library import Library

_BUSY_SECONDS = 0.5
"""How long a draft waits before it is written again, while another program holds the library."""


class Drafts:
    """One draft, the last. Lives on the loop's thread."""

    def __init__(self, library: Library, background: Background, now: Callable[[], datetime]) -> None:
        self._library = library
        self._background = background
        self._now = now
        self._newest: Draft | None = None

    def save(self, extension: Extension) -> None:
        """Keep what stands in the form; while another program holds the library, a little later."""
        draft = self._newest = Draft(extension, self._now())
        try:
            self._library.save_draft(draft)
        except StoreBusy:
            self._background.run(self._save_later(draft))

    def last(self) -> Extension | None:
        """What stood in the form last."""
        kept = self._library.draft()
        return kept.extension if kept else None

    async def _save_later(self, draft: Draft) -> None:
        while draft is self._newest:  # a newer one has its own turn
            await asyncio.sleep(_BUSY_SECONDS)
            with suppress(StoreBusy):
                if draft is self._newest:
                    self._library.save_draft(draft)
                return
