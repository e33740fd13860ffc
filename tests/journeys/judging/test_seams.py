"""Judging a film: the bad join is found at a glance, looked at, and a bad last frame is seen before paying."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from kling_desktop.domain.analysis import TailWarning, Verdict
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator
from tests.journeys.judging.hops import hop, more, newest_clip

CTRL = Qt.KeyboardModifier.ControlModifier


async def test_the_bad_join_of_a_film_is_found_looked_at_and_looped(start: Start) -> None:
    async with start() as creator:
        await hop(creator, creator.clip_id("dawn-lake"), "The camera rises")
        await hop(creator, newest_clip(creator), "Lanterns drift past", plant="colour", amount=0.08)
        film = await hop(creator, newest_clip(creator), "The moon comes out")
        assert film.clip is not None
        view = creator.window.seams

        creator.clicks_row(0)
        await creator.sees(lambda: len(view.seams) == 3, "its seams", timeout=30)
        await creator.sees(lambda: len(creator.viewer.transport.strip.marks) == 3, "a mark for each seam")
        bad = [seam for seam in view.seams if seam.verdict is Verdict.BAD]
        assert [seam.hop for seam in bad] == [2]
        assert creator.viewer.transport.strip.marks[1].word == "colour"
        assert bad[0].prompt == "Lanterns drift past"
        truth = creator.ask("seams")[film.clip.id]["seams"][1]["frame"]
        assert abs(bad[0].frame - truth) <= 1

        view.commands["worst_seam"].trigger()
        stills = await creator.sees(lambda: view.stage.stills, "the two frames")
        before, after = QImage(str(stills.before)), QImage(str(stills.after))
        assert before.size() == after.size()
        assert not before.isNull()
        assert before != after
        assert "colour shifts" in view.head.title
        await creator.sees(lambda: view.drift.hops, "the drift of the chain")
        assert len(view.drift.hops) == 4

        told = await creator.sees(lambda: _bad_rows(creator), "the row that tells of it")
        more(creator, "A seam like this is fine")
        await creator.sees(lambda: view.seams[1].verdict is not Verdict.BAD, "the limit to follow the example")
        await creator.sees(lambda: not _bad_rows(creator), "the row of the take that the seam began to follow too")
        assert creator.window.notices.texts()[-1].startswith("Colour is now told of from ")
        creator.window.menu_bar.undo_asked.emit()
        await creator.sees(lambda: view.seams[1].verdict is Verdict.BAD, "the limit to be as before")
        await creator.sees(lambda: _bad_rows(creator) == told, "its row to be as before")

        creator.presses(view.stage, Qt.Key.Key_Down)
        await creator.sees(lambda: view.head.title.startswith("Seam 3 of 3"), "the next seam")
        creator.presses(view.stage, Qt.Key.Key_Up)
        creator.presses(view.stage, Qt.Key.Key_Space)
        seam = bad[0].seconds
        seen = creator.viewer.frames_seen
        await creator.sees(lambda: creator.viewer.frames_seen > seen + 5, "the loop to play")
        assert seam - 1.1 <= creator.viewer.position_seconds <= seam + 1.1

        creator.presses(creator.viewer.picture, Qt.Key.Key_Escape)
        await creator.sees(lambda: not view.stage.isVisible(), "the film")
        assert not view.is_open
        assert not creator.viewer.marks.loops


async def test_a_black_last_frame_is_seen_before_it_is_paid_for(start: Start) -> None:
    async with start() as creator:
        await hop(creator, creator.clip_id("dawn-lake"), "Night falls", plant="brightness", amount=-0.985)
        creator.clicks_row(0)
        creator.presses(creator.tasks.table, Qt.Key.Key_E, CTRL)
        note = creator.form.fields.clip_row.tail
        tail = await creator.sees(lambda: note.tail, "the last frame in the form")
        assert TailWarning.BLACK in tail.warnings
        assert note.isVisible()
        assert "inherit" in note.text()
        assert "black" in note.text()
        assert creator.form.button.isEnabled(), "it warns and never forbids"


def _bad_rows(creator: Creator) -> list[str]:
    """What the film's tree says of takes whose seam is bad, one sentence a row."""
    model = creator.window.tree.tree.rows
    rows = [model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole) or "" for row in range(model.rowCount())]
    return [words for words in rows if "colour shifts" in words and "a little" not in words]
