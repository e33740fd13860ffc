"""The screen speaks English, Chinese, and the system's language when it can."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication, QDialogButtonBox
from pytestqt.qtbot import QtBot

from kling_desktop.ui.i18n import spoken, tr, tr_count, use
from kling_desktop.ui.theme import resource


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    yield
    use("en")
    QLocale.setDefault(QLocale.system())


def test_english_is_what_the_code_says() -> None:
    assert use("en") == "en"
    assert tr("Done") == "Done"
    assert tr("{n} min ago", n=3) == "3 min ago"


def test_chinese_comes_from_the_data_and_fills_its_braces() -> None:
    assert use("zh_CN") == "zh_CN"
    assert tr("Done") == "已完成"
    assert tr("{n} min ago", n=3) == "3 分钟前"


def test_a_sentence_without_translation_stays_english() -> None:
    use("zh_CN")
    assert tr("No such sentence {n}", n=1) == "No such sentence 1"


def test_braces_in_a_sentence_without_values_are_left_alone() -> None:
    assert tr("{project}/{date}") == "{project}/{date}"


@pytest.mark.parametrize(("n", "words"), [(0, "0 days ago"), (1, "1 day ago"), (2, "2 days ago")])
def test_one_and_many(n: int, words: str) -> None:
    assert tr_count(n, "{n} day ago", "{n} days ago") == words


@pytest.mark.parametrize(
    "word", ["dies", "die", "adopt", "adopted", "forget", "forgot", "anew", "zombie", "abort", "killed", "invalid"]
)
def test_no_sentence_has_a_word_that_only_we_would_say(word: str) -> None:
    """The keys of a translation are all that the screen can say: another test holds them to the code."""
    sentences = json.loads(resource("translations/zh_CN.json").read_text(encoding="utf-8"))
    assert [told for told in sentences if re.search(rf"\b{word}\b", told, re.IGNORECASE)] == []


def test_an_unknown_language_is_spoken_as_english() -> None:
    assert use("tlh") == "en"
    assert spoken() == "en"


def test_the_systems_language_is_followed(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFontDatabase, "writingSystems", lambda: [QFontDatabase.WritingSystem.SimplifiedChinese])
    monkeypatch.setattr(QLocale, "system", lambda: QLocale("zh_CN"))
    assert use("") == "zh_CN"
    monkeypatch.setattr(QLocale, "system", lambda: QLocale("de_DE"))
    assert use("") == "en"


@pytest.mark.skipif(sys.platform != "linux", reason="fontconfig says which fonts there are")
def test_chinese_is_not_spoken_by_itself_where_no_font_can_write_it(tmp_path: Path) -> None:
    fonts = tmp_path / "fonts.conf"
    fonts.write_text(f"<fontconfig><dir>{tmp_path}</dir><cachedir>{tmp_path}</cachedir></fontconfig>")
    script = """
from PySide6.QtWidgets import QApplication
app = QApplication([])
from kling_desktop.ui import i18n
print(i18n.use(""), i18n.use("zh_CN"))
"""
    bare = {"QT_QPA_PLATFORM": "offscreen", "LANG": "zh_CN.UTF-8", "FONTCONFIG_FILE": str(fonts)}
    own = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG"))}
    told = subprocess.run(
        [sys.executable, "-c", script], env={**own, **bare}, capture_output=True, text=True, check=True
    )
    assert told.stdout.split() == ["en", "zh_CN"], "one that was chosen is spoken all the same"


def test_qts_own_buttons_follow(qapp: QApplication, qtbot: QtBot) -> None:
    def cancel() -> str:
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        qtbot.addWidget(box)
        return box.button(QDialogButtonBox.StandardButton.Cancel).text()

    use("zh_CN")
    assert cancel() == "取消"
    use("en")
    assert cancel() == "Cancel"
