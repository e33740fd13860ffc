"""The seam view over a real film: by key and by click, its ways of looking, and that it leaves all as it was."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QColor, QImage
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenuBar, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from kling_desktop.domain.analysis import HopLook, Measure, Meter, Seam, SeamStills, Verdict
from kling_desktop.domain.clips import Clip
from kling_desktop.ui.key_map import KeyMap
from kling_desktop.ui.painted.shapes import Shape
from kling_desktop.ui.seams.seam_foot import DRIFT
from kling_desktop.ui.seams.seam_head import LOOKS
from kling_desktop.ui.seams.seam_keys import seam_commands
from kling_desktop.ui.seams.seam_stage import Look
from kling_desktop.ui.seams.seam_view import SeamView
from kling_desktop.ui.viewer import viewer_keys
from kling_desktop.ui.viewer.viewer import Viewer
from tests.harness.media.films import make_film

_SOFTER = Meter(Measure.SHARPNESS, -45.0, 0.75, Verdict.BAD)
_STEADY = Meter(Measure.COLOUR, 0.3, 0.1, Verdict.CLEAN)
SEAMS = (
    Seam(1, 24, 1.0, 1.0, "Rain begins", (_STEADY,)),
    Seam(2, 48, 2.0, 1.0, "Rain ends", (_SOFTER,)),
    Seam(3, 72, 3.0, 1.0, "", (_STEADY,)),
)
HOPS = tuple(HopLook(hop, float(hop), 1.0 * hop, 0.0, 0.0) for hop in range(4))


class Room(NamedTuple):
    window: QWidget
    viewer: Viewer
    view: SeamView
    field: QLineEdit


@pytest.fixture(scope="module")
def standing(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """One viewer for all tests, as the program has one for its life."""
    window = QWidget()
    keys = KeyMap((*viewer_keys.commands(), *seam_commands()), window)
    viewer = Viewer(window, keys=keys)
    room = Room(window, viewer, SeamView(viewer, keys, window), QLineEdit(window))
    menus = QMenuBar(window)  # an action in a menu hears its keys while its panel is hidden
    menus.addMenu("Playback").addActions([*viewer.menu(), *room.view.menu()])
    column = QVBoxLayout(window)
    column.setMenuBar(menus)
    column.addWidget(room.view, 1)
    column.addWidget(room.field)
    window.resize(800, 600)
    window.show()
    window.activateWindow()
    viewer.show_clip(Clip("film", file=make_film(tmp_path_factory.mktemp("films") / "film.mp4", frames=96)))
    yield room
    viewer.close()
    window.close()
    window.deleteLater()


@pytest.fixture
def room(standing: Room, qtbot: QtBot) -> Room:
    standing.window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is standing.window)
    qtbot.waitUntil(lambda: standing.viewer.duration_seconds > 3)
    standing.view.clear()
    standing.viewer.pause()
    standing.viewer.seek(0)
    qtbot.waitUntil(lambda: standing.viewer.position_seconds == 0)
    standing.view.stage.choose(Look.SPLIT)
    standing.view.stage.move_split(0.5)
    standing.view.show_seams(SEAMS)
    standing.viewer.setFocus()
    return standing


@pytest.fixture
def stills(tmp_path: Path) -> SeamStills:
    made = SeamStills(*(tmp_path / f"{name}.png" for name in ("before", "after", "difference")))
    for file, colour in ((made.before, "#ff0000"), (made.after, "#00ff00"), (made.difference, "#0000ff")):
        image = QImage(160, 90, QImage.Format.Format_RGB32)
        image.fill(QColor(colour))
        assert image.save(str(file))
    return made


def press(room: Room, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget() or room.window, key, modifiers)


def colour(room: Room, across: float, down: float) -> str:
    """Of the stage, at a part of its width and height."""
    stage = room.view.stage
    return stage.grab().toImage().pixelColor(int(stage.width() * across), int(stage.height() * down)).name()


def sees(room: Room, qtbot: QtBot, at: tuple[float, float], wanted: str) -> None:
    qtbot.waitUntil(lambda: colour(room, *at) == wanted)


def test_one_key_opens_it_where_the_film_stands_and_esc_leaves(room: Room, qtbot: QtBot) -> None:
    room.viewer.seek(2.4)
    qtbot.waitUntil(lambda: room.viewer.position_seconds > 2.3)
    wanted = QSignalSpy(room.view.stills_wanted)
    press(room, Qt.Key.Key_V)
    assert room.view.is_open
    assert room.view.head.title == "Seam 2 of 3 · 0:02.0 · gets softer"
    assert [wanted.at(n)[0] for n in range(wanted.count())] == [48]
    assert room.view.stage.isVisible()
    assert room.viewer.transport.isVisible(), "strip and transport stay beneath it"
    qtbot.waitUntil(lambda: room.viewer.position_seconds == 2.0)
    press(room, Qt.Key.Key_Escape)
    assert not room.view.stage.isVisible()
    assert not room.view.foot.isVisible()
    assert not room.view.head.isVisible()


def test_letters_typed_into_a_field_stay_letters(room: Room) -> None:
    room.field.setFocus()
    QTest.keyClicks(room.field, "vdbr")
    assert room.field.text() == "vdbr"
    assert not room.view.is_open
    room.field.clear()


def test_a_mark_its_place_and_shift_v_open_it_too(room: Room, qtbot: QtBot) -> None:
    strip = room.viewer.transport.strip
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=strip.mark_place(3))
    assert room.view.is_open
    assert room.view.at == 2
    room.view.leave()
    QTest.mouseClick(room.view.place.face, Qt.MouseButton.LeftButton)
    assert room.view.is_open
    room.view.leave()
    press(room, Qt.Key.Key_V, Qt.KeyboardModifier.ShiftModifier)
    assert room.view.at == 1


def test_the_line_between_the_frames_is_dragged(room: Room, stills: SeamStills, qtbot: QtBot) -> None:
    red, green = "#ff0000", "#00ff00"
    room.view.open(0)
    room.view.show_stills(24, stills)
    stage = room.view.stage
    sees(room, qtbot, (0.4, 0.5), red)
    sees(room, qtbot, (0.6, 0.5), green)
    middle = stage.rect().center()
    QTest.mousePress(stage, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(stage, QPoint(stage.width() * 7 // 10, middle.y()))
    QTest.mouseRelease(stage, Qt.MouseButton.LeftButton, pos=QPoint(stage.width() * 7 // 10, middle.y()))
    sees(room, qtbot, (0.6, 0.6), red)
    before = stage.split
    QTest.keyClick(stage, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert stage.split < before
    assert room.view.at == 0


def test_both_frames_side_by_side_the_difference_and_blinking(room: Room, stills: SeamStills, qtbot: QtBot) -> None:
    left, right, red, green, blue = (0.25, 0.5), (0.75, 0.5), "#ff0000", "#00ff00", "#0000ff"
    room.view.open(0)
    room.view.show_stills(24, stills)
    choose(room, Look.PAIR)
    if room.view.stage.width() < room.view.stage.height() * 1.8:
        left, right = (0.5, 0.25), (0.5, 0.75)
    sees(room, qtbot, left, red)
    sees(room, qtbot, right, green)
    press(room, Qt.Key.Key_D)
    sees(room, qtbot, (0.5, 0.4), blue)
    assert room.view.head.looks.choice == LOOKS.index(Look.DIFFERENCE)
    press(room, Qt.Key.Key_D)
    sees(room, qtbot, (0.3, 0.5), red)
    stage = room.view.stage
    QTest.keyPress(stage, Qt.Key.Key_B)
    assert stage.is_blinking
    sees(room, qtbot, (0.5, 0.45), green)
    sees(room, qtbot, (0.5, 0.45), red)
    QTest.keyRelease(stage, Qt.Key.Key_B)
    assert not stage.is_blinking
    choose(room, Look.BLINK)
    assert stage.is_blinking
    choose(room, Look.SPLIT)
    assert not stage.is_blinking
    choose(room, Look.BLINK)
    room.view.leave()
    assert not stage.is_blinking


def choose(room: Room, look: Look) -> None:
    QTest.mouseClick(room.view.head.looks._group.button(LOOKS.index(look)), Qt.MouseButton.LeftButton)


def test_frames_that_come_late_are_not_shown_at_another_seam(room: Room, stills: SeamStills) -> None:
    room.view.open(0)
    room.view.step(1)
    room.view.show_stills(24, stills)
    assert room.view.stage.stills is None
    room.view.show_no_stills(48, "The file is gone")
    assert room.view.stage.accessibleDescription() == "The file is gone"


def test_arrows_go_from_seam_to_seam(room: Room) -> None:
    room.view.open(0)
    for key, at in ((Qt.Key.Key_Down, 1), (Qt.Key.Key_Right, 2), (Qt.Key.Key_Down, 2), (Qt.Key.Key_Up, 1)):
        press(room, key)
        assert room.view.at == at
        assert room.view.place.face.text() == f"Seam {at + 1} of 3"
    assert room.view.meters.rows[Measure.SHARPNESS].word == "gets softer"
    press(room, Qt.Key.Key_Space)
    assert room.view.commands["seam_loop"].isChecked(), "not played unseen"


def test_the_loop_stays_around_the_seam_and_gives_all_back(room: Room, qtbot: QtBot) -> None:
    room.viewer.marks.mark_start(0.5)
    room.view.open(1)
    press(room, Qt.Key.Key_R)
    assert not room.view.stage.isVisible(), "the film itself is seen"
    QTest.mouseClick(room.view.head._speeds.button(1), Qt.MouseButton.LeftButton)
    assert room.viewer.rate == 0.5
    places: list[float] = []
    room.viewer.position_changed.connect(places.append)
    qtbot.waitUntil(lambda: len(places) > 6)
    room.viewer.position_changed.disconnect(places.append)
    assert room.viewer.marks.loops
    assert all(0.9 <= place <= 3.1 for place in places[1:])
    room.view.leave()
    assert (room.viewer.marks.start, room.viewer.marks.end, room.viewer.marks.loops) == (0.5, None, False)
    assert room.viewer.rate == 1.0
    assert not room.viewer.playing
    room.viewer.marks.clear()


def test_its_place_follows_the_film(room: Room, qtbot: QtBot) -> None:
    for seconds, at in ((1.5, 0), (3.2, 2), (0.2, None)):
        room.viewer.seek(seconds)
        qtbot.waitUntil(partial(_is_at, room.view, at))
    assert room.view.place.words == "3 seams"


def test_marks_tell_shape_and_word_of_every_seam(room: Room) -> None:
    marks = room.viewer.transport.strip.marks
    assert [(mark.shape, mark.word) for mark in marks] == [
        (Shape.CLEAN, ""),
        (Shape.BAD, "sharpness"),
        (Shape.CLEAN, ""),
    ]


def test_whoever_goes_elsewhere_in_the_film_sees_it(room: Room, qtbot: QtBot) -> None:
    room.view.open(1)
    qtbot.waitUntil(lambda: room.viewer.position_seconds == 2.0)
    room.viewer.seek(0.5)
    qtbot.waitUntil(lambda: not room.view.is_open)
    room.view.open(0)
    qtbot.waitUntil(lambda: room.viewer.position_seconds == 1.0)
    assert room.view.is_open
    room.viewer.play()
    qtbot.waitUntil(lambda: not room.view.is_open)
    room.viewer.pause()


def _is_at(view: SeamView, at: int | None) -> bool:
    return view.at == at


def test_the_drift_of_a_chain_is_asked_for_and_a_single_hop_has_none(room: Room, qtbot: QtBot) -> None:
    with qtbot.waitSignal(room.view.drift_wanted):
        room.view.open(0)
    room.view.show_drift(HOPS)
    QTest.mouseClick(room.view.foot.faces._group.button(DRIFT), Qt.MouseButton.LeftButton)
    assert room.view.drift.isVisible()
    assert not room.view.meters.isVisible()
    room.view.show_drift(HOPS[:2])
    assert not room.view.drift.isVisible()
    assert room.view.meters.isVisible()
    assert not room.view.foot.faces._group.button(DRIFT).isEnabled()


def test_another_take_keeps_the_view_open_at_the_same_seam(room: Room) -> None:
    room.view.open(1)
    room.view.wait()
    assert room.view.head.title == "Looking for the seams…"
    room.view.show_seams(SEAMS[:2])
    assert room.view.is_open
    assert room.view.head.title.startswith("Seam 2 of 2")
    room.view.clear()
    assert not room.view.is_open


def test_its_key_says_why_there_is_no_seam(room: Room, qtbot: QtBot) -> None:
    room.view.clear()
    press(room, Qt.Key.Key_V)
    assert (room.view.is_open, room.viewer.picture.told) == (False, "There is no seam in this film yet.")
    room.view.fail("The film could not be read.")
    press(room, Qt.Key.Key_V)
    assert room.viewer.picture.told == "The film could not be read."


def test_opened_before_the_seams_are_found_it_waits_for_the_newest_one(room: Room, qtbot: QtBot) -> None:
    room.view.wait()
    press(room, Qt.Key.Key_V)
    assert room.view.is_open
    assert room.view.head.title == "Looking for the seams…"
    press(room, Qt.Key.Key_Space)  # nothing to loop yet
    room.view.show_seams(SEAMS[:2])
    assert room.view.head.title.startswith("Seam 2 of 2")
    press(room, Qt.Key.Key_Escape)
    room.view.wait()
    press(room, Qt.Key.Key_V)
    press(room, Qt.Key.Key_V)
    assert not room.view.is_open


def test_no_key_is_taken_twice(room: Room) -> None:
    keys = room.view._keys
    assert [c.name for c in keys.commands for key in keys.keys(c.name) if keys.rivals(c.name, key)] == []


def test_what_is_painted_has_a_role_a_name_and_a_description(room: Room) -> None:
    room.view.open(1)
    for painted in (room.viewer.picture, room.view.stage, room.view.drift._plot, *room.view.meters.rows.values()):
        spoken = QAccessible.queryAccessibleInterface(painted)
        assert spoken.role() != QAccessible.Role.Client, "a filler, to a screen reader"
        assert spoken.text(QAccessible.Text.Name)
    assert room.view.stage.accessibleDescription()
    row = QAccessible.queryAccessibleInterface(room.view.meters.rows[Measure.SHARPNESS])
    assert row.text(QAccessible.Text.Name) == "Sharpness −45 % gets softer"


def test_in_a_narrow_stage_the_seams_name_and_the_meters_names_keep_their_room(room: Room, qtbot: QtBot) -> None:
    room.view.open(1)
    room.window.resize(580, 600)
    try:
        qtbot.waitUntil(lambda: room.view.head.width() < 600)
        qtbot.waitUntil(lambda: room.view.head._line.width() > 120)
        meter = room.view.meters.rows[Measure.COLOUR]
        qtbot.waitUntil(lambda: meter.height() == meter.sizeHint().height())  # bar and word are not squeezed away
        assert room.view.foot.faces.geometry().bottom() < room.view.meters.mapTo(room.view.foot, QPoint(0, 0)).y()
    finally:
        room.window.resize(800, 600)
