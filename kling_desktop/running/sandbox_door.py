"""The door to the sandbox: started when somebody first asks for it, ended with the program."""

from __future__ import annotations

import asyncio

from kling_desktop.domain.accounts import Credentials, KeyPair
from kling_desktop.errors import Unreachable
from kling_desktop.sandbox.child import SandboxChild


class SandboxDoor:
    """Gives the address and the keys of the pretended Kling, whose port and keys are new at each start."""

    def __init__(self, child: SandboxChild) -> None:
        self._child = child
        self._way_in: tuple[str, Credentials] | None = None
        self._lock = asyncio.Lock()

    async def __call__(self) -> tuple[str, Credentials]:
        """Base URL and credentials; starts the sandbox if it does not run. Raises Unreachable when it cannot."""
        async with self._lock:
            if self._way_in is None:
                self._way_in = await asyncio.to_thread(self._start)
            return self._way_in

    def _start(self) -> tuple[str, Credentials]:
        try:
            doorway = self._child.start()
        except OSError as error:
            raise Unreachable(f"the sandbox did not start: {error}") from error
        return doorway.url, KeyPair(doorway.access_key, doorway.secret_key)

    def close(self) -> None:
        """End the sandbox, if it runs."""
        self._child.stop()
