"""The foot of the dialog of exports: which file is being written, how far it is, and a way to give it up."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from kling_desktop.domain.exports import ExportJob, ExportState
from kling_desktop.ui import theme
from kling_desktop.ui.export.export_words import job_words
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.theme.layouts import nest

_NAME = 260
"""Most pixels of a file's name."""


class ExportFoot(QWidget):
    """Says the export that runs; else how the last one ended."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.which, self.words = QLabel(self), QLabel(self)
        self.words.setProperty("quiet", True)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        self.stop = QPushButton(tr("Stop"), self)
        self.stop.setAutoDefault(False)
        said = QHBoxLayout()
        for label in (self.which, self.words):
            label.setTextFormat(Qt.TextFormat.PlainText)
        said.addWidget(self.which)
        said.addWidget(self.words, 1)
        column = QVBoxLayout()
        column.setSpacing(theme.GAP // 2)
        nest(column, said)
        column.addWidget(self.bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        nest(row, column, 1)
        row.addWidget(self.stop)
        self.show_jobs((), None)

    def show_jobs(self, jobs: Sequence[ExportJob], news: ExportJob | None, *, paused: bool = False) -> None:
        """All exports of this session, and the one of which there is news."""
        running = next((job for job in jobs if job.state is ExportState.RUNNING), None)
        job = running or news
        for widget in (self.bar, self.stop):
            widget.setVisible(running is not None)
        if job is None:
            return
        name = self.fontMetrics().elidedText((job.file or job.target).name, Qt.TextElideMode.ElideMiddle, _NAME)
        waiting = sum(each.state is ExportState.WAITING for each in jobs)
        ended = sum(each.state.ended for each in jobs)
        counted = tr("Writing {n} of {all}", n=ended + 1, all=ended + 1 + waiting)
        self.which.setText(counted if running is not None and waiting + ended else "")
        self.words.setText(f"{name}: {job_words(job, paused=paused)}")
        self.words.setToolTip(str(job.file or job.target))
        self.bar.setValue(1000 * job.done // job.total if job.total else 0)
