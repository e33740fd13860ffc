"""The bar is 40 pixels high, loses words when room is scarce, and each chip opens its page."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from kling_desktop.ui import theme
from kling_desktop.ui.bar.chip_faces import AccountState, QueueCounts
from kling_desktop.ui.bar.top_bar import TopBar


@pytest.fixture(params=["dark", "light"])
def bar(request: pytest.FixtureRequest, qapp: QApplication, qtbot: QtBot) -> Iterator[TopBar]:
    theme.apply(qapp, request.param)
    bar = TopBar(QMenu(), QMenu())
    bar.show_film("Lantern Lake")
    bar.show_queue(QueueCounts(2, 1, seconds=240))
    bar.show_budget(Decimal(12), Decimal(50))
    bar.show_expiry(1, 3)
    bar.show_account("Kling · Singapore", Decimal(842))
    qtbot.addWidget(bar)
    bar.resize(1440, 40)
    bar.show()
    qtbot.waitExposed(bar)
    yield bar
    theme.apply(qapp, "dark")


def test_all_fits_side_by_side(bar: TopBar) -> None:
    chips = [bar.film, bar.queue, bar.budget, bar.expiry, bar.search, bar.account]
    assert bar.height() == 40
    assert all(chip.height() == 28 for chip in chips)
    assert all(left.geometry().right() < right.x() for left, right in itertools.pairwise(chips))
    assert all(chip.width() >= chip.sizeHint().width() for chip in chips)


def test_in_a_narrow_window_chips_lose_their_words(bar: TopBar) -> None:
    bar.set_short(True)
    assert [chip.said() for chip in (bar.film, bar.queue, bar.budget, bar.expiry, bar.account)] == [
        "Lantern Lake",
        "2 1",
        "12 of 50",
        "1",
        "842 units",
    ]
    assert bar.queue.toolTip() == "2 rendering · 1 waiting · ~4 min"
    assert bar.search.sizeHint().width() == 28
    bar.set_short(False)
    assert bar.expiry.said() == "1 expires in 3 days"


def test_what_has_nothing_to_say_is_not_there(bar: TopBar) -> None:
    bar.show_queue(QueueCounts())
    bar.show_expiry(0, 0)
    assert not bar.queue.isVisible()
    assert not bar.expiry.isVisible()


def test_a_chip_opens_its_page(bar: TopBar, qtbot: QtBot) -> None:
    for chip, asked in (
        (bar.queue, bar.queue_asked),
        (bar.budget, bar.budget_asked),
        (bar.expiry, bar.expiry_asked),
    ):
        with qtbot.waitSignal(asked):
            QTest.keyClick(chip, Qt.Key.Key_Space)
    with qtbot.waitSignal(bar.search_asked):
        QTest.mouseClick(bar.search, Qt.MouseButton.LeftButton)


def test_every_chip_has_a_name(bar: TopBar) -> None:
    for chip in (bar.film, bar.queue, bar.budget, bar.expiry, bar.account):
        assert chip.accessibleName()
    assert "Ctrl+K" in bar.search.toolTip()


def test_the_sandbox_is_amber_and_money_that_is_gone_is_red(bar: TopBar) -> None:
    def has(chip: object, colour: str) -> bool:
        image = bar.grab().toImage()
        return any(
            image.pixelColor(x, y) == QColor(colour) for x in range(image.width()) for y in range(image.height())
        )

    worn = theme.tokens()
    assert not has(bar, worn.warnbg)
    bar.show_account("", None, AccountState.SANDBOX)
    assert has(bar, worn.warnbg)
    assert not has(bar, worn.bad)
    bar.show_budget(Decimal(50), Decimal(50))
    assert has(bar, worn.bad)


def test_a_chip_has_a_name_before_it_has_a_face(qtbot: QtBot) -> None:
    bar = TopBar(QMenu(), QMenu())
    qtbot.addWidget(bar)
    assert [chip.accessibleName() for chip in (bar.film, bar.account)] == ["Film", "Accounts"]
