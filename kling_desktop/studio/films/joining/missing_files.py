"""Takes whose films could not be made as a file was not where it was: looked for again until it is back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

from kling_desktop.domain.clips import Clip
from kling_desktop.domain.takes import TakeState
from kling_desktop.studio.films.tree import Tree
from kling_desktop.studio.pace import Pace


class MissingFiles:
    """Lives on the loop's thread; it looks at the disk in worker threads, for a share may take its time to answer."""

    def __init__(
        self,
        tree: Tree,
        clip: Callable[[str], Clip | None],
        want: Callable[[TakeState], None],
        run_in_background: Callable[[Coroutine[Any, Any, None]], object],
        pace: Pace,
    ) -> None:
        """`want` has the film of a take made, whose files are all there."""
        self._tree = tree
        self._clip = clip
        self._want = want
        self._run_in_background = run_in_background
        self._pace = pace
        self._takes: set[str] = set()
        self._looks = False

    def __bool__(self) -> bool:
        """Whether any take waits for a file."""
        return bool(self._takes)

    def missed(self, take_id: str) -> None:
        """A file of this take's film is not where it was. No system tells when a drive or a share comes back to every
        program alike, so that the disk is asked, as long as anything is missing.
        """
        self._takes.add(take_id)
        if not self._looks:
            self._looks = True
            self._run_in_background(self._look())

    def made(self, take_id: str) -> None:
        """The film of this take is there."""
        self._takes.discard(take_id)

    async def come_home(self, clip: Clip | None) -> None:
        """A file of this clip is in the library now: what could not be made without it is, if it is there."""
        waiting = [take_id for take_id in self._takes if clip is not None and clip.id in self._clips_of(take_id)]
        await self._try(waiting)

    async def _look(self) -> None:
        try:
            while self._takes:
                await asyncio.sleep(self._pace.between_looks_at_the_disk())
                await self._try(list(self._takes))
        finally:
            self._looks = False

    async def _try(self, take_ids: Sequence[str]) -> None:
        for take_id in take_ids:
            state, files = self._tree.take(take_id), self._files_of(take_id)
            are_there = await asyncio.to_thread(_are_there, files)
            if state is None:
                self._takes.discard(take_id)
            elif are_there:
                self._want(state)

    def _clips_of(self, take_id: str) -> list[str]:
        return [part.clip_id for part in self._tree.parts(take_id)]

    def _files_of(self, take_id: str) -> list[Path]:
        """Empty while the library knows no file of one of its clips."""
        clips = [self._clip(clip_id) for clip_id in self._clips_of(take_id)]
        files = [clip.file for clip in clips if clip is not None and clip.file is not None]
        return files if len(files) == len(clips) else []


def _are_there(files: list[Path]) -> bool:
    return bool(files) and all(file.exists() for file in files)
