"""The cards of a film are what a fresh look would make, without looking at all of it again."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from kling_desktop.domain.analysis import Measure, Meter, Seam, Verdict
from kling_desktop.domain.clips import Clip
from kling_desktop.domain.seam_limits import SeamLimits
from kling_desktop.domain.takes import Path as FilmPath
from kling_desktop.studio.feed import Fact, SeamLimitsMoved, SeamsFound
from kling_desktop.ui.film.film_view import Card
from kling_desktop.ui.wiring.films.film_faces import Faces
from kling_desktop.ui.wiring.films.made_cards import MadeCards
from tests.harness.tasks import done
from tests.ui.wiring.films.states import state_of

STILL = Path("still.jpg")
ROUGH = Seam(1, 48, 2.0, 1.0, meters=(Meter(Measure.COLOUR, 3.0, 0.5, Verdict.BAD),))


@dataclass
class Known:
    """What is known of clips, and of which one it was asked for."""

    first: Path | None = STILL
    last: Path | None = STILL
    seam: Seam | None = None
    asked: list[str] = field(default_factory=list)

    def faces(self) -> Faces:
        def first(clip: Clip) -> Path | None:
            self.asked.append(clip.id)
            return self.first

        return Faces(first, lambda clip: self.last, lambda clip: self.seam, lambda clip_id: None)


class Lane:
    """Cards that are kept, beside those that are made at each look."""

    def __init__(self, known: Known) -> None:
        self.path = FilmPath("film", tuple(state_of(done(n, f"hop {n}"), hop=n) for n in (1, 2, 3)))
        self._known = known
        self._made = MadeCards(known.faces())

    def look(self, *facts: Fact) -> int:
        """How many cards were made, after these facts. All are what they would be if they had been made now."""
        self._made.on_facts(facts)
        self._known.asked.clear()
        cards = self._made.of(self.path)
        looked = len(self._known.asked)
        faces = self._known.faces()
        pairs = zip(self.path.takes, self.path.stretches, strict=True)
        assert cards == [faces.card(state, seconds) for state, seconds in pairs]
        assert all(isinstance(card, Card) for card in cards)
        return looked


def test_a_card_of_which_all_is_known_is_made_once() -> None:
    lane = Lane(Known())
    assert [lane.look(), lane.look()] == [3, 0]


def test_a_card_is_made_again_until_its_pictures_are_there() -> None:
    known = Known(last=None)
    lane = Lane(known)
    assert [lane.look(), lane.look()] == [3, 3]
    known.last = STILL
    assert [lane.look(), lane.look()] == [3, 0]


def test_a_seam_that_is_found_and_limits_that_move_are_told() -> None:
    known = Known()
    lane = Lane(known)
    lane.look()
    known.seam = ROUGH
    clips = [state.clip.id for state in lane.path.takes if state.clip]
    assert lane.look(*(SeamsFound(clip_id, (ROUGH,)) for clip_id in clips)) == 3
    known.seam = None
    assert lane.look(SeamLimitsMoved(SeamLimits())) == 3
    assert lane.look(SeamsFound(clips[1], ())) == 1
    assert lane.look(SeamsFound("a clip of another film", (ROUGH,))) == 0


def test_a_take_that_stands_otherwise_has_another_card() -> None:
    lane = Lane(Known())
    lane.look()
    first, *others = lane.path.takes
    lane.path = replace(lane.path, takes=(replace(first, siblings=5), *others))
    assert lane.look() == 1
