"""The numbers of the compared takes side by side: what is out of its limit is coloured, what differs is bold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from kling_desktop.domain.analysis import Measure, Meter, Seam, Verdict
from kling_desktop.domain.tasks import Task
from kling_desktop.ui.extend.options.generation_words import model_label
from kling_desktop.ui.formatting import length, plain_seconds, units
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.painted.words_line import Run, WordsLine
from kling_desktop.ui.seams import seam_words
from kling_desktop.ui.theme.fonts import ROW, font, scaled
from kling_desktop.ui.theme.tokens import tokens

_LINE = 27
_COLUMN = 44
"""Pixels of a take's column, at least: three of them leave the names their words in a narrow panel."""
_UNKNOWN = "–"


@dataclass(frozen=True, slots=True)
class Cell:
    """One value."""

    words: str = _UNKNOWN
    role: str = "text"
    """Name of the token that it is written in."""
    bold: bool = False
    in_full: str = ""
    """What a tip and a screen reader say, where the cell has no room for it."""


@dataclass(frozen=True, slots=True)
class TakeNumbers:
    """What is known of one take."""

    task: Task
    seam: Seam | None = None
    """At which its new stretch begins; None while it was not measured."""
    drift: float | None = None
    """How far its colours are from the first clip's, CIEDE2000."""


