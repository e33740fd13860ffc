"""The exports of this session, one row each: how far it is, and what can be done with it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from kling_desktop.domain.exports import ExportJob, ExportState
from kling_desktop.ui import theme
from kling_desktop.ui.export.export_words import job_words
from kling_desktop.ui.finding_lines import Sentence, Sign
from kling_desktop.ui.i18n import tr

_SIGNS = {
    ExportState.WAITING: ("clock", "quiet"),
    ExportState.RUNNING: ("save", "accent"),
    ExportState.DONE: ("check", "ok"),
    ExportState.FAILED: ("warning", "bad"),
    ExportState.STOPPED: ("close", "quiet"),
}


class ExportQueue(QWidget):
    """Takes no room while nothing was exported. Its signals say what the creator wishes."""

    pause_asked = Signal(bool)
    stop_asked = Signal(str)
    again_asked = Signal(str)
    forget_asked = Signal(str)
    show_asked = Signal(object)
    """Path of a finished file, to be shown in its folder."""
    copy_asked = Signal(object)
    """Path of a finished file, for the clipboard."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: dict[str, _Row] = {}
        self._paused = False
        self.pause = QPushButton(tr("Pause"), self)
        self.pause.setAutoDefault(False)
        self.pause.clicked.connect(lambda: self.pause_asked.emit(not self._paused))
        title = QLabel(tr("Exports"), self)
        title.setProperty("heading", True)
        head = QHBoxLayout()
        head.addWidget(title, 1)
        head.addWidget(self.pause)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, theme.GAP, 0, 0)
        self._column.setSpacing(theme.GAP // 2)
        self._column.addLayout(head)
        self.hide()

    def show_job(self, job: ExportJob) -> None:
        """An export is new, or stands otherwise."""
        row = self._rows.get(job.id)
        if row is None:
            row = self._rows[job.id] = _Row(self)
            self._column.addWidget(row)
        row.show_job(job, paused=self._paused)
        self._say()

    def forget(self, job_id: str) -> None:
        """It is off the list."""
        if row := self._rows.pop(job_id, None):
            row.hide()
            row.deleteLater()
        self._say()

    def show_paused(self, paused: bool) -> None:
        """Whether the exports are held."""
        self._paused = paused
        self.pause.setText(tr("Resume") if paused else tr("Pause"))
        for row in self._rows.values():
            if row.job is not None:
                row.show_job(row.job, paused=paused)

    @property
    def under_way(self) -> int:
        """How many wait or run."""
        return sum(row.job is not None and not row.job.state.ended for row in self._rows.values())

    @property
    def jobs(self) -> tuple[ExportJob, ...]:
        """All that are shown, oldest first."""
        return tuple(row.job for row in self._rows.values() if row.job is not None)

    def state_of(self, job_id: str) -> ExportState | None:
        """How an export was last said to stand; None for a new one."""
        row = self._rows.get(job_id)
        return row.job.state if row is not None and row.job is not None else None

    def row(self, job_id: str) -> _Row:
        """The row of an export. Raises KeyError."""
        return self._rows[job_id]

    def text(self) -> str:
        """All that is said."""
        return "\n".join(row.words.text() for row in self._rows.values())

    def _say(self) -> None:
        self.pause.setVisible(bool(self.under_way))
        self.setVisible(bool(self._rows))


class _Row(QWidget):
    """One export."""

    def __init__(self, queue: ExportQueue) -> None:
        super().__init__(queue)
        self.job: ExportJob | None = None
        self._sign = Sign(self)
        self.name = QLabel(self)
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        self.words = Sentence(parent=self)
        self.words.setProperty("quiet", True)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.stop = _button(tr("Stop"), self, lambda: queue.stop_asked.emit(self._id))
        self.again = _button(tr("Again"), self, lambda: queue.again_asked.emit(self._id))
        self.shown = _button(tr("Show in folder"), self, lambda: queue.show_asked.emit(self._file))
        self.copied = _button(tr("Copy path"), self, lambda: queue.copy_asked.emit(self._file))
        self.forgotten = _button(tr("Take off the list"), self, lambda: queue.forget_asked.emit(self._id))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, theme.GAP // 2)
        column.setSpacing(2)
        head = QHBoxLayout()
        head.addWidget(self._sign)
        head.addWidget(self.name, 1)
        column.addLayout(head)
        column.addWidget(self.bar)
        column.addWidget(self.words)
        buttons = QHBoxLayout()
        for button in (self.stop, self.again, self.shown, self.copied, self.forgotten):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column.addLayout(buttons)

    @property
    def _id(self) -> str:
        return self.job.id if self.job else ""

    @property
    def _file(self) -> Path | None:
        return self.job.file if self.job else None

    def show_job(self, job: ExportJob, *, paused: bool) -> None:
        """Say how it stands."""
        self.job = job
        name = (job.file or job.target).name
        self._sign.show_sign(*_SIGNS[job.state])
        self.name.setText(self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, 220))
        self.name.setToolTip(str(job.file or job.target))
        self.words.setText(job_words(job, paused=paused))
        self.setAccessibleName(f"{name}: {self.words.text()}")
        self.bar.setRange(0, 1000 if job.total else 0)
        self.bar.setValue(1000 * job.done // job.total if job.total else 0)
        self.bar.setVisible(job.state is ExportState.RUNNING)
        self.stop.setVisible(not job.state.ended)
        self.again.setVisible(job.state in (ExportState.FAILED, ExportState.STOPPED))
        self.forgotten.setVisible(job.state.ended)
        for button in (self.shown, self.copied):
            button.setVisible(job.file is not None)


def _button(words: str, parent: QWidget, do: object) -> QPushButton:
    button = QPushButton(words, parent)
    button.setProperty("flat", True)
    button.setFlat(True)
    button.setAutoDefault(False)
    button.clicked.connect(do)
    return button
