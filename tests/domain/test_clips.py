"""Clips: what an id is, however it was pasted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kling_desktop.domain.clips import id_in, video_id_of

UNSEEN = "\u115f\u3164\uffa0\u2800\u17b4\u180b\u034f\U000e0041\u200e\u202a\u2068\u00ad\ufe0f\u200b\ufeff\u2060"


@pytest.mark.parametrize("unseen", UNSEEN)
def test_an_id_is_freed_of_what_nobody_sees(unseen: str) -> None:
    assert id_in(f"{unseen}7432{unseen}11{unseen}") == "743211"


@pytest.mark.parametrize(
    ("pasted", "id"),
    [
        ("\uff17\uff14\uff13\uff12", "7432"),
        ("CjikY2gHPbcAAAAABlkE-w", "CjikY2gHPbcAAAAABlkE-w"),
        ("\uff21-\uff11", "A-1"),
        ("\u0667\u0664\u0663", "743"),
        ('"743",', "743"),
        ("\u201c743\u201d", "743"),
        ("\uff0843\uff09\u3002", "43"),
        ('( "743" )', "743"),
    ],
)
def test_full_width_signs_become_plain_and_real_ids_stay(pasted: str, id: str) -> None:
    assert id_in(pasted) == id


@pytest.mark.parametrize("space", [" ", "\n", "\t", "\u3000"])
def test_spaces_around_an_id_go_and_those_within_stay(space: str) -> None:
    assert id_in(f"{space}743{space}") == "743"
    assert len(id_in(f"743{space}211").split()) == 2


@given(st.text())
def test_any_paste_gives_an_id_that_stays(pasted: str) -> None:
    assert id_in(id_in(pasted)) == id_in(pasted)


def test_of_an_endless_paste_only_the_beginning_is_looked_at() -> None:
    assert id_in(" " * 1_000_000 + "743") == "743"
    assert len(id_in("7" * 1_000_000)) < 10_000


def test_the_mark_of_a_second_take_of_one_video_is_ours_only() -> None:
    assert video_id_of("743#815") == "743"
    assert video_id_of("743") == "743"
