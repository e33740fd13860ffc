"""The clip that is to be extended: its still, what is known of it, and the ID to paste or pick."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from kling_desktop.domain.clips import Clip, id_in
from kling_desktop.domain.kling_time import KLING_TIME
from kling_desktop.domain.tasks import Trouble
from kling_desktop.errors import NotFound, VideoUnknown, kind_of
from kling_desktop.studio.tasks.checks import (
    LOOK_UP_FAILED,
    LOOKING_UP,
    TASK_WITH_VIDEO,
    TASK_WITHOUT_VIDEO,
    UNKNOWN_ID,
    Finding,
    is_well_formed,
)
from kling_desktop.ui import theme
from kling_desktop.ui.clearable import make_clearable
from kling_desktop.ui.extend.prompt_field import is_passing
from kling_desktop.ui.extend.tail_note import LOWEST, TailNote
from kling_desktop.ui.finding_lines import FindingLines, Sentence, Sign
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.library import clip_words
from kling_desktop.ui.stills.still import Still
from kling_desktop.ui.theme.layouts import nest


@dataclass(frozen=True, slots=True)
class Identity:
    """What looking up a pasted ID brought."""

    pasted: str
    clip: Clip | None = None
    """The video of that ID, or the video that the task of that ID made."""
    was_task: bool = False
    trouble: Trouble | None = None
    """Why it could not be looked up."""
    checking: bool = False
    """True while it is being looked up."""


class IdField(QLineEdit):
    """Takes one ID; what is pasted with spaces around it, or unseen characters in it, is cleaned."""

    left = Signal()

    def video_id(self) -> str:
        return id_in(self.text())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if not is_passing(event):
            self.left.emit()


_BETWEEN_WORDS = 2
"""Pixels between what is said of the last frame and the facts of the clip."""


class ClipRow(QWidget):
    """Shows and takes the clip; knows its facts as long as the ID stays the same."""

    edited = Signal()
    """The ID is another now, or what is known of it."""
    left = Signal()
    clip_wanted = Signal()
    id_entered = Signal(str)
    """A new, well-formed ID was pasted or typed to its end: worth looking up."""
    clip_known = Signal(object)
    """What is known of the clip whose ID stands in the field: a Clip, or None when nothing (any longer) is."""
    clip_taken = Signal(object)
    """The video of a pasted task ID is to be used: a Clip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clip: Clip | None = None
        self._poster: Path | None = None
        self._identity: Identity | None = None
        self._known_id = ""
        self._before = ""
        self.still = Still(QSize(96, 54), self)
        self._title = Sentence(parent=self)
        self._facts = Sentence(parent=self)
        self._title.dress(heading=True)
        self._facts.dress(quiet=True)
        self._fine = Sign(self, 12)
        self._fine.show_sign("verdict-clean", "ok")
        # Words of their own: a heading's letters come back with the next theme, whatever it was given since.
        self._fine_words = Sentence(tr("Sharp and moving"), self)
        for part in (self._fine, self._fine_words):
            part.hide()
        self.field = IdField(self)
        self.field.setPlaceholderText(tr("Video ID"))
        self.field.setAccessibleName(tr("Video ID"))
        make_clearable(self.field)
        self.pick = QPushButton(tr("Pick…"), self)
        self.change = QPushButton(tr("Change…"), self)
        self.change.setProperty("link", True)
        self.change.setFlat(True)
        self.change.setAutoDefault(False)
        self.change.setToolTip(tr("Choose from the clips of the library and of the account"))
        self.pick.setToolTip(tr("Choose from the clips of the library and of the account"))
        self._findings = FindingLines(self)
        self.tail = TailNote(self)
        self.use = QPushButton(tr("Use this video"), self)
        self.setFocusProxy(self.field)
        self._lay_out()
        self._connect()
        self._say()

    @property
    def clip(self) -> Clip | None:
        """What is known of the clip whose ID stands in the field."""
        return self._clip

    def looked_up(self) -> tuple[Finding, ...]:
        """What looking the ID up brought, if there is something to say."""
        found = _of_the_identity(self._identity) if self._identity else None
        return (found,) if found else ()

    def video_id(self) -> str:
        return self.field.video_id()

    def show_id(self, video_id: str) -> None:
        """Put an ID in without asking anybody to look it up."""
        self._known_id = self._before = video_id
        self.field.setText(video_id)

    def show_clip(self, clip: Clip | None, poster: Path | None) -> None:
        """Say what is known of the clip in the field; another clip's facts are not shown."""
        self._clip = clip if clip is not None and clip.id == self.video_id() else None
        if self._clip is not None:
            self._identity = None  # whatever looking it up said, or still says, is answered
        self._poster = poster if self._clip else None
        self._say()
        self.clip_known.emit(self._clip)

    def show_identity(self, identity: Identity) -> None:
        """Say what looking up brought; an answer that comes too late is dropped."""
        if identity.pasted != self.video_id():
            return
        self._identity = identity
        if identity.clip is not None and identity.clip.id == identity.pasted:
            self.show_clip(identity.clip, self._poster)
        self._say()
        self.edited.emit()

    def show_findings(self, findings: Sequence[Finding]) -> None:
        self._findings.show_findings(findings)
        self.field.setAccessibleDescription(self._findings.text())

    def findings_text(self) -> str:
        return self._findings.text()

    def _lay_out(self) -> None:
        first = QHBoxLayout()
        first.setSpacing(theme.GAP // 4)  # the link has room of its own, and a longer language needs the rest
        first.addWidget(self._fine, 0, Qt.AlignmentFlag.AlignVCenter)
        first.addWidget(self._fine_words, 1)
        first.addWidget(self._title, 1)
        first.addWidget(self.change, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(_BETWEEN_WORDS)
        nest(words, first)
        words.addWidget(self._facts)
        head = QHBoxLayout()
        head.setSpacing(theme.GAP)
        head.addWidget(self.still, 0, Qt.AlignmentFlag.AlignTop)
        nest(head, words, 1)
        self._entry = QWidget(self)
        entry = QHBoxLayout(self._entry)
        entry.setContentsMargins(0, 0, 0, 0)
        entry.setSpacing(theme.GAP)
        entry.addWidget(self.field, 1)
        entry.addWidget(self.pick)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        column.addWidget(self.tail)
        nest(column, head)
        column.addWidget(self.tail.warnings)
        column.addWidget(self._entry)
        column.addWidget(self._findings)
        column.addWidget(self.use, 0, Qt.AlignmentFlag.AlignLeft)

    def _connect(self) -> None:
        self.field.textChanged.connect(self._changed)
        self.field.textEdited.connect(self._typed)
        self.field.editingFinished.connect(self._announce)
        self.field.left.connect(self.left)
        self.field.left.connect(self._say)
        self.pick.clicked.connect(self.clip_wanted)
        self.change.clicked.connect(self.clip_wanted)
        self.tail.shown.connect(self._show_still)
        self.use.clicked.connect(self._use)

    def _changed(self) -> None:
        """Whatever was known belonged to the former ID."""
        if self._clip is not None and self._clip.id != self.video_id():
            self._clip = self._poster = None
            self.clip_known.emit(None)
        if self._identity is not None and self._identity.pasted != self.video_id():
            self._identity = None
        self._say()
        self.edited.emit()

    def _typed(self, text: str) -> None:
        """Several characters at once were pasted or dropped: no need to wait until the field is left."""
        pasted = abs(len(text) - len(self._before)) > 1
        self._before = text
        if pasted:
            self._announce()

    def _announce(self) -> None:
        video_id = self.video_id()
        if video_id != self.field.text():
            self.field.setText(video_id)
        self._before = video_id
        if video_id != self._known_id and is_well_formed(video_id):
            self._known_id = video_id
            self.id_entered.emit(video_id)

    def _use(self) -> None:
        if self._identity is not None and self._identity.clip is not None:
            self.clip_taken.emit(self._identity.clip)

    def _say(self) -> None:
        known = self._clip is not None
        self.change.setVisible(known)
        self._entry.setVisible(not known or self.field.hasFocus())
        self._show_still()
        identity = self._identity
        self.use.setVisible(identity is not None and identity.was_task and identity.clip is not None)

    def give_room(self, *, large_still: bool, is_cramped: bool = False) -> None:
        """Whether the window has room for the last frame large; in a low one a small still stands for it, and where
        the letters are very large only the clip's length does.
        """
        self._has_room, self._is_cramped = large_still, is_cramped
        self._show_still()

    def share_height(self, height: int) -> None:
        """Have so many pixels for all of this: the last frame is as large as they allow, or the small still stands."""
        left = height - self._height_without_frame()
        self.tail.frame.be_at_most(left)
        if (left >= LOWEST) is not self._fits:
            self._fits = not self._fits
            self._show_still()

    def _height_without_frame(self) -> int:
        """With the gap to the frame, and with the words as they would stand under it, whatever is shown now."""
        facts = QFontMetrics(self._facts.font()).boundingRect(
            QRect(0, 0, self.width(), 1000), int(Qt.TextFlag.TextWordWrap), self._clip_words()[1]
        )
        first = max(QFontMetrics(self._title.font()).height(), self.change.sizeHint().height())
        words = first + _BETWEEN_WORDS + facts.height()
        others = [each for each in (self.tail.warnings, self._entry, self._findings, self.use) if not each.isHidden()]
        return words + theme.GAP + sum(each.sizeHint().height() + theme.GAP for each in others)

    _has_room, _fits, _is_cramped = True, True, False

    def _say_words(self) -> None:
        """Under a large frame that is as it should be that is said, and its time stands in the frame."""
        title, facts = self._clip_words()
        tail = self.tail.tail
        is_fine = self._is_large and tail is not None and not tail.warnings and self._clip is not None
        self.tail.show_end(clip_words.length(self._clip) if self._clip is not None else "")
        for part in (self._fine, self._fine_words):
            part.setVisible(is_fine)
        self._title.setVisible(not is_fine)
        self._title.setText(title)
        self._facts.setText(facts)
        self._facts.setVisible(bool(facts) and not self._is_cramped)
        for part in (self._fine_words, self._title):
            part.setToolTip(facts if self._is_cramped else "")

    @property
    def _is_large(self) -> bool:
        return self._has_room and self._fits and self.tail.tail is not None

    def _show_still(self) -> None:
        """The small still gives way to the last frame large, and is that frame itself where it can."""
        tail = self.tail.tail
        self.still.show_poster(tail.still if tail is not None else self._poster)
        self.tail.setVisible(self._is_large)
        self.still.setVisible(not self._is_large and not self._is_cramped)
        self._say_words()

    def _clip_words(self) -> tuple[str, str]:
        if self._clip is not None:
            first, *rest = clip_words.facts(self._clip, KLING_TIME.now(), is_sure=KLING_TIME.is_told)
            return first, "\N{NO-BREAK SPACE}· ".join(rest)  # no line begins with a dot
        if self.video_id():
            return tr("Clip to extend"), tr("Nothing is known of this ID yet.")
        return tr("No clip yet"), tr("Pick one, or paste its ID.")


def _of_the_identity(identity: Identity) -> Finding | None:
    """Only a task's ID blocks: for the rest, nobody but Kling knows what Kling has."""
    if identity.checking:
        return Finding("video_id", False, LOOKING_UP)
    if identity.was_task:
        if identity.clip is None:
            return Finding("video_id", True, TASK_WITHOUT_VIDEO)
        return Finding("video_id", True, TASK_WITH_VIDEO, {"id": identity.clip.id})
    if identity.clip is not None:
        return None
    trouble = identity.trouble
    if trouble is None or issubclass(kind_of(trouble), NotFound | VideoUnknown):
        return Finding("video_id", False, UNKNOWN_ID)
    return Finding("video_id", False, LOOK_UP_FAILED, {"why": tr(kind_of(trouble).title)})
