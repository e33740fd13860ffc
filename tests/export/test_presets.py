"""Presets are data: the program's own name formats that exist, and a creator's come back as they were kept."""

from __future__ import annotations

import json

import pytest

from kling_desktop.export.formats import BY_KEY
from kling_desktop.export.presets import PRESETS, from_records, preset_of, record_of, records_of


def test_the_programs_own_name_formats_that_exist() -> None:
    assert {preset.format_key for preset in PRESETS} <= set(BY_KEY)
    assert len({preset.title for preset in PRESETS}) == len(PRESETS)


def test_kept_presets_come_back() -> None:
    records = [record_of(preset) for preset in PRESETS]
    assert from_records(records_of(json.dumps(records))) == PRESETS


@pytest.mark.parametrize("text", ["", "{}", "[1]", '[{"title": "x"}]', "null"])
def test_what_is_no_preset_is_left_out(text: str) -> None:
    assert from_records(records_of(text)) == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("aspect", value) for value in ("0", "-1", "1/0", "1e300000000", "nan", 1.5, "1/1000")),
        *(("longest", value) for value in (0, -5, 3, 1 << 40, "480", True, 1.5)),
        *(("rate", value) for value in ("0", "-12", "inf", 12)),
        *(("blend", value) for value in ("-1/2", "1e9", "3600")),
        *(("crop", value) for value in ("no", 1, None)),
        *(("title", value) for value in ("", "  ", None, 7)),
        *(("most_bytes", value) for value in (0, -1, "10", 1.5, True)),
        ("format", None),
    ],
)
def test_what_nothing_can_have_is_no_preset(name: str, value: object) -> None:
    assert preset_of({**record_of(PRESETS[-1]), name: value}) is None


def test_of_two_of_one_name_the_first_counts() -> None:
    first, second = record_of(PRESETS[0]), {**record_of(PRESETS[1]), "title": PRESETS[0].title}
    assert from_records([first, second]) == (PRESETS[0],)


def test_one_of_an_earlier_version_has_no_bound() -> None:
    record = record_of(PRESETS[-1])
    del record["most_bytes"]
    assert preset_of(record) == PRESETS[-1]