class CompareTable(QWidget):
    """A row for each measure, a column for each take in the order in which they are seen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(0)
        self._grid.setColumnStretch(0, 1)
        self._labels: dict[tuple[int, int], QLabel] = {}
        self._heard: int | None = None
        self.limits_are_usual = True
        """Whether the creator has moved none by example."""
        self.setAccessibleName(tr("Differences"))

    def show_takes(self, takes: Sequence[TakeNumbers], letters: Sequence[str], heard: int | None) -> None:
        """Show these takes under their letters; `heard` is the place of the one that is heard."""
        self._heard = heard
        limits = tr("Limits: usual") if self.limits_are_usual else tr("Limits: yours")
        rows = [(limits, [Cell(letter, bold=True) for letter in letters]), *rows_of(takes)]
        used = set()
        for row, (name, cells) in enumerate(rows):
            for column, cell in enumerate((Cell(name, "quiet"), *cells)):
                self._show(row, column, cell, f"{letters[column - 1]}, {name}" if column and row else "")
                used.add((row, column))
        for place, label in self._labels.items():
            label.setVisible(place in used)
        self.update()

    def said(self, row: int, column: int) -> str:
        """What stands there; the names are column 0, the letters row 0."""
        label = self._labels[row, column]
        return label.words if isinstance(label, WordsLine) else label.text()

    def _show(self, row: int, column: int, cell: Cell, told: str) -> None:
        label = self._labels.get((row, column))
        if label is None:
            # A name is elided where a language has a longer one, and then told by its tip; a number never is.
            label = self._labels[row, column] = QLabel(self) if column else WordsLine(self)
            side = Qt.AlignmentFlag.AlignHCenter if column else Qt.AlignmentFlag.AlignLeft
            label.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
            label.setMinimumHeight(scaled(_LINE))
            if column:
                label.setMinimumWidth(scaled(_COLUMN))
            self._grid.addWidget(label, row, column)
        if isinstance(label, WordsLine):
            label.say([Run(cell.words, cell.role)])
            return
        label.setFont(font(ROW, bold=cell.bold))
        label.setText(cell.words)
        label.setStyleSheet(f"color: {getattr(tokens(), cell.role)}")
        said = cell.in_full or cell.words
        label.setAccessibleName(f"{told}: {said}" if told else said)
        label.setToolTip(cell.in_full)

    def paintEvent(self, event: QPaintEvent) -> None:
        head = self._labels.get((0, (self._heard or 0) + 1)) if self._heard is not None else None
        if head is not None:
            painter = QPainter(self)
            painter.fillRect(QRect(head.x(), 0, head.width(), self.height()), QColor(tokens().accbg))
            painter.end()


def rows_of(takes: Sequence[TakeNumbers]) -> list[tuple[str, list[Cell]]]:
    """Name and cells of every row: the seam with its five meters, then what was asked and paid."""
    rows = [(tr("Seam"), [_seam(take.seam) for take in takes])]
    rows += [(_measure_name(measure), [_meter(take.seam, measure) for take in takes]) for measure in Measure]
    drifts = [Cell(f"{take.drift:.1f}") if take.drift is not None else Cell() for take in takes]
    rows.append((tr("{measure}, {unit}", measure=tr("Drift"), unit="ΔE"), drifts))
    rows.append((tr("Length added"), _plain([_added(take.task) for take in takes])))
    rows.append((tr("Charged, units"), _plain([_charged(take.task) for take in takes])))
    rows += _options([take.task for take in takes])
    rows.append((tr("Made in"), _plain([_made_in(take.task) for take in takes])))
    return rows


def _measure_name(measure: Measure) -> str:
    """With its unit, so that the cells are numbers alone."""
    unit = {
        Measure.COLOUR: "ΔE",
        Measure.BRIGHTNESS: "%",
        Measure.SHARPNESS: "%",
        Measure.FREEZE: tr("frames"),
    }.get(measure, "")
    if not unit:
        return seam_words.measure_name(measure)
    return tr("{measure}, {unit}", measure=seam_words.measure_name(measure), unit=unit)


def _seam(seam: Seam | None) -> Cell:
    if seam is None or seam.told is None:
        return Cell()
    words = {Verdict.CLEAN: tr("clean"), Verdict.SLIGHT: tr("slight"), Verdict.BAD: tr("bad")}
    said = tr("unsure") if seam.doubtful else words[seam.told]
    return Cell(said, seam_words.COLOURS[seam.told], seam.told is Verdict.BAD, seam_words.judged(seam))


def _meter(seam: Seam | None, measure: Measure) -> Cell:
    found = [meter for meter in seam.meters if meter.measure is measure] if seam else []
    if not found:
        return Cell()
    verdict = found[0].verdict
    role = "text" if verdict is Verdict.CLEAN else seam_words.COLOURS[verdict]
    return Cell(_number(found[0]), role, verdict is Verdict.BAD)


def _number(meter: Meter) -> str:
    if meter.measure is Measure.FREEZE:
        return f"{meter.value:.0f}"
    return seam_words.meter_number(meter).replace("ΔE", "").replace("%", "").strip()


def _plain(values: Sequence[str]) -> list[Cell]:
    return [Cell(value) for value in values]


def _asked(values: Sequence[str]) -> list[Cell]:
    """Options: one that differs from most is bold."""
    usual = max(values, key=values.count, default="")
    return [Cell(value, bold=value != usual) for value in values]


def _added(task: Task) -> str:
    clip = task.clip
    if clip is None or clip.seconds is None:
        return _UNKNOWN
    return tr("{n} s", n=plain_seconds(clip.seconds - (clip.parent_seconds or 0)))


def _charged(task: Task) -> str:
    return units(task.units) if task.units is not None else _UNKNOWN


def _options(tasks: Sequence[Task]) -> list[tuple[str, list[Cell]]]:
    """What the creator has chosen: of a continued take model and mode, of an extended one its guidance."""
    made = [task.extension.generation for task in tasks]
    rows = []
    if any(made):
        rows.append((tr("Model"), _asked([model_label(each) if each else _UNKNOWN for each in made])))
        rows.append((tr("Mode"), _asked([each.mode if each else _UNKNOWN for each in made])))
    if not all(made):
        rows.append((tr("Guidance"), _asked([_guidance(task) for task in tasks])))
    return rows


def _guidance(task: Task) -> str:
    return _UNKNOWN if task.extension.guidance is None else f"{task.extension.guidance:g}"


def _made_in(task: Task) -> str:
    if task.accepted_at is None or task.ended_at is None:
        return _UNKNOWN
    return length((task.ended_at - task.accepted_at).total_seconds()).rpartition(".")[0]
