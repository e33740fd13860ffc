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

import pytest
from PySide6.QtCore import QEventLoop, QPoint, Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from kling_desktop.domain.clips import Clip
from kling_desktop.ui.viewer.preview import FIRST_VOLUME, Preview
from tests.films import make_film, make_sound, number_of, with_index_first
from tests.harness.films import film as harness_film


class Films(NamedTuple):
    f24: Path
    f30: Path
    sound: Path
    folder: Path


class Room(NamedTuple):
    """A window with the viewer and neighbours, as in the program."""

    window: QWidget
    preview: Preview
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
    preview, field, button = Preview(window), QLineEdit(window), QPushButton("Extend", window)
    preview.failed.connect(complaints.append)
    column = QVBoxLayout(window)
    for part in (preview, field, button):
        column.addWidget(part)
    window.resize(900, 640)
    window.show()
    QTest.qWaitForWindowExposed(window)
    yield Room(window, preview, field, button, complaints)
    preview.close()
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
    preview = standing.preview
    preview.show_clip(None)
    preview.marks.set_looping(False)
    preview.set_looping(False)
    preview.set_rate(1.0)
    preview.set_volume(FIRST_VOLUME)
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


def shown(preview: Preview) -> int:
    return number_of(preview.picture.image) if not preview.picture.image.isNull() else -1


def opened(qtbot: QtBot, preview: Preview, film: Path) -> None:
    """Open a film and wait for its first frame at the sink."""
    before = preview.frames_seen
    preview.show_clip(clip(film))
    qtbot.waitUntil(lambda: preview.frames_seen > before and shown(preview) == 0)


def arrived(qtbot: QtBot, preview: Preview, frame: int) -> None:
    qtbot.waitUntil(lambda: shown(preview) == frame, timeout=5000)


# --- playing ---


def test_a_clip_opens_paused_on_its_first_frame(room: Room, films: Films, qtbot: QtBot) -> None:
    opened(qtbot, room.preview, films.f24)
    assert not room.preview.playing
    assert room.preview.fps == 24
    assert room.preview.duration_seconds == pytest.approx(2.0, abs=0.01)
    assert room.preview.transport.time.text() == "0:00.0 / 0:02.0"
    assert room.preview.transport.frame.text() == "frame 1 of 48"


def test_playing_shows_every_frame_and_stops_on_the_last(room: Room, films: Films, qtbot: QtBot) -> None:
    opened(qtbot, room.preview, films.f24)
    seen = room.preview.frames_seen
    positions: list[float] = []
    room.preview.position_changed.connect(positions.append)
    room.preview.play()
    assert room.preview.playing
    qtbot.waitUntil(lambda: not room.preview.playing, timeout=8000)
    room.preview.position_changed.disconnect(positions.append)
    assert shown(room.preview) == 47
    assert room.preview.frames_seen - seen >= 44  # a busy machine may drop some
    assert positions == sorted(positions)


def test_playing_again_at_the_end_starts_from_the_beginning(room: Room, films: Films, qtbot: QtBot) -> None:
    opened(qtbot, room.preview, films.f24)
    room.preview.seek(99)
    arrived(qtbot, room.preview, 47)
    room.preview.play()
    qtbot.waitUntil(lambda: not room.preview.playing)
    room.preview.play()
    qtbot.waitUntil(lambda: 0 < shown(room.preview) < 40)
    assert room.preview.playing


def test_a_loop_goes_on_at_the_end_and_ends_when_it_is_switched_off(room: Room, films: Films, qtbot: QtBot) -> None:
    opened(qtbot, room.preview, films.f24)
    room.preview.set_looping(True)
    room.preview.set_rate(4.0)
    room.preview.play()
    for _round in range(2):
        qtbot.waitUntil(lambda: shown(room.preview) > 30)
        qtbot.waitUntil(lambda: shown(room.preview) < 20)
    assert room.preview.playing
    room.preview.set_looping(False)
    qtbot.waitUntil(lambda: not room.preview.playing)
    qtbot.waitUntil(lambda: shown(room.preview) == 47)


