"""What a preset asks for is what is shown and what is exported, also where it is none of the usual choices."""

from __future__ import annotations

from fractions import Fraction

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kling_desktop.export.formats import FORMATS
from kling_desktop.export.formats.coded import CodedFormat
from kling_desktop.export.options import Options
from kling_desktop.export.presets import PRESETS
from kling_desktop.ui.export.picture_options import BOUNDED, PictureOptions

ODD = Options(Fraction(4, 5), False, 500, Fraction(25, 2), Fraction(1, 4))
"""Of a file that was made by hand, or by a newer version."""


@pytest.fixture
def options(qtbot: QtBot) -> PictureOptions:
    made = PictureOptions()
    qtbot.addWidget(made)
    made.show()
    return made


def test_the_programs_own_come_out_as_they_are(options: PictureOptions) -> None:
    for preset in PRESETS:
        if preset.options != Options():
            options.show_for(preset.format_key, preset.options)
            assert options.options() == preset.options


def test_the_largest_file_is_a_field_where_the_format_keeps_to_it(options: PictureOptions) -> None:
    bounded = [each.key for each in FORMATS if isinstance(each, CodedFormat) and each.coding.codec == "libx264"]
    assert sorted(bounded) == sorted(BOUNDED)
    for form in FORMATS:
        options.show_for(form.key, Options())
        assert options.most.isVisible() == (form.key in BOUNDED), form.key
        assert options.options() == Options()


@pytest.mark.parametrize(
    ("typed", "most"),
    [("8", 8_000_000), ("8.5 MB", 8_500_000), ("0.1", 100_000), ("0", None), ("99999", 99_999_000_000)],
)
def test_what_is_typed_is_what_is_asked_for(
    options: PictureOptions, qtbot: QtBot, typed: str, most: int | None
) -> None:
    options.show_for("h264-anywhere", Options(most_bytes=25_000_000))
    assert options.most.text() == "25 MB"
    with qtbot.waitSignal(options.changed):
        options.most.selectAll()
        QTest.keyClicks(options.most, typed)
        QTest.keyClick(options.most, Qt.Key.Key_Return)
    assert options.options() == Options(most_bytes=most)
    assert (options.most.text() == "As it comes") == (most is None)


@pytest.mark.parametrize("most", [100_000, 123_456, 8_388_608, 25_000_000, 10**12])
@pytest.mark.parametrize("key", ["h264-small", "prores-422-hq"])
def test_a_presets_own_size_comes_out_to_the_byte(options: PictureOptions, key: str, most: int) -> None:
    options.show_for(key, Options(most_bytes=most))
    assert options.most.isVisible()
    assert options.options().most_bytes == most
    options.show_for("h264-small", Options())
    assert options.options().most_bytes is None


def test_an_unusual_one_is_shown_and_comes_out_as_it_is(options: PictureOptions) -> None:
    options.show_for("gif", ODD)
    assert options.options() == ODD
    said = [box.currentText() for box in (options.shape, options.size_box, options.rate)]
    assert said == ["4:5, with bars", "At most 500 pixels", "12.5 a second"]


def test_it_is_no_choice_for_what_comes_next(options: PictureOptions) -> None:
    options.show_for("gif", Options())
    before = [box.count() for box in (options.shape, options.size_box, options.rate)]
    for each in (ODD, Options(Fraction(2, 1), True, 501, Fraction(9)), Options()):
        options.show_for("gif", each)
        assert options.options() == each
    assert [box.count() for box in (options.shape, options.size_box, options.rate)] == before


@pytest.mark.parametrize("typed", ["12,5", "12.5", "\uff11\uff12\uff0e\uff15"])
def test_a_largest_file_is_as_large_as_was_typed_with_a_comma_too(options: PictureOptions, typed: str) -> None:
    options.show_for("h264-small", Options())
    options.most.selectAll()
    for letter in typed:
        options.most.lineEdit().insert(letter)  # as an input method commits it
    QTest.keyClick(options.most, Qt.Key.Key_Return)
    assert options.options().most_bytes == 12_500_000
