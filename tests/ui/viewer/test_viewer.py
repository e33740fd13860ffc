"""The viewer plays real films: frames are counted at the sink and recognised by the number that they show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple

import numpy as np
import pytest
from PySide6.QtCore import QEventLoop, QPoint, Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from kling_desktop.domain.clips import Clip
from kling_desktop.ui.viewer.shown import Shown
from kling_desktop.ui.viewer.viewer import FIRST_VOLUME, Viewer
from tests.harness.media.films import film as harness_film
from tests.harness.media.films import make_film, number_on, voice_memo, with_index_first
from tests.harness.media.matrices import WAYS, cornered_film, corners_of, corners_shown


class Films(NamedTuple):
    f24: Path
    f30: Path
    sound: Path
    folder: Path


class Room(NamedTuple):
    """A window with the viewer and neighbours, as in the program."""

    window: QWidget
    viewer: Viewer
    field: QLineEdit
    button: QPushButton
    complaints: list[str]


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Films:
    folder = tmp_path_factory.mktemp("films")
    return Films(
        make_film(folder / "f24.mp4", fps=24),
        make_film(folder / "f30.mp4", fps=30, frames=60),
        make_film(folder / "sound.mp4", fps=24, sound=True),
        folder,
    )


@pytest.fixture(scope="module")
def standing(qapp: QApplication) -> Iterator[Room]:
    """One viewer for all tests, as the program has one for its life."""
    window, complaints = QWidget(), list[str]()
    viewer, field, button = Viewer(window), QLineEdit(window), QPushButton("Extend", window)
    viewer.failed.connect(complaints.append)
    column = QVBoxLayout(window)
    for part in (viewer, field, button):
        column.addWidget(part)
    window.resize(900, 640)
    window.show()
    QTest.qWaitForWindowExposed(window)
    yield Room(window, viewer, field, button, complaints)
    viewer.close()
    window.close()
    _run_loop()  # the commands to the player are queued
    window.deleteLater()
    _run_loop()


def _run_loop() -> None:
    """Let queued commands be done, with Python's lock free: `QTest.qWait` holds it, and Qt's audio thread wants it."""
    loop = QEventLoop()
    QTimer.singleShot(50, loop.quit)
    loop.exec()


@pytest.fixture
def room(standing: Room, qtbot: QtBot) -> Room:
    viewer = standing.viewer
    viewer.show_clip(None)
    viewer.marks.set_looping(False)
    viewer.set_looping(False)
    viewer.set_rate(1.0)
    viewer.set_volume(FIRST_VOLUME)
    standing.complaints.clear()
    standing.window.activateWindow()
    standing.window.setFocus()
    return standing


class _Media(SimpleHTTPRequestHandler):
    """Serves a folder; of a file whose name begins with "cut" only a part, though it promises the whole."""

    def log_message(self, format: str, *args: object) -> None: ...

    def do_GET(self) -> None:
        if "/cut" not in self.path:
            super().do_GET()
            return
        whole = Path(self.translate_path(self.path)).read_bytes()
        self.send_response(200)
        self.send_header("Content-Length", str(len(whole)))
        self.end_headers()
        self.wfile.write(whole[: len(whole) * 6 // 10])
        self.close_connection = True


@pytest.fixture
def address(films: Films) -> Iterator[str]:
    """A media host on loopback that serves the films' folder."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Media, directory=str(films.folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def clip(file: Path | None = None, *, name: str = "", url: str = "") -> Clip:
    return Clip(name or str(file), file=file, url=url)


def shown(viewer: Viewer) -> int:
    return number_on(viewer.picture.image) if not viewer.picture.image.isNull() else -1


def opened(qtbot: QtBot, viewer: Viewer, film: Path) -> None:
    """Open a film and wait for its first frame at the sink."""
    before = viewer.frames_seen
    viewer.show_clip(clip(film))
    qtbot.waitUntil(lambda: viewer.frames_seen > before and shown(viewer) == 0)


def arrived(qtbot: QtBot, viewer: Viewer, frame: int) -> None:
    qtbot.waitUntil(lambda: shown(viewer) == frame, timeout=5000)


# --- playing ---


def test_a_clip_opens_paused_on_its_first_frame(room: Room, films: Films, qtbot: QtBot) -> None:
    opened(qtbot, room.viewer, films.f24)
    assert not room.viewer.playing
    assert room.viewer.fps == 24
    assert room.viewer.duration_seconds == pytest.approx(2.0, abs=0.01)
    assert room.viewer.transport.clock == "0:00.0 / 0:02.0 · frame 1 of 48"
    assert room.viewer.transport.frame.text() == "frame 1 of 48"


