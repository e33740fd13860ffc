"""Says at the form why Kling refused, what to do, and Kling's own words to copy."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from kling_desktop.domain.tasks import Trouble
from kling_desktop.errors import is_said_by_kling, kind_of
from kling_desktop.ui import theme
from kling_desktop.ui.finding_lines import Sentence, Sign
from kling_desktop.ui.help.doctor_words import button_words, title_of
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.theme.layouts import nest


class RefusalNote(QWidget):
    """A framed note; hidden until something was refused."""

    remedy_asked = Signal(object)
    """A Remedy whose button was pressed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._trouble: Trouble | None = None
        self._sign = Sign(self)
        self._sign.show_sign("warning", "bad")
        self._title = Sentence(parent=self)
        self._title.dress(danger=True, heading=True)
        self._advice = Sentence(parent=self)
        self._raw = Sentence(parent=self)
        self._raw.dress(quiet=True)
        self._raw.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.remedy = QPushButton(self)
        self.copy = QPushButton(theme.icon("copy"), tr("Copy details"), self)
        self.dismiss = QToolButton(self)
        self.dismiss.setIcon(theme.icon("close"))
        self.dismiss.setToolTip(tr("Dismiss"))
        self.dismiss.setAccessibleName(tr("Dismiss"))
        self._lay_out()
        self.remedy.clicked.connect(self._ask)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.details()))
        self.dismiss.clicked.connect(self.hide)
        self.hide()

    def show_trouble(self, trouble: Trouble, model: str = "") -> None:
        """Say why it was refused; `model` is the one that was asked for, if it was a new clip."""
        kind = kind_of(trouble)
        self._trouble = trouble
        self._title.setText(title_of(kind, model))
        self._advice.setText(tr(kind.advice))
        self._raw.setText(self.details())
        self._raw.setVisible(bool(self.details()))
        self.copy.setVisible(bool(self.details()))
        self.remedy.setText(button_words(kind.remedy, model))
        self.remedy.setVisible(bool(self.remedy.text()))
        self.setAccessibleName(f"{self._title.text()}. {self._advice.text()}")
        self.show()

    def details(self) -> str:
        """Kling's own words with code and request id, as one would send them to Kling's support."""
        trouble = self._trouble
        if trouble is None:
            return ""
        lines = (
            _words_of(trouble),
            tr("Code {code}", code=trouble.code) if trouble.code is not None else "",
            tr("Request {id}", id=trouble.request_id) if trouble.request_id else "",
        )
        return "\n".join(line for line in lines if line)

    def paintEvent(self, event: QPaintEvent) -> None:
        danger = QColor(theme.colours().bad)
        wash = QColor(danger)
        wash.setAlpha(18)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(danger, 1))
        painter.setBrush(wash)
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        painter.end()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.GAP)
        head.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(self._title, 1)
        head.addWidget(self.dismiss, 0, Qt.AlignmentFlag.AlignTop)
        foot = QHBoxLayout()
        foot.setSpacing(theme.GAP)
        foot.addWidget(self.remedy)
        foot.addWidget(self.copy)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.GAP, theme.GAP, theme.GAP, theme.GAP)
        column.setSpacing(theme.GAP // 2)
        nest(column, head)
        column.addWidget(self._advice)
        column.addWidget(self._raw)
        nest(column, foot)

    def _ask(self) -> None:
        if self._trouble is not None:
            self.remedy_asked.emit(kind_of(self._trouble).remedy)


def _words_of(trouble: Trouble) -> str:
    """What was said, and never as Kling's what a library of ours said."""
    if not trouble.message:
        return ""
    if is_said_by_kling(trouble):
        return tr("Kling says: {words}", words=trouble.message)
    return tr("In detail: {words}", words=trouble.message)
