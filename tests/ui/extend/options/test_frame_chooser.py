"""The frames that a new clip may begin with: the best one is offered, and what an earlier one costs is said."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox, QWidget
from pytestqt.qtbot import QtBot

from kling_desktop.domain.analysis import LastFrame
from kling_desktop.ui.extend.options.frame_chooser import FrameChooser

CHOICES = [
    LastFrame(None, None, 0, 0.6, 0.9, best=False),
    LastFrame(None, Fraction(119, 24), 1, 1.0, 0.9, best=True),
    LastFrame(None, Fraction(118, 24), 2, 0.8, 0.9, best=False),
]


@pytest.fixture
def chooser(qtbot: QtBot) -> Iterator[FrameChooser]:
    parent = QWidget()  # held here: a dialog goes with its parent
    qtbot.addWidget(parent)
    made = FrameChooser(parent)
    made.open()
    yield made
    parent.hide()


def test_nothing_can_be_taken_before_the_frames_are_read(chooser: FrameChooser) -> None:
    assert not chooser.buttons.button(QDialogButtonBox.StandardButton.Ok).isEnabled()
    chooser.fail("This video is HDR")
    assert not chooser.buttons.button(QDialogButtonBox.StandardButton.Ok).isEnabled()


def test_the_best_frame_is_offered_and_enter_takes_it(chooser: FrameChooser) -> None:
    taken: list[LastFrame] = []
    chooser.chosen.connect(taken.append)
    chooser.show_frames(CHOICES)
    said = [chooser.frames.item(row).text() for row in range(3)]
    assert "Last frame" in said[0]
    assert "1 frame is cut off · best" in said[1]
    assert "2 frames are cut off" in said[2]
    QTest.keyClick(chooser.frames, Qt.Key.Key_Return)
    assert taken == [CHOICES[1]]


def test_another_frame_is_taken_by_its_row(chooser: FrameChooser) -> None:
    taken: list[LastFrame] = []
    chooser.chosen.connect(taken.append)
    chooser.show_frames(CHOICES)
    chooser.frames.setCurrentRow(2)
    QTest.mouseClick(chooser.buttons.button(QDialogButtonBox.StandardButton.Ok), Qt.MouseButton.LeftButton)
    assert taken == [CHOICES[2]]
