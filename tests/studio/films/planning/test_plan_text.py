"""A plan is read from whatever was pasted, refused by line, and written so that it is read as the same again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kling_desktop.domain.plans import MOST_HOPS
from kling_desktop.studio.films.planning.plan_text import Fault, LineFault, decoded, parse, written


@pytest.mark.parametrize(
    ("text", "prompts"),
    [
        ("", ()),
        ("  \n\n \n", ()),
        ("A heron lands", ("A heron lands",)),
        ("A heron lands\nFog rolls in\n", ("A heron lands", "Fog rolls in")),
        ("A heron lands\r\n\r\nFog rolls in\r\n", ("A heron lands", "Fog rolls in")),
        ("\ufeffA heron\n\nlands", ("A heron", "lands")),
        ("A heron\nlands\n\n\n  Fog\nrolls in", ("A heron\nlands", "Fog\nrolls in")),
        ("A heron\nlands\n\nFog rolls in", ("A heron\nlands", "Fog rolls in")),
        ("\nA heron\nlands\n", ("A heron\nlands",)),
        ("湖面に霧\nتهبط الطيور\nПтицы садятся", ("湖面に霧", "تهبط الطيور", "Птицы садятся")),
    ],
)
def test_hops_are_lines_or_blocks(text: str, prompts: tuple[str, ...]) -> None:
    assert parse(text).prompts == prompts
    assert parse(text).faults == ()


def test_too_long_a_hop_is_named_by_its_line() -> None:
    parsed = parse("short\n" + "x" * 2500 + "\n" + "漢" * 2501 + "\nshort")
    assert parsed.faults == (LineFault(3, Fault.TOO_LONG, 2501),)
    blocks = parse("one\ntwo\n\n\n" + "x" * 2500 + "\ny")
    assert blocks.faults == (LineFault(5, Fault.TOO_LONG, 2502),)


def test_a_thousand_lines_are_refused_at_the_line_where_it_is_too_much() -> None:
    assert parse("hop\n" * 1000).faults == (LineFault(MOST_HOPS + 1, Fault.TOO_MANY, 1000),)
    assert parse("hop\n" * MOST_HOPS).faults == ()
    assert parse("hop\nhop\n", MOST_HOPS - 1).faults == (LineFault(2, Fault.TOO_MANY, MOST_HOPS + 1),)


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16"])
def test_files_of_every_editor_are_read(coding: str) -> None:
    assert parse(decoded("湖面に霧\r\nFog rolls in\r\n".encode(coding))).prompts == ("湖面に霧", "Fog rolls in")


@pytest.mark.parametrize("words", ["一只鸭子\n下雨了", "A heron lands\nIt rains"])
@pytest.mark.parametrize("coding", ["utf-16-le", "utf-16-be", "utf-32", "utf-32-le"])
def test_what_does_not_say_how_it_is_coded_is_not_guessed(coding: str, words: str) -> None:
    with pytest.raises(UnicodeDecodeError):
        decoded(words.encode(coding))


def test_what_is_no_text_is_not_taken_for_words() -> None:
    with pytest.raises(UnicodeDecodeError):
        decoded("一只鸭子\n下雨了".encode("gbk"))
    with pytest.raises(UnicodeDecodeError):
        decoded(b"A heron\0lands\n")


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x0b", "\x85"])
def test_a_prompt_with_a_break_of_another_kind_stays_one_hop(separator: str) -> None:
    assert parse(written((f"Fog{separator}rolls in", "It rains"))).prompts == ("Fog\nrolls in", "It rains")


_LINE = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Zs"), exclude_characters="\ufeff"),
    min_size=1,
    max_size=20,
)
_PROMPT = st.lists(_LINE, min_size=1, max_size=3).map("\n".join)


@given(st.lists(_PROMPT, max_size=8))
def test_what_is_written_is_read_as_the_same(prompts: list[str]) -> None:
    assert parse(written(tuple(prompts))).prompts == tuple(prompts)
