"""The field that lies over a planned card while its words are written."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtCore import QMimeData, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QToolTip, QWidget

from kling_desktop.domain.tasks import LONGEST_PASTE
from kling_desktop.ui.film.film_view import Card
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.painted.lettering import lettering
from kling_desktop.ui.theme.fonts import SMALL


class Step(IntEnum):
    """Which planned hop is to be written after this one."""

    NEXT = 1
    PREVIOUS = -1
    NONE = 0
    """None: the keys go back to the cards."""
    LEFT = 2
    """None, for the focus went elsewhere by itself and stays there."""
    GIVEN_UP = 3
    """None, by Esc, or by Return without words: a hop that was just added and has no words was not meant."""
    ON = 4
    """A new one, if this is the last: whoever writes a plan down goes on by Return. Words that are put right end it."""


REST_MS = 400
"""Words that rest for so long are told: what is written is lost by no crash."""


class HopEditor(QPlainTextEdit):
    """Return ends, or goes on behind a new last hop; Esc ends; Shift+Return breaks the line; Tab goes to the next.

    Words are kept whatever ends them.
    """

    written = Signal(str, str)
    """Id of the planned hop, and its words as they are now."""
    ended = Signal(str, Step)
    """Writing is over."""

    def __init__(self, card: Card, parent: QWidget) -> None:
        super().__init__(card.words, parent)
        self.card_id = card.id
        self._told = card.words
        self._is_new = not card.words.strip()
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._tell)
        self._finished = False
        self.setFont(lettering(SMALL))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setStyleSheet("QPlainTextEdit { border: none; padding: 0; background: transparent; }")
        self.setPlaceholderText(tr("What happens then?"))
        self.setAccessibleName(tr("Words of hop {n}", n=card.hop))
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(4)
        self.moveCursor(QTextCursor.MoveOperation.End)
        self.textChanged.connect(self._rest.start)

    def finish(self) -> None:
        """Tell the words for the last time."""
        self._finished = True
        self._tell()

    def _tell(self) -> None:
        self._rest.stop()
        if self.toPlainText() != self._told:
            self._told = self.toPlainText()
            self.written.emit(self.card_id, self._told)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not shift:
            self.ended.emit(self.card_id, self._after_return())
        elif event.key() == Qt.Key.Key_Escape:
            self.ended.emit(self.card_id, Step.GIVEN_UP)
        else:
            super().keyPressEvent(event)

    def _after_return(self) -> Step:
        if not self.toPlainText().strip():
            return Step.GIVEN_UP
        return Step.ON if self._is_new else Step.NONE

    def insertFromMimeData(self, source: QMimeData | None) -> None:
        """Takes in plain text only, and no more of it than anybody reads (Qt's own verb for paste and drop)."""
        pasted = source.text() if source is not None else ""
        self.insertPlainText(pasted[:LONGEST_PASTE])
        if len(pasted) > LONGEST_PASTE:
            words = tr("Of {n} pasted characters the first {kept} are here.", n=len(pasted), kept=LONGEST_PASTE)
            QToolTip.showText(self.mapToGlobal(self.rect().topLeft()), words, self)

    def focusNextPrevChild(self, following: bool) -> bool:
        """Tab, which Qt asks for here before any key event."""
        self.ended.emit(self.card_id, Step.NEXT if following else Step.PREVIOUS)
        return True

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        # A menu of its own, or another window, only borrows the focus.
        borrowed = event.reason() in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
        if not borrowed and not self._finished:
            self._tell()
            self.ended.emit(self.card_id, Step.LEFT)
