"""Keeps the form with the film that is open: what is sent from it goes on from that film, and from no other."""

from __future__ import annotations

from PySide6.QtCore import QObject

from kling_desktop.domain.clips import Clip
from kling_desktop.studio.clips import Clips
from kling_desktop.studio.films.tree import Tree
from kling_desktop.ui.navigator import Navigator
from kling_desktop.ui.window import Window
from kling_desktop.ui.wiring.films.film import FilmWiring


class FormSource(QObject):
    """With another film the form takes that one's end, or the clip it had of it last. Words that were not sent stay."""

    def __init__(self, window: Window, film: FilmWiring, tree: Tree, clips: Clips, navigator: Navigator) -> None:
        super().__init__(window)
        self._window = window
        self._tree = tree
        self._clips = clips
        self._navigator = navigator
        self._last: dict[str, str] = {}
        """Clip in the form by film, since the window stands."""
        film.opened.connect(self._go_with)
        if film.film_id and not window.form.extension().video_id:
            self._go_with(film.film_id)

    def _go_with(self, film_id: str) -> None:
        form = self._window.form
        video_id = form.extension().video_id
        film_of_form = self._film_of(video_id) if video_id else None
        if form.fields.begins or (video_id and film_of_form is None):
            return  # a new film is asked for, or an ID that was typed in
        if film_of_form is not None:
            self._last[film_of_form] = video_id
        if film_of_form != film_id and (clip := self._source(film_id)) is not None:
            if form.sent or form.is_planned:
                form.fields.prompt.show_text("")  # they have done their work, in the other film
            self._navigator.take_up(clip)

    def _source(self, film_id: str) -> Clip | None:
        if last := self._last.get(film_id):
            return self._clips.find(last)
        tip = self._tree.path(film_id).tip
        return tip.clip if tip is not None else None

    def _film_of(self, video_id: str) -> str | None:
        """None for a clip of no film."""
        state = self._tree.take_of_clip(video_id)
        return state.take.film_id if state is not None else None