def test_speed_and_sound_stay_from_clip_to_clip(room: Room, films: Films, qtbot: QtBot) -> None:
    room.preview.set_rate(2.0)
    room.preview.set_volume(0.6)
    opened(qtbot, room.preview, films.sound)
    opened(qtbot, room.preview, films.f24)
    assert (room.preview.rate, room.preview.volume) == (2.0, 0.6)
    assert room.preview.transport.speed.text() == "2×"


# --- going to frames ---


@pytest.mark.parametrize("fps", [24, 30])
def test_a_step_moves_exactly_one_frame(room: Room, films: Films, qtbot: QtBot, fps: int) -> None:
    opened(qtbot, room.preview, films.f24 if fps == 24 else films.f30)
    for expected in range(1, 12):
        room.preview.step(1)
        arrived(qtbot, room.preview, expected)
        assert room.preview.position_seconds == pytest.approx(expected / fps, abs=0.001)
    for expected in (10, 9, 8):
        room.preview.step(-1)
        arrived(qtbot, room.preview, expected)


def test_steps_faster_than_the_decoder_are_all_counted(room: Room, films: Films, qtbot: QtBot) -> None:
    opened(qtbot, room.preview, films.f30)
    for _step in range(15):
        room.preview.step(1)
    for _step in range(4):
        room.preview.step(-1)
    arrived(qtbot, room.preview, 11)


def test_stepping_stays_inside_the_film(room: Room, films: Films, qtbot: QtBot) -> None:
    opened(qtbot, room.preview, films.f24)
    room.preview.step(100)
    arrived(qtbot, room.preview, 47)
    room.preview.step(1)
    room.preview.step(-1)
    arrived(qtbot, room.preview, 46)
    room.preview.step(-100)
    arrived(qtbot, room.preview, 0)


def test_stepping_goes_on_after_the_end_was_reached(room: Room, films: Films, qtbot: QtBot) -> None:
    opened(qtbot, room.preview, films.sound)
    room.preview.seek(1.8)
    room.preview.play()
    qtbot.waitUntil(lambda: not room.preview.playing)
    room.preview.step(-2)
    arrived(qtbot, room.preview, 45)


def test_scrubbing_ends_where_the_hand_left_it(room: Room, films: Films, qtbot: QtBot) -> None:
    opened(qtbot, room.preview, films.f24)
    sent = QSignalSpy(room.preview._player._place_chosen)
    for hundredth in range(150):
        room.preview.seek(hundredth / 100)
    arrived(qtbot, room.preview, 35)
    assert sent.count() == 2  # the first, and the last when its frame was there


