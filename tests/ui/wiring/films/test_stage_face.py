"""The head over the stage tells a made take by its words, any other by how it stands; a take opens at its seam."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from kling_desktop.domain.analysis import Seam
from kling_desktop.domain.clips import Clip
from kling_desktop.domain.tasks import Status
from kling_desktop.ui.painted.shapes import Shape
from kling_desktop.ui.wiring.films.stage_face import StageFace
from tests.harness.tasks import NOON, asked, done, refused, uncertain
from tests.ui.wiring.films.states import state_of

PARENT = Clip("parent", file=Path("/films/parent.mp4"))
SEAMS = (Seam(1, 120, 5.0, 1.0), Seam(2, 230, 9.58, 1.0))


def _face(
    clip: Clip | None = PARENT, seams: tuple[Seam, ...] = (), usual: tuple[float, float] | None = None
) -> StageFace:
    return StageFace(lambda _: clip, lambda _: seams, lambda _: usual)


def test_a_made_take_is_told_by_its_words_and_can_be_judged() -> None:
    view = _face().view(state_of(done(1, "Birds cross the lake"), picked=True), 3)
    assert (view.place, view.which, view.words) == ("Hop 2 of 3", "take 1 of 2", "Birds cross the lake")
    assert (view.judged, view.picked, view.state, view.has_film) == (True, True, "", False)


def test_one_in_the_making_is_told_by_how_it_stands_beside_its_parents_film() -> None:
    view = _face(usual=(240.0, 300.0)).view(state_of(asked(0)), 1)
    assert (view.place, view.shape, view.state) == ("Hop 2", Shape.RENDERING, "Rendering")
    assert (view.since, view.usual_seconds, view.judged, view.has_film) == (NOON, (240.0, 300.0), False, True)
    assert not _face(clip=None).view(state_of(asked(1)), 1).has_film


def test_a_failed_one_says_whether_it_was_charged() -> None:
    face = _face()
    assert face.view(state_of(refused(1)), 2).state.endswith("· not charged")
    charged = replace(refused(1), units=Decimal(2))
    assert face.view(state_of(charged), 2).state.endswith("· charged")
    lost = face.view(state_of(uncertain(1)), 2)
    assert lost.shape is Shape.UNCERTAIN
    assert "charged" not in lost.state


def test_a_made_one_whose_clip_is_not_here_yet_is_not_judged_by_its_picture() -> None:
    fetched = replace(asked(1, status=Status.SUCCEEDED), clip=None)
    assert _face().view(state_of(fetched), 2).state == "being fetched"


def test_a_take_opens_where_its_new_stretch_begins() -> None:
    clip = done(1).clip
    assert clip is not None
    told = replace(clip, parent_seconds=Decimal("5.1"))
    assert _face(seams=SEAMS).start_of(told) == 9.58
    assert _face().start_of(told) == 5.1
    alone = replace(told, parent_id="")
    assert _face(seams=SEAMS).start_of(alone) == 0.0
    assert _face(seams=SEAMS).start_of(alone, joined=True) == 9.58
