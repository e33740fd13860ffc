"""One profile's line: the queue that its tasks wait in, the follower that asks about them, their pace, its trouble."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from kling_desktop.domain.accounts import Profile, Region
from kling_desktop.domain.tasks import Trouble
from kling_desktop.errors import KeyringAwaited, KeyringTrouble, KlingDesktopError
from kling_desktop.studio.account.accounts import Accounts
from kling_desktop.studio.feed import Feed, ProfileTroubled
from kling_desktop.studio.pace import Pace
from kling_desktop.studio.tasks.following import Follower
from kling_desktop.studio.tasks.profile_queue import ProfileQueue

if TYPE_CHECKING:
    from kling_desktop.kling.client import Kling

log = logging.getLogger(__name__)

SANDBOX_SCALE = 0.2
"""The sandbox renders in seconds, not minutes: it is asked five times as often."""


class Line:
    """What all tasks of a profile share. Made when the first of them is sent or followed."""

    def __init__(
        self, profile: Profile, accounts: Accounts, feed: Feed, pace: Pace, queue_changed: Callable[[], None]
    ) -> None:
        self.profile = profile
        in_sandbox = profile.region is Region.SANDBOX
        self.pace = replace(pace, scale=pace.scale * SANDBOX_SCALE) if in_sandbox else pace
        self.queue = ProfileQueue(queue_changed)
        self.follower = Follower(self.door, self.pace, self.tell_trouble)
        self._accounts = accounts
        self._feed = feed
        self._told: Trouble | None = None

    async def door(self, on_wait: Callable[[], None] = lambda: None) -> Kling:
        """The profile's door to Kling. That the keyring is waited for is told; `on_wait` hears it too.

        Raises what `Accounts.kling` does.
        """
        is_told = False

        def tell() -> None:
            nonlocal is_told
            is_told = True
            self.tell_trouble(KeyringAwaited())
            on_wait()

        try:
            return await self._accounts.kling(self.profile, tell)
        finally:
            if is_told:
                self.tell_trouble(None)

    def stop(self, error: KlingDesktopError) -> None:
        """Send nothing more until the creator has done something about it; a keyring is tried again by itself, now
        and then, for the system may be asking for its password each time.
        """
        if isinstance(error, KeyringTrouble):
            self.queue.hold_off(self.pace.late())
            self.tell_trouble(error)
            return
        self.queue.stop(error.trouble)
        self._tell(error.trouble)

    def tell_trouble(self, error: KlingDesktopError | None) -> None:
        """What is in the way of asking Kling; None when nothing is. The queue's own trouble stays until `reopen`."""
        trouble = error.trouble if error else self.queue.trouble
        if self._told != trouble:
            self._tell(trouble)

    def reopen(self) -> None:
        """Send again what waits: the keys are new, or the creator says that the account is in order."""
        self.queue.go()
        self.follower.wake()
        self._tell(None)

    def wake(self) -> None:
        """The network is back or the computer has woken. A line that the creator must open stays closed."""
        self.follower.wake()
        if self.queue.trouble is None:
            self.queue.go()
        else:
            log.debug("the line of %s stays closed", self.profile.name)

    def _tell(self, trouble: Trouble | None) -> None:
        self._told = trouble
        self._feed.publish(ProfileTroubled(self.profile, trouble))
