"""Connects the seams to the studio: finds them for the take on show, fetches their frames, examines the tail."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from PySide6.QtCore import QObject, QTimer

from kling_desktop.domain.analysis import Seam
from kling_desktop.domain.clips import Clip
from kling_desktop.domain.tasks import Trouble
from kling_desktop.errors import KlingDesktopError, kind_of
from kling_desktop.studio.analysis.seam_stills import SeamStillMaker
from kling_desktop.studio.feed import (
    ClipChanged,
    DriftMeasured,
    DriftToleranceMoved,
    Fact,
    FilmRendered,
    FrameTimesRead,
    SeamLimitsMoved,
    SeamsFound,
    SeamStillsMade,
    StripMade,
    TailExamined,
)
from kling_desktop.studio.preferences import Preferences
from kling_desktop.studio.studio import Studio
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.window import Window


class SeamWiring(QObject):
    """Everything about joins, of the clip on show and of the one that is to be extended."""

    def __init__(
        self,
        window: Window,
        studio: Studio,
        joins: SeamStillMaker,
        preferences: Preferences,
        measure_drift: Callable[[Clip], Coroutine[Any, Any, None]],
        is_joining: Callable[[Clip], bool],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._view = window.seams
        self._studio = studio
        self._joins = joins
        self._preferences = preferences
        self._measure_drift = measure_drift
        self._is_joining = is_joining
        self._shown: Clip | None = None
        self._is_film = False
        """Whether the film is seen that the clip was joined to: its seams stay, whatever becomes of the clip's file."""
        self._examined: Clip | None = None
        window.viewer.clip_shown.connect(self._look_into)
        self._view.stills_wanted.connect(self._want_stills)
        self._view.drift_wanted.connect(self._want_drift)
        self._view.drift.tolerate(preferences.now.drift_tolerance)
        self._view.drift.tolerance_chosen.connect(self._tolerate)
        window.form.fields.clip_row.clip_known.connect(self._examine)
        QTimer.singleShot(0, self, self._catch_up)

    def on_facts(self, facts: Sequence[Fact]) -> None:
        """Show what was found, as long as it is still wanted."""
        for fact in facts:
            match fact:
                case SeamsFound(clip_id, seams, trouble) if self._shows(clip_id):
                    self._show_seams(seams, trouble)
                case SeamLimitsMoved() if self._shown is not None:
                    self._judge_anew(self._shown.id)
                case FilmRendered(trouble=trouble) if trouble is not None:
                    self._look_at_end()
                case SeamStillsMade() if self._shows(fact.clip_id):
                    self._show_stills(fact)
                case DriftMeasured(clip_id, hops) if self._shows(clip_id):
                    self._view.show_drift(hops)
                case FrameTimesRead() if self._shows(fact.clip_id):
                    self._window.viewer.use_frame_times(fact.file, fact.starts, fact.end, fact.lead)
                case StripMade(clip_id, strip) if strip and self._shows(clip_id):
                    self._window.viewer.show_strip(strip.file, strip.count)
                case TailExamined(clip_id, tail) if self._examined and self._examined.id == clip_id:
                    self._window.form.fields.clip_row.tail.show_tail(tail)
                case ClipChanged(clip) if self._shows(clip.id) and not self._is_film:
                    self._look_into(clip)
                case _:
                    pass

    # --- the clip on show ---

    def _catch_up(self) -> None:
        """What was chosen before this wiring was there."""
        self._look_into(self._window.viewer.clip)
        self._examine(self._window.form.fields.clip_row.clip)

    def _look_into(self, clip: Clip | None) -> None:
        """Once for each clip, when its file is there: decoding over the network would be paid for twice."""
        before, self._shown = self._shown, clip
        self._is_film = clip is not None and not self._is_alone(clip)
        if clip is None or clip.file is None:
            self._view.clear()
            return
        if before is not None and (before.id, before.file) == (clip.id, clip.file):
            return
        if before is not None and before.id != clip.id:
            self._call_off(before.id)
        if clip.parent_id:
            self._view.wait()
            self._studio.background.run(self._studio.analyzer.find_seams(clip))
        elif self._is_film and (known := self._studio.analyzer.seams(clip.id)):
            self._show_seams(known, None)  # joined here, so known without a search
        elif self._is_joining(clip):  # alone it holds no seam
            self._view.fail(tr("Joining it to the film…"))
        else:
            self._view.clear()
        self._studio.background.run(self._studio.analyzer.make_strip(clip))
        self._studio.clips.want_frame_times(clip)

    def _look_at_end(self) -> None:
        """A film could not be made, which is said by others: nothing is on its way any more."""
        if self._shown is not None and not self._shown.parent_id and not self._is_joining(self._shown):
            self._view.place.say("")

    def _is_alone(self, clip: Clip) -> bool:
        """Whether it is the file as Kling made it, and not the film that it was joined to."""
        kept = self._studio.clips.find(clip.id)
        return kept is not None and kept.file == clip.file

    def _call_off(self, clip_id: str) -> None:
        """Nobody waits for what is still being looked for, unless the form asked too."""
        if self._examined is None or self._examined.id != clip_id:
            self._studio.analyzer.call_off(clip_id)

    def _show_seams(self, seams: tuple[Seam, ...], trouble: Trouble | None) -> None:
        if seams:
            self._window.viewer.show_seams(tuple((seam.frame, seam.seconds, seam.prompt) for seam in seams))
            self._view.show_seams(seams)
        elif trouble is not None:
            self._view.fail(tr("The seams could not be found: {why}", why=tr(kind_of(trouble).title)))
        else:
            self._view.fail(tr("No seam was found in this take."))

    def _judge_anew(self, clip_id: str) -> None:
        if seams := self._studio.analyzer.seams(clip_id):
            self._show_seams(seams, None)

    def _want_stills(self, frame: int) -> None:
        if self._shown is not None:
            self._joins.want(self._shown, frame)

    def _show_stills(self, fact: SeamStillsMade) -> None:
        if fact.stills is not None:
            self._view.show_stills(fact.frame, fact.stills)
        else:
            error = kind_of(fact.trouble) if fact.trouble else KlingDesktopError
            self._view.show_no_stills(fact.frame, tr(error.title))

    def _want_drift(self) -> None:
        if self._shown is not None and len(self._view.seams) > 1:
            self._studio.background.run(self._measure_drift(self._shown))

    def _tolerate(self, factor: float) -> None:
        """So many times the usual drift, wherever it is told of."""
        self._preferences.change(drift_tolerance=factor)
        self._studio.feed.publish(DriftToleranceMoved())

    def _shows(self, clip_id: str) -> bool:
        return self._shown is not None and self._shown.id == clip_id

    # --- the clip in the form ---

    def _examine(self, clip: Clip | None) -> None:
        """Its last frame, before anything is paid for."""
        if clip == self._examined:
            return
        if clip is None or self._examined is None or clip.id != self._examined.id:
            self._window.form.fields.clip_row.tail.show_tail(None)
        self._examined = clip
        if clip is not None and (clip.file or clip.url):
            self._studio.background.run(self._studio.analyzer.examine_tail(clip))
