"""How long to wait: between questions, after failures, before giving a decision to the creator."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

_FRESH_SECONDS, _YOUNG_SECONDS = 60.0, 600.0
_LONGEST_BACK_OFF = 120.0
_LONGEST_PAUSE = 600.0
_NAP = 5.0


@dataclass(frozen=True, slots=True)
class Pace:
    """Waiting times in seconds. `scale` shortens all of them alike, for the sandbox and the tests."""

    scale: float = 1.0
    look_ups: Sequence[float] = (0.0, 2.0, 4.0, 8.0, 14.0, 22.0, 30.0, 40.0)
    """Pauses before each look-up of an uncertain task; two minutes in all, growing."""
    chance: random.Random = field(default_factory=random.Random)

    def luck(self) -> float:
        """A fifth more or less by chance, so that many programs do not ask in step."""
        return self.chance.uniform(0.8, 1.2)

    def between_questions(self, age_seconds: float, luck: float | None = None) -> float:
        """Pause before a task of this age is asked for again: 5 s for a minute, then 10 s, 20 s after 10 minutes.

        Tasks that were asked for together share their `luck`, to be asked for together again; else it is drawn.
        """
        age = age_seconds / self.scale
        seconds = 5.0 if age < _FRESH_SECONDS else 10.0 if age < _YOUNG_SECONDS else 20.0
        return self.scale * seconds * (self.luck() if luck is None else luck)

    def after_failures(self, failures: int, retry_after: float | None = None) -> float:
        """Pause after so many failures in a row (1 or more): from 1 s, doubling to 2 minutes.

        `retry_after` seconds, when the service named them, are obeyed up to 10 minutes: never scaled down, and never
        less than the first back-off, for a service may well name 0.
        """
        if retry_after is not None:
            return max(min(retry_after, _LONGEST_PAUSE), self.scale)
        seconds = min(2.0 ** min(failures - 1, 16), _LONGEST_BACK_OFF)
        return self.scale * seconds * self.chance.uniform(1.0, 1.2)

    def between_downloads(self, failures: int, retry_after: float | None = None) -> float:
        """Pause before a take is fetched again after so many failures: from 1 s, doubling to 10 minutes, no end."""
        if retry_after is not None:
            return self.after_failures(failures, retry_after)
        return self.scale * min(2.0 ** min(failures - 1, 16) * self.chance.uniform(1.0, 1.2), _LONGEST_PAUSE)

    def between_looks_at_the_disk(self) -> float:
        """Pause before a full disk is looked at again."""
        return self.scale * 10.0

    def for_an_answer(self) -> float:
        """How long the program, once closed, listens for the answer to what it was just sending."""
        return self.scale * 5.0

    def after_hints(self) -> float:
        """Shortest pause between two questions about one task, however many hints come."""
        return self.scale * 1.0

    def late(self) -> float:
        """Pause between questions about a task that gives little hope: lost, or unknown to Kling."""
        return self.scale * 60.0


async def sleep_or_wake(seconds: float, woken: asyncio.Event) -> None:
    """Sleep, but no longer than until `woken` is set, or until the computer itself has slept.

    A suspended computer stops the loop's clock: after it wakes, what was due is due at once.
    """
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    while (left := until - loop.time()) > 0 and not woken.is_set():
        nap = min(left, _NAP)
        before = time.time()
        try:
            async with asyncio.timeout(nap):
                await woken.wait()
        except TimeoutError:
            if time.time() - before > nap + 2 * _NAP:
                return
