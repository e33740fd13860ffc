"""A pull of a few pixels is a click; a longer one names the place where the hop would lie."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from kling_desktop.ui.film.cards.plan_drag import PlanDrag

_PLANNED, _MIDDLES = ["a", "b", "c"], [100, 260, 420]


def _dragged(card_id: str, start: int, end: int) -> tuple[str, int | None]:
    drag = PlanDrag()
    drag.press(card_id, QPoint(start, 50))
    drag.pull(QPoint(end, 50), _PLANNED, _MIDDLES)
    return drag.release(_PLANNED)


def test_places_are_counted_without_the_hop_itself(qtbot: QtBot) -> None:
    assert _dragged("a", 100, 300) == ("a", 1)
    assert _dragged("a", 100, 999) == ("a", 2)
    assert _dragged("c", 420, 0) == ("c", 0)
    assert _dragged("b", 260, 300) == ("b", None)
    assert _dragged("b", 260, 200) == ("b", None)


def test_a_small_pull_is_a_click(qtbot: QtBot) -> None:
    drag = PlanDrag()
    drag.press("a", QPoint(100, 50))
    assert not drag.pull(QPoint(102, 50), _PLANNED, _MIDDLES)
    assert drag.place is None
    assert drag.release(_PLANNED) == ("a", None)
    assert not drag.begun


def test_what_is_not_planned_stays(qtbot: QtBot) -> None:
    assert _dragged("made", 0, 999) == ("made", None)


def test_a_hop_that_was_sent_meanwhile_stays(qtbot: QtBot) -> None:
    drag = PlanDrag()
    drag.press("a", QPoint(100, 50))
    drag.pull(QPoint(300, 50), _PLANNED, _MIDDLES)
    assert drag.release(["b", "c"]) == ("a", None)
    assert PlanDrag().release(_PLANNED) == ("", None)
