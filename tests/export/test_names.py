"""Names of exports: what a template makes, what it is refused for, and that no system chokes on any of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kling_desktop.export.names import DEFAULT, TOKENS, Style, TemplateRefused, check, filled, free, preview

TAKE: dict[str, str | int] = {
    "project": "Fox",
    "date": "2026-11-25",
    "title": "a fox runs",
    "hop": 3,
    "take": 2,
    "len": "14.8",
    "prompt": "It runs: fast/far? " * 10,
    "video_id": "70012",
}


def test_the_default_names_film_hop_and_take() -> None:
    check(DEFAULT)
    assert filled(DEFAULT, TAKE, ".mp4") == Path("Fox/2026-11-25_a fox runs_h03_t02_14.8s.mp4")


def test_parts_are_cleaned_and_cut() -> None:
    assert filled("{prompt}", TAKE, ".mov").name == "It runs fast far It runs fast far It run.mov"
    assert filled("{prompt:8}", TAKE, "").name == "It runs"
    assert filled("{title}", TAKE, ".mp4", Style(underscores=True)).name == "a_fox_runs.mp4"
    assert filled("{project}", TAKE, ".mp4", Style(lower_case=True)).name == "fox.mp4"


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("", "Write a name"),
        ("{nonsense}", "no {nonsense}"),
        ("{date}_{title}", "Two takes"),
        ("{counter", "brace"),
        ("{hop:x}_{take}", "colon"),
        ("../{counter}", "inside the folder"),
        ("/x/{counter}", "inside the folder"),
        ("{counter}?", "cannot hold"),
        ("{counter}\ud83d", "cannot hold"),
        ("{ext}{counter}", "at the end"),
    ],
)
def test_a_template_is_refused_with_its_reason(template: str, words: str) -> None:
    with pytest.raises(TemplateRefused, match=words):
        check(template)


def test_a_name_of_nothing_is_refused() -> None:
    with pytest.raises(TemplateRefused, match="Nothing is left"):
        filled("{rating}_{model}{ext}", TAKE, ".mp4")


def test_the_preview_is_what_would_be_written() -> None:
    names = preview("{title}_{counter}{ext}", [{**TAKE, "counter": 1}, {**TAKE, "counter": 2}], [".mp4"] * 2)
    assert [path.name for path in names] == ["a fox runs_1.mp4", "a fox runs_2.mp4"]
    twice = preview("{title}_h{hop}_t{take}{ext}", [TAKE, {**TAKE, "title": "A FOX runs"}], [".mp4"] * 2)
    assert [path.name for path in twice] == ["a fox runs_h3_t2.mp4", "A FOX runs_h3_t2 -1.mp4"]


def test_a_taken_name_is_numbered(tmp_path: Path) -> None:
    assert free(tmp_path / "a.mp4") == tmp_path / "a.mp4"
    (tmp_path / "a.mp4").touch()
    (tmp_path / "a -1.mp4").touch()
    assert free(tmp_path / "a.mp4") == tmp_path / "a -2.mp4"


@given(st.fixed_dictionaries({name: st.text(max_size=300) for name in TOKENS}), st.text(max_size=30))
def test_whatever_a_take_is_called_its_name_can_be_written(values: dict[str, str], words: str) -> None:
    template = "".join(c for c in words if c not in "{}") + "{title}_{prompt}_{counter}{ext}"
    try:
        path = filled(template, values, ".mp4")
    except TemplateRefused:
        return
    assert not path.is_absolute()
    assert ".." not in path.parts
    for step in path.parts:
        assert len(step.encode()) <= 255
        assert not set(step) & set('<>:"/\\|?*\0')
        assert step.split(".")[0].rstrip().lower() not in ("con", "nul", "aux")
        assert step == step.rstrip(" .") != ""


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("CON", "CON_"),
        ("aux.h1", "aux_.h1"),
        ("nul .x", "nul_ .x"),
        ("COM1.tar", "COM1_.tar"),
        ("conout$", "conout$_"),
        ("lpt¹", "lpt¹_"),
        ("console", "console"),
        ("a con", "a con"),
        ("con.", "con_"),
    ],
)
def test_no_name_is_that_of_a_device_whatever_follows_behind_it(words: str, name: str) -> None:
    assert filled("{title}/{counter}", {"title": words, "counter": 1}, ".mp4") == Path(name, "1.mp4")


def test_a_refusal_keeps_its_sentence_for_other_languages() -> None:
    with pytest.raises(TemplateRefused) as refused:
        check("{nobody}_{counter}")
    assert refused.value.sentence == "There is no {part}. Pick one from the list."
    assert str(refused.value) == refused.value.sentence.format(**refused.value.values)
    with pytest.raises(TemplateRefused, match=r"Add \{hop\} and \{take\}"):
        check("{title}")
