"""The pictures that CONTINUE hops are made from: each made ready once, for the take that the hop goes on from."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from kling_desktop.domain.plans import PlannedHop
from kling_desktop.domain.takes import TakeState
from kling_desktop.domain.tasks import Generation
from kling_desktop.errors import KlingDesktopError

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

Seed = Callable[[TakeState, PlannedHop], Awaitable[Generation]]
"""Makes ready what a CONTINUE hop is made with: the parent's last frame as a picture. May raise KlingDesktopError."""


class HopSeeds:
    """Lives on the loop's thread; the pictures are made beside it."""

    def __init__(self, seed: Seed, run_in_background: Callable[[Coroutine[Any, Any, None]], object]) -> None:
        self._seed = seed
        self._run_in_background = run_in_background
        self._making: set[str] = set()
        """Ids of the hops whose picture is being made."""
        self._made: dict[str, tuple[str, Generation]] = {}
        """By hop: the take it was made from, and what the hop is made with."""

    def take(self, hop: PlannedHop, parent_id: str) -> Generation | None:
        """What a hop is made with, its options as they are now; None while its picture of this take is not there."""
        made_from, generation = self._made.get(hop.id, ("", None))
        if generation is None or made_from != parent_id:
            return None
        del self._made[hop.id]
        return replace(hop.generation, first_frame=generation.first_frame) if hop.generation else generation

    def want(self, hop: PlannedHop, parent: TakeState, then: Callable[[KlingDesktopError | None], object]) -> None:
        """Have the picture made, and say when it is there, or what went wrong. One at a time is made for a hop."""
        if hop.id not in self._making:
            self._making.add(hop.id)
            self._run_in_background(self._make(hop, parent, then))

    async def _make(
        self, hop: PlannedHop, parent: TakeState, then: Callable[[KlingDesktopError | None], object]
    ) -> None:
        trouble = None
        try:
            self._made[hop.id] = parent.take.id, await self._seed(parent, hop)
        except KlingDesktopError as error:
            trouble = error
        finally:
            self._making.discard(hop.id)
        then(trouble)
