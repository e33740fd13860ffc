"""A form that turns into an Extension: asks for one at a time, keeps its text until the task is accepted."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from kling_desktop.domain.clips import Clip
from kling_desktop.domain.tasks import Extension, Trouble
from kling_desktop.errors import Remedy
from kling_desktop.studio.tasks.checks import Finding, check
from kling_desktop.ui.extend.clip_row import Identity
from kling_desktop.ui.extend.extend_fields import ExtendFields
from kling_desktop.ui.extend.submit_foot import SubmitFoot

__all__ = ["ExtendForm", "Identity"]

_DRAFT_DELAY_MS = 300
_SUBMIT_KEYS = {
    "Ctrl+Return": False,
    "Ctrl+Enter": False,
    "Ctrl+Shift+Return": True,
    "Ctrl+Shift+Enter": True,
}
"""Keys that send, and whether what they send goes before all that waits."""


class ExtendForm(QWidget):
    """Fields above, the button beneath. Decides nothing but whether there is anything to ask."""

    asked = Signal(object, bool)
    """An Extension without blocking findings, and whether it goes before all that waits. Not again before `accepted`,
    `refused` or `busy(False)`.
    """
    draft_changed = Signal(object)
    """What stands in the form, as an Extension, a moment after the last change."""
    clip_wanted = Signal()
    id_entered = Signal(str)
    """A well-formed ID was pasted or typed to its end: `show_identity` is hoped for."""
    remedy_asked = Signal(object)
    """A Remedy that the form cannot offer by itself, such as checking the keys."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._awaiting = False
        self._busy = False
        self._settling = False
        self._asked_at = float("-inf")
        self._saving = QTimer(self)
        self._saving.setSingleShot(True)
        self._saving.setInterval(_DRAFT_DELAY_MS)
        self.fields = ExtendFields(self)
        self._foot = SubmitFoot(self)
        self.button = self._foot.button
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.fields, 1)
        column.addWidget(self._foot)
        self._connect()
        self._judge()

    def minimumSizeHint(self) -> QSize:
        return QSize(280, 240)

    def sizeHint(self) -> QSize:
        return QSize(340, 640)

    def extension(self) -> Extension:
        """What stands in the form."""
        return self.fields.extension()

    def show_draft(self, extension: Extension) -> None:
        """Put in what stood in the form when it was last seen. Nobody is asked to look the ID up."""
        self.fields.show_extension(extension)
        self._judge()

    def offer(self, clip: Clip, poster: Path | None) -> None:
        """Take this clip as the one to extend; the texts stay."""
        self.fields.clip_row.show_id(clip.id)
        self.show_clip_facts(clip, poster)
        self.fields.prompt.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_clip_facts(self, clip: Clip | None, poster: Path | None) -> None:
        """Say what is known of the clip whose ID stands in the form."""
        self.fields.clip_row.show_clip(clip, poster)
        self._judge()

    def show_identity(self, note: Identity) -> None:
        """Say what looking up a pasted ID brought."""
        self.fields.clip_row.show_identity(note)
        self._judge()

    def set_history(self, prompts: Sequence[str]) -> None:
        """Earlier prompts, newest first, for Alt+Up and Alt+Down."""
        self.fields.prompt.set_history(prompts)

    def busy(self, is_busy: bool) -> None:
        """While busy, nothing can be asked."""
        self._busy = is_busy
        self._awaiting = self._awaiting and is_busy
        self._show_readiness()

    def accepted(self) -> None:
        """The task is taken: its own words go, clip, guidance and watermark stay for the next one."""
        self._settling = True
        self.fields.empty_for_next()
        self._settling = False
        self.fields.refusal.hide()
        self._settle()
        self.flush()

    def refused(self, trouble: Trouble) -> None:
        """Say why nothing came of it. The text stays."""
        self.fields.refusal.show_trouble(trouble)
        self._settle()
        self.fields.reveal(self.fields.refusal)

    def flush(self) -> None:
        """Hand out a changed draft now, if there is one."""
        if self._saving.isActive():
            self._saving.stop()
            self.draft_changed.emit(self.extension())

    def submit(self, in_front: bool = False) -> None:
        """Ask for what stands in the form, or say what is wrong with it and go there."""
        if self._busy or self._awaiting or time.monotonic() - self._asked_at < _burst_seconds():
            return
        self.fields.tells_all = True
        blocking = [finding for finding in self._judge() if finding.blocks]
        if blocking:
            self.fields.go_to(blocking[0].field)
            return
        self._asked_at = time.monotonic()
        self._awaiting = True
        self.fields.refusal.hide()
        self._show_readiness()
        self.asked.emit(self.extension(), in_front)

    def hideEvent(self, event: QHideEvent) -> None:
        self.flush()
        super().hideEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.flush()
        super().closeEvent(event)

    def _connect(self) -> None:
        row = self.fields.clip_row
        row.clip_wanted.connect(self.clip_wanted)
        row.id_entered.connect(self._entered)
        row.clip_taken.connect(lambda clip: self.offer(clip, None))
        self.fields.edited.connect(self._changed)
        self.fields.left.connect(self._judge)
        self.fields.refusal.remedy_asked.connect(self._remedy)
        self._saving.timeout.connect(lambda: self.draft_changed.emit(self.extension()))
        self._foot.pressed.connect(lambda: self.submit())
        for keys, in_front in _SUBMIT_KEYS.items():
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(partial(self.submit, in_front))

    def _changed(self) -> None:
        if not self._settling:
            self._asked_at = float("-inf")  # whoever writes again means the next press
        self._saving.start()
        self._judge()

    def _entered(self, video_id: str) -> None:
        self.fields.leave("video_id")
        self.id_entered.emit(video_id)

    def _judge(self) -> list[Finding]:
        """Let the fields say what is due; returns all findings, due or not."""
        row = self.fields.clip_row
        found = [*row.looked_up(), *check(self.extension(), row.clip, datetime.now(UTC))]
        self.fields.show_findings(found)
        return found

    def _remedy(self, remedy: Remedy) -> None:
        if remedy is Remedy.EDIT_PROMPT:
            self.fields.go_to("prompt")
        elif remedy is Remedy.PICK_CLIP:
            self.clip_wanted.emit()
        else:
            self.remedy_asked.emit(remedy)

    def _settle(self) -> None:
        self._awaiting = False
        self._show_readiness()
        self._judge()

    def _show_readiness(self) -> None:
        ready = not (self._busy or self._awaiting)
        if not ready and self.button.hasFocus():
            self.fields.prompt.setFocus(Qt.FocusReason.OtherFocusReason)  # Qt would send it to whatever comes next
        self._foot.show_readiness(ready)


def _burst_seconds() -> float:
    """How long a second press counts as part of the first."""
    return QApplication.doubleClickInterval() / 1000