def test_playing_shows_every_frame_and_stops_on_the_last(room: Room, films: Films, qtbot: QtBot) -> None:
    opened(qtbot, room.viewer, films.f24)
    seen = room.viewer.frames_seen
    positions: list[float] = []
    room.viewer.position_changed.connect(positions.append)
    room.viewer.play()
    assert room.viewer.playing
    qtbot.waitUntil(lambda: not room.viewer.playing, timeout=8000)
    room.viewer.position_changed.disconnect(positions.append)
    assert shown(room.viewer) == 47
    assert room.viewer.frames_seen - seen >= 44  # a busy machine may drop some
    assert positions == sorted(positions)


def test_playing_again_at_the_end_starts_from_the_beginning(room: Room, films: Films, qtbot: QtBot) -> None:
    opened(qtbot, room.viewer, films.f24)
    room.viewer.seek(99)
    arrived(qtbot, room.viewer, 47)
    room.viewer.play()
    qtbot.waitUntil(lambda: not room.viewer.playing)
    room.viewer.play()
    qtbot.waitUntil(lambda: 0 < shown(room.viewer) < 40)
    assert room.viewer.playing


def test_a_loop_goes_on_at_the_end_and_ends_when_it_is_switched_off(room: Room, films: Films, qtbot: QtBot) -> None:
    opened(qtbot, room.viewer, films.f24)
    room.viewer.set_looping(True)
    room.viewer.set_rate(4.0)
    room.viewer.play()
    for _round in range(2):
        qtbot.waitUntil(lambda: shown(room.viewer) > 30)
        qtbot.waitUntil(lambda: shown(room.viewer) < 20)
    assert room.viewer.playing
    room.viewer.set_looping(False)
    qtbot.waitUntil(lambda: not room.viewer.playing)
    qtbot.waitUntil(lambda: shown(room.viewer) == 47)


def test_speed_and_sound_stay_from_clip_to_clip(room: Room, films: Films, qtbot: QtBot) -> None:
    room.viewer.set_rate(2.0)
    room.viewer.set_volume(0.6)
    opened(qtbot, room.viewer, films.sound)
    opened(qtbot, room.viewer, films.f24)
    assert (room.viewer.rate, room.viewer.volume) == (2.0, 0.6)
    assert room.viewer.transport.speed.text() == "2×"


# --- going to frames ---


@pytest.mark.parametrize("fps", [24, 30])
def test_a_step_moves_exactly_one_frame(room: Room, films: Films, qtbot: QtBot, fps: int) -> None:
    opened(qtbot, room.viewer, films.f24 if fps == 24 else films.f30)
    for expected in range(1, 12):
        room.viewer.step(1)
        arrived(qtbot, room.viewer, expected)
        assert room.viewer.position_seconds == pytest.approx(expected / fps, abs=0.001)
    for expected in (10, 9, 8):
        room.viewer.step(-1)
        arrived(qtbot, room.viewer, expected)


def test_steps_faster_than_the_decoder_are_all_counted(room: Room, films: Films, qtbot: QtBot) -> None:
    opened(qtbot, room.viewer, films.f30)
    for _step in range(15):
        room.viewer.step(1)
    for _step in range(4):
        room.viewer.step(-1)
    arrived(qtbot, room.viewer, 11)


def test_stepping_stays_inside_the_film(room: Room, films: Films, qtbot: QtBot) -> None:
    opened(qtbot, room.viewer, films.f24)
    room.viewer.step(100)
    arrived(qtbot, room.viewer, 47)
    room.viewer.step(1)
    room.viewer.step(-1)
    arrived(qtbot, room.viewer, 46)
    room.viewer.step(-100)
    arrived(qtbot, room.viewer, 0)


def test_stepping_goes_on_after_the_end_was_reached(room: Room, films: Films, qtbot: QtBot) -> None:
    opened(qtbot, room.viewer, films.sound)
    room.viewer.seek(1.8)
    room.viewer.play()
    qtbot.waitUntil(lambda: not room.viewer.playing)
    room.viewer.step(-2)
    arrived(qtbot, room.viewer, 45)


def test_scrubbing_ends_where_the_hand_left_it(room: Room, films: Films, qtbot: QtBot) -> None:
    opened(qtbot, room.viewer, films.f24)
    sent = QSignalSpy(room.viewer._player._place_chosen)
    for hundredth in range(150):
        room.viewer.seek(hundredth / 100)
    arrived(qtbot, room.viewer, 35)
    assert sent.count() == 2  # the first, and the last when its frame was there


