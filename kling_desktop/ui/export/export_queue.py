"""The exports of this session, one row each: how far it is, and what can be done with it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from kling_desktop.domain.exports import ExportJob, ExportState
from kling_desktop.ui import theme
from kling_desktop.ui.export.export_words import job_words
from kling_desktop.ui.finding_lines import Sentence, Sign
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.theme.fonts import scaled
from kling_desktop.ui.theme.layouts import nest

_SIGNS = {
    ExportState.WAITING: ("clock", "quiet"),
    ExportState.RUNNING: ("save", "accent"),
    ExportState.DONE: ("check", "ok"),
    ExportState.FAILED: ("warning", "bad"),
    ExportState.STOPPED: ("close", "quiet"),
}


_HIGHEST = 176
"""Pixels that the rows may take: about three."""


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
        head.setContentsMargins(scaled(12), 0, scaled(12), 0)
        head.addWidget(title, 1)
        head.addWidget(self.pause)
        inside = QWidget()
        self._rows_column = QVBoxLayout(inside)
        self._rows_column.setContentsMargins(scaled(12), 0, scaled(12), 0)
        self._rows_column.setSpacing(theme.GAP // 2)
        # Many exports take turns in their own place: the queue of takes below them stays in sight.
        self._place = QScrollArea(self)
        self._place.setWidget(inside)
        inside.installEventFilter(self)  # a scroll area does not ask for the room of what is in it
        self._place.setWidgetResizable(True)
        self._place.setFrameShape(QFrame.Shape.NoFrame)
        self._place.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._place.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.GAP, 0, 0)
        column.setSpacing(theme.GAP // 2)
        nest(column, head)
        column.addWidget(self._place)
        self.hide()

    def show_job(self, job: ExportJob) -> None:
        """An export is new, or stands otherwise."""
        row = self._rows.get(job.id)
        if row is None:
            row = self._rows[job.id] = _Row(self)
            self._rows_column.addWidget(row)
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

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return False

    def _say(self) -> None:
        self.pause.setVisible(bool(self.under_way))
        self.setVisible(bool(self._rows))

    def _fit(self) -> None:
        """As high as the rows, up to a bound."""
        needed = self._rows_column.totalHeightForWidth(max(1, self._place.viewport().width()))
        self._place.setFixedHeight(max(0, min(needed, scaled(_HIGHEST))))


class _Row(QWidget):
    """One export."""

    def __init__(self, queue: ExportQueue) -> None:
        super().__init__(queue)
        self.job: ExportJob | None = None
        self._sign = Sign(self)
        self.name = _Name(self)
        self.words = Sentence(parent=self)
        self.words.setProperty("quiet", True)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.again = _button("retry", tr("Again"), self, lambda: queue.again_asked.emit(self._id))
        self.shown = _button("folder", tr("Show in folder"), self, lambda: queue.show_asked.emit(self._file))
        self.copied = _button("copy", tr("Copy path"), self, lambda: queue.copy_asked.emit(self._file))
        self.stop = _button("close", tr("Stop"), self, lambda: queue.stop_asked.emit(self._id))
        self.forgotten = _button("close", tr("Take off the list"), self, lambda: queue.forget_asked.emit(self._id))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, theme.GAP // 2)
        column.setSpacing(2)
        head = QHBoxLayout()
        head.setSpacing(scaled(2))
        head.addWidget(self._sign)
        head.addSpacing(scaled(4))
        head.addWidget(self.name, 1)
        for button in (self.again, self.shown, self.copied, self.stop, self.forgotten):
            head.addWidget(button)
        nest(column, head)
        column.addWidget(self.bar)
        column.addWidget(self.words)

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
        self.name.show_name(name)
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


class _Name(QLabel):
    """A file's name, whose middle gives way: beginning and ending tell files apart."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._name = ""

    def show_name(self, name: str) -> None:
        self._name = name
        self.setAccessibleName(name)
        self._elide()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        self.setText(self.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideMiddle, self.width()))


def _button(icon: str, words: str, parent: QWidget, do: object) -> QToolButton:
    button = QToolButton(parent)
    button.setIcon(theme.icon(icon))
    button.setAutoRaise(True)
    button.setAccessibleName(words)
    button.setToolTip(words)
    button.setFixedSize(scaled(24), scaled(24))
    button.clicked.connect(do)
    return button
