"""The cards of the takes of the film on show: each is made until all of it is known, and not for each drawing."""

from __future__ import annotations

from collections.abc import Sequence

from kling_desktop.domain.takes import Path as FilmPath
from kling_desktop.domain.takes import TakeState
from kling_desktop.studio.feed import Fact, SeamLimitsMoved, SeamsFound
from kling_desktop.ui.film.film_view import Card
from kling_desktop.ui.wiring.films.film_faces import Faces

_Made = tuple[TakeState, float, Card]
"""What a card was made of, and the card."""


class MadeCards:
    """Keeps those of one film. A lane is drawn for each picture that comes, and for a card its stills are looked for on
    the disk and its seam in the library. Hand it every batch of facts.
    """

    def __init__(self, faces: Faces) -> None:
        self._faces = faces
        self._made: dict[str, _Made] = {}
        """By take."""

    def on_facts(self, facts: Sequence[Fact]) -> None:
        """Make the cards again whose seam is another, or is told otherwise."""
        for fact in facts:
            if isinstance(fact, SeamLimitsMoved):
                self._made.clear()
            elif isinstance(fact, SeamsFound):
                self._made = {take: made for take, made in self._made.items() if made[0].take.clip_id != fact.clip_id}

    def of(self, path: FilmPath) -> list[Card]:
        """Those of a film, root first."""
        made = [self._of(state, seconds) for state, seconds in zip(path.takes, path.stretches, strict=True)]
        self._made = {each[0].take.id: each for each in made if each[2].first and each[2].last}
        return [card for _, _, card in made]

    def _of(self, state: TakeState, seconds: float) -> _Made:
        known = self._made.get(state.take.id)
        if known is not None and known[:2] == (state, seconds):
            return known
        return state, seconds, self._faces.card(state, seconds)
