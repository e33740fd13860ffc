"""Which clips can be extended: the library's and the account's, and what a pasted id stands for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kling_desktop.domain.accounts import Profile
from kling_desktop.domain.clips import Clip, Kind, id_in
from kling_desktop.domain.tasks import PAGE_SIZE_LIMIT, Standing, Trouble
from kling_desktop.errors import BadRequest, KlingDesktopError
from kling_desktop.studio.account.accounts import Accounts
from kling_desktop.studio.feed import ClipsListed, Feed, Identified

if TYPE_CHECKING:
    from kling_desktop.kling.client import Kling
    from kling_desktop.store.library import Library

_PAGE = 100
"""Newest tasks of each kind that are read when the creator picks a clip."""
_LIBRARY_LIMIT = 500
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Catalogue:
    """Answers by facts: ClipsListed after `list_clips`, Identified after `identify`."""

    def __init__(
        self,
        library: Library,
        accounts: Accounts,
        feed: Feed,
        stills_of: Callable[[Sequence[str]], Mapping[str, Path]] = lambda ids: {},
    ) -> None:
        """`stills_of` looks into a folder which of these clips have a still; it is called in a thread."""
        self._stills_of = stills_of
        self._library = library
        self._accounts = accounts
        self._feed = feed

    async def list_clips(self, profile: Profile) -> None:
        """Tell the library's clips at once, then again together with the account's."""
        own = self._library.clips(_LIBRARY_LIMIT)
        await self._tell(profile, own, complete=False, trouble=None)
        trouble = None
        try:
            own = self._merged(own, await self._account_clips(profile, _PAGE))
        except KlingDesktopError as error:
            trouble = error.trouble
        await self._tell(profile, own, complete=True, trouble=trouble)

    async def _tell(self, profile: Profile, clips: Sequence[Clip], *, complete: bool, trouble: Trouble | None) -> None:
        stills = await asyncio.to_thread(self._stills_of, [clip.id for clip in clips])
        self._feed.publish(ClipsListed(profile, tuple(clips), complete, trouble, stills))

    async def identify(self, pasted: str, profile: Profile) -> None:
        """Find the clip that an id stands for: a video id known here or on the account, or a task id."""
        try:
            clip, was_task = await self._find(id_in(pasted), profile)
        except KlingDesktopError as error:
            self._feed.publish(Identified(pasted, None, False, error.trouble))
        else:
            self._feed.publish(Identified(pasted, clip, was_task, None))

    async def _find(self, pasted: str, profile: Profile) -> tuple[Clip | None, bool]:
        if clip := self._library.clip(pasted):
            return clip, False
        if task := self._library.get(pasted) or self._library.by_kling_id(pasted):
            return task.clip, True
        kling = await self._accounts.kling_soon(profile)
        for kind in Kind:
            if standing := await _task_of(kling, pasted, kind):
                return standing.clip, True
        for clip in await self._account_clips(profile, PAGE_SIZE_LIMIT):
            if clip.id == pasted:
                return clip, False
        return None, False

    async def _account_clips(self, profile: Profile, size: int) -> list[Clip]:
        kling = await self._accounts.kling_soon(profile)
        return [s.clip for kind in Kind for s in await kling.page(kind, 1, size) if s.clip is not None]

    def _merged(self, own: Sequence[Clip], theirs: Sequence[Clip]) -> list[Clip]:
        """Every clip once, newest first; what Kling tells now is fresher, what is kept here stays ours."""
        clips = {clip.id: clip for clip in theirs}
        for clip in own:
            fresh = clips.get(clip.id)
            clips[clip.id] = replace(clip, url=fresh.url) if fresh and fresh.url else clip
        return sorted(clips.values(), key=lambda clip: clip.made_at or _LONG_AGO, reverse=True)


async def _task_of(kling: Kling, task_id: str, kind: Kind) -> Standing | None:
    try:
        return await kling.query(task_id, kind)
    except BadRequest:
        return None
