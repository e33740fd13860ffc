"""The page on which takes are compared: keys, order, sound and the winner, on real films."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from kling_desktop.domain.analysis import Measure, Meter, Seam, Verdict
from kling_desktop.domain.tasks import Extension, Task
from kling_desktop.ui.compare.compare import Comparison, Entrant, aligned
from kling_desktop.ui.compare.compare_stage import Mode
from tests.harness.media.films import make_film, number_on
from tests.harness.tasks import done

Key = Qt.Key


class Room(NamedTuple):
    """A window with a field, and the comparison over it."""

    window: QWidget
    field: QLineEdit
    comparison: Comparison
    picked: list[Task]


@pytest.fixture(scope="module")
def tasks(tmp_path_factory: pytest.TempPathFactory) -> list[Task]:
    folder = tmp_path_factory.mktemp("films")
    parent = Extension("7" * 18)
    prompts = ("A red boat drifts", "A blue boat drifts", "Snow falls")
    return [
        replace(done(at, file=make_film(folder / f"{at}.mp4")), extension=replace(parent, prompt=prompt))
        for at, prompt in enumerate(prompts)
    ]


def _run_loop() -> None:
    """Let queued commands be done, with Python's lock free: `QTest.qWait` holds it, and Qt's audio thread wants it."""
    loop = QEventLoop()
    QTimer.singleShot(50, loop.quit)
    loop.exec()


@pytest.fixture(scope="module")
def standing(qapp: QApplication) -> Iterator[Room]:
    window, picked = QWidget(), list[Task]()
    field, comparison = QLineEdit(window), Comparison(window)
    comparison.picked.connect(picked.append)
    column = QVBoxLayout(window)
    column.addWidget(field)
    column.addWidget(comparison, 1)
    window.resize(900, 600)
    window.show()
    QTest.qWaitForWindowExposed(window)
    yield Room(window, field, comparison, picked)
    comparison.close()
    window.close()
    _run_loop()  # the commands to the players are queued
    window.deleteLater()
    _run_loop()


@pytest.fixture
def room(standing: Room) -> Iterator[Room]:
    standing.picked.clear()
    yield standing
    standing.comparison.close()


def opened(qtbot: QtBot, room: Room, tasks: list[Task], *seams: float | None) -> Comparison:
    comparison = room.comparison
    entrants = [Entrant(task, seam) for task, seam in zip(tasks, seams or [None] * len(tasks), strict=True)]
    comparison.compare(entrants)
    QTest.qWaitForWindowExposed(comparison)
    comparison.activateWindow()
    qtbot.waitUntil(lambda: min(shown(comparison)) >= 0 and comparison.panes.is_settled)
    qtbot.waitUntil(comparison.isActiveWindow)
    return comparison


def shown(comparison: Comparison) -> list[int]:
    images = [comparison.stage.image(at) for at in range(len(comparison.panes.shots))]
    return [-1 if image.isNull() else number_on(image) for image in images] or [-1]


def seen(comparison: Comparison) -> tuple[int, ...]:
    """Numbers of the takes on the stage, in their order."""
    return comparison.stage._shown


def stands(qtbot: QtBot, comparison: Comparison, frame: int) -> None:
    qtbot.waitUntil(lambda: set(shown(comparison)) == {frame})


def press(comparison: Comparison, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget() or comparison, key, modifier)


def test_takes_of_one_parent_open_at_their_seams(qtbot: QtBot, room: Room, tasks: list[Task]) -> None:
    comparison = opened(qtbot, room, tasks[:2], 12 / 24, 16 / 24)
    assert sorted(shown(comparison)) == [12, 16]
    comparison.show_seam(str(tasks[1].clip and tasks[1].clip.id), Seam(1, 14, 14 / 24, 1.0))
    qtbot.waitUntil(lambda: shown(comparison)[1] - shown(comparison)[0] == 2)


def test_where_takes_are_aligned(tasks: list[Task]) -> None:
    one, other = tasks[:2]
    stranger = replace(one, extension=replace(one.extension, video_id="8" * 18))
    assert one.clip is not None
    told = replace(one, clip=replace(one.clip, parent_seconds=Decimal("2.5")))
    assert aligned([Entrant(one, 2.0), Entrant(other, 3.0)]) == [2.0, 3.0]
    assert aligned([Entrant(told), Entrant(other)]) == [2.5, 2.5], "their parent is the same"
    assert aligned([Entrant(told), Entrant(other, 3.0)]) == [2.5, 2.5], "found and told do not mix"
    assert aligned([Entrant(one), Entrant(other, 3.0)]) == [3.0, 3.0]
    assert aligned([Entrant(one, 2.0), Entrant(stranger, 3.0)]) == [0.0, 0.0]
    assert aligned([Entrant(one), Entrant(other)]) == [0.0, 0.0]


def test_keys_move_all_films(qtbot: QtBot, room: Room, tasks: list[Task]) -> None:
    comparison = opened(qtbot, room, tasks[:2], 0.5, 0.5)
    for key, frame in (
        (Key.Key_Period, 13), (Key.Key_Comma, 12), (Key.Key_Right, 36), (Key.Key_Left, 12),
        (Key.Key_End, 47), (Key.Key_Home, 0), (Key.Key_Up, 12),
    ):  # fmt: skip
        press(comparison, key)
        stands(qtbot, comparison, frame)
    press(comparison, Key.Key_Space)
    qtbot.waitUntil(lambda: comparison.panes.frame > 16)
    press(comparison, Key.Key_Space)
    qtbot.waitUntil(lambda: comparison.panes.is_settled and len(set(shown(comparison))) == 1)
    assert not comparison.panes.playing


def test_keys_change_how_they_are_compared(qtbot: QtBot, room: Room, tasks: list[Task]) -> None:
    comparison = opened(qtbot, room, tasks[:2])
    modes = []
    for key in (Key.Key_N, Key.Key_0, Key.Key_0, Key.Key_N, Key.Key_N, Key.Key_N):
        press(comparison, key)
        modes.append(comparison.stage.mode)
    assert modes == [Mode.WIPE, Mode.DIFFERENCE, Mode.WIPE, Mode.OVERLAY, Mode.DIFFERENCE, Mode.SIDE]
    assert comparison.commands[Mode.SIDE].isChecked()
    press(comparison, Key.Key_N)
    press(comparison, Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert comparison.stage.split < 0.5


def test_takes_are_swapped_hidden_and_gone_through(qtbot: QtBot, room: Room, tasks: list[Task]) -> None:
    comparison = opened(qtbot, room, tasks)
    press(comparison, Key.Key_S)
    assert seen(comparison) == (1, 0, 2)
    press(comparison, Key.Key_Tab)
    assert seen(comparison) == (1, 2, 0)
    press(comparison, Key.Key_1)
    assert seen(comparison) == (2, 0)
    press(comparison, Key.Key_1)
    assert seen(comparison) == (1, 2, 0)
    press(comparison, Key.Key_1)
    press(comparison, Key.Key_2)
    assert seen(comparison) == (0,)
    press(comparison, Key.Key_3)
    assert seen(comparison) == (1, 2), "something is always seen"


def test_one_is_heard_and_p_picks_it(qtbot: QtBot, room: Room, tasks: list[Task]) -> None:
    comparison = opened(qtbot, room, tasks[:2])
    press(comparison, Key.Key_M)
    assert comparison.panes.audible == 1
    assert comparison.words.columns[1].head.hear.isChecked()
    press(comparison, Key.Key_P)
    assert room.picked == [tasks[1]]
    assert comparison.words.columns[1].head.pick.text() == "Picked"
    comparison.words.columns[0].head.pick.click()
    assert room.picked == [tasks[1], tasks[0]]
    with qtbot.waitSignal(comparison.dropped) as told:
        press(comparison, Key.Key_P)
    assert told.args == [tasks[1]], "a second P takes it back"


def test_x_rejects_the_one_that_is_heard_and_the_next_is_heard(qtbot: QtBot, room: Room, tasks: list[Task]) -> None:
    comparison = opened(qtbot, room, tasks[:3])
    rejected, dropped = QSignalSpy(comparison.rejected), QSignalSpy(comparison.dropped)
    press(comparison, Qt.Key.Key_X)
    assert [rejected.at(at)[0] for at in range(rejected.count())] == tasks[:1]
    assert comparison.panes.audible == 1
    assert "Rejected" in comparison.stage.accessibleDescription()
    press(comparison, Qt.Key.Key_X)
    assert comparison.panes.audible == 2
    comparison.panes.hear(0)
    press(comparison, Qt.Key.Key_X)
    assert [dropped.at(at)[0] for at in range(dropped.count())] == tasks[:1]
    assert comparison.panes.audible == 0
    press(comparison, Qt.Key.Key_X)
    comparison.panes.hear(0)
    press(comparison, Qt.Key.Key_P)
    assert room.picked == tasks[:1]
    assert comparison.stage.accessibleDescription().count("Rejected") == 1


def test_escape_leaves_and_lets_go_of_the_films(qtbot: QtBot, room: Room, tasks: list[Task]) -> None:
    comparison = opened(qtbot, room, tasks[:2])
    assert not comparison.isWindow()
    press(comparison, Key.Key_Space)
    with qtbot.waitSignal(comparison.left):
        press(comparison, Key.Key_Escape)
    assert not comparison.isVisible()
    assert not comparison.panes.playing
    players = comparison.panes._players
    qtbot.waitUntil(lambda: all(p._player is None or p._player.source().isEmpty() for p in players))
    assert comparison.stage.image(0).isNull()


def test_typing_elsewhere_is_left_alone(qtbot: QtBot, room: Room, tasks: list[Task]) -> None:
    comparison = opened(qtbot, room, tasks[:2])
    room.window.activateWindow()
    room.field.setFocus()
    qtbot.waitUntil(room.field.hasFocus)
    mode = comparison.stage.mode
    QTest.keyClicks(room.field, "s 0 np12")
    assert room.field.text() == "s 0 np12"
    assert (comparison.stage.mode, seen(comparison), room.picked) == (mode, (0, 1), [])


def test_a_button_with_the_focus_keeps_its_space(qtbot: QtBot, room: Room, tasks: list[Task]) -> None:
    comparison = opened(qtbot, room, tasks[:2])
    comparison.words.columns[1].head.pick.setFocus()
    press(comparison, Key.Key_Space)
    assert room.picked == [tasks[1]]
    assert not comparison.panes.playing


def test_what_can_be_pressed_has_a_name(qtbot: QtBot, room: Room, tasks: list[Task]) -> None:
    from PySide6.QtWidgets import QAbstractButton

    comparison = opened(qtbot, room, tasks)
    buttons = [button for button in comparison.findChildren(QAbstractButton) if button.isVisible()]
    assert len(buttons) > 10
    assert [button for button in buttons if not (button.accessibleName() or button.text())] == []
    assert [button for button in buttons if not (button.toolTip() or button.text())] == []
    assert "S" in comparison.commands["swap"].toolTip()


def test_a_file_that_is_gone_is_told_in_its_corner(qtbot: QtBot, room: Room, tasks: list[Task]) -> None:
    clip = tasks[0].clip
    assert clip is not None
    lost = replace(tasks[0], clip=replace(clip, file=Path("/nowhere/film.mp4")))
    comparison = room.comparison
    comparison.compare([Entrant(lost), Entrant(tasks[1])])
    qtbot.waitUntil(lambda: shown(comparison) == [-1, 0])
    assert "no longer in its place" in comparison.stage.accessibleDescription()


def test_the_numbers_of_a_seam_come_in_as_it_is_measured(qtbot: QtBot, room: Room, tasks: list[Task]) -> None:
    comparison = opened(qtbot, room, tasks[:2])
    table = comparison.side.table
    assert (table.said(0, 1), table.said(1, 0), table.said(1, 2)) == ("A", "Seam", "–")
    shifted = Meter(Measure.COLOUR, 5.8, 1.0, Verdict.BAD)
    comparison.show_seam(str(tasks[1].clip and tasks[1].clip.id), Seam(1, 12, 0.5, 1.0, meters=(shifted,)))
    assert (table.said(1, 1), table.said(1, 2), table.said(2, 2)) == ("–", "bad", "5.8")


def test_the_one_that_is_heard_is_extended_and_the_others_rejected_if_wished(
    qtbot: QtBot, room: Room, tasks: list[Task]
) -> None:
    comparison = opened(qtbot, room, tasks)
    rejected = QSignalSpy(comparison.rejected)
    press(comparison, Key.Key_M)
    assert comparison.side.extend.text() == "Extend B"
    assert comparison.side.rejects.text() == "Reject A, C"
    comparison.side.rejects.setChecked(True)
    with qtbot.waitSignal(comparison.extended) as extended:
        QTest.mouseClick(comparison.side.extend, Qt.MouseButton.LeftButton)
    comparison.side.rejects.setChecked(False)
    assert extended.args == [tasks[1]]
    assert [rejected.at(n)[0] for n in range(rejected.count())] == [tasks[0], tasks[2]]
    assert not comparison.isVisible()


def test_stars_and_reject_are_at_hand_beside_each_take(qtbot: QtBot, room: Room, tasks: list[Task]) -> None:
    comparison = opened(qtbot, room, tasks[:2])
    column = comparison.words.columns[1].head
    with qtbot.waitSignal(comparison.starred) as starred:
        QTest.keyClick(column.stars, Key.Key_4)
    assert starred.args == [tasks[1], 4]
    assert column.stars.value() == 4
    with qtbot.waitSignal(comparison.rejected) as rejected:
        QTest.mouseClick(column.reject, Qt.MouseButton.LeftButton)
    assert rejected.args == [tasks[1]]
    assert column.reject.text() == "Rejected"


def _is_seen(comparison: Comparison, number: int) -> bool:
    return not comparison.stage.film_rect(number).isEmpty()


def test_a_head_stands_over_each_film_and_says_which_take_it_is(qtbot: QtBot, room: Room, tasks: list[Task]) -> None:
    comparison = room.comparison
    comparison.compare([Entrant(task, name=f"Take {n}") for n, task in enumerate(tasks[:2], 1)])
    qtbot.waitUntil(lambda: comparison.panes.is_settled)
    comparison.commands[Mode.SIDE].trigger()
    heads = [comparison.words.columns[place].head for place in (0, 1)]
    assert [head.letter.text() for head in heads] == ["A", "B"]
    assert all(head.isVisible() and head.parentWidget() is comparison.stage for head in heads)
    for number, head in enumerate(heads):
        qtbot.waitUntil(partial(_is_seen, comparison, number))
        assert head.geometry().bottom() < comparison.stage.film_rect(number).top()
    press(comparison, Key.Key_1)
    assert not heads[0].isVisible()
    press(comparison, Key.Key_1)
    press(comparison, Key.Key_S)
    assert comparison.stage.film_rect(1).top() > comparison.words.columns[0].head.geometry().bottom()


def test_where_they_start_is_seen_beside_three(qtbot: QtBot, room: Room, tasks: list[Task]) -> None:
    from PySide6.QtGui import QColor, QImage

    comparison = opened(qtbot, room, tasks[:3])
    comparison.commands[Mode.SIDE].trigger()
    before = comparison.stage.grab().toImage()
    reference = QImage(320, 180, QImage.Format.Format_RGB32)
    reference.fill(QColor("#00ff00"))
    comparison.show_reference(reference, "Where they start: last frame of hop 4")
    after = comparison.stage.grab().toImage()
    place = comparison.stage._cell(3).center()
    assert after.pixelColor(place) == QColor("#00ff00")
    assert before.pixelColor(place) != QColor("#00ff00")


def test_another_take_of_the_one_that_is_heard_is_asked_for_at_what_it_cost(
    qtbot: QtBot, room: Room, tasks: list[Task]
) -> None:
    comparison = room.comparison
    comparison.compare([Entrant(replace(task, units=Decimal(2))) for task in tasks[:2]])
    press(comparison, Key.Key_M)
    assert comparison.side.again.text() == "Try B again · ≈ 2 units"
    with qtbot.waitSignal(comparison.again_asked) as asked:
        QTest.mouseClick(comparison.side.again, Qt.MouseButton.LeftButton)
    assert asked.args is not None
    assert asked.args[0].id == tasks[1].id


def test_the_key_extends_the_one_that_is_heard(qtbot: QtBot, room: Room, tasks: list[Task]) -> None:
    comparison = opened(qtbot, room, tasks[:2])
    with qtbot.waitSignal(comparison.extended) as extended:
        QTest.keyClick(comparison.stage, Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert extended.args == [tasks[0]]
