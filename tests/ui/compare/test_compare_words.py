"""What was asked for stands beneath the films, and what differs stands out."""

from __future__ import annotations

import re

from pytestqt.qtbot import QtBot

from kling_desktop.domain.tasks import Extension, Generation
from kling_desktop.ui.compare.compare_words import AskedPanel, marked, settings_line


def outstanding(html: str) -> list[str]:
    return re.findall(r"<b>(.*?)</b>", html)


def test_words_that_the_other_lacks_stand_out() -> None:
    own, other = "A red boat drifts, slowly", "A blue boat drifts"
    assert outstanding(marked(own, other)) == ["red", ", slowly"]
    assert outstanding(marked(other, own)) == ["blue"]
    assert outstanding(marked(own, own)) == []


def test_signs_of_a_script_without_spaces_are_words() -> None:
    assert outstanding(marked("红色的船", "蓝色的船")) == ["红"]


def test_a_prompt_is_text_and_never_markup() -> None:
    assert "<i>" not in marked("a <i>boat</i> & more", "")


def test_settings_that_differ_stand_out_on_one_line() -> None:
    plain = Extension("1")
    tuned = Extension("1", guidance=0.7, watermark=True, negative_prompt="blur, text")
    assert outstanding(settings_line(plain, plain)) == []
    assert outstanding(settings_line(tuned, plain)) == ["guidance 0.7", "with a watermarked copy", "blur, text"]
    assert outstanding(settings_line(plain, tuned)) == ["guidance default", "no watermark", "nothing unwanted"]
    assert "\n" not in settings_line(tuned, plain)


def test_what_continued_takes_were_made_with_stands_out_where_it_differs() -> None:
    long = Extension("1", generation=Generation("kling-v3", "pro", 10, sound=True))
    short = Extension("1", generation=Generation("kling-v3", "std", 5))
    assert outstanding(settings_line(long, short)) == ["pro", "10 s", "sound"]
    assert outstanding(settings_line(short, long)) == ["std", "5 s"]
    assert "guidance" not in settings_line(short, long)


def test_columns_follow_the_order_and_tell_which_was_meant(qtbot: QtBot) -> None:
    panel = AskedPanel()
    qtbot.addWidget(panel)
    panel.show_asked([Extension("1", "one"), Extension("1", "two"), Extension("1", "three")])
    panel.show_order((2, 0, 1))
    panel.show_state("ABC", heard=0, picked={2})
    assert [column.letter.text() for column in panel.columns] == ["A", "B", "C"]
    assert [column.head.hear.isChecked() for column in panel.columns] == [False, True, False]
    assert [column.head.pick.isChecked() for column in panel.columns] == [True, False, False]
    assert "three" in panel.columns[0].prompt.text()
    with qtbot.waitSignal(panel.pick_asked) as told:
        panel.columns[1].head.pick.click()
    assert told.args == [0]
