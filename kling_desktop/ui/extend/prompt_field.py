"""A text field for a prompt: counts code points while one writes, shows what is too much, walks earlier prompts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFontMetrics, QInputMethodEvent, QKeyEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QSizePolicy, QTextEdit, QVBoxLayout, QWidget

from kling_desktop.domain.tasks import LONGEST_PASTE, PROMPT_LIMIT
from kling_desktop.studio.tasks.checks import Finding
from kling_desktop.ui import theme
from kling_desktop.ui.finding_lines import FindingLines
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.theme.layouts import nest

_PASSING = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason, Qt.FocusReason.MenuBarFocusReason)


_LOW_LINES = 2
_NEAR_LIMIT = PROMPT_LIMIT * 9 // 10


def is_passing(event: QFocusEvent) -> bool:
    """Whether the focus only went to another window or a menu, and the creator did not leave the field."""
    return event.reason() in _PASSING


class PromptEdit(QPlainTextEdit):
    """The writing surface. Tab leaves it, and Esc, for the film; Alt+Up and Alt+Down walk the history."""

    left = Signal()
    escaped = Signal()
    """Esc was pressed, and no input method has taken it for itself."""
    paste_cut = Signal(int)
    """So many characters were pasted, of which only the first `LONGEST_PASTE` are here."""
    stepped = Signal(int)
    """+1 to an older prompt, -1 to a newer one."""

    def __init__(self, lines: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = lines
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.MinimumExpanding)
        self.setMinimumWidth(80)

    def grow_with_words(self, most_lines: int) -> None:
        """Be as high as the words need, from the first number of lines to this one."""
        self._most_lines = most_lines
        self.document().documentLayout().documentSizeChanged.connect(lambda _: self._fit())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._fit()

    def keep_low(self, low: bool) -> None:
        """Begin with fewer lines; it grows with its words all the same."""
        self._is_low = low
        if self._most_lines:
            self._fit()

    _most_lines, _is_low = 0, False

    @property
    def _least(self) -> int:
        return min(self._lines, _LOW_LINES) if self._is_low else self._lines

    def _fit(self) -> None:
        lines = max(self._least, min(self._most_lines, round(self.document().size().height())))
        self.setFixedHeight(QFontMetrics(self.font()).lineSpacing() * lines + 18)

    def minimumSizeHint(self) -> QSize:
        # The style sheet's padding and border are 5 px on each side, the document's margin 4.
        return QSize(
            80,
            QFontMetrics(self.font()).lineSpacing() * (min(self._lines, _LOW_LINES) if self._is_low else self._lines)
            + 18,
        )

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
        if event.modifiers() & Qt.KeyboardModifier.AltModifier and event.key() in steps:
            self.stepped.emit(steps[Qt.Key(event.key())])
            return
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
            return
        super().keyPressEvent(event)

    def insertFromMimeData(self, source: QMimeData | None) -> None:
        """Takes in plain text only, and no more of it than anybody reads (Qt's own verb for paste and drop)."""
        pasted = source.text() if source is not None else ""
        self.insertPlainText(pasted[:LONGEST_PASTE])
        if len(pasted) > LONGEST_PASTE:
            self.paste_cut.emit(len(pasted))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if not is_passing(event):
            self.left.emit()

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        super().inputMethodEvent(event)
        self.composing = bool(event.preeditString())

    composing = False
    """Whether an input method still holds words that are not in the text."""

    def replace_text(self, text: str) -> None:
        """Put `text` in place of everything, so that Ctrl+Z brings the old text back."""
        if text == self.toPlainText():
            return
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        self.moveCursor(QTextCursor.MoveOperation.End)


class PromptField(QWidget):
    """A prompt with its counter and findings beneath."""

    edited = Signal()
    """The text is another now, whoever changed it."""
    left = Signal()

    def __init__(
        self, name: str, placeholder: str, lines: int, parent: QWidget | None = None, *, title: str = ""
    ) -> None:
        """`title` stands over the words, its counter beside it; without one the counter appears near the limit."""
        super().__init__(parent)
        self._question = title
        self._title = QLabel(title, self) if title else None
        if self._title is not None:
            self._title.setWordWrap(True)  # else a longer language makes the panel wider than its place
        self._history: list[str] = []
        self._step = 0
        self._own_words = ""
        self.edit = PromptEdit(lines, self)
        self.edit.setAccessibleName(name)
        self.edit.setPlaceholderText(placeholder)
        self._counter = QLabel(self)
        self._counter.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._findings = FindingLines(self)
        self.cut_note = QLabel(self)
        self.cut_note.setWordWrap(True)
        self.cut_note.hide()
        self._lay_out()
        self.setFocusProxy(self.edit)
        self.edit.textChanged.connect(self._count)
        self.edit.textChanged.connect(self.edited)
        self.edit.textChanged.connect(self.cut_note.hide)
        self.edit.paste_cut.connect(self._tell_cut)
        self.edit.left.connect(self.left)
        self.edit.stepped.connect(self._walk)
        self._count()

    def text(self) -> str:
        """What stands in the field, as it stands there."""
        return self.edit.toPlainText()

    def show_text(self, text: str) -> None:
        """Put a text in; Ctrl+Z takes it back."""
        self._step = 0
        self.edit.replace_text(text)

    def shorten(self, short: bool) -> None:
        """Where letters are very large: the plain name stands over it, and it begins with fewer lines."""
        if short != self._is_short:
            self._is_short = short
            self.edit.keep_low(short)
        if self._title is not None:
            self._title.setText(self.edit.accessibleName() if short else self._question)

    _is_short = False

    def show_title(self, title: str, placeholder: str) -> None:
        """Ask for something else than before."""
        self._question = title
        self.shorten(self._is_short)
        self.edit.setPlaceholderText(placeholder)

    def set_history(self, prompts: Sequence[str]) -> None:
        """Earlier prompts, newest first."""
        self._history = list(prompts)
        self._step = 0

    def show_findings(self, findings: Sequence[Finding]) -> None:
        self._findings.show_findings(findings)
        self.edit.setAccessibleDescription(self._findings.text())

    def findings_text(self) -> str:
        return self._findings.text()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.GAP)
        if self._title is not None:
            self._title.setProperty("heading", True)
            self._title.setBuddy(self.edit)
            head.addWidget(self._title, 1)
        else:
            head.addStretch(1)
        head.addWidget(self._counter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        nest(column, head)
        column.addWidget(self.edit, 1)
        column.addWidget(self.cut_note)
        column.addWidget(self._findings)

    def _tell_cut(self, pasted: int) -> None:
        words = tr("Of {n} pasted characters the first {kept} are here.", n=pasted, kept=LONGEST_PASTE)
        self.cut_note.setText(words)
        self.cut_note.show()

    def _count(self) -> None:
        text = self.text()
        over = len(text) > PROMPT_LIMIT
        self._counter.setText(f"{len(text)} / {PROMPT_LIMIT}")
        # As wide as it ever gets: a digit more would else be cut off until the line is laid out anew.
        self._counter.setMinimumWidth(self._counter.fontMetrics().horizontalAdvance(f"{PROMPT_LIMIT} / {PROMPT_LIMIT}"))
        self._counter.setVisible(self._title is not None or len(text) > _NEAR_LIMIT)
        self._counter.setAccessibleName(tr("{count} of {limit} characters", count=len(text), limit=PROMPT_LIMIT))
        if self._counter.property("danger") != over:
            self._counter.setProperty("danger", over)
            self._counter.setProperty("heading", over)
            self._counter.setProperty("quiet", not over)
            self._counter.style().unpolish(self._counter)
            self._counter.style().polish(self._counter)
        self.edit.setExtraSelections([self._excess(text)] if over else [])

    def _excess(self, text: str) -> QTextEdit.ExtraSelection:
        """What is too much, struck with the colour of danger."""
        shade = QColor(theme.colours().bad)
        shade.setAlpha(60)
        excess = QTextEdit.ExtraSelection()
        excess.format = QTextCharFormat()
        excess.format.setBackground(shade)
        excess.cursor = QTextCursor(self.edit.document())
        excess.cursor.setPosition(len(text[:PROMPT_LIMIT].encode("utf-16-le", "surrogatepass")) // 2)
        excess.cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        return excess

    def _walk(self, step: int) -> None:
        """Step 0 is what the creator wrote, step n the n-th prompt before it."""
        shown = self._own_words if self._step == 0 else self._history[self._step - 1]
        if self._step == 0 or self.text() != shown:
            self._step, self._own_words = 0, self.text()
        wanted = max(0, min(self._step + step, len(self._history)))
        if wanted == self._step:
            return
        self._step = wanted
        self.edit.replace_text(self._history[wanted - 1] if wanted else self._own_words)
