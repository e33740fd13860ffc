"""After a lost library continued takes and their siblings are found, and joined once what they go on from is here."""

from __future__ import annotations

from pathlib import Path

import pytest

from kling_desktop.ui.film.film_view import CardKind
from kling_desktop.ui.history.history_dialog import HistoryDialog, Work
from tests.harness.media.films import film
from tests.journeys.conftest import Start
from tests.journeys.extending.dropping import drops
from tests.journeys.films.lane import cards, is_kept, listed_tasks, made
from tests.journeys.handing_over.exporting import next_take

ONE, TWO, NEXT = "A duck lands", "A heron lands", "It swims off"


@pytest.mark.timeout(150)
@pytest.mark.expects_log("StoreDamaged: library.damaged-")
async def test_siblings_and_what_continues_them_hang_together_again(
    start: Start, data_dir: Path, tmp_path: Path
) -> None:
    mine = film(tmp_path / "Pond.mp4", range(30), size=(320, 180))
    async with start() as creator:
        drops(creator.window, mine)
        await creator.sees(lambda: creator.form.extension().video_id.startswith("file:"), "the video in the form")
        root = creator.form.extension().video_id
        await next_take(creator, root, ONE)
        clip = await next_take(creator, root, TWO)
        await next_take(creator, clip.id, NEXT)
        await creator.sees(lambda: made(creator)[1:] == [TWO, NEXT], "the film")
        creator.tasks.select(listed_tasks(creator)[0].id)
        await creator.sees(lambda: creator.viewer.duration_seconds > 6, "it joined")
        await creator.sees(lambda: creator.window.film.ruler.maximum() > 6000, "how long it is")
        whole, length = creator.viewer.duration_seconds, creator.window.film.ruler.maximum()
        books = creator.ask("audit")["totals"]
    (data_dir / "library.sqlite3").write_bytes(b"garbage " * 1000)
    async with start() as creator:
        await creator.sees(lambda: "The library was damaged" in creator.banners(), "a banner about the library")
        creator.window.menu_bar.history_asked.emit()
        dialog = await creator.sees(lambda: creator.window.findChild(HistoryDialog), "the dialog")
        await creator.sees(lambda: dialog.work is Work.NONE and len(dialog.finds.shown) >= 3, "all finds")
        rows = [row for row, task in enumerate(dialog.finds.shown) if task.extension.prompt in (ONE, TWO, NEXT)]
        assert len(rows) == 3
        dialog.finds.check(rows, is_chosen=True)
        creator.clicks(dialog.adopt_chosen)
        await creator.sees(lambda: sum(map(is_kept, listed_tasks(creator))) == 3, "the takes in the list again")
        dialog.close()
        newest = next(task for task in listed_tasks(creator) if task.extension.prompt == NEXT)
        creator.tasks.select(newest.id)
        await creator.sees(lambda: made(creator)[1:] == [TWO, NEXT], "the film, without its first clip")
        drops(creator.window, mine)
        creator.tasks.select(newest.id)
        await creator.sees(lambda: abs(creator.viewer.duration_seconds - whole) < 0.01, "the whole film")
        await creator.sees(lambda: abs(creator.window.film.ruler.maximum() - length) <= 2, "as long as it was")
        assert [card.takes for card in cards(creator, CardKind.MADE)] == [1, 2, 1]
        assert creator.ask("audit")["totals"] == books, "nothing was sent again"
