"""A phone video is dropped, continued three times, judged, trimmed and exported: by mouse, and by keyboard alone."""

from __future__ import annotations

from pathlib import Path

import av
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDialogButtonBox, QFileDialog, QWidget

from kling_desktop.media.film.conform import film_shape
from kling_desktop.media.frame_times import frame_times
from kling_desktop.studio.films.handing_over.pieces import What
from kling_desktop.ui.film.film_view import Card, CardKind
from kling_desktop.ui.seams.join_dialog import JoinDialog
from tests.harness.media.continuations import Scene, write_clip
from tests.journeys.conftest import Start
from tests.journeys.creator import Creator
from tests.journeys.extending.dropping import drops
from tests.journeys.films.lane import cards, click_card
from tests.journeys.handing_over.exporting import exported, shown_dialog, written

CTRL = Qt.KeyboardModifier.ControlModifier
WORDS = ("A duck lands", "It swims to the reeds", "Rain begins")


def phone_video(file: Path) -> Path:
    """A second of an upright film with sound, such as a phone makes."""
    scene = Scene(3, 304, 540, pixels_per_frame=2)
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
                click_card(creator, number - 1)
                _choose_in_menu(creator, "Extend from here")
            creator.writes(words)
            creator.clicks(creator.form.button)
            await sees_hop(creator, number)
        await sees_seams(creator, 3)
        assert [card.words for card in made(creator)][1:] == list(WORDS)
        assert len(creator.viewer.transport.strip.marks) == 3
        whole = await _sees_whole(creator)
        view = creator.window.seams
        view.commands["seam_view"].trigger()
        await creator.sees(lambda: len(view.drift.hops) == 4, "how far the whole film has drifted, not its last clip")
        view.commands["seam_view"].trigger()

        click_card(creator, 2)
        await sees_seams(creator, 2)
        _choose_in_menu(creator, "Adjust the join…")
        dialog = await sees_join(creator)
        creator.clicks(dialog.trim, QPoint(dialog.trim.width() - 8, dialog.trim.height() // 2))
        await creator.sees(dialog.trim.value, "frames to be left out")
        trimmed = dialog.trim.value()
        creator.clicks(dialog.buttons.button(QDialogButtonBox.StandardButton.Close))
        click_card(creator, 3)
        shorter = await _sees_shorter(creator, whole, trimmed)
        await sees_seams(creator, 3)

        (file,) = await exported(creator, What.FILM, "h264-small", tmp_path)
        _judge(creator, file, shorter)
    assert mine.read_bytes() == before, "the creator's file is never changed"


async def test_the_same_by_keyboard_alone(start: Start, tmp_path: Path) -> None:
    mine = phone_video(tmp_path / "Pond.mp4")
    async with start() as creator:
        _press(Qt.Key.Key_O, CTRL)
        dialog = await creator.sees(lambda: creator.window.findChild(QFileDialog), "the dialog")
        await creator.sees(dialog.isActiveWindow, "the dialog to be active")
        _type(str(mine))
        _press(Qt.Key.Key_Return)
        edit = creator.form.fields.prompt.edit
        await creator.sees(lambda: creator.form.extension().video_id.startswith("file:"), "the video in the form")
        await _comes_back(creator)
        await creator.sees(edit.hasFocus, "the cursor where the words go")
        _type(WORDS[0])
        _tab_to(creator.form.fields.options.title)
        _press(Qt.Key.Key_Space)
        _tab_to(creator.form.fields.generation.seconds)
        _press(Qt.Key.Key_Up)
        _press(Qt.Key.Key_Up)
        assert creator.form.fields.generation.generation().seconds == 3
        _press(Qt.Key.Key_Return, CTRL)
        await sees_hop(creator, 1)
        for number, words in enumerate(WORDS[1:], 2):
            _go_to_lane(creator)
            _press(Qt.Key.Key_Home)
            for _ in range(number - 1):
                _press(Qt.Key.Key_Right)
            _press(Qt.Key.Key_E)
            await creator.sees(edit.hasFocus, "the cursor where the words go")
            _press(Qt.Key.Key_A, CTRL)
            _type(words)
            _press(Qt.Key.Key_Return, CTRL)
            await sees_hop(creator, number)
        await sees_seams(creator, 3)
        whole = await _sees_whole(creator)

        _go_to_lane(creator)
        _press(Qt.Key.Key_Home)
        _press(Qt.Key.Key_Right)
        _press(Qt.Key.Key_Right)
        await sees_seams(creator, 2)
        _press(Qt.Key.Key_V)
        assert creator.window.seams.head.title.startswith("Seam 2 of 2")
        assert creator.window.seams.meters.isVisible()
        _press(Qt.Key.Key_Escape)
        _go_to_lane(creator)
        _press(Qt.Key.Key_J)
        join = await sees_join(creator)
        await creator.sees(join.isActiveWindow, "the dialog to be active")
        _tab_to(join.trim)
        for _ in range(3):
            _press(Qt.Key.Key_Right)
        _press(Qt.Key.Key_Escape)
        await _comes_back(creator)
        _go_to_lane(creator)
        _press(Qt.Key.Key_Right)
        shorter = await _sees_shorter(creator, whole, 3)
        await sees_seams(creator, 3)

        _press(Qt.Key.Key_S, CTRL, Qt.KeyboardModifier.ShiftModifier)
        export = await creator.sees(shown_dialog, "the dialog of exports")
        await creator.sees(export.isActiveWindow, "the dialog to be active")
        _tab_to(export.folder)
        _press(Qt.Key.Key_A, CTRL)
        _type(str(tmp_path))
        await creator.sees(export.export_button.isEnabled, "that it can be made")
        _press(Qt.Key.Key_Return)
        (file,) = await creator.sees(lambda: written(creator), "the film to be written", 60)
        _judge(creator, file, shorter)


async def _sees_whole(creator: Creator) -> float:
    """Wait for the film of a second and three clips of three, which comes a moment after its seams; its length."""
    await creator.sees(lambda: creator.viewer.duration_seconds > 9, "the whole film")
    return creator.viewer.duration_seconds


async def _sees_shorter(creator: Creator, whole: float, frames: int) -> float:
    """Wait until the film is shorter by so many frames of a clip, whose rate is the model's; its new length."""
    least, most = whole - frames / 24 - 0.03, whole - frames / 30 + 0.03
    await creator.sees(lambda: least < creator.viewer.duration_seconds < most, "the shorter film", 90)
    return creator.viewer.duration_seconds


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


def _choose_in_menu(creator: Creator, words: str) -> None:
    """Choose a line of the menu over the stage."""
    menu = creator.window.seams.take_head.menu
    menu.aboutToShow.emit()
    next(action for action in menu.actions() if action.text() == words).trigger()


async def _comes_back(creator: Creator) -> None:
    """The dialog is gone, and the window has the keys again; a bare virtual screen has nobody to see to it."""
    creator.window.activateWindow()
    await creator.sees(creator.window.isActiveWindow, "the window to be active again")


def _press(key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
    """Where the focus is now: no widget is told apart."""
    together = Qt.KeyboardModifier.NoModifier
    for modifier in modifiers:
        together |= modifier
    QTest.keyClick(_focused(), key, together)


def _type(text: str) -> None:
    QTest.keyClicks(_focused(), text)


def _focused() -> QWidget:
    focused = QApplication.focusWidget() or QApplication.activeWindow()
    assert focused is not None, "nothing hears the keys"
    return focused


def _tab_to(widget: QWidget) -> None:
    """Press Tab until a widget has the focus."""
    for _ in range(60):
        if widget.hasFocus():
            return
        _press(Qt.Key.Key_Tab)
    raise AssertionError(f"Tab never comes to {widget}; it is at {_focused()}")


def _go_to_lane(creator: Creator) -> None:
    """Press F6 until the film has the focus, and Tab until its cards have it."""
    film = creator.window.film
    for _ in range(8):
        if film.isAncestorOf(_focused()):
            break
        _press(Qt.Key.Key_F6)
    _tab_to(film.cards)
