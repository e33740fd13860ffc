"""Row, card, mark, seam view, comparison and gate tell one verdict of a seam, whatever was found about it."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from kling_desktop.domain.analysis import Event, HopLook, Measure, Seam, Verdict
from kling_desktop.domain.clips import Clip
from kling_desktop.domain.seam_limits import NARROWEST, USUAL, WIDEST, SeamLimits, metered, quiet
from kling_desktop.studio.feed import SeamsFound
from kling_desktop.studio.films.planning.judge import Judge
from kling_desktop.ui.compare.compare_table import TakeNumbers, rows_of
from kling_desktop.ui.key_map import KeyMap
from kling_desktop.ui.painted.shapes import Shape
from kling_desktop.ui.seams import seam_words
from kling_desktop.ui.seams.drift_chart import DriftChart
from kling_desktop.ui.seams.seam_keys import seam_commands
from kling_desktop.ui.seams.seam_view import SeamView
from kling_desktop.ui.viewer import viewer_keys
from kling_desktop.ui.viewer.viewer import Viewer
from kling_desktop.ui.wiring.films.film_faces import Faces
from tests.harness.tasks import done
from tests.ui.wiring.films.states import state_of

MANY = 60
"""Findings of each kind of event."""

SHAPES = {
    None: Shape.UNMEASURED,
    Verdict.CLEAN: Shape.CLEAN,
    Verdict.SLIGHT: Shape.SLIGHT,
    Verdict.BAD: Shape.BAD,
}


def _findings() -> Iterator[Seam]:
    """As the studio tells them: measured or not, in doubt or sure, by limits of the creator's or the usual ones."""
    dice = Random(20261126)  # noqa: S311 - chooses findings, guards nothing
    for event in (None, *Event):
        for _ in range(MANY):
            limits = SeamLimits(
                tuple((measure, dice.uniform(NARROWEST, WIDEST)) for measure in dice.sample([*Measure], 2))
            )
            yield limits.judged(_seam(dice, event))


def _seam(dice: Random, event: Event | None) -> Seam:
    measures = [measure for measure in Measure if dice.random() < 0.8]
    meters = [
        metered(measure, dice.choice((-1, 1, 0.2, 0)) * dice.uniform(0, 8) * USUAL[measure][0]) for measure in measures
    ]
    told = tuple(quiet(meter) if dice.random() < 0.2 else meter for meter in meters)
    is_measured = event is not Event.CUT and dice.random() < 0.9
    return Seam(1, 24, 1.0, dice.random(), "Rain", told if is_measured else (), event)


@pytest.fixture(scope="module")
def view(qapp: QApplication) -> Iterator[SeamView]:
    window = QWidget()
    keys = KeyMap((*viewer_keys.commands(), *seam_commands()), window)
    viewer = Viewer(window, keys=keys)
    shown = SeamView(viewer, keys, window)
    QVBoxLayout(window).addWidget(shown)
    yield shown
    viewer.close()
    window.close()
    window.deleteLater()


def test_one_verdict_everywhere(view: SeamView) -> None:
    for seam in _findings():
        wanted = SHAPES[seam.told]
        state = state_of(done(1))
        faces = Faces(lambda clip: None, lambda clip: None, lambda clip, seam=seam: seam, lambda clip_id: None)  # type: ignore[misc]  # mypy asks for the type of the bound seam
        assert faces.card(state, 5.0).seam == (wanted if seam.told else None)
        assert faces._shape(state, seam) == (wanted if state.clip and state.clip.file else Shape.RENDERING)
        view.show_seams((seam,))
        (mark,) = view._viewer.transport.strip.marks
        assert mark.shape is wanted
        assert bool(mark.word) == (seam.doubtful or seam.told in (Verdict.SLIGHT, Verdict.BAD)), (seam, mark.word)
        assert _worst_bar(view) is (seam.told if seam.meters else None), seam
        assert rows_of([TakeNumbers(done(1), seam)])[0][1][0].role == (
            seam_words.COLOURS[seam.told] if seam.told else "text"
        )
        assert _gate(seam) is seam.told
        assert (seam_words.worst_seam((seam,)) is not None) == (seam.told in (Verdict.SLIGHT, Verdict.BAD))


def test_no_word_of_a_doubtful_place_is_a_red_one() -> None:
    red = {seam_words.meter_word(metered(m, sign * 9 * USUAL[m][1])) for m in Measure for sign in (-1, 1)}
    doubtful = [seam for seam in _findings() if seam.doubtful]
    assert len(doubtful) > MANY
    for seam in doubtful:
        assert seam.told is not Verdict.BAD
        assert not red & {seam_words.meter_word(meter) for meter in seam.meters}, seam
        assert seam_words.verdict_word(seam) not in red


def test_the_chart_marks_the_hop_that_its_sentence_names(qapp: QApplication) -> None:
    dice, chart = Random(7), DriftChart()  # noqa: S311 - chooses hops, guards nothing
    for _ in range(MANY):
        away = [
            HopLook(hop, 5.0 * hop, dice.uniform(0, 7), dice.uniform(-12, 12), dice.uniform(-11, 70))
            for hop in (1, 2, 3)
        ]
        hops = (HopLook(0, 0, 0, 0, 0), *away)
        chart.tolerate(dice.choice((0.5, 1.0, 2.0)))
        chart.show_hops(hops)
        left = next((look.hop for look in hops if not chart.tolerance.allows(look)), None)
        assert chart._plot._left_at == left
        assert (f"at hop {left}" in chart.said.text()) if left else ("within" in chart.said.text())
    chart.deleteLater()


def _worst_bar(view: SeamView) -> Verdict | None:
    view.meters.show_seam(view.seams[0])
    shown = [row.meter.verdict for row in view.meters.rows.values() if row.meter is not None]
    return next((verdict for verdict in (Verdict.BAD, Verdict.SLIGHT, Verdict.CLEAN) if verdict in shown), None)


def _gate(seam: Seam) -> Verdict | None:
    async def look(clip: Clip) -> None: ...

    judge, state = Judge(look, look, lambda work: None), state_of(done(1))
    assert state.clip is not None
    judge.hear([SeamsFound(state.clip.id, (seam,))])
    found = judge.judgement(state, drift=False)
    assert found is not None
    return found.verdict
