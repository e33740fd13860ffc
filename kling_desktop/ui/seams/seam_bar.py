"""One chip for each seam of the film, so that the bad one is seen at a glance."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QWidget

from kling_desktop.domain.analysis import Seam, Verdict
from kling_desktop.ui import theme
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.seams import seam_words
from kling_desktop.ui.theme.fonts import strong

_SIGN = 16
_HEIGHT = 26
_DETAILS = (3, 2, 1, 0)
"""How much a chip says, most first: everything; clean ones only their number; no "Seam" and then no time either."""


class SeamChip(QAbstractButton):
    """Says in colour, shape and words how one seam is."""

    def __init__(self, seam: Seam, parent: QWidget) -> None:
        super().__init__(parent)
        self.seam = seam
        self.is_current = False
        self._detail = _DETAILS[0]
        whole = seam_words.whole(seam)
        self.setText(whole)
        self.setAccessibleName(whole)
        self.setToolTip(f"{whole}\n{seam.prompt}" if seam.prompt else whole)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def say(self, detail: int) -> None:
        """As much as there is room for; see `_DETAILS`."""
        self._detail = detail
        self.setText(self._words())
        self.updateGeometry()
        self.update()

    def mark(self, is_current: bool) -> None:
        """Whether this is the seam at hand."""
        if is_current != self.is_current:
            self.is_current = is_current
            self.update()

    def _words(self) -> str:
        clean = self.seam.verdict is Verdict.CLEAN and bool(self.seam.meters)
        if clean and self._detail < 3:
            return str(self.seam.hop)
        if self._detail >= 2:
            return seam_words.whole(self.seam)
        number, place, word = str(self.seam.hop), seam_words.place(self.seam), seam_words.verdict_word(self.seam)
        return " · ".join((number, place, word) if self._detail else (number, word))

    def sizeHint(self) -> QSize:
        words = QFontMetrics(self._font()).horizontalAdvance(self.text())
        return QSize(words + _SIGN + 3 * theme.GAP, max(_HEIGHT, self.fontMetrics().height() + theme.GAP))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        worn = theme.colours()
        tone = QColor(getattr(worn, seam_words.COLOURS[self.seam.verdict]))
        is_bad = self.seam.verdict is Verdict.BAD
        ink = QColor(worn.base) if is_bad else tone
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pill = QRectF(self.rect()).adjusted(3, 3, -3, -3)
        painter.setPen(QPen(tone if self.seam.verdict is not Verdict.CLEAN else QColor(worn.line), 1))
        painter.setBrush(tone if is_bad else QColor(worn.hover if self.underMouse() else worn.window))
        painter.drawRoundedRect(pill, 6, 6)
        if self.is_current or self.hasFocus():
            painter.setPen(QPen(QColor(worn.accent if self.hasFocus() else worn.text), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
        at = pill.left() + theme.GAP / 2
        sign = QRectF(at, pill.center().y() - _SIGN / 2, _SIGN, _SIGN).toRect()
        theme.icon(seam_words.SHAPES[self.seam.verdict], ink).paint(painter, sign)
        painter.setFont(self._font())
        painter.setPen(ink)
        words = pill.adjusted(theme.GAP + _SIGN, 0, 0, 0)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), self.text())
        painter.end()

    def _font(self) -> QFont:
        return strong(self.font()) if self.seam.verdict is Verdict.BAD else self.font()


class SeamBar(QWidget):
    """The film's seams in a row; not there for a film without any. Arrow keys go from one to the next."""

    opened = Signal(int)
    """Number of the chip (from 0) that was clicked, or pressed with Enter or Space."""
    chosen = Signal(int)
    """Number of the chip to which the keys have gone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chips: list[SeamChip] = []
        self._seams: tuple[Seam, ...] = ()
        self.setAccessibleName(tr("Seams"))
        self.setProperty("own_keys", ["Up", "Down", "Left", "Right", "Home", "End"])
        self._note = QLabel(self)
        self._note.setProperty("quiet", True)
        self._row = QWidget(self)
        line = QHBoxLayout(self._row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(2)
        line.addStretch(1)
        self._scroll = self._scrolled()
        self.worst = QPushButton(tr("Show worst seam"), self)
        self.worst.setAutoDefault(False)
        self.worst.clicked.connect(self._open_worst)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(theme.GAP, 2, theme.GAP, 2)
        whole.setSpacing(theme.GAP)
        whole.addWidget(self._note)
        whole.addWidget(self._scroll, 1)
        whole.addWidget(self.worst)
        self.clear()

    def _scrolled(self) -> QScrollArea:
        scroll = QScrollArea(self)
        scroll.setViewport(QWidget())  # not Qt's own: to name the class of that, PySide would load every widget (20 ms)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setWidget(self._row)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._row.setAutoFillBackground(False)
        return scroll

    def clear(self) -> None:
        """There is no film, or one without seams."""
        self._fill(())
        self.hide()

    def say(self, text: str) -> None:
        """Say something instead of chips: that they are looked for, or why there are none."""
        self._fill(())
        self._note.setText(text)
        self.show()

    def show_seams(self, seams: tuple[Seam, ...]) -> None:
        """A chip for each."""
        self._note.setText(tr("Seams"))
        self._fill(seams)
        self.show()

    def mark(self, number: int | None) -> None:
        """Which seam is at hand; None for none."""
        for at, chip in enumerate(self.chips):
            chip.mark(at == number)
        if number is not None and number < len(self.chips):
            self._scroll.ensureWidgetVisible(self.chips[number], 4 * theme.GAP, 0)

    def _fill(self, seams: tuple[Seam, ...]) -> None:
        had_focus = any(chip.hasFocus() for chip in self.chips)
        for chip in self.chips:
            chip.setParent(None)
            chip.deleteLater()
        self._seams = seams
        self.chips = [self._chip(number, seam) for number, seam in enumerate(seams)]
        self.worst.setVisible(seam_words.worst_seam(seams) is not None)
        self._scroll.setVisible(bool(seams))
        self._fit()
        if had_focus and self.chips:
            self.chips[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _chip(self, number: int, seam: Seam) -> SeamChip:
        chip = SeamChip(seam, self._row)
        chip.clicked.connect(lambda: self.opened.emit(number))
        chip.installEventFilter(self)
        layout = self._row.layout()
        assert isinstance(layout, QHBoxLayout)  # noqa: S101 - made so above
        layout.insertWidget(number, chip)
        chip.show()
        return chip

    def _open_worst(self) -> None:
        worst = seam_words.worst_seam(self._seams)
        if worst is not None:
            self.opened.emit(worst)

    def eventFilter(self, chip: object, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and chip in self.chips:
            return self._take_key(self.chips.index(chip), Qt.Key(event.key()))
        return False

    def _take_key(self, at: int, key: Qt.Key) -> bool:
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(at)
            return True
        to = _gone_to(at, len(self.chips), key)
        if to is None:
            return False
        self.chips[to].setFocus(Qt.FocusReason.OtherFocusReason)
        self._scroll.ensureWidgetVisible(self.chips[to], 4 * theme.GAP, 0)
        self.chosen.emit(to)
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """As much as all chips can say in the room that there is."""
        button = self.worst.sizeHint().width() + theme.GAP if not self.worst.isHidden() else 0
        room = self.width() - 3 * theme.GAP - self._note.sizeHint().width() - button
        for detail in _DETAILS:
            _say_all(self.chips, detail)
            if sum(chip.sizeHint().width() + 2 for chip in self.chips) <= room:
                break
        if self.chips:
            self._scroll.setFixedHeight(self.chips[0].sizeHint().height())

    def sizeHint(self) -> QSize:
        return QSize(320, _HEIGHT + theme.GAP)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, super().minimumSizeHint().height())


def _gone_to(at: int, count: int, key: Qt.Key) -> int | None:
    """Where a key leads from the chip at hand; None for a key that leads nowhere."""
    if key in (Qt.Key.Key_Right, Qt.Key.Key_Down):
        return min(at + 1, count - 1)
    if key in (Qt.Key.Key_Left, Qt.Key.Key_Up):
        return max(at - 1, 0)
    return {Qt.Key.Key_Home: 0, Qt.Key.Key_End: count - 1}.get(key)


def _say_all(chips: Iterable[SeamChip], detail: int) -> None:
    for chip in chips:
        chip.say(detail)
