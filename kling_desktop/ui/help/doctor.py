"""The failure doctor: what happened to a take, whether it cost, what helps, and Kling's own words one click away."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QFontDatabase, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from kling_desktop import __version__
from kling_desktop.domain.tasks import Status, Task
from kling_desktop.errors import KlingDesktopError, is_said_by_kling, kind_of
from kling_desktop.studio.tasks.recovery import RecoveryAction, recovery_action_of, trouble_of
from kling_desktop.ui import theme
from kling_desktop.ui.finding_lines import Sentence, Sign
from kling_desktop.ui.i18n import tr

_DETAIL_LINES = 6


class Doctor(QWidget):
    """A card under the viewer; takes no room while the chosen take is well."""

    asked = Signal(object, object)
    """Task and RecoveryAction whose button was pressed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._task: Task | None = None
        self._dismissed = ""
        """Id of the task about which nothing more is to be said by itself."""
        self._sign = Sign(self)
        self._title = Sentence(parent=self)
        self._title.dress(heading=True)
        self._advice = Sentence(parent=self)
        self._charge = Sentence(parent=self)
        self._charge.dress(quiet=True)
        self.button = QPushButton(self)
        self.button.setAutoDefault(False)
        self.fold = QToolButton(self)
        self.fold.setText(tr("Details"))
        self.fold.setCheckable(True)
        self.fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.fold.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.close_button = QToolButton(self)
        self.close_button.setIcon(theme.icon("close"))
        self.close_button.setToolTip(tr("Close"))
        self.close_button.setAccessibleName(tr("Close what is said about this take"))
        self.details = QPlainTextEdit(self)
        self.copy = QPushButton(theme.icon("copy"), tr("Copy details"), self)
        self._lay_out()
        self._connect()
        self._unfold(False)
        self.hide()

    def show_task(self, task: Task | None) -> None:
        """Say what is wrong with the chosen take. Nothing when all is well, or when the creator has closed it."""
        if task is None or trouble_of(task) is None:
            self._task = None
            self.hide()
            return
        same = self._task is not None and self._task.id == task.id
        self._task = task
        self._describe(task)
        if not same:
            self.fold.setChecked(False)
        self.setVisible(task.id != self._dismissed)

    def open(self, task: Task) -> None:
        """Say everything about a take, though it had been closed."""
        self._dismissed = ""
        self.show_task(task)
        self.fold.setChecked(True)
        self.details.setFocus(Qt.FocusReason.OtherFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        worn = theme.colours()
        tint = QColor(getattr(worn, self._level()[1]))
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(worn.base))
        tint.setAlpha(28)
        painter.fillRect(self.rect(), tint)
        tint.setAlpha(255)
        painter.fillRect(0, 0, 3, self.height(), tint)
        painter.end()

    def _describe(self, task: Task) -> None:
        error = error_of(task)
        self._title.setText(tr(error.title))
        self._advice.setText(tr(error.advice))
        self._charge.setText(f"{charge_words(task)} {again_words(task)}")
        self._sign.show_sign(*self._level())
        label = button_words(recovery_action_of(task))
        self.button.setText(label)
        self.button.setVisible(bool(label))
        if self.details.toPlainText() != (text := details(task)):
            self.details.setPlainText(text)
        self.setAccessibleName(f"{self._title.text()}. {self._advice.text()} {self._charge.text()}")
        self.update()

    def _level(self) -> tuple[str, str]:
        """Icon and colour."""
        if self._task is None:
            return "info", "accent"
        if self._task.status is Status.FAILED:
            return "warning", "bad"
        return ("info", "accent") if _passes_by_itself(self._task) else ("warning", "warn")

    def _lay_out(self) -> None:
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.details.setReadOnly(True)
        self.details.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.details.setFixedHeight(self.details.fontMetrics().lineSpacing() * _DETAIL_LINES + 2 * theme.GAP)
        self.details.setAccessibleName(tr("Details"))
        self.details.setTabChangesFocus(True)
        head = QHBoxLayout()
        head.setSpacing(theme.GAP)
        head.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(self._title, 1)
        head.addWidget(self.button)
        head.addWidget(self.fold)
        head.addWidget(self.close_button)
        foot = QHBoxLayout()
        foot.addWidget(self.copy)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * theme.GAP, theme.GAP, theme.GAP, theme.GAP)
        column.setSpacing(theme.GAP // 2)
        column.addLayout(head)
        column.addWidget(self._advice)
        column.addWidget(self._charge)
        column.addWidget(self.details)
        column.addLayout(foot)

    def _connect(self) -> None:
        self.button.clicked.connect(self._ask)
        self.fold.toggled.connect(self._unfold)
        self.close_button.clicked.connect(self._dismiss)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.details.toPlainText()))

    def _unfold(self, wanted: bool) -> None:
        self.fold.setArrowType(Qt.ArrowType.DownArrow if wanted else Qt.ArrowType.RightArrow)
        self.details.setVisible(wanted)
        self.copy.setVisible(wanted)

    def _dismiss(self) -> None:
        self._dismissed = self._task.id if self._task else ""
        self.hide()

    def _ask(self) -> None:
        if self._task is not None:
            self.asked.emit(self._task, recovery_action_of(self._task))


