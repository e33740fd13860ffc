"""One clock: the player counts by the table of a file's own pictures, and says which codec it cannot show."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QEventLoop, QTimer, QUrl
from PySide6.QtMultimedia import QMediaPlayer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kling_desktop.media.frame_times import frame_times, picture_lead
from kling_desktop.ui.viewer.playing.player import Fault, Player, Shot
from kling_desktop.ui.viewer.playing.source import fault_notice
from tests.harness.media.films import make_uneven, number_on

DOUBLED = [(n + (n > 20)) / 24 for n in range(47)]
"""The 21st picture stands for two."""
LATE = [0.021 + n / 24 for n in range(48)]


@pytest.fixture(scope="module")
def player(qapp: QApplication) -> Iterator[Player]:
    """One player for all tests, as the program has one for its life."""
    player = Player()
    player.wake()
    yield player
    player.open(QUrl())
    loop = QEventLoop()  # commands are queued, and Qt's audio thread wants Python's lock meanwhile
    QTimer.singleShot(50, loop.quit)
    loop.exec()
    player.deleteLater()


class Watch:
    """The pictures that came."""

    def __init__(self, player: Player) -> None:
        self.player = player
        self.last: Shot | None = None
        player.framed.connect(self._take)

    def _take(self, shot: Shot) -> None:
        self.last = shot

    def shows(self, number: int) -> bool:
        """Whether the picture that came last spells this number."""
        return self.last is not None and number_on(self.last.image()) == number


def _opened(player: Player, file: Path, qtbot: QtBot, *, table: bool = True) -> Watch:
    watch = Watch(player)
    source = QUrl.fromLocalFile(str(file))
    player.open(source)
    if table:
        times = frame_times(file)
        starts = tuple(float(second) for second in times.seconds)
        player.use_times(source, starts, float(times.end), float(picture_lead(file, times)))
    qtbot.waitUntil(lambda: watch.shows(0))
    return watch


def test_a_doubled_picture_does_not_hold_a_step(player: Player, qtbot: QtBot, tmp_path: Path) -> None:
    watch = _opened(player, make_uneven(tmp_path / "doubled.mp4", DOUBLED), qtbot)
    assert player.clock.frames == 47
    player.seek(DOUBLED[19])
    qtbot.waitUntil(lambda: watch.shows(19))
    for number in (20, 21, 22, 23):
        player.step(1)
        qtbot.waitUntil(partial(watch.shows, number))
        assert player.clock.index(player.shown) == number
    for number in (22, 21, 20, 19):
        player.step(-1)
        qtbot.waitUntil(partial(watch.shows, number))


@pytest.mark.parametrize("sound", [True, False])
def test_a_picture_that_begins_late_is_counted_from_its_first(
    player: Player, qtbot: QtBot, tmp_path: Path, sound: bool
) -> None:
    watch = _opened(player, make_uneven(tmp_path / "late.mp4", LATE, sound=sound), qtbot)
    assert player.shown == pytest.approx(0, abs=0.001)
    assert player.clock.seconds == pytest.approx(2.0)
    for number in (30, 7, 47):
        player.seek(number / 24)
        qtbot.waitUntil(partial(watch.shows, number))
        assert player.clock.index(player.shown) == number
        assert player.shown == pytest.approx(number / 24, abs=0.002)


def test_the_end_is_the_last_picture_though_the_sound_goes_on(player: Player, qtbot: QtBot, tmp_path: Path) -> None:
    watch = _opened(player, make_uneven(tmp_path / "late.mp4", LATE, sound=True), qtbot)
    player.seek(player.clock.seconds)
    qtbot.waitUntil(lambda: watch.shows(47))
    player.step(1)
    player.step(-1)
    qtbot.waitUntil(lambda: watch.shows(46))


def test_a_table_that_comes_late_changes_no_picture(player: Player, qtbot: QtBot, tmp_path: Path) -> None:
    file = make_uneven(tmp_path / "late.mp4", LATE, sound=True)
    watch = _opened(player, file, qtbot, table=False)
    player.seek(1.0)
    qtbot.waitUntil(lambda: watch.last is not None and watch.last.seconds > 0.9)
    qtbot.waitUntil(lambda: player.aimed == player.shown)
    assert watch.last is not None
    seen = number_on(watch.last.image())
    times = frame_times(file)
    starts = tuple(float(second) for second in times.seconds)
    player.use_times(QUrl.fromLocalFile("/another.mp4"), starts, 2.0, 0.5)
    assert player.clock.starts == (), "a table of another file is not believed"
    player.use_times(QUrl.fromLocalFile(str(file)), starts, float(times.end), float(picture_lead(file, times)))
    assert player.clock.index(player.shown) == seen


def test_a_film_that_is_opened_again_while_it_loads_stands_where_it_is_wanted(
    player: Player, qtbot: QtBot, tmp_path: Path
) -> None:
    """On a loaded machine Qt tells of the first opening when the second is already asked for."""
    film = make_uneven(tmp_path / "again.mp4", [number / 24 for number in range(48)])
    watch = _opened(player, film, qtbot)
    player.open(QUrl())
    player.open(QUrl.fromLocalFile(str(film)), at_seconds=1.0)
    assert player._player is not None
    player._player.mediaStatusChanged.emit(QMediaPlayer.MediaStatus.LoadedMedia)
    qtbot.waitUntil(lambda: watch.shows(24))


def test_of_a_film_whose_length_is_overstated_few_pictures_are_given_up(
    player: Player, qtbot: QtBot, tmp_path: Path
) -> None:
    """Without a table only the length says where the end is, and sound that goes on makes it too long."""
    _opened(
        player, make_uneven(tmp_path / "short.mp4", [n / 24 for n in range(24)], sound_seconds=2), qtbot, table=False
    )
    patience = next(timer for timer in player.findChildren(QTimer) if timer.interval() == 1500)
    patience.setInterval(150)
    try:
        player.seek(player.clock.seconds)
        qtbot.waitUntil(lambda: player.clock.padding > 3)
        qtbot.waitUntil(lambda: player.aimed == player.shown)
        assert player.clock.padding == 4
    finally:
        patience.setInterval(1500)


@pytest.mark.filterwarnings("ignore")
def test_a_codec_that_cannot_be_shown_is_named(player: Player, qtbot: QtBot, tmp_path: Path) -> None:
    file = make_uneven(tmp_path / "av1.mp4", [n / 24 for n in range(24)], codec="libsvtav1")
    source = QUrl.fromLocalFile(str(file))
    with qtbot.waitSignal(player.failed, timeout=4500) as failed:
        player.open(source, play=True)
    assert failed.args == [Fault.UNSHOWN]
    assert fault_notice(Fault.UNSHOWN, source, player.codec).title == "This computer cannot show AV1 video"


def test_a_slow_line_is_not_called_a_codec_that_is_unknown_here() -> None:
    notice = fault_notice(Fault.UNSHOWN, QUrl("https://kling.example/a.mp4"), "H264")
    assert notice.title == "No picture of Kling's copy has come yet"
    assert "H264" not in f"{notice.title} {notice.detail}"
