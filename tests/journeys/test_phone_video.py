"""A phone video is dropped, continued three times, judged, trimmed and exported: by mouse, and by keyboard alone."""

from __future__ import annotations

from pathlib import Path

import av
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QComboBox, QDialogButtonBox

from kling_desktop.media.film.conform import film_shape
from kling_desktop.media.frame_times import frame_times
from kling_desktop.studio.films.handing_over.pieces import What
from kling_desktop.ui.film.film_view import Card, CardKind
from kling_desktop.ui.seams.join_dialog import JoinDialog
from tests.harness.continuations import Scene, write_clip
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator
from tests.journeys.test_handing_over import exported
from tests.journeys.test_import import drops
from tests.journeys.test_plan import cards

CTRL = Qt.KeyboardModifier.ControlModifier
WORDS = ("A duck lands", "It swims to the reeds", "Rain begins")


def phone_video(file: Path) -> Path:
    """A second of an upright film with sound, such as a phone makes."""
    scene = Scene(3, 360, 640, pixels_per_frame=2)
    return write_clip(file, [scene.view(number) for number in range(24)], tone_hz=440)


def made(creator: Creator) -> list[Card]:
    return cards(creator, CardKind.MADE)


async def sees_hop(creator: Creator, number: int) -> None:
    """Wait until so many hops are made, and the newest of them is on the stage."""
    await creator.sees(lambda: len(made(creator)) == number + 1 and creator.form.sent, f"hop {number}")


async def sees_seams(creator: Creator, count: int) -> None:
    seams = creator.window.seams
    await creator.sees(lambda: len(seams.seams) == count and all(seam.meters for seam in seams.seams), "its seams")


async def sees_join(creator: Creator) -> JoinDialog:
    """Wait for the dialog, its beginning looked at."""
    dialog = await creator.sees(lambda: creator.window.findChild(JoinDialog), "the dialog of the join")
    await creator.sees(dialog.trim.isEnabled, "what is known of the join")
    return dialog


async def test_a_phone_video_is_continued_three_times_trimmed_and_exported_by_mouse(
    start: Start, tmp_path: Path
) -> None:
    mine = phone_video(tmp_path / "Pond.mp4")
    before = mine.read_bytes()
    async with start() as creator:
        drops(creator.window, mine)
        await creator.sees(lambda: creator.form.extension().video_id.startswith("file:"), "the video in the form")
        creator.clicks(creator.form.fields.options.title)
        _choose(creator.form.fields.generation.seconds, "3 s")
        for number, words in enumerate(WORDS, 1):
            if number > 1:
                _click_card(creator, number - 1)
                _choose_in_menu(creator, "Extend from here")
            creator.writes(words)
            creator.clicks(creator.form.button)
            await sees_hop(creator, number)
        await sees_seams(creator, 3)
        assert [card.words for card in made(creator)][1:] == list(WORDS)
        assert len(creator.viewer.transport.strip.marks) == 3
        whole = creator.viewer.duration_seconds

        _click_card(creator, 2)
        await sees_seams(creator, 2)
        _choose_in_menu(creator, "Adjust the join…")
        dialog = await sees_join(creator)
        creator.clicks(dialog.trim, QPoint(dialog.trim.width() - 8, dialog.trim.height() // 2))
        await creator.sees(dialog.trim.value, "frames to be left out")
        trimmed = dialog.trim.value()
        creator.clicks(dialog.buttons.button(QDialogButtonBox.StandardButton.Close))
        _click_card(creator, 3)
        shorter = whole - trimmed / 24
        await creator.sees(lambda: abs(creator.viewer.duration_seconds - shorter) < 0.03, "the shorter film")
        await sees_seams(creator, 3)

        (file,) = await exported(creator, What.FILM, "h264-small", tmp_path)
        _judge(creator, file, shorter)
    assert mine.read_bytes() == before, "the creator's file is never changed"


def _judge(creator: Creator, film: Path, seconds: float) -> None:
    """It is upright, as long as what was played, has sound, and each hop was paid for once."""
    shape = film_shape(film)
    assert shape.height > shape.width
    assert float(frame_times(film).end) == pytest.approx(seconds, abs=0.03)
    with av.open(str(film)) as container:
        assert container.streams.audio
    books = creator.ask("audit")
    assert [task["created"] for task in books["tasks"].values()] == [1, 1, 1]


def _choose(box: QComboBox, words: str) -> None:
    """Choose a line of a list that drops down."""
    box.setCurrentIndex(box.findText(words))
    box.activated.emit(box.currentIndex())


def _click_card(creator: Creator, hop: int) -> None:
    lane = creator.window.film.cards
    row = next(row for row in range(lane.cards.rowCount()) if (card := lane.cards.card(row)) and card.hop == hop)
    creator.clicks(lane.viewport(), lane.visualRect(lane.cards.index(row, 0)).center())


def _choose_in_menu(creator: Creator, words: str) -> None:
    """Choose a line of the menu over the stage."""
    menu = creator.window.seams.take_head.menu
    menu.aboutToShow.emit()
    next(action for action in menu.actions() if action.text() == words).trigger()
