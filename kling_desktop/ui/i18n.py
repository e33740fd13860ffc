"""Says every text of the screen in the user's language: English in the code, other languages as data."""

from __future__ import annotations

import json
from typing import cast

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator
from PySide6.QtGui import QFontDatabase

from kling_desktop.ui.theme import resource

LANGUAGES = {"en": "English", "zh_CN": "简体中文"}
"""Code of each language and its own name for itself, as a list to choose from shows it."""

_spoken = "en"
_sentences: dict[str, str] = {}
_english: dict[str, str] = {}
"""The other way round, once somebody asks for it."""
_qt_words: QTranslator | None = None


def tr(text: str, /, **values: object) -> str:
    """The translation of an English sentence, its braces filled with `values`; English where there is none."""
    sentence = _sentences.get(text, text)
    return sentence.format(**values) if values else sentence


def tr_count(n: int, one: str, many: str, **values: object) -> str:
    """The sentence for one or for many, translated, with `{n}` and its other braces filled in."""
    return tr(one if n == 1 else many, n=n, **values)


def in_english(words: str) -> str:
    """What these words of the language that is spoken are in English: many know a program's commands by that.

    Letters marked for the keyboard do not count; words that are no whole sentence of ours stay as they are.
    """
    if not _english:
        _english.update((said.replace("&", ""), text) for text, said in _sentences.items())
    return _english.get(words, words)


def spoken() -> str:
    """Code of the language that is spoken now."""
    return _spoken


def use(language: str) -> str:
    """Speak a language ("en", "zh_CN", "" for the system's) from now on; returns its code.

    Widgets that stand already keep their texts. A language that is unknown is spoken as English, and so is the
    system's where no font can write it; one that was chosen is spoken all the same. Needs a QGuiApplication.
    """
    global _spoken, _sentences
    wanted = language or _system_language()
    _spoken = wanted if wanted in LANGUAGES else "en"
    _sentences = _read(_spoken)
    _english.clear()
    _teach_qt(_spoken)
    return _spoken


def _system_language() -> str:
    # Any Chinese reader is nearer to simplified Chinese than to English; but not to a row of boxes, where no font has
    # its letters: behind those not even the choice of another language is found.
    chinese = QLocale.system().language() == QLocale.Language.Chinese
    return "zh_CN" if chinese and _CHINESE in QFontDatabase.writingSystems() else "en"


_CHINESE = QFontDatabase.WritingSystem.SimplifiedChinese


def _read(language: str) -> dict[str, str]:
    if language == "en":
        return {}
    text = resource(f"translations/{language}.json").read_text(encoding="utf-8")
    return cast("dict[str, str]", json.loads(text))


def _teach_qt(language: str) -> None:
    """Let Qt's own buttons (OK, Cancel, file dialogs) speak the language too."""
    global _qt_words
    app = QCoreApplication.instance()
    if app is None:
        return
    if _qt_words is not None:
        app.removeTranslator(_qt_words)
        _qt_words = None
    translator = QTranslator(app)
    if translator.load(f"qtbase_{language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(translator)
        _qt_words = translator
