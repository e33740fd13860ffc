"""Connects the form and the clip picker to the studio: which clips there are, and what a pasted id means."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from kling_desktop.domain.clips import Clip
from kling_desktop.domain.kling_time import KLING_TIME
from kling_desktop.studio.feed import ClipsListed, Fact, Identified, PosterMade
from kling_desktop.studio.films.films import Films
from kling_desktop.studio.preferences import Preferences
from kling_desktop.studio.studio import Studio
from kling_desktop.ui.extend.clip_row import Identity
from kling_desktop.ui.navigator import Navigator
from kling_desktop.ui.window import Window

if TYPE_CHECKING:
    from kling_desktop.ui.library.clip_picker import ClipPicker


class ClipWiring(QObject):
    """Everything about choosing what is to be extended."""

    def __init__(
        self, window: Window, studio: Studio, films: Films, preferences: Preferences, navigator: Navigator
    ) -> None:
        super().__init__(window)
        self._window = window
        self._studio = studio
        self._films = films
        self._preferences = preferences
        self._navigator = navigator
        self._picker: ClipPicker | None = None
        self._listed: dict[str, Clip] = {}
        window.form.clip_wanted.connect(self.open_picker)
        window.form.id_entered.connect(self.identify)
        navigator.pick_clip = self.open_picker

    def on_facts(self, facts: Sequence[Fact]) -> None:
        """Show what happened."""
        for fact in facts:
            match fact:
                case ClipsListed():
                    self._show_clips(fact)
                case Identified():
                    self._show_identity(fact)
                case PosterMade(clip_id, file) if self._picker and clip_id in self._listed:
                    self._picker.show_poster(clip_id, file)
                case _:
                    pass

    def open_picker(self) -> None:
        """Let the creator pick a clip; it is filled as the answers come."""
        if self._picker is None:
            from kling_desktop.ui.library.clip_picker import (
                ClipPicker,  # not before it is wanted: it would slow the start
            )

            self._picker = ClipPicker(self._window)
            self._picker.chosen.connect(self._take)
            self._picker.refresh_asked.connect(self._list)
            self._picker.poster_wanted.connect(self._studio.clips.want_poster)
        self._list()
        self._picker.open()

    def _list(self) -> None:
        if self._picker:
            self._picker.show_busy(True)
        self._studio.background.run(self._studio.catalogue.list_clips(self._preferences.profile))

    def _show_clips(self, fact: ClipsListed) -> None:
        if self._picker is None or fact.profile != self._preferences.profile:
            return
        self._listed = {clip.id: clip for clip in fact.clips}
        self._picker.show_clips(fact.clips, fact.stills)
        self._picker.show_trouble(fact.trouble)
        self._picker.show_busy(not fact.complete)

    def _take(self, clip: Clip) -> None:
        """A clip that hangs in no film yet begins one, so that its tree is there before anything is asked for."""
        self._studio.clips.note(clip)
        self._navigator.show_film(self._films.take_root(clip).film_id)
        self._navigator.extend(clip)

    def identify(self, pasted: str) -> None:
        """Find out which clip an id means, and say it in the form."""
        if clip := self._studio.clips.find(pasted) or self._listed.get(pasted):
            self._window.form.show_clip_facts(clip, self._studio.clips.poster(clip.id))
            return
        self._window.form.show_identity(Identity(pasted, checking=True))
        self._studio.background.run(self._studio.catalogue.identify(pasted, self._preferences.profile))

    def _show_identity(self, fact: Identified) -> None:
        form = self._window.form
        if form.extension().video_id != fact.pasted:
            return
        if fact.clip is not None and not fact.was_task:
            self._studio.clips.note(fact.clip)
            form.show_clip_facts(fact.clip, self._poster(fact.clip))
            return
        form.show_identity(Identity(fact.pasted, fact.clip, was_task=fact.was_task, trouble=fact.trouble))

    def _poster(self, clip: Clip) -> Path | None:
        file = self._studio.clips.poster(clip.id)
        if file is None and not (clip.expires_at and clip.expires_at < KLING_TIME.surely()):
            self._studio.clips.want_poster(clip)
        return file
