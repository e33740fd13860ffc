"""Which way a clip goes on: Kling's own extension, or a new clip from its last frame; a closed way says why."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kling_desktop.domain.takes import Way
from kling_desktop.studio.tasks.checks import Finding
from kling_desktop.ui.finding_lines import Sentence
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.painted.segments import Segments

_WAYS = (Way.EXTEND, Way.CONTINUE)


class WayChoice(QWidget):
    """Two segments and one line beneath. Neither way is ever hidden (`film.md`, rule 6)."""

    chosen = Signal(object)
    """A `Way`, chosen by the creator or because the other one is closed."""
    taken = Signal(object)
    """A `Way`, chosen by the creator."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wished = Way.EXTEND
        self._closed: Finding | None = None
        self.segments = Segments((tr("Extend · V1.x"), tr("Continue · any clip")), name=tr("Way"), may_shrink=True)
        self._line = Sentence(parent=self)
        self._line.dress(quiet=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.segments)
        column.addWidget(self._line)
        self.segments.chosen.connect(self._take)
        self._say()

    @property
    def way(self) -> Way:
        """The way that holds: the wished one, unless it is closed."""
        return Way.CONTINUE if self._closed is not None else self._wished

    def wish(self, way: Way) -> None:
        """Take this way as soon as it is open; used for drafts and for what a film remembers."""
        self._wished = way if way in _WAYS else Way.EXTEND
        self._say()

    def close_extend(self, why: Finding | None) -> None:
        """Close Kling's own extension for this reason, or open it again with None."""
        before, self._closed = self.way, why
        self._say()
        if self.way is not before:
            self.chosen.emit(self.way)

    def shorten(self, short: bool) -> None:
        """Leave out what only explains; why a way is closed stays."""
        self._is_short = short
        self._say()

    _is_short = False

    def line(self) -> str:
        """What stands beneath."""
        return self._line.text()

    def _take(self, number: int) -> None:
        self._wished = _WAYS[number]
        self._say()
        self.chosen.emit(self.way)
        self.taken.emit(self._wished)

    def _say(self) -> None:
        why = tr(self._closed.sentence, **self._closed.values) if self._closed else ""
        self.segments.set_off(0, why)
        self.segments.choose(_WAYS.index(self.way))
        if why:
            said = why
        elif self.way is Way.EXTEND:
            said = tr("Kling goes on with the same model and mode, and adds 4–5 s.")
        else:
            said = tr("A new clip from the last frame, joined here.")
        self._line.setText(said)
        self._line.setVisible(bool(why) or not self._is_short)
