"""What is nested leaves no wrapper behind, and stands where it would have stood."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from kling_desktop.ui.theme.layouts import nest
from tests.harness.desk.wrappers import unheard


def test_rows_within_rows_leave_no_wrapper(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    column, row, grid, inmost = QVBoxLayout(window), QHBoxLayout(), QGridLayout(), QHBoxLayout()
    inmost.addWidget(QLabel("a"))
    inmost.addStretch(1)
    grid.addLayout(inmost, 0, 0)
    row.addLayout(grid)
    row.addWidget(QLabel("b"))
    nest(column, row)
    assert not unheard()


def test_rows_stand_below_each_other_and_take_what_room_there_is(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    labels = QLabel("above"), QLabel("below", window)
    for label, stretch in zip(labels, (1, 0), strict=True):
        row = QHBoxLayout()
        row.addWidget(label)
        nest(column, row, stretch)
    window.resize(200, 400)
    window.show()
    above, below = labels
    assert above.parentWidget() is window
    assert above.height() > 10 * below.height() > 0
    assert below.y() > above.y()


def test_a_widget_that_moves_to_another_row_leaves_no_wrapper(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    column, rows, label = QVBoxLayout(window), (QHBoxLayout(), QHBoxLayout()), QLabel("a")
    rows[0].addWidget(label)
    for row in rows:
        row.addStretch(1)
        nest(column, row)
    rows[1].insertWidget(0, label)
    window.show()
    assert (rows[0].count(), rows[1].count()) == (1, 2)
    assert not unheard()