def error_of(task: Task) -> type[KlingDesktopError]:
    """The kind of what is in the way of this task; the root of all when nothing is."""
    trouble = trouble_of(task)
    return kind_of(trouble) if trouble else KlingDesktopError


def button_words(treatment: RecoveryAction) -> str:
    """What the button is called; empty for none."""
    return {
        RecoveryAction.NONE: "",
        RecoveryAction.EDIT: tr("Edit prompt"),
        RecoveryAction.PICK_CLIP: tr("Pick another clip"),
        RecoveryAction.ENTER_KEYS: tr("Check keys"),
        RecoveryAction.OPEN_CONSOLE: tr("Open the Kling console"),
        RecoveryAction.ASK_AGAIN: tr("Try again"),
        RecoveryAction.SEND_AGAIN: tr("Send again"),
        RecoveryAction.LOOK_UP: tr("Look it up now"),
        RecoveryAction.IDENTIFY: tr("Look it up now"),
        RecoveryAction.SEND_NOW: tr("Try now"),
        RecoveryAction.SEND_ANYWAY: tr("Send once anyway"),
        RecoveryAction.FETCH: tr("Download again"),
        RecoveryAction.CHOOSE_FOLDER: tr("Choose another folder"),
    }[treatment]


def charge_words(task: Task) -> str:
    """Was I charged? What Kling said counts; else how the task stands; else what is known of this kind of error."""
    if task.units is not None:
        if not task.units:
            return tr("Was I charged? No.")
        return tr("Was I charged? Yes: {units} units.", units=f"{task.units.normalize():f}")
    if task.status.at_kling:
        return tr("Was I charged? Kling says so when it is done.")
    if task.status in (Status.SENDING, Status.UNCERTAIN):
        return tr("Was I charged? Not known yet: only if Kling took it.")
    answers = {
        "Not charged": tr("Was I charged? No."),
        "Charged": tr("Was I charged? Yes, for the take; the download costs nothing."),
        "Not known yet": tr("Was I charged? Not known yet: only if Kling took it."),
    }
    return answers[error_of(task).charge.value]


def again_words(task: Task) -> str:
    """Is it safe to ask again?"""
    if task.status is Status.SUCCEEDED:
        return tr("Downloading again is safe.")
    if task.status is Status.QUEUED:
        return tr("Nothing of it is at Kling yet.")
    if task.status.at_kling:
        return tr("Kling has it: no need to ask again.")
    if error_of(task).retry_safe:
        return tr("Asking again is safe: it cannot cost twice.")
    return tr("Do not ask for it anew: that could cost twice. “Send again” cannot.")


def details(task: Task) -> str:
    """All that somebody who looks into it wants to know, one fact a line; no address with a signature."""
    trouble = trouble_of(task)
    facts = (
        (tr("Kling says"), trouble.message if trouble and is_said_by_kling(trouble) else task.message),
        (tr("In detail"), trouble.message if trouble and not is_said_by_kling(trouble) else ""),
        (tr("Code"), str(trouble.code) if trouble and trouble.code is not None else ""),
        (tr("HTTP status"), str(trouble.http) if trouble and trouble.http is not None else ""),
        (tr("Kind"), trouble.error if trouble else ""),
        (tr("Request ID"), (trouble.request_id if trouble else "") or task.request_id),
        (tr("Kling's task ID"), task.kling_id),
        (tr("Our task ID"), task.id),
        (tr("Video ID"), task.extension.video_id),
        (tr("Profile"), f"{task.profile.name}, {task.profile.address or task.profile.region.value}"),
        (tr("State"), task.raw_status or task.status.value),
        (tr("Asked"), _time(task.asked_at)),
        (tr("Sent"), _time(task.sent_at)),
        (tr("Accepted"), _time(task.accepted_at)),
        (tr("Last change at Kling"), _time(task.updated_at)),
        (tr("Ended"), _time(task.ended_at)),
        (tr("Program"), f"Kling Desktop {__version__}"),
    )
    return "\n".join(f"{name}: {value}" for name, value in facts if value)


def _time(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC" if moment else ""


def _passes_by_itself(task: Task) -> bool:
    return (
        recovery_action_of(task) in (RecoveryAction.SEND_NOW, RecoveryAction.FETCH)
        and error_of(task).remedy.value == "Waiting"
    )
