"""Moves between panels: extend this clip, fill the form, show this take. The only file that knows two of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMenu

from kling_desktop.domain.clips import Clip
from kling_desktop.domain.takes import Way
from kling_desktop.domain.tasks import Extension, Task
from kling_desktop.studio.studio import Studio
from kling_desktop.ui.i18n import tr
from kling_desktop.ui.rail.rail import ALL_TAKES, TREE
from kling_desktop.ui.window import Window


class Navigator(QObject):
    """Each verb leaves the creator where the next thing is to be done, and loses no word that stood there."""

    def __init__(self, window: Window, studio: Studio) -> None:
        super().__init__(window)
        self._window = window
        self._studio = studio

    pick_clip: Callable[[], None]
    """Opens the clips to pick from; set by the wiring that has them."""
    way_of: Callable[[Clip], Way]
    """How a clip is to go on, if it can: as its film did last; set by the wiring that knows films."""
    open_film: Callable[[str], None]
    """Shows a film in all panels; set by the wiring that draws it."""

    open_library: Callable[[], None]
    """Shows the library's page; set by the wiring that fills it."""

    fill_film_menu: Callable[[QMenu, str], None]
    """Adds to a menu what can be done with a film; set by the library's wiring."""
    leave_library: Callable[[], None]
    """Puts that page away, if it is there."""

    def write(self) -> None:
        """Go to where the next words are written."""
        self.show_stage()
        self._window.show_form()
        self._window.form.go_on_with_clip()
        self._window.form.fields.prompt.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def end_writing(self) -> None:
        """The keyboard goes to the film, where letters are commands."""
        self._window.viewer.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def extend(self, clip: Clip) -> None:
        """Offer this clip in the form; the words that stand there stay."""
        self.show_stage()
        self._window.show_form()
        self._window.form.fields.way.wish(self.way_of(clip))
        self._window.form.offer(clip, self._studio.clips.poster(clip.id))

    def take_up(self, clip: Clip) -> None:
        """Have the form go on from this clip, in whatever the creator is at; the words that stand there stay."""
        self._window.form.fields.way.wish(self.way_of(clip))
        self._window.form.take_up(clip, self._studio.clips.poster(clip.id))

    def fill(self, extension: Extension) -> Extension:
        """Put these words into the form, safe on the disk at once. Returns what stood there."""
        self.show_stage()
        form, former = self._window.form, self._window.form.extension()
        self._studio.drafts.save(extension)
        self._window.show_form()
        form.fields.refusal.hide()
        form.show_draft(extension)
        if clip := self._studio.clips.find(extension.video_id):
            form.show_clip_facts(clip, self._studio.clips.poster(clip.id))
        form.fields.go_to("prompt")
        return former

    def edit(self, task: Task) -> None:
        """Put a task's words into the form, as a new one. What stood there comes back with Undo."""
        self.repeat(task.extension)

    def repeat(self, extension: Extension) -> None:
        """As `edit`, with words that may differ from the task's."""
        wanted = replace(extension, own_id="")
        former = self.fill(wanted)
        if former.prompt.strip() and former.prompt != wanted.prompt:
            self._window.notices.toast(
                tr("The form holds the words of this take now."), tr("Undo"), lambda: self.fill(former)
            )

    def show_take(self, task: Task) -> None:
        """Select a new task in the list, so that the viewer shows it."""
        self.show_stage()
        self._window.tasks.show_new(task)

    def show_film(self, film_id: str) -> None:
        """Show a film at the end of its path."""
        self.show_stage()
        self.open_film(film_id)
        self._window.show_rail(TREE)

    def show_stage(self) -> None:
        """Go back from the library to the film that is open."""
        self.leave_library()

    def new_film(self, picture: Path | None = None) -> None:
        """Go to where a film is begun: from this picture, or from words alone."""
        self.show_stage()
        self._window.show_form()
        self._window.form.begin_film(picture)

    def show_library(self) -> None:
        """Show all films, and the clips of the account."""
        self.open_library()

    def show_dying(self) -> None:
        """Show the takes that Kling deletes within a week."""
        self.show_stage()
        self._window.open_rail(ALL_TAKES)
        self._window.tasks.show_dying()
