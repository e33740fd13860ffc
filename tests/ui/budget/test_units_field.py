"""What is typed is the number that is meant, whatever the system's language and the input method."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kling_desktop.ui.budget.units_field import PriceField, UnitsField


@pytest.fixture(params=["en_US", "de_DE", "zh_CN", "ar_EG"])
def system_language(request: pytest.FixtureRequest) -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale(request.param))
    yield
    QLocale.setDefault(before)


@pytest.mark.usefixtures("system_language")
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("12,5", 12.5), ("12.5", 12.5), ("0", 0), ("0,5", 0.5), ("1,000", 1), ("-5", 40), ("99999999", 99_999),
        ("\uff11\uff12", 12), ("\uff11\uff12\uff0e\uff15", 12.5), ("\uff11\uff12\uff0c\uff15", 12.5),
        ("12\u30025", 12.5), ("\u0661\u0662", 40),
    ],
)  # fmt: skip
def test_the_number_that_is_meant(qtbot: QtBot, typed: str, meant: float) -> None:
    field = UnitsField()
    qtbot.addWidget(field)
    field.setValue(40)
    field.show()
    field.selectAll()
    for letter in typed:
        field.lineEdit().insert(letter)  # as an input method commits it
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.value() == meant


def test_keys_of_any_keyboard(qtbot: QtBot) -> None:
    field = UnitsField()
    qtbot.addWidget(field)
    field.show()
    field.selectAll()
    QTest.keyClicks(field, "12,5")
    assert field.text() == "12.5"


@pytest.mark.usefixtures("system_language")
def test_a_price_is_written_as_prices_are(qtbot: QtBot) -> None:
    field = PriceField()
    qtbot.addWidget(field)
    field.setValue(0.14)
    assert field.text() == "$0.14"
    field.show()
    field.selectAll()
    QTest.keyClicks(field, "0,0985")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert (field.value(), field.text()) == (0.0985, "$0.0985")
    field.setValue(1)
    assert field.text() == "$1.00"
