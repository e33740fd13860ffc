"""The window does no more than it must: rows that stand where they stood are not laid out anew."""

from __future__ import annotations

from kling_desktop.ui.rail.tree_row import RowKind
from tests.journeys.conftest import Start


async def test_a_film_whose_takes_stay_in_their_places_is_only_read_again(start: Start) -> None:
    async with start() as creator:
        creator.asks(creator.clip_id("dawn-lake"), "A paper boat drifts into the picture")
        await creator.sees(lambda: creator.newest(), "the task in the list")
        take = await creator.sees_take()
        tree = creator.window.tree.tree

        def stars() -> int | None:
            rows = [tree.rows.row(number) for number in range(tree.rows.rowCount())]
            is_it = (row for row in rows if row and row.kind is RowKind.FILM and row.words == take.extension.prompt)
            return next((row.stars for row in is_it), None)

        await creator.sees(lambda: stars() == 0, "the take in the tree, as part of the film")
        laid_out: list[bool] = []
        tree.rows.modelReset.connect(lambda: laid_out.append(True))
        creator.program.studio.judge(take.id, stars=4)
        await creator.sees(lambda: stars() == 4, "its stars in the tree")
        assert not laid_out
        creator.asks(take.clip.id if take.clip else "", "The boat comes back")
        await creator.sees(lambda: laid_out, "the new row")
