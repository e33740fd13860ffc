"""What a new film begins with: a picture with its still and its facts, or words alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kling_desktop.domain.tasks import Trouble
from kling_desktop.errors import kind_of
from kling_desktop.studio.files.pictures import KeptPicture, name_of
from kling_desktop.studio.tasks.checks import PICTURE_READ, PICTURE_UNFIT, Finding
from kling_desktop.ui import formatting, theme
from kling_desktop.ui.extend.link_button import link_button
from kling_desktop.ui.finding_lines import FindingLines, Sentence
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.stills.still import Still
from kling_desktop.ui.theme.layouts import nest


class PictureRow(QWidget):
    """Holds a picture of ours. What is given is kept and checked by others before it stands here as fit."""

    edited = Signal()
    left = Signal()
    wanted = Signal()
    """A picture is to be chosen."""
    given = Signal(object)
    """Path of a picture that is to be kept: answered by `show_kept` or `show_trouble`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._given: Path | None = None
        self._kept: KeptPicture | None = None
        self._trouble: Trouble | None = None
        self.still = Still(QSize(96, 54), self)
        self._title, self._facts = Sentence(parent=self), Sentence(parent=self)
        self._title.dress(heading=True)
        self._facts.dress(quiet=True)
        self.choose = link_button(tr("Choose a picture…"), tr("Choose a picture that the film begins with"))
        self.drop = link_button(tr("Remove"), tr("Remove the picture: the film is made from words alone"))
        self._findings = FindingLines(self)
        self.setFocusProxy(self.choose)
        self._lay_out()
        self.choose.clicked.connect(self.wanted)
        self.drop.clicked.connect(lambda: self.show_picture(None))
        self._say()

    def picture(self) -> Path | None:
        """What the film begins with; None: with words alone. Not fit before it was kept: see `findings`."""
        return self._kept.file if self._kept else self._given

    def show_picture(self, picture: Path | None) -> None:
        """Take this picture in, or none."""
        self._given, self._kept, self._trouble = picture, None, None
        self._say()
        self.edited.emit()
        if picture is not None:
            self.given.emit(picture)

    def show_kept(self, given: Path, kept: KeptPicture) -> None:
        """The picture that was given is ours now; an answer that comes too late is dropped."""
        if given == self._given:
            self._kept = kept
            self._say()
            self.edited.emit()

    def show_trouble(self, given: Path, trouble: Trouble) -> None:
        """Why Kling would not take the picture that was given."""
        if given == self._given:
            self._trouble = trouble
            self._say()
            self.edited.emit()

    def findings(self) -> tuple[Finding, ...]:
        """What stands against sending it."""
        if self._given is None or self._kept is not None:
            return ()
        if self._trouble is None:
            return (Finding("picture", True, PICTURE_READ),)
        error = kind_of(self._trouble)
        said = {"title": tr(error.title), "advice": tr(error.advice)}
        return (Finding("picture", True, PICTURE_UNFIT, said),)

    def show_findings(self, findings: Sequence[Finding]) -> None:
        self._findings.show_findings(findings)
        self.choose.setAccessibleDescription(self._findings.text())

    def findings_text(self) -> str:
        return self._findings.text()

    def facts(self) -> str:
        """What stands beside the still."""
        return f"{self._title.text()}. {self._facts.text()}"

    def _lay_out(self) -> None:
        acts = QHBoxLayout()
        acts.setSpacing(theme.GAP)
        acts.addWidget(self.choose)
        acts.addWidget(self.drop)
        acts.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(2)
        for widget in (self._title, self._facts):
            words.addWidget(widget)
        nest(words, acts)
        head = QHBoxLayout()
        head.setSpacing(theme.GAP)
        head.addWidget(self.still, 0, Qt.AlignmentFlag.AlignTop)
        nest(head, words, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        nest(column, head)
        column.addWidget(self._findings)

    def _say(self) -> None:
        there = self._given is not None
        self.still.show_poster(self._kept.file if self._kept else None)
        self._title.setText(tr("Begins with a picture") if there else tr("Begins with words"))
        self._facts.setText(self._fact_words())
        self.choose.setText(tr("Change…") if there else tr("Choose a picture…"))
        self.drop.setVisible(there)

    def _fact_words(self) -> str:
        if self._given is None:
            return tr("Without a picture Kling makes it up.")
        if self._kept is None:
            return self._given.name
        kept = self._kept
        size = f"{kept.width} × {kept.height} · {formatting.size(kept.size_bytes)}"
        return f"{name_of(kept.file)}\n{size}"
