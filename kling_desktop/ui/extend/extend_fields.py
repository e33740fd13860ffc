"""The fields of the extend form in one scrolled column: what stands in them, and what is said beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from kling_desktop.domain.tasks import Extension
from kling_desktop.studio.tasks.checks import NO_ID, Finding
from kling_desktop.ui import theme
from kling_desktop.ui.extend.clip_row import ClipRow
from kling_desktop.ui.extend.guidance_slider import GuidanceSlider
from kling_desktop.ui.extend.line_field import LineField
from kling_desktop.ui.extend.prompt_field import PromptField
from kling_desktop.ui.extend.refusal_note import RefusalNote
from kling_desktop.ui.fold import Fold
from kling_desktop.ui.i18n import tr

Field = ClipRow | PromptField | GuidanceSlider | LineField

_TALLEST_LINES = 30
"""Lines beyond which the prompt does not grow: more would only move the rest of the form away."""
_NEARLY_ALL = 1000
"""Stretch of the prompt against the empty room beneath the fields."""
_TOLD_AT_ONCE = ("prompt", "negative_prompt", "guidance")
"""Fields whose blocking findings are told while one types: they are about too much, not about too little."""


class ExtendFields(QScrollArea):
    """Holds an Extension. Tells findings when they are due: a slip is not told while one may still avoid it."""

    edited = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._was_left: set[str] = set()
        self.tells_all = False
        """True from the first try to submit on: every finding is due."""
        self._make_fields()
        self.by_name: dict[str, Field] = {
            "video_id": self.clip_row,
            "prompt": self.prompt,
            "negative_prompt": self.negative,
            "guidance": self.guidance,
            "callback_url": self.callback,
            "own_id": self.own_id,
        }
        """Every field under the name that findings give it, from top to bottom."""
        self._folds = {"negative_prompt": self._negative_fold, "callback_url": self._advanced_fold}
        self._folds["own_id"] = self._advanced_fold
        self._lay_out()
        self._connect()

    def extension(self) -> Extension:
        """What stands in the fields; what was left alone stays None or empty."""
        return Extension(
            video_id=self.clip_row.video_id(),
            prompt=self.prompt.text(),
            negative_prompt=self.negative.text(),
            guidance=self.guidance.guidance(),
            watermark=True if self.watermark.isChecked() else None,
            callback_url=self.callback.text(),
            own_id=self.own_id.text(),
        )

    def show_extension(self, extension: Extension) -> None:
        """Fill the fields. Nobody is asked to look the ID up."""
        self.clip_row.show_id(extension.video_id)
        self.prompt.show_text(extension.prompt)
        self.negative.show_text(extension.negative_prompt)
        self.guidance.show_guidance(extension.guidance)
        self.watermark.setChecked(bool(extension.watermark))
        self.callback.show_text(extension.callback_url)
        self.own_id.show_text(extension.own_id)
        for name, fold in self._folds.items():
            if getattr(extension, name):
                fold.open()

    def empty_for_next(self) -> None:
        """Take out what belonged to one task only; Ctrl+Z brings the prompts back."""
        for field in (self.prompt, self.negative, self.own_id):
            field.show_text("")
        self.tells_all = False
        self._was_left.clear()

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
        if name in self._folds:
            self._folds[name].open()
        self.by_name[name].setFocus(Qt.FocusReason.OtherFocusReason)
        self.reveal(self.by_name[name])

    def reveal(self, widget: QWidget) -> None:
        """Scroll to it, once the layout has made room for what has just appeared."""
        QTimer.singleShot(0, widget, lambda: self.ensureWidgetVisible(widget))

    def _is_due(self, finding: Finding) -> bool:
        name = finding.field
        if self.tells_all or (finding.blocks and name in _TOLD_AT_ONCE):
            return True
        if finding.sentence == NO_ID:
            return False
        known = name == "video_id" and self.clip_row.clip is not None
        return known or name in self._was_left

    def _make_fields(self) -> None:
        self.refusal = RefusalNote(self)
        self.clip_row = ClipRow(self)
        self.prompt = PromptField(tr("Prompt"), tr("What happens next?"), 5, self)
        self.negative = PromptField(tr("Negative prompt"), tr("What should not appear?"), 3, self)
        self.guidance = GuidanceSlider(self)
        self.watermark = QCheckBox(tr("Also make a watermarked copy"), self)
        self.callback = LineField(tr("Callback address"), "https://", self)
        self.callback.setToolTip(tr("Kling posts every change of the task to this address."))
        self.own_id = LineField(tr("Your own task ID"), tr("made for you when empty"), self)
        self.own_id.setToolTip(tr("Kling takes each ID only once. Leave it empty unless another program needs it."))
        self._negative_fold = Fold(tr("Negative prompt"), self.negative, self)
        self._advanced_fold = Fold(tr("Advanced"), self._advanced(), self)

    def _advanced(self) -> QWidget:
        advanced = QWidget(self)
        column = QVBoxLayout(advanced)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        column.addWidget(self.callback)
        column.addWidget(self.own_id)
        advanced.setFocusProxy(self.callback)
        return advanced

    def _lay_out(self) -> None:
        page = QWidget(self)
        title = QLabel(tr("Prompt"), page)
        title.setBuddy(self.prompt.edit)
        column = QVBoxLayout(page)
        column.setContentsMargins(theme.GAP, theme.GAP, theme.GAP, theme.GAP)
        column.setSpacing(theme.GAP)
        above: tuple[QWidget, ...] = (self.refusal, self.clip_row, title)
        beneath: tuple[QWidget, ...] = (self._negative_fold, self.guidance, self.watermark, self._advanced_fold)
        for widget in (*above, self.prompt, *beneath):
            column.addWidget(widget, _NEARLY_ALL if widget is self.prompt else 0)
        column.addStretch(1)  # what the prompt leaves on a very tall screen
        self.prompt.setMaximumHeight(_TALLEST_LINES * self.fontMetrics().lineSpacing())
        self.setWidget(page)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _connect(self) -> None:
        for name, field in self.by_name.items():
            field.edited.connect(self.edited)
            if not isinstance(field, GuidanceSlider):
                field.left.connect(self._leaver(name))
        self.watermark.toggled.connect(self.edited)

    def _leaver(self, name: str) -> Callable[[], None]:
        return lambda: self.leave(name)
