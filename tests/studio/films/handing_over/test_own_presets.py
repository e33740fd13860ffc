"""A creator's own presets are kept over a restart, replaced by name, and dropped."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

from kling_desktop.export.options import Options
from kling_desktop.export.presets import Preset
from kling_desktop.studio.films.handing_over.own_presets import OwnPresets
from kling_desktop.studio.preferences import Preferences

REEL = Preset("For the reel", "h264-anywhere", Options(Fraction(9, 16), True, 1080))
LOOP = Preset("小循环", "gif", Options(longest=240, rate=Fraction(10)))


async def test_they_survive_a_restart(tmp_path: Path) -> None:
    preferences = Preferences(tmp_path)
    presets = OwnPresets(preferences)
    assert (presets.titles, presets.kept()) == ((), ())
    presets.keep(REEL)
    presets.keep(LOOP)
    wider = Preset(REEL.title, "h264-small")
    presets.keep(wider)
    assert presets.titles == ("For the reel", "小循环")
    await preferences.flush()
    again = OwnPresets(Preferences(tmp_path))
    assert again.kept() == (wider, LOOP)


async def test_they_are_dropped_and_have_names(tmp_path: Path) -> None:
    preferences = Preferences(tmp_path)
    presets = OwnPresets(preferences)
    presets.keep(REEL)
    presets.keep(LOOP)
    presets.drop(REEL.title)
    assert presets.kept() == (LOOP,)
    with pytest.raises(ValueError, match="name"):
        presets.keep(Preset("  ", "gif"))
    await preferences.flush()


async def test_what_makes_no_sense_in_the_settings_is_none(tmp_path: Path) -> None:
    preferences = Preferences(tmp_path)
    for text in ("{", "[1]", '{"a": 1}', "null"):
        preferences.change(export_presets=text)
        assert (OwnPresets(preferences).titles, OwnPresets(preferences).kept()) == ((), ())
    await preferences.flush()


async def test_what_a_newer_version_kept_stays_though_it_cannot_be_read_here(tmp_path: Path) -> None:
    preferences = Preferences(tmp_path)
    presets = OwnPresets(preferences)
    presets.keep(REEL)
    newer = {"title": "Small file", "format": "h264-small", "most_bytes": 8_000_000}
    known = {**json.loads(preferences.now.export_presets)[0], "title": "Loud", "loudness": "-14"}
    preferences.change(export_presets=json.dumps([*json.loads(preferences.now.export_presets), newer, known]))
    assert presets.titles == (REEL.title, "Loud")
    presets.keep(LOOP)
    presets.rename("Loud", " Louder ")
    presets.drop(REEL.title)
    kept = json.loads(preferences.now.export_presets)
    assert (kept[0], kept[1]) == (newer, {**known, "title": "Louder"})
    assert presets.titles == ("Louder", LOOP.title)
    await preferences.flush()


async def test_two_names_that_look_alike_are_one(tmp_path: Path) -> None:
    preferences = Preferences(tmp_path)
    presets = OwnPresets(preferences)
    presets.keep(REEL)
    presets.keep(Preset(f" {REEL.title} ", "gif"))
    assert presets.kept() == (Preset(REEL.title, "gif"),)
    presets.keep(LOOP)
    for wanted in ("", "  ", f"{REEL.title} "):
        with pytest.raises(ValueError, match="name"):
            presets.rename(LOOP.title, wanted)
    assert presets.titles == (REEL.title, LOOP.title)
    await preferences.flush()
