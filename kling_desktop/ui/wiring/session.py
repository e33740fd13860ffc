"""Connects the studio and the window to the course of a session: crash, sleep, network, update, how it was left."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer

from kling_desktop.errors import ProgramExchanged
from kling_desktop.studio.feed import Fact, Noticed, Recovered
from kling_desktop.studio.program.program_file import ProgramFile
from kling_desktop.studio.studio import Studio
from kling_desktop.ui.i18n import tr, tr_count
from kling_desktop.ui.resume_detector import Waking
from kling_desktop.ui.window import Window

_REMEMBER_SECONDS = 5.0
"""So old may be what a killed program knew of window and player."""


class SessionWiring(QObject):
    """What is about this run of the program, not about any take."""

    def __init__(self, window: Window, studio: Studio, program: ProgramFile, remember: Callable[[], None]) -> None:
        super().__init__(window)
        self._window = window
        self._waking = Waking(self)
        self._waking.woke.connect(studio.wake)
        self._program, self._feed = program, studio.feed
        self._waking.looked.connect(self._look_at_program)
        QTimer.singleShot(0, self, self._waking.watch_network)
        self._remembering = QTimer(self, interval=round(_REMEMBER_SECONDS * 1000))
        self._remembering.timeout.connect(remember)
        self._remembering.start()

    def on_facts(self, facts: Sequence[Fact]) -> None:
        """Show what happened."""
        for fact in facts:
            if isinstance(fact, Recovered):
                self._window.notices.show_banner("recovered", sentence(fact))

    def _look_at_program(self) -> None:
        """An update while it runs is told once: whoever closes that has read it."""
        if self._program.was_exchanged:
            self._waking.looked.disconnect(self._look_at_program)
            self._feed.publish(Noticed(ProgramExchanged().trouble))


def sentence(fact: Recovered) -> str:
    """What goes on after a crash, in one line."""
    parts = (
        tr_count(fact.tasks, "{n} task is followed again", "{n} tasks are followed again") if fact.tasks else "",
        tr_count(fact.downloads, "{n} download goes on", "{n} downloads go on") if fact.downloads else "",
        tr("your draft is here") if fact.has_draft else "",
    )
    recovered = tr(", ").join(part for part in parts if part) or tr("nothing was under way")
    return tr("The program did not close properly last time: {recovered}.", recovered=recovered)
