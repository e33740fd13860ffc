"""A language in which every text is 40 % longer, and what is cut or left in English where it is spoken."""

from __future__ import annotations

from typing import cast

from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)

_MARKS = ("[", "]")
"""Before and behind a text of the pseudo-language."""
_SAME = frozenset({"kling.ai", "klingai.com", "api.klingai.com", "Qt, PySide6", "Inter"})
"""Names that are the same in every language."""


class Longer(dict[str, str]):
    """A language in which each text is 40 % longer and stands in brackets."""

    def get(self, text: str, default: object = None) -> str:
        return f"{_MARKS[0]}{text}{'~' * max(1, round(len(text) * 0.4))}{_MARKS[1]}"


def is_inner(widget: QWidget) -> bool:
    """The editor inside a spin box, the list inside a combo box, the corner of a table: the control speaks for them."""
    if widget.objectName().startswith("qt_") or "HeaderView" in type(widget).__name__:
        return True
    parent = widget.parentWidget()
    inner = isinstance(parent, QAbstractSpinBox | QComboBox | QLineEdit | QAbstractItemView)
    return inner or (parent is not None and parent.metaObject().className() == "QKeySequenceEdit")


def is_of_qt(widget: QWidget) -> bool:
    """A standard button: Qt has its words in every language."""
    box = widget.parentWidget()
    if not isinstance(box, QDialogButtonBox) or not isinstance(widget, QPushButton):
        return False
    return box.standardButton(widget) is not QDialogButtonBox.StandardButton.NoButton


def text_of(widget: QWidget) -> str:
    """The words of a label or button."""
    return cast("QLabel | QPushButton", widget).text().replace("&", "")


def is_english(text: str) -> bool:
    """Whether a text was left out of the pseudo-language."""
    words = "".join(sign for sign in text if sign.isalpha())
    if text.endswith(".mp4") or text.startswith("{"):  # names of files, and what they are made of
        return False
    return bool(words) and text not in _SAME and _MARKS[0] not in text and not text.startswith("Kling Desktop ")


def is_cut(widget: QWidget) -> bool:
    """Whether the words need more room than there is."""
    if isinstance(widget, QLabel) and widget.wordWrap():
        return widget.height() + 1 < widget.heightForWidth(widget.width())
    if isinstance(widget, QLabel):
        return widget.width() < widget.fontMetrics().horizontalAdvance(widget.text())
    return widget.width() + 1 < widget.minimumSizeHint().width() or widget.visibleRegion().isEmpty()
