"""Connects the comparison of takes to the list, the viewer and the studio."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QImage

from kling_desktop.domain.takes import Way
from kling_desktop.domain.tasks import Pick, Task
from kling_desktop.studio.analysis.limits_by_example import kept_limits
from kling_desktop.studio.feed import Fact, FilmRendered, FrameTimesRead, SeamLimitsMoved, SeamsFound, StripMade
from kling_desktop.studio.films.joining.continuation import Continuation
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
        continuation: Continuation,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._studio = studio
        self._preferences = preferences
        self._tree = tree
        self._continuation = continuation
        self._first = ""
        """The clip of the take whose stills stand in the strip."""
        self.comparison: Comparison | None = None
        """Made when it is first asked for."""
        window.tasks.compare_asked.connect(self.open)

    def on_facts(self, facts: Sequence[Fact]) -> None:
        """What is found or made while its take is compared."""
        for fact in facts:
            match fact:
                case SeamsFound(clip_id, seams) if seams and self.comparison and self.comparison.isVisible():
                    self.comparison.show_seam(clip_id, seams[-1])
                case FilmRendered(take_id) if self.comparison and self.comparison.isVisible():
                    self._use_films(take_id)
                case SeamLimitsMoved(limits) if self.comparison and self.comparison.isVisible():
                    self.comparison.judge_by(limits)
                case FrameTimesRead() if self.comparison and self.comparison.isVisible():
                    self.comparison.use_frame_times(fact.file, fact.starts, fact.end, fact.lead)
                case StripMade(clip_id, strip) if strip and clip_id == self._first and self.comparison:
                    self.comparison.show_strip(strip.file, strip.count)
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
        self.comparison.judge_by(kept_limits(self._preferences))
        self._want_films(tasks)
        entrants = [self._entrant(task) for task in tasks]
        self.comparison.compare(entrants)
        self._show_start(tasks[0])
        self._want_strip(entrants[0])
        self._want_times(entrants)

    def _want_films(self, tasks: Sequence[Task]) -> None:
        """A film that a take was joined to is a cache: thrown away, it is made again."""
        for task in tasks:
            state = self._tree.take_of_task(task.id)
            if state is not None and task.clip is not None and task.clip.file is not None:
                self._continuation.want(state)

    def _want_times(self, entrants: Sequence[Entrant]) -> None:
        for clip in (entrant.task.clip for entrant in entrants):
            if clip is not None:
                self._studio.clips.want_frame_times(clip)

    def _use_films(self, take_id: str) -> None:
        """The film of a compared take was made, or cannot be: once none is awaited any more, all begin at their seams.

        One after the other would have them begin again and again under the creator's hands.
        """
        if self.comparison is None:
            return
        tasks = [self._studio.ledger.find(task.id) or task for task in self.comparison.tasks]
        entrants = [self._entrant(task) for task in tasks]
        is_compared = take_id in [state.take.id for task in tasks if (state := self._tree.take_of_task(task.id))]
        if is_compared and not any(entrant.is_joining for entrant in entrants):
            self.comparison.renew(entrants)
            self._want_strip(entrants[0])
            self._want_times(entrants)

    def _want_strip(self, first: Entrant) -> None:
        """Of what is played of the first take, seen before or not: told as StripMade, at once where it is known."""
        clip = first.task.clip
        self._first = clip.id if clip is not None else ""
        if clip is not None and clip.file is not None:
            self._studio.background.run(self._studio.analyzer.make_strip(clip))

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
        """Where they start: the last frame of what they go on from."""
        if self.comparison is None:
            return
        still = self._studio.analyzer.tail_still(task.extension.video_id)
        state = self._tree.take_of_task(task.id)
        if still is not None and state is not None and state.take.hop:
            words = tr("Where they start: last frame of hop {n}", n=state.take.hop - 1)
            self.comparison.show_reference(QImage(str(still)), words)

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
        """With the seam where its newest part begins, if that was found; else it is looked for.

        Of a continued take the film is played that it was joined to: there its seam is. While there is none, the clip
        alone is seen, in which all is new.
        """
        from kling_desktop.ui.compare.compare import Entrant  # as above

        state, clip = self._tree.take_of_task(task.id), task.clip
        film = None
        if state is not None and clip is not None and clip.file is not None:
            film = self._continuation.film_of(state)
        is_alone = film is None and state is not None and state.take.way is Way.CONTINUE
        if film is not None and clip is not None:
            task = replace(task, clip=replace(clip, file=film))
        is_joining = is_alone and clip is not None and self._continuation.is_joining(clip)
        entrant = Entrant(task, name=self._name(task), is_alone=is_alone, is_joining=is_joining)
        seams = self._studio.analyzer.seams(clip.id) if clip is not None else ()
        if clip is None or not seams:
            if clip is not None and clip.parent_id and clip.file:
                self._studio.background.run(self._studio.analyzer.find_seams(clip))
            return replace(entrant, seam=0.0) if is_alone else entrant
        hops = self._studio.analyzer.drift(clip.id)
        begins = 0.0 if is_alone else seams[-1].seconds
        return replace(entrant, seam=begins, measured=seams[-1], drift=hops[-1].colour if hops else None)

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
