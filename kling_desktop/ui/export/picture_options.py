"""Shape, size and rate of what is exported: only what the chosen format has a use for."""

from __future__ import annotations

from fractions import Fraction
from typing import TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QWidget

from kling_desktop.studio.films.handing_over.choices import Options
from kling_desktop.ui import theme
from kling_desktop.ui.i18n import tr

Value = TypeVar("Value")

LOOPS = ("gif", "webp", "avif")
_AS_IT_IS = ("original", "mp4-copy", "timelines", "archive", "contact-sheet", "prompts-csv", "prompts-text")
"""These change no picture."""

_BLEND = Fraction(1, 2)
"""Seconds of a loop's end that are blended into its beginning."""


class PictureOptions(QWidget):
    """Combos that stay as they were set until another format brings its own."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shape = _combo(self, tr("Shape"), _shapes())
        self.size_box = _combo(self, tr("Size"), _sizes())
        self.rate = _combo(self, tr("Rate"), _rates())
        self.seamless = QCheckBox(tr("Closes without a jump"), self)
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setVerticalSpacing(theme.GAP)
        self._form.addRow(tr("Shape"), self.shape)
        self._form.addRow(tr("Size"), self.size_box)
        self._form.addRow(tr("Rate"), self.rate)
        self._form.addRow("", self.seamless)
        for box in (self.shape, self.size_box, self.rate):
            box.currentIndexChanged.connect(lambda _: self.changed.emit())
        self.seamless.toggled.connect(lambda _: self.changed.emit())

    def show_for(self, format_key: str, options: Options) -> None:
        """Be as a format or preset wants it, without what it has no use for."""
        self.blockSignals(True)
        self.shape.setCurrentIndex(_index(_shapes(), (options.aspect, options.crop)))
        self.size_box.setCurrentIndex(_index(_sizes(), options.longest))
        self.rate.setCurrentIndex(_index(_rates(), options.rate))
        self.seamless.setChecked(bool(options.blend_seconds))
        self.blockSignals(False)
        self.setVisible(format_key not in _AS_IT_IS)
        for widget in (self.rate, self.seamless):
            self._form.setRowVisible(widget, format_key in LOOPS)

    def options(self) -> Options:
        """As they are set; what is hidden counts nothing."""
        if self.isHidden():
            return Options()
        aspect, crop = _shapes()[self.shape.currentIndex()][1]
        rate = _rates()[self.rate.currentIndex()][1] if self._form.isRowVisible(self.rate) else None
        blends = self._form.isRowVisible(self.seamless) and self.seamless.isChecked()
        longest = _sizes()[self.size_box.currentIndex()][1]
        return Options(aspect, crop, longest, rate, _BLEND if blends else Fraction(0))


def _shapes() -> list[tuple[str, tuple[Fraction | None, bool]]]:
    tall, square, wide = Fraction(9, 16), Fraction(1), Fraction(16, 9)
    return [
        (tr("As it is"), (None, True)),
        (tr("Tall 9:16, cropped"), (tall, True)),
        (tr("Tall 9:16, with bars"), (tall, False)),
        (tr("Square 1:1, cropped"), (square, True)),
        (tr("Square 1:1, with bars"), (square, False)),
        (tr("Wide 16:9, cropped"), (wide, True)),
        (tr("Wide 16:9, with bars"), (wide, False)),
    ]


def _sizes() -> list[tuple[str, int | None]]:
    longest = [(tr("At most {n} pixels", n=side), side) for side in (3840, 1920, 1280, 1080, 720, 480, 360)]
    return [(tr("As it is"), None), *longest]


def _rates() -> list[tuple[str, Fraction | None]]:
    return [(tr("As usual"), None), *((tr("{n} a second", n=rate), Fraction(rate)) for rate in (8, 12, 15, 24))]


def _index(choices: list[tuple[str, Value]], wanted: Value) -> int:
    return next((number for number, (_, value) in enumerate(choices) if value == wanted), 0)


def _combo(parent: QWidget, name: str, choices: list[tuple[str, Value]]) -> QComboBox:
    box = QComboBox(parent)
    box.setAccessibleName(name)
    box.addItems([words for words, _ in choices])
    return box
