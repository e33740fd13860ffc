"""The one planned hop that is being written: opens the field over its card, keeps it there, closes it."""

from __future__ import annotations

from PySide6.QtCore import QObject, QRect, Qt, Signal
from PySide6.QtWidgets import QAbstractScrollArea

from kling_desktop.ui.film.cards.hop_editor import HopEditor, Step
from kling_desktop.ui.film.film_view import Card


class HopWriting(QObject):
    """However writing ends, the words have been told by then."""

    written = Signal(str, str)
    """Id of the planned hop, and its words as they are now."""
    ended = Signal(str, Step)
    """Id of the planned hop, and which hop is to be written next."""

    def __init__(self, cards: QAbstractScrollArea) -> None:
        super().__init__(cards)
        self._cards = cards
        self._editor: HopEditor | None = None

    @property
    def card_id(self) -> str:
        """Id of the hop that is written; empty when none is."""
        return self._editor.card_id if self._editor is not None else ""

    def begin(self, card: Card, box: QRect | None) -> None:
        """Open the field over a card."""
        editor = HopEditor(card, self._cards.viewport())
        editor.written.connect(self.written)
        editor.ended.connect(self._end_from_editor)
        self._editor = editor
        self.place(box)
        editor.show()
        editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def place(self, box: QRect | None) -> None:
        """Keep the field where its card is; a card that is gone ends the writing."""
        if self._editor is None:
            return
        if box is None:
            self.end()
        else:
            # The field has a margin round its words, the painted words have none.
            self._editor.setGeometry(box.adjusted(-4, -2, 4, 0))

    def end(self, step: Step = Step.NONE) -> None:
        """Take the words and close the field."""
        editor, self._editor = self._editor, None
        if editor is None:
            return
        editor.finish()
        if editor.hasFocus():
            self._cards.setFocus(Qt.FocusReason.OtherFocusReason)
        editor.hide()
        editor.deleteLater()
        self.ended.emit(editor.card_id, step)

    def _end_from_editor(self, card_id: str, step: Step) -> None:
        if card_id == self.card_id:
            self.end(step)
