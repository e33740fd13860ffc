"""A film is as long as what is seen of its clips."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from kling_desktop.domain.takes import Path, Take, TakeMark, TakeState, Way
from kling_desktop.domain.tasks import Task
from tests.harness.tasks import NOON
from tests.store.films.taking import continued, take


def state(task: Task, way: Way, seconds: str | None) -> TakeState:
    clip = replace(task.clip, seconds=Decimal(seconds) if seconds else None) if task.clip else None
    placed = Take(task.id, "film", "", way, 0, NOON, "", task.id, clip.id if clip else "")
    return TakeState(placed, replace(task, clip=clip), clip, TakeMark(), 1, 1, False)


def cut(task: Task, end: Fraction) -> Task:
    generation = task.extension.generation
    assert generation is not None
    return replace(task, extension=replace(task.extension, generation=replace(generation, parent_end=end)))


ROOT, EXTENDED = state(take(0), Way.ROOT, "5"), state(take(1, "c0"), Way.EXTEND, "9.5")
CONTINUED = state(continued(2, "c1"), Way.CONTINUE, "3")


@pytest.mark.parametrize(
    ("takes", "seconds"),
    [
        ((ROOT,), 5.0),
        ((ROOT, EXTENDED), 9.5),
        ((ROOT, state(take(1, "c0"), Way.EXTEND, None)), 5.0),
        ((ROOT, EXTENDED, CONTINUED), 12.5),
        ((ROOT, EXTENDED, state(cut(continued(2, "c1"), Fraction(9)), Way.CONTINUE, "3")), 12.0),
        ((ROOT, EXTENDED, CONTINUED, state(take(3, "c2"), Way.EXTEND, "7")), 16.5),
        ((), 0.0),
    ],
)
def test_the_length_is_that_of_what_is_seen(takes: tuple[TakeState, ...], seconds: float) -> None:
    assert Path("film", takes).seconds == pytest.approx(seconds)
    assert sum(Path("film", takes).stretches) == pytest.approx(seconds)


def test_each_take_has_its_stretch_without_what_was_cut_off_or_left_out() -> None:
    last = state(take(3, "c2"), Way.EXTEND, "7")
    chosen = state(cut(continued(2, "c1"), Fraction(9)), Way.CONTINUE, "3")
    path = Path("film", (ROOT, EXTENDED, chosen, last), {"c3": 0.25, "c9": 1.0})
    assert path.stretches == pytest.approx((5.0, 4.0, 2.75, 4.0))
    assert path.seconds == pytest.approx(15.75)
