"""Connects the comparison of takes to the list, the viewer and the studio."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from kling_desktop.domain.tasks import Pick, Task
from kling_desktop.studio.feed import Fact, FrameTimesRead, SeamLimitsMoved, SeamsFound
from kling_desktop.studio.preferences import Preferences
from kling_desktop.studio.studio import Studio
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.window import Window

if TYPE_CHECKING:
    from kling_desktop.ui.compare.compare import Comparison, Entrant


class CompareWiring(QObject):
    """Everything about takes side by side."""

    def __init__(self, window: Window, studio: Studio, preferences: Preferences) -> None:
        super().__init__(window)
        self._window = window
        self._studio = studio
        self._preferences = preferences
        self.comparison: Comparison | None = None
        """Made when it is first asked for."""
        window.tasks.compare_asked.connect(self.open)

    def on_facts(self, facts: Sequence[Fact]) -> None:
        """A seam that is found while its take is compared."""
        for fact in facts:
            match fact:
                case SeamsFound(clip_id, seams) if seams and self.comparison and self.comparison.isVisible():
                    self.comparison.show_seam(clip_id, seams[-1])
                case SeamLimitsMoved(limits) if self.comparison and self.comparison.isVisible():
                    self.comparison.judge_by(limits)
                case FrameTimesRead() if self.comparison and self.comparison.isVisible():
                    self.comparison.use_frame_times(fact.file, fact.starts, fact.end, fact.lead)
                case _:
                    pass

    def open(self, tasks: Sequence[Task]) -> None:
        """Show two to four takes side by side, laid on each other where they leave their parent."""
        from kling_desktop.ui.compare.compare import Comparison  # not before it is wanted: it slows the start

        if self.comparison is None:
            self.comparison = Comparison(self._window)
            self.comparison.picked.connect(self._choose)
            self.comparison.rejected.connect(lambda task: self._judge(task, Pick.REJECTED))
            self.comparison.dropped.connect(lambda task: self._judge(task, Pick.UNDECIDED))
            self.comparison.starred.connect(lambda task, stars: self._judge(task, None, stars))
            self.comparison.left.connect(self._go_back)
            self.comparison.extended.connect(lambda task: self._window.tasks.extend_asked.emit(task))
        self._window.viewer.pause()
        self._window.shell.lay_over(self.comparison)
        self._window.notices.hang_over(self.comparison.stage)
        self.comparison.set_volume(self._preferences.now.volume)
        self.comparison.compare([self._entrant(task) for task in tasks])
        for clip in (task.clip for task in tasks):
            if clip is not None:
                self._studio.clips.want_frame_times(clip)

    def _go_back(self) -> None:
        self._window.shell.lay_over(None)
        self._window.notices.hang_over(self._window.viewer.picture)
        self._window.viewer.setFocus(Qt.FocusReason.OtherFocusReason)

    def put_away(self) -> None:
        """Let go of the films, while the loop still runs."""
        if self.comparison is not None:
            self.comparison.close()

    def _entrant(self, task: Task) -> Entrant:
        """With the seam where its newest part begins, if that was found; else it is looked for."""
        from kling_desktop.ui.compare.compare import Entrant  # as above

        clip = task.clip
        seams = self._studio.analyzer.seams(clip.id) if clip is not None else ()
        if clip is None or not seams:
            if clip is not None and clip.parent_id and clip.file:
                self._studio.background.run(self._studio.analyzer.find_seams(clip))
            return Entrant(task)
        hops = self._studio.analyzer.drift(clip.id)
        return Entrant(task, seams[-1].seconds, seams[-1], hops[-1].colour if hops else None)

    def _choose(self, task: Task) -> None:
        """The winner is also the one that the list and the viewer show when the comparison is left."""
        self._judge(task, Pick.PICKED)
        words = " ".join(task.extension.prompt.split())
        self._window.notices.toast(tr("Picked: {words}", words=words) if words else tr("Picked"))
        self._window.tasks.select(task.id)

    def _judge(self, task: Task, pick: Pick | None, stars: int | None = None) -> None:
        """As the keys do: in the list and in the film, and to be taken back."""
        self._window.cull.judged.emit([task], pick, stars)
