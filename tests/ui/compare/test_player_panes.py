"""Real films play as one: sets of frames that belong together are presented, and counted by the numbers they show."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from PySide6.QtCore import QEventLoop, QTimer, QUrl
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kling_desktop.media.frame_times import frame_times
from kling_desktop.ui.compare.player_panes import PlayerPanes
from tests.harness.media.films import make_film, make_uneven, number_on


class Films(NamedTuple):
    long: Path
    twin: Path
    short: Path
    f30: Path


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Films:
    folder = tmp_path_factory.mktemp("films")
    return Films(
        make_film(folder / "long.mp4"),
        make_film(folder / "twin.mp4", sound=True),
        make_film(folder / "short.mp4", frames=24),
        make_film(folder / "f30.mp4", fps=30, frames=60),
    )


def _run_loop() -> None:
    """Let queued commands be done, with Python's lock free: `QTest.qWait` holds it, and Qt's audio thread wants it."""
    loop = QEventLoop()
    QTimer.singleShot(50, loop.quit)
    loop.exec()


@pytest.fixture(scope="module")
def standing(qapp: QApplication) -> Iterator[PlayerPanes]:
    panes = PlayerPanes()
    yield panes
    panes.close()
    _run_loop()  # the commands to the players are queued
    panes.deleteLater()
    _run_loop()


@pytest.fixture
def panes(standing: PlayerPanes) -> Iterator[PlayerPanes]:
    yield standing
    standing.close()
    standing.set_rate(1.0)


def numbers(panes: PlayerPanes) -> list[int]:
    """What the presented frames say."""
    return [number_on(shot.image()) if shot else -1 for shot in panes.shots]


def opened(qtbot: QtBot, panes: PlayerPanes, *files: Path, seams: tuple[int, ...] = (), frame: int = 0) -> None:
    """Open films, their seams given in frames of a 24th second, paused on a frame."""
    cut = [seam / 24 for seam in seams] or [0.0] * len(files)
    panes.open([QUrl.fromLocalFile(str(file)) for file in files], cut)
    assert not panes.is_settled, "they are being opened"
    qtbot.waitUntil(lambda: panes.is_settled and bool(panes.frames) and min(numbers(panes)) >= 0, timeout=5000)
    if frame:
        panes.step(frame - panes.frame)
        arrived(qtbot, panes, frame)


def arrived(qtbot: QtBot, panes: PlayerPanes, frame: int) -> None:
    qtbot.waitUntil(lambda: panes.is_settled and panes.frame == frame and numbers(panes)[0] >= 0, timeout=5000)


def test_they_open_together_at_the_seam(qtbot: QtBot, panes: PlayerPanes, films: Films) -> None:
    opened(qtbot, panes, films.long, films.twin, seams=(14, 10))
    assert numbers(panes) == [14, 10]
    assert not panes.playing


def test_every_step_is_exact_in_all_films(qtbot: QtBot, panes: PlayerPanes, films: Films) -> None:
    opened(qtbot, panes, films.long, films.twin, films.f30, frame=10)
    shown = []
    for by in (1, 1, -1, 5, -12):
        goal = panes.aimed + by
        panes.step(by)
        arrived(qtbot, panes, goal)
        shown.append(numbers(panes))
    assert shown == [[11, 11, 14], [12, 12, 15], [11, 11, 14], [16, 16, 20], [4, 4, 5]]


def test_steps_pressed_faster_than_films_follow_add_up(qtbot: QtBot, panes: PlayerPanes, films: Films) -> None:
    opened(qtbot, panes, films.long, films.twin)
    for _ in range(9):
        panes.step(1)
    arrived(qtbot, panes, 9)
    assert numbers(panes) == [9, 9]


def test_playing_presents_only_frames_that_belong_together(qtbot: QtBot, panes: PlayerPanes, films: Films) -> None:
    opened(qtbot, panes, films.long, films.twin, seams=(4, 6))
    seen: list[list[int]] = []
    panes.presented.connect(lambda: seen.append(numbers(panes)))
    panes.play()
    qtbot.waitUntil(lambda: panes.frame > 30, timeout=8000)
    panes.pause()
    qtbot.waitUntil(lambda: panes.is_settled)
    assert len(seen) > 15, "frames flow"
    assert {second - first for first, second in seen} <= {1, 2, 3}, "within one frame of each other"
    assert sum(second - first == 2 for first, second in seen) > 0.8 * len(seen)
    first, second = numbers(panes)
    assert second - first == 2, "exact once it stands"


def test_a_film_that_was_put_off_is_brought_back(qtbot: QtBot, panes: PlayerPanes, films: Films) -> None:
    opened(qtbot, panes, films.long, films.twin)
    panes.set_rate(0.5)
    panes.play()
    qtbot.waitUntil(lambda: panes.frame >= 4, timeout=5000)
    panes._players[1].seek(panes.frame / 24 + 0.2)
    qtbot.waitUntil(lambda: abs(panes.drifts[1]) > 0.5 / 24)
    qtbot.waitUntil(lambda: abs(panes.drifts[1]) < 0.5 / 24, timeout=6000)
    first, second = numbers(panes)
    assert abs(first - second) <= 1


def test_the_longest_goes_on_and_the_others_stay_on_their_last_frame(
    qtbot: QtBot, panes: PlayerPanes, films: Films
) -> None:
    opened(qtbot, panes, films.short, films.long, frame=20)
    assert panes.frames == 48
    assert not panes.has_ended(0)
    panes.play()
    qtbot.waitUntil(lambda: not panes.playing, timeout=8000)
    arrived(qtbot, panes, 47)
    assert numbers(panes) == [23, 47]
    assert panes.has_ended(0)
    panes.play()
    qtbot.waitUntil(lambda: 2 < panes.frame < 20, timeout=5000)
    assert panes.playing, "from the start again"


def test_one_is_heard(qtbot: QtBot, panes: PlayerPanes, films: Films) -> None:
    opened(qtbot, panes, films.long, films.twin, films.short)
    assert [pane.player.is_muted for pane in panes._panes] == [False, True, True]
    panes.hear(1)
    assert [pane.player.is_muted for pane in panes._panes] == [True, False, True]


def test_a_broken_film_does_not_hold_up_the_others(
    qtbot: QtBot, panes: PlayerPanes, films: Films, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no film at all" * 100)
    with qtbot.waitSignal(panes.failed) as told:
        panes.open([QUrl.fromLocalFile(str(file)) for file in (broken, films.long)], [0.0, 0.0])
    assert told.args is not None
    assert told.args[0] == 0
    qtbot.waitUntil(lambda: panes.is_settled and numbers(panes) == [-1, 0])
    panes.step(3)
    arrived_at = [-1, 3]
    qtbot.waitUntil(lambda: numbers(panes) == arrived_at)


def test_players_are_made_once_and_hold_nothing_when_closed(qtbot: QtBot, panes: PlayerPanes, films: Films) -> None:
    for _ in range(3):
        opened(qtbot, panes, films.long, films.twin)
        panes.close()
    assert len(panes._players) <= 4
    assert panes.shots == []
    qtbot.waitUntil(lambda: all(p._player is None or p._player.source().isEmpty() for p in panes._players))


def test_an_uneven_film_is_counted_by_its_own_pictures(
    qtbot: QtBot, panes: PlayerPanes, films: Films, tmp_path: Path
) -> None:
    uneven = make_uneven(tmp_path / "doubled.mp4", [(n + (n > 20)) / 24 for n in range(47)])
    opened(qtbot, panes, uneven, films.long)
    times = frame_times(uneven)
    starts = tuple(float(second) for second in times.seconds)
    panes.use_times(QUrl.fromLocalFile(str(uneven)), starts, float(times.end), 0.0)
    panes.step(19)
    arrived(qtbot, panes, 19)
    for frame, pair in ((20, [20, 20]), (21, [21, 22]), (22, [22, 23])):
        panes.step(1)
        arrived(qtbot, panes, frame)
        assert numbers(panes)[0] == pair[0]
        assert abs(numbers(panes)[1] - pair[1]) <= 1


@pytest.mark.parametrize("ahead", [0.15, -0.15], ids=["ahead", "behind"])
def test_a_pane_that_is_ahead_is_slowed_down_and_one_behind_sped_up(
    qtbot: QtBot, panes: PlayerPanes, films: Films, ahead: float
) -> None:
    opened(qtbot, panes, films.long, films.twin)
    nudges: list[float] = []

    def corrected() -> bool:
        if not panes.playing:
            panes.play()
        pane, lead = sorted((pane for pane in panes._panes if pane.is_open), key=panes._panes.index, reverse=True)
        if not (pane.shots and lead.shots and pane.player.playing and lead.player.playing):
            return False
        off = (pane.seconds_now() - pane.seam) - (lead.seconds_now() - lead.seam)
        pane.seam, pane.drift = pane.seam + off - ahead, ahead
        panes._correct(pane)
        nudges.append(pane.nudge)
        return True

    qtbot.waitUntil(corrected, timeout=15_000)
    assert nudges[-1] * ahead < 0
