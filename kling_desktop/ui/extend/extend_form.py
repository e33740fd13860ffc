"""A form that turns into an Extension: asks for one at a time, keeps its text until the task is accepted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kling_desktop.domain.clips import Clip
from kling_desktop.domain.kling_time import KLING_TIME
from kling_desktop.domain.models import next_model
from kling_desktop.domain.tasks import Extension, Trouble
from kling_desktop.errors import Remedy, kind_of
from kling_desktop.studio.tasks.checks import Finding, check
from kling_desktop.ui.budget.price import price_of
from kling_desktop.ui.extend.clip_row import Identity
from kling_desktop.ui.extend.extend_fields import ExtendFields
from kling_desktop.ui.extend.panel_head import PanelHead
from kling_desktop.ui.extend.submit_foot import BudgetLine, SubmitFoot
from kling_desktop.ui.help.doctor_words import model_of
from kling_desktop.ui.i18n import tr

__all__ = ["ExtendForm", "Identity", "Submission"]

_DRAFT_DELAY_MS = 300
_REFUSED_AGAIN = (Remedy.EDIT_PROMPT, Remedy.USE_MODEL)
"""What the same form would be refused for once more."""


@dataclass(frozen=True, slots=True)
class Submission:
    """What one press asks for."""

    extension: Extension
    """Without blocking findings."""
    takes: int = 1
    """Tasks to be made of it, each with an id of its own."""
    in_front: bool = False
    """Whether they go before all that waits."""


class _State(Enum):
    READY = auto()
    SENDING = auto()
    """Asked for; not yet known to be safe."""
    REFUSED = auto()
    """Kling refused these words: the same again would be refused again."""
    SENT = auto()
    """Safe, and no word has changed since: the same is not sent twice by habit."""
    PLANNED = auto()
    """A hop of the plan, which will send it; no word has changed since."""


class ExtendForm(QWidget):
    """Fields above, the button beneath. Decides nothing but whether there is anything to ask."""

    asked = Signal(object)
    """A `Submission`. Not again before `accepted` or `refused`, and after `accepted` not before a word has changed."""
    planned = Signal(object)
    """An Extension that is to become a planned hop."""
    draft_changed = Signal(object)
    """What stands in the form, as an Extension, a moment after the last change."""
    clip_wanted = Signal()
    id_entered = Signal(str)
    """A well-formed ID was pasted or typed to its end: `show_identity` is hoped for."""
    remedy_asked = Signal(object)
    """A Remedy that the form cannot offer by itself, such as checking the keys."""
    takes_chosen = Signal(int)
    go_on_asked = Signal()
    """How the take goes on that was sent from here, and has come."""
    way_chosen = Signal(object)
    """A `Way` that the creator chose, to be remembered for the film."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = _State.READY
        self._settling = False
        self._stood = Extension("")
        self._budget_line: Callable[[Extension, int], BudgetLine] = lambda extension, takes: BudgetLine()
        self._refused_for = Remedy.NONE
        self._saving = QTimer(self)
        self._saving.setSingleShot(True)
        self._saving.setInterval(_DRAFT_DELAY_MS)
        self.head = PanelHead(tr("Extend"), self)
        self.fields = ExtendFields(self)
        self.foot = SubmitFoot(self)
        self.button = self.foot.button
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.fields, 1)
        column.addWidget(self.foot)
        self._connect()
        self._judge()

    def minimumSizeHint(self) -> QSize:
        return QSize(256, 240)

    def sizeHint(self) -> QSize:
        return QSize(288, 640)

    @property
    def sent(self) -> bool:
        """Whether what stands here was sent, and no word has changed since."""
        return self._state is _State.SENT

    @property
    def is_planned(self) -> bool:
        """Whether what stands here became a planned hop, and no word has changed since."""
        return self._state is _State.PLANNED

    def extension(self) -> Extension:
        """What stands in the form."""
        return self.fields.extension()

    def show_draft(self, extension: Extension, *, sent: bool = False) -> None:
        """Put in what stood in the form when it was last seen. Nobody is asked to look the ID up."""
        with self._by_itself():
            self.fields.show_extension(extension)
        self._state, self._came = (_State.SENT if sent else _State.READY), ""
        self._judge()

    def offer(self, clip: Clip, poster: Path | None) -> None:
        """Take this clip as the one to extend, and go to the words; the texts stay."""
        self.go_on_with_clip()
        self.take_up(clip, poster)
        self.fields.prompt.setFocus(Qt.FocusReason.OtherFocusReason)

    def take_up(self, clip: Clip, poster: Path | None) -> None:
        """Take this clip as the one to extend; the texts stay, and so does the keyboard where it is."""
        if clip.id != self.fields.clip_row.video_id():
            self.fields.generation.show_cut(None)  # the frame was chosen for the other clip
        self.fields.clip_row.show_id(clip.id)
        self.show_clip_facts(clip, poster)

    def begin_film(self, picture: Path | None = None) -> None:
        """Ask for a new film, from this picture or from words alone; words that were not sent stay."""
        if self.sent or self.is_planned:
            self.fields.prompt.show_text("")
        self.fields.begin(True, picture)
        self.fields.go_to("prompt")

    def go_on_with_clip(self) -> None:
        """Ask again for how the clip goes on that stood here before a new film was begun."""
        if self.fields.begins:
            self.fields.begin(False)

    def show_clip_facts(self, clip: Clip | None, poster: Path | None) -> None:
        """Say what is known of the clip whose ID stands in the form."""
        with self._by_itself():
            self.fields.clip_row.show_clip(clip, poster)
        self._judge()

    def show_identity(self, note: Identity) -> None:
        """Say what looking up a pasted ID brought."""
        with self._by_itself():
            self.fields.clip_row.show_identity(note)
        self._judge()

    def give_room(self, *, large_source: bool, is_cramped: bool) -> None:
        """What gives way: the large still in a low window; where the letters are very large for it, also what only
        explains, so that the words stay in sight.
        """
        self.fields.clip_row.give_room(large_still=large_source, is_cramped=is_cramped)
        self.fields.way.shorten(is_cramped)
        self.fields.prompt.shorten(is_cramped)
        self.foot.shorten(is_cramped)

    def show_place(self, words: str) -> None:
        """Say which hop and take this would become: "hop 5, take 2"."""
        self.head.show_place(words)

    def show_budget(self, line: Callable[[Extension, int], BudgetLine]) -> None:
        """Say from now on what the budget has to say about so many takes of what stands here."""
        self._budget_line = line
        self._show_readiness()

    def set_history(self, prompts: Sequence[str]) -> None:
        """Earlier prompts, newest first, for Alt+Up and Alt+Down."""
        self.fields.prompt.set_history(prompts)

    def accepted(self) -> None:
        """The task is safe. Its words stay, for the next one is often nearly the same; an own ID was used up."""
        with self._by_itself():
            self.fields.own_id.show_text("")
        self.fields.refusal.hide()
        self.fields.tells_all = False
        self._state, self._came = _State.SENT, ""
        self._judge()
        self.flush()

    def was_planned(self) -> None:
        """What stands here is a planned hop now: who sent it from here too, by habit, would pay for it twice."""
        if self.extension().prompt.strip():
            self._state, self._stood = _State.PLANNED, self.extension()
            self._show_readiness()

    def take_came(self, *, is_picked: bool = False) -> None:
        """What was sent is on the disk, of several the one that was picked: the next words may be meant for what comes
        after it.
        """
        self._came = tr("The take is picked.") if is_picked else tr("The take is in.")
        self._show_readiness()

    _came = ""
    """What is said of the take that has come; empty before."""

    def refused(self, trouble: Trouble) -> None:
        """Say why nothing came of it. The text stays."""
        self.fields.refusal.show_trouble(trouble, model_of(self.extension()))
        self._refused_for = kind_of(trouble).remedy
        self._state = _State.REFUSED if self._refused_for in _REFUSED_AGAIN else _State.READY
        self._stood = self.extension()
        self._judge()
        self.fields.reveal(self.fields.refusal)

    def use_model(self, name: str) -> None:
        """Ask this model for what stands here, as far as it offers it; sent by the creator alone."""
        self.fields.generation.take(replace(self.fields.generation.generation(), model=name))
        self.fields.refusal.hide()
        self.button.setFocus(Qt.FocusReason.OtherFocusReason)

    def flush(self) -> None:
        """Hand out a changed draft now, if there is one."""
        if self._saving.isActive():
            self._saving.stop()
            self.draft_changed.emit(self.extension())

    def submit(self, in_front: bool = False, *, without_words: bool = False) -> None:
        """Ask for what stands in the form, or say what is wrong with it and go there.

        What was sent is not sent again until a word has changed; without words only by the act of its own.
        """
        if self._state is not _State.READY or not self._is_submittable(without_words):
            return
        self._state = _State.SENDING
        self.flush()  # a picture may have to be made first: till the task is written down, the draft holds the words
        self.fields.refusal.hide()
        self._show_readiness()
        self.asked.emit(Submission(self.extension(), self.foot.count, in_front))

    def plan(self) -> None:
        """Ask for what stands in the form as a planned hop; planning spends nothing."""
        if not self.fields.begins and self._words_are_whole():
            self.planned.emit(self.extension())

    def _is_submittable(self, without_words: bool) -> bool:
        if not self._words_are_whole():
            return False
        self.fields.tells_all = True
        blocking = [finding for finding in self._judge() if finding.blocks]
        if blocking:
            self.fields.go_to(blocking[0].field)
            return False
        if not without_words and not self.extension().prompt.strip():
            self.fields.go_to("prompt")
            return False
        return True

    def _words_are_whole(self) -> bool:
        """Words that an input method still holds are committed first; where it holds on to them, nothing is sent."""
        if self.fields.prompt.edit.composing:
            QGuiApplication.inputMethod().commit()
        return not self.fields.prompt.edit.composing

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
        self.fields.way.taken.connect(self.way_chosen)
        self._saving.timeout.connect(lambda: self.draft_changed.emit(self.extension()))
        self.foot.pressed.connect(lambda: self.submit())
        self.foot.pressed_in_front.connect(lambda: self.submit(True))
        self.foot.pressed_without_words.connect(lambda: self.submit(without_words=True))
        self.foot.planned.connect(self.plan)
        self.foot.go_on_asked.connect(self.go_on_asked)
        self.foot.takes_chosen.connect(self.takes_chosen)
        self.head.back_asked.connect(self.go_on_with_clip)
        for keys, do in self._keys().items():
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(do)

    def _keys(self) -> dict[str, Callable[[], None]]:
        """On both Enters of a keyboard."""
        acts: dict[str, Callable[[], None]] = {}
        for enter in ("Return", "Enter"):
            acts[f"Ctrl+{enter}"] = self.submit
            acts[f"Ctrl+Shift+{enter}"] = partial(self.submit, True)
            acts[f"Ctrl+Alt+{enter}"] = self.plan
        return acts

    @contextmanager
    def _by_itself(self) -> Iterator[None]:
        """What changes meanwhile is not the creator's doing. A look-up may be answered long after what was looked up
        was sent: that stays sent, or a second press would pay for it twice.
        """
        self._settling = True
        try:
            yield
        finally:
            self._settling = False
            self._stood = self.extension()

    def _changed(self) -> None:
        is_at_rest = self._state in (_State.SENT, _State.PLANNED, _State.REFUSED)
        if not self._settling and is_at_rest and self.extension() != self._stood:
            self._state = _State.READY
        self._saving.start()
        self._judge()

    def _entered(self, video_id: str) -> None:
        self.fields.leave("video_id")
        self.fields.generation.show_cut(None)
        self.id_entered.emit(video_id)

    def _judge(self) -> list[Finding]:
        """Let the fields say what is due; returns all findings, due or not."""
        row = self.fields.clip_row
        first = self.fields.picture.findings() if self.fields.begins else row.looked_up()
        found = [*first, *check(self.extension(), row.clip, KLING_TIME.now(), is_sure=KLING_TIME.is_told)]
        self.fields.show_findings(found)
        self._show_readiness()
        return found

    def _remedy(self, remedy: Remedy) -> None:
        if remedy is Remedy.USE_MODEL and (other := next_model(model_of(self.extension()))):
            self.use_model(other.name)
        elif remedy is Remedy.EDIT_PROMPT:
            self.fields.go_to("prompt")
        elif remedy is Remedy.PICK_CLIP and self.fields.begins:
            self.fields.picture.wanted.emit()
        elif remedy is Remedy.PICK_CLIP:
            self.clip_wanted.emit()
        else:
            self.remedy_asked.emit(remedy)

    def _show_readiness(self) -> None:
        """The button, what it costs, and why it is off."""
        extension, foot = self.extension(), self.foot
        continues, begins = extension.generation is not None, self.fields.begins
        self.head.show_title(tr("New film") if begins else tr("Extend"))
        self.head.back.setVisible(begins)
        foot.show_verb(tr("Begin film") if begins else tr("Continue") if continues else tr("Extend"))
        foot.plan.setEnabled(not begins)
        price = price_of(extension, clip.model if (clip := self.fields.clip_row.clip) else "")
        foot.show_price(price, partial(self._budget_line, extension))
        foot.without_words.setEnabled(not continues and self._state is _State.READY)
        if self._state is not _State.READY and self.button.hasFocus():
            self.fields.prompt.setFocus(Qt.FocusReason.OtherFocusReason)  # Qt would send it to whatever comes next
        if self._state is _State.SENDING:
            foot.show_sending()
        elif self._state is _State.SENT:
            words = self._came or tr("Sent. Change a word to send again.")
            foot.show_off(words, done=tr("Sent"), came=bool(self._came))
        elif self._state is _State.PLANNED:
            foot.show_off(tr("A planned hop. Change a word to send it by itself."), done=tr("Planned"))
        elif self._state is _State.REFUSED:
            other_model = self._refused_for is Remedy.USE_MODEL
            words = tr("Just refused: change the words first.")
            foot.show_off(tr("Just refused: take another model first.") if other_model else words)
        elif not extension.prompt.strip():
            words = tr("Write what is to be seen first.") if begins else tr("Write what happens next first.")
            foot.show_off(words)
        else:
            foot.show_ready()
