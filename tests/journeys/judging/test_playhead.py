"""The ruler of the film goes where the stage is, and takes the stage where it is clicked."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from kling_desktop.ui.film.film_view import CardKind
from kling_desktop.ui.film.ruler import EDGE, Ruler
from kling_desktop.ui.theme.fonts import scaled
from tests.journeys.conftest import Start
from tests.journeys.films.lane import cards


def _click(ruler: Ruler, seconds: float) -> None:
    left, room = scaled(EDGE), ruler.width() - 2 * scaled(EDGE)
    place = QPoint(round(left + seconds / ruler.span * room), scaled(10))
    QTest.mouseClick(ruler, Qt.MouseButton.LeftButton, pos=place)


async def test_the_ruler_and_the_stage_stand_at_one_place(start: Start) -> None:
    async with start() as creator:
        creator.asks(creator.clip_id("dawn-lake"), "A heron lands")
        await creator.sees_take()
        creator.clicks_row(0)
        viewer, ruler = creator.viewer, creator.window.film.ruler
        await creator.sees(lambda: len(cards(creator, CardKind.MADE)) == 2, "its film")
        await creator.sees(lambda: viewer.duration_seconds > 8, "the take on the stage")
        viewer.seek(3)
        await creator.sees(lambda: abs(ruler.value() - 3000) < 300, "the ruler to follow")
        _click(ruler, 7)
        await creator.sees(lambda: abs(viewer.position_seconds - 7) < 0.3, "the stage to follow")
        root = cards(creator, CardKind.MADE)[0]
        creator.window.film.cards.chosen.emit(root.id)
        await creator.sees(lambda: 0 < viewer.duration_seconds < 6, "the first clip on the stage")
        _click(ruler, 7)
        await creator.sees(lambda: viewer.duration_seconds > 8, "the film's last take on the stage")
        await creator.sees(lambda: abs(viewer.position_seconds - 7) < 0.3, "the place that was clicked")
        assert creator.tasks.selected() == creator.newest()
        creator.presses(ruler, Qt.Key.Key_Home)
        await creator.sees(lambda: viewer.position_seconds < 0.3, "the beginning, by key")
