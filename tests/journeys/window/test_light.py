"""The window does no more than it must: rows that stay are not laid out anew, and no timer runs for nothing."""

from __future__ import annotations

from PySide6.QtCore import QTimer

from kling_desktop.ui.rail.rail import TREE
from kling_desktop.ui.rail.tree_row import RowKind
from tests.harness.timers import running_timers
from tests.journeys.conftest import Start

REASONS = {
    "ExpiryWiring._hourly": "Kling deletes films after 30 days, and the creator is told in time",
    "Waking._ticks": "nothing else tells that the computer has slept",
    "SessionWiring._remembering": "a kill leaves no time to note where window and player stood",
    "CullingWiring._emptying": "what has lain in the trash for 30 days goes, once Kling has told the time",
    "TaskTable._timer": "the list tells how long ago things were, once a minute",
    "PromptEdit/QPlainTextEditControl": "the cursor of the field that is written in",
    "loop: Budget.run": "at midnight a new day's budget begins",
}
"""Why a timer may run while nothing happens. Whoever adds one here gives the creator's reason, not the program's."""


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


async def test_no_timer_runs_without_a_reason_while_a_film_stands_still(start: Start) -> None:
    async with start() as creator:
        creator.asks(creator.clip_id("dawn-lake"), "A paper boat drifts into the picture")
        await creator.sees(lambda: creator.newest(), "the task in the list")
        await creator.sees_take()
        creator.clicks_row(0)
        await creator.sees(lambda: creator.viewer.duration_seconds, "the film")
        await creator.sees(lambda: not creator.viewer.playing, "it to stand still")

        def without_reason() -> dict[str, float]:
            return {name: pause for name, pause in running_timers().items() if name not in REASONS}

        await creator.sees(lambda: not without_reason(), "only timers with a reason to run")
        await creator.sees(
            lambda: running_timers().get("TaskTable._timer", 60) == 60, "the list to tell time once a minute"
        )
        creator.window.show_rail(TREE)
        await creator.sees(lambda: not without_reason(), "only timers with a reason to run")
        idle = QTimer(creator.window, interval=1000)
        idle.start()
        assert without_reason() == {"Window.QTimer": 1.0}
