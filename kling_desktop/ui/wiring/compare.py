"""Connects the comparison of takes to the list, the viewer and the studio."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QImage

from kling_desktop.domain.takes import TakeState, Way
from kling_desktop.domain.tasks import Pick, Task
from kling_desktop.studio.feed import Fact, FrameTimesRead, SeamLimitsMoved, SeamsFound
from kling_desktop.studio.films.tree import Tree
from kling_desktop.studio.preferences import Preferences
from kling_desktop.studio.studio import Studio
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.window import Window

if TYPE_CHECKING:
    from kling_desktop.ui.compare.compare import Comparison, Entrant
    from kling_desktop.ui.compare.compare_stage import Mode


class CompareWiring(QObject):
    """Everything about takes side by side."""

    def __init__(
        self,
        window: Window,
        studio: Studio,
        preferences: Preferences,
        tree: Tree,
        film_of: Callable[[TakeState], Path | None],
    ) -> None:
        """`film_of` gives the whole film up to a continued take, once it is joined."""
        super().__init__(window)
        self._window = window
        self._studio = studio
        self._preferences = preferences
        self._tree = tree
        self._film_of = film_of
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
            self.comparison.again_asked.connect(self._try_again)
            self.comparison.left.connect(self._go_back)
            self.comparison.extended.connect(self._extend)
        self._window.viewer.pause()
        self._window.shell.lay_over(self.comparison)
        self._window.notices.hang_over(self.comparison.stage)
        self.comparison.set_volume(self._preferences.now.volume)
        entrants = [self._entrant(self._as_film(task)) for task in tasks]
        self.comparison.compare(entrants)
        self._show_start(tasks[0])
        for clip in (entrant.task.clip for entrant in entrants):
            if clip is not None:
                self._studio.clips.want_frame_times(clip)

    def kept(self) -> tuple[tuple[Task, ...], Mode] | None:
        """Which takes are compared now, and how they are laid out, for `restore`."""
        if self.comparison is None or not self.comparison.isVisible():
            return None
        return self.comparison.tasks, self.comparison.stage.mode

    def restore(self, kept: tuple[tuple[Task, ...], Mode]) -> None:
        """Compare as other panels did."""
        tasks, mode = kept
        self.open([self._studio.ledger.find(task.id) or task for task in tasks])
        if self.comparison is not None:
            self.comparison.commands[mode].trigger()

    def _show_start(self, task: Task) -> None:
        """Where they start: the last frame of what they go on from; and the strip of the first."""
        if self.comparison is None:
            return
        still = self._studio.analyzer.tail_still(task.extension.video_id)
        state = self._tree.take_of_task(task.id)
        if still is not None and state is not None and state.take.hop:
            words = tr("Where they start: last frame of hop {n}", n=state.take.hop - 1)
            self.comparison.show_reference(QImage(str(still)), words)
        strip = self._studio.analyzer.strip(task.clip.id) if task.clip else None
        if strip is not None:
            self.comparison.show_strip(strip.file, strip.count)

    def _as_film(self, task: Task) -> Task:
        """Of a continued take the film is played in which it was joined: there its seam is."""
        state = self._tree.take_of_task(task.id)
        film = self._film_of(state) if state is not None else None
        return replace(task, clip=replace(task.clip, file=film)) if film is not None and task.clip else task

    def _extend(self, task: Task) -> None:
        found = self._studio.ledger.find(task.id)
        if found is not None:
            self._window.tasks.extend_asked.emit(found)

    def _try_again(self, task: Task) -> None:
        self._studio.retry(task)
        self._window.notices.toast(tr("Another take is asked for; the queue tells when it is in."))

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
            return Entrant(task, name=self._name(task))
        hops = self._studio.analyzer.drift(clip.id)
        begins = 0.0 if self._is_alone(task) else seams[-1].seconds
        return Entrant(task, begins, seams[-1], hops[-1].colour if hops else None, self._name(task))

    def _is_alone(self, task: Task) -> bool:
        """Whether a continued take is seen without the film that its seam was measured in: all of it is new."""
        state = self._tree.take_of_task(task.id)
        return state is not None and state.take.way is Way.CONTINUE and self._film_of(state) is None

    def _name(self, task: Task) -> str:
        state = self._tree.take_of_task(task.id)
        return tr("Take {n}", n=state.number) if state is not None else ""

    def _choose(self, task: Task) -> None:
        """The winner is also the one that the list and the viewer show when the comparison is left."""
        self._judge(task, Pick.PICKED)
        words = " ".join(task.extension.prompt.split())
        self._window.notices.toast(tr("Picked: {words}", words=words) if words else tr("Picked"))
        self._window.tasks.select(task.id)

    def _judge(self, task: Task, pick: Pick | None, stars: int | None = None) -> None:
        """As the keys do: in the list and in the film, and to be taken back."""
        self._window.cull.judged.emit([task], pick, stars)
