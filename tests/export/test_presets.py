"""Presets are data: the program's own name formats that exist, and a creator's come back as they were kept."""

from __future__ import annotations

import pytest

from kling_desktop.export.formats import BY_KEY
from kling_desktop.export.presets import PRESETS, from_json, to_json


def test_the_programs_own_name_formats_that_exist() -> None:
    assert {preset.format_key for preset in PRESETS} <= set(BY_KEY)
    assert len({preset.title for preset in PRESETS}) == len(PRESETS)


def test_kept_presets_come_back() -> None:
    assert from_json(to_json(PRESETS)) == PRESETS


@pytest.mark.parametrize("text", ["", "{}", "[1]", '[{"title": "x"}]', "null"])
def test_what_is_no_preset_is_left_out(text: str) -> None:
    assert from_json(text) == ()
