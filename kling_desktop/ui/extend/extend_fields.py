"""The fields of the extend form in one scrolled column: what stands in them, and what is said beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from kling_desktop.domain.clips import Clip
from kling_desktop.domain.kling_time import KLING_TIME
from kling_desktop.domain.takes import Way
from kling_desktop.domain.tasks import Extension, Generation
from kling_desktop.studio.tasks.checks import (
    NO_ID,
    NO_WORDS_TO_BEGIN,
    NO_WORDS_TO_CONTINUE,
    PICTURE_READ,
    Finding,
    why_not_extended,
)
from kling_desktop.ui.extend.clip_row import ClipRow
from kling_desktop.ui.extend.line_field import LineField
from kling_desktop.ui.extend.options.fold import Fold
from kling_desktop.ui.extend.options.generation_options import LABEL_WIDTH, GenerationOptions, OptionNote, Origin
from kling_desktop.ui.extend.options.guidance_slider import GuidanceSlider
from kling_desktop.ui.extend.options.way_choice import WayChoice
from kling_desktop.ui.extend.picture_row import PictureRow
from kling_desktop.ui.extend.prompt_field import PromptField
from kling_desktop.ui.extend.refusal_note import RefusalNote
from kling_desktop.ui.i18n import tr

Field = ClipRow | PictureRow | PromptField | GuidanceSlider | LineField | OptionNote

_LINES, _MOST_LINES = 5, 9
"""The prompt is so many lines high, and grows with its words to so many."""
_IN_OPTIONS = ("negative_prompt", "guidance", "model", "callback_url", "own_id")
"""Fields that are folded away with the options."""
_TOLD_AT_ONCE = ("picture", "prompt", "negative_prompt", "guidance", "model")
"""Fields whose blocking findings are told while one types: they are about too much, not about too little."""


class ExtendFields(QScrollArea):
    """Holds an Extension. Tells findings when they are due: a slip is not told while one may still avoid it."""

    edited = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._was_left: set[str] = set()
        self._begins = False
        self.tells_all = False
        """True from the first try to submit on: every finding is due."""
        self._make_fields()
        self.by_name: dict[str, Field] = {
            "video_id": self.clip_row,
            "picture": self.picture,
            "prompt": self.prompt,
            "negative_prompt": self.negative,
            "guidance": self.guidance,
            "model": self.model_note,
            "callback_url": self.callback,
            "own_id": self.own_id,
        }
        """Every field under the name that findings give it, from top to bottom."""
        self._lay_out()
        self._connect()

    def extension(self) -> Extension:
        """What stands in the fields; what was left alone, or what the way does not take, stays None or empty."""
        continues = self._begins or self.way.way is Way.CONTINUE
        return Extension(
            video_id="" if self._begins else self.clip_row.video_id(),
            prompt=self.prompt.text(),
            negative_prompt=self.negative.text(),
            guidance=None if continues else self.guidance.guidance(),
            watermark=True if self.watermark.isChecked() else None,
            callback_url=self.callback.text(),
            own_id=self.own_id.text(),
            generation=self._generation() if continues else None,
        )

    @property
    def begins(self) -> bool:
        """Whether a new film is asked for, and no clip goes on."""
        return self._begins

    def begin(self, begins: bool, picture: Path | None = None) -> None:
        """Ask for a new film, from words or from this picture; or, as before, for how the clip goes on."""
        self._begins = begins
        if begins:
            self.picture.show_picture(picture)
        self._show_way()
        self.edited.emit()

    def _generation(self) -> Generation:
        first = self.picture.picture() if self._begins else None
        return replace(self.generation.generation(), first_frame=first)

    def show_extension(self, extension: Extension) -> None:
        """Fill the fields. Nobody is asked to look the ID up."""
        self._begins = extension.begins_film
        if not self._begins:  # else the clip stays, to go back to
            self.clip_row.show_id(extension.video_id)
        self.prompt.show_text(extension.prompt)
        self.negative.show_text(extension.negative_prompt)
        self.guidance.show_guidance(extension.guidance)
        self.watermark.setChecked(bool(extension.watermark))
        self.callback.show_text(extension.callback_url)
        self.own_id.show_text(extension.own_id)
        if extension.generation is not None:
            self.generation.show_generation(extension.generation)
        if self._begins and extension.generation is not None:
            self.picture.show_picture(extension.generation.first_frame)
        else:
            self.way.wish(Way.EXTEND if extension.generation is None else Way.CONTINUE)
        self._show_way()
        if any(getattr(extension, name, None) for name in _IN_OPTIONS):
            self.options.open()

    def leave(self, name: str) -> None:
        """From now on everything about this field is due."""
        self._was_left.add(name)
        self.left.emit()

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Say beside each field what is due."""
        for name, field in self.by_name.items():
            field.show_findings([f for f in findings if f.field == name and self._is_due(f)])

    def go_to(self, name: str) -> None:
        """Put the cursor into a field, wherever it is folded away or scrolled to."""
        if name in _IN_OPTIONS:
            self.options.open()
        self.by_name[name].setFocus(Qt.FocusReason.OtherFocusReason)
        self.reveal(self.by_name[name])

    def reveal(self, widget: QWidget) -> None:
        """Scroll to it, once the layout has made room for what has just appeared."""
        QTimer.singleShot(0, widget, lambda: self.ensureWidgetVisible(widget))

    def _is_due(self, finding: Finding) -> bool:
        name = finding.field
        if self.tells_all:
            return True
        if finding.sentence in (NO_ID, NO_WORDS_TO_CONTINUE, NO_WORDS_TO_BEGIN, PICTURE_READ):
            return False
        if finding.blocks and name in _TOLD_AT_ONCE:
            return True
        known = name == "video_id" and self.clip_row.clip is not None
        return known or name in self._was_left

    def _make_fields(self) -> None:
        """In the order in which they stand: Tab goes from one to the next as they were made."""
        self.refusal = RefusalNote(self)
        self.clip_row = ClipRow(self)
        self.picture = PictureRow(self)
        self.way = WayChoice(self)
        title, hint = _asked_for(begins=False)
        self.prompt = PromptField(tr("Prompt"), hint, _LINES, self, title=title)
        self.prompt.edit.grow_with_words(_MOST_LINES)
        self.options = Fold(tr("Options"), self)
        self.generation = GenerationOptions(self)
        self.model_note = OptionNote(self.generation, self)
        self.negative = PromptField(tr("Negative prompt"), tr("people, text, cuts"), 1, self)
        self.guidance = GuidanceSlider(self)
        self.watermark = QCheckBox(tr("Also a marked copy"), self)
        self.callback = LineField(tr("Callback address"), "https://", self)
        self.callback.setToolTip(tr("Kling posts every change of the task to this address."))
        self.own_id = LineField(tr("Your own task ID"), tr("made for you when empty"), self)
        self.own_id.setToolTip(tr("Kling takes each ID only once. Leave it empty unless another program needs it."))
        self.options.hold(self._options())

    def _options(self) -> QWidget:
        options = QWidget(self)
        column = QVBoxLayout(options)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.model_note)
        column.addWidget(_named(tr("Not wanted"), self.negative, options))
        column.addWidget(self.guidance)
        column.addWidget(_named(tr("Watermark"), self.watermark, options))
        column.addWidget(self.callback)
        column.addWidget(self.own_id)
        return options

    def _lay_out(self) -> None:
        page = QWidget(self)
        column = self._column = QVBoxLayout(page)
        column.setContentsMargins(0, 4, 0, 8)
        column.setSpacing(12)
        for widget in (self.refusal, self.clip_row, self.picture, self.way, self.prompt, self.options):
            column.addWidget(widget)
        column.addStretch(1)
        self.setWidget(page)
        page.installEventFilter(self)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._show_way()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_height()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.widget() and event.type() == QEvent.Type.LayoutRequest:
            self._share_height()
        return super().eventFilter(watched, event)

    def _share_height(self) -> None:
        """The clip has what the words and options leave of the height, so that nothing needs to be scrolled to."""
        row = self.clip_row
        if not row.isHidden():
            rest = self._column.totalHeightForWidth(self.width()) - row.heightForWidth(self.width())
            row.share_height(self.height() - rest)

    def _connect(self) -> None:
        for name, field in self.by_name.items():
            field.edited.connect(self.edited)
            if not isinstance(field, GuidanceSlider | OptionNote):
                field.left.connect(self._leaver(name))
        self.watermark.toggled.connect(self.edited)
        self.way.chosen.connect(self._show_way)
        self.way.chosen.connect(self.edited)
        self.edited.connect(self._sum_up)
        self.clip_row.clip_known.connect(self._judge_ways)
        self.picture.edited.connect(self._show_way)

    def _judge_ways(self, clip: Clip | None) -> None:
        self.way.close_extend(why_not_extended(clip, KLING_TIME.surely()) if clip else None)
        self._show_way()

    def _show_way(self) -> None:
        """Only what the way takes is shown."""
        continues = self._begins or self.way.way is Way.CONTINUE
        self.model_note.setVisible(continues)
        self.guidance.setVisible(not continues)
        for widget in (self.clip_row, self.way):
            widget.setVisible(not self._begins)
        self.picture.setVisible(self._begins)
        alone = Origin.WORDS if self.picture.picture() is None else Origin.PICTURE
        self.generation.begin_with(alone if self._begins else Origin.FRAME)
        self.prompt.show_title(*_asked_for(begins=self._begins))
        self._sum_up()

    def _sum_up(self) -> None:
        mark = tr("watermark") if self.watermark.isChecked() else tr("no watermark")
        if self._begins or self.way.way is Way.CONTINUE:
            self.options.summarize(self.generation.summary())
            return
        guidance = self.guidance.guidance()
        self.options.summarize(f"{tr('guidance {n}', n=0.5 if guidance is None else guidance)} · {mark}")

    def _leaver(self, name: str) -> Callable[[], None]:
        return lambda: self.leave(name)


def _asked_for(*, begins: bool) -> tuple[str, str]:
    """What stands over the words, and in their place."""
    if begins:
        return tr("What is to be seen?"), tr("Say what is there, what moves, and what the camera does.")
    return tr("What happens next?"), tr("Say what moves, what the light does, and what the camera does.")


def _named(words: str, field: QWidget, parent: QWidget) -> QWidget:
    """A field with its name at the left. Without a parent, for however short, the field would be the last for Tab."""
    line = QWidget(parent)
    label = QLabel(words)
    label.setProperty("quiet", True)
    label.setFixedWidth(LABEL_WIDTH)
    label.setBuddy(field)
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    row.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(field, 1)
    return line
