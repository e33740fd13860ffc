"""The five meters: number, word and bar of each, and an explanation for eyes, ears and keys."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtGui import QAccessible, QColor
from pytestqt.qtbot import QtBot

from kling_desktop.domain.analysis import Event, Measure, Meter, Seam, Verdict
from kling_desktop.domain.seam_limits import metered, quiet
from kling_desktop.ui import theme
from kling_desktop.ui.painted.lettering import lettering, width_of
from kling_desktop.ui.seams.meter_bars import MeterBars, MeterRow
from kling_desktop.ui.seams.seam_words import measure_name
from kling_desktop.ui.theme.fonts import ROW

SOFTER = Meter(Measure.SHARPNESS, -45.0, 0.75, Verdict.BAD)
STEADY = Meter(Measure.COLOUR, 0.4, 0.08, Verdict.CLEAN)


def test_every_meter_has_a_row_and_every_row_its_sentence(qtbot: QtBot) -> None:
    bars = MeterBars()
    qtbot.addWidget(bars)
    bars.show_seam(Seam(1, 120, 5.0, 1.0, meters=(STEADY, SOFTER)))
    assert tuple(bars.rows) == tuple(Measure)
    assert bars.rows[Measure.SHARPNESS].accessibleName() == "Sharpness −45 % gets softer"
    assert bars.rows[Measure.COLOUR].accessibleName() == "Colour ΔE 0.4 steady"
    assert bars.rows[Measure.FREEZE].number == "–", "not measured"
    sentences = {row.toolTip() for row in bars.rows.values()}
    assert len(sentences) == len(Measure)
    assert all(row.accessibleDescription().endswith(row.toolTip()) for row in bars.rows.values())
    assert "CIEDE2000" in bars.rows[Measure.COLOUR].toolTip()


def test_a_screen_reader_hears_the_number_the_verdict_and_how_near_the_limit_is(qtbot: QtBot) -> None:
    bars = MeterBars()
    qtbot.addWidget(bars)
    bars.show_seam(Seam(1, 120, 5.0, 1.0, meters=(STEADY, SOFTER, replace(SOFTER, measure=Measure.MOTION, bar=1.0))))
    heard = {
        measure: (told.text(QAccessible.Text.Name), told.text(QAccessible.Text.Description).split(": ")[0:2])
        for measure, row in bars.rows.items()
        if (told := QAccessible.queryAccessibleInterface(row))
    }
    assert heard[Measure.COLOUR][0] == "Colour ΔE 0.4 steady"
    assert heard[Measure.COLOUR][1][0] == "16 % of the limit"
    assert heard[Measure.COLOUR][1][1].startswith("clean.")
    assert heard[Measure.SHARPNESS][1][0] == "150 % of the limit"
    assert heard[Measure.SHARPNESS][1][1].startswith("clearly visible.")
    assert heard[Measure.MOTION][1][0] == "Twice the limit or more"
    assert heard[Measure.FREEZE][0] == "Freeze not measured"


def test_a_step_that_is_not_held_against_the_seam_is_not_called_steady(qtbot: QtBot) -> None:
    bars = MeterBars()
    qtbot.addWidget(bars)
    faded = quiet(metered(Measure.BRIGHTNESS, -12.0))
    bars.show_seam(Seam(1, 120, 5.0, 1.0, meters=(quiet(metered(Measure.COLOUR, 0.1)), faded), event=Event.FADE))
    assert bars.rows[Measure.BRIGHTNESS].accessibleName() == "Brightness −12 % not counted"
    assert bars.rows[Measure.BRIGHTNESS].accessibleDescription().startswith("Not counted: the film itself")
    assert bars.rows[Measure.COLOUR].accessibleName() == "Colour ΔE 0.1 steady"


def test_a_bar_is_as_long_as_it_is_bad(qtbot: QtBot) -> None:
    row = MeterRow(Measure.SHARPNESS, None)  # type: ignore[arg-type]  # on its own, as a window
    qtbot.addWidget(row)
    row.resize(208, row.sizeHint().height())
    short, long = _coloured(row, STEADY), _coloured(row, SOFTER)
    assert short == 0
    assert 130 <= long <= 155  # three quarters of 200 pixels, less the notch and the rounded ends


def _coloured(row: MeterRow, meter: Meter) -> int:
    """Pixels of the bar that have the colour of danger."""
    row.show_meter(meter)
    image = row.grab().toImage()
    danger = QColor(theme.colours().bad).rgb()
    bar = row.bar_rect
    lines = range(round(bar.top()), round(bar.bottom()))
    return max(sum(image.pixel(x, y) == danger for x in range(image.width())) for y in lines)


def test_names_and_numbers_stand_beside_each_other_at_the_usual_width(qtbot: QtBot) -> None:
    """As wide as the meters are in a window of 1360 pixels: "Brightness" was cut there."""
    bars = MeterBars()
    qtbot.addWidget(bars)
    values = {Measure.COLOUR: 2.4, Measure.BRIGHTNESS: 0.9, Measure.SHARPNESS: -12.0, Measure.MOTION: 0.1}
    meters = tuple(Meter(measure, values.get(measure, 0.0), 0.2, Verdict.CLEAN) for measure in Measure)
    bars.show_seam(Seam(1, 120, 5.0, 1.0, meters=meters))
    bars.resize(612, 50)
    bars.show()
    words = lettering(ROW)
    for measure, row in bars.rows.items():
        needed = width_of(measure_name(measure), words) + width_of(row.number, words)
        assert needed < row.width() - 6, measure