def test_dragging_the_bar_pauses_and_goes_on_afterwards(room: Room, films: Films, qtbot: QtBot) -> None:
    opened(qtbot, room.viewer, films.f24)
    bar = room.viewer.transport.strip
    room.viewer.play()
    QTest.mousePress(bar, Qt.MouseButton.LeftButton, pos=QPoint(bar.width() // 4, 40))
    assert not room.viewer.playing
    QTest.mouseMove(bar, QPoint(bar.width() // 2, 40))
    qtbot.waitUntil(lambda: 22 <= shown(room.viewer) <= 26)
    QTest.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=QPoint(bar.width() // 2, 40))
    assert room.viewer.playing


# --- marks, seams, places ---


def test_the_range_is_looped_and_no_frame_outside_is_seen(room: Room, films: Films, qtbot: QtBot) -> None:
    opened(qtbot, room.viewer, films.f24)
    picture = room.viewer.picture
    for frame, key in ((12, Qt.Key.Key_I), (24, Qt.Key.Key_O)):
        room.viewer.seek_frame(frame)
        arrived(qtbot, room.viewer, frame)
        press(qtbot, room, picture, key)
    QTest.keyClick(picture, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert room.viewer.commands["loop_range"].isChecked()
    seen = [24]

    def note() -> None:
        seen.append(shown(room.viewer))

    room.viewer.frame_shown.connect(note)
    room.viewer.play()
    for _round in range(2):
        qtbot.waitUntil(lambda: seen[-1] <= 16, timeout=5000)
        qtbot.waitUntil(lambda: seen[-1] >= 22, timeout=5000)
    room.viewer.pause()
    room.viewer.frame_shown.disconnect(note)
    assert (min(seen), max(seen)) == (12, 24)
    QTest.keyClick(picture, Qt.Key.Key_I, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(picture, Qt.Key.Key_O, Qt.KeyboardModifier.ShiftModifier)
    assert (room.viewer.marks.start, room.viewer.marks.end) == (None, None)


def test_a_range_that_reaches_the_end_is_looped_too(room: Room, films: Films, qtbot: QtBot) -> None:
    opened(qtbot, room.viewer, films.f24)
    room.viewer.seek_frame(40)
    arrived(qtbot, room.viewer, 40)
    room.viewer.marks.mark_start(room.viewer.position_seconds)
    room.viewer.marks.set_looping(True)
    room.viewer.play()
    for _round in range(2):
        qtbot.waitUntil(lambda: shown(room.viewer) >= 46)
        qtbot.waitUntil(lambda: shown(room.viewer) <= 43)
    assert room.viewer.playing
    assert not room.viewer.looping


def test_up_and_down_go_from_seam_to_seam(room: Room, films: Films, qtbot: QtBot) -> None:
    opened(qtbot, room.viewer, films.f24)
    room.viewer.show_seams(((12, 0.5, "a boat"), (30, 1.25, "rain")))
    for key, frame in (
        (Qt.Key.Key_Down, 12), (Qt.Key.Key_Down, 30), (Qt.Key.Key_Down, 47),
        (Qt.Key.Key_Up, 30), (Qt.Key.Key_Semicolon, 30), (Qt.Key.Key_Apostrophe, 47), (Qt.Key.Key_Comma, 46),
        (Qt.Key.Key_Up, 30), (Qt.Key.Key_Up, 12), (Qt.Key.Key_Up, 0),
    ):  # fmt: skip
        press(qtbot, room, room.viewer.picture, key)
        arrived(qtbot, room.viewer, frame)


def test_a_typed_frame_is_gone_to(room: Room, films: Films, qtbot: QtBot) -> None:
    opened(qtbot, room.viewer, films.f24)
    press(qtbot, room, room.viewer.picture, Qt.Key.Key_G)
    line = room.viewer._screen.go_to.field
    qtbot.waitUntil(line.hasFocus)
    QTest.keyClicks(line, "f31")
    QTest.keyClick(line, Qt.Key.Key_Return)
    arrived(qtbot, room.viewer, 30)
    assert room.viewer.picture.hasFocus()


def test_a_snapshot_is_the_very_frame_at_full_size(room: Room, films: Films, qtbot: QtBot) -> None:
    opened(qtbot, room.viewer, films.f30)
    room.viewer.step(37)
    arrived(qtbot, room.viewer, 37)
    with qtbot.waitSignal(room.viewer.snapshot_asked) as caught:
        press(qtbot, room, room.viewer.picture, Qt.Key.Key_C)
    image, name = caught.args
    assert (number_on(image), image.width(), name) == (37, 160, "f30_f00038")
    QTest.keyClick(room.viewer.picture, Qt.Key.Key_C, Qt.KeyboardModifier.ShiftModifier)
    assert number_on(QApplication.clipboard().image()) == 37
    assert room.viewer.picture.told == "Copied frame 38"


def test_what_cannot_be_played_gives_no_snapshot(room: Room, tmp_path: Path, qtbot: QtBot) -> None:
    room.viewer.show_clip(clip(tmp_path / "gone.mp4"))
    with qtbot.assertNotEmitted(room.viewer.snapshot_asked):
        room.viewer.take_snapshot()


def test_the_loupe_is_there_while_its_key_is_held(room: Room, films: Films, qtbot: QtBot) -> None:
    opened(qtbot, room.viewer, films.f24)
    room.viewer.picture.setFocus()
    QTest.keyPress(room.viewer.picture, Qt.Key.Key_Z)
    assert room.viewer._screen.loupe.isVisible()
    QTest.keyRelease(room.viewer.picture, Qt.Key.Key_Z)
    assert room.viewer._screen.loupe.isHidden()


def test_scrubbing_far_shows_the_thumbnail_until_the_frame_is_there(
    room: Room, films: Films, tmp_path: Path, qtbot: QtBot
) -> None:
    opened(qtbot, room.viewer, films.f24)
    sheet = QImage(128, 18, QImage.Format.Format_RGB32)
    sheet.fill(Qt.GlobalColor.red)
    sheet.save(str(tmp_path / "strip.png"))
    bar, picture = room.viewer.transport.strip, room.viewer.picture
    height = bar.height()
    room.viewer.show_strip(tmp_path / "strip.png", 4)
    qtbot.waitUntil(lambda: bar.stills.there)
    QTest.mousePress(bar, Qt.MouseButton.LeftButton, pos=QPoint(bar.width() * 3 // 4, 30))
    at = picture.film_rect.center()
    assert picture.grab().toImage().pixelColor(at).saturation() > 200
    QTest.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=QPoint(bar.width() * 3 // 4, 30))
    qtbot.waitUntil(lambda: 34 <= shown(room.viewer) <= 37)
    assert picture.grab().toImage().pixelColor(at).saturation() < 60
    room.viewer.show_clip(None)
    qtbot.waitUntil(lambda: not bar.stills.there)
    assert bar.height() == height, "the film above must not jump when stills come and go"


# --- from take to take ---


def take(file: Path, parent: str = "", seconds: str = "2.0") -> Clip:
    return Clip(file.stem, file=file, parent_id=parent, seconds=Decimal(seconds))


def test_a_sibling_is_seen_at_the_same_place_with_the_same_marks(room: Room, films: Films, qtbot: QtBot) -> None:
    room.viewer.show_clip(take(films.f24, "base"))
    qtbot.waitUntil(lambda: shown(room.viewer) == 0)
    room.viewer.seek(1.0)
    arrived(qtbot, room.viewer, 24)
    room.viewer.marks.mark_start(0.5)
    room.viewer.show_clip(take(films.sound, "base"))
    qtbot.waitUntil(lambda: room.viewer.duration_seconds > 0)
    arrived(qtbot, room.viewer, 24)
    assert room.viewer.marks.start == 0.5
    assert not room.viewer.playing
    room.viewer.play()
    room.viewer.show_clip(take(films.f30, "other"))
    assert room.viewer.playing
    qtbot.waitUntil(lambda: shown(room.viewer) > 36)


def test_switching_takes_keeps_the_loop_and_the_looped_range(room: Room, films: Films, qtbot: QtBot) -> None:
    viewer = room.viewer
    viewer.show_clip(take(films.f24, "base"))
    qtbot.waitUntil(lambda: shown(viewer) == 0)
    viewer.set_looping(True)
    viewer.marks.mark_start(0.5)
    viewer.marks.mark_end(0.75)
    viewer.marks.set_looping(True)
    viewer.seek(0.6)
    viewer.play()
    qtbot.waitUntil(lambda: 12 <= shown(viewer) <= 18)
    viewer.show_clip(take(films.sound, "base"))
    assert viewer.playing
    seconds: list[float] = []
    viewer.position_changed.connect(seconds.append)
    qtbot.waitUntil(lambda: any(b < a for a, b in pairwise(seconds)) and len(seconds) > 12)
    viewer.position_changed.disconnect(seconds.append)
    assert min(seconds) >= 0.45
    assert max(seconds) <= 0.8
    assert viewer.looping
    assert viewer.commands["loop_range"].isChecked()


def test_a_clip_that_is_too_short_begins_at_its_beginning(room: Room, films: Films, qtbot: QtBot) -> None:
    room.viewer.show_clip(take(films.f24))
    qtbot.waitUntil(lambda: shown(room.viewer) == 0)
    room.viewer.seek(1.0)
    arrived(qtbot, room.viewer, 24)
    room.viewer.marks.mark_start(0.5)
    before = room.viewer.frames_seen
    room.viewer.show_clip(take(films.f30, seconds="0.9"))
    qtbot.waitUntil(lambda: room.viewer.frames_seen > before)
    arrived(qtbot, room.viewer, 0)
    assert room.viewer.marks.start is None


def test_the_next_take_is_asked_for_by_key(room: Room, films: Films, qtbot: QtBot) -> None:
    opened(qtbot, room.viewer, films.f24)
    for key, steps in ((Qt.Key.Key_PageDown, 1), (Qt.Key.Key_PageUp, -1)):
        with qtbot.waitSignal(room.viewer.take_asked) as caught:
            QTest.keyClick(room.viewer.picture, key, Qt.KeyboardModifier.ControlModifier)
        assert caught.args == [steps]


def test_tab_on_the_film_is_the_next_take_and_who_walks_by_tab_walks_on(room: Room, films: Films, qtbot: QtBot) -> None:
    opened(qtbot, room.viewer, films.f24)
    picture = room.viewer.picture
    with qtbot.waitSignal(room.viewer.take_asked) as caught:
        press(qtbot, room, picture, Qt.Key.Key_Tab)
    assert caught.args == [1]
    assert picture.hasFocus()
    asked = QSignalSpy(room.viewer.take_asked)
    QTest.keyClick(picture, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: not picture.hasFocus())
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, Qt.Key.Key_Tab)
    qtbot.waitUntil(picture.hasFocus)
    QTest.keyClick(picture, Qt.Key.Key_Tab)
    qtbot.waitUntil(lambda: not picture.hasFocus())
    room.viewer.show_clip(None)
    press(qtbot, room, picture, Qt.Key.Key_Tab)
    qtbot.waitUntil(lambda: not picture.hasFocus())
    assert asked.count() == 0


# --- time and frame are always to be seen ---


def test_time_and_frame_stand_on_the_film_where_the_bar_does_not_show_them(
    room: Room, films: Films, qtbot: QtBot
) -> None:
    viewer = room.viewer
    opened(qtbot, viewer, films.f24)
    viewer.step(1)
    arrived(qtbot, viewer, 1)
    picture, screen = viewer.picture, viewer.picture.parentWidget()
    assert screen is not None
    assert viewer.transport.frame.isVisible()
    assert picture.clock == ""
    room.window.resize(400, 600)
    qtbot.waitUntil(lambda: not viewer.transport.frame.isVisible())
    assert picture.clock == "0:00.0 / 0:02.0 · frame 2 of 48"
    before = picture.grab().toImage()
    picture.show_clock("")
    assert picture.grab().toImage() != before
    room.window.resize(900, 640)
    qtbot.waitUntil(viewer.transport.frame.isVisible)
    viewer.toggle_full_screen()
    qtbot.waitUntil(screen.isActiveWindow)
    assert picture.clock == ""
    qtbot.waitUntil(lambda: not viewer.transport.isVisible(), timeout=6000)  # the mouse rests
    viewer.step(1)
    arrived(qtbot, viewer, 2)
    assert picture.clock == "0:00.0 / 0:02.0 · frame 3 of 48"
    viewer.toggle_full_screen()
    qtbot.waitUntil(lambda: not screen.isWindow() and viewer.transport.isVisible())
    assert picture.clock == ""


# --- sources ---


def test_a_picture_without_sound_and_one_whose_sound_is_longer_both_have_a_last_frame(
    room: Room, films: Films, qtbot: QtBot
) -> None:
    for film in (films.f24, films.sound):
        opened(qtbot, room.viewer, film)
        room.viewer.commands["to_end"].trigger()
        arrived(qtbot, room.viewer, 47)


def test_the_address_is_played_until_the_file_comes_and_the_place_is_kept(
    room: Room, films: Films, address: str, qtbot: QtBot
) -> None:
    remote = clip(name="take", url=f"{address}/f24.mp4")
    room.viewer.show_clip(remote)
    qtbot.waitUntil(lambda: shown(room.viewer) == 0)
    assert "playing from Kling" in room.viewer.picture.accessibleDescription()
    room.viewer.seek(1.0)
    arrived(qtbot, room.viewer, 24)
    before = room.viewer.frames_seen
    room.viewer.show_clip(replace(remote, file=films.f24))
    qtbot.waitUntil(lambda: room.viewer.frames_seen > before)
    arrived(qtbot, room.viewer, 24)
    assert "playing from Kling" not in room.viewer.picture.accessibleDescription()


def test_a_fresh_address_does_not_disturb_what_plays(room: Room, address: str, qtbot: QtBot) -> None:
    room.viewer.show_clip(clip(name="take", url=f"{address}/f24.mp4?signature=1"))
    qtbot.waitUntil(lambda: shown(room.viewer) == 0)
    room.viewer.step(5)
    arrived(qtbot, room.viewer, 5)
    room.viewer.show_clip(clip(name="take", url=f"{address}/f24.mp4?signature=2"))
    assert room.viewer.duration_seconds > 0
    assert shown(room.viewer) == 5


def test_a_poster_stands_until_the_first_frame(room: Room, films: Films, tmp_path: Path, qtbot: QtBot) -> None:
    opened(qtbot, room.viewer, films.f24)
    room.viewer.step(37)
    arrived(qtbot, room.viewer, 37)
    poster = tmp_path / "poster.png"
    room.viewer.picture.image.save(str(poster))
    before = room.viewer.frames_seen
    room.viewer.open(Shown(clip(films.f30), poster))
    assert shown(room.viewer) == 37
    qtbot.waitUntil(lambda: room.viewer.frames_seen > before)
    assert shown(room.viewer) == 0


def test_an_empty_stage_invites(room: Room) -> None:
    notice = room.viewer.picture.notice
    assert notice is not None
    assert notice.title == "Your film plays here"
    assert notice.detail.endswith("begin a new film."), "no key is named that this window does not hear"
    assert not room.viewer.commands["toggle"].isEnabled()


# --- what cannot be played ---


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "The file is no longer in its place"),
        (b"", "This file is not a playable video"),
        (b"<html>sign in, please</html>" * 200, "This file is not a playable video"),
        (bytes(range(256)) * 64, "This file is not a playable video"),
    ],
    ids=["missing", "empty", "page", "noise"],
)
def test_a_file_that_is_no_video_is_said_once(
    room: Room, films: Films, tmp_path: Path, qtbot: QtBot, content: bytes | None, sentence: str
) -> None:
    file = tmp_path / "take.mp4"
    if content is not None:
        file.write_bytes(content)
    room.viewer.show_clip(clip(file))
    qtbot.waitUntil(lambda: bool(room.complaints))
    assert room.complaints[0].startswith(sentence)
    assert room.viewer.picture.notice is not None
    opened(qtbot, room.viewer, films.f24)  # and the next clip plays
    assert len(room.complaints) == 1
    assert room.viewer.picture.notice is None


def test_a_film_that_breaks_off_is_said_once(room: Room, films: Films, tmp_path: Path, qtbot: QtBot) -> None:
    whole = with_index_first(films.f24, tmp_path / "whole.mp4")
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size * 6 // 10])
    opened(qtbot, room.viewer, cut)
    room.viewer.play()
    qtbot.waitUntil(lambda: bool(room.complaints))
    assert room.complaints == ["This file is damaged: it ends too early"]
    assert not room.viewer.playing


def test_a_connection_that_breaks_off_is_said_once(room: Room, films: Films, address: str, qtbot: QtBot) -> None:
    with_index_first(films.f30, films.folder / "cut.mp4")
    room.viewer.show_clip(clip(name="cut", url=f"{address}/cut.mp4"))
    room.viewer.play()
    qtbot.waitUntil(lambda: bool(room.complaints))
    qtbot.waitUntil(lambda: not room.viewer.playing)
    room.viewer.show_clip(clip(films.f24))  # what Qt still has to say of the broken one comes before this one opens
    qtbot.waitUntil(lambda: room.viewer.fps == 24)
    assert len(room.complaints) == 1  # which of the two it is depends on how far the decoder had come


def test_an_address_that_is_gone_is_said_and_tried_again_on_play(
    room: Room, films: Films, address: str, qtbot: QtBot
) -> None:
    late = films.folder / "late.mp4"
    late.unlink(missing_ok=True)
    room.viewer.show_clip(clip(name="gone", url=f"{address}/late.mp4"))
    qtbot.waitUntil(lambda: bool(room.complaints))
    assert room.complaints == ["Kling's copy could not be opened (it may have expired)"]
    late.write_bytes(films.f24.read_bytes())
    room.viewer.play()
    qtbot.waitUntil(lambda: shown(room.viewer) > 2)


def test_a_file_with_sound_only_is_said(room: Room, tmp_path: Path, qtbot: QtBot) -> None:
    room.viewer.show_clip(clip(voice_memo(tmp_path / "sound.m4a")))
    qtbot.waitUntil(lambda: bool(room.complaints))
    assert room.complaints == ["This computer finds no picture in this file"]


ODD: dict[str, tuple[range, dict[str, Any], tuple[int, int]]] = {
    "one frame": (range(1), {}, (160, 90)),
    "uneven": (range(24), {"spacing": [1, 3, 2] * 8}, (160, 90)),
    "turned": (range(24), {"rotation": 90}, (90, 160)),
    "4K": (range(6), {"size": (3840, 2160)}, (3840, 2160)),
    "10 bit": (range(24), {"pixels": "yuv420p10le"}, (160, 90)),
}
"""Frames, how the film is made, and the size that is seen."""


@pytest.mark.parametrize("name", ODD)
def test_an_odd_film_plays_to_its_end_and_can_be_gone_back_in(
    room: Room, tmp_path: Path, qtbot: QtBot, name: str
) -> None:
    numbers, how, size = ODD[name]
    viewer, seen = room.viewer, room.viewer.frames_seen
    viewer.show_clip(clip(harness_film(tmp_path / "odd.mp4", numbers, **how), name=name))
    qtbot.waitUntil(lambda: viewer.frames_seen > seen)
    assert viewer.picture.image.size().toTuple() == size
    ended = QSignalSpy(viewer.playing_changed)
    viewer.play()
    qtbot.waitUntil(lambda: ended.count() == 2 and not viewer.playing, timeout=8000)
    viewer.seek(0)
    qtbot.waitUntil(lambda: viewer.position_seconds == 0)
    assert room.complaints == []
    assert viewer.picture.notice is None


@pytest.mark.parametrize(("way", "pixels"), [*((way, "yuv420p") for way in WAYS), ("left for right", "yuv420p10le")])
def test_a_film_is_seen_in_the_way_that_its_camera_asks_for(
    room: Room, tmp_path: Path, qtbot: QtBot, way: str, pixels: str
) -> None:
    viewer, seen = room.viewer, room.viewer.frames_seen
    viewer.show_clip(clip(cornered_film(tmp_path / "film.mp4", way, pixels=pixels)))
    qtbot.waitUntil(lambda: viewer.frames_seen > seen)
    image = viewer.picture.image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    picture = rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3)
    assert corners_of(picture) == corners_shown(way)


def test_switching_thirty_times_while_playing_does_not_hang(room: Room, films: Films, qtbot: QtBot) -> None:
    for turn in range(30):
        room.viewer.show_clip(clip(films.sound if turn % 2 else films.f24, name=f"take {turn}"))
        room.viewer.play()
        if turn % 3 == 0:
            seen = room.viewer.frames_seen
            qtbot.waitUntil(partial(_has_moved_on, room.viewer, seen))
        else:
            QApplication.processEvents()
    opened(qtbot, room.viewer, films.f30)
    assert room.complaints == []


def _has_moved_on(viewer: Viewer, seen: int) -> bool:
    return viewer.frames_seen > seen


# --- keys ---


def press(qtbot: QtBot, room: Room, target: QWidget, *keys: Qt.Key) -> None:
    target.setFocus()
    qtbot.waitUntil(target.hasFocus)
    for key in keys:
        QTest.keyClick(target, key)


def test_keys_work_wherever_the_focus_is(room: Room, films: Films, qtbot: QtBot) -> None:
    opened(qtbot, room.viewer, films.f24)
    picture = room.viewer.picture
    press(qtbot, room, picture, Qt.Key.Key_Period, Qt.Key.Key_Period, Qt.Key.Key_Comma)
    arrived(qtbot, room.viewer, 1)
    press(qtbot, room, room.button, Qt.Key.Key_Right)
    arrived(qtbot, room.viewer, 25)
    press(qtbot, room, picture, Qt.Key.Key_End)
    arrived(qtbot, room.viewer, 47)
    press(qtbot, room, picture, Qt.Key.Key_Home, Qt.Key.Key_BracketRight, Qt.Key.Key_9, Qt.Key.Key_M)
    arrived(qtbot, room.viewer, 0)
    assert room.viewer.rate == 1.5
    assert room.viewer.volume == 0.25
    assert room.viewer.commands["mute"].isChecked()
    press(qtbot, room, picture, Qt.Key.Key_Backspace, Qt.Key.Key_Space)
    assert room.viewer.rate == 1.0
    assert room.viewer.playing


def test_typing_beside_it_moves_nothing(room: Room, films: Films, qtbot: QtBot) -> None:
    opened(qtbot, room.viewer, films.f24)
    room.field.setFocus()
    qtbot.waitUntil(room.field.hasFocus)
    room.field.clear()
    QTest.keyClicks(room.field, "jolly fm, k. 90 [L]")
    assert room.field.text() == "jolly fm, k. 90 [L]"
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Backspace):
        QTest.keyClick(room.field, key)
    assert room.field.text() == "jolly fm, k. 90 [L"
    assert (room.viewer.playing, room.viewer.rate, room.viewer.volume) == (False, 1.0, FIRST_VOLUME)
    assert shown(room.viewer) == 0
    assert not room.viewer.commands["full_screen"].isChecked()


def test_a_focused_button_keeps_its_space_key(room: Room, films: Films, qtbot: QtBot) -> None:
    opened(qtbot, room.viewer, films.f24)
    with qtbot.waitSignal(room.button.clicked):
        press(qtbot, room, room.button, Qt.Key.Key_Space)
    assert not room.viewer.playing


def test_a_click_plays_and_a_double_click_fills_the_screen_and_goes_back(
    room: Room, films: Films, qtbot: QtBot
) -> None:
    opened(qtbot, room.viewer, films.f24)
    picture = room.viewer.picture
    screen = picture.parentWidget()
    assert screen is not None
    QTest.mouseClick(picture, Qt.MouseButton.LeftButton)
    assert room.viewer.playing
    QTest.mouseClick(picture, Qt.MouseButton.LeftButton)
    QTest.mouseDClick(picture, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(screen.isActiveWindow)
    assert screen.isFullScreen()
    QTest.keyClick(picture, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not screen.isWindow() and screen.isVisible())
    assert screen.width() == room.viewer.width()


def test_every_control_has_a_name(room: Room) -> None:
    parts = [w for w in room.viewer.findChildren(QWidget) if w.focusPolicy() != Qt.FocusPolicy.NoFocus]
    nameless = [type(w).__name__ for w in parts if not w.accessibleName()]
    assert len(parts) > 8
    assert nameless == []


def _fits(bar: QWidget) -> bool:
    parts = bar.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    seen = [part for part in parts if part.isVisible()]
    return all(p.width() >= p.minimumSizeHint().width() and bar.rect().contains(p.geometry()) for p in seen)


@pytest.mark.parametrize("width", [380, 480, 900])
def test_nothing_is_cut_off_in_a_narrow_window(room: Room, films: Films, qtbot: QtBot, width: int) -> None:
    opened(qtbot, room.viewer, films.f24)
    room.window.resize(width, 600)
    qtbot.waitUntil(lambda: room.window.width() == width and _fits(room.viewer.transport))
    room.window.resize(900, 640)


def test_the_window_stays_lively_while_it_opens(room: Room, films: Films) -> None:
    from time import thread_time

    began = thread_time()
    room.viewer.show_clip(clip(films.f24))
    assert thread_time() - began < 0.05  # the opening itself happens later, in Qt's own threads


# --- faults of the window before -----------------------------------------------------------------------


def test_tab_goes_through_the_transport_as_it_stands(room: Room, films: Films, qtbot: QtBot) -> None:
    opened(qtbot, room.viewer, films.f24)
    bar = room.viewer.transport
    bar.strip.setFocus(Qt.FocusReason.TabFocusReason)
    places: list[tuple[int, int]] = []
    widget: QWidget | None = bar.strip
    while (widget := widget.nextInFocusChain() if widget else None) is not None and bar.isAncestorOf(widget):
        if widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            corner = widget.mapTo(bar, QPoint(0, 0))
            places.append((corner.y() > bar.strip.height(), corner.x()))
    assert len(places) > 8
    assert places == sorted(places)


def test_the_key_that_plays_is_named_only_while_it_plays(room: Room, films: Films, qtbot: QtBot) -> None:
    room.viewer.setFocus()
    opened(qtbot, room.viewer, films.f24)
    picture = room.viewer.picture
    assert picture.hinted == "Press Space to play"
    room.field.setFocus()
    qtbot.waitUntil(room.field.hasFocus)
    assert picture.hinted == "Click to play", "Space types here"
    room.button.setFocus()
    qtbot.waitUntil(room.button.hasFocus)
    assert picture.hinted == "Click to play", "Space presses the button, and a media key is on few keyboards"
    room.viewer.setFocus()
    qtbot.waitUntil(lambda: picture.hinted == "Press Space to play")
    room.viewer.play()
    qtbot.waitUntil(lambda: picture.hinted == "")
    room.viewer.pause()
    room.field.setFocus()
    assert picture.hinted == ""


def test_what_was_said_of_one_take_is_not_said_of_the_next(room: Room, films: Films, qtbot: QtBot) -> None:
    opened(qtbot, room.viewer, films.f24)
    room.viewer.picture.tell("Rejected")
    assert room.viewer.picture.told == "Rejected"
    room.viewer.show_clip(clip(films.f30))
    assert room.viewer.picture.told == ""


def test_a_take_opens_where_its_new_stretch_begins(room: Room, films: Films, qtbot: QtBot) -> None:
    room.viewer.open(Shown(clip(films.f24), start=1.0))
    qtbot.waitUntil(lambda: shown(room.viewer) == 24)
    room.viewer.open(Shown(take(films.f30), start=0.5))
    qtbot.waitUntil(lambda: shown(room.viewer) == 15)


def test_another_film_opens_at_its_own_beginning(room: Room, films: Films, qtbot: QtBot) -> None:
    longer = replace(clip(films.f30), seconds=Decimal(9))
    room.viewer.open(Shown(clip(films.f24), start=1.0, film="pond"))
    qtbot.waitUntil(lambda: shown(room.viewer) == 24)
    room.viewer.open(Shown(longer, film="pond"))
    qtbot.waitUntil(lambda: shown(room.viewer) == 30)  # the same film goes on where it stands
    room.viewer.open(Shown(clip(films.f24), start=1.0, film="pond"))
    qtbot.waitUntil(lambda: shown(room.viewer) == 24)
    room.viewer.open(Shown(longer, film="wood"))
    qtbot.waitUntil(lambda: shown(room.viewer) == 0)


def test_the_strip_keeps_its_room_without_a_film(room: Room, films: Films, qtbot: QtBot) -> None:
    opened(qtbot, room.viewer, films.f24)
    height = room.viewer.picture.height()
    room.viewer.show_clip(None)
    qtbot.waitUntil(lambda: not room.viewer.transport.strip.isEnabled())
    assert room.viewer.picture.height() == height
