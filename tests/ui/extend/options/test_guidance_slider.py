"""Guidance: Kling's default until it is touched."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kling_desktop.ui.extend.options.guidance_slider import GuidanceSlider
from tests.harness.words.reading import said


@pytest.fixture
def slider(qtbot: QtBot) -> GuidanceSlider:
    made = GuidanceSlider()
    qtbot.addWidget(made)
    return made


def test_it_starts_as_kling_s_default(slider: GuidanceSlider) -> None:
    assert slider.guidance() is None
    assert "0.5" not in said(slider)


def test_a_key_leaves_the_default(slider: GuidanceSlider, qtbot: QtBot) -> None:
    with qtbot.waitSignal(slider.edited):
        QTest.keyClick(slider.slider, Qt.Key.Key_Right)
    assert slider.guidance() == 0.51
    assert "0.51" in said(slider)
    QTest.keyClick(slider.slider, Qt.Key.Key_Left)
    assert slider.guidance() == 0.5  # chosen now, not left alone
    QTest.keyClick(slider.slider, Qt.Key.Key_End)
    assert slider.guidance() == 1.0


def test_the_box_returns_to_the_default(slider: GuidanceSlider, qtbot: QtBot) -> None:
    slider.show_guidance(0.9)
    with qtbot.waitSignal(slider.edited):
        QTest.keyClick(slider.default, Qt.Key.Key_Space)
    assert slider.guidance() is None
    assert slider.slider.value() == 50


@pytest.mark.parametrize(
    ("given", "kept"), [(None, None), (0.0, 0.0), (0.5, 0.5), (0.29, 0.29), (7.0, 1.0), (-1.0, 0.0)]
)
def test_a_draft_is_shown_as_it_was(slider: GuidanceSlider, given: float | None, kept: float | None) -> None:
    slider.show_guidance(0.3)
    slider.show_guidance(given)
    assert slider.guidance() == kept
