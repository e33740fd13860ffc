"""Shows beside the films what was asked for: words and settings that differ stand out."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from difflib import SequenceMatcher
from html import escape
from itertools import groupby
from operator import itemgetter

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from kling_desktop.domain.tasks import Extension
from kling_desktop.ui.compare.cell_head import CellHead
from kling_desktop.ui.extend.options.generation_words import generation_words
from kling_desktop.ui.finding_lines import Sentence
from kling_desktop.ui.i18n import tr, tr_count
from kling_desktop.ui.theme import GAP, colours

_PIECES = re.compile(r"[぀-ヿ㐀-鿿가-힯]|\w[\w'’-]*|\s+|[^\w\s]")
"""Words, signs and spaces; each sign of a script that writes no spaces is a word."""


class AskedColumn(QWidget):
    """One take's words. Its head stands over its film, where there is one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.head = CellHead(self)
        self.letter = QLabel(self)
        self.letter.setProperty("heading", True)
        self.prompt, self.settings = _text(self), _text(self)
        self.settings.setProperty("quiet", True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP // 2)
        column.addWidget(self.head)
        column.addWidget(self.letter)
        column.addWidget(self.prompt)
        column.addWidget(self.settings)

    def show_state(self, letter: str, stars: int, *, heard: bool, picked: bool, rejected: bool) -> None:
        """Which take it is, and whether it is the one that is heard, and the winner, or rejected; its stars."""
        self.letter.setText(letter)
        self.head.show_state(letter, stars, heard=heard, picked=picked, rejected=rejected)


class AskedPanel(QScrollArea):
    """A piece for each take, one under the other in the order in which they are seen."""

    hear_asked = Signal(int)
    pick_asked = Signal(int)
    reject_asked = Signal(int)
    starred = Signal(int, int)
    """A take by its number, and its stars."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.columns: list[AskedColumn] = []
        self._asked: list[Extension] = []
        self._order: tuple[int, ...] = ()
        self._inside = QWidget(self)
        self._row = QVBoxLayout(self._inside)
        self._row.setContentsMargins(0, 0, GAP, GAP // 2)
        self._row.setSpacing(GAP)
        self._title = Sentence(tr("Words"), self._inside)
        self._title.dress(heading=True)
        self._row.addWidget(self._title)
        self._row.addStretch(1)
        self._inside.setAutoFillBackground(False)
        self.setWidget(self._inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Page Up and Down scroll it from anywhere
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(tr("What was asked for"))

    def show_asked(self, asked: Sequence[Extension]) -> None:
        """What each take was asked for, by the takes' numbers."""
        self._asked = list(asked)
        while len(self.columns) < len(asked):
            self._add_column()
        self.show_order(tuple(range(len(asked))))

    def show_order(self, order: tuple[int, ...]) -> None:
        """Put the takes in an order: the first is what the others are compared with."""
        self._order = order
        for place, column in enumerate(self.columns):
            column.setVisible(place < len(order))
        same_words = len(order) > 1 and len({self._asked[number].prompt for number in order}) == 1
        same_options = len({settings_line(self._asked[number], self._asked[order[0]]) for number in order}) == 1
        count = len(order)
        self._title.setText(tr_count(count, "Words", "Words, the same for all {n}") if same_words else tr("Words"))
        for place, number in enumerate(order):
            other = self._asked[order[1 if place == 0 else 0]] if len(order) > 1 else self._asked[number]
            column = self.columns[place]
            self._fill(column, self._asked[number], other)
            column.setVisible(place == 0 or not (same_words and same_options))
            column.prompt.setVisible(place == 0 or not same_words)
            column.letter.setVisible(count > 1 and not (same_words and same_options))
        self.updateGeometry()

    def show_state(
        self,
        letters: Sequence[str],
        heard: int,
        picked: Collection[int],
        rejected: Collection[int] = (),
        stars: Sequence[int] = (),
    ) -> None:
        """Which take is heard, and which are picked and rejected, by their numbers; the stars of each."""
        for place, number in enumerate(self._order):
            self.columns[place].show_state(
                letters[place],
                stars[number] if number < len(stars) else 0,
                heard=number == heard,
                picked=number in picked,
                rejected=number in rejected,
            )

    def _add_column(self) -> None:
        place, column = len(self.columns), AskedColumn(self._inside)
        head = column.head
        head.hear_asked.connect(lambda: self.hear_asked.emit(self._order[place]))
        head.pick_asked.connect(lambda: self.pick_asked.emit(self._order[place]))
        head.reject_asked.connect(lambda: self.reject_asked.emit(self._order[place]))
        head.starred.connect(lambda stars: self.starred.emit(self._order[place], stars))
        self.columns.append(column)
        self._row.insertWidget(place + 1, column)

    @staticmethod
    def _fill(column: AskedColumn, asked: Extension, other: Extension) -> None:
        column.prompt.setText(marked(asked.prompt, other.prompt) or tr("(no prompt)"))
        column.settings.setText(settings_line(asked, other))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()  # narrower words are higher

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange and self._asked:
            self.show_order(self._order)  # the colours of what differs are in the text
        super().changeEvent(event)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 48)


def marked(text: str, other: str) -> str:
    """A text as HTML, in which the words that the other lacks stand out."""
    own = _PIECES.findall(text)
    same = SequenceMatcher(None, own, _PIECES.findall(other), autojunk=False).get_matching_blocks()
    lacks = [True] * len(own)
    for block in same:
        lacks[block.a : block.a + block.size] = [False] * block.size
    for at, piece in enumerate(own):
        if not piece.strip():  # a space stands out where the words on both sides do
            lacks[at] = 0 < at < len(own) - 1 and lacks[at - 1] and lacks[at + 1]
    runs = groupby(zip(lacks, own, strict=True), key=itemgetter(0))
    html = "".join(_shown("".join(piece for _, piece in run), outstanding=stands) for stands, run in runs)
    return html.replace("\n", "<br>")


def _shown(piece: str, *, outstanding: bool) -> str:
    return _outstanding(piece) if outstanding else escape(piece)


def settings_line(asked: Extension, other: Extension) -> str:
    """Options, watermark and negative prompt on one line, as HTML; what the other has otherwise stands out."""
    others = _options(other)
    said = [escape(own) if own in others else _outstanding(own) for own in _options(asked)]
    if asked.negative_prompt:
        said.append(tr("unwanted: {words}", words=marked(asked.negative_prompt, other.negative_prompt)))
    elif other.negative_prompt:
        said.append(_outstanding(tr("nothing unwanted")))
    return " · ".join(said)


def _options(asked: Extension) -> list[str]:
    """Of a continued take what it was made with; of an extended one its guidance, for Kling chooses the rest."""
    if asked.generation is not None:
        return [*generation_words(asked.generation), _watermark(asked)]
    guidance = tr("default") if asked.guidance is None else f"{asked.guidance:g}"
    return [tr("guidance {value}", value=guidance), _watermark(asked)]


def _watermark(asked: Extension) -> str:
    return tr("with a watermarked copy") if asked.watermark else tr("no watermark")


def _outstanding(text: str) -> str:
    return f'<span style="color:{colours().accent}; text-decoration:underline"><b>{escape(text)}</b></span>'


def _text(parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.RichText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setAlignment(Qt.AlignmentFlag.AlignTop)
    return label
