"""Every text of the screen has its translation, and the script that finds them misses none."""

from __future__ import annotations

from pathlib import Path

import pytest

import texts

_CODE = {
    "errors.py": 'class E(Exception):\n    title = "Bad"\n    advice = ("Do " "that")\n    other = "raw"\n'
    'class Remedy(StrEnum):\n    NONE = ""\n    WAIT = "Waiting"\n',
    "studio/tasks/checks.py": 'TOO_LONG = "Too long: {n}"\nyes = Finding("prompt", True, TOO_LONG, {})\n',
    "ui/form.py": 'tr("Send")\ntr_count(n, "{n} day", "{n} days")\ntr("on" if lit else "off")\ntr(error.title)\n'
    'SLOW = "Slow"\nFinding("f", False, SLOW)\nFinding("f", False, "Here")\n',
}


@pytest.fixture
def package(tmp_path: Path) -> Path:
    for name, code in _CODE.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(code, encoding="utf-8")
    return tmp_path


def test_every_text_is_translated_into_chinese() -> None:
    assert texts.complaints(texts.texts(), texts.translations("zh_CN")) == []


def test_every_text_can_be_collected() -> None:
    assert texts.uncollectable() == []


def test_texts_are_found_wherever_they_are_written(package: Path) -> None:
    of_errors, of_checks = {"Bad", "Do that", "Waiting"}, {"Too long: {n}", "Slow", "Here"}
    assert texts.texts(package) == of_errors | of_checks | {"Send", "{n} day", "{n} days", "on", "off"}


@pytest.mark.parametrize("call", ["tr(name)", 'tr(f"{n} days")', "tr(TABLE[key])", 'tr("a" + "b")'])
def test_a_text_that_no_script_can_read_is_caught(package: Path, call: str) -> None:
    assert texts.uncollectable(package) == []
    (package / "ui" / "list.py").write_text(call, encoding="utf-8")
    assert len(texts.uncollectable(package)) == 1


@pytest.mark.parametrize(
    ("translation", "complaint"),
    [
        ({}, "missing: {n} of {total}"),
        ({"{n} of {total}": "{n}"}, "other placeholders: {n} of {total}"),
        ({"{n} of {total}": "{total} / {n}", "Gone": "没了"}, "unused: Gone"),
        ({"{n} of {total}": " "}, "empty: {n} of {total}"),
    ],
)
def test_a_wrong_translation_is_caught(translation: dict[str, str], complaint: str) -> None:
    assert complaint in texts.complaints({"{n} of {total}"}, translation)


def test_a_right_translation_passes() -> None:
    assert texts.complaints({"{n} of {total}"}, {"{n} of {total}": "共 {total}，第 {n}"}) == []
