"""The door to the sandbox: started when somebody first asks for it, kept alive, ended with the program."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from kling_desktop.domain.accounts import Credentials, KeyPair
from kling_desktop.domain.tasks import Trouble
from kling_desktop.errors import SandboxEnded, SandboxUnusable
from kling_desktop.sandbox.child import SandboxChild

log = logging.getLogger(__name__)

_MOST_ENDS = 3
_SETTLED_SECONDS = 60.0
"""A sandbox that ran so long and ended had bad luck; one that ends sooner, so many times, will not do any better."""


class SandboxDoor:
    """Gives the address and the keys of the pretended Kling; both are new at each start of the program.

    A sandbox that ends before the program does (killed, or out of memory) is started again at the same address: it
    has written down its world, so that tasks go on and films are found where they were.
    """

    def __init__(self, child: SandboxChild, tell: Callable[[Trouble], None]) -> None:
        """`tell` is called on the loop when the sandbox ends again and again and is given up."""
        self._child = child
        self._tell = tell
        self._starting: asyncio.Future[tuple[str, Credentials]] | None = None
        self._closing = threading.Event()

    async def __call__(self) -> tuple[str, Credentials]:
        """Base URL and credentials; starts the sandbox if it was not. Raises SandboxUnusable when it cannot.

        Shielded: who asked may go away meanwhile, and a second start beside the first would write the same world.
        """
        if self._starting is None or _has_failed(self._starting):
            loop = asyncio.get_running_loop()
            self._starting = loop.run_in_executor(None, self._start, loop)
        return await asyncio.shield(self._starting)

    def _start(self, loop: asyncio.AbstractEventLoop) -> tuple[str, Credentials]:
        try:
            doorway = self._child.start()
        except OSError as error:
            raise SandboxUnusable(str(error)) from error
        port = urlsplit(doorway.url).port or 0
        threading.Thread(target=self._watch, args=(port, loop), name="sandbox-door", daemon=True).start()
        return doorway.url, KeyPair(doorway.access_key, doorway.secret_key)

    def _watch(self, port: int, loop: asyncio.AbstractEventLoop) -> None:
        """Start it again whenever it ends, until the program ends or there is no use in it."""
        ends = 0
        while True:
            began = time.monotonic()
            code = self._child.wait()
            if self._closing.is_set():
                return
            ends = 1 if time.monotonic() - began > _SETTLED_SECONDS else ends + 1
            if ends > _MOST_ENDS:
                break
            log.warning("the sandbox ended with code %d; it is started again", code)
            try:
                self._child.start(port)
            except OSError as error:
                log.warning("%s", error)
        log.error("the sandbox ended with code %d for the %dth time and is not started again", code, ends)
        trouble = SandboxEnded(f"code {code}").trouble
        try:
            loop.call_soon_threadsafe(self._tell, trouble)
        except RuntimeError:  # the loop is closed: the program ends too
            log.info("nobody is left to be told")

    def close(self) -> None:
        """End the sandbox, if it runs."""
        self._closing.set()
        self._child.stop()


def _has_failed(started: asyncio.Future[tuple[str, Credentials]]) -> bool:
    return started.cancelled() or (started.done() and started.exception() is not None)
