"""Names of kept files."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kling_desktop.domain.clips import Clip
from kling_desktop.studio.naming import cleaned, take_name

_DAY = datetime(2026, 11, 22, tzinfo=UTC)


def test_a_name_tells_day_words_length_and_clip() -> None:
    clip = Clip("743211632612511839", seconds=Decimal("10.2"))
    assert take_name("A puppy appears!", clip, _DAY) == "2026-11-22_A-puppy-appears!_10s_743211632612511839.mp4"
    assert take_name("", clip, _DAY, mark="watermark").endswith("_743211632612511839_watermark.mp4")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("a/b\\c:d", "a-b-c-d"),
        ("  spaced\tout\n", "spaced-out"),
        ("con", "con_"),
        ("COM1.mp4", "COM1.mp4_"),
        ("...", ""),
        ("一只小狗出现了", "一只小狗出现了"),
        ("x" * 99, "x" * 40),
    ],
)
def test_words_become_legal(text: str, name: str) -> None:
    assert cleaned(text) == name


@given(st.text(), st.text(), st.decimals(allow_nan=True, allow_infinity=True) | st.none())
def test_any_words_and_any_id_make_a_legal_name(prompt: str, clip_id: str, seconds: Decimal | None) -> None:
    name = take_name(prompt, Clip(clip_id, seconds=seconds), _DAY)
    assert name.startswith("2026-11-22")
    assert name.endswith(".mp4")
    assert not set(name) & set('<>:"/\\|?*\0\n\r\t')
    assert len(name.encode()) <= 210


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("latin-1", "2026-11-22_été_743.mp4"),
        ("gbk", "2026-11-22_été-小狗_743.mp4"),
        ("ascii", "2026-11-22_t_743.mp4"),
        ("utf-8", "2026-11-22_été-小狗-🐶_743.mp4"),
    ],
)
def test_a_name_can_be_written_in_the_file_system_s_own_encoding(encoding: str, name: str) -> None:
    made = take_name("été 小狗 🐶", Clip("743"), _DAY, encoding=encoding)
    assert made == name
    made.encode(encoding)


@pytest.mark.parametrize(
    ("zone", "day"), [("Asia/Shanghai", "2026-11-23"), ("America/Los_Angeles", "2026-11-22"), ("UTC", "2026-11-22")]
)
def test_the_day_of_a_name_is_the_creator_s(zone: str, day: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert take_name("", Clip("743"), datetime(2026, 11, 22, 20, tzinfo=UTC)).startswith(day)
    finally:
        monkeypatch.undo()
        time.tzset()
