"""The last frame of the clip that is to be extended, large, and what the model would inherit from it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QGuiApplication, QKeyEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QAbstractButton, QDialog, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from kling_desktop.domain.analysis import Tail
from kling_desktop.ui import theme
from kling_desktop.ui.finding_lines import Sentence, Sign
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.painted.lettering import lettering, width_of
from kling_desktop.ui.seams import seam_words
from kling_desktop.ui.stills.posters import Posters
from kling_desktop.ui.stills.still import paint_still
from kling_desktop.ui.theme.fonts import ROW, scaled

_KEPT_MB = 12.0
"""Of large frames: a few clips to go back to."""
_DARK, _WHITE = QColor(0, 0, 0, 184), QColor("#ffffff")
_LOADED = QSize(1280, 1280)
LOWEST, _HIGHEST = 96, 200
"""Height of the frame in pixels: where it cannot be so large, a small still stands for it."""
_NEARLY = 0.6
"""A picture that takes such a share of the width stands alone, at the left; a narrower one on the stage's ground."""
_MARGIN, _ZOOM = 8, 24
"""Pixels from the frame's corners to what stands in them; side of the sign that it can be enlarged."""


class TailNote(QWidget):
    """Not there until there is a frame to show. It warns, and never stands in the way.

    `warnings` is laid out by whoever has the note: it stands without the large frame as well.
    """

    shown = Signal()
    """Another frame is shown now, or none."""
    enlarged = Signal()
    """The frame was opened in a window of its own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tail: Tail | None = None
        self._posters = Posters(self, _KEPT_MB)
        self.frame = TailFrame(self._posters, self)
        self.frame.clicked.connect(self._enlarge)
        self._said = tr("Last frame. The model will inherit this.")
        self.frame.setToolTip(f"{self._said} {tr('Click to enlarge.')}")
        self.warnings = QWidget(self)
        QVBoxLayout(self.warnings).setContentsMargins(0, 0, 0, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.frame)
        self.hide()
        self.warnings.hide()

    def show_tail(self, tail: Tail | None) -> None:
        """None: there is no clip, or its last frame could not be had."""
        self.tail = tail
        self.frame.show_still(tail.still if tail else None)
        sentences = [seam_words.tail_sentence(warning) for warning in tail.warnings] if tail else []
        self._write(sentences)
        self.frame.setAccessibleDescription(self.text())
        self.setVisible(tail is not None)
        self.shown.emit()

    def show_end(self, when: str) -> None:
        """When that frame is shown, as "0:23.3"; empty says nothing of it."""
        self.frame.say(tr("Last frame · {time}", time=when) if when else tr("Last frame"))

    def text(self) -> str:
        """All that is said, as a screen reader would read it."""
        if self.tail is None:
            return ""
        return " ".join((self._said, *map(seam_words.tail_sentence, self.tail.warnings)))

    def _write(self, sentences: list[str]) -> None:
        column = self.warnings.layout()
        assert column is not None  # noqa: S101 - it was made with one
        while item := column.takeAt(0):
            if old := item.widget():
                old.hide()
                old.deleteLater()
        for sentence in sentences:
            column.addWidget(_Warning(sentence, self.warnings))
        self.warnings.setVisible(bool(sentences))

    def _enlarge(self) -> None:
        if self.tail is not None:
            _LargeFrame(self.tail.still, self._posters, self.text(), self.window()).open()
            self.enlarged.emit()


class TailFrame(QAbstractButton):
    """The frame, as large as the form allows; a click shows it larger."""

    def __init__(self, posters: Posters, parent: QWidget) -> None:
        super().__init__(parent)
        self._still: Path | None = None
        self._posters = posters
        self._posters.loaded.connect(self._take_in)
        self.setAccessibleName(tr("Last frame of the clip"))
        self._words = tr("Last frame")
        self._highest = _HIGHEST
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def say(self, words: str) -> None:
        """What stands in its corner."""
        self._words = words
        self.update()

    def be_at_most(self, height: int) -> None:
        """So high at most, in pixels, and never lower than `LOWEST`: the words below it need the rest."""
        highest = max(LOWEST, min(_HIGHEST, height))
        if highest != self._highest:
            self._highest = highest
            self.updateGeometry()

    def show_still(self, still: Path | None) -> None:
        self._still = still
        self._take_in()

    def picture(self) -> QPixmap | None:
        """The frame, once it is loaded."""
        return self._posters.pixmap(self._still, _LOADED) if self._still else None

    def _take_in(self) -> None:
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        picture = self.picture()
        shape = picture.height() / picture.width() if picture is not None else 9 / 16
        return min(self._highest, round(width * shape))

    def sizeHint(self) -> QSize:
        return QSize(240, self.heightForWidth(240))

    def minimumSizeHint(self) -> QSize:
        return QSize(96, LOWEST // 2)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        picture = self.picture()
        box = self._box(picture)
        paint_still(painter, box, picture)
        if picture is not None:
            self._paint_corners(painter, box)
        if self.hasFocus() or self.underMouse():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QColor(theme.colours().accent if self.hasFocus() else theme.colours().rim))
            painter.drawRoundedRect(box.adjusted(0, 0, -1, -1), 4, 4)
        painter.end()

    def _box(self, picture: QPixmap | None) -> QRect:
        """What is painted of the frame's place: a picture that nearly fills it has no bars beside it."""
        if picture is None or not picture.height():
            return self.rect()
        width = self.height() * picture.width() // picture.height()
        return QRect(0, 0, width, self.height()) if _NEARLY * self.width() <= width < self.width() else self.rect()

    def _paint_corners(self, painter: QPainter, box: QRect) -> None:
        """Which frame it is, and that it can be enlarged."""
        letters = lettering(ROW)
        words = QRect(0, 0, width_of(self._words, letters) + 2 * scaled(6), scaled(20))
        words.moveBottomLeft(box.bottomLeft() + QPoint(_MARGIN, -_MARGIN))
        zoom = QRect(0, 0, scaled(_ZOOM), scaled(_ZOOM))
        zoom.moveBottomRight(box.bottomRight() - QPoint(_MARGIN, _MARGIN))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_DARK)
        painter.drawRoundedRect(words, 2, 2)
        painter.drawRoundedRect(zoom, 2, 2)
        painter.setFont(letters)
        painter.setPen(_WHITE)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignCenter), self._words)
        theme.icon("zoom", _WHITE).paint(painter, zoom.adjusted(4, 4, -4, -4))


class _Warning(QWidget):
    """One sentence with a sign before it."""

    def __init__(self, sentence: str, parent: QWidget) -> None:
        super().__init__(parent)
        sign = Sign(self)
        sign.show_sign("warning", "warn")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP // 2)
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(Sentence(sentence, self), 1)


class _LargeFrame(QDialog):
    """The frame in a window of its own; any click or Esc closes it."""

    def __init__(self, still: Path, posters: Posters, said: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._still = still
        self._posters = posters
        posters.loaded.connect(self.update)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Last frame of the clip"))
        self.setAccessibleDescription(said)
        shape = posters.pixmap(still, _LOADED)
        available = QGuiApplication.primaryScreen().availableGeometry().size() * 0.8
        size = (shape.size() if shape is not None else _LOADED).scaled(available, Qt.AspectRatioMode.KeepAspectRatio)
        self.resize(size)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.colours().stage))
        paint_still(painter, self.rect(), self._posters.pixmap(self._still, _LOADED))
        painter.end()

    def mouseReleaseEvent(self, event: object) -> None:
        self.close()
