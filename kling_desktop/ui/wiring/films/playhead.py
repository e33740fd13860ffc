"""Connects the ruler of the film to the stage: where the one stands the other does, whichever of them is moved."""

from __future__ import annotations

from PySide6.QtCore import QObject

from kling_desktop.domain.takes import TakeState, Way
from kling_desktop.studio.films.tree import Tree
from kling_desktop.ui.navigator import Navigator
from kling_desktop.ui.window import Window
from kling_desktop.ui.wiring.films.film import FilmWiring


class PlayheadWiring(QObject):
    """The stage shows the whole film up to its take, so that its seconds are the film's as far as it goes."""

    def __init__(self, window: Window, film: FilmWiring, tree: Tree, navigator: Navigator) -> None:
        super().__init__(window)
        self._window = window
        self._film = film
        self._tree = tree
        self._navigator = navigator
        self._known: tuple[str, float] | None = None
        """The take whose beginning was last looked up, and what is cut off there: it is asked for with each frame."""
        window.viewer.clip_shown.connect(self._look_again)
        window.viewer.position_changed.connect(self._follow)
        window.film.ruler.sought.connect(self._seek)

    def _follow(self, seconds: float) -> None:
        self._window.film.ruler.stand_at(max(0.0, seconds - self._cut_off(self._film.take_id)))

    def _seek(self, seconds: float) -> None:
        """Past the end of the take on the stage, and beside the film's path, the film's last take is shown."""
        self._navigator.show_stage()
        along = [state for state in self._tree.path(self._film.film_id).takes if _can_be_seen(state)]
        viewer, take_id = self._window.viewer, self._film.take_id
        ends_before = seconds + self._cut_off(take_id) > viewer.duration_seconds
        if along and (ends_before or take_id not in {state.take.id for state in along}):
            take_id = along[-1].take.id
            self._film.choose(take_id)
        viewer.seek(seconds + self._cut_off(take_id))

    def _cut_off(self, take_id: str) -> float:
        """Seconds that the film leaves out at the beginning of its only clip; of several the joined film is shown.
        While that is not made a clip is seen alone which begins later in the film: as much less than nothing.
        """
        if self._known is None or self._known[0] != take_id:
            self._known = take_id, self._cut_off_anew(take_id) if take_id else 0.0
        return self._known[1]

    def _cut_off_anew(self, take_id: str) -> float:
        if (alone := self._alone(take_id)) is not None:
            return alone - self._tree.path_to(take_id).seconds  # both end where the film does
        parts = self._tree.parts(take_id)
        return float(parts[0].start) if len(parts) == 1 else 0.0

    def _alone(self, take_id: str) -> float | None:
        """How long the clip of a continued take is, where it is seen without its film."""
        state, shown = self._tree.take(take_id), self._window.viewer.clip
        if state is None or state.take.way is not Way.CONTINUE or state.clip is None or state.clip.seconds is None:
            return None
        is_alone = shown is not None and (shown.id, shown.file) == (state.clip.id, state.clip.file)
        return float(state.clip.seconds) if is_alone else None

    def _look_again(self) -> None:
        self._known = None


def _can_be_seen(state: TakeState) -> bool:
    return state.clip is not None and bool(state.clip.file or state.clip.url)