def test_dragging_the_bar_pauses_and_goes_on_afterwards(room: Room, films: Films, qtbot: QtBot) -> None:
    opened(qtbot, room.preview, films.f24)
    bar = room.preview.transport.seek_bar
    room.preview.play()
    QTest.mousePress(bar, Qt.MouseButton.LeftButton, pos=QPoint(bar.width() // 4, 10))
    assert not room.preview.playing
    QTest.mouseMove(bar, QPoint(bar.width() // 2, 10))
    qtbot.waitUntil(lambda: 22 <= shown(room.preview) <= 26)
    QTest.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=QPoint(bar.width() // 2, 10))
    assert room.preview.playing


# --- marks, seams, places ---


def test_the_range_is_looped_and_no_frame_outside_is_seen(room: Room, films: Films, qtbot: QtBot) -> None:
    opened(qtbot, room.preview, films.f24)
    picture = room.preview.picture
    for frame, key in ((12, Qt.Key.Key_I), (24, Qt.Key.Key_O)):
        room.preview.seek_frame(frame)
        arrived(qtbot, room.preview, frame)
        press(qtbot, room, picture, key)
    QTest.keyClick(picture, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert room.preview.commands["loop_range"].isChecked()
    seen = [24]

    def note() -> None:
        seen.append(shown(room.preview))

    room.preview.frame_shown.connect(note)
    room.preview.play()
    for _round in range(2):
        qtbot.waitUntil(lambda: seen[-1] <= 16, timeout=5000)
        qtbot.waitUntil(lambda: seen[-1] >= 22, timeout=5000)
    room.preview.pause()
    room.preview.frame_shown.disconnect(note)
    assert (min(seen), max(seen)) == (12, 24)
    QTest.keyClick(picture, Qt.Key.Key_I, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(picture, Qt.Key.Key_O, Qt.KeyboardModifier.ShiftModifier)
    assert (room.preview.marks.start, room.preview.marks.end) == (None, None)


def test_a_range_that_reaches_the_end_is_looped_too(room: Room, films: Films, qtbot: QtBot) -> None:
    opened(qtbot, room.preview, films.f24)
    room.preview.seek_frame(40)
    arrived(qtbot, room.preview, 40)
    room.preview.marks.mark_start(room.preview.position_seconds)
    room.preview.marks.set_looping(True)
    room.preview.play()
    for _round in range(2):
        qtbot.waitUntil(lambda: shown(room.preview) >= 46)
        qtbot.waitUntil(lambda: shown(room.preview) <= 43)
    assert room.preview.playing
    assert not room.preview.looping


def test_up_and_down_go_from_seam_to_seam(room: Room, films: Films, qtbot: QtBot) -> None:
    opened(qtbot, room.preview, films.f24)
    room.preview.show_seams(((12, 0.5, "a boat"), (30, 1.25, "rain")))
    for key, frame in (
        (Qt.Key.Key_Down, 12), (Qt.Key.Key_Down, 30), (Qt.Key.Key_Down, 47),
        (Qt.Key.Key_Up, 30), (Qt.Key.Key_Semicolon, 30), (Qt.Key.Key_Apostrophe, 47), (Qt.Key.Key_Comma, 46),
        (Qt.Key.Key_Up, 30), (Qt.Key.Key_Up, 12), (Qt.Key.Key_Up, 0),
    ):  # fmt: skip
        press(qtbot, room, room.preview.picture, key)
        arrived(qtbot, room.preview, frame)


def test_a_typed_frame_is_gone_to(room: Room, films: Films, qtbot: QtBot) -> None:
    opened(qtbot, room.preview, films.f24)
    press(qtbot, room, room.preview.picture, Qt.Key.Key_G)
    line = room.preview._screen.go_to.field
    qtbot.waitUntil(line.hasFocus)
    QTest.keyClicks(line, "f31")
    QTest.keyClick(line, Qt.Key.Key_Return)
    arrived(qtbot, room.preview, 30)
    assert room.preview.picture.hasFocus()


def test_a_snapshot_is_the_very_frame_at_full_size(room: Room, films: Films, qtbot: QtBot) -> None:
    opened(qtbot, room.preview, films.f30)
    room.preview.step(37)
    arrived(qtbot, room.preview, 37)
    with qtbot.waitSignal(room.preview.snapshot_asked) as caught:
        press(qtbot, room, room.preview.picture, Qt.Key.Key_C)
    image, name = caught.args
    assert (number_of(image), image.width(), name) == (37, 160, "f30_f00038")
    QTest.keyClick(room.preview.picture, Qt.Key.Key_C, Qt.KeyboardModifier.ShiftModifier)
    assert number_of(QApplication.clipboard().image()) == 37
    assert room.preview.picture.told == "Copied frame 38"


def test_what_cannot_be_played_gives_no_snapshot(room: Room, tmp_path: Path, qtbot: QtBot) -> None:
    room.preview.show_clip(clip(tmp_path / "gone.mp4"))
    with qtbot.assertNotEmitted(room.preview.snapshot_asked):
        room.preview.take_snapshot()


def test_the_loupe_is_there_while_its_key_is_held(room: Room, films: Films, qtbot: QtBot) -> None:
    opened(qtbot, room.preview, films.f24)
    room.preview.picture.setFocus()
    QTest.keyPress(room.preview.picture, Qt.Key.Key_Z)
    assert room.preview._screen.loupe.isVisible()
    QTest.keyRelease(room.preview.picture, Qt.Key.Key_Z)
    assert room.preview._screen.loupe.isHidden()


def test_scrubbing_far_shows_the_thumbnail_until_the_frame_is_there(
    room: Room, films: Films, tmp_path: Path, qtbot: QtBot
) -> None:
    opened(qtbot, room.preview, films.f24)
    sheet = QImage(128, 18, QImage.Format.Format_RGB32)
    sheet.fill(Qt.GlobalColor.red)
    sheet.save(str(tmp_path / "strip.png"))
    bar, picture = room.preview.transport.seek_bar, room.preview.picture
    slim = bar.height()
    room.preview.show_strip(tmp_path / "strip.png", 4)
    qtbot.waitUntil(lambda: bar.strip.there and bar.height() > slim)
    QTest.mousePress(bar, Qt.MouseButton.LeftButton, pos=QPoint(bar.width() * 3 // 4, 20))
    at = picture.film_rect.center()
    assert picture.grab().toImage().pixelColor(at).red() > 200
    QTest.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=QPoint(bar.width() * 3 // 4, 20))
    qtbot.waitUntil(lambda: 34 <= shown(room.preview) <= 37)
    assert picture.grab().toImage().pixelColor(at).red() < 100
    room.preview.show_clip(None)
    qtbot.waitUntil(lambda: bar.height() == slim)


# --- from take to take ---


def take(file: Path, parent: str = "", seconds: str = "2.0") -> Clip:
    return Clip(file.stem, file=file, parent_id=parent, seconds=Decimal(seconds))


def test_a_sibling_is_seen_at_the_same_place_with_the_same_marks(room: Room, films: Films, qtbot: QtBot) -> None:
    room.preview.show_clip(take(films.f24, "base"))
    qtbot.waitUntil(lambda: shown(room.preview) == 0)
    room.preview.seek(1.0)
    arrived(qtbot, room.preview, 24)
    room.preview.marks.mark_start(0.5)
    room.preview.show_clip(take(films.sound, "base"))
    qtbot.waitUntil(lambda: room.preview.duration_seconds > 0)
    arrived(qtbot, room.preview, 24)
    assert room.preview.marks.start == 0.5
    assert not room.preview.playing
    room.preview.play()
    room.preview.show_clip(take(films.f30, "other"))
    assert room.preview.playing
    qtbot.waitUntil(lambda: shown(room.preview) > 36)


def test_switching_takes_keeps_the_loop_and_the_looped_range(room: Room, films: Films, qtbot: QtBot) -> None:
    preview = room.preview
    preview.show_clip(take(films.f24, "base"))
    qtbot.waitUntil(lambda: shown(preview) == 0)
    preview.set_looping(True)
    preview.marks.mark_start(0.5)
    preview.marks.mark_end(0.75)
    preview.marks.set_looping(True)
    preview.seek(0.6)
    preview.play()
    qtbot.waitUntil(lambda: 12 <= shown(preview) <= 18)
    preview.show_clip(take(films.sound, "base"))
    assert preview.playing
    seconds: list[float] = []
    preview.position_changed.connect(seconds.append)
    qtbot.waitUntil(lambda: any(b < a for a, b in pairwise(seconds)) and len(seconds) > 12)
    preview.position_changed.disconnect(seconds.append)
    assert min(seconds) >= 0.45
    assert max(seconds) <= 0.8
    assert preview.looping
    assert preview.commands["loop_range"].isChecked()


def test_a_clip_that_is_too_short_begins_at_its_beginning(room: Room, films: Films, qtbot: QtBot) -> None:
    room.preview.show_clip(take(films.f24))
    qtbot.waitUntil(lambda: shown(room.preview) == 0)
    room.preview.seek(1.0)
    arrived(qtbot, room.preview, 24)
    room.preview.marks.mark_start(0.5)
    before = room.preview.frames_seen
    room.preview.show_clip(take(films.f30, seconds="0.9"))
    qtbot.waitUntil(lambda: room.preview.frames_seen > before)
    arrived(qtbot, room.preview, 0)
    assert room.preview.marks.start is None


def test_the_next_take_is_asked_for_by_key(room: Room, films: Films, qtbot: QtBot) -> None:
    opened(qtbot, room.preview, films.f24)
    for key, steps in ((Qt.Key.Key_PageDown, 1), (Qt.Key.Key_PageUp, -1)):
        with qtbot.waitSignal(room.preview.take_asked) as caught:
            QTest.keyClick(room.preview.picture, key, Qt.KeyboardModifier.ControlModifier)
        assert caught.args == [steps]


def test_tab_on_the_film_is_the_next_take_and_who_walks_by_tab_walks_on(room: Room, films: Films, qtbot: QtBot) -> None:
    opened(qtbot, room.preview, films.f24)
    picture = room.preview.picture
    with qtbot.waitSignal(room.preview.take_asked) as caught:
        press(qtbot, room, picture, Qt.Key.Key_Tab)
    assert caught.args == [1]
    assert picture.hasFocus()
    asked = QSignalSpy(room.preview.take_asked)
    QTest.keyClick(picture, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: not picture.hasFocus())
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, Qt.Key.Key_Tab)
    qtbot.waitUntil(picture.hasFocus)
    QTest.keyClick(picture, Qt.Key.Key_Tab)
    qtbot.waitUntil(lambda: not picture.hasFocus())
    room.preview.show_clip(None)
    press(qtbot, room, picture, Qt.Key.Key_Tab)
    qtbot.waitUntil(lambda: not picture.hasFocus())
    assert asked.count() == 0


# --- time and frame are always to be seen ---


def test_time_and_frame_stand_on_the_film_where_the_bar_does_not_show_them(
    room: Room, films: Films, qtbot: QtBot
) -> None:
    preview = room.preview
    opened(qtbot, preview, films.f24)
    preview.step(1)
    arrived(qtbot, preview, 1)
    picture, screen = preview.picture, preview.picture.parentWidget()
    assert screen is not None
    assert preview.transport.frame.isVisible()
    assert picture.clock == ""
    room.window.resize(400, 600)
    qtbot.waitUntil(lambda: not preview.transport.frame.isVisible())
    assert picture.clock == "0:00.0 / 0:02.0 · frame 2 of 48"
    before = picture.grab().toImage()
    picture.show_clock("")
    assert picture.grab().toImage() != before
    room.window.resize(900, 640)
    qtbot.waitUntil(preview.transport.frame.isVisible)
    preview.toggle_full_screen()
    qtbot.waitUntil(screen.isActiveWindow)
    assert picture.clock == ""
    qtbot.waitUntil(lambda: not preview.transport.isVisible(), timeout=6000)  # the mouse rests
    preview.step(1)
    arrived(qtbot, preview, 2)
    assert picture.clock == "0:00.0 / 0:02.0 · frame 3 of 48"
    preview.toggle_full_screen()
    qtbot.waitUntil(lambda: not screen.isWindow() and preview.transport.isVisible())
    assert picture.clock == ""


# --- sources ---


def test_a_picture_without_sound_and_one_whose_sound_is_longer_both_have_a_last_frame(
    room: Room, films: Films, qtbot: QtBot
) -> None:
    for film in (films.f24, films.sound):
        opened(qtbot, room.preview, film)
        room.preview.commands["to_end"].trigger()
        arrived(qtbot, room.preview, 47)


def test_the_address_is_played_until_the_file_comes_and_the_place_is_kept(
    room: Room, films: Films, address: str, qtbot: QtBot
) -> None:
    remote = clip(name="take", url=f"{address}/f24.mp4")
    room.preview.show_clip(remote)
    qtbot.waitUntil(lambda: shown(room.preview) == 0)
    assert "playing from Kling" in room.preview.picture.accessibleDescription()
    room.preview.seek(1.0)
    arrived(qtbot, room.preview, 24)
    before = room.preview.frames_seen
    room.preview.show_clip(replace(remote, file=films.f24))
    qtbot.waitUntil(lambda: room.preview.frames_seen > before)
    arrived(qtbot, room.preview, 24)
    assert "playing from Kling" not in room.preview.picture.accessibleDescription()


def test_a_fresh_address_does_not_disturb_what_plays(room: Room, address: str, qtbot: QtBot) -> None:
    room.preview.show_clip(clip(name="take", url=f"{address}/f24.mp4?signature=1"))
    qtbot.waitUntil(lambda: shown(room.preview) == 0)
    room.preview.step(5)
    arrived(qtbot, room.preview, 5)
    room.preview.show_clip(clip(name="take", url=f"{address}/f24.mp4?signature=2"))
    assert room.preview.duration_seconds > 0
    assert shown(room.preview) == 5


def test_a_poster_stands_until_the_first_frame(room: Room, films: Films, tmp_path: Path, qtbot: QtBot) -> None:
    opened(qtbot, room.preview, films.f24)
    room.preview.step(37)
    arrived(qtbot, room.preview, 37)
    poster = tmp_path / "poster.png"
    room.preview.picture.image.save(str(poster))
    before = room.preview.frames_seen
    room.preview.show_clip(clip(films.f30), poster)
    assert shown(room.preview) == 37
    qtbot.waitUntil(lambda: room.preview.frames_seen > before)
    assert shown(room.preview) == 0


def test_an_empty_stage_invites(room: Room) -> None:
    notice = room.preview.picture.notice
    assert notice is not None
    assert notice.title == "Your film plays here"
    assert not room.preview.commands["toggle"].isEnabled()


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
    room.preview.show_clip(clip(file))
    qtbot.waitUntil(lambda: bool(room.complaints))
    assert room.complaints[0].startswith(sentence)
    assert room.preview.picture.notice is not None
    opened(qtbot, room.preview, films.f24)  # and the next clip plays
    assert len(room.complaints) == 1
    assert room.preview.picture.notice is None


def test_a_film_that_breaks_off_is_said_once(room: Room, films: Films, tmp_path: Path, qtbot: QtBot) -> None:
    whole = with_index_first(films.f24, tmp_path / "whole.mp4")
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size * 6 // 10])
    opened(qtbot, room.preview, cut)
    room.preview.play()
    qtbot.waitUntil(lambda: bool(room.complaints))
    assert room.complaints == ["This file is damaged: it ends too early"]
    assert not room.preview.playing


@pytest.mark.expects_qt("QFFmpeg::Demuxer received AVPacket")  # the last packet is torn
def test_a_connection_that_breaks_off_is_said_once(room: Room, films: Films, address: str, qtbot: QtBot) -> None:
    with_index_first(films.f30, films.folder / "cut.mp4")
    room.preview.show_clip(clip(name="cut", url=f"{address}/cut.mp4"))
    room.preview.play()
    qtbot.waitUntil(lambda: bool(room.complaints))
    qtbot.waitUntil(lambda: not room.preview.playing)
    room.preview.show_clip(clip(films.f24))  # what Qt still has to say of the broken one comes before this one opens
    qtbot.waitUntil(lambda: room.preview.fps == 24)
    assert len(room.complaints) == 1  # which of the two it is depends on how far the decoder had come


def test_an_address_that_is_gone_is_said_and_tried_again_on_play(
    room: Room, films: Films, address: str, qtbot: QtBot
) -> None:
    late = films.folder / "late.mp4"
    late.unlink(missing_ok=True)
    room.preview.show_clip(clip(name="gone", url=f"{address}/late.mp4"))
    qtbot.waitUntil(lambda: bool(room.complaints))
    assert room.complaints == ["Kling's copy could not be opened (it may have expired)"]
    late.write_bytes(films.f24.read_bytes())
    room.preview.play()
    qtbot.waitUntil(lambda: shown(room.preview) > 2)


def test_a_file_with_sound_only_is_said(room: Room, tmp_path: Path, qtbot: QtBot) -> None:
    room.preview.show_clip(clip(make_sound(tmp_path / "sound.m4a", seconds=1)))
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
    preview, seen = room.preview, room.preview.frames_seen
    preview.show_clip(clip(harness_film(tmp_path / "odd.mp4", numbers, **how), name=name))
    qtbot.waitUntil(lambda: preview.frames_seen > seen)
    assert preview.picture.image.size().toTuple() == size
    ended = QSignalSpy(preview.playing_changed)
    preview.play()
    qtbot.waitUntil(lambda: ended.count() == 2 and not preview.playing, timeout=8000)
    preview.seek(0)
    qtbot.waitUntil(lambda: preview.position_seconds == 0)
    assert room.complaints == []
    assert preview.picture.notice is None


def test_switching_thirty_times_while_playing_does_not_hang(room: Room, films: Films, qtbot: QtBot) -> None:
    for turn in range(30):
        room.preview.show_clip(clip(films.sound if turn % 2 else films.f24, name=f"take {turn}"))
        room.preview.play()
        if turn % 3 == 0:
            seen = room.preview.frames_seen
            qtbot.waitUntil(partial(_has_moved_on, room.preview, seen))
        else:
            QApplication.processEvents()
    opened(qtbot, room.preview, films.f30)
    assert room.complaints == []


def _has_moved_on(preview: Preview, seen: int) -> bool:
    return preview.frames_seen > seen


# --- keys ---


def press(qtbot: QtBot, room: Room, target: QWidget, *keys: Qt.Key) -> None:
    target.setFocus()
    qtbot.waitUntil(target.hasFocus)
    for key in keys:
        QTest.keyClick(target, key)


def test_keys_work_wherever_the_focus_is(room: Room, films: Films, qtbot: QtBot) -> None:
    opened(qtbot, room.preview, films.f24)
    picture = room.preview.picture
    press(qtbot, room, picture, Qt.Key.Key_Period, Qt.Key.Key_Period, Qt.Key.Key_Comma)
    arrived(qtbot, room.preview, 1)
    press(qtbot, room, room.button, Qt.Key.Key_Right)
    arrived(qtbot, room.preview, 25)
    press(qtbot, room, picture, Qt.Key.Key_End)
    arrived(qtbot, room.preview, 47)
    press(qtbot, room, picture, Qt.Key.Key_Home, Qt.Key.Key_BracketRight, Qt.Key.Key_9, Qt.Key.Key_M)
    arrived(qtbot, room.preview, 0)
    assert room.preview.rate == 1.5
    assert room.preview.volume == 0.25
    assert room.preview.commands["mute"].isChecked()
    press(qtbot, room, picture, Qt.Key.Key_Backspace, Qt.Key.Key_Space)
    assert room.preview.rate == 1.0
    assert room.preview.playing


def test_typing_beside_it_moves_nothing(room: Room, films: Films, qtbot: QtBot) -> None:
    opened(qtbot, room.preview, films.f24)
    room.field.setFocus()
    qtbot.waitUntil(room.field.hasFocus)
    room.field.clear()
    QTest.keyClicks(room.field, "jolly fm, k. 90 [L]")
    assert room.field.text() == "jolly fm, k. 90 [L]"
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Backspace):
        QTest.keyClick(room.field, key)
    assert room.field.text() == "jolly fm, k. 90 [L"
    assert (room.preview.playing, room.preview.rate, room.preview.volume) == (False, 1.0, FIRST_VOLUME)
    assert shown(room.preview) == 0
    assert not room.preview.commands["full_screen"].isChecked()


def test_a_focused_button_keeps_its_space_key(room: Room, films: Films, qtbot: QtBot) -> None:
    opened(qtbot, room.preview, films.f24)
    with qtbot.waitSignal(room.button.clicked):
        press(qtbot, room, room.button, Qt.Key.Key_Space)
    assert not room.preview.playing


def test_a_click_plays_and_a_double_click_fills_the_screen_and_goes_back(
    room: Room, films: Films, qtbot: QtBot
) -> None:
    opened(qtbot, room.preview, films.f24)
    picture = room.preview.picture
    screen = picture.parentWidget()
    assert screen is not None
    QTest.mouseClick(picture, Qt.MouseButton.LeftButton)
    assert room.preview.playing
    QTest.mouseClick(picture, Qt.MouseButton.LeftButton)
    QTest.mouseDClick(picture, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(screen.isActiveWindow)
    assert screen.isFullScreen()
    QTest.keyClick(picture, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not screen.isWindow() and screen.isVisible())
    assert screen.width() == room.preview.width()


def test_every_control_has_a_name(room: Room) -> None:
    parts = [w for w in room.preview.findChildren(QWidget) if w.focusPolicy() != Qt.FocusPolicy.NoFocus]
    nameless = [type(w).__name__ for w in parts if not w.accessibleName()]
    assert len(parts) > 8
    assert nameless == []


def _fits(bar: QWidget) -> bool:
    parts = bar.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    seen = [part for part in parts if part.isVisible()]
    return all(p.width() >= p.minimumSizeHint().width() and bar.rect().contains(p.geometry()) for p in seen)


@pytest.mark.parametrize("width", [380, 480, 900])
def test_nothing_is_cut_off_in_a_narrow_window(room: Room, films: Films, qtbot: QtBot, width: int) -> None:
    opened(qtbot, room.preview, films.f24)
    room.window.resize(width, 600)
    qtbot.waitUntil(lambda: room.window.width() == width and _fits(room.preview.transport))
    room.window.resize(900, 640)


def test_the_window_stays_lively_while_it_opens(room: Room, films: Films) -> None:
    from time import perf_counter

    began = perf_counter()
    room.preview.show_clip(clip(films.f24))
    assert perf_counter() - began < 0.05  # the opening itself happens later, in Qt's own threads
