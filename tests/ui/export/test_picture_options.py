"""What a preset asks for is what is shown and what is exported, also where it is none of the usual choices."""

from __future__ import annotations

from fractions import Fraction

import pytest
from pytestqt.qtbot import QtBot

from kling_desktop.export.options import Options
from kling_desktop.export.presets import PRESETS
from kling_desktop.ui.export.picture_options import PictureOptions

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
