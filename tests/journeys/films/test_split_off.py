"""A branch that begins with a continued take becomes a film of its own: what stands round the stage is what plays."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from kling_desktop.studio.films.handing_over.pieces import What
from kling_desktop.ui.film.film_view import CardKind
from kling_desktop.ui.film.ruler import EDGE
from kling_desktop.ui.library.drop_gate import DropGate
from kling_desktop.ui.rail.rail import TREE
from kling_desktop.ui.rail.tree_row import RowKind, WayOn
from kling_desktop.ui.theme.fonts import scaled
from kling_desktop.ui.viewer.loupe import Loupe
from tests.harness.engine import QUICK
from tests.harness.media.films import film
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator
from tests.journeys.extending.dropping import drops
from tests.journeys.films.lane import cards, made
from tests.journeys.handing_over.exporting import exported, next_take

if TYPE_CHECKING:
    from kling_desktop.sandbox.server import Sandbox


async def _goes_on(creator: Creator, prompt: str, *, hops: int) -> str:
    """Continue what is in the form; the take that comes of it, in its film."""
    creator.writes(prompt)
    creator.form.submit()
    await creator.sees(lambda: prompt in made(creator) and len(made(creator)) == hops + 1, prompt)
    task = await creator.sees_take()
    await creator.sees(lambda: creator.viewer.duration_seconds > 3 * hops, "its film")
    return task.id


def _agree(creator: Creator, step: float = 1 / 24) -> bool:
    """Whether cards, tree and ruler say the length that plays."""
    shown = creator.viewer.duration_seconds
    in_lane = cards(creator, CardKind.MADE)
    rows = creator.window.tree.tree.rows
    in_tree = [row for n in range(rows.rowCount()) if (row := rows.row(n)) and row.kind is RowKind.FILM]
    sums = [sum(card.seconds for card in in_lane), sum(row.seconds or 0.0 for row in in_tree)]
    sums.append(creator.window.film.ruler.maximum() / 1000)
    same = [card.seconds for card in in_lane] == [row.seconds for row in in_tree]
    return shown > 0 and same and sums == pytest.approx([shown] * 3, abs=2 * step)


async def test_a_branch_that_was_split_off_is_in_lane_ruler_and_tree_as_it_plays(start: Start, tmp_path: Path) -> None:
    async with start() as creator:
        creator.window.show_rail(TREE)
        drops(creator.window, film(tmp_path / "Pond.mp4", range(30), size=(320, 180)))
        await creator.sees(lambda: creator.form.extension().video_id.startswith("file:"), "the video in the form")
        root = creator.form.extension().video_id
        first = await _goes_on(creator, "A duck lands", hops=1)
        await creator.sees(lambda: _agree(creator), "one length everywhere")
        clip = creator.newest()
        assert clip is not None
        creator.tasks.extend_asked.emit(clip)
        await creator.sees(lambda: creator.form.extension().video_id not in ("", root), "the take in the form")
        second = await _goes_on(creator, "It swims off", hops=2)
        await creator.sees(lambda: _agree(creator), "one length everywhere")
        whole = creator.viewer.duration_seconds

        creator.window.tree.tree.way_chosen.emit(second, WayOn.KEEP)
        await creator.sees(lambda: made(creator) == [made(creator)[0], "A duck lands"], "the film without it")
        kept = creator.program.window.film_menu
        kept.aboutToShow.emit()
        next(action for action in kept.actions() if action.text() == "It swims off").trigger()
        await creator.sees(lambda: made(creator) == ["It swims off"], "the film of its own")
        await creator.sees(lambda: abs(creator.viewer.duration_seconds - whole) < 0.01, "all of it on the stage")
        await creator.sees(lambda: _agree(creator), "one length everywhere")
        seams = creator.window.seams
        await creator.sees(lambda: len(seams.seams) == 2, "both seams")
        marks = [mark.seconds for mark in creator.viewer.transport.strip.marks]
        assert marks == sorted(marks)
        assert len(marks) == 2
        assert 0 < marks[0] < marks[1] < whole

        ruler = creator.window.film.ruler
        left, room = scaled(EDGE), ruler.width() - 2 * scaled(EDGE)
        place = QPoint(round(left + (marks[0] / 2) / ruler.span * room), scaled(10))
        QTest.mouseClick(ruler, Qt.MouseButton.LeftButton, pos=place)
        await creator.sees(lambda: abs(creator.viewer.position_seconds - marks[0] / 2) < 0.2, "what is before the seam")
        assert first != second
        picture, loupe = creator.viewer.picture, creator.viewer.findChild(Loupe)
        assert isinstance(loupe, Loupe)
        picture.setFocus()
        QTest.keyPress(picture, Qt.Key.Key_Z)
        await creator.sees(loupe.isVisible, "the loupe over what is before the seam")
        assert (picture.image.width(), picture.image.height()) == (320, 180), "of the film's own pixels"
        QTest.keyRelease(picture, Qt.Key.Key_Z)
        await creator.sees(lambda: not loupe.isVisible(), "it to go")


async def _split_off(creator: Creator, folder: Path) -> None:
    """A dropped video, two takes that continue it, and what continues the newer one: that as a film of its own."""
    creator.window.show_rail(TREE)
    drops(creator.window, film(folder / "Pond.mp4", range(30), size=(320, 180)))
    await creator.sees(lambda: creator.form.extension().video_id.startswith("file:"), "the video in the form")
    root = creator.form.extension().video_id
    await next_take(creator, root, "A duck lands")
    clip = await next_take(creator, root, "A heron lands")
    await next_take(creator, clip.id, "It swims off")
    await creator.sees(lambda: made(creator)[1:] == ["A heron lands", "It swims off"], "the film")
    newest = creator.newest()
    assert newest is not None
    creator.window.tree.tree.way_chosen.emit(newest.id, WayOn.KEEP)
    await creator.sees(lambda: made(creator)[1:] == ["A heron lands"], "the film without it")
    menu = creator.window.film_menu
    menu.aboutToShow.emit()
    next(action for action in menu.actions() if action.text() == "It swims off").trigger()
    await creator.sees(lambda: made(creator) == ["It swims off"] and _agree(creator), "the film of its own")


async def test_when_the_split_is_taken_back_the_film_to_which_the_take_went_is_open(
    start: Start, tmp_path: Path
) -> None:
    async with start() as creator:
        await _split_off(creator, tmp_path)
        commands, whole = creator.window.menu_bar.commands, creator.viewer.duration_seconds
        assert commands["undo"].text() == "Undo: Split off a film"
        commands["undo"].trigger()
        await creator.sees(lambda: made(creator) == ["Pond", "A heron lands", "It swims off"], "the film as it was")
        await creator.sees(lambda: _agree(creator), "one length everywhere")
        assert creator.viewer.duration_seconds == pytest.approx(whole, abs=0.01)
        commands["redo"].trigger()
        await creator.sees(lambda: made(creator) == ["Pond", "A heron lands"], "it without what was split off")
        creator.window.film_menu.aboutToShow.emit()
        merge = next(each.menu() for each in creator.window.film_menu.actions() if each.text() == "Merge into it")
        assert isinstance(merge, QMenu)
        next(action for action in merge.actions() if action.text() == "It swims off").trigger()
        await creator.sees(lambda: made(creator) == ["Pond", "A heron lands", "It swims off"], "it where it grew")
        await creator.sees(lambda: _agree(creator), "one length everywhere")
        assert [card.takes for card in cards(creator, CardKind.MADE)] == [1, 2, 1], "one root, as before"


async def test_what_was_split_off_is_exported_and_archived_whole(
    start: Start, sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    async with start() as creator:
        await _split_off(creator, tmp_path)
        whole = creator.viewer.duration_seconds
        hops = await exported(creator, What.HOPS, "h264-small", out, count=3)
        assert [hop.stem.split("_")[2] for hop in hops] == ["h00", "h01", "h02"]
        assert ["A heron lands" in hop.stem for hop in hops] == [False, True, False]
        (sheet,) = await exported(creator, What.FILM, "contact-sheet", out)
        assert not QImage(str(sheet)).isNull()
        (archive,) = await exported(creator, What.FILM, "archive", out)
    from kling_desktop.app import Options, opened

    keys = {"KLING_ACCESS_KEY": sandbox.access_key, "KLING_SECRET_KEY": sandbox.secret_key}
    monkeypatch.setenv("HOME", str(tmp_path))
    options = Options(data_dir=tmp_path / "another", api_base=sandbox.url, pace=QUICK)
    async with opened(options, keys) as program:
        program.window.show()
        creator = Creator(program, sandbox)
        gate = program.window.findChild(DropGate)
        assert gate is not None
        gate.files_dropped.emit([archive])
        await creator.sees(lambda: "as it was archived" in creator.banners(), "the film to be here", timeout=60)
        await creator.sees(lambda: made(creator)[1:] == ["A heron lands", "It swims off"], "all that it is")
        await creator.sees(lambda: abs(creator.viewer.duration_seconds - whole) < 0.01, "all of it on the stage")
        await creator.sees(lambda: _agree(creator), "one length everywhere")
        program.window.close()
