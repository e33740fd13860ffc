"""The foot of the queue's page says what was charged, and offers the menu bar's own verbs."""

from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from kling_desktop.ui.queue.queue_foot import QueueFoot, charged_words


@pytest.mark.parametrize(
    ("units", "words"),
    [
        ("0", "Nothing charged today"),
        ("1.0", "1 unit charged today"),
        ("8", "8 units charged today"),
        ("3.50", "3.5 units charged today"),
    ],
)
def test_units_are_said_as_exactly_as_kling_charges_them(units: str, words: str) -> None:
    assert charged_words(Decimal(units)) == words


def test_what_is_said_is_heard_and_the_verbs_are_the_same_ones(qtbot: QtBot) -> None:
    foot, verb = QueueFoot(), QAction("Clear the queue")
    qtbot.addWidget(foot)
    foot.offer([verb])
    foot.show_charged(Decimal(8))
    assert foot.accessibleName() == "8 units charged today"
    assert foot.menu.actions() == [verb]
