"""What a new clip is made with: model, mode, length, sound, first and end frame; only what the model takes is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import Enum, auto
from fractions import Fraction
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from kling_desktop.domain.models import MODELS, USUAL_MODEL, USUAL_SECONDS, AspectRatio, Mode, Model
from kling_desktop.domain.tasks import Generation
from kling_desktop.studio.files.pictures import name_of
from kling_desktop.studio.tasks.checks import Finding
from kling_desktop.ui.extend.link_button import link_button
from kling_desktop.ui.extend.options.generation_words import generation_words
from kling_desktop.ui.finding_lines import FindingLines
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.painted.segments import Segments

LABEL_WIDTH = 92
_USUAL = Generation(USUAL_MODEL, Mode.STD.value, USUAL_SECONDS)


class Origin(Enum):
    """What a new clip begins with."""

    FRAME = auto()
    """A frame of the clip that it continues; taken by whoever sends it."""
    WORDS = auto()
    """Nothing: then its shape is asked for."""
    PICTURE = auto()


class GenerationOptions(QWidget):
    """Holds a `Generation`; a choice that the model does not have falls back to the nearest that it has."""

    edited = Signal()
    frame_asked = Signal()
    """Another first frame than the last one is wanted."""
    end_frame_asked = Signal()
    """A picture is to be chosen that the clip ends with."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._generation = _USUAL
        self._origin = Origin.FRAME
        self.model = QComboBox(self)
        for model in MODELS.values():
            self.model.addItem(model.label, model.name)
        self.modes = Segments([mode.value for mode in Mode], name=tr("Mode"), small=True, parent=self)
        self.seconds = QComboBox(self)
        self.sound = QCheckBox(tr("Make sound with it"), self)
        self.aspect = QComboBox(self)
        for shape in AspectRatio:
            self.aspect.addItem(shape.value, shape.value)
        self._frame = QLabel(self)
        self.choose_frame = link_button(tr("Choose…"), tr("Choose the frame that the new clip begins with"))
        self._end = QLabel(self)
        self.choose_end = link_button(tr("Choose…"), tr("Choose a picture that the new clip ends with"))
        self.drop_end = link_button(tr("Remove"), tr("Remove the end frame"))
        self._rows: dict[str, tuple[QLabel, QWidget]] = {}
        self._lay_out()
        self._connect()
        self._show()

    def generation(self) -> Generation:
        """What stands here; without its first frame, which others give."""
        words = self._origin is Origin.WORDS
        shape = (self._generation.aspect_ratio or AspectRatio.WIDE.value) if words else ""
        end = self._generation.parent_end if self._origin is Origin.FRAME else None
        return replace(self._generation, aspect_ratio=shape, parent_end=end)

    def show_generation(self, generation: Generation) -> None:
        """Put this in, as far as its model lives."""
        model = generation.model if generation.model in MODELS else USUAL_MODEL
        self._generation, self._cut = replace(generation, model=model, first_frame=None), 0
        self._settle()

    def begin_with(self, origin: Origin) -> None:
        """What the clip begins with: only what goes with it is shown."""
        if origin is not self._origin:
            self._origin = origin
            self._settle()

    def show_cut(self, parent_end: Fraction | None, cut_frames: int = 0) -> None:
        """Which frame the clip begins with: the last (None), or one so many frames before it."""
        before = self._generation
        self._generation, self._cut = replace(before, parent_end=parent_end), cut_frames
        self._show()
        if self._generation != before:
            self.edited.emit()

    def show_end_frame(self, picture: Path | None) -> None:
        """The picture that the clip is to end with."""
        self._generation = replace(self._generation, end_frame=picture)
        self._settle()
        self.edited.emit()

    def summary(self) -> str:
        """The choices in a few words."""
        return " · ".join(generation_words(self.generation()))

    # --- how it is built -----------------------------------------------------------------------------------------

    _cut = 0

    def _lay_out(self) -> None:
        self.seconds.setAccessibleName(tr("Length"))
        self.model.setAccessibleName(tr("Model"))
        self.aspect.setAccessibleName(tr("Shape"))
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(8)
        grid.setColumnMinimumWidth(0, LABEL_WIDTH)
        grid.setColumnStretch(1, 1)
        self._row(grid, "model", tr("Model"), self.model)
        self._row(grid, "mode", tr("Mode, length"), _beside(self, self.modes, self.seconds), self.modes)
        self._row(grid, "sound", tr("Sound"), self.sound)
        self._row(grid, "aspect", tr("Shape"), self.aspect)
        self._row(grid, "frame", tr("First frame"), _beside(self, self._frame, self.choose_frame), self.choose_frame)
        end = _beside(self, self._end, self.choose_end, self.drop_end)
        self._row(grid, "end", tr("End frame"), end, self.choose_end)

    def _row(self, grid: QGridLayout, name: str, words: str, field: QWidget, buddy: QWidget | None = None) -> None:
        """`buddy` is what in the field takes the keys; a proxy for it would keep Tab from going on (Qt 6.11)."""
        label = QLabel(words, self)
        label.setProperty("quiet", True)
        label.setBuddy(buddy or field)
        row = grid.rowCount()
        grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(field, row, 1)
        self._rows[name] = (label, field)

    def _connect(self) -> None:
        def now() -> Generation:
            return self._generation

        self.model.activated.connect(lambda: self.take(replace(now(), model=str(self.model.currentData()))))
        self.modes.chosen.connect(lambda number: self.take(replace(now(), mode=list(Mode)[number].value)))
        self.seconds.activated.connect(lambda: self.take(replace(now(), seconds=int(self.seconds.currentData()))))
        self.sound.toggled.connect(lambda on: self.take(replace(now(), sound=on)))
        self.aspect.activated.connect(lambda: self.take(replace(now(), aspect_ratio=str(self.aspect.currentData()))))
        self.choose_frame.clicked.connect(self.frame_asked)
        self.choose_end.clicked.connect(self.end_frame_asked)
        self.drop_end.clicked.connect(lambda: self.show_end_frame(None))

    def take(self, changed: Generation) -> None:
        """Choose this, as far as the model offers it."""
        if changed != self._generation:
            self._generation = changed
            self._settle()
            self.edited.emit()

    def _settle(self) -> None:
        """Only what the model has; a length that it lacks becomes the nearest one that it has."""
        now, model = self._generation, MODELS[self._generation.model]
        mode = now.mode if now.mode in [each.value for each in model.modes] else Mode.STD.value
        seconds = min(model.seconds, key=lambda offered: abs(offered - now.seconds))
        sound = now.sound and model.has_sound(Mode(mode))
        end = now.end_frame if model.takes_end_frame(Mode(mode), sound) else None
        if self._origin is Origin.WORDS:
            end = None
        self._generation = replace(now, mode=mode, seconds=seconds, sound=sound, end_frame=end)
        self._show()

    def _show(self) -> None:
        now, model = self._generation, MODELS[self._generation.model]
        mode = Mode(now.mode)
        self.model.setCurrentIndex(self.model.findData(now.model))
        self.modes.choose(list(Mode).index(mode))
        for number, each in enumerate(Mode):
            self.modes.set_off(
                number, "" if each in model.modes else tr("{model} has no such mode.", model=model.label)
            )
        self._offer_seconds(model, now.seconds)
        self.sound.blockSignals(True)
        self.sound.setChecked(now.sound)
        self.sound.blockSignals(False)
        self.aspect.setCurrentIndex(max(0, self.aspect.findData(now.aspect_ratio)))
        self._frame.setText(self._frame_words(now.parent_end))
        self._end.setText(name_of(now.end_frame) if now.end_frame else tr("None"))
        self.drop_end.setVisible(now.end_frame is not None)
        self._appear("sound", model.has_sound(mode))
        self._appear("aspect", self._origin is Origin.WORDS)
        self._appear("frame", self._origin is Origin.FRAME)
        self._appear("end", model.takes_end_frame(mode, now.sound) and self._origin is not Origin.WORDS)

    def _frame_words(self, parent_end: Fraction | None) -> str:
        if parent_end is None:
            return tr("Last frame")
        return tr("{n} frames earlier", n=self._cut) if self._cut else tr("An earlier frame")

    def _offer_seconds(self, model: Model, chosen: int) -> None:
        self.seconds.clear()
        for seconds in model.seconds:
            self.seconds.addItem(tr("{n} s", n=seconds), seconds)
        self.seconds.setCurrentIndex(self.seconds.findData(chosen))

    def _appear(self, name: str, there: bool) -> None:
        for widget in self._rows[name]:
            widget.setVisible(there)


class OptionNote(QWidget):
    """Stands under the name "model" among the fields."""

    edited = Signal()

    def __init__(self, options: GenerationOptions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._findings = FindingLines(self)
        self._options = options
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        options.setParent(None)  # behind this widget, which hands its focus on, or Tab would go back to the model
        column.addWidget(options)
        column.addWidget(self._findings)
        options.edited.connect(self.edited)

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """To the first choice. No focus proxy: Tab would come back to that choice for ever."""
        self._options.model.setFocus(reason)

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Say what is wrong with the choices."""
        self._findings.show_findings(findings)

    def findings_text(self) -> str:
        return self._findings.text()


def _beside(parent: QWidget, *widgets: QWidget) -> QWidget:
    line = QWidget(parent)
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return line
