"""Shape, size and rate of what is exported: only what the chosen format has a use for."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Generic, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QWidget

from kling_desktop.studio.films.handing_over.choices import Options
from kling_desktop.ui import theme
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.theme.decimal_field import DecimalField

Value = TypeVar("Value")

LOOPS = ("gif", "webp", "avif")
BOUNDED = ("h264-anywhere", "h264-near-lossless", "h264-small")
"""These keep to a largest size of their file."""
_AS_IT_IS = ("original", "mp4-copy", "timelines", "archive", "contact-sheet", "prompts-csv", "prompts-text")
"""These change no picture."""

_BLEND = Fraction(1, 2)
"""Seconds of a loop's end that are blended into its beginning."""

_MB = 1_000_000
_MOST_MB = 99_999


class PictureOptions(QWidget):
    """Combos that stay as they were set until another format brings its own."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shape = _Choices(tr("Shape"), _shapes(), _shape_words, self)
        self.size_box = _Choices(tr("Size"), _sizes(), _size_words, self)
        self.rate = _Choices(tr("Rate"), _rates(), _rate_words, self)
        self._blend = _BLEND
        self.most = _LargestFile(self)
        self.seamless = QCheckBox(tr("Closes without a jump"), self)
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setVerticalSpacing(theme.GAP)
        self._form.addRow(tr("Shape"), self.shape)
        self._form.addRow(tr("Size"), self.size_box)
        self._form.addRow(tr("Rate"), self.rate)
        self._form.addRow(tr("Largest file"), self.most)
        self._form.addRow("", self.seamless)
        for box in (self.shape, self.size_box, self.rate):
            box.currentIndexChanged.connect(lambda _: self.changed.emit())
        self.most.valueChanged.connect(lambda _: self.changed.emit())
        self.seamless.toggled.connect(lambda _: self.changed.emit())

    def show_for(self, format_key: str, options: Options) -> None:
        """Be as a format or preset wants it, without what it has no use for."""
        self.blockSignals(True)
        self.shape.choose((options.aspect, options.crop or options.aspect is None))
        self.size_box.choose(options.longest)
        self.rate.choose(options.rate)
        self._blend = options.blend_seconds or _BLEND
        self.most.show_bytes(options.most_bytes)
        self.seamless.setChecked(bool(options.blend_seconds))
        self.blockSignals(False)
        self.setVisible(format_key not in _AS_IT_IS)
        for widget in (self.rate, self.seamless):
            self._form.setRowVisible(widget, format_key in LOOPS)
        # For others it is a condition that only a preset from elsewhere sets.
        self._form.setRowVisible(self.most, format_key in BOUNDED or options.most_bytes is not None)

    def options(self) -> Options:
        """As they are set; what is hidden counts nothing."""
        if self.isHidden():
            return Options()
        aspect, crop = self.shape.value
        rate = self.rate.value if self._form.isRowVisible(self.rate) else None
        blends = self._form.isRowVisible(self.seamless) and self.seamless.isChecked()
        most = self.most.bytes() if self._form.isRowVisible(self.most) else None
        return Options(aspect, crop, self.size_box.value, rate, self._blend if blends else Fraction(0), most)


class _LargestFile(DecimalField):
    """Megabytes that the file may have; all the way down it is as large as it comes."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._shown: tuple[float, int | None] = (0.0, None)
        self.setAccessibleName(tr("Largest file"))
        self.setRange(0, _MOST_MB)
        self.setSpecialValueText(tr("As it comes"))
        self.setSuffix(" MB")

    def textFromValue(self, value: float) -> str:
        return f"{value:.1f}".removesuffix(".0")

    def show_bytes(self, most: int | None) -> None:
        """None: as large as it comes."""
        self.setValue((most or 0) / _MB)
        self._shown = (self.value(), most)

    def bytes(self) -> int | None:
        """What was shown, to the byte, as long as nothing else is chosen; None for as it comes."""
        shown, exact = self._shown
        if self.value() == shown:
            return exact
        return round(self.value() * _MB) or None


class _Choices(QComboBox, Generic[Value]):
    """The usual choices, and the one of a preset that is none of these: it comes from a file, or a newer version."""

    def __init__(
        self, name: str, usual: list[tuple[str, Value]], words: Callable[[Value], str], parent: QWidget
    ) -> None:
        """`words` says a choice that is not usual."""
        super().__init__(parent)
        self._values = [value for _, value in usual]
        self._usual = len(usual)
        self._words = words
        self.setAccessibleName(name)
        self.addItems([text for text, _ in usual])

    @property
    def value(self) -> Value:
        return self._values[self.currentIndex()]

    def choose(self, value: Value) -> None:
        """Make it the current one."""
        while self.count() > self._usual:
            self.removeItem(self._usual)
            self._values.pop()
        if value not in self._values:
            self._values.append(value)
            self.addItem(self._words(value))
        self.setCurrentIndex(self._values.index(value))


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


def _shape_words(shape: tuple[Fraction | None, bool]) -> str:
    aspect, crop = shape
    width, height = (aspect.numerator, aspect.denominator) if aspect else (1, 1)
    if crop:
        return tr("{width}:{height}, cropped", width=width, height=height)
    return tr("{width}:{height}, with bars", width=width, height=height)


def _size_words(longest: int | None) -> str:
    return tr("At most {n} pixels", n=longest or 0)


def _rate_words(rate: Fraction | None) -> str:
    return tr("{n} a second", n=f"{float(rate or 0):g}")
