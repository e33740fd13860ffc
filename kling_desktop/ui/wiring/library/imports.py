"""Connects what is dropped, pasted or opened to the import of videos, and says how each file fares."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFileDialog

from kling_desktop.domain.places.home import home_folder
from kling_desktop.errors import kind_of
from kling_desktop.studio.feed import Fact, FileImported, ImportMoved
from kling_desktop.studio.imports import SUFFIXES, Imports
from kling_desktop.studio.preferences import Preferences
from kling_desktop.studio.studio import Studio
from kling_desktop.studio.tasks.checks import is_well_formed
from kling_desktop.ui import formatting
from kling_desktop.ui.i18n import tr, tr_count
from kling_desktop.ui.library.drop_gate import DropGate
from kling_desktop.ui.navigator import Navigator
from kling_desktop.ui.window import Window

_QUIET_SECONDS = 0.5
"""A file that is there sooner is not worth a word on the way."""
_NAMED = 3
"""So many files that were refused are named; the rest is counted."""


class ImportWiring(QObject):
    """Everything that comes into the window from outside."""

    def __init__(
        self, window: Window, studio: Studio, imports: Imports, preferences: Preferences, navigator: Navigator
    ) -> None:
        super().__init__(window)
        self._window = window
        self._studio = studio
        self._imports = imports
        self._preferences = preferences
        self._navigator = navigator
        self.handed_over: Callable[[Path], Awaitable[bool]] = _never
        """Asked first: takes in what has the papers of a film, and says whether it did."""
        self._began: dict[Path, float] = {}
        self._refused: dict[Path, str] = {}
        self.gate = DropGate(window)
        fields = window.form.fields
        self.gate.watch(fields.prompt.edit, fields.prompt.edit.viewport(), fields.clip_row.field)
        self.gate.files_dropped.connect(self.bring)
        self.gate.words_dropped.connect(self._take_words)
        self.gate.nothing_dropped.connect(self._say_nothing_came)
        self.gate.picture_dropped.connect(navigator.new_film)
        window.files_given.connect(self.gate.take_files)
        window.menu_bar.open_asked.connect(self.ask_for_files)

    def on_facts(self, facts: Sequence[Fact]) -> None:
        """Show what happened."""
        for fact in facts:
            match fact:
                case ImportMoved():
                    self._tell_progress(fact)
                case FileImported():
                    self._tell_imported(fact)
                case _:
                    pass

    def bring(self, files: Sequence[Path]) -> None:
        """Have these files and folders brought in."""
        self._refused.clear()
        self._window.notices.hide_banner("imports")
        self._studio.background.run(self._sort(files))

    async def _sort(self, files: Sequence[Path]) -> None:
        if plain := [file for file in files if not await self.handed_over(file)]:
            self._imports.bring(plain)

    def ask_for_files(self) -> None:
        """Let the creator choose files."""
        videos = " ".join(f"*{suffix} *{suffix.upper()}" for suffix in SUFFIXES)
        chooser = QFileDialog(self._window, tr("Open a video"), str(home_folder()))
        chooser.setFileMode(QFileDialog.FileMode.ExistingFiles)
        chooser.setNameFilters([tr("Videos ({endings})", endings=videos), tr("All files (*)")])
        chooser.filesSelected.connect(lambda chosen: self.bring([Path(each) for each in chosen]))
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.open()

    def _take_words(self, words: str) -> None:
        """An ID goes to the clip, anything else to the prompt."""
        self._window.show_form()
        if is_well_formed(words) and any(sign.isdigit() for sign in words):
            self._navigator.show_stage()
            field = self._window.form.fields.clip_row.field
            field.clear()
            field.insert(words)
            return
        prompt = self._window.form.fields.prompt
        stood_there = prompt.text().rstrip()
        prompt.show_text(f"{stood_there} {words}" if stood_there else words)
        self._window.form.fields.go_to("prompt")

    def _say_nothing_came(self) -> None:
        self._window.notices.toast(
            tr("Nothing of use was dropped. Drop a video, a folder with videos, a picture, a video ID, or words.")
        )

    # --- how each file fares -------------------------------------------------------------------------------------

    def _tell_progress(self, fact: ImportMoved) -> None:
        key = f"importing {fact.file}"
        if fact.progress is None:
            self._began.pop(fact.file, None)
            self._window.notices.hide_banner(key)
            return
        began = self._began.setdefault(fact.file, time.monotonic())
        if time.monotonic() - began < _QUIET_SECONDS:
            return
        text = tr("Bringing in {name}… {progress}", name=fact.file.name, progress=formatting.so_far(fact.progress))
        if not self._window.notices.update_banner(key, text):
            stop = partial(self._imports.stop, fact.file)
            self._window.notices.show_banner(key, text, tr("Stop"), stop, closable=False)

    def _tell_imported(self, fact: FileImported) -> None:
        if fact.trouble is not None:
            error = kind_of(fact.trouble)
            self._refused[fact.file] = f"{fact.file.name}: {tr(error.title)}. {tr(error.advice)}"
            self._show_refused()
        elif fact.clip is not None and fact.take is not None:
            self._studio.clips.want_poster(fact.clip)
            self._navigator.show_film(fact.take.film_id)
            self._navigator.extend(fact.clip)
            self._window.notices.toast(self._welcome(fact))

    def _welcome(self, fact: FileImported) -> str:
        if not fact.is_new:
            return tr("{name} is in the library already. Here is its film.", name=fact.file.name)
        if fact.clip is not None and fact.clip.file == fact.file:
            return tr("{name} begins a film. It stays where it lies, unchanged.", name=fact.file.name)
        return tr("{name} begins a film. A copy lies with your takes; the file is unchanged.", name=fact.file.name)

    def _show_refused(self) -> None:
        lines = list(self._refused.values())
        left = len(lines) - _NAMED
        if left > 0:
            lines[_NAMED:] = [tr_count(left, "And {n} more.", "And {n} more.")]
        self._window.notices.show_banner("imports", "\n".join(lines), level="error")


async def _never(file: Path) -> bool:
    return False
