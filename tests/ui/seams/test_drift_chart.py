"""The drift over a chain: where it leaves the tolerance is marked and said; a single hop has no chart."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kling_desktop.domain.analysis import HopLook
from kling_desktop.ui import theme
from kling_desktop.ui.seams.drift_chart import DriftChart

BASE = HopLook(0, 0.0, 0.0, 0.0, 0.0)
NEAR = HopLook(1, 5.0, 2.0, -3.0, 10.0)
FAR = HopLook(2, 10.0, 8.1, -31.0, 12.0)
FARTHER = HopLook(3, 15.0, 9.0, -40.0, 60.0)


def test_the_hop_where_it_leaves_is_said_with_its_reasons(qtbot: QtBot) -> None:
    chart = DriftChart()
    qtbot.addWidget(chart)
    chart.show_hops((BASE, NEAR, FAR, FARTHER))
    assert chart.said.text() == "Leaves your tolerance at hop 2: colour ΔE 8.1, contrast −31 %."


def test_within_the_tolerance_nothing_is_marked(qtbot: QtBot) -> None:
    chart = DriftChart()
    qtbot.addWidget(chart)
    chart.resize(240, 200)
    chart.show_hops((BASE, NEAR, NEAR))
    assert "within" in chart.said.text()
    assert not _has(chart, theme.colours().bad)
    chart.show_hops((BASE, NEAR, FAR))
    assert _has(chart, theme.colours().bad)


def test_the_chart_can_be_read_aloud(qtbot: QtBot) -> None:
    chart = DriftChart()
    qtbot.addWidget(chart)
    chart.show_hops((BASE, NEAR, FAR))
    told = QAccessible.queryAccessibleInterface(chart._plot)
    said = told.text(QAccessible.Text.Description)
    assert told.text(QAccessible.Text.Name) == "Drift from the first clip"
    assert "Hop 1: colour 2.0, contrast −3.0 %, sharpness +10 %: within your tolerance." in said
    assert "Hop 2: colour 8.1, contrast −31 %, sharpness +12 %: outside your tolerance." in said
    chart.show_hops((BASE, NEAR, replace(FAR, contrast=-19.0)))
    assert "contrast −19 %, sharpness +12 %: outside" in told.text(QAccessible.Text.Description)
    chart.tolerance_chosen.emit(2.0)
    assert "outside" not in told.text(QAccessible.Text.Description)


def _has(chart: DriftChart, colour: str) -> bool:
    image, wanted = chart._plot.grab().toImage(), QColor(colour).rgb()
    return any(image.pixel(x, y) == wanted for x in range(image.width()) for y in range(image.height()))


def test_the_creator_says_how_much_drift_is_tolerated(qtbot: QtBot) -> None:
    chart = DriftChart()
    qtbot.addWidget(chart)
    chart.show_hops((BASE, NEAR, replace(FAR, contrast=-19.0)))
    assert "Leaves your tolerance at hop 2" in chart.said.text()
    chosen: list[float] = []
    chart.tolerance_chosen.connect(chosen.append)
    QTest.keyClick(chart.choice, Qt.Key.Key_Down)
    assert chosen == [2.0]
    assert "within" in chart.said.text()
    chart.tolerate(7.0)
    assert chart.choice.currentData() == 1.0
