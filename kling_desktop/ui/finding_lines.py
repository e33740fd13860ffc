"""Says beside a field what is wrong with it, in sentences with a sign before each."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from kling_desktop.studio.tasks.checks import Finding
from kling_desktop.ui import theme
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.theme.fonts import scaled

_SIGN = 16


class Sign(QWidget):
    """A small icon in the colour of what it says, also after a change of theme."""

    def __init__(self, parent: QWidget | None = None, side: int = _SIGN) -> None:
        super().__init__(parent)
        self._icon = "info"
        self._colour = "quiet"
        self.setFixedSize(QSize(scaled(side), scaled(side)))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_sign(self, icon: str, colour: str) -> None:
        """`icon` is a name in resources/icons, `colour` a field of `Tokens`."""
        self._icon, self._colour = icon, colour
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour = QColor(getattr(theme.colours(), self._colour))
        theme.icon(self._icon, colour).paint(painter, QRect(0, 0, self.width(), self.height()))
        painter.end()


class Sentence(QLabel):
    """A label that wraps, may be copied from, and is as high as its text needs."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def minimumSizeHint(self) -> QSize:
        # QLabel would ask for the height that it has at its narrowest, and stretch the whole form by it.
        return QSize(40, self.fontMetrics().lineSpacing())

    def dress(self, **properties: bool) -> None:
        """Set style properties such as quiet, danger, heading, and wear them."""
        for name, value in properties.items():
            self.setProperty(name, value)
        self.style().unpolish(self)
        self.style().polish(self)


class FindingLines(QWidget):
    """The findings about one field; takes no room when there are none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.GAP // 2)
        self._grid.setVerticalSpacing(theme.GAP // 2)
        self._grid.setColumnStretch(1, 1)
        self._rows: list[tuple[Sign, Sentence]] = []
        self.hide()

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Replace what is said."""
        while len(self._rows) < len(findings):
            self._add_row()
        for row, (sign, sentence) in enumerate(self._rows):
            sign.setVisible(row < len(findings))
            sentence.setVisible(row < len(findings))
        for finding, (sign, sentence) in zip(findings, self._rows, strict=False):
            sign.show_sign("warning" if finding.blocks else "info", "bad" if finding.blocks else "quiet")
            sentence.dress(danger=finding.blocks, quiet=not finding.blocks)
            sentence.setText(tr(finding.sentence, **finding.values))
        self.setVisible(bool(findings))

    def text(self) -> str:
        """All that is said, as a screen reader would read it."""
        return " ".join(sentence.text() for _, sentence in self._rows if not sentence.isHidden())

    def _add_row(self) -> None:
        sign, sentence = Sign(self), Sentence(parent=self)
        row = len(self._rows)
        self._grid.addWidget(sign, row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(sentence, row, 1)
        self._rows.append((sign, sentence))
