"""The dialog "Find my takes": what the account has and the library lacks, to be adopted all or in part."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from kling_desktop.domain.tasks import Task
from kling_desktop.errors import kind_of
from kling_desktop.studio.feed import HistoryAdopted, HistoryEnded, HistoryRead
from kling_desktop.ui import formatting, theme
from kling_desktop.ui.finding_lines import Sentence, Sign
from kling_desktop.ui.history.history_finds import HistoryFinds
from kling_desktop.ui.history.history_view import HistoryView
from kling_desktop.ui.i18n import tr, tr_count
from kling_desktop.ui.theme.layouts import nest
from kling_desktop.ui.theme.room import roomy


class Work(Enum):
    """What is going on behind the dialog."""

    NONE = auto()
    READING = auto()
    ADOPTING = auto()


class HistoryDialog(QDialog):
    """Open it with `open()`. It does nothing itself: its signals say what the creator wishes."""

    read_asked = Signal()
    stop_asked = Signal()
    adopt_asked = Signal(object)
    """List of finds (Tasks) to adopt, never empty."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Find my takes"))
        self.work = Work.NONE
        self.finds = HistoryFinds(parent=self)
        self.view = HistoryView(self.finds, self)
        self._read = 0
        self._wanted = 0
        self._adopted = 0
        self._outcome: HistoryEnded | None = None
        self._make_head()
        self._make_empty()
        self._make_foot()
        self._lay_out()
        self._connect()
        self.setMinimumSize(QSize(420, 360))
        self.resize(roomy(self, 760, 560))
        self._say()

    # --- faces ---

    def begin_reading(self, account: str) -> None:
        """The account of this name is being read from its beginning."""
        self.work, self._read, self._adopted, self._outcome = Work.READING, 0, 0, None
        self._account.setText(tr("Account: {name}", name=account))
        self.finds.clear()
        self._say()

    def show_read(self, fact: HistoryRead) -> None:
        """One more page was read."""
        self._read = fact.tasks_read
        self.finds.add(fact.found)
        self._say()

    def begin_adopting(self, count: int) -> None:
        """So many finds go into the library now."""
        self.work, self._wanted, self._adopted, self._outcome = Work.ADOPTING, count, 0, None
        self._say()

    def show_adopted(self, facts: Sequence[HistoryAdopted]) -> None:
        """These are in the library now."""
        self._adopted += len(facts)
        self.finds.remove(fact.kling_id for fact in facts)
        self._say()

    def show_ended(self, fact: HistoryEnded) -> None:
        """The work under way has ended, well or not."""
        self._outcome = fact
        ended, self.work = self.work, Work.NONE
        if ended is Work.READING and self.finds.shown:
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)
            self.view.setCurrentIndex(self.finds.index(0, 0))
        self._say()

    @property
    def is_idle(self) -> bool:
        """Whether no work is under way."""
        return self.work is Work.NONE

    @property
    def is_adopting(self) -> bool:
        return self.work is Work.ADOPTING

    @property
    def adopted(self) -> int:
        """How many finds went into the library since adopting began."""
        return self._adopted

    def empty_text(self) -> str:
        """What stands in place of the finds; "" while there are some."""
        return "" if self.finds.shown else f"{self._empty_title.text()}. {self._empty_words.text()}"

    def reject(self) -> None:
        """Closing ends a reading; an adopting under way goes on, as it was asked for."""
        if self.work is Work.READING:
            self.stop_asked.emit()
        super().reject()

    # --- how it is built ---

    def _make_head(self) -> None:
        self._intro = Sentence(
            tr(
                "Looks for what this account has made and your library does not have: takes of other programs, of "
                "another computer, or of a lost library. Nothing is made or charged."
            ),
            self,
        )
        self._account = QLabel(self)
        self._account.setProperty("quiet", True)
        self._status = Sentence(parent=self)
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(theme.GAP // 2)
        self.stop = QPushButton(tr("Stop"), self)
        self.again = QPushButton(theme.icon("retry"), tr("Read again"), self)
        for button in (self.stop, self.again):
            button.setAutoDefault(False)

    def _make_empty(self) -> None:
        self._empty = QWidget(self)
        self._empty_sign = Sign(self._empty, 40)
        self._empty_title = QLabel(self._empty)
        self._empty_title.setProperty("heading", True)
        self._empty_title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty_words = Sentence(parent=self._empty)
        self._empty_words.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._empty_words.dress(quiet=True)
        column = QVBoxLayout(self._empty)
        column.setSpacing(theme.GAP)
        column.addStretch(1)
        column.addWidget(self._empty_sign, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._empty_title)
        column.addWidget(self._empty_words)
        column.addStretch(1)

    def _make_foot(self) -> None:
        self.with_failed = QCheckBox(self)
        self._chosen = QLabel(self)
        self._chosen.setProperty("quiet", True)
        self.close_button = QPushButton(tr("Close"), self)
        self.close_button.setAutoDefault(False)
        self.adopt_chosen = QPushButton(self)
        self.adopt_chosen.setAutoDefault(False)
        self.adopt_all = QPushButton(self)
        self.adopt_all.setProperty("primary", True)
        self.adopt_all.setDefault(True)

    def _lay_out(self) -> None:
        work = QHBoxLayout()
        work.setSpacing(theme.GAP)
        work.addWidget(self._status, 1)
        work.addWidget(self.stop)
        work.addWidget(self.again)
        self._middle = QStackedLayout()
        self._middle.addWidget(self.view)
        self._middle.addWidget(self._empty)
        choice = QHBoxLayout()
        choice.addWidget(self.with_failed)
        choice.addStretch(1)
        choice.addWidget(self._chosen)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.GAP)
        buttons.addWidget(self.close_button)
        buttons.addStretch(1)
        buttons.addWidget(self.adopt_chosen)
        buttons.addWidget(self.adopt_all)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(4 * (2 * theme.GAP,)))
        column.setSpacing(theme.GAP)
        column.addWidget(self._intro)
        column.addWidget(self._account)
        nest(column, work)
        column.addWidget(self._bar)
        nest(column, self._middle, 1)
        nest(column, choice)
        nest(column, buttons)

    def _connect(self) -> None:
        self.stop.clicked.connect(self.stop_asked)
        self.again.clicked.connect(self.read_asked)
        self.close_button.clicked.connect(self.reject)
        self.with_failed.toggled.connect(self.finds.show_failed)
        self.adopt_all.clicked.connect(lambda: self._adopt(list(self.finds.shown)))
        self.adopt_chosen.clicked.connect(lambda: self._adopt(self.finds.chosen))
        self.finds.chosen_changed.connect(self._say)

    def _adopt(self, tasks: list[Task]) -> None:
        if tasks:
            self.adopt_asked.emit(tasks)

    # --- words ---

    def _say(self) -> None:
        """Bring every word of the dialog up to date."""
        shown, chosen, rests = len(self.finds.shown), len(self.finds.chosen), self.work is Work.NONE
        self._status.setText(self._status_words())
        self._bar.setRange(0, self._wanted if self.work is Work.ADOPTING else 0)
        self._bar.setValue(self._adopted)
        _keep_room(self._bar, is_shown=not rests)
        self.stop.setVisible(not rests)
        self.again.setVisible(rests)
        self.with_failed.setText(tr("Show failed tasks ({n})", n=formatting.number(self.finds.failed)))
        self.with_failed.setEnabled(self.finds.failed > 0)
        self._chosen.setText(tr("{n} of {total} chosen", n=formatting.number(chosen), total=formatting.number(shown)))
        self.adopt_chosen.setText(tr("Add selected"))
        self.adopt_chosen.setEnabled(rests and chosen > 0)
        self.adopt_all.setText(tr("Add all {n}", n=formatting.number(shown)) if shown else tr("Add all"))
        self.adopt_all.setEnabled(rests and shown > 0)
        self._show_empty()

    def _status_words(self) -> str:
        read = formatting.number(self._read)
        if self.work is Work.READING:
            return tr("Read {n} tasks…", n=read) if self._read else tr("Asking Kling…")
        if self.work is Work.ADOPTING:
            return tr(
                "Added {n} of {total}…", n=formatting.number(self._adopted), total=formatting.number(self._wanted)
            )
        if self._outcome is None:
            return ""
        if self._outcome.trouble:
            kind = kind_of(self._outcome.trouble)
            return f"{tr(kind.title)}. {formatting.answer_to_asker(kind)}"
        if self._adopted:
            adopted = tr_count(self._adopted, "Added {n} take.", "Added {n} takes.")
            return f"{adopted} {tr('What Kling still has is being downloaded, soonest to expire first.')}"
        if not self._outcome.complete:
            return tr("Stopped after {n} tasks. What is shown can be added.", n=read)
        found = tr_count(len(self.finds.shown), "{n} is not in your library.", "{n} are not in your library.")
        return f"{tr('Read {n} tasks.', n=read)} {found if self.finds.shown else ''}".rstrip()

    def _show_empty(self) -> None:
        self._middle.setCurrentIndex(0 if self.finds.shown else 1)
        icon, colour, title, words = self._why_empty()
        self._empty_sign.show_sign(icon, colour)
        self._empty_title.setText(title)
        self._empty_words.setText(words)

    def _why_empty(self) -> tuple[str, str, str, str]:
        """Sign, its colour, title and sentence."""
        if self.work is Work.READING:
            return "clock", "quiet", tr("Looking…"), tr("Kling is being asked what this account has.")
        if self._outcome and self._outcome.trouble:
            kind = kind_of(self._outcome.trouble)
            return "warning", "bad", tr(kind.title), formatting.answer_to_asker(kind)
        if self._outcome and not self._outcome.complete:
            return "info", "quiet", tr("Stopped"), tr("Nothing new was found up to there. Read again to see the rest.")
        words = tr("Everything that this account has made is in your library.")
        return "check", "accent", tr("Nothing is missing"), words


def _keep_room(widget: QWidget, *, is_shown: bool) -> None:
    """Hide a widget without moving what is around it."""
    policy = widget.sizePolicy()
    policy.setRetainSizeWhenHidden(True)
    widget.setSizePolicy(policy)
    widget.setVisible(is_shown)
