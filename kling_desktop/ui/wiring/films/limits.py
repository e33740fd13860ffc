"""Connects the limits of seams to the examples a creator gives: "this seam is fine", "this one is not"."""

from __future__ import annotations

from PySide6.QtCore import QObject

from kling_desktop.domain.analysis import Seam
from kling_desktop.studio.analysis.limits_by_example import LimitsByExample
from kling_desktop.studio.films.undo import Change, Undo
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.seams import limit_words
from kling_desktop.ui.window import Window


class LimitsWiring(QObject):
    """Two lines in the menu over the seam view; to be built after what fills that menu with the take's own."""

    def __init__(self, window: Window, limits: LimitsByExample, undo: Undo) -> None:
        super().__init__(window)
        self._window = window
        self._limits = limits
        self._undo = undo
        window.seams.take_head.menu.aboutToShow.connect(self._fill)

    def _fill(self) -> None:
        view = self._window.seams
        clip = self._window.viewer.clip
        if not view.is_open or view.at is None or clip is None:
            return
        seam = view.seams[view.at]
        menu = view.take_head.menu
        menu.addSeparator()
        fine = menu.addAction(tr("A seam like this is fine"))
        fine.triggered.connect(lambda: self._move(seam, is_fine=True))
        not_fine = menu.addAction(tr("A seam like this is not fine"))
        not_fine.triggered.connect(lambda: self._move(seam, is_fine=False))

    def _move(self, seam: Seam, *, is_fine: bool) -> None:
        move = self._limits.call_fine if is_fine else self._limits.call_not_fine
        moved = move(seam)
        judged = self._limits.now.judged(seam)
        moves = [limit_words.moved(each.measure, each.before, each.after) for each in moved]
        outcome = limit_words.outcome(judged, is_fine=is_fine, has_moved=bool(moved))
        told = " ".join(filter(None, (*moves, outcome)))
        if not moved:
            self._window.notices.toast(told)
            return

        def again() -> None:
            move(seam)

        def back() -> None:
            self._limits.take_back(moved)

        step = self._undo.remember(Change.SEAM_LIMITS, again, back)
        self._window.notices.toast(told, tr("Undo"), lambda: self._undo.take_back(step))
