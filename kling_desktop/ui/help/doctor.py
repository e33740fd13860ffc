"""The failure doctor: one card on the stage that says what happened, whether it cost, and what helps."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontDatabase, QGuiApplication, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from kling_desktop.domain.tasks import Status, Task
from kling_desktop.errors import Remedy
from kling_desktop.studio.tasks.recovery import remedy_of, trouble_of
from kling_desktop.ui import theme
from kling_desktop.ui.finding_lines import Sentence
from kling_desktop.ui.formatting import advice_of
from kling_desktop.ui.help import doctor_words as words
from kling_desktop.ui.help.doctor_row import DoctorRow
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.painted.shapes import Shape, paint_shape
from kling_desktop.ui.theme.fonts import TITLE, font, scaled
from kling_desktop.ui.theme.layouts import nest

_DETAIL_LINES = 6
_WIDEST = 640
_SHAPE = 20


class Doctor(QWidget):
    """Lies over the stage while something is wrong with the chosen take; the film stays to be guessed behind it."""

    asked = Signal(object, object)
    """Task and Remedy whose button was pressed."""
    forget_asked = Signal(object)
    """The task is to be taken out of the library."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._task: Task | None = None
        self._dismissed = self._aside = ""
        """Ids of tasks: about which nothing more is to be said by itself, and whose film is looked at now."""
        self._is_made = False
        self.hide()

    def _make(self) -> None:
        """The card and all on it: not before the first trouble, for most starts never show it."""
        self._is_made = True
        self.card = _Card(self)
        self._title = Sentence(parent=self.card)
        self._title.setFont(font(TITLE, bold=True))
        self._asked = Sentence(parent=self.card)
        self._asked.dress(quiet=True)
        self.charge = DoctorRow(tr("Was it charged?"), self.card)
        self.again = DoctorRow(tr("Is it safe to retry?"), self.card)
        self.advice = DoctorRow(tr("What helps"), self.card)
        self.said = DoctorRow(tr("Kling's own words"), self.card)
        self.copy, self.fold = self._icon_button("copy", tr("Copy details")), self._fold_button()
        self.details = QPlainTextEdit(self.card)
        self.button, self.second, self.forget = (QPushButton(self.card) for _ in range(3))
        self.close_button = self._icon_button("close", tr("Close"))
        self.close_button.setAccessibleName(tr("Close what is said about this take"))
        self._dress()
        self._lay_out()
        self._connect()
        self._unfold(False)

    def show_task(self, task: Task | None) -> None:
        """Say what is wrong with the chosen take. Nothing when all is well, or when the creator has closed it."""
        same = task is not None and self._task is not None and self._task.id == task.id
        if not same:
            self._aside = ""
        if task is None or trouble_of(task) is None:
            self._task = None
            self.hide()
            return
        self._task = task
        if not self._is_made:
            self._make()
        self._describe(task)
        if not same:
            self.fold.setChecked(False)
        self.setVisible(task.id not in (self._dismissed, self._aside))
        self.raise_()

    def open(self, task: Task) -> None:
        """Say everything about a take, though it had been closed."""
        self._dismissed = self._aside = ""
        self.show_task(task)
        if self._task is None:  # all is well with it by now
            return
        self.fold.setChecked(True)
        self.details.setFocus(Qt.FocusReason.OtherFocusReason)

    def step_aside(self) -> None:
        """Let the film be seen until another take is chosen."""
        if self._task is not None and self.isVisible():
            self._aside = self._task.id
            self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        failed = self._task is not None and self._task.status is Status.FAILED
        painter.fillRect(self.rect(), QColor(theme.tokens().stage) if failed else QColor(0, 0, 0, 150))
        painter.end()

    def _describe(self, task: Task) -> None:
        error = words.error_of(task)
        model = words.model_of(task.extension)
        title = words.title_of(error, model)
        self._title.setText(title)
        prompt = " ".join(task.extension.prompt.split())
        self._asked.setText(tr("“{prompt}”", prompt=prompt) if prompt else "")
        self._asked.setVisible(bool(prompt))
        charge, again = words.charge_words(task), words.again_words(task)
        self.charge.say(charge[0], {True: "check", False: "warning", None: "info"}[charge[1]], good=charge[1])
        self.again.say(again[0], "check" if again[1] else "warning", good=again[1])
        advice = advice_of(task) or tr(error.advice)
        self.advice.say(advice, "edit")
        self.said.rename(tr("Kling's own words") if words.is_from_kling(task) else tr("In detail"))
        self.said.say(words.own_words(task) or tr("No more is known."), "info", quiet=True)
        self._offer(self.button, words.priced(words.button_words(remedy_of(task), model), remedy_of(task), task))
        second = words.second_remedy(task)
        self._offer(
            self.second, words.priced(tr("Send the same again"), second, task) if second is not Remedy.NONE else ""
        )
        self._offer(self.forget, tr("Remove") if task.status is Status.FAILED else "")
        if self.details.toPlainText() != (text := words.details(task)):
            self.details.setPlainText(text)
        told = (f"{title}.", advice, tr("Was I charged?"), charge[0], again[0])
        self.setAccessibleName(" ".join(told))
        self.card.shape = words.shape_of_trouble(task)
        self.update()

    @staticmethod
    def _offer(button: QPushButton, label: str) -> None:
        button.setText(label)
        button.setVisible(bool(label))

    # --- how it is built -----------------------------------------------------------------------------------------

    def _icon_button(self, sign: str, name: str) -> QToolButton:
        button = QToolButton(self.card)
        button.setIcon(theme.icon(sign))
        button.setIconSize(QSize(theme.ICON, theme.ICON))
        button.setToolTip(name)
        button.setAccessibleName(name)
        return button

    def _fold_button(self) -> QToolButton:
        fold = self._icon_button("chevron-right", tr("Details"))
        fold.setCheckable(True)
        fold.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return fold

    def _dress(self) -> None:
        self.details.setReadOnly(True)
        self.details.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.details.setFixedHeight(self.details.fontMetrics().lineSpacing() * _DETAIL_LINES + 2 * theme.GAP)
        self.details.setAccessibleName(tr("Details"))
        self.details.setTabChangesFocus(True)
        self.button.setProperty("primary", True)
        self.forget.setProperty("flat", True)
        for button in (self.button, self.second, self.forget):
            button.setAutoDefault(False)

    def _lay_out(self) -> None:
        title = QHBoxLayout()
        title.setSpacing(theme.GAP)
        title.addSpacing(scaled(_SHAPE) + theme.GAP // 2)
        title.addWidget(self._title, 1)
        title.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        self.said.add(self.copy, self.fold)
        foot = QHBoxLayout()
        foot.setSpacing(theme.GAP)
        foot.addWidget(self.button)
        foot.addWidget(self.second)
        foot.addStretch(1)
        foot.addWidget(self.forget)
        column = QVBoxLayout(self.card)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(0)
        nest(column, title)
        column.addWidget(self._asked)
        column.addSpacing(theme.GAP)
        for row in (self.charge, self.again, self.advice, self.said):
            column.addWidget(row)
        column.addWidget(self.details)
        column.addSpacing(12)
        nest(column, foot)
        self._asked.setContentsMargins(scaled(_SHAPE) + theme.GAP // 2, 0, 0, 0)
        self._scrolled()

    def _scrolled(self) -> None:
        """In the middle of the stage; where that is too low, it is scrolled."""
        page = QWidget()
        middle = QVBoxLayout(page)
        middle.setContentsMargins(theme.GAP, theme.GAP, theme.GAP, theme.GAP)
        middle.addStretch(1)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(self.card, 1000)
        across.addStretch(1)
        nest(middle, across)
        middle.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setViewport(QWidget())  # not Qt's own: to name the class of that, PySide would load every widget (20 ms)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(page)
        for ground in (scroll.viewport(), page):
            ground.setAutoFillBackground(False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)

    def _connect(self) -> None:
        self.button.clicked.connect(lambda: self._ask(remedy_of))
        self.second.clicked.connect(lambda: self._ask(words.second_remedy))
        self.forget.clicked.connect(lambda: self.forget_asked.emit(self._task))
        self.fold.toggled.connect(self._unfold)
        self.close_button.clicked.connect(self._dismiss)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.details.toPlainText()))

    def _unfold(self, wanted: bool) -> None:
        self.fold.setIcon(theme.icon("chevron-down" if wanted else "chevron-right"))
        self.details.setVisible(wanted)

    def _dismiss(self) -> None:
        self._dismissed = self._task.id if self._task else ""
        self.hide()

    def _ask(self, action_of: Callable[[Task], Remedy]) -> None:
        if self._task is not None:
            self.asked.emit(self._task, action_of(self._task))


class _Card(QWidget):
    """The card's ground, and the shape before its title."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.shape = Shape.FAILED
        self.setMaximumWidth(scaled(_WIDEST))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def paintEvent(self, event: QPaintEvent) -> None:
        worn, side = theme.tokens(), scaled(_SHAPE)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(worn.panel))
        painter.setPen(QPen(QColor(worn.edge), 1))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        paint_shape(painter, QRectF(24, 20 + 1, side, side), self.shape)
        painter.end()
